"""SVG, written by hand: elements, text that is always escaped, labels that wrap.

A drawing has no view box: its height is in pixels, what lies across is in percent. It fills the width it is given, and
its text keeps its size on a phone and on paper.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from markupsafe import escape

from weighbridge.report.neutral import clean

CHARACTER = (
    6.6  # pixels: a generous mean over Latin letters at 12 px, so that labels are wrapped early rather than late
)
NARROWEST = 300  # pixels: a drawing on a small phone

Attribute = str | int | float


def element(name: str, *children: str, **attributes: Attribute) -> str:
    """An element. Children are markup already, attributes are not; `stroke_width` is stroke-width, `class_` class."""
    written = "".join(f' {key.strip("_").replace("_", "-")}="{escape(_plain(v))}"' for key, v in attributes.items())
    inside = "".join(children)
    return f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>"


def words(text: str, *, is_data: bool = False, **attributes: Attribute) -> str:
    """A line of text. Names that come from the candidate are marked as not to be translated."""
    written = str(escape(clean(text)))
    inside = element("tspan", written, translate="no") if is_data else written
    return element("text", inside, **attributes)


def group_at(x: float, *children: str) -> str:
    """Children that are placed in pixels around a point `x` percent across."""
    return element("svg", *children, x=f"{_plain(x)}%", overflow="visible")


def wrapped(label: str, width: int, *, lines: int = 3) -> tuple[str, ...]:
    """The label in at most so many lines of so many characters; what is left out is shown by dots."""
    made = textwrap.wrap(clean(label), max(width, 4), max_lines=lines, placeholder=" …", break_on_hyphens=True)
    return tuple(made) or ("",)


def drawing(key: str, title: str, told: Sequence[str], height: float, *children: str) -> str:
    """The outermost element, with its name and all its numbers as text."""
    alternative = [
        element("title", str(escape(clean(title))), id=f"{key}-title"),
        element("desc", str(escape(clean("; ".join(told)))), id=f"{key}-desc"),
    ]
    return element(
        "svg",
        *alternative,
        *children,
        xmlns="http://www.w3.org/2000/svg",
        class_="chart",
        role="img",
        aria_labelledby=f"{key}-title {key}-desc",
        width="100%",
        height=height,
    )


def _plain(value: Attribute) -> str:
    """Numbers with at most two decimals, so that the same picture has the same bytes everywhere."""
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)

"""The languages as bars by their speakers: filled where a countermeasure was tested, hatched where none was.

Told by pattern and by words, never by colour alone; every bar is in the text alternative with its figures.
"""

from __future__ import annotations

from weighbridge.core.wording import _, plural
from weighbridge.report.languages import LanguageTable, Looked, Row, people_in_words, state_in_words
from weighbridge.report.svg import Attribute, drawing, element, words, wrapped

_MOST_BARS = 16
_KEY = "languages"
_BAR, _GAP, _LINE = 16, 20, 15  # pixels
_LEAST, _LEAST_WIDTH = 1.0, 6  # percent; pixels of a bar that is shorter


def languages_picture(table: LanguageTable) -> str:
    """The picture as SVG; empty where no speakers are known."""
    rows = sorted((row for row in table.rows if row.most), key=lambda row: (-row.most, row.tag))
    if not rows:
        return ""
    shown, top = rows[:_MOST_BARS], max(row.most for row in rows)
    parts: list[str] = [_hatching()]
    y = 0.0
    for row in shown:
        made, height = _bar(row, top, y)
        parts += made
        y += height
    return drawing(_KEY, picture_title(), [_told(row) for row in rows], y, *parts)


def picture_title() -> str:
    """What the picture shows."""
    return _("Languages by speakers, and whether anybody tested a countermeasure in them")


def picture_caption(table: LanguageTable) -> str:
    """How to read it."""
    n = sum(bool(row.most) for row in table.rows)
    says = _(
        "Filled: a countermeasure was tested; hatched: none was, or with too few texts. The line shows where sources "
        "disagree about speakers, each of whom is counted once for each language they speak."
    )
    if n <= _MOST_BARS:
        return says
    more = plural("{n} smaller language is in the table.", "{n} smaller languages are in the table.", n - _MOST_BARS)
    return f"{says} {more.format(n=n - _MOST_BARS)}"


def _hatching() -> str:
    """The pattern of what was not tested."""
    stroke = element("path", d="M-2 10 10 -2M-2 6 6 -2M2 10 10 2", stroke="currentColor", stroke_width=1.2)
    ground = element("rect", width=8, height=8, fill="currentColor", fill_opacity=0.08)
    made: dict[str, Attribute] = {"id": f"{_KEY}-hatch", "width": 8, "height": 8, "patternUnits": "userSpaceOnUse"}
    return element("defs", element("pattern", ground, stroke, **made))


def _bar(row: Row, top: int, y: float) -> tuple[list[str], float]:
    """One language: its name, how it stands, and a bar up to the lower estimate with a line up to the higher one."""
    state = row.countermeasure.state
    parts, start = [], y
    for text in wrapped(row.name, 26):
        parts.append(words(text, class_="chart-label", x=0, y=y + 12))
        y += _LINE
    parts.append(words(_mark(state), class_="chart-value", x="100%", y=start + 12, text_anchor="end"))
    low, high = 100 * row.fewest / top, 100 * row.most / top
    box: dict[str, Attribute] = {
        "x": 0,
        "y": y + 2,
        "height": _BAR,
        "rx": 2,
        "stroke": "currentColor",
        "stroke_width": 1,
    }
    fill: Attribute = "currentColor" if state is Looked.TESTED else f"url(#{_KEY}-hatch)"
    kind = "chart-bar" if state is Looked.TESTED else "chart-hatched"
    width: Attribute = f"{low:.2f}%" if low > _LEAST else _LEAST_WIDTH  # the smallest stays visible
    parts.append(element("rect", class_=kind, width=width, fill=fill, **box))
    middle = y + 2 + _BAR / 2
    if high > low:
        line: dict[str, Attribute] = {"stroke": "currentColor", "class_": "chart-whisker"}
        parts.append(element("line", x1=f"{low:.2f}%", x2=f"{high:.2f}%", y1=middle, y2=middle, **line))
        parts.append(element("line", x1=f"{high:.2f}%", x2=f"{high:.2f}%", y1=middle - 5, y2=middle + 5, **line))
    people = _("{people} speakers").format(people=people_in_words(row.fewest, row.most))
    parts.append(words(people, class_="chart-note", x=0, y=y + 2 + _BAR + 14))
    return parts, y + 2 + _BAR + _GAP + 4 - start


def _mark(state: Looked) -> str:
    sign = {
        Looked.TESTED: "✓",
        Looked.FAILED: "✗",
        Looked.TOO_SMALL: "~",
        Looked.NOT_TESTED: "?",
        Looked.CANNOT_TEST: "–",
    }[state]
    return f"{sign} {state_in_words(state)}"


def _told(row: Row) -> str:
    says = _("{language}: {people} speakers, countermeasure {state}")
    people = people_in_words(row.fewest, row.most)
    return says.format(language=row.name, people=people, state=state_in_words(row.countermeasure.state))

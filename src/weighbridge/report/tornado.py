"""The tornado: what the doubt comes from, as inline SVG in the colours of the page around it."""

from __future__ import annotations

from collections.abc import Sequence

from weighbridge.core.tradeoffs import Swing
from weighbridge.core.wording import _
from weighbridge.report.neutral import capital, told
from weighbridge.report.numbers import percent, percent_down, percent_up
from weighbridge.report.svg import drawing, element, words, wrapped

_LINE, _LANE, _GAP = 15.0, 14.0, 16.0  # pixels


def tornado(swings: Sequence[Swing]) -> str:
    """One bar for each thing that is not known, from the middle: to the right where more of it deters more.

    Its length is the rank correlation; the whisker is its interval. What knowing it alone would take away is written.
    """
    y, parts, said = 0.0, [], []
    for swing in swings:
        row, height, text = _row(swing, y)
        parts += row
        said.append(text)
        y += height
    ticks = ((0, "start", "−1"), (50, "middle", "0"), (100, "end", "+1"))
    parts += [words(text, class_="chart-tick", x=f"{x}%", y=y + 12, text_anchor=anchor) for x, anchor, text in ticks]
    axis = _("left: the more of it, the fewer are deterred; right: the more")
    lines = wrapped(axis, 44)
    parts += [words(line, class_="chart-axis", x="50%", y=y + 30 + n * _LINE, text_anchor="middle")
              for n, line in enumerate(lines)]  # fmt: skip
    title = _("Where the doubt about the deterred share comes from")
    return drawing("tornado", title, said, y + 30 + len(lines) * _LINE, *parts)


def _row(swing: Swing, y: float) -> tuple[list[str], float, str]:
    start, parts = y, []
    for line in wrapped(capital(told(swing.says)), 40):
        parts.append(words(line, class_="chart-label", x=0, y=y + 13))
        y += _LINE
    r, s = swing.correlation, swing.share
    sign = "+" if r.value >= 0 else "−"
    parts.append(words(f"{sign}{abs(r.value):.2f}", class_="chart-value", x="100%", y=start + 13, text_anchor="end"))
    y += 5
    place = {"y": y, "height": _LANE, "rx": 2}
    parts.append(
        element("rect", class_="chart-track", x="0%", width="100%", fill="currentColor", fill_opacity=0.08, **place)
    )
    left, width = _across(min(r.value, 0.0)), abs(r.value) * 50
    parts.append(
        element("rect", class_="chart-bar", x=f"{left:.2f}%", width=f"{width:.2f}%", fill="currentColor", **place)
    )
    parts.append(_rule("chart-base", (50.0, y), (50.0, y + _LANE)))
    low, high, middle = _across(r.low), _across(r.high), y + _LANE / 2
    parts += [_rule("chart-whisker", (low, middle), (high, middle))]
    parts += [_rule("chart-whisker", (end, middle - 5), (end, middle + 5)) for end in (low, high)]
    note = _("knowing it would take away {value} of the doubt ({low} to {high})").format(
        value=percent(s.value), low=percent_down(s.low), high=percent_up(s.high)
    )
    y += _LANE + 15
    for n, line in enumerate(wrapped(note, 44)):
        parts.append(words(line, class_="chart-note", x=0, y=y + n * _LINE))
    y += (len(wrapped(note, 44)) - 1) * _LINE + _GAP
    return parts, y - start, f"{capital(told(swing.says))}: {r.value:+.2f} ({r.low:+.2f} to {r.high:+.2f}); {note}"


def _across(r: float) -> float:
    """Percent across, of a correlation."""
    return 50 + 50 * max(-1.0, min(1.0, r))


def _rule(kind: str, start: tuple[float, float], end: tuple[float, float]) -> str:
    return element(
        "line", class_=kind, x1=f"{start[0]:.2f}%", y1=start[1], x2=f"{end[0]:.2f}%", y2=end[1], stroke="currentColor"
    )

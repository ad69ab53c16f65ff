"""The pictures that a card can ask for, as inline SVG in the colours of the page around them.

Nothing is told by colour alone, a measurement without a hit is drawn as a hollow mark with its upper bound, and every
number drawn is in the text alternative as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from weighbridge.core.card import PictureKind
from weighbridge.core.evidence import Quantity
from weighbridge.core.wording import _
from weighbridge.report.numbers import percent_up, quantity_in_words, rounded, sureness_in_words, upwards
from weighbridge.report.scales import Scale, scale_over
from weighbridge.report.svg import CHARACTER, NARROWEST, Attribute, drawing, element, group_at, words, wrapped

_LEFT, _RIGHT = 13.0, 98.0  # percent across, where the plot of a curve begins and ends
_TOP, _PLOT = 14.0, 190.0  # pixels
_LINE = 15.0  # pixels from one line of text to the next
_NARROWEST_NOTE = 6  # characters that the lines below a label take
_ROTATED_MOST = 16  # labels; of more, only some are written


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One number with its place on the axis."""

    label: str
    quantity: Quantity
    is_data: bool = False  # the label comes from the candidate and is in no catalogue

    @property
    def is_zero(self) -> bool:
        """Nothing was found; its upper bound is what is known."""
        q = self.quantity
        return q.value == 0 and q.low == 0

    @property
    def is_exact(self) -> bool:
        """Counted over all there is: it has no whiskers."""
        return self.quantity.low == self.quantity.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What is drawn: marks of one metric in one unit, in the order of their axis."""

    key: str  # unique on the page
    title: str
    axis: str  # what the axis is, in words; empty where there is none
    marks: tuple[Mark, ...]

    @property
    def told(self) -> tuple[str, ...]:
        """All its numbers, in words."""
        return tuple(
            f"{mark.label}: {quantity_in_words(mark.quantity)}" if mark.label else quantity_in_words(mark.quantity)
            for mark in self.marks
        )

    @property
    def scale(self) -> Scale:
        """A scale that holds every bound."""
        bounds = [bound for mark in self.marks for bound in (mark.quantity.low, mark.quantity.high)]
        return scale_over(bounds, self.marks[0].quantity.unit)


def draw(kind: PictureKind, chart: Chart) -> str:
    """The picture as SVG; the chart has at least one mark."""
    match kind:
        case PictureKind.LINE:
            return line(chart)
        case PictureKind.BARS:
            return bars(chart)
        case PictureKind.FIGURE:
            return figure(chart)
        case _:
            assert_never(kind)


def line(chart: Chart) -> str:
    """A curve over an ordered axis: dots with whiskers, and the band between the whiskers' ends."""
    scale, n = chart.scale, len(chart.marks)
    across = [_LEFT + (_RIGHT - _LEFT) * (place + 0.5) / n for place in range(n)]
    base = _TOP + _PLOT
    feet, depth = _feet(chart, scale)
    marks = [group_at(x, *_point(mark, scale), *foot) for x, mark, foot in zip(across, chart.marks, feet, strict=True)]
    caption, below = _axis_name(chart.axis, (_LEFT + _RIGHT) / 2, base + depth + 8)
    grid = _grid(scale, base)
    shape = _curve(chart, scale)
    return drawing(chart.key, chart.title, chart.told, below, *grid, shape, *marks, *caption)


def bars(chart: Chart) -> str:
    """One bar per value: label above, whisker across, bounds below."""
    scale = chart.scale
    y, parts = 0.0, []
    for mark in chart.marks:
        row, height = _bar(mark, scale, y)
        parts += row
        y += height
    ticks = [tick for tick in scale.ticks if len(scale.ticks) < 5 or round(tick / scale.step) % 2 == 0]
    for tick in ticks:
        at = scale.at(tick)
        anchor = "start" if at < 0.01 else "end" if at > 0.99 else "middle"
        x = f"{at * 100:.2f}%"
        parts.append(words(scale.told(tick), class_="chart-tick", x=x, y=y + 12, text_anchor=anchor))
    caption, below = _axis_name(chart.axis, 50, y + 20)
    return drawing(chart.key, chart.title, chart.told, below, *parts, *caption)


def figure(chart: Chart) -> str:
    """One number, large, with its interval below."""
    mark, scale = chart.marks[0], chart.scale
    q = mark.quantity
    parts = [words(scale.told(q.value), class_="chart-figure", x=0, y=40)]
    y = 62.0
    for text in wrapped(_("{sure} ({counted})").format(sure=sureness_in_words(q), counted=_of(q.n)), 44):
        parts.append(words(text, class_="chart-note", x=0, y=y))
        y += _LINE + 2
    if not mark.is_exact:
        parts += _lane(mark, scale, y)
        y += 20
        for tick, anchor in ((scale.bottom, "start"), (scale.top, "end")):
            x = f"{scale.at(tick) * 100:.2f}%"
            parts.append(words(scale.told(tick), class_="chart-tick", x=x, y=y + 14, text_anchor=anchor))
        y += 18
    return drawing(chart.key, chart.title, chart.told, y, *parts)


def _axis_name(axis: str, middle: float, y: float) -> tuple[list[str], float]:
    """What the axis is, around `middle` percent across and below `y`, and how deep that reaches."""
    lines = wrapped(axis, 40) if axis else ()
    parts = [
        words(text, class_="chart-axis", x=f"{middle}%", y=y + 12 + row * _LINE, text_anchor="middle")
        for row, text in enumerate(lines)
    ]
    return parts, y + len(lines) * _LINE + 4


def _grid(scale: Scale, base: float) -> list[str]:
    parts = []
    for tick in scale.ticks:
        y = base - _PLOT * scale.at(tick)
        kind = "chart-base" if abs(tick) < scale.step / 2 else "chart-grid"
        parts.append(_rule(kind, (f"{_LEFT}%", y), (f"{_RIGHT}%", y)))
        parts.append(words(scale.told(tick), class_="chart-tick", x=f"{_LEFT - 1.5}%", y=y + 4, text_anchor="end"))
    return parts


def _curve(chart: Chart, scale: Scale) -> str:
    """Band and line, in a box of a thousand by a thousand that is stretched over the plot."""
    n = len(chart.marks)
    xs = [1000 * (place + 0.5) / n for place in range(n)]

    def points(bounds: Sequence[float], xs: Sequence[float] = xs) -> str:
        return " ".join(f"{x:.1f},{1000 * (1 - scale.at(b)):.1f}" for x, b in zip(xs, bounds, strict=True))

    q = [mark.quantity for mark in chart.marks]
    around = f"{points([a.high for a in q])} {points([a.low for a in reversed(q)], xs[::-1])}"
    band = element("polygon", class_="chart-band", points=around, fill="currentColor", fill_opacity=0.12)
    curve = element(
        "polyline", class_="chart-curve", points=points([a.value for a in q]), fill="none", stroke="currentColor",
        stroke_width=2, vector_effect="non-scaling-stroke",
    )  # fmt: skip
    return element(
        "svg", band, curve, x=f"{_LEFT}%", y=_TOP, width=f"{_RIGHT - _LEFT}%", height=_PLOT, viewBox="0 0 1000 1000",
        preserveAspectRatio="none",
    )  # fmt: skip


def _point(mark: Mark, scale: Scale) -> list[str]:
    """Whisker and dot of one value, around x = 0."""
    q = mark.quantity
    low, high, value = (_TOP + _PLOT * (1 - scale.at(bound)) for bound in (q.low, q.high, q.value))
    parts = []
    if not mark.is_exact:
        parts = [
            _rule("chart-whisker", (0, low), (0, high)),
            _rule("chart-whisker", (-6, low), (6, low)),
            _rule("chart-whisker", (-6, high), (6, high)),
        ]
    kind = "chart-dot chart-zero" if mark.is_zero else "chart-dot"
    fill = "none" if mark.is_zero else "currentColor"
    dot = element("circle", class_=kind, cx=0, cy=value, r=5, fill=fill, stroke="currentColor", stroke_width=2)
    return [*parts, dot]


def _feet(chart: Chart, scale: Scale) -> tuple[list[list[str]], float]:
    """What stands below the axis for each mark, and how deep it reaches.

    Level where no word breaks on a phone, staggered in two rows where that makes room, else slanted.
    """
    marks, n = chart.marks, len(chart.marks)
    room = int(NARROWEST * (_RIGHT - _LEFT) / 100 / n / CHARACTER)
    longest = max((len(word) for mark in marks for word in mark.label.split()), default=0)
    labels: list[tuple[str, ...]] = [wrapped(mark.label, room) for mark in marks]
    fits = room >= _NARROWEST_NOTE and not any("…" in text for label in labels for text in label)
    if longest > room:
        labels = [("",) * (place % 2) + (mark.label,) for place, mark in enumerate(marks)]
        fits = room >= _NARROWEST_NOTE and max(len(mark.label) for mark in marks) < 2 * room
    if fits:
        notes = [[line for text in _note(mark, scale) for line in wrapped(text, room)] for mark in marks]
        deepest = max(len(label) for label in labels)
        feet = [_level(*parts, deepest) for parts in zip(marks, labels, notes, strict=True)]
        return feet, (deepest + max(len(note) for note in notes)) * _LINE + 6
    every = -(-n // _ROTATED_MOST)
    texts = [wrapped(f"{mark.label} ({_of(mark.quantity.n)})", 26, lines=1)[0] for mark in marks]
    feet = [
        _slanted(text, mark) if n % every == 0 else [] for n, (text, mark) in enumerate(zip(texts, marks, strict=True))
    ]
    return feet, max(len(text) for text in texts) * CHARACTER * 0.72 + 18


def _level(mark: Mark, label: Sequence[str], note: Sequence[str], deepest: int) -> list[str]:
    y = _TOP + _PLOT + 18
    lines = [
        words(text, is_data=mark.is_data, class_="chart-label", x=0, y=y + row * _LINE, text_anchor="middle")
        for row, text in enumerate(label)
        if text
    ]
    y += deepest * _LINE + 1
    for row, text in enumerate(note):
        lines.append(words(text, class_="chart-note", x=0, y=y + row * _LINE, text_anchor="middle"))
    return lines


def _slanted(text: str, mark: Mark) -> list[str]:
    y = _TOP + _PLOT + 16
    turned = {"transform": f"translate(4 {y:g}) rotate(-45)", "text_anchor": "end"}
    return [words(text, is_data=mark.is_data, class_="chart-label", **turned)]


def _bar(mark: Mark, scale: Scale, y: float) -> tuple[list[str], float]:
    """One row of a bar chart, and how high it is."""
    parts, start = [], y
    for text in wrapped(mark.label, 36):
        parts.append(words(text, is_data=mark.is_data, class_="chart-label", x=0, y=y + 13))
        y += _LINE
    parts.append(
        words(scale.told(mark.quantity.value), class_="chart-value", x="100%", y=start + 13, text_anchor="end")
    )
    parts += _lane(mark, scale, y + 5)
    found, known = _note(mark, scale)
    below = _("{found}: {known}").format(found=found, known=known) if mark.is_zero and not mark.is_exact else known
    parts.append(words(below, class_="chart-note", x=0, y=y + 5 + 14 + 15))
    return parts, y + 5 + 14 + 15 + 16 - start


def _lane(mark: Mark, scale: Scale, y: float) -> list[str]:
    """A track with its bar and whisker, 14 pixels high; a bar without length stays visible as a hollow stub."""
    q = mark.quantity
    zero, value = scale.at(0) * 100, scale.at(q.value) * 100
    left, width = min(zero, value), abs(value - zero)
    track = element(
        "rect", class_="chart-track", x="0%", y=y, width="100%", height=14, rx=2, fill="currentColor", fill_opacity=0.08
    )
    box = {"y": y, "height": 14, "rx": 2}
    if mark.is_zero or not width:
        hollow: dict[str, Attribute] = {"fill": "none", "stroke": "currentColor", "stroke_width": 1.5}
        bar = element("rect", class_="chart-bar chart-zero", x=f"{left:.2f}%", width=6, **hollow, **box)
    else:
        bar = element("rect", class_="chart-bar", x=f"{left:.2f}%", width=f"{width:.2f}%", fill="currentColor", **box)
    if mark.is_exact:
        return [track, bar]
    ends = [scale.at(bound) * 100 for bound in (q.low, q.high)]
    whisker = [_rule("chart-whisker", (f"{ends[0]:.2f}%", y + 7), (f"{ends[1]:.2f}%", y + 7))]
    caps = [_rule("chart-whisker", (f"{end:.2f}%", y + 2), (f"{end:.2f}%", y + 12)) for end in ends]
    return [track, bar, *whisker, *caps]


def _note(mark: Mark, scale: Scale) -> tuple[str, str]:
    """Two short lines: what was found, and over how many, or what is known where nothing was found."""
    q = mark.quantity
    if mark.is_zero and not mark.is_exact:
        bound = percent_up(q.high) if scale.is_share else upwards(q.high)
        return _("0 of {n}").format(n=rounded(q.n, digits=15)), _("up to {bound}").format(bound=bound)
    return scale.told(q.value), _of(q.n)


def _of(n: int) -> str:
    return _("of {n}").format(n=rounded(n, digits=15))


def _rule(kind: str, start: tuple[str | float, float], end: tuple[str | float, float]) -> str:
    return element("line", class_=kind, x1=start[0], y1=start[1], x2=end[0], y2=end[1], stroke="currentColor")

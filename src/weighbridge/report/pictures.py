"""From a card's pictures and a probe's quantities to what is drawn."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from weighbridge.core.card import Axis, Card, Picture, PictureKind
from weighbridge.core.evidence import Quantity
from weighbridge.core.wording import _
from weighbridge.report.charts import Chart, Mark, draw
from weighbridge.report.neutral import anchor, clean
from weighbridge.report.numbers import confidence_in_words

_MOST_SERIES = 4  # pictures drawn for one entry of a card; the table holds all numbers
_MOST_MARKS = 24  # likewise, marks in one picture
_LONGEST_AXIS = 60  # characters: about two lines below a picture
_CLAUSE = re.compile(r"[:;(]")
_DIGITS = re.compile(r"(\d+(?:\.\d+)?)")

By = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A picture with what stands around it."""

    title: str
    svg: str
    caption: str


def drawings(card: Card, quantities: Sequence[Quantity]) -> tuple[Drawing, ...]:
    """The card's pictures, each drawn once for every way its metric is broken down beyond the picture's axis."""
    made: list[Drawing] = []
    for number, picture in enumerate(card.picture):
        for place, (rest, series) in enumerate(_series(picture, quantities)[:_MOST_SERIES]):
            key = f"{anchor(card.slug)}-{number}-{place}"
            made.append(_drawing(card, picture, key, rest, series))
    return tuple(made)


def axis_label(card: Card | None, axis: str, value: str) -> tuple[str, bool]:
    """How an axis value reads, and whether it is the candidate's own word rather than the card's."""
    known = _axis(card, axis)
    declared = known is not None and value in known.values
    return (_(value), False) if declared else (clean(value), True)


def in_axis_order(card: Card | None, axis: str, values: Sequence[str]) -> tuple[str, ...]:
    """Values in the card's order; those that it does not list follow in natural order."""
    known = _axis(card, axis)
    listed = known.values if known else ()
    places = {value: place for place, value in enumerate(listed)}
    return tuple(sorted(set(values), key=lambda value: (places.get(value, len(places)), natural(value))))


def worst_first(card: Card | None, axis: str, quantities: Sequence[Quantity]) -> tuple[str, ...]:
    """The values of an axis for a list: those with the most first where neither card nor numbers give an order."""
    values = in_axis_order(card, axis, [q.at(axis) or "" for q in quantities if q.at(axis) is not None])
    known = _axis(card, axis)
    if (known and known.values) or any(value[:1].isdigit() for value in values):
        return values
    most: dict[str, float] = {}
    for q in quantities:
        value = q.at(axis) or ""
        most[value] = max(q.high, most.get(value, q.high))
    return tuple(sorted(values, key=lambda value: -most[value]))


def natural(text: str) -> tuple[tuple[int, float, str], ...]:
    """A key that sorts numbers inside text by their size: 2 before 16, `week 9` before `week 10`."""
    parts = _DIGITS.split(text)
    return tuple((0, float(part), "") if n % 2 else (1, 0.0, part) for n, part in enumerate(parts) if part)


def _axis(card: Card | None, name: str) -> Axis | None:
    return next((axis for axis in card.axis if axis.name == name), None) if card else None


def _series(picture: Picture, quantities: Sequence[Quantity]) -> list[tuple[By, list[Quantity]]]:
    """Quantities of the picture, apart by whatever else they are broken down by; the least broken down first."""
    found: dict[By, list[Quantity]] = {}
    for q in quantities:
        by = dict(q.by)
        fits = q.metric == picture.metric and all(by.get(axis) == value for axis, value in picture.where)
        if fits and (not picture.axis or picture.axis in by):
            named = {picture.axis, *(axis for axis, _value in picture.where)}
            found.setdefault(tuple(pair for pair in sorted(q.by) if pair[0] not in named), []).append(q)
    return sorted(found.items(), key=lambda item: (len(item[0]), [(axis, natural(value)) for axis, value in item[0]]))


def _drawing(card: Card, picture: Picture, key: str, rest: By, series: Sequence[Quantity]) -> Drawing:
    title = _(picture.title)
    if rest:
        which = ", ".join(f"{_(axis)}: {axis_label(card, axis, value)[0]}" for axis, value in rest)
        title = _("{title} ({which})").format(title=title, which=which)
    marks = _marks(card, picture, series)
    chart = Chart(key=key, title=clean(title), axis=_axis_says(card, picture.axis), marks=marks[:_MOST_MARKS])
    return Drawing(title=chart.title, svg=draw(picture.kind, chart), caption=_caption(picture.kind, marks))


def _axis_says(card: Card, name: str) -> str:
    """What the axis is; the first clause where that takes a paragraph, which stands above the numbers anyhow."""
    axis = _axis(card, name)
    says = clean(_(axis.says)).strip() if axis else ""
    if len(says) > _LONGEST_AXIS:
        says = _CLAUSE.split(says, maxsplit=1)[0].strip()
    return says if 0 < len(says) <= _LONGEST_AXIS else clean(_(name))


def _marks(card: Card, picture: Picture, series: Sequence[Quantity]) -> tuple[Mark, ...]:
    if not picture.axis:
        return tuple(Mark(label="", quantity=q) for q in series[:1])
    by_value = {q.at(picture.axis) or "": q for q in series}
    made = []
    order = in_axis_order(card, picture.axis, tuple(by_value))
    if picture.kind is PictureKind.BARS:
        order = worst_first(card, picture.axis, series)
    for value in order:
        label, is_data = axis_label(card, picture.axis, value)
        made.append(Mark(label=label, quantity=by_value[value], is_data=is_data))
    return tuple(made)


def _caption(kind: PictureKind, marks: Sequence[Mark]) -> str:
    parts = []
    unsure = [mark.quantity.confidence for mark in marks if not mark.is_exact]
    if unsure and kind is not PictureKind.FIGURE:
        sure = confidence_in_words(min(unsure))
        parts.append(_("The truth lies between the end marks of each line, {sure}.").format(sure=sure))
    if len(unsure) < len(marks) and kind is not PictureKind.FIGURE:
        parts.append(_("What has no end marks was counted over all there is."))
    if any(mark.is_zero for mark in marks) and kind is not PictureKind.FIGURE:
        parts.append(_("Hollow: none was found."))
    if len(marks) > _MOST_MARKS:
        parts.append(_("The first {n} of {all}; the rest is in the table.").format(n=_MOST_MARKS, all=len(marks)))
    return " ".join(parts)

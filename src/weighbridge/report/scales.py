"""The scale of a picture: from where to where, and the marks along it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from weighbridge.report.numbers import percent, rounded

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_MOST_STEPS = 4
_LEAST_SPAN = 1e-12  # less is rounding, and its logarithm may not exist


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """An axis for numbers; it always holds zero."""

    bottom: float
    top: float
    step: float
    is_share: bool
    unit: str = ""

    def at(self, value: float) -> float:
        """How far along the axis the value lies, from 0 to 1."""
        return (min(max(value, self.bottom), self.top) - self.bottom) / (self.top - self.bottom)

    @property
    def ticks(self) -> tuple[float, ...]:
        """Where the axis is marked."""
        first, last = round(self.bottom / self.step), round(self.top / self.step)
        return tuple(n * self.step for n in range(first, last + 1))

    def told(self, value: float) -> str:
        """A number on this axis."""
        if self.is_share:
            return percent(value, digits=3)
        return f"{rounded(value, digits=3)} {self.unit}".rstrip()


def scale_over(values: Iterable[float], unit: str) -> Scale:
    """A scale with round marks that holds zero and all the values; a share ends at 100 %."""
    everything = (0.0, *values)
    low, high = min(everything), max(everything)
    is_share = unit == "1" and low >= -1 and high <= 1
    span = high - low
    step = _step(span if span > _LEAST_SPAN else 0.01 if is_share else 1.0)
    if unit == "count":
        step = max(1.0, math.ceil(step))
    top, bottom = math.ceil(round(high / step, 9)) * step, math.floor(round(low / step, 9)) * step
    if top == bottom:
        top = bottom + step
    if is_share and top > 1:
        step, top = 0.25, 1.0
        bottom = math.floor(round(low / step, 9)) * step
    return Scale(bottom=bottom, top=top, step=step, is_share=is_share, unit="" if unit in ("1", "count") else unit)


def _step(span: float) -> float:
    rough = span / _MOST_STEPS
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in _STEPS if step * power >= rough * (1 - 1e-9))

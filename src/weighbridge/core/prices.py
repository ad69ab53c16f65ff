"""The shelf of prices: chips, what an hour of them costs, how well published runs used them, and factors beside."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated

from weighbridge.core.canon import Digest, digest_of
from weighbridge.core.shape import Path, plain
from weighbridge.core.wording import _


class Shape(StrEnum):
    """How a factor spreads."""

    PERT = "pert"  # from low to high, most likely at mode
    SPAN = "span"  # lognormal, between low and high with nine chances in ten
    UNIFORM = "uniform"  # as likely anywhere between low and high
    EXACT = "exact"  # low is the number


class FactorName(StrEnum):
    """Every factor that a shelf of prices must have."""

    RULE = "flop-by-rule"
    TOLD = "flop-told"
    DISCOUNT = "discount"
    RESEARCH = "research"
    WAGE = "wage"
    TEAM = "team"
    SUBSIDY = "subsidy"
    DECLINE = "price-decline"
    MOST_USED = "most-utilisation"
    STAFF_CODE = "staff-with-code"
    STAFF_PAPER = "staff-with-paper"
    STAFF_NOTHING = "staff-with-nothing"
    STAFF_FINE_TUNING = "staff-fine-tuning"
    STAFF_DISTILLATION = "staff-distillation"
    STAFF_DATA = "staff-for-data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """One kind of chip."""

    name: str
    also: Annotated[tuple[str, ...], "other names it goes by, and variants that compute as much"] = ()
    flop_per_second: Annotated[float, "peak, dense, in the format that training uses"]
    format: str
    clustered: Annotated[bool, "sold in clusters that large models are trained on"] = True
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What somebody asked for an hour of one chip."""

    chip: str
    date: str
    vendor: str
    usd: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedRun:
    """A published training run, from which utilisation is learnt."""

    model: str
    who: str
    date: str
    chip: str
    flop: float
    chip_hours: float
    by_rule: Annotated[bool, "the FLOP is six for each parameter and token, not told"] = False
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """One number that everything is multiplied by, with its spread."""

    name: FactorName
    shape: Shape
    low: float
    mode: float = 0.0
    high: float = 0.0
    unit: str
    says: str
    source: str
    ours: Annotated[bool, "the numbers are our own judgement"] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The chip that a name stands for; `exact` where the shelf knows that very name."""

    chip: Chip
    exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """The whole shelf."""

    name: str
    as_of: Annotated[str, "the day its prices are of"]
    expires: Annotated[str, "from when on they should no longer be relied on"]
    chip: tuple[Chip, ...]
    price: tuple[Price, ...]
    run: tuple[PublishedRun, ...]
    factor: tuple[Factor, ...]

    @property
    def digest(self) -> Digest:
        """Over all of it: another shelf is another measurement."""
        return digest_of(plain(self))

    def factor_named(self, name: FactorName) -> Factor:
        """The factor of that name; a shelf has each, or it was refused."""
        return next(f for f in self.factor if f.name is name)

    def chip_named(self, name: str) -> Match | None:
        """The chip of this name, else the one whose name is nearest; None where none is near."""
        known = {_simple(told): chip for chip in self.chip for told in (chip.name, *chip.also)}
        if _simple(name) in known:
            return Match(chip=known[_simple(name)], exact=True)
        close = _nearest(name, {told: chip for chip in self.chip for told in (chip.name, *chip.also)})
        return None if close is None else Match(chip=close, exact=False)

    def quotes(self, chip: Chip) -> tuple[Price, ...]:
        """All prices of a chip, oldest first."""
        return tuple(sorted((p for p in self.price if p.chip == chip.name), key=lambda p: (p.date, p.vendor, p.usd)))


# What tells one chip from another in its name: h100, mi250, v5e, 3090, 910; never sizes of memory.
_MODEL_NUMBER = re.compile(r"\b(?:[a-z]{1,2}\d{2,4}|v\d|\d{3,4})(?=[a-z]{0,2}\b)")
_MAKERS = re.compile(r"\b(?:nvidia|google|amd|huawei|intel|geforce|tesla|instinct|radeon|amazon|aws)\b")
_ALIKE = 0.85  # how alike two names must be written that share no model number; ours


def _simple(name: str) -> str:
    """A chip's name without its maker, case and signs."""
    return "".join(re.findall(r"[a-z0-9]+", _MAKERS.sub(" ", name.lower())))


def _nearest(name: str, known: dict[str, Chip]) -> Chip | None:
    """The chip of a known name with the same model number in it, else of one that is written almost alike."""
    numbers = set(_MODEL_NUMBER.findall(name.lower()))
    sharing = [told for told in known if numbers & set(_MODEL_NUMBER.findall(told.lower()))]
    if numbers and not sharing:
        return None
    by_simple = {_simple(told): known[told] for told in sharing or known}
    close = difflib.get_close_matches(_simple(name), by_simple, n=1, cutoff=0.0 if sharing else _ALIKE)
    return by_simple[close[0]] if close else None


def year_of(day: str) -> float:
    """A date as a year with its fraction: a year alone is its middle, a month alone the middle of it.

    Raises
    ------
    ValueError
        For what is no date.
    """
    parts = [int(part) for part in day.split("-")]
    if len(parts) == 1:
        date(parts[0], 7, 2)
        return parts[0] + 0.5
    whole = date(parts[0], parts[1], parts[2] if len(parts) > 2 else 15)
    return whole.year + (whole.timetuple().tm_yday - 0.5) / 365.25


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfDoubt:
    """One thing about a shelf that cannot be, and where it stands."""

    path: Path
    says: str


def shelf_doubts(prices: Prices) -> tuple[ShelfDoubt, ...]:
    """Everything about a shelf of prices that cannot be."""
    return tuple(_shelf_doubts(prices))


def _shelf_doubts(prices: Prices) -> Iterator[ShelfDoubt]:
    for path, day in _days(prices):
        if not is_day(day):
            yield ShelfDoubt(path=path, says=_("should be a day such as 2025-03-17"))
    for path, value in _positive(prices):
        if not (math.isfinite(value) and value > 0):
            yield ShelfDoubt(path=path, says=_("should be more than zero"))
    names = {chip.name for chip in prices.chip}
    for path, named in _named(prices):
        if named not in names:
            yield ShelfDoubt(path=path, says=_("is no chip of this shelf"))
    for path, source in _sources(prices):
        if not source.strip():
            yield ShelfDoubt(path=path, says=_("is empty: every row has a source"))
    yield from _factor_doubts(prices)
    yield from _lacks(prices)


def _lacks(prices: Prices) -> Iterator[ShelfDoubt]:
    if len(prices.run) < _FEWEST_RUNS:
        yield ShelfDoubt(path=("run",), says=_("are too few: at least {n} are needed").format(n=_FEWEST_RUNS))
    if not any(price.chip == chip.name for price in prices.price for chip in prices.chip if chip.clustered):
        yield ShelfDoubt(path=("price",), says=_("name no chip that is clustered"))


def _days(prices: Prices) -> Iterator[tuple[Path, str]]:
    yield ("as_of",), prices.as_of
    yield ("expires",), prices.expires
    yield from ((("price", n, "date"), price.date) for n, price in enumerate(prices.price))
    yield from ((("run", n, "date"), run.date) for n, run in enumerate(prices.run))


def _named(prices: Prices) -> Iterator[tuple[Path, str]]:
    yield from ((("price", n, "chip"), price.chip) for n, price in enumerate(prices.price))
    yield from ((("run", n, "chip"), run.chip) for n, run in enumerate(prices.run))


def _sources(prices: Prices) -> Iterator[tuple[Path, str]]:
    yield from ((("chip", n, "source"), chip.source) for n, chip in enumerate(prices.chip))
    yield from ((("price", n, "source"), price.source) for n, price in enumerate(prices.price))
    yield from ((("run", n, "source"), run.source) for n, run in enumerate(prices.run))
    yield from ((("factor", n, "source"), factor.source) for n, factor in enumerate(prices.factor))


_FEWEST_RUNS = 8  # fewer give a line whose own error is as wide as what it is drawn through


_MUST_BE = {
    FactorName.RULE: (Shape.SPAN, Shape.EXACT),
    FactorName.TOLD: (Shape.SPAN, Shape.EXACT),
    FactorName.DECLINE: (Shape.EXACT,),
    FactorName.MOST_USED: (Shape.EXACT,),
}


def _factor_doubts(prices: Prices) -> Iterator[ShelfDoubt]:
    have = [factor.name for factor in prices.factor]
    for name in FactorName:
        if have.count(name) != 1:
            told = _("{name} is there {n} times, and should be once").format(name=name.value, n=have.count(name))
            yield ShelfDoubt(path=("factor",), says=told)
    for n, factor in enumerate(prices.factor):
        numbers = (factor.low, factor.mode, factor.high)
        is_ordered = {
            Shape.PERT: factor.low <= factor.mode <= factor.high,
            Shape.SPAN: 0 < factor.low <= factor.high,
            Shape.UNIFORM: factor.low <= factor.high,
            Shape.EXACT: True,
        }[factor.shape]
        if not all(math.isfinite(x) and x >= 0 for x in numbers) or not is_ordered:
            yield ShelfDoubt(path=("factor", n), says=_("should run from low over mode to high, and not below zero"))
        if factor.name in _MUST_BE and factor.shape not in _MUST_BE[factor.name]:
            shapes = " or ".join(shape.value for shape in _MUST_BE[factor.name])
            yield ShelfDoubt(path=("factor", n, "shape"), says=_("should be {shapes}").format(shapes=shapes))


def _positive(prices: Prices) -> Iterator[tuple[Path, float]]:
    yield from ((("chip", n, "flop_per_second"), chip.flop_per_second) for n, chip in enumerate(prices.chip))
    yield from ((("price", n, "usd"), price.usd) for n, price in enumerate(prices.price))
    for n, run in enumerate(prices.run):
        yield ("run", n, "flop"), run.flop
        yield ("run", n, "chip_hours"), run.chip_hours


def is_day(text: str) -> bool:
    """Whether this is a day as ISO 8601 writes it."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == len("2025-03-17")

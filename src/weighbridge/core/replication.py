"""What its owner tells of how the candidate was made: the facts that the cost of making it again follows from.

Every number is in ones of the unit that its name says: parameters, tokens, floating-point operations, hours of one
chip, US dollars, months. So 1.5 billion parameters are 1.5e9, and 1.5 is asked back, not guessed at.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from weighbridge.core.shape import Path
from weighbridge.core.wording import _

FLOP_PER_PARAMETER_AND_TOKEN = 6.0  # 2 forward, 4 backward: Kaplan et al. 2020, arXiv 2001.08361, section 2.1
CONTRADICTION = 3.0  # told FLOP and 6ND further apart than this cannot both be right; ours
_DATE = re.compile(r"(19[89]\d|20\d\d)(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
# The range that each number may lie in; ours. Below it, somebody most likely wrote thousands, millions or billions;
# what was ever published lies ten times and more below its upper end.
_RANGES = {
    "parameters": (1e3, 1e14),
    "active_parameters": (1e3, 1e14),
    "tokens": (1e3, 1e16),
    "epochs": (1e-3, 1e5),
} | {
    "flop": (1e9, 1e28),
    "chip_hours": (1e-3, 1e10),
}
_WHOLE = frozenset({"parameters", "active_parameters", "tokens"})
_MOST_USD, _MOST_MONTHS = 1e12, 1e4


class RecipePart(StrEnum):
    """What of the way it was made anybody can have."""

    PAPER = "paper"
    CODE = "code"
    DATA = "data"
    DETECTOR = "detector"


class Obtaining(StrEnum):
    """Whether somebody else can have the data."""

    PUBLIC = "public"  # for the download
    OBTAINABLE = "obtainable"  # by collecting, buying or asking for it
    UNOBTAINABLE = "unobtainable"  # by nobody, at any price


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From where to where a number lies with nine chances in ten."""

    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """One training run: as many of these as are known; two that contradict each other are told."""

    parameters: Annotated[float | None, "parameters that are trained, in ones: 1.5e9"] = None
    active_parameters: Annotated[
        float | None, "those that each token passes through, where they are fewer (a mixture of experts), in ones"
    ] = None
    tokens: Annotated[float | None, "tokens of the training text, read once, in ones: 4e10"] = None
    epochs: Annotated[float, "how often it was read"] = 1.0
    flop: Annotated[float | None, "floating-point operations of the final run: 3.1e23"] = None
    chip_hours: Annotated[float | None, "hours of one chip, over all chips of the final run"] = None
    chip: Annotated[str, "the chip it was trained on; only chip_hours are read with it"] = ""
    trained: Annotated[str, 'when, as "2019" or "2019-02"; only chip_hours are read with it'] = ""

    @property
    def flop_by_rule(self) -> float | None:
        """Six operations for each parameter that a token passes through and each token; None where one is untold."""
        through = self.active_parameters or self.parameters
        if through is None or self.tokens is None:
            return None
        return FLOP_PER_PARAMETER_AND_TOKEN * through * self.tokens * self.epochs


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFacts:
    """`[replication.data]`: what it takes somebody else to have the data."""

    obtaining: Annotated[Obtaining, "public, obtainable or unobtainable"]
    usd: Annotated[Span | None, "US dollars to collect, buy or label it anew, without the staff named below"] = None
    months: Annotated[Span | None, "months until somebody else had it"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FineTuning(Training):
    """`[replication.fine_tuning]`: training something like it from a public base; parameters are the base's."""

    base: Annotated[str, "the public base"]
    data: Annotated[DataFacts | None, "what its data takes; left out: as [replication.data]"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Distillation(Training):
    """`[replication.distillation]`: training a student on what a served model answers; parameters are the student's."""

    usd_per_million_tokens: Annotated[Span, "US dollars for a million tokens of answers"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """`[replication.staff]`: the people; what is left out is taken from the shelf."""

    months: Annotated[Span | None, "person-months to make it again"] = None
    usd_per_month: Annotated[Span | None, "US dollars for a person-month"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replication(Training):
    """`[replication]`: what is known of how the candidate was made, and of how else one could come by the like."""

    public: Annotated[tuple[RecipePart, ...], "parts of the recipe that anybody can have"] = ()
    data: DataFacts | None = None
    fine_tuning: FineTuning | None = None
    distillation: Distillation | None = None
    staff: Staff = Staff()
    subsidy: Annotated[
        Span | None,
        "share of the compute that somebody else pays for, in the subsidised scenario; left out: the shelf's",
    ] = None
    sources: Annotated[tuple[str, ...], "where these facts come from"] = ()

    @property
    def data_facts(self) -> DataFacts | None:
        """What the data takes; that of a recipe whose data is public is public."""
        if self.data is None and RecipePart.DATA in self.public:
            return DataFacts(obtaining=Obtaining.PUBLIC)
        return self.data


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One thing about the facts that cannot be, and where it stands."""

    path: Path
    says: str


def doubts(facts: Replication) -> tuple[Doubt, ...]:
    """Everything about these facts that cannot be, or cannot all be; empty where there is nothing."""
    return tuple(_doubts(facts))


def _doubts(facts: Replication) -> Iterator[Doubt]:
    yield from _training_doubts(facts, ())
    for name in ("fine_tuning", "distillation"):
        part = getattr(facts, name)
        if part is not None:
            yield from _training_doubts(part, (name,))
    if facts.fine_tuning is not None:
        yield from _data_doubts(facts.fine_tuning.data, ("fine_tuning", "data"))
    yield from _data_doubts(facts.data, ("data",))
    if facts.data is not None and RecipePart.DATA in facts.public and facts.data.obtaining is not Obtaining.PUBLIC:
        yield Doubt(
            path=("data", "obtaining"),
            says=_("is {said}, and `public` says that anybody can have the data").format(
                said=facts.data.obtaining.value
            ),
        )
    if facts.distillation is not None:
        at: Path = ("distillation", "usd_per_million_tokens")
        yield from _span_doubts(facts.distillation.usd_per_million_tokens, at, _MOST_USD)
    yield from _span_doubts(facts.staff.months, ("staff", "months"), _MOST_MONTHS)
    yield from _span_doubts(facts.staff.usd_per_month, ("staff", "usd_per_month"), _MOST_USD)
    yield from _span_doubts(facts.subsidy, ("subsidy",), 1.0, may_be_nothing=True)


def _training_doubts(told: Training, path: Path) -> Iterator[Doubt]:
    numbers = {name: getattr(told, name) for name in _RANGES}
    bad = {name: says for name, value in numbers.items() if value is not None and (says := _number(name, value))}
    yield from (Doubt(path=(*path, name), says=says) for name, says in bad.items())
    if told.trained and not _DATE.fullmatch(told.trained):
        yield Doubt(path=(*path, "trained"), says=_('should be a year or a month, such as "2019" or "2019-02"'))
    if bad:
        return
    if told.active_parameters and told.parameters and told.active_parameters > told.parameters:
        yield Doubt(path=(*path, "active_parameters"), says=_("are more than the parameters there are"))
    rule = told.flop_by_rule
    if told.flop is not None and rule is not None and not 1 / CONTRADICTION <= told.flop / rule <= CONTRADICTION:
        yield Doubt(
            path=(*path, "flop"),
            says=_(
                "{told:.2g} contradicts 6 x parameters x tokens x epochs, {rule:.2g}: of a mixture of experts "
                "tell active_parameters, for what is no transformer over tokens leave tokens out, else mend the one "
                "that is wrong"
            ).format(told=told.flop, rule=rule),
        )


def _number(name: str, value: float) -> str:
    """What is wrong with one number; empty where nothing is."""
    low, high = _RANGES[name]
    if not math.isfinite(value):
        return _("is not finite; leave out what is not known")
    if value <= 0:
        return _("should be more than zero; leave out what is not known")
    if value < low:
        return _(
            "is {value:g}, in ones. Are thousands, millions or billions meant? Then write {value:g}e3, {value:g}e6 or "
            "{value:g}e9; if it truly is so small, leave it out and tell chip_hours"
        ).format(value=value)
    if value > high:
        return _("is {value:g}, in ones, and nothing was ever so large: which unit is meant?").format(value=value)
    if name in _WHOLE and value < 2**53 and value != math.floor(value):  # from 2**53 on, all floats are whole
        return _("is {value}, and should be a whole number, in ones").format(value=value)
    return ""


def _data_doubts(told: DataFacts | None, path: Path) -> Iterator[Doubt]:
    if told is None:
        return
    yield from _span_doubts(told.usd, (*path, "usd"), _MOST_USD)
    yield from _span_doubts(told.months, (*path, "months"), _MOST_MONTHS)
    if told.obtaining is Obtaining.UNOBTAINABLE and told.usd is not None:
        yield Doubt(path=(*path, "usd"), says=_("is told, and `obtaining` says that nobody can have it at any price"))


def _span_doubts(span: Span | None, path: Path, most: float, *, may_be_nothing: bool = False) -> Iterator[Doubt]:
    if span is None:
        return
    if not (math.isfinite(span.low) and math.isfinite(span.high)):
        yield Doubt(path=path, says=_("is not finite; leave out what is not known"))
    elif span.low > span.high:
        yield Doubt(path=path, says=_("runs from {low:g} down to {high:g}").format(low=span.low, high=span.high))
    elif span.low < 0 or span.high > most:
        yield Doubt(path=path, says=_("should lie between 0 and {most:g}").format(most=most))
    elif span.low == 0 < span.high and not may_be_nothing:
        yield Doubt(path=path, says=_("starts at 0: tell the least that it could be, or 0 for both if it is nothing"))

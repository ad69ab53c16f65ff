"""What a probe found: quantities, outcomes, evidence."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Never, assert_never

from weighbridge.core.candidate import Scalar
from weighbridge.core.canon import Digest, Plain, digest_of
from weighbridge.core.shape import plain
from weighbridge.core.wording import Phrase

# Slugs that begin so name what was read from another tool's report; no probe may bear one.
IMPORTED = "imported-"


def is_imported(probe: str) -> bool:
    """Whether evidence under this slug was read from another tool's report, and measured by no probe."""
    return probe.startswith(IMPORTED)


class Basis(StrEnum):
    """Where a number comes from; no rule watches an assumed one."""

    MEASURED = "measured"
    MODELLED = "modelled"
    TESTIFIED = "testified"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number that does not travel alone.

    `low` <= `value` <= `high`, all in `unit` ("1" is a ratio). `confidence` is that of the interval, 1.0 where the
    number was
    counted over everything there is. `n` counts independent things of the kind `n_of` ("suffix", "person").
    """

    metric: str
    value: float
    low: float
    high: float
    confidence: float
    unit: str
    n: int
    n_of: str
    by: tuple[tuple[str, str], ...] = ()
    basis: Basis = Basis.MEASURED

    def __post_init__(self) -> None:
        for name in ("value", "low", "high", "confidence"):  # a count given as an integer is stored as it is read back
            object.__setattr__(self, name, float(getattr(self, name)))
        if not all(math.isfinite(x) for x in (self.value, self.low, self.high)):
            msg = f"{self.metric}: a quantity is finite; what is not known is NotMeasured"
            raise ValueError(msg)
        if not self.low <= self.value <= self.high:
            msg = f"{self.metric}: the interval [{self.low}, {self.high}] does not hold the value {self.value}"
            raise ValueError(msg)
        if not 0 < self.confidence <= 1 or self.n < 0:
            msg = f"{self.metric}: confidence lies in (0, 1] and n is not negative"
            raise ValueError(msg)

    def at(self, axis: str) -> str | None:
        """The value on this axis, or None where the quantity is not broken down by it."""
        return dict(self.by).get(axis)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The probe ran and has numbers. Notes say in words what was set aside or assumed on the way."""

    quantities: tuple[Quantity, ...]
    notes: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotApplicable:
    """The question makes no sense for this candidate."""

    because: Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class NotMeasured:
    """The question makes sense, and could not be measured; the remedy says what would make it measurable."""

    because: Phrase
    remedy: Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The probe broke: our bug until shown otherwise. The error names its kind and place, never a value."""

    error: Phrase


Outcome = Measured | NotApplicable | NotMeasured | Failed


class Silent(Exception):
    """Raised by what lies behind the bench when there is nothing to measure with."""

    def __init__(self, outcome: NotApplicable | NotMeasured) -> None:
        super().__init__(str(outcome.because))
        self.outcome = outcome


def not_measured(because: Phrase, remedy: Phrase) -> Never:
    """Leave a probe, or an adapter below it, with `NotMeasured`."""
    raise Silent(NotMeasured(because=because, remedy=remedy))


def not_applicable(because: Phrase) -> Never:
    """Leave a probe, or an adapter below it, with `NotApplicable`."""
    raise Silent(NotApplicable(because=because))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One measurement as asked for: what was asked once need not be measured again."""

    candidate: Digest
    reading: Digest
    probe: str
    version: int
    settings: tuple[tuple[str, Scalar], ...]
    seed: int
    budget_seconds: float
    after: tuple[tuple[str, Digest], ...] = ()  # evidence of the probes it builds on
    under: tuple[tuple[str, str], ...] = ()  # what was allowed by name: where the model is served, code that is trusted

    @property
    def digest(self) -> Digest:
        """The key under which the evidence is found again."""
        return digest_of(plain(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was asked and what came out, sealed.

    Time and place stay in the ledger's entry, so a repeated run has the same digest.
    """

    asked: Asked
    outcome: Outcome

    @property
    def probe(self) -> str:
        """The slug of the probe."""
        return self.asked.probe

    @property
    def digest(self) -> Digest:
        """Over candidate, probe, version, settings, seed, budget, predecessors and outcome."""
        return digest_of([plain(self.asked), outcome_plain(self.outcome)])


def outcome_name(outcome: Outcome) -> str:
    """The outcome's name in JSON: measured, not-applicable, not-measured or failed."""
    match outcome:
        case Measured():
            return "measured"
        case NotApplicable():
            return "not-applicable"
        case NotMeasured():
            return "not-measured"
        case Failed():
            return "failed"
        case _:
            assert_never(outcome)


def outcome_plain(outcome: Outcome) -> Plain:
    """The outcome as stored: its name and its fields."""
    return {"outcome": outcome_name(outcome), **plain(outcome)}  # type: ignore[dict-item]  # a data class is plain as a table

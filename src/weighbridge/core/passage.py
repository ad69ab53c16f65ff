"""One passage through the gate: where something is to go, what was checked, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from weighbridge.core.candidate import Component
from weighbridge.core.canon import Digest
from weighbridge.core.errors import ExitCode
from weighbridge.core.rungs import Rung
from weighbridge.core.wording import Phrase


class Destination(StrEnum):
    """Where it is to go."""

    PARTNERS = "partners"  # bytes, to people known by name
    HOSTED = "hosted"  # answers, to anyone
    GATED = "gated"  # bytes, to people who were vetted
    PUBLIC = "public"  # bytes, to anyone

    @property
    def needs(self) -> Rung:
        """The least rung that lets it go there; for the public, `licensed` is enough where its terms are there."""
        return {
            Destination.PARTNERS: Rung.PARTNERS,
            Destination.HOSTED: Rung.SERVED,
            Destination.GATED: Rung.GATED,
            Destination.PUBLIC: Rung.LICENSED,
        }[self]


class Result(StrEnum):
    """What one check came to, from best to worst."""

    PASSES = "passes"
    UNSETTLED = "unsettled"  # something is not answered, decided or signed yet
    REFUSED = "refused"
    BROKEN = "broken"  # the ledger cannot be believed

    @property
    def exit_code(self) -> ExitCode:
        """What the process says if nothing worse came."""
        return {
            Result.PASSES: ExitCode.DONE,
            Result.UNSETTLED: ExitCode.NOT_SETTLED,
            Result.REFUSED: ExitCode.REFUSED,
            Result.BROKEN: ExitCode.LEDGER_BROKEN,
        }[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing looked at."""

    name: str  # "bytes", "files", "signatures", ...
    result: Result
    says: Phrase
    fix: Phrase | None = None  # for all but those that pass


def passes(name: str, says: Phrase) -> Check:
    """A check that passes."""
    return Check(name=name, result=Result.PASSES, says=says)


def unsettled(name: str, says: Phrase, fix: Phrase) -> Check:
    """A check that waits for something."""
    return Check(name=name, result=Result.UNSETTLED, says=says, fix=fix)


def refused(name: str, says: Phrase, fix: Phrase) -> Check:
    """A check that refuses."""
    return Check(name=name, result=Result.REFUSED, says=says, fix=fix)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """All that was looked at for one destination. It passes only where every check does."""

    candidate: str  # name
    decision: Digest | None  # None where there is none
    destination: Destination
    components: tuple[Component, ...]
    checks: tuple[Check, ...]

    @property
    def result(self) -> Result:
        """The worst of its checks; none at all is unsettled, never a pass."""
        order = list(Result)
        return max((check.result for check in self.checks), key=order.index, default=Result.UNSETTLED)

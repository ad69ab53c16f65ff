"""What a comparison of plans comes to: a row for each plan, what the choice hangs on, and the sentence on the risk."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from weighbridge.core.canon import Digest, Plain
from weighbridge.core.decision import Statement, Widening
from weighbridge.core.evidence import Quantity
from weighbridge.core.plans import Plan
from weighbridge.core.shape import schema
from weighbridge.core.wording import Phrase
from weighbridge.core.worth import Actor, Alternative, Benefit, Substitute

BEYOND_ALL = 1e14  # US dollars: no amount that is considered comes to this; it stands for what cannot be had


class State(StrEnum):
    """How a plan stands."""

    IN = "in"  # it is weighed against the others
    INCOHERENT = "incoherent"  # it undoes itself
    FORBIDDEN = "forbidden"  # a stop forbids it, or a caution that nothing measured outweighs
    BEATEN = "beaten"  # another is at least as good on every count
    UNJUSTIFIED = "unjustified"  # it withholds, and nobody has shown what that buys


class Scenario(StrEnum):
    """Under which circumstances a figure holds."""

    DECLARED = "as-declared"
    NO_SUBSTITUTE = "without-substitutes"
    NO_SUBSIDY = "without-subsidy"
    ALL_SUBSIDISED = "all-subsidised"
    UNSHOWN = "with-substitutes-that-nobody-showed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """A caution that stands against a plan, and what may be set against it, by name."""

    rule: str
    against: tuple[Phrase, ...]  # empty: nothing that was measured or testified


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """One plan, with all that is known of it. A tuple that is empty says that this is not known."""

    plan: Plan
    state: State
    because: tuple[Phrase, ...] = ()
    beaten_by: str = ""
    stops: tuple[str, ...] = ()  # the rules that forbid it
    trades: tuple[Trade, ...] = ()
    waiting: tuple[str, ...] = ()  # rules not yet answered: none of it is cleared until they are
    deterred: tuple[Quantity, ...] = ()  # by actor and scenario
    break_even: Annotated[
        tuple[Quantity, ...], "by actor, US dollars; 1e14 and more stand for what nobody can have at any price"
    ] = ()
    delay: Quantity | None = None  # days that pass until others have it anyway
    counts: tuple[Quantity, ...] = ()  # by count: what plans are compared by, from 0 to 1, more is better
    against: tuple[Quantity, ...] = ()  # by count: how much more it gives than the preferred plan, world by world
    wins: Quantity | None = None  # share of weightings that prefer it
    undoing: float = 0.0  # from 4, nothing is out, to 0, anyone has copies

    @property
    def is_cleared(self) -> bool:
        """Whether it is in the running and nothing unanswered holds it back."""
        return self.state is State.IN and not self.waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Swing:
    """How much of the doubt about an outcome comes from one thing that is not known."""

    name: str
    says: Phrase
    correlation: Quantity  # of ranks, from -1 to 1
    share: Quantity  # of the variance that knowing it alone would take away (first-order Sobol)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """From where on another plan is recommended."""

    name: str
    says: Phrase
    to: str  # the plan; empty where none was found in the range looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Learning:
    """One measurement or answer within an hour, and how likely it is to change the recommended plan."""

    name: str
    says: Phrase
    minutes: int
    chance: Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of the defence in one language; None where nobody measured."""

    language: str
    share: Quantity | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the worksheet on marginal risk: what it asks, and what is known."""

    asks: Phrase
    says: tuple[Phrase, ...]
    is_known: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All plans, side by side."""

    candidate: Digest
    as_of: Annotated[str, "the day that prices are of"]
    day: Annotated[str, "the day that stages are counted from"]
    seed: int
    worlds: int
    actors_per_world: int
    figures: Annotated[Digest, "over all that the figures follow from: a statement is bound to it"]
    needs_statement: Annotated[bool, "whether nobody may decide without saying the risk"]
    rows: tuple[PlanRow, ...]
    recommended: Annotated[str, "the plan that most weightings prefer, of those in the running; empty: none is"] = ""
    tied: Annotated[tuple[str, ...], "plans that do as well within the error of drawing weightings"] = ()
    cleared: Annotated[str, "the same among those that nothing unanswered holds back"] = ""
    swings: tuple[Swing, ...] = ()
    flips: tuple[Flip, ...] = ()
    learnings: tuple[Learning, ...] = ()
    worksheet: tuple[Step, ...] = ()
    defence: tuple[Known, ...] = ()
    actors: tuple[Actor, ...] = ()
    substitutes: tuple[Substitute, ...] = ()
    benefits: tuple[Benefit, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    assumptions: tuple[Phrase, ...] = ()
    warnings: tuple[Phrase, ...] = ()
    about: Annotated[str, "the plan that the statement speaks of; empty: it speaks of none in particular"] = ""
    statement: Annotated[str, "the risk in two or three sentences, in the language of whoever asked"] = ""

    @property
    def stated(self) -> Statement:
        """The statement as it stands in a decision, bound to its figures and to the plan that it speaks of."""
        row = self.row(self.about) if self.about else None
        widenings = tuple(Widening(by=stage.by, plan=stage.plan) for stage in row.plan.stages) if row else ()
        return Statement.bound(
            self.statement, self.figures, day=self.day, plan=row.plan.rungs if row else (), stages=widenings
        )

    def row(self, name: str) -> PlanRow | None:
        """The row of a plan."""
        return next((row for row in self.rows if row.plan.name == name), None)


def comparison_schema() -> dict[str, Plain]:
    """JSON Schema of the document."""
    return schema(Comparison, "A comparison of plans by Weighbridge")

"""What follows from the evidence: findings, and the recommendation they add up to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from weighbridge.core.candidate import Component
from weighbridge.core.canon import Digest
from weighbridge.core.rungs import Rung
from weighbridge.core.wording import Phrase


class Effect(StrEnum):
    """What a breached rule does."""

    STOP = "stop"  # forbids rungs; lifted only by a changed artefact or a named waiver
    CAUTION = "caution"  # forbids rungs; may be traded against a measured defence or benefit
    REFUSE_RATIONALE = "refuse-rationale"
    HOLD = "hold"  # an interview waits
    NARROW_CLAIM = "narrow-claim"
    ADVISE = "advise"

    @property
    def forbids(self) -> bool:
        """Whether a rule of this effect takes rungs away."""
        return self in (Effect.STOP, Effect.CAUTION)


class Verdict(StrEnum):
    """A rule applied."""

    HOLDS = "holds"
    BREACHED = "breached"
    OPEN = "open"  # not yet answered
    EXEMPT = "exempt"


class Counterweight(StrEnum):
    """What may be set against a caution."""

    DEFENCE = "defence"  # a defence that was measured
    BENEFIT = "benefit"  # a good that somebody testifies to


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One rule applied to one candidate."""

    rule: str
    effect: Effect
    verdict: Verdict
    component: Component | None  # None: it bears on all of them
    forbids: tuple[Rung, ...]  # closed upward; what it forbids if breached, and keeps from being cleared while open
    says: Phrase
    rests_on: tuple[Digest, ...]  # evidence and answers
    source: str
    remedy: Phrase | None = None  # what would settle or mend it
    minutes: int | None = None  # what the remedy costs, where it is known
    countered_by: tuple[Counterweight, ...] = (Counterweight.BENEFIT,)  # of a caution


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one component stands."""

    component: Component
    ceiling: tuple[Rung, ...]  # rungs that no breached finding forbids
    cleared: tuple[Rung, ...]  # rungs that neither a breached nor an open finding forbids
    limits: tuple[str, ...]  # breached rules that take rungs away
    open: tuple[str, ...]  # rules not yet answered that keep rungs from being cleared
    proposed: Rung | None = None  # what the owner's plan asks for


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One measurement or answer that would widen what is cleared."""

    rule: str
    says: Phrase
    minutes: int
    would_clear: tuple[tuple[str, tuple[Rung, ...]], ...]  # component to rungs, were this the next thing settled well
    component: Component | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """Computed from findings, in any order; never edited."""

    candidate: Digest
    policy: str
    policy_digest: Digest
    components: tuple[Standing, ...]

"""What people decide: a plan bound to bytes, with reasons, conditions, dissent and an end; and who signs it.

Texts that name or quote people lie in the erasable store; a decision holds commitments to them. What must be read by
whoever checks it (conditions, waivers, the rungs) stands in it as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from weighbridge.core.candidate import Component, Impact
from weighbridge.core.canon import Digest, digest_of
from weighbridge.core.rungs import Rung
from weighbridge.core.shape import LEFT_OUT, plain
from weighbridge.core.stages import Rungs, Stage


class SignerRole(StrEnum):
    """For what a person signs. Press and governments are consulted; they have no role here."""

    OWNER = "owner"
    SECURITY = "security"
    DOMAIN = "domain"
    COMMUNITY = "community"
    INDEPENDENT = "independent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """One released file, as it was weighed."""

    label: str
    digest: Digest
    size_bytes: int
    component: Component


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """Where the plan is wider or narrower than what was recommended, and a commitment to the reason."""

    component: Component
    decided: Rung
    ceiling: Annotated[tuple[Rung, ...], "rungs that no breached finding forbids"]
    cleared: Annotated[tuple[Rung, ...], "rungs that nothing unanswered forbids either"]
    because: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A stop or a breached caution lifted by somebody with the authority to do so, in public and for a time."""

    rule: str
    component: Component
    authority: Annotated[str, "the office that lifts it"]
    because: Annotated[str, "the reason that the public reads"]
    expires: Annotated[str, "the last day on which it holds (ISO 8601)"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Widening:
    """What a stage gives, and from when on that is counted: all of it that figures follow from."""

    by: Annotated[str, "the last day on which it opens (ISO 8601)"]
    plan: Annotated[Rungs, "the rungs that it gives"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The risk, said explicitly, and the figures it was written from: whoever signs the decision signs both."""

    says: Annotated[str, "two or three sentences that everybody may read"]
    figures: Annotated[Digest, "over the figures it was written from, and the plan that it speaks of"]
    day: Annotated[str, "the day that its stages are counted from (ISO 8601)"] = field(
        default="", metadata={LEFT_OUT: True}
    )
    plan: Annotated[Rungs, "the rungs of the plan that it speaks of; left out: it speaks of none"] = field(
        default=(), metadata={LEFT_OUT: True}
    )
    stages: Annotated[tuple[Widening, ...], "the stages of that plan"] = field(default=(), metadata={LEFT_OUT: True})

    @classmethod
    def bound(cls, says: str, figures: Digest, *, day: str, plan: Rungs, stages: tuple[Widening, ...]) -> Statement:
        """A statement bound to its figures and to the plan that it speaks of: neither can be taken from it by hand."""
        return cls(says=says, figures=_binding(figures, plan, stages), day=day, plan=plan, stages=stages)

    def is_from(self, figures: Digest) -> bool:
        """Whether it was written from these figures, and of the plan that it names."""
        return self.figures == _binding(figures, self.plan, self.stages)

    def is_of(self, plan: Rungs, stages: Sequence[Stage]) -> bool:
        """Whether it speaks of these rungs and stages, or of no plan in particular."""
        if not self.plan:
            return not self.stages
        said = [(stage.by, sorted(stage.plan)) for stage in self.stages]
        return sorted(self.plan) == sorted(plan) and said == [(stage.by, sorted(stage.plan)) for stage in stages]


def _binding(figures: Digest, plan: Rungs, stages: Sequence[Widening]) -> Digest:
    return digest_of([figures, plain(tuple(sorted(plan))), plain(tuple(stages))])


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """For or against: withholding needs the same reasons, signatures and expiry as opening.

    `plan` is what leaves at once; a stage widens it once it is opened.
    """

    name: str
    version: str
    candidate: Digest
    reading: Digest
    released: tuple[Released, ...]  # every released file, by label
    impact: Impact
    recommendation: Digest  # of the ledger's entry that was decided on
    policy: str
    policy_digest: Digest
    plan: tuple[tuple[str, Rung], ...]  # one rung for every released component
    reasons: tuple[Digest, ...]
    departures: tuple[Departure, ...] = ()
    conditions: tuple[str, ...] = ()
    dissent: tuple[Digest, ...] = ()  # verbatim, each a commitment
    waivers: tuple[Waiver, ...] = ()
    prepared_by: str  # fingerprint of the preparer's key
    decided_at: str  # ISO 8601, UTC
    expires: str  # the last day on which it holds; at most twelve months on
    stages: Annotated[tuple[Stage, ...], "what widens the plan later"] = field(default=(), metadata={LEFT_OUT: True})
    statement: Annotated[Statement | None, "the risk statement"] = field(default=None, metadata={LEFT_OUT: True})

    @property
    def digest(self) -> Digest:
        """Over all of it."""
        return digest_of(plain(self))

    def rung_of(self, component: Component) -> Rung | None:
        """What was decided for a component; None where it is no part of the plan."""
        return dict(self.plan).get(component.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One person's name under a decision, for one role; what a signature is made over, together with the decision."""

    decision: Digest
    role: SignerRole
    fingerprint: str  # of the public key, sha256 in hexadecimal
    signed_at: str  # ISO 8601, UTC
    self_reviewed: bool = False  # at light impact the preparer may sign after 24 hours, marked so


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """What shows that a criterion is met."""

    criterion: str
    rests_on: Annotated[
        tuple[Digest, ...], "evidence, the ledger's entry of an answer, or a commitment to what was testified"
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """One person's name under the opening of a stage, for one role; what a signature is made over."""

    decision: Digest
    stage: str
    candidate: Digest  # as it was weighed last: the released files are those decided on, the evidence may be more
    reading: Digest
    recommendation: Digest  # of the ledger's entry that it rests on
    met: tuple[Met, ...]  # every criterion of the stage
    role: SignerRole
    fingerprint: str  # of the public key
    signed_at: str  # ISO 8601, UTC
    self_reviewed: bool = False

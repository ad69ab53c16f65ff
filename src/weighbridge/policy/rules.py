"""A policy: rules in TOML, each with its reason, its source and what it takes away when breached."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from weighbridge.core.candidate import Component, Impact
from weighbridge.core.canon import Digest, Plain, digest_of
from weighbridge.core.decision import SignerRole
from weighbridge.core.findings import Counterweight, Effect
from weighbridge.core.rungs import Rung, closed, in_order
from weighbridge.core.shape import plain, schema

_WORST = re.compile(r"worst\((.+)\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """The number a rule watches."""

    probe: Annotated[str, "slug of the probe that reports it"]
    metric: Annotated[str, "metric of that probe"]
    where: Annotated[tuple[tuple[str, str], ...], "only the number with these axis values"] = ()
    over: Annotated[
        str, '"worst(AXIS)": every value of this axis must be safe; left out: the number not broken down further'
    ] = ""
    among: Annotated[
        str, "with `over`: only the axis values that are the candidate's values of this fact, and all of those"
    ] = ""

    @property
    def axis(self) -> str:
        """The axis in `over`; empty where there is none."""
        found = _WORST.fullmatch(self.over)
        return found[1].strip() if found else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Safe:
    """What is safe: a range for a number, choices for an answer."""

    at_most: float | None = None
    at_least: float | None = None
    choices: Annotated[tuple[str, ...], "answers that are safe"] = ()
    any: Annotated[bool, "any answer is safe; only silence keeps the rule open"] = False
    waits: Annotated[tuple[str, ...], "answers that are no answer yet, such as not-known: the rule stays open"] = ()
    silence: Annotated[bool, "while nobody answers, another rule asks, and this one is about nothing"] = False

    @property
    def is_range(self) -> bool:
        """Whether it bounds a number."""
        return self.at_most is not None or self.at_least is not None

    def holds(self, low: float, high: float) -> bool:
        """Whether the whole interval is safe."""
        return (self.at_most is None or high <= self.at_most) and (self.at_least is None or low >= self.at_least)

    def breached(self, low: float, high: float) -> bool:
        """Whether no point of the interval is safe."""
        return (self.at_most is not None and low > self.at_most) or (self.at_least is not None and high < self.at_least)

    def __str__(self) -> str:
        bounds = (("≥", self.at_least), ("≤", self.at_most))
        return " ".join(f"{sign} {bound:g}" for sign, bound in bounds if bound is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. All `when` terms true: it applies; one false: it does not; one unknown: not yet answered."""

    slug: str
    says: Annotated[str, "what is the case if it is breached, in one plain sentence"]
    because: Annotated[str, "why that matters"]
    source: Annotated[str, "where the number comes from"]
    ours: Annotated[bool, "the number is our own judgement"]
    effect: Effect
    safe: Safe
    remedy: Annotated[str, "what settles or mends it, pasteable where possible"]
    mission: Annotated[tuple[int, ...], "rows of the mission map"] = ()
    component: Annotated[
        Component | tuple[Component, ...] | None, "what it bears on, one or several; left out: every released component"
    ] = None
    forbids: Annotated[
        tuple[Rung, ...], "rungs it takes away, and with them every rung that gives as much or more"
    ] = ()
    when: Annotated[tuple[tuple[str, tuple[str, ...]], ...], "fact = values, one of which must be the case"] = ()
    watch: Annotated[Watch | None, "the number it watches"] = None
    answer: Annotated[str, "or the answer it watches"] = ""
    minutes: Annotated[int | None, "what the remedy costs"] = None
    countered_by: Annotated[
        tuple[Counterweight, ...], "what may be set against a caution: a measured defence, a testified benefit"
    ] = (Counterweight.BENEFIT,)
    insists: Annotated[bool, "that a probe says it does not apply is not enough: the rule then stays open"] = False

    @property
    def components(self) -> tuple[Component, ...]:
        """The components it names; none where it bears on all."""
        if self.component is None:
            return ()
        return (self.component,) if isinstance(self.component, Component) else self.component

    @property
    def forbidden(self) -> tuple[Rung, ...]:
        """`forbids`, closed upward."""
        return in_order(closed(self.forbids))


@dataclass(frozen=True, slots=True, kw_only=True)
class Approving:
    """Who must sign a decision where this much hangs on it: one person for each role, all of them different."""

    impact: Impact
    roles: tuple[SignerRole, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Rules under one name. The order of its rules is for readers and changes nothing, the digest included."""

    name: str
    version: int
    confidence: Annotated[float, "that each rule's verdict must have, over all it compares"]
    rule: tuple[Rule, ...]
    approval: Annotated[tuple[Approving, ...], "who must sign, by impact"] = ()

    @property
    def digest(self) -> Digest:
        """Over all it says."""
        rules = sorted(self.rule, key=lambda rule: rule.slug)
        approvals = sorted(self.approval, key=lambda approving: approving.impact)
        return digest_of([self.name, self.version, self.confidence, plain(tuple(rules)), plain(tuple(approvals))])

    def signers(self, impact: Impact) -> tuple[SignerRole, ...]:
        """The roles that must sign at this impact; none where the policy does not say, and then nothing passes."""
        return next((approving.roles for approving in self.approval if approving.impact is impact), ())


def policy_schema() -> dict[str, Plain]:
    """JSON Schema of a policy file."""
    return schema(Policy, "A policy of Weighbridge")

"""How the components stand after all findings, and the cheapest steps that would widen what is cleared.

Both are sums over sets: neither the order of the findings nor that of the rules changes anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from weighbridge.core.candidate import Candidate, Component
from weighbridge.core.findings import Finding, Recommendation, Standing, Step, Verdict
from weighbridge.core.rungs import Rung, in_order
from weighbridge.core.wording import Phrase, phrase
from weighbridge.policy.rules import Policy
from weighbridge.policy.ruling import COMMAND, QUESTION

_UNKNOWN_MINUTES = 60  # ours: a remedy that names no cost comes after those that do

Place = tuple[Component, Rung]


def standings(policy: Policy, candidate: Candidate, findings: tuple[Finding, ...]) -> Recommendation:
    """What each released component may at most become, and what it is cleared for."""
    plan = dict(candidate.plan)
    return Recommendation(
        candidate=candidate.digest,
        policy=policy.name,
        policy_digest=policy.digest,
        components=tuple(_standing(c, findings, plan.get(c.value)) for c in candidate.components),
    )


def _standing(component: Component, findings: tuple[Finding, ...], proposed: Rung | None) -> Standing:
    limits = [f for f in findings if f.verdict is Verdict.BREACHED and _bears_on(f, component)]
    waiting = [f for f in findings if f.verdict is Verdict.OPEN and _bears_on(f, component)]
    ceiling = set(Rung) - _forbidden(limits)
    return Standing(
        component=component,
        ceiling=in_order(ceiling),
        cleared=in_order(ceiling - _forbidden(waiting)),
        limits=tuple(sorted({f.rule for f in limits})),
        open=tuple(sorted({f.rule for f in waiting})),
        proposed=proposed,
    )


def _bears_on(finding: Finding, component: Component) -> bool:
    """Whether the finding can take a rung of this component away."""
    return finding.effect.forbids and bool(finding.forbids) and finding.component in (None, component)


def _forbidden(findings: Iterable[Finding]) -> set[Rung]:
    return {rung for finding in findings for rung in finding.forbids}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Act:
    """One thing to do, with the open rules that it settles."""

    rules: tuple[str, ...]
    says: Phrase
    minutes: int
    component: Component | None

    @property
    def rank(self) -> tuple[int, tuple[str, ...]]:
        """The cheap before the dear."""
        return self.minutes, self.rules


def next_steps(findings: tuple[Finding, ...], recommendation: Recommendation, n: int = 3) -> tuple[Step, ...]:
    """At most `n` things to do, each with the rungs it would clear once those before it are done and all came out well.

    A rung is cleared only when everything that holds it back is settled. So the cheapest whole set that clears a rung
    comes first (of two that cost the same, the one that clears more), then the cheapest for what is left. Where no set
    of `n` clears anything, the steps are the first of the cheapest set. Nothing is suggested for rungs under a breach.
    A component that waits and has no step among these gets its first one after them, so that none goes unnamed.
    """
    acts = _acts(f for f in findings if f.verdict is Verdict.OPEN and f.effect.forbids and f.remedy is not None)
    waits = _waits(findings, recommendation, acts)
    done: set[_Act] = set()
    steps: list[Step] = []
    while len(steps) < n:
        chosen = _cheapest(waits, done, n - len(steps))
        if not chosen and not steps:
            chosen = _cheapest(waits, done, len(acts))[:n]
        if not chosen:
            break
        for act in chosen:
            before = _cleared(waits, done)
            done.add(act)
            steps.append(_step(act, _cleared(waits, done) - before))
    for component in (standing.component for standing in recommendation.components):
        own = {place: acts for place, acts in waits.items() if place[0] is component}
        if steps and own and not done & frozenset[_Act]().union(*own.values()):
            first = _cheapest(own, done, len(acts))[0]
            before = _cleared(waits, done)
            done.add(first)
            steps.append(_step(first, _cleared(waits, done) - before))
    return tuple(steps)


def _acts(findings: Iterable[Finding]) -> tuple[_Act, ...]:
    """Findings with one remedy are settled by one act; questions that one command asks are one act too."""
    grouped: dict[Phrase, list[Finding]] = {}
    for finding in findings:
        assert finding.remedy is not None  # noqa: S101  the caller leaves out those without
        command = dict(finding.remedy.fields).get(COMMAND)
        key = Phrase(template=str(command)) if command is not None else finding.remedy
        grouped.setdefault(key, []).append(finding)
    return tuple(sorted((_act(group) for group in grouped.values()), key=lambda act: act.rank))


def _act(group: list[Finding]) -> _Act:
    costs: dict[
        str, int
    ] = {}  # each question costs its own time; what is measured together costs as much as the dearest
    remedy = group[0].remedy or phrase("")
    for finding in group:
        question = str(dict(finding.remedy.fields if finding.remedy else ()).get(QUESTION, ""))
        minutes = _UNKNOWN_MINUTES if finding.minutes is None else finding.minutes
        costs[question] = max(minutes, costs.get(question, 0))
    if "" not in costs:
        command = str(dict(remedy.fields)[COMMAND])
        remedy = phrase("answer {question}: {command}", question=", ".join(sorted(costs)), command=command)
    components = {f.component for f in group}
    return _Act(
        rules=tuple(sorted({f.rule for f in group})),
        says=remedy,
        minutes=sum(costs.values()),
        component=components.pop() if len(components) == 1 else None,
    )


def _waits(
    findings: tuple[Finding, ...], recommendation: Recommendation, acts: tuple[_Act, ...]
) -> dict[Place, frozenset[_Act]]:
    """What each rung that is not cleared and not under a breach waits for; rungs that nobody can clear are left out."""
    by_rule = {rule: act for act in acts for rule in act.rules}
    waits: dict[Place, frozenset[_Act]] = {}
    for standing in recommendation.components:
        waiting = [f for f in findings if f.verdict is Verdict.OPEN and _bears_on(f, standing.component)]
        for rung in set(standing.ceiling) - set(standing.cleared):
            holding = [f.rule for f in waiting if rung in f.forbids]
            if all(rule in by_rule for rule in holding):
                waits[standing.component, rung] = frozenset(by_rule[rule] for rule in holding)
    return waits


def _cheapest(waits: dict[Place, frozenset[_Act]], done: set[_Act], room: int) -> list[_Act]:
    """The cheapest set, of at most `room` acts, that clears one rung more; empty where there is none."""
    sets = {acts - done for acts in waits.values() if acts - done and len(acts - done) <= room}
    if not sets:
        return []

    def price(acts: frozenset[_Act]) -> tuple[int, int, list[tuple[int, tuple[str, ...]]]]:
        gain = len(_cleared(waits, done | acts))
        return sum(act.minutes for act in acts), -gain, sorted(act.rank for act in acts)

    best = min(sets, key=price)
    return sorted(best, key=lambda act: act.rank)


def _cleared(waits: dict[Place, frozenset[_Act]], done: set[_Act] | frozenset[_Act]) -> set[Place]:
    return {place for place, acts in waits.items() if acts <= done}


def _step(act: _Act, cleared: set[Place]) -> Step:
    components = [c for c in Component if any(place[0] is c for place in cleared)]
    return Step(
        rule=act.rules[0],
        says=act.says,
        minutes=act.minutes,
        would_clear=tuple((c.value, in_order(rung for where, rung in cleared if where is c)) for c in components),
        component=act.component,
    )

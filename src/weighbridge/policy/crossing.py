"""Whether a better measurement could settle a rule: an interval crosses its line, and nothing else keeps it open."""

from __future__ import annotations

from weighbridge.core.candidate import Candidate
from weighbridge.core.evidence import Basis, Evidence, Measured, Quantity
from weighbridge.policy.comparison import is_watched
from weighbridge.policy.facts import facts_of
from weighbridge.policy.rules import Policy, Rule


def crosses(policy: Policy, candidate: Candidate, evidence: Evidence) -> bool:
    """Whether some rule on this probe may apply, is breached by none of its numbers, and is crossed by one of them."""
    if not isinstance(evidence.outcome, Measured):
        return False
    facts = dict(facts_of(candidate))
    for rule in policy.rule:
        known = [(facts.get(fact), values) for fact, values in rule.when]
        if any(has is not None and not set(has) & set(values) for has, values in known):
            continue
        if _is_crossed(rule, evidence.probe, evidence.outcome.quantities):
            return True
    return False


def _is_crossed(rule: Rule, probe: str, quantities: tuple[Quantity, ...]) -> bool:
    watch = rule.watch
    if watch is None or watch.probe != probe:
        return False
    numbers = [q for q in quantities if is_watched(q, watch) and q.basis is not Basis.ASSUMED and q.n > 0]
    if any(rule.safe.breached(q.low, q.high) for q in numbers):
        return False
    return any(not rule.safe.holds(q.low, q.high) for q in numbers)

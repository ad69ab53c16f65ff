"""What each rule of a policy needs before it can be settled."""

from __future__ import annotations

from dataclasses import dataclass

from weighbridge.core.card import Card, Metric
from weighbridge.core.evidence import is_imported
from weighbridge.core.wording import Phrase, phrase
from weighbridge.policy.needs import tries_needed
from weighbridge.policy.rules import Policy, Rule, Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What settles one rule: a number of tries where it watches a share, else what is said."""

    rule: str
    tries: int | None  # the fewest, per value compared; None where no number of tries settles it
    says: Phrase
    warns: bool = False  # sampling alone can never settle it well


def needs_report(policy: Policy, cards: tuple[Card, ...]) -> tuple[Need, ...]:
    """One line for each rule, in the policy's order."""
    return tuple(_need(rule, policy.confidence, cards) for rule in policy.rule)


def _need(rule: Rule, confidence: float, cards: tuple[Card, ...]) -> Need:
    if rule.watch is None:
        return Need(rule=rule.slug, tries=None, says=phrase("an answer to {question}", question=rule.answer))
    card = next((c for c in cards if c.slug == rule.watch.probe), None)
    metric = card.metric_named(rule.watch.metric) if card else None
    if card is None or metric is None:
        says = phrase("a measurement of {metric} by {probe}", metric=rule.watch.metric, probe=rule.watch.probe)
        return Need(rule=rule.slug, tries=None, says=says)
    if is_imported(card.slug):
        says = phrase("a report of another tool, which can limit and never clear: by it alone the rule never holds")
        return Need(rule=rule.slug, tries=None, says=says, warns=rule.effect.forbids)
    if metric.unit == "1":
        return _need_of_share(rule, confidence, _comparisons(rule.watch, card, metric))
    if metric.unit == "count":
        return Need(rule=rule.slug, tries=None, says=phrase("an exact count"))
    return Need(
        rule=rule.slug,
        tries=None,
        says=phrase("an interval inside {safe} {unit}", safe=str(rule.safe), unit=metric.unit),
    )


def _need_of_share(rule: Rule, confidence: float, comparisons: int) -> Need:
    if rule.safe.at_most is not None and rule.safe.at_least is not None:
        return Need(rule=rule.slug, tries=None, says=phrase("a sample that depends on the share itself"))
    tries = tries_needed(rule.safe, confidence=confidence, comparisons=comparisons)
    if tries is None:
        says = phrase("a count over all there is: by sampling it can never hold")
        return Need(rule=rule.slug, tries=None, says=says, warns=True)
    kind = phrase("at least {n} tries, no hit among them", n=tries)
    if rule.safe.at_least is not None:
        kind = phrase("at least {n} tries, every one a hit", n=tries)
    return Need(rule=rule.slug, tries=tries, says=kind)


def _comparisons(watch: Watch, card: Card, metric: Metric) -> int:
    """How many values are compared, as far as the card tells; what comes from the candidate counts as one."""
    if not watch.axis or watch.axis not in metric.by:
        return 1
    return max(1, next((len(a.values) for a in card.axis if a.name == watch.axis), 1))

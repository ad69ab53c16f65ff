"""Which numbers of a probe to tell first where there is room for few: those that rules watch, and the worst of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from weighbridge.core.evidence import Quantity
from weighbridge.policy.comparison import is_watched
from weighbridge.policy.rules import Rule
from weighbridge.report.numbers import says_none

_BREACHED, _UNSETTLED, _SAFE, _WHOLE, _PART = range(5)


def weightiest(probe: str, quantities: Iterable[Quantity], rules: Sequence[Rule]) -> list[Quantity]:
    """Those that a rule finds breached, those it cannot settle, those it finds safe, and those that none watches."""
    watching = [rule for rule in rules if rule.watch and rule.watch.probe == probe]
    return sorted((q for q in quantities if not says_none(q)), key=lambda q: _weight(q, watching))


def _weight(q: Quantity, rules: Iterable[Rule]) -> tuple[int, float]:
    """The least comes first; of numbers that one rule watches, the one that lies furthest beyond its line."""
    judged = [_by_rule(q, rule) for rule in rules if rule.watch and is_watched(q, rule.watch)]
    return min(judged, default=(_PART if q.by else _WHOLE, 0.0))


def _by_rule(q: Quantity, rule: Rule) -> tuple[int, float]:
    beyond = q.value if rule.safe.at_most is not None else -q.value
    if rule.safe.breached(q.low, q.high):
        return _BREACHED, -beyond
    return (_SAFE if rule.safe.holds(q.low, q.high) else _UNSETTLED), -beyond

from __future__ import annotations

from weighbridge.core.evidence import Quantity
from weighbridge.core.findings import Effect
from weighbridge.policy.rules import Rule, Safe, Watch
from weighbridge.report.weighty import weightiest


def _quantity(metric: str, value: float, spread: float = 0.0, n: int = 9, **by: str) -> Quantity:
    return Quantity(
        metric=metric, value=value, low=value - spread, high=value + spread, confidence=1, unit="1", n=n, n_of="record",
        by=tuple(by.items()),
    )  # fmt: skip


def _rule(metric: str, safe: Safe, over: str = "") -> Rule:
    return Rule(
        slug=metric, says="s", because="b", source="s", ours=True, effect=Effect.ADVISE, safe=safe, remedy="r",
        watch=Watch(probe="p", metric=metric, over=over),
    )  # fmt: skip


def test_what_rules_watch_comes_first_and_the_worst_of_it_before_that() -> None:
    rules = (_rule("leak", Safe(at_most=1), over="worst(kind)"), _rule("right", Safe(at_least=0.5)))
    part, whole, safe, crossing = (
        _quantity("other", 1, of="x"), _quantity("other", 1), _quantity("right", 0.9), _quantity("leak", 1, 0.5, kind="c"),
    )  # fmt: skip
    bad, worse, none = (
        _quantity("leak", 2, kind="a"),
        _quantity("leak", 3, kind="b"),
        _quantity("leak", 0, n=0, kind="d"),
    )
    told = weightiest("p", [part, whole, none, safe, crossing, bad, worse], rules)
    assert told == [worse, bad, crossing, safe, whole, part]
    assert weightiest("another", [part, bad, whole], rules) == [whole, part, bad]

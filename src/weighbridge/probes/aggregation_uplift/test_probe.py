import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from weighbridge.core.candidate import Declared, Role
from weighbridge.core.evidence import Measured, NotApplicable, NotMeasured, Outcome, Quantity
from weighbridge.probekit.bench import FixedBudget, MemoryBench, MemoryTable
from weighbridge.probekit.folds import Fold
from weighbridge.probes.aggregation_uplift import probe, shares
from weighbridge.probes.aggregation_uplift.probe import PROBE, Settings

Columns = Mapping[str, Any]


def declared(*quasi: str, person: str = "") -> Declared:
    return Declared(quasi_identifiers=quasi, person=person, about_people=True)


def weighed(*tables: MemoryTable, seconds: float = 600.0, seed: int = 0, orders: int = 24) -> Outcome:
    bench = MemoryBench(tables_by_role={Role.DATA: tables}, budget=FixedBudget(seconds), seed=seed)
    return PROBE.measure(bench, Settings(orders=orders))


def found(outcome: Outcome, metric: str, **by: str) -> Quantity:
    assert isinstance(outcome, Measured), outcome
    return next(q for q in outcome.quantities if q.metric == metric and dict(q.by) == by)


def said(outcome: Outcome) -> str:
    assert isinstance(outcome, Measured), outcome
    return "\n".join(map(str, outcome.notes))


def drawn(n: int, *cards: int, seed: int = 0) -> dict[str, list[int]]:
    rng = np.random.default_rng(seed)
    return {f"c{place}": [int(x) for x in rng.integers(0, card, n)] for place, card in enumerate(cards)}


def alone(columns: Sequence[Sequence[object]]) -> float:
    rows = list(zip(*columns, strict=True))
    return sum(rows.count(row) == 1 for row in rows) / len(rows)


def test_shares_are_what_a_plain_count_over_all_orders_gives() -> None:
    columns = drawn(80, 3, 9, 4, 6)
    outcome = weighed(MemoryTable(columns, declared=declared(*columns)))
    added = dict.fromkeys(columns, 0.0)
    for order in itertools.permutations(columns):
        for place, name in enumerate(order):
            with_it = alone([columns[c] for c in order[: place + 1]])
            added[name] += (with_it - (alone([columns[c] for c in order[:place]]) if place else 0.0)) / 24
    for name, share in added.items():
        assert found(outcome, "added-share", column=name).value == pytest.approx(share)
        assert found(outcome, "added-share", column=name).confidence == 1.0
    pairs = np.mean([alone([columns[c] for c in pair]) for pair in itertools.combinations(columns, 2)])
    assert found(outcome, "singled-out-share", columns="2").value == pytest.approx(pairs)
    whole, best = alone(list(columns.values())), max(alone([c]) for c in columns.values())
    assert found(outcome, "singled-out-share", columns="all").value == pytest.approx(whole)
    assert found(outcome, "column-uplift").value == pytest.approx(whole - best)
    most = max(added, key=lambda name: added[name])
    assert f"{most} adds most" in said(outcome)


def test_many_columns_are_put_together_in_drawn_orders_whose_intervals_cover(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "_ALL_SETS", 4)
    columns = drawn(300, 2, 3, 4, 5, 6, 2, 3, 9, seed=3)
    table = MemoryTable(columns, declared=declared(*columns))
    every = [s for size in range(1, 9) for s in itertools.combinations(columns, size)]
    worth = {frozenset(s): shares.alone(table.class_sizes(s)) for s in every}
    pairs = float(np.mean([v for s, v in worth.items() if len(s) == 4]))
    curve = 0
    for seed in range(20):
        outcome = weighed(table, seed=seed)
        quantity = found(outcome, "singled-out-share", columns="4")
        assert quantity.confidence == 0.95
        curve += quantity.low <= pairs <= quantity.high
        total = sum(found(outcome, "added-share", column=name).value for name in columns)
        assert total == pytest.approx(worth[frozenset(columns)])
    assert curve >= 16


def test_a_scan_over_a_sample_says_what_counting_says(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = drawn(40_000, 20, 30, 40, 12, seed=5)
    table = MemoryTable(columns, declared=declared(*columns))
    exact = weighed(table)
    monkeypatch.setattr(shares, "_PATIENCE_S", 0.0)
    scanned = weighed(table)
    for at in ("2", "3"):
        truth, told = found(exact, "singled-out-share", columns=at), found(scanned, "singled-out-share", columns=at)
        assert told.low <= truth.value <= told.high
        assert told.confidence == 0.95
        assert told.high - told.low < 0.1
    for name in columns:
        truth, told = found(exact, "added-share", column=name), found(scanned, "added-share", column=name)
        assert told.low <= truth.value <= told.high
    for metric in ("column-uplift",):
        assert found(exact, metric) == found(scanned, metric)


def test_rows_of_one_person_are_put_together() -> None:
    """No single row tells anybody apart; who was seen at both a and c was seen so alone."""
    rows = [(1, "a"), (1, "b"), (2, "a"), (2, "b"), (3, "b"), (3, "c"), (4, "b"), (4, "c"), (5, "a"), (5, "c")]
    columns: Columns = {"who": [w for w, _ in rows], "place": [p for _, p in rows]}
    outcome = weighed(MemoryTable(columns, declared=declared("place", person="who")))
    quantity = found(outcome, "row-uplift")
    assert (quantity.value, quantity.n, quantity.n_of) == (0.2, 5, "person")
    assert "all rows of a person together single out 20 % more, whom no single row does" in said(outcome)


def test_one_row_each_has_no_rows_to_put_together() -> None:
    columns = drawn(50, 3, 3)
    none = found(weighed(MemoryTable(columns, declared=declared(*columns))), "row-uplift")
    assert (none.value, none.n, none.confidence) == (0.0, 0, 1.0)
    named: Columns = {**columns, "who": list(range(50))}
    assert found(weighed(MemoryTable(named, declared=declared("c0", "c1", person="who"))), "row-uplift").n == 0


def test_whose_rows_they_are_must_be_known() -> None:
    columns: Columns = {**drawn(60, 3, 4), "visit date": [f"2024-01-0{1 + i % 9}" for i in range(60)]}
    outcome = weighed(MemoryTable(columns, declared=declared("c0", "c1")))
    assert isinstance(outcome, Measured)
    assert not [q for q in outcome.quantities if q.metric == "row-uplift"]
    assert 'person = "COLUMN"' in said(outcome)
    assert found(outcome, "column-uplift").high == 1.0


def test_a_single_column_has_nothing_to_be_put_together_with() -> None:
    outcome = weighed(MemoryTable({"age": [1, 2, 2]}, declared=declared("age")))
    assert found(outcome, "column-uplift").value == 0.0
    assert found(outcome, "singled-out-share", columns="all").value == pytest.approx(1 / 3)


def test_the_table_whose_whole_adds_most_gives_the_numbers() -> None:
    calm = MemoryTable({"a": [1] * 20, "b": [1] * 20}, declared=declared("a", "b"), label="calm.csv")
    wild = MemoryTable({"a": [1, 1, 2, 2], "b": [1, 2, 1, 2]}, declared=declared("a", "b"), label="wild.csv")
    outcome = weighed(calm, wild)
    assert found(outcome, "column-uplift").value == 1.0
    assert "those of wild.csv" in said(outcome)
    unclear = MemoryTable({"sex": ["f", "m"], "island": ["x", "y"]}, label="unclear.csv")
    assert found(weighed(calm, unclear), "column-uplift").high == 1.0


def test_silence() -> None:
    assert isinstance(weighed(), NotApplicable)
    assert isinstance(weighed(MemoryTable({"sepal": [0.1, 0.2]})), NotApplicable)
    assert isinstance(weighed(MemoryTable({"sex": ["f", "m"], "island": ["x", "y"]})), NotMeasured)
    assert isinstance(weighed(MemoryTable({"phone": [f"+2547{i:08d}" for i in range(50)]})), NotApplicable)
    columns = drawn(50, 3, 3)
    dear = weighed(MemoryTable(columns, declared=declared(*columns)), seconds=1e-3)
    assert isinstance(dear, NotMeasured)
    assert "--budget" in str(dear.remedy)


def test_more_columns_than_are_put_together_are_said() -> None:
    columns = drawn(40, *([2] * 29), 30)
    outcome = weighed(MemoryTable(columns, declared=declared(*columns)), orders=8)
    assert "put together were the 24 columns that single out most alone" in said(outcome)
    assert found(outcome, "added-share", column="c29").value > 0


class Apart(MemoryTable):
    """A table whose rows stay where they lie, as in a database."""

    rows_stay = True

    def fold(self, fold: Fold, tick: Callable[[int, int], None] | None = None) -> bytes:
        raise AssertionError


def test_where_rows_stay_columns_are_put_together_and_rows_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shares, "_PATIENCE_S", 0.0)
    columns: Columns = {**drawn(60, 3, 4, 5), "who": [i // 2 for i in range(60)]}
    outcome = weighed(Apart(columns, declared=declared("c0", "c1", "c2", person="who")))
    assert found(outcome, "column-uplift").confidence == 1.0
    assert isinstance(outcome, Measured)
    assert not [q for q in outcome.quantities if q.metric == "row-uplift"]
    assert "rows stay where they lie" in said(outcome)
    one_each = weighed(Apart(drawn(60, 3, 4, 5), declared=declared("c0", "c1", "c2")))
    assert found(one_each, "singled-out-share", columns="2").confidence == 1.0

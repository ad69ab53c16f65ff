"""Combinations counted over a sample of their classes, against the same counted one by one."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from weighbridge.core.candidate import Declared, Role
from weighbridge.core.evidence import Measured
from weighbridge.probekit.attributes import Attributes, read_traits, sort_out
from weighbridge.probekit.bench import FixedBudget, MemoryBench, MemoryTable
from weighbridge.probes.unique_combinations import planning, sampling
from weighbridge.probes.unique_combinations.planning import n_planned, plan_for
from weighbridge.probes.unique_combinations.probe import PROBE, Settings

Columns = Mapping[str, Any]


def drawn(n: int, *cards: int, seed: int = 0) -> dict[str, list[int]]:
    rng = np.random.default_rng(seed)
    return {f"c{place}": [int(card * x**2) for x in rng.random(n)] for place, card in enumerate(cards)}


def weighed(table: MemoryTable, *, seed: int = 0, seconds: float = 600.0, most: int = 3) -> Measured:
    bench = MemoryBench(tables_by_role={Role.DATA: (table,)}, seed=seed, budget=FixedBudget(seconds))
    outcome = PROBE.measure(bench, Settings(k=5, max_columns=most))
    assert isinstance(outcome, Measured), outcome
    return outcome


def numbers_of(outcome: Measured) -> dict[tuple[str, str | None], tuple[float, float, float, float]]:
    return {(q.metric, q.at("columns")): (q.value, q.low, q.high, q.confidence) for q in outcome.quantities}


def declared(columns: Columns, person: str = "") -> Declared:
    return Declared(about_people=True, quasi_identifiers=tuple(columns), person=person)


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sample of classes however small the table is, and few of the combinations confirmed."""
    monkeypatch.setattr(planning, "_PATIENCE_S", 0.0)
    monkeypatch.setattr(sampling, "_KEPT", 256)
    monkeypatch.setattr(sampling, "CONFIRMED", 4)


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize(("seeds", "least"), [(4, 3), pytest.param(100, 88, marks=pytest.mark.slow)])
def test_what_a_sample_says_covers_what_counting_says(seeds: int, least: int) -> None:
    """The bound of the worst combination holds at 95 %: less three standard errors over many seeds."""
    columns = drawn(8000, 6, 9, 12, 20, 30, 40)
    table = MemoryTable(columns, declared=declared(columns))
    with pytest.MonkeyPatch.context() as patient:
        patient.setattr(planning, "_PATIENCE_S", 1e9)
        truth = numbers_of(weighed(table))
    covered = dict.fromkeys(truth, 0)
    for seed in range(seeds):
        found = numbers_of(weighed(table, seed=seed))
        for at, (value, *_) in truth.items():
            low, high = found[at][1:3]
            covered[at] += low <= value <= high
            assert found[at][0] == value or found[at][3] < 1  # nothing is said to be certain that is not
            if at[1] in ("1", "declared", "identifier"):
                assert found[at] == truth[at]  # counted over all rows
            elif at[0] != "smallest-class":
                assert found[at][0] <= value  # what was counted is there, and more may be
            else:
                assert found[at][1] == truth["smallest-class", "declared"][0]  # never told from a sample
    assert min(covered.values()) >= least


@pytest.mark.usefixtures("hurried")
def test_a_table_that_is_safe_as_a_whole_is_safe_in_every_part_for_certain() -> None:
    cells = [(a, b, c, d) for a in range(6) for b in range(6) for c in range(6) for d in range(6)] * 6
    columns = {f"c{place}": [cell[place] for cell in cells] for place in range(4)}
    outcome = weighed(MemoryTable(columns, declared=declared(columns)))
    found = numbers_of(outcome)
    for at in ("1", "2", "3", "declared"):
        assert found["unique-share", at] == (0.0, 0.0, 0.0, 1.0)
        assert found["small-class-share", at] == (0.0, 0.0, 0.0, 1.0)
    assert found["smallest-class", "declared"] == (6.0, 6.0, 6.0, 1.0)
    assert found["smallest-class", "3"][1] == 6.0  # no three columns tell more than all four
    assert any("one scan over a sample of their classes" in str(note) for note in outcome.notes)


@pytest.mark.usefixtures("hurried")
def test_the_worst_are_confirmed_and_the_column_to_leave_out_is_found() -> None:
    columns = drawn(4000, 3, 4, 5, 6, 2000)
    outcome = weighed(MemoryTable(columns, declared=declared(columns)), most=4)
    text = "\n".join(map(str, outcome.notes))
    assert "25 combinations were counted in one scan" in text
    assert "what makes most people unique: " in text
    assert "without c4 the share of unique people would fall" in text
    assert numbers_of(outcome)["unique-share", "4"][0] > numbers_of(outcome)["unique-share", "2"][0]


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("n", [20_000, pytest.param(1_000_000, marks=pytest.mark.slow)])
def test_many_different_texts_and_a_column_of_nothing(n: int) -> None:
    columns: Columns = {
        "street": [f"street {i}" for i in range(n)], "nothing": [None] * n, "sex": ["f", "m"] * (n // 2),
        "note": ["1", "x"] * (n // 2), "town": [f"t{i % 977}" for i in range(n)],
    }  # fmt: skip
    known = ("nothing", "sex", "note", "town")
    found = numbers_of(weighed(MemoryTable(columns, declared=Declared(about_people=True, quasi_identifiers=known))))
    assert found["unique-share", "identifier"][0] == 1.0
    assert found["unique-share", "declared"] == (0.0, 0.0, 0.0, 1.0)


def attributes_of(columns: Columns, person: str = "") -> Attributes:
    quasi = {name: None for name in columns if name != person}
    table = MemoryTable(columns, declared=declared(quasi, person))
    return sort_out(table, read_traits(table, table.columns), steps=20, seed=0)


@pytest.mark.parametrize(
    ("n_columns", "rows_each", "n_rows", "seconds", "columns", "by_sample"),
    [
        (6, 1, 60, 600.0, 6, False),  # quick: one by one
        (30, 1, 60, 600.0, 28, True),  # 4,525 sets are more than are remembered
        (30, 1, 10_000_000, 250.0, 24, True),
        (12, 2, 60, 600.0, 12, False),
        (30, 2, 60, 2.0, 7, False),  # persons with several rows are never sampled
    ],
)
def test_what_there_is_time_for(
    n_columns: int, rows_each: int, n_rows: int, seconds: float, columns: int, by_sample: bool
) -> None:
    made: dict[str, Any] = drawn(60, *[4] * n_columns)
    person = "who" if rows_each > 1 else ""
    if person:
        made["who"] = [i // rows_each for i in range(60)]
    attributes = replace(attributes_of(made, person), n_rows=n_rows)
    if not person:
        attributes = replace(attributes, n_individuals=n_rows)
    quasi = tuple(f"c{n}" for n in range(n_columns))
    plan = plan_for(attributes, quasi[::-1], max_columns=3, affords=lambda needed: needed <= seconds)
    assert plan.by_sample == by_sample
    assert set(plan.columns) | set(plan.left_out) == set(quasi)
    if columns < n_columns:
        assert plan.left_out == quasi[: len(plan.left_out)]  # ranked last, so left out
    assert len(plan.columns) == pytest.approx(columns, abs=2)
    assert n_planned(attributes, plan, max_columns=3) > 0


def test_persons_left_out_for_time_stay_open_up_to_all_columns() -> None:
    columns: Columns = {**drawn(120, *[4] * 14), "who": [i // 2 for i in range(120)]}
    quasi = tuple(f"c{n}" for n in range(14))
    table = MemoryTable(columns, declared=Declared(about_people=True, quasi_identifiers=quasi, person="who"))
    full, little = numbers_of(weighed(table)), numbers_of(weighed(table, seconds=1.5))
    for metric in ("unique-share", "small-class-share", "smallest-class"):
        for at in ("2", "3"):
            value, low, high, _ = little[metric, at]
            assert low <= full[metric, at][0] <= high
            assert low <= value <= high
        assert little[metric, "declared"] == full[metric, "declared"]
    assert little["unique-share", "3"][2] == full["unique-share", "declared"][0]

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import settings as hurried
from hypothesis import strategies as st

from weighbridge.core.candidate import Artefact, Belonging, Candidate, Declared, Role, Subject
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.evidence import Measured, NotApplicable, NotMeasured, Outcome, Quantity
from weighbridge.probekit.bench import FixedBudget, MemoryBench, MemoryTable
from weighbridge.probekit.folds import ROW, fold_batches
from weighbridge.probekit.ports import BudgetSpent, Table
from weighbridge.probes.linkage.calibration import planted
from weighbridge.probes.linkage.people import People, read_people
from weighbridge.probes.linkage.probe import PROBE, Settings
from weighbridge.probes.linkage.sketches import Present, Sketches, read_sketches

PEOPLE = Declared(about_people=True)
N = 400


def table(columns: Mapping[str, Any], *, label: str, declared: Declared = PEOPLE) -> MemoryTable:
    return MemoryTable({k: list(v) for k, v in columns.items()}, label=label, declared=declared)


def weighed(*tables: Table, public: Sequence[Table] = (), seconds: float = 600.0, **settings: Any) -> Outcome:
    bench = MemoryBench(tables_by_role={Role.DATA: tables, Role.POPULATION: tuple(public)}, budget=FixedBudget(seconds))
    return PROBE.measure(bench, Settings(**settings))


def found(outcome: Outcome, metric: str, **by: str) -> Quantity:
    assert isinstance(outcome, Measured), outcome
    (one,) = [q for q in outcome.quantities if q.metric == metric and dict(q.by) == by]
    return one


def matched(outcome: Outcome, beside: str = "public") -> Quantity:
    return found(outcome, "matched-people", **{"with": beside})


def notes(outcome: Outcome) -> str:
    assert isinstance(outcome, Measured), outcome
    return "\n".join(map(str, outcome.notes))


def people(seed: int, n: int = N) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    born = [str(dt.date(1940, 1, 1) + dt.timedelta(days=int(d))) for d in rng.integers(0, 20_000, n)]
    return {"zip": rng.integers(1000, 1040, n).tolist(), "born": born, "sex": rng.choice(["f", "m"], n).tolist()}


# what links, and what does not


def test_a_register_of_voters_names_the_patients() -> None:
    everybody = people(0, 4 * N)
    some = {k: v[:N] for k, v in everybody.items()}
    patients = table({**some, "diagnosis": ["flu", "hiv"] * (N // 2)}, label="patients.csv")
    voters = table({**everybody, "name": [f"n{i}" for i in range(4 * N)]}, label="voters.csv")
    outcome = weighed(patients, public=[voters])
    assert matched(outcome).low > 0.95 * N
    assert found(outcome, "matched-share", **{"with": "public"}).low > 0.95
    assert found(outcome, "columns-learnt", **{"with": "public"}).value == 1
    assert "voters.csv tells also name" in notes(outcome)


def test_columns_need_not_have_one_name_nor_one_type() -> None:
    everybody = people(0)
    patients = table({"birth_date": [dt.date.fromisoformat(b) for b in everybody["born"]], "ZIP": [str(z) for z in everybody["zip"]],
                      "ill": ["x", "y"] * (N // 2)}, label="a.csv")  # fmt: skip
    voters = table(
        {"dob": [f" {b} " for b in everybody["born"]], "zip": everybody["zip"], "name": [f"N{i}" for i in range(N)]},
        label="b.csv",
    )
    assert matched(weighed(patients, public=[voters])).low > 0.9 * N


@pytest.mark.parametrize("seed", range(8))
def test_lists_of_different_people_are_not_linked_though_many_meet(seed: int) -> None:
    """Columns that go together: independence would promise a tenth of the matches by chance that there are."""
    rng = np.random.default_rng(seed)

    def some() -> dict[str, Any]:
        district = rng.integers(0, 12, 600)
        return {"district": district.tolist(), "age": (20 + 4 * district + rng.integers(0, 8, 600)).tolist(),
                "income": (100 * district + 10 * rng.integers(0, 9, 600)).tolist()}  # fmt: skip

    ours, theirs = (
        table({**some(), "x": ["p", "q"] * 300}, label="a.csv"),
        table({**some(), "who": [f"w{n}" for n in range(600)]}, label="b.csv"),
    )
    outcome = weighed(ours, public=[theirs])
    assert matched(outcome).low == 0
    assert found(outcome, "chance-matches", **{"with": "public"}).high > 0


def test_few_categories_link_nobody() -> None:
    rng = np.random.default_rng(0)
    made = [
        {"sex": rng.choice(["f", "m"], N).tolist(), "age": rng.integers(20, 60, N).tolist(), f"c{i}": list(range(N))}
        for i in (1, 2)
    ]
    outcome = weighed(table(made[0], label="a.csv"), public=[table(made[1], label="b.csv")])
    assert matched(outcome).low == 0


def test_tables_of_one_release_are_told_apart_from_what_others_have() -> None:
    everybody = people(3)
    ours = table({**everybody, "id": range(N)}, label="a.csv")
    visits = table({**everybody, "cost": range(5 * N, 6 * N)}, label="b.csv")
    outcome = weighed(ours, visits)
    assert matched(outcome, "released").low > 0.9 * N
    assert (matched(outcome).value, matched(outcome).n) == (0, 0)
    assert isinstance(outcome, Measured)
    assert all(q.metric != "public-tables" for q in outcome.quantities)  # silence, which clears nothing
    assert 'role = "population"' in notes(outcome)


def test_where_the_other_table_tells_nothing_more_nobody_is_found() -> None:
    everybody = people(3)
    outcome = weighed(
        table({**everybody, "ill": ["x", "y"] * (N // 2)}, label="a.csv"), public=[table(everybody, label="b.csv")]
    )
    assert (matched(outcome).value, matched(outcome).high) == (0, 0)
    assert "no other column" in notes(outcome)


def test_persons_are_counted_and_not_rows() -> None:
    everybody = people(1)
    twice = {k: [x for x in v for _ in range(2)] for k, v in everybody.items()}
    visits = table(
        {**twice, "who": [n for n in range(N) for _ in range(2)]}, label="visits.csv", declared=Declared(person="who")
    )
    voters = table({**everybody, "name": [f"n{i}" for i in range(N)]}, label="voters.csv")
    assert matched(weighed(visits, public=[voters])).low > 0.9 * N
    assert matched(weighed(visits, public=[voters])).n == N
    rows = table(twice, label="visits.csv")  # each looks like a pair of lookalikes
    assert matched(weighed(rows, public=[voters])).low == 0


def test_a_column_that_names_the_person_is_guessed_as_the_siblings_do() -> None:
    patients = table({"patient_id": range(N), "sex": ["f", "m"] * (N // 2)}, label="patients.csv")
    visits = table({"patient_id": [n % N for n in range(3 * N)], "day": range(3 * N)}, label="visits.csv")
    assert matched(weighed(patients, visits), "released").value == N


def test_missing_values_meet_nobody() -> None:
    everybody = people(2)
    holes = {k: [None if i % 2 else x for i, x in enumerate(v)] for k, v in everybody.items()}
    outcome = weighed(
        table(holes, label="a.csv"), public=[table({**everybody, "name": [f"n{i}" for i in range(N)]}, label="b.csv")]
    )
    assert 0.4 * N < matched(outcome).value <= N / 2


def test_a_sample_of_keys_has_an_interval_that_holds_the_count() -> None:
    everybody = people(5, 6000)
    ours = table({**everybody, "x": ["p", "q"] * 3000}, label="a.csv")
    theirs = table({**everybody, "name": [f"n{i}" for i in range(6000)]}, label="b.csv")
    whole, part = weighed(ours, public=[theirs]), weighed(ours, public=[theirs], keys=1024)
    assert matched(part).low < matched(whole).value < matched(part).high
    assert "one in 8" in notes(part)


def test_a_handful_of_people_is_found_in_a_table_of_very_many() -> None:
    everybody = people(6, 30_000)
    few = table({k: v[:60] for k, v in everybody.items()} | {"ill": ["x", "y"] * 30}, label="few.csv")
    many = table({**everybody, "name": [f"n{i}" for i in range(30_000)]}, label="many.csv")
    assert matched(weighed(few, public=[many], keys=1024)).low > 50
    others = table({**people(66, 30_000), "name": [f"n{i}" for i in range(30_000)]}, label="many.csv")
    assert matched(weighed(few, public=[others], keys=1024)).low == 0


# versions


def test_two_versions_tell_who_came_and_went() -> None:
    old = {**people(7), "id": list(range(N))}
    new = {k: list(v[5:]) for k, v in old.items()}
    new["zip"][0] = new["zip"][1] = 9
    for k, v in people(99, 3).items():
        new[k] += v
    new["id"] += [N, N + 1, N + 2]
    outcome = weighed(table(new, label="new.csv"), public=[table(old, label="old.csv")])
    changes = {kind: found(outcome, "changed-people", change=kind).value for kind in ("added", "removed", "changed")}
    assert changes == {"added": 3, "removed": 5, "changed": 2}
    assert matched(outcome).value == 0  # the older one tells nothing more
    assert "versions of one table" in notes(outcome)


def test_the_same_table_twice_has_no_changes() -> None:
    rows = {**people(7), "id": list(range(N))}
    outcome = weighed(table(rows, label="new.csv"), public=[table(rows, label="old.csv")])
    assert {found(outcome, "changed-people", change=kind).value for kind in ("added", "removed", "changed")} == {0}


# silence, limits, bad input


def test_one_table_alone_says_how_to_give_another() -> None:
    outcome = weighed(table(people(0), label="a.csv"))
    assert isinstance(outcome, NotApplicable)
    assert 'role = "population"' in str(outcome.because)


def test_only_people_are_looked_for() -> None:
    stones = {"what": ["p", "q"], "colour": ["a", "b"]}
    two = [table(stones, label=label, declared=Declared()) for label in ("a.csv", "b.csv")]
    outcome = weighed(*two)
    assert isinstance(outcome, NotMeasured)
    assert "about_people" in str(outcome.remedy)
    no = [table(stones, label=label, declared=Declared(about_people=False)) for label in ("a.csv", "b.csv")]
    assert isinstance(weighed(*no), NotApplicable)
    assert isinstance(weighed(), NotApplicable)


def test_what_is_the_owners_own_is_laid_beside_nothing() -> None:
    kept = Artefact(
        role=Role.DATA,
        label="b.csv",
        digest=digest_of_bytes(b"1"),
        size_bytes=1,
        format="csv",
        belongs=Belonging.EVIDENCE_ONLY,
    )
    bench = MemoryBench(
        candidate=Candidate(name="t", version="1", artefacts=(kept,), subjects=(Subject.TABLE,)),
        tables_by_role={Role.DATA: (table(people(0), label="a.csv"), table(people(0), label="b.csv"))},
    )
    assert isinstance(PROBE.measure(bench, Settings()), NotApplicable)


def test_tables_without_a_common_column_have_nobody_in_common() -> None:
    left = table({"a": [f"x{n}" for n in range(50)]}, label="a.csv")
    outcome = weighed(left, public=[table({"b": [f"y{n}" for n in range(50)], "c": range(50)}, label="b.csv")])
    assert (matched(outcome).value, matched(outcome).high) == (0, 0)
    assert "no columns that hold the same values" in notes(outcome)


@pytest.mark.parametrize(
    "columns",
    [
        {"a": [None, None, None], "b": ["x", "y", "z"]},
        {"b": ["x"]},
        {"b": ["x", "x", "x"]},
        {"b": [1.5, float("nan"), float("inf")]},
        {
            "b": [True, False, None],
            "when": [dt.datetime(1890, 1, 1, tzinfo=dt.UTC), None, dt.datetime(2020, 1, 1, 5, tzinfo=dt.UTC)],
        },
        {"b": [b"\xff\x00", b"x", None]},
        {"b": ["x" * 10_000, "\u202ey", ""]},
    ],
)
def test_odd_tables_give_an_answer(columns: dict[str, Any]) -> None:
    other = table({"b": ["x", "q", "z"], "c": [1, 2, 3]}, label="b.csv")
    assert isinstance(weighed(table(columns, label="a.csv"), public=[other]), Measured)


def test_many_columns_are_cut_off() -> None:
    wide = {f"c{n}": [n, n + 1] for n in range(300)}
    outcome = weighed(table(wide, label="a.csv"), public=[table(wide, label="b.csv")])
    assert "only the first 64 columns" in notes(outcome)
    assert "at most 10 were tried together" in notes(outcome)


def test_too_little_time_says_how_much_is_needed() -> None:
    outcome = weighed(table(people(0), label="a.csv"), public=[table(people(0), label="b.csv")], seconds=1e-6)
    assert isinstance(outcome, NotMeasured)
    assert "--budget" in str(outcome.remedy)


def test_more_tables_than_are_looked_at_leave_it_open() -> None:
    tables = [table({**people(n), f"x{n}": range(N)}, label=f"{n}.csv") for n in range(4)]
    outcome = weighed(*tables, tables=2)
    assert matched(outcome, "released").high == N
    assert "5 pairs of tables were not looked at" in notes(outcome)


def test_time_over_ends_it() -> None:
    class Impatient(MemoryBench):
        def progress(self, done: int, of: int, unit: str) -> None:
            if unit == "row":
                raise BudgetSpent

    bench = planted(0).bench
    assert isinstance(bench, MemoryBench)
    with pytest.raises(BudgetSpent):
        PROBE.measure(Impatient(candidate=bench.candidate, tables_by_role=bench.tables_by_role), Settings())


def test_no_value_and_no_personal_name_of_a_column_is_told() -> None:
    everybody = {"ada@example.org": [f"secret-{n}" for n in range(N)]}
    outcome = weighed(
        table(everybody, label="a.csv"), public=[table({**everybody, "+44 20 7946 0182": range(N)}, label="b.csv")]
    )
    assert matched(outcome).low > 0.9 * N
    assert "secret-" not in notes(outcome)
    assert "ada" not in notes(outcome)
    assert "7946" not in notes(outcome)


# the folds

_ROWS = st.lists(
    st.tuples(st.one_of(st.none(), st.sampled_from("abcdefgh")), st.integers(0, 4)), min_size=1, max_size=60
)


def _some_keys() -> bytes:
    batch = pa.RecordBatch.from_arrays([pa.array(["a", "b", "c"]), pa.array([1, 2, 3])], names=["a", ROW])
    (drawn,) = read_people(People(keys=("a",), combinations=((0,),), key=b"k", cap=9).map(batch))
    return np.unique(drawn.keys).astype("<u8").tobytes()


def _cut(batch: pa.RecordBatch, at: int) -> list[pa.RecordBatch]:
    at = min(at, batch.num_rows)
    return [batch.slice(at), batch.slice(0, at)]


@hurried(deadline=None, max_examples=60)
@given(_ROWS, st.integers(0, 60), st.sampled_from([2, 1000]), st.sampled_from(["", "b"]))
def test_the_folds_do_not_see_where_rows_are_cut(
    rows: list[tuple[str | None, int]], at: int, cap: int, person: str
) -> None:
    batch = pa.RecordBatch.from_arrays(
        [pa.array([a for a, _ in rows], pa.string()), pa.array([b for _, b in rows]), pa.array(range(1, len(rows) + 1))], names=["a", "b", ROW]
    )  # fmt: skip
    folds = (
        Sketches(columns=("a", "b"), key=b"k", cap=cap),
        Present(columns=("a", "b"), key=b"k", sought=np.array([5, 7], "<u8").tobytes()),
        People(keys=("a", "b"), combinations=((0,), (0, 1)), key=b"k", cap=cap, person=person),
        People(keys=("a", "b"), combinations=((0,),), key=b"k", cap=cap, person=person, within=(_some_keys(),)),
    )
    for fold in folds:
        own = batch.select(list(fold.columns))
        assert fold_batches(fold, _cut(own, at)) == fold_batches(fold, [own])


def test_the_state_stays_bounded() -> None:
    batch = pa.RecordBatch.from_arrays(
        [pa.array([f"v{n}" for n in range(50_000)]), pa.array(range(50_000))], names=["a", ROW]
    )
    state = fold_batches(
        People(keys=("a",), combinations=((0,),), key=b"k", cap=1000),
        [batch.slice(n, 5000) for n in range(0, 50_000, 5000)],
    )
    (drawn,) = read_people(state)
    assert 400 < len(drawn.keys) <= 1000
    assert 0.8 * 50_000 < len(drawn.keys) * 2**drawn.level < 1.2 * 50_000
    ((hashes, level),) = read_sketches(fold_batches(Sketches(("a",), b"k", 500), [batch.select(["a"])]))
    assert len(hashes) <= 500 < 50_000 / 2 ** (level - 1) * 1.2

from __future__ import annotations

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
from weighbridge.probekit.folds import fold_batches
from weighbridge.probekit.ports import BudgetSpent, Table
from weighbridge.probes.small_cells.probe import PROBE, Settings
from weighbridge.probes.small_cells.shown import ShownCounts, read_shown

PEOPLE = Declared(about_people=True)


def table(columns: Mapping[str, Any], *, declared: Declared = PEOPLE, label: str = "t.csv") -> MemoryTable:
    return MemoryTable(columns, label=label, declared=declared)


def weighed(*tables: Table, public: Sequence[Table] = (), seconds: float = 600.0, **settings: Any) -> Outcome:
    bench = MemoryBench(tables_by_role={Role.DATA: tables, Role.POPULATION: tuple(public)}, budget=FixedBudget(seconds))
    return PROBE.measure(bench, Settings(**settings))


def found(outcome: Outcome, kind: str = "", metric: str = "small-cells") -> Quantity:
    assert isinstance(outcome, Measured), outcome
    by = {"cell": kind} if kind else {}
    (one,) = [q for q in outcome.quantities if q.metric == metric and dict(q.by) == by]
    return one


def kinds(outcome: Outcome) -> dict[str, float]:
    every = ("shown", "derived", "narrowed", "differenced", "zero")
    return {kind: found(outcome, kind).value for kind in every if found(outcome, kind).value}


def notes(outcome: Outcome) -> str:
    assert isinstance(outcome, Measured), outcome
    return "\n".join(map(str, outcome.notes))


def long(rows: Sequence[tuple[object, ...]], *names: str) -> dict[str, Any]:
    return {name: [row[i] for row in rows] for i, name in enumerate(names)}


# how a table of counts is known

BY_DISTRICT = {"district": ["A", "B", "C"], "patients": [4, 20, 30]}


@pytest.mark.parametrize(
    ("columns", "settings", "measured"),
    [
        (BY_DISTRICT, {}, True),
        ({"district": ["A", "B"], "deaths (n)": ["<11", "40"]}, {}, True),
        ({"région": ["A", "B"], "nombre de cas": [4, 20]}, {}, True),
        ({"العمر": ["0-17", "18+"], "عدد الحالات": [4, 20]}, {}, True),
        ({"district": ["A", "B", "Total"], "2019": [4, 20, 24], "2020": [5, 20, 25]}, {}, True),
        ({"district": ["A", "B"], "what": [4, 20]}, {}, False),
        ({"district": ["A", "B"], "what": [4, 20]}, {"count": "what"}, True),
        ({"id": ["A", "B"], "rate": [0.4, 0.2]}, {}, False),
        ({"patient_id": [1, 2], "cases": [4, 20]}, {}, False),  # one row for each person
        (
            {"age": [31, 31, 40], "sex": ["f", "f", "m"], "children": [2, 0, 3]},
            {},
            False,
        ),  # no row is a group of its own
        ({"age": list(range(20, 80)), "income": list(range(900, 960)), "children": [0, 1, 2] * 20}, {}, False),
    ],
)
def test_a_table_of_counts_is_told_from_others(
    columns: dict[str, Any], settings: dict[str, Any], measured: bool
) -> None:
    assert isinstance(weighed(table(columns), **settings), Measured if measured else NotApplicable)


def test_records_of_people_are_no_counts() -> None:
    rng = np.random.default_rng(0)
    n = 400
    records = {"age": rng.integers(18, 90, n), "sex": rng.choice(["f", "m"], n), "cases": rng.integers(0, 6, n),
               "postcode": rng.integers(10000, 99999, n), "death": rng.integers(0, 2, n)}  # fmt: skip
    outcome = weighed(table({k: v.tolist() for k, v in records.items()}))
    assert isinstance(outcome, NotApplicable)
    assert "small-cells.count" in str(outcome.because)


def _records(seed: int = 0, n: int = 300) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    return {
        "place": [f"p{i}" for i in range(n)],
        "a": rng.integers(0, 9, n).tolist(),
        "b": rng.integers(1, 50, n).tolist(),
    }


@pytest.mark.parametrize(
    "columns",
    [
        {**_records(), "flag": ["t", "f"] * 150},  # t is no total
        {**_records(), "plan": ["all", "some", "none"] * 100},  # nor is a category that is called so
        {**_records(), "c": [None if i % 3 else i for i in range(300)]},  # blank is not hidden
        {**_records(), "c": ["NA" if i % 3 else str(i) for i in range(300)]},
        {**_records(), "total price": [17 * i for i in range(300)]},  # an order, and no sum
        {"name": [f"n{i}" for i in range(40)], "age": [20 + i for i in range(40)], "maths": list(range(40)),
         "reading": [2 * i for i in range(40)], "total": [3 * i for i in range(40)]},
    ],
)  # fmt: skip
def test_records_with_odd_columns_are_no_counts(columns: dict[str, Any]) -> None:
    assert isinstance(weighed(table(columns)), NotApplicable)


def test_a_table_without_the_columns_that_are_named_is_left_alone() -> None:
    assert isinstance(weighed(table(BY_DISTRICT), count="none"), NotApplicable)


@pytest.mark.parametrize(
    ("declared", "columns", "expected"),
    [
        (Declared(), {"district": ["A", "B"], "count": [4, 20]}, NotMeasured),
        (Declared(about_people=False), BY_DISTRICT, NotApplicable),
        (Declared(), BY_DISTRICT, Measured),
        (Declared(), {"who": ["women", "men"], "count": [4, 20]}, Measured),  # the categories say it
    ],
)
def test_only_counts_of_people_matter(declared: Declared, columns: dict[str, Any], expected: type) -> None:
    outcome = weighed(table(columns, declared=declared))
    assert isinstance(outcome, expected)
    if isinstance(outcome, NotMeasured):
        assert "about_people = true" in str(outcome.remedy)


# what is shown, and what follows


def test_cells_of_one_to_ten_are_small_and_noughts_are_told_apart() -> None:
    outcome = weighed(table({"district": list("ABCDE"), "patients": [0, 1, 10, 11, 400]}))
    assert kinds(outcome) == {"shown": 2, "zero": 1}
    assert found(outcome).value == 2
    assert found(outcome, metric="small-cell-share").value == 2 / 5
    assert kinds(weighed(table({"district": list("ABC"), "patients": [3, 4, 5]}), k=5)) == {"shown": 2}


def test_one_hidden_cell_beside_a_total_is_no_secret() -> None:
    outcome = weighed(table({"district": ["A", "B", "C", "Total"], "patients": ["40", "<11", "60", "104"]}))
    assert kinds(outcome) == {"derived": 1}
    assert "follow exactly" in notes(outcome)
    assert "4" not in notes(outcome).replace("4 cells", "")  # what it is is not told


def test_two_hidden_cells_hold_each_other_up() -> None:
    outcome = weighed(table({"district": ["A", "B", "C", "Total"], "patients": ["*", "*", "60", "160"]}))
    assert kinds(outcome) == {}
    assert found(outcome, metric="hidden-cells").value == 2
    tight = weighed(table({"district": ["A", "B", "C", "Total"], "patients": ["*", "*", "60", "62"]}))
    assert kinds(tight) == {}  # 0 to 2 each: nought may be
    three = weighed(table({"district": ["A", "B", "C", "Total"], "patients": ["1-10", "1-10", "60", "63"]}))
    assert kinds(three) == {"narrowed": 2}  # 1 or 2 each


def test_a_range_as_printed_is_no_narrowing() -> None:
    outcome = weighed(table({"district": ["A", "B", "C", "Total"], "patients": ["1-10", "1-10", "60", "71"]}))
    assert kinds(outcome) == {}


CROSS = {
    "district": ["A", "B", "C", "Total"],
    "0-17": ["*", "40", "50", "95"],
    "18-59": ["60", "*", "80", "146"],
    "60+": ["*", "*", "30", "42"],
    "Total": ["70", "53", "160", "283"],
}


def test_a_cross_table_is_solved_over_rows_and_columns() -> None:
    """5, 6 and 5, 7 are hidden; each is alone in a row or a column."""
    outcome = weighed(table(CROSS))
    assert kinds(outcome) == {"derived": 4}
    unnamed = {("sum of all" if name == "Total" else name): cells for name, cells in CROSS.items()}
    assert kinds(weighed(table(unnamed))) == {"derived": 4}


def test_totals_without_a_name_are_known_by_arithmetic() -> None:
    cross = {
        "district": ["A", "B", "C", "North"],
        "f": ["10", "20", "30", "60"],
        "m": ["40", "*", "60", "150"],
        "cases": ["50", "70", "90", "210"],
    }
    outcome = weighed(table(cross), k=60)
    assert found(outcome, "derived").value == 1


def test_groups_within_groups_are_solved_too() -> None:
    rows = [
        ("North", "n1", "20"), ("North", "n2", "*"), ("North", "Total", "23"), ("South", "s1", "*"), ("South", "s2", "30"),
        ("South", "Total", "*"), ("Total", "Total", "60"),
    ]  # fmt: skip
    outcome = weighed(table(long(rows, "region", "district", "cases")))
    assert kinds(outcome) == {"derived": 2}  # n2 in its region; the south from the whole, and then s1


def test_a_row_that_was_left_out_is_a_hidden_cell() -> None:
    rows = [("A", "f", 40), ("A", "m", 50), ("A", "all", 90), ("B", "f", 60), ("B", "all", 64)]
    outcome = weighed(table(long(rows, "district", "sex", "cases")))
    assert kinds(outcome) == {"derived": 1}
    assert "left out" in notes(outcome)


def test_totals_that_are_no_sums_give_nothing_away() -> None:
    rows = {
        "symptom": ["cough", "fever", "pain", "Total"],
        "2019": ["40", "60", "70", "90"],
        "2020": ["45", "*", "75", "95"],
    }
    outcome = weighed(table(rows))
    assert kinds(outcome) == {}
    assert "no sums" in notes(outcome)


def test_rounded_counts_are_ranges() -> None:
    rng = np.random.default_rng(1)
    counts = 5 * rng.integers(1, 60, (12, 3))
    rows = {"district": [f"d{n}" for n in range(12)], **{f"age {n}": counts[:, n].tolist() for n in range(3)}}
    outcome = weighed(table({**rows, "patients": (counts.sum(axis=1)).tolist()}))
    assert found(outcome, "shown").value == 0
    assert "multiples of 5" in notes(outcome)
    assert found(outcome, metric="hidden-cells").value == 48


def test_a_status_a_row_number_and_a_second_name_do_not_part_a_total_from_its_parts() -> None:
    rows = [(1, "A", "Ay", "f", "40", "ok"), (2, "A", "Ay", "m", "", "conf"), (3, "A", "Ay", "all", "44", "ok"),
            (4, "B", "Be", "f", "60", "ok"), (5, "B", "Be", "m", "70", "ok"), (6, "B", "Be", "all", "130", "ok")]  # fmt: skip
    names = ("row", "code", "name", "sex", "cases", "status")
    assert kinds(weighed(table(long(rows, *names)), count="cases")) == {"derived": 1}


# two tables


def by_sex(*counts: object) -> dict[str, Any]:
    return {"district": ["A", "A", "B", "B", "C", "C"], "sex": ["f", "m"] * 3, "cases": [str(n) for n in counts]}


def test_what_one_table_hides_another_may_tell() -> None:
    ages = {"district": ["A", "A", "B", "B", "C", "C"], "age": ["0-17", "18+"] * 3, "cases": [30, 34, 50, 50, 40, 41]}
    sexes = by_sex(60, "*", 50, 50, 40, 41)
    alone = weighed(table(sexes, label="sexes.csv"))
    assert kinds(alone) == {}
    both = weighed(table(sexes, label="sexes.csv"), table(ages, label="ages.csv"))
    assert kinds(both) == {"derived": 1}  # 64 in the district, 60 of them women
    assert "count the same people" in notes(both)
    public = weighed(table(sexes, label="sexes.csv"), public=[table(ages, label="ages.csv")])
    assert kinds(public) == {"derived": 1}
    assert found(public).n == 6  # the cells of what others have are not ours


def test_tables_of_other_people_are_not_joined() -> None:
    ages = {"district": ["A", "A", "B", "B", "C", "C"], "age": ["0-17", "18+"] * 3, "cases": [30, 34, 77, 50, 99, 41]}
    outcome = weighed(table(by_sex(60, "*", 50, 50, 40, 41), label="a.csv"), table(ages, label="b.csv"))
    assert kinds(outcome) == {}


def test_two_versions_hide_different_cells() -> None:
    outcome = weighed(
        table(by_sex(60, "*", 50, 50, 40, 41), label="new.csv"), table(by_sex("*", 4, 50, 50, 40, 41), label="old.csv")
    )
    assert found(outcome, "derived").value == 1


def test_a_change_by_few_between_versions_is_told() -> None:
    old, new = by_sex(60, 44, 50, 50, 40, 41), by_sex(62, 44, 50, 50, 40, 91)
    outcome = weighed(table(new, label="new.csv"), table(old, label="old.csv"))
    assert kinds(outcome) == {"differenced": 1}
    assert "2 cells changed, 1 of them" in notes(outcome)


def test_other_years_are_no_versions() -> None:
    outcome = weighed(table(by_sex(60, 44, 50, 50, 40, 41)), table(by_sex(61, 49, 57, 48, 43, 40), label="b.csv"))
    assert kinds(outcome) == {}


# limits, and bad input


def test_what_was_not_solved_stays_open() -> None:
    rng = np.random.default_rng(0)
    counts = rng.integers(20, 90, (5, 5))
    columns: dict[str, Any] = {"district": [*(f"d{n}" for n in range(5)), "Total"]}
    columns |= {f"age {n}": ["*"] * 5 + [str(counts[:, n].sum())] for n in range(5)}
    columns["Total"] = [str(n) for n in counts.sum(axis=1)] + [str(counts.sum())]
    whole, cut = weighed(table(columns)), weighed(table(columns), unknowns=5)
    assert found(whole).high == 0
    assert (found(cut).low, found(cut).high) == (0, 25)
    assert "stay open" in notes(cut)
    assert found(weighed(table(columns), seconds=0.01)).high == 25


def test_a_table_with_too_many_cells_is_counted_and_not_solved() -> None:
    columns = {"place": [f"p{n}" for n in range(400)], "patients": ["3"] * 5 + ["*"] * 10 + ["50"] * 385}
    outcome = weighed(table(columns), cells=100)
    assert (found(outcome).low, found(outcome).high) == (5, 15)
    assert "too many" in notes(outcome)


@pytest.mark.parametrize(
    "columns",
    [
        {"district": ["A"], "patients": [4]},
        {"patients": [4]},
        {"district": [None, None, "A"], "group": ["x", "y", "y"], "patients": [4, None, 20]},
        {"district": ["A", "B", "C"], "patients": ["4", "n/a", "20"], "empty": [None, None, None]},
        {"district": ["A", "B", "C"], "patients": [4.0, float("nan"), 30.0]},
        {"district": ["A", "B", "Total"], "patients": [4, 20, 10**14]},
    ],
)
def test_odd_tables_give_an_answer(columns: dict[str, Any]) -> None:
    assert isinstance(weighed(table(columns)), Measured | NotApplicable)


@pytest.mark.parametrize(
    "columns",
    [{"patients": [None, None], "district": ["A", "B"]}, {f"c{n}": [n] for n in range(2000)}, {"patients": ["many", "few"], "d": ["A", "B"]}],
)  # fmt: skip
def test_what_is_no_table_of_counts_says_so(columns: dict[str, Any]) -> None:
    assert isinstance(weighed(table(columns)), NotApplicable)


def test_a_million_different_texts_are_no_table_of_counts() -> None:
    columns = {"text": [f"t{n}" for n in range(10**5)], "other": [f"o{n % 977}" for n in range(10**5)]}
    assert isinstance(weighed(table(columns)), NotApplicable)


def test_no_table_at_all() -> None:
    assert isinstance(weighed(), NotApplicable)


def test_evidence_is_not_weighed() -> None:
    kept = Artefact(
        role=Role.DATA,
        label="t.csv",
        digest=digest_of_bytes(b"1"),
        size_bytes=1,
        format="csv",
        belongs=Belonging.EVIDENCE_ONLY,
    )
    candidate = Candidate(name="t", version="1", artefacts=(kept,), subjects=(Subject.TABLE,))
    bench = MemoryBench(candidate=candidate, tables_by_role={Role.DATA: (table(BY_DISTRICT),)})
    assert isinstance(PROBE.measure(bench, Settings()), NotApplicable)


def test_no_cell_is_quoted() -> None:
    columns = {"ada@example.org": ["sec-ret-A", "sec-ret-B", "Total"], "patients": ["<11", "8191", "8195"]}
    said = notes(weighed(table(columns)))
    assert "ada" not in said
    assert "sec-ret" not in said
    assert "8191" not in said


def test_time_over_ends_it() -> None:
    class Impatient(MemoryBench):
        def progress(self, done: int, of: int, unit: str) -> None:
            raise BudgetSpent

    with pytest.raises(BudgetSpent):
        PROBE.measure(Impatient(tables_by_role={Role.DATA: (table(CROSS),)}), Settings())


@hurried(deadline=None, max_examples=30)
@given(st.lists(st.sampled_from(["0", "3", "*", "50", "abc", "<5"]), min_size=1, max_size=30), st.integers(0, 30))
def test_the_fold_does_not_see_where_rows_are_cut(cells: list[str], cut: int) -> None:
    batch = pa.RecordBatch.from_arrays([pa.array(cells)], names=["n"])
    fold = ShownCounts(columns=("n",), k=11)
    whole = fold_batches(fold, [batch])
    assert fold_batches(fold, [batch.slice(min(cut, len(cells))), batch.slice(0, min(cut, len(cells)))]) == whole
    assert read_shown(whole).small == cells.count("3")

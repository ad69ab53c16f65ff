from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.unasked import Unasked
from weighbridge.adapters.examples import class_indices, draw_examples
from weighbridge.adapters.tables.duck import open_table
from weighbridge.core.candidate import Declared, Role
from weighbridge.core.evidence import NotMeasured, Silent
from weighbridge.probekit.bench import MemoryTable
from weighbridge.probekit.ports import Examples, Table

Columns = Mapping[str, Sequence[object]]


class Cut(MemoryTable):
    """A table in batches of another size."""

    size = 3

    def batches(self, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        yield from self._table.select(list(columns)).to_batches(max_chunksize=self.size)


SAID = Declared(target="y")


def table(columns: Columns, *, label: str = "train.csv", declared: Declared = SAID) -> MemoryTable:
    return MemoryTable(columns, label=label, declared=declared)


def draw(
    train: Columns | Table,
    held: Columns | Table | None = None,
    *,
    role: Role = Role.TRAIN_DATA,
    toy: Unasked | None = None,
    n: int = 100,
    seed: int = 0,
) -> Examples:
    made = {
        r: (t if not isinstance(t, Mapping) else table(t, label=f"{r.value}.csv"),)
        for r, t in ((Role.TRAIN_DATA, train), (Role.HELD_OUT, held))
        if t is not None
    }
    return draw_examples(toy or Unasked(), made, role, n=n, seed=seed)


def left(*args: Columns | Table, toy: Unasked | None = None, role: Role = Role.TRAIN_DATA) -> NotMeasured:
    with pytest.raises(Silent) as nothing:
        draw(*args, toy=toy, role=role)
    assert isinstance(nothing.value.outcome, NotMeasured)
    assert str(nothing.value.outcome.remedy)
    return nothing.value.outcome


def rows(examples: Examples) -> list[tuple[object, ...]]:
    columns = [examples.inputs.column(place).to_pylist() for place in range(examples.inputs.num_columns)]
    return list(zip(*columns, examples.targets.tolist(), strict=True))


FEW = st.lists(
    st.tuples(
        st.sampled_from([1, 2, 3, None]), st.sampled_from(["u", "v", " u ", "", None]), st.sampled_from(["yes", "no", "?", None])
    ),
    min_size=1, max_size=30,
)  # fmt: skip


def columns_of(found: list[tuple[object, ...]]) -> dict[str, list[object]]:
    return {name: [row[place] for row in found] for place, name in enumerate(("a", "b", "y"))}


def key(row: tuple[object, ...]) -> tuple[object, ...]:
    return (row[0], (str(row[1]).strip() if row[1] is not None else "") or None, row[2])


# promises


@settings(deadline=None)
@given(FEW, FEW, st.integers(1, 12), st.integers(0, 3))
def test_rows_differ_the_roles_are_disjoint_and_counts_add_up(
    train: list[tuple[object, ...]], held: list[tuple[object, ...]], n: int, seed: int
) -> None:
    drawn = {}
    for role, of, n_of in ((Role.TRAIN_DATA, train, 100), (Role.HELD_OUT, held, 100), (Role.HELD_OUT, held, n)):
        known = {key(row) for row in of if row[2] in ("yes", "no")}
        known -= {key(row) for row in (train if role is Role.HELD_OUT else held)}
        if not known:
            with pytest.raises(Silent):
                draw(columns_of(train), columns_of(held), role=role, n=n_of, seed=seed)
            return
        made = draw(columns_of(train), columns_of(held), role=role, n=n_of, seed=seed)
        classes = ("no", "yes")
        found = [key((a, b, classes[y])) for a, b, y in rows(made)]  # type: ignore[call-overload]  # the last is a class
        assert len(set(found)) == len(found) == min(n_of, len(known))
        assert set(found) <= known
        assert made.n_records == len(of)
        assert made.n_records == len(known) + made.n_repeated + made.n_shared + made.n_unlabelled
        assert made.n_unlabelled == sum(row[2] not in ("yes", "no") for row in of)
        drawn[role] = set(found)
    assert not drawn[Role.TRAIN_DATA] & drawn[Role.HELD_OUT]


@settings(deadline=None)
@given(FEW, FEW, st.integers(1, 9), st.integers(1, 8))
def test_the_size_of_batches_makes_no_difference(
    train: list[tuple[object, ...]], held: list[tuple[object, ...]], n: int, size: int
) -> None:
    class Sized(Cut):
        pass

    Sized.size = size
    whole, cut = (
        [make(columns_of(of), label=label, declared=SAID) for of, label in ((train, "train.csv"), (held, "held.csv"))]
        for make in (MemoryTable, Sized)
    )
    for role in (Role.TRAIN_DATA, Role.HELD_OUT):
        try:
            one = draw(*whole, role=role, n=n)
        except Silent:
            with pytest.raises(Silent):
                draw(*cut, role=role, n=n)
            continue
        other = draw(*cut, role=role, n=n)
        assert one.inputs.equals(other.inputs)
        assert one.beside.equals(other.beside)
        for name in ("targets", "records", "persons"):
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
        assert (one.labels, one.n_repeated, one.n_shared) == (other.labels, other.n_repeated, other.n_shared)


def test_a_draw_is_at_random_among_different_rows_and_another_seed_is_another_draw() -> None:
    columns = {"a": [*range(50)] * 2, "b": ["u"] * 100, "y": ["yes", "no"] * 50}
    drawn = [set(rows(draw(columns, n=10, seed=seed))) for seed in range(200)]
    assert drawn[0] == set(rows(draw(columns, n=10)))
    counts = [sum(row in one for one in drawn) for row in {row for one in drawn for row in one}]
    assert len(counts) == 50
    assert 20 < min(counts) <= max(counts) < 65  # of 200, forty are expected; beyond these, one in ten thousand


def test_several_files_are_one_role_and_each_row_keeps_its_place() -> None:
    first = table({"a": [1, 2], "b": ["u", "v"], "y": ["yes", "no"]}, label="1.csv")
    second = table({"b": ["w", "u"], "y": ["no", "yes"], "a": [3, 1], "z": [0.5, 0.5]}, label="2.csv")
    made = draw_examples(Unasked(), {Role.TRAIN_DATA: (first, second)}, Role.TRAIN_DATA, n=9, seed=0)
    assert rows(made) == [(1, "u", 1), (2, "v", 0), (3, "w", 0)]
    assert made.labels == ("1.csv", "1.csv", "2.csv")
    assert made.records.tolist() == [1, 2, 1]
    assert made.beside.to_pydict() == {"z": [None, None, 0.5]}
    assert made.n_repeated == 1


def test_population_is_disjoint_from_both() -> None:
    made = {
        role: (table({"a": values, "b": ["u"] * len(values), "y": ["yes"] * len(values)}, label=role.value),)
        for role, values in ((Role.TRAIN_DATA, [1, 2]), (Role.HELD_OUT, [2, 3]), (Role.POPULATION, [1, 2, 3, 4, 4]))
    }
    population = draw_examples(Unasked(), made, Role.POPULATION, n=9, seed=0)
    assert rows(population) == [(4, "u", 1)]
    assert (population.n_shared, population.n_repeated) == (3, 1)
    assert rows(draw_examples(Unasked(), made, Role.HELD_OUT, n=9, seed=0)) == [(3, "u", 1)]


# files that write one thing in several ways


@pytest.mark.parametrize(
    ("train", "held"),
    [
        ([1, 2], [1.0, 2.0]),
        ([1, 2], ["1", " 2.0"]),
        ([0.0, 2.5], ["-0", "2.50"]),
        (pa.array([1, 2], pa.int8()), pa.array([1, 2], pa.uint64())),
        (pa.array([0.1, 0.2], pa.float32()), pa.array([0.1, 0.2], pa.float64())),
        ([None, 1.0], [float("nan"), 1]),
        (["x", None], [" x", ""]),
        (["x", "y"], pa.array(["x", "y"], pa.large_string())),
        ([True, False], [1, 0]),
        ([date(2020, 1, 1), date(2021, 1, 1)], [datetime(2020, 1, 1), datetime(2021, 1, 1)]),  # noqa: DTZ001  a file without zones
        ([date(2020, 1, 1), date(2021, 1, 1)], ["2020-01-01", "2021-01-01"]),
        ([1, 2], ["1", "two"]),
    ],
)
def test_equal_rows_are_equal_whatever_their_type(train: Sequence[object], held: Sequence[object]) -> None:
    n_equal = 1 if "two" in list(held) else 2
    columns: list[Columns] = [{"a": values, "b": ["u", "u"], "y": ["yes", "no"]} for values in (train, held)]
    if n_equal == 2:
        for role in (Role.TRAIN_DATA, Role.HELD_OUT):
            assert "2 stand in another role" in str(left(*columns, role=role).because)
    else:
        assert draw(*columns, role=Role.HELD_OUT).n_shared == n_equal
        assert draw(*columns).n == 1


def test_both_roles_have_the_same_types() -> None:
    train: Columns = {"a": [1, 2], "b": ["u", "v"], "y": ["yes", "no"], "z": [1, 2]}
    held: Columns = {"a": ["3", "4"], "b": ["u", "v"], "y": ["yes", "no"], "z": [1.5, None]}
    made = [draw(train, held, role=role) for role in (Role.TRAIN_DATA, Role.HELD_OUT)]
    assert made[0].inputs.schema == made[1].inputs.schema
    assert made[0].beside.schema == made[1].beside.schema
    assert made[1].inputs["a"].to_pylist() == [3, 4]


def test_texts_that_only_look_like_numbers_stay_apart() -> None:
    made = draw({"a": ["007", "7"], "b": ["u", "u"], "y": ["yes", "yes"]})
    assert made.n == 2


@pytest.mark.parametrize(
    ("classes", "values", "expected"),
    [
        (("0", "1"), [0, 1, 2], [0, 1, -1]),
        (("0", "1"), [0.0, 1.0, None, 0.5], [0, 1, -1, -1]),
        (("0", "1"), ["0.0", " 1", "1e0", "", "x", "nan", "inf"], [0, 1, 1, -1, -1, -1, -1]),
        (("<=50K", ">50K"), [" >50K", "<=50K", ">50K.", ">50k"], [1, 0, -1, -1]),
        (("False", "True"), [True, False, None], [1, 0, -1]),
        (("false", "true"), [True, False], [1, 0]),
        (("0", "1"), [True, False], [1, 0]),
        (("1", "1.0"), ["1", "1.0", " 1"], [0, 1, -1]),
        (("a", " a"), ["a", " a", "a "], [0, 1, -1]),
        (("0.5", "2"), [0.5, 2], [0, 1]),
        (("a",), pa.array(["a", None]).dictionary_encode(), [0, -1]),
        (("a",), pa.nulls(2), [-1, -1]),
        (("[1]",), pa.array([[1]]), [-1]),
    ],
)  # fmt: skip
def test_answers_are_compared_as_text(classes: tuple[str, ...], values: Sequence[object], expected: list[int]) -> None:
    array = values if isinstance(values, pa.Array) else pa.array(values, from_pandas=True)
    found = class_indices(array, classes).tolist()
    assert found == expected or classes == ("[1]",)


# answers by number


@dataclass
class ByNumber(Unasked):
    aliases: tuple[str, ...] = ("0", "1")


def numbered(answers: Sequence[object], toy: Unasked | None = None, held: Sequence[object] = ()) -> Examples:
    columns: Columns = {"a": [*range(len(answers))], "b": ["u"] * len(answers), "y": answers}
    other: Columns | None = (
        {"a": [100 + n for n in range(len(held))], "b": ["u"] * len(held), "y": held} if held else None
    )
    return draw(columns, other, toy=toy or ByNumber())


@pytest.mark.parametrize("answers", [[0, 1, 1], [0.0, 1.0, 1.0], ["0", " 1", "1.0"], [0, 1, 1, None]])
def test_classes_that_are_all_told_by_number_are_read_so_and_that_is_told(answers: list[object]) -> None:
    made = numbered(answers)
    assert made.targets.tolist() == [0, 1, 1]
    assert "by their numbers" in str(made.notes[0])
    assert "no, yes" in str(made.notes[0])


@pytest.mark.parametrize("answers", [[0, 1, 2], [1, 2, 2], [-1, 1], [0.5, 1], [True, False], ["0", "x"], [None, None]])
def test_numbers_are_not_guessed_at_where_one_answer_is_none_of_them(answers: list[object]) -> None:
    with pytest.raises(Silent) as nothing:
        numbered(answers)
    assert "is one of the model's 2 classes" in str(nothing.value)


def test_names_come_before_numbers() -> None:
    assert numbered(["no", "yes"]).notes == ()
    mixed = numbered(["no", "1"])
    assert (mixed.targets.tolist(), mixed.n_unlabelled, mixed.notes) == ([0], 1, ())
    swapped = numbered([0, 1], ByNumber(classes=("1", "0")))
    assert (swapped.targets.tolist(), swapped.notes) == ([1, 0], ())
    with pytest.raises(Silent):
        numbered([0, 1], Unasked())


def test_each_file_says_it_in_its_own_way() -> None:
    made = numbered(["no", "yes"], held=[0, 1])
    assert (made.targets.tolist(), made.notes) == ([0, 1], ())


def test_the_usual_name_of_the_answer_is_enough_where_it_holds_numbers() -> None:
    made = draw(table({"a": [1, 2], "b": ["u", "v"], "label": [0, 1]}, declared=Declared()), toy=ByNumber())
    assert made.targets.tolist() == [0, 1]


# persons, and what stands beside


def test_persons() -> None:
    columns = {"a": [*range(6)], "b": ["u"] * 6, "y": ["yes"] * 6, "who": [7, 7, 8, None, None, 7]}
    made = draw(table(columns, declared=Declared(target="y", person="who")))
    assert made.beside.column_names == ["who"]
    one, two, three, four, five, six = made.persons.tolist()
    assert one == two == six
    assert len({one, three, four, five}) == 4
    other = draw(
        table(columns, declared=Declared(target="y", person="who")),
        table({**columns, "a": [*range(10, 16)], "who": ["7", "9", "", " 7 ", "x", "y"]}, label="held.csv"),
        role=Role.HELD_OUT,
    )
    assert other.persons.tolist()[0] == other.persons.tolist()[3] == one  # one person, whoever wrote it
    alone = draw(columns)
    assert len(set(alone.persons.tolist())) == 6


def test_persons_of_different_roles_differ_where_nobody_is_named() -> None:
    train: Columns = {"a": [1, 2], "b": ["u", "v"], "y": ["yes", "no"]}
    held: Columns = {"a": [3, 4], "b": ["u", "v"], "y": ["yes", "no"]}
    persons = [p for role in (Role.TRAIN_DATA, Role.HELD_OUT) for p in draw(train, held, role=role).persons.tolist()]
    assert len(set(persons)) == 4


# real tables


def test_a_csv_and_a_parquet_file(tmp_path: Path) -> None:
    (tmp_path / "train.csv").write_text("a,b,y\n1,u,yes\n2,v,no\n3,,no\n")
    pq.write_table(
        pa.table({"a": [1.0, 9.0, 3.0], "b": ["u", "v", None], "y": ["yes", "no", "no"]}), tmp_path / "held.parquet"
    )
    opened = {
        role: (open_table(tmp_path / name, label=name, format=name.split(".")[1], declared=SAID, spill=tmp_path),)
        for role, name in ((Role.TRAIN_DATA, "train.csv"), (Role.HELD_OUT, "held.parquet"))
    }
    made = draw_examples(Unasked(), opened, Role.HELD_OUT, n=10, seed=0)
    assert rows(made) == [(9, "v", 0)]
    assert (made.n_shared, made.n_records) == (2, 3)
    assert rows(draw_examples(Unasked(), opened, Role.TRAIN_DATA, n=10, seed=0)) == [(2, "v", 0)]


# bad input


GOOD: Columns = {"a": [1, 2], "b": ["u", "v"], "y": ["yes", "no"]}


def test_one_row_and_columns_without_a_value() -> None:
    assert draw({"a": [1], "b": [None], "y": ["no"]}).n == 1
    assert draw({"a": [None, None], "b": [None, None], "y": ["no", "yes"]}).n == 2


def test_no_row_and_no_table() -> None:
    empty = {"a": pa.array([], pa.int64()), "b": pa.array([], pa.string()), "y": pa.array([], pa.string())}
    assert "of 0 rows" in str(left(empty).because)
    assert "no table of role held-out" in str(left(GOOD, role=Role.HELD_OUT).because)


def test_no_answer_is_a_class() -> None:
    outcome = left({"a": [1, 2], "b": ["u", "v"], "y": [0.1, 0.2]})
    assert "none of the 2 answers" in str(outcome.because)
    assert "no, yes" in str(outcome.remedy)
    assert "0.1" not in str(outcome)


def test_every_row_stands_in_training_data() -> None:
    assert "2 stand in another role" in str(left(GOOD, GOOD, role=Role.HELD_OUT).because)


@pytest.mark.parametrize("values", [[[1], [2]], [{"k": 1}, {"k": 2}], [b"\xff", b"x"], [["Zanzibar"], []]])
def test_lists_records_and_bytes(values: list[object], tmp_path: Path) -> None:
    def opened(**columns: object) -> Table:
        pq.write_table(pa.table({**GOOD, **columns}), tmp_path / "t.parquet")
        return open_table(tmp_path / "t.parquet", label="t.parquet", format="parquet", declared=SAID, spill=tmp_path)

    told = str(left(opened(a=values)))
    assert "the column a holds lists" in told or "a" in told
    assert "anzibar" not in told
    assert draw(opened(z=values)).beside.column("z").type == pa.string()


def test_a_file_of_another_role_that_cannot_be_read_is_no_hindrance() -> None:
    assert draw(GOOD, {"other": [1]}).n == 2
    assert "held-out.csv" in str(left(GOOD, {"other": [1]}, role=Role.HELD_OUT))


def test_no_cell_is_quoted() -> None:
    assert "anzibar" not in str(left({"a": [1], "b": ["u"], "y": ["Zanzibar"]}))


class _Shy(Unasked):
    """Knows its classes only after it was asked, and takes whatever it is given."""

    inputs: tuple[str, ...] = ()
    n_inputs: int = 0

    def __init__(self) -> None:
        self.met: list[str] = []
        self.classes: tuple[str, ...] = ()

    def meet(self, rows: pa.Table) -> None:
        self.met = rows.column_names
        self.classes = ("no", "yes")


def test_a_server_that_says_nothing_of_itself_is_shown_some_rows_first() -> None:
    shy = _Shy()
    columns: Columns = {"a": [1, 2], "b": ["u", "v"], "y": ["yes", "no"]}
    made = draw_examples(shy, {Role.TRAIN_DATA: (table(columns),)}, Role.TRAIN_DATA, n=9, seed=0)
    assert shy.met == made.inputs.column_names == ["a", "b"]
    assert sorted(made.targets.tolist()) == [0, 1]

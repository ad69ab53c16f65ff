import itertools
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from importlib import resources
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from weighbridge.core.candidate import Artefact, Belonging, Candidate, Declared, Role, Subject
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.card import Card
from weighbridge.core.evidence import Measured, NotApplicable, NotMeasured, Outcome, Quantity
from weighbridge.core.toml import parse
from weighbridge.probekit.attributes import Part, read_traits, sort_out
from weighbridge.probekit.bench import FixedBudget, MemoryBench, MemoryTable
from weighbridge.probekit.ports import ClassSizes
from weighbridge.probes.unique_combinations.calibration import CALIBRATION
from weighbridge.probes.unique_combinations.planning import n_planned, plan_for
from weighbridge.probes.unique_combinations.probe import PROBE, Settings

FOLDER = resources.files("weighbridge.probes.unique_combinations")
CARD = parse(Card, (FOLDER / "probe.toml").read_text(encoding="utf-8"), file="probe.toml", fix="")
SETTINGS = Settings(k=11, max_columns=3, steps=20)
Columns = Mapping[str, Any]  # a column is anything that Arrow takes


def weighed(*tables: MemoryTable, settings: Settings = SETTINGS, seconds: float = 600.0) -> Outcome:
    return PROBE.measure(MemoryBench(tables_by_role={Role.DATA: tables}, budget=FixedBudget(seconds)), settings)


def measured(*tables: MemoryTable, settings: Settings = SETTINGS) -> Measured:
    outcome = weighed(*tables, settings=settings)
    assert isinstance(outcome, Measured), outcome
    return outcome


def found(outcome: Outcome, metric: str, columns: str) -> Quantity:
    assert isinstance(outcome, Measured), outcome
    return next(q for q in outcome.quantities if (q.metric, q.at("columns")) == (metric, columns))


def values(outcome: Outcome, metric: str) -> dict[str | None, float]:
    assert isinstance(outcome, Measured), outcome
    return {q.at("columns"): q.value for q in outcome.quantities if q.metric == metric}


def said(outcome: Outcome) -> str:
    match outcome:
        case Measured():
            return "\n".join(map(str, outcome.notes))
        case NotMeasured():
            return f"{outcome.because}\n{outcome.remedy}"
        case NotApplicable():
            return str(outcome.because)
        case _:
            return ""


def part_of(columns: Columns, declared: Declared | None = None) -> dict[str, Part]:
    table = MemoryTable(columns, declared=declared)
    sorted_out = sort_out(table, read_traits(table, table.columns), steps=20, seed=0)
    return {t.name: p for t, p in zip(sorted_out.traits, sorted_out.parts, strict=True)}


def numbers(n: int, *, seed: int = 0, below: int = 10) -> list[int]:
    return [int(x) for x in np.random.default_rng(seed).integers(0, below, n)]


def people(n: int = 200) -> dict[str, Any]:
    return {
        "age": [20 + x for x in numbers(n, seed=1, below=40)],
        "sex": ["female" if x else "male" for x in numbers(n, seed=2, below=2)],
        "district": [f"d{x}" for x in numbers(n, seed=3, below=6)],
    }


def declared(*quasi: str, person: str = "", sensitive: Sequence[str] = ()) -> Declared:
    return Declared(quasi_identifiers=quasi, person=person, sensitive=tuple(sensitive))


# what is counted


@pytest.mark.parametrize(
    ("columns", "unique", "small", "smallest"),
    [
        ({"a": [1, 1, 1], "b": [2, 2, 2]}, 0, 0, 3),
        ({"a": [1, 1, 1, 2], "b": [2, 2, 2, 2]}, 1 / 4, 1 / 4, 1),
        ({"a": [1, 1, 2, 2], "b": [1, 2, 1, 2]}, 1, 1, 1),
        ({"a": ["x", None, None, None]}, 1 / 4, 1 / 4, 1),  # missing is a value: the three without one are alike
        ({"a": [None, None], "b": [None, None]}, 0, 1, 2),
        ({"a": ["x"]}, 1, 1, 1),
        ({"a": [1, 1], "b": [None, "x"]}, 1, 1, 1),
    ],
)
def test_known_tables(columns: Columns, unique: float, small: float, smallest: int) -> None:
    outcome = measured(
        MemoryTable(columns, declared=declared(*columns)), settings=Settings(k=3, max_columns=3, steps=20)
    )
    for at in ("3", "declared"):
        assert found(outcome, "unique-share", at).value == pytest.approx(unique)
        assert found(outcome, "small-class-share", at).value == pytest.approx(small)
        assert found(outcome, "smallest-class", at).value == smallest


def plain_counts(columns: Columns, who: Sequence[object], k: int, most: int) -> dict[tuple[str, str], float]:
    """The truth by a plain count: sets of persons per class, and for everybody the smallest class they are in."""
    names = list(columns)
    truth: dict[tuple[str, str], float] = {}
    chosen = [(str(most), c) for n in range(1, most + 1) for c in itertools.combinations(names, n)]
    for at, combination in [*chosen, ("declared", tuple(names))]:
        classes: dict[tuple[object, ...], set[object]] = defaultdict(set)
        cells = list(zip(*(columns[name] for name in combination), strict=True))
        for cell, person in zip(cells, who, strict=True):
            classes[cell].add(person)
        size = {p: min(len(classes[c]) for c, q in zip(cells, who, strict=True) if q == p) for p in set(who)}
        shares = {"unique-share": sum(s == 1 for s in size.values()) / len(size),
                  "small-class-share": sum(s < k for s in size.values()) / len(size)}  # fmt: skip
        for metric, share in shares.items():
            truth[metric, at] = max(share, truth.get((metric, at), 0.0))
        truth["smallest-class", at] = min(*size.values(), truth.get(("smallest-class", at), 1e9), 1e9)
    return truth


@st.composite
def tables(draw: st.DrawFn) -> tuple[dict[str, list[object]], list[int]]:
    n = draw(st.integers(1, 14))
    width = draw(st.integers(1, 4))
    cell = st.one_of(st.none(), st.sampled_from("pqr"))
    columns: dict[str, list[object]] = {f"c{i}": draw(st.lists(cell, min_size=n, max_size=n)) for i in range(width)}
    return columns, draw(st.lists(st.integers(0, 6), min_size=n, max_size=n))


@effort(deadline=None, max_examples=60)
@given(tables(), st.sampled_from(["", "who"]), st.integers(2, 5))
def test_what_is_counted_is_what_a_plain_count_gives(
    drawn: tuple[dict[str, list[object]], list[int]], person: str, k: int
) -> None:
    columns, who = drawn
    table = MemoryTable({**columns, "who": who}, declared=declared(*columns, person=person))
    outcome = measured(table, settings=Settings(k=k, max_columns=3, steps=20))
    truth = plain_counts(columns, who if person else range(len(who)), k, 3)
    for (metric, at), value in truth.items():
        quantity = found(outcome, metric, at)
        assert quantity.value == quantity.low == quantity.high == pytest.approx(value)
        assert quantity.confidence == 1.0
        assert (quantity.n, quantity.n_of) == ((len(set(who)), "person") if person else (len(who), "row"))


@effort(deadline=None, max_examples=60)
@given(tables())
def test_knowing_more_never_hides_anybody(drawn: tuple[dict[str, list[object]], list[int]]) -> None:
    columns, _ = drawn
    outcome = measured(MemoryTable(columns, declared=declared(*columns)))
    for metric, sign in (("unique-share", 1), ("small-class-share", 1), ("smallest-class", -1)):
        curve = [sign * found(outcome, metric, at).value for at in ("1", "2", "3", "declared")]
        assert curve == sorted(curve)
    if len(columns) > 1:
        fewer = measured(MemoryTable(columns, declared=declared(*list(columns)[1:])))
        for at in ("1", "2", "3", "declared"):
            assert found(fewer, "unique-share", at).value <= found(outcome, "unique-share", at).value


def test_five_rows_of_one_person_are_one_person() -> None:
    columns: Columns = {"who": [1, 1, 1, 1, 1, 2], "town": ["a"] * 5 + ["b"]}
    rows = measured(MemoryTable(columns, declared=declared("town")))
    persons = measured(MemoryTable(columns, declared=declared("town", person="who")))
    assert found(rows, "unique-share", "1").value == pytest.approx(1 / 6)
    assert found(persons, "unique-share", "1").value == 1.0
    assert found(persons, "unique-share", "1").n == 2


def test_a_person_column_is_guessed_and_said() -> None:
    table = MemoryTable({"patient_id": [7, 7, 8, 8], "age": [30, 30, 31, 31], "sex": ["f", "f", "m", "m"]})
    outcome = measured(table)
    assert found(outcome, "unique-share", "declared").n_of == "person"
    assert found(outcome, "unique-share", "declared").value == 1.0
    assert 'person = "patient_id"' in said(outcome)


def test_the_worst_combinations_are_named_and_so_is_the_column_to_leave_out() -> None:
    n = 60
    columns: Columns = {"age": [n - i for i in range(n)], "sex": ["f", "m"] * (n // 2), "town": ["a"] * n}
    text = said(measured(MemoryTable(columns)))
    assert "most people unique: age: 100 %; age + sex: 100 %" in text
    assert "without age the share of unique people would fall from 100 % to 0 %" in text


def test_every_combination_is_counted_and_told() -> None:
    columns: Columns = {f"c{i}": numbers(30, seed=i, below=3) for i in range(6)}
    bench = MemoryBench(tables_by_role={Role.DATA: (MemoryTable(columns, declared=declared(*columns)),)})
    PROBE.measure(bench, SETTINGS)
    n = 6 + 15 + 20 + 1 + 6  # single, pairs, triples, all six, all but one
    assert bench.ticks == [(i, n, "combination") for i in range(n)]


@pytest.mark.parametrize("most", [1, 2])
def test_the_largest_combination_is_a_setting(most: int) -> None:
    outcome = measured(MemoryTable(people()), settings=Settings(k=11, max_columns=most, steps=20))
    assert set(values(outcome, "unique-share")) == {*map(str, range(1, most + 1)), "declared", "identifier"}


def test_fewer_columns_than_asked_are_the_worst_of_what_there_is() -> None:
    shares = values(measured(MemoryTable({"age": [1, 1, 2], "sex": ["f", "f", "m"]})), "unique-share")
    assert shares["3"] == shares["2"] == shares["declared"] == pytest.approx(1 / 3)


def test_where_nothing_identifies_by_itself_everybody_looks_alike() -> None:
    outcome = measured(MemoryTable(people(200)))
    assert found(outcome, "smallest-class", "identifier").value == 200
    assert found(outcome, "unique-share", "identifier").value == 0
    one = measured(MemoryTable({"age": [40], "sex": ["f"]}))
    assert found(one, "unique-share", "identifier").value == 1


def test_identifiers_alone_do_not_say_how_the_rest_stands() -> None:
    outcome = measured(MemoryTable({"phone": [f"+2547{i:08d}" for i in range(50)], "x": ["a", "b"] * 25}))
    assert {q.at("columns") for q in outcome.quantities} == {"identifier"}
    assert found(outcome, "smallest-class", "identifier").value == 1


def test_many_rows_of_one_phone_are_one_person() -> None:
    n = 60
    columns: Columns = {
        "name": [f"Ada Cruz{i % n}" for i in range(50 * n)],
        "phone": [f"+2547{i % n:08d}" for i in range(50 * n)],
        "sex": ["f", "m"] * (25 * n),
    }
    outcome = measured(MemoryTable(columns))
    assert found(outcome, "smallest-class", "identifier").value == 1
    assert found(outcome, "unique-share", "identifier").value == 1.0
    assert found(outcome, "smallest-class", "declared").low == 1  # the rows of one sex may be anybody's


def test_a_phone_that_persons_share_still_names_one_of_them() -> None:
    columns: Columns = {"who": list(range(40)), "phone": ["+254700000001", "+254700000002"] * 20, "sex": ["f"] * 40}
    outcome = measured(MemoryTable(columns, declared=declared("sex", person="who")))
    assert found(outcome, "smallest-class", "identifier").value == 1
    assert found(outcome, "unique-share", "identifier").value == 0.0


def test_whether_there_is_a_phone_identifies_nobody() -> None:
    assert part_of({**people(100), "telephone": ["none", "yes"] * 50})["telephone"] is Part.QUASI


def test_months_of_nobody_in_particular_leave_the_numbers_open() -> None:
    columns: Columns = {"age": [20 + i // 12 for i in range(480)], "sex": ["f"] * 480, "month": list(range(1, 13)) * 40}
    columns = {**columns, "who": [i // 12 for i in range(480)]}
    outcome = measured(MemoryTable(columns, declared=declared("age", "sex")))
    smallest, share = found(outcome, "smallest-class", "declared"), found(outcome, "unique-share", "declared")
    assert (smallest.low, smallest.value, smallest.high) == (1, 12, 12)
    assert (share.low, share.high) == (0.0, 1.0)
    assert smallest.confidence < 1
    assert 'person = "COLUMN"' in said(outcome)
    known = measured(MemoryTable(columns, declared=declared("age", "sex", person="who")))
    assert found(known, "smallest-class", "declared").low == found(known, "smallest-class", "declared").value == 1
    assert found(known, "unique-share", "declared").confidence == 1


def test_what_the_owner_left_out_keeps_the_numbers_open() -> None:
    columns: Columns = {**people(200), "kontakt": [700_000_000 + 7919 * i for i in range(200)]}
    outcome = measured(MemoryTable(columns, declared=declared("sex")))
    whole = found(measured(MemoryTable(people(200))), "unique-share", "declared").value
    share, smallest = found(outcome, "unique-share", "declared"), found(outcome, "smallest-class", "declared")
    assert (share.value, share.high) == (0.0, whole)
    assert smallest.low == 1 < smallest.value
    assert share.confidence < 1
    assert found(outcome, "smallest-class", "identifier").value == 1
    withheld = measured(MemoryTable(columns, declared=declared("sex", sensitive=["age", "district"])))
    assert found(withheld, "unique-share", "declared").confidence == 1


@pytest.mark.parametrize("role", list(Role))
def test_a_table_counts_in_whatever_role_it_is_released(role: Role) -> None:
    bench = MemoryBench(tables_by_role={role: (MemoryTable(people()),)})
    assert isinstance(PROBE.measure(bench, SETTINGS), Measured)


# what columns are taken for


def test_parts_of_a_register() -> None:
    n = 300
    columns: Columns = {
        **people(n),
        "registration_no": [f"R{x:05d}" for x in range(5000, 5000 + n)],
        "phone": [f"+25470{x:07d}" for x in range(n)],
        "latitude": [1.0 + x * 1.2345e-4 for x in range(n)],
        "longitude": [30.0 + x * 1.2345e-4 for x in range(n)],
        "row": list(range(1, n + 1)),
        "diagnosis": ["none", "malaria", "cholera"] * (n // 3),
        "first_name": [f"n{x}" for x in numbers(n, seed=9, below=20)],
        "remarks": [
            f"case {x}: " + "came with the family and asked for shelter before the rains " * 2 for x in range(n)
        ],
        "nothing": [None] * n,
        "score": [x / 7 for x in range(n)],
    }
    assert part_of(columns) == {
        "age": Part.QUASI, "sex": Part.QUASI, "district": Part.QUASI, "registration_no": Part.IDENTIFYING,
        "phone": Part.IDENTIFYING, "latitude": Part.IDENTIFYING, "longitude": Part.IDENTIFYING, "row": Part.COUNTER,
        "diagnosis": Part.SENSITIVE, "first_name": Part.QUASI, "remarks": Part.PROSE, "nothing": Part.EMPTY,
        "score": Part.REST,
    }  # fmt: skip
    outcome = measured(MemoryTable(columns))
    assert found(outcome, "unique-share", "identifier").value == 1.0
    assert found(outcome, "unique-share", "declared").value < 1.0  # the phone drowns nothing
    assert "latitude" in said(outcome)


def test_what_is_declared_is_taken_and_what_identifies_is_still_said() -> None:
    n = 100
    columns: Columns = {
        **people(n),
        "mobile": [f"0{700_000_000 + i}" for i in range(n)],
        "code": [f"k{i}" for i in range(n)],
        "x": ["a", "b"] * 50,
    }
    parts = part_of(columns, declared("age", "x"))
    assert parts == {"age": Part.QUASI, "x": Part.QUASI, "sex": Part.OVERLOOKED, "district": Part.OVERLOOKED,
                     "mobile": Part.IDENTIFYING, "code": Part.IDENTIFYING}  # fmt: skip
    outcome = measured(MemoryTable(columns, declared=declared("age", "x")))
    assert found(outcome, "unique-share", "identifier").value == 1.0
    assert "not in quasi_identifiers and so not counted, though others could know it: sex, district" in said(outcome)


def test_a_sensitive_column_is_left_out_unless_it_is_declared_known() -> None:
    columns: Columns = {**people(50), "religion": ["a", "b"] * 25}
    assert part_of(columns, Declared(sensitive=("religion",)))["religion"] is Part.SENSITIVE
    assert part_of(columns, declared("religion", sensitive=["religion"]))["religion"] is Part.QUASI


def test_coordinates_count_as_a_pair() -> None:
    north = [1.00011, 1.00011, 1.00022, 1.00022] * 10
    east = [9.00011, 9.00022, 9.00011, 9.00022] * 10
    east[0] = 9.00033
    outcome = measured(MemoryTable({**people(40), "lat": north, "lon": east}))
    assert found(outcome, "smallest-class", "identifier").value == 1
    assert found(outcome, "unique-share", "identifier").value == 1.0  # rows at one place are one person's
    rounded = {**people(40), "lat": [round(x, 1) for x in north], "lon": [round(x, 1) for x in east]}
    assert found(measured(MemoryTable(rounded)), "smallest-class", "identifier").value == 40


def test_continuous_columns_are_counted_in_steps_and_that_is_said() -> None:
    rng = np.random.default_rng(0)
    weights = [float(x) for x in rng.normal(70, 10, 500)]
    outcome = measured(MemoryTable({"weight": weights, "sex": ["f", "m"] * 250}, declared=declared("weight", "sex")))
    assert "weight is continuous and is counted in steps of 1" in said(outcome)
    truth = Counter((int(w // 1), i % 2) for i, w in enumerate(weights))
    expected = sum(n == 1 for n in truth.values()) / 500
    assert found(outcome, "unique-share", "declared").value == pytest.approx(expected)


def test_an_age_is_never_coarser_than_a_year() -> None:
    ages = [float(x) + 0.25 for x in numbers(400, below=90)]
    assert (
        "age is continuous and is counted in steps of 1\n"
        in said(measured(MemoryTable({"age": ages, "sex": ["f", "m"] * 200}))) + "\n"
    )


# whether it is about people


@pytest.mark.parametrize(
    "columns",
    [
        {"sepal length (cm)": [0.1 * i for i in range(60)], "species": ["a", "b", "c"] * 20},
        {f"pixel_{i}": numbers(30, seed=i, below=16) for i in range(64)},
        {**{f"f{i}": numbers(30, seed=i, below=16) for i in range(20)}, "target": numbers(30)},
        {
            "taken": [datetime(2024, 1, 1, i % 24, tzinfo=UTC) for i in range(30)],
            "sensor": ["s1", "s2"] * 15,
            "temperature": [0.3 * i for i in range(30)],
        },
        {"alcohol": [12.1, 13.2], "hue": [1.05, 0.9], "class": [0, 1]},
        {
            "user": [f"What is the capital of country {i}, please?" for i in range(30)],
            "assistant": ["I do not know."] * 30,
        },
        {"text": ["It was a dark night, and the rain fell in torrents, except at times. " * 2] * 9, "lang": ["en"] * 9},
    ],
)
def test_measurements_and_texts_are_no_people(columns: Columns) -> None:
    outcome = weighed(MemoryTable(columns))
    assert isinstance(outcome, NotApplicable)
    assert "about_people = true" in str(outcome.because)


@pytest.mark.parametrize("name", ["iris", "wine", "breast_cancer", "digits"])
def test_toy_data_sets_are_no_people(name: str) -> None:
    datasets = pytest.importorskip("sklearn.datasets", reason="scikit-learn is an extra")
    toy = getattr(datasets, f"load_{name}")()
    columns: Columns = {feature: toy.data[:, i].tolist() for i, feature in enumerate(toy.feature_names)}
    assert isinstance(weighed(MemoryTable({**columns, "target": toy.target.tolist()})), NotApplicable)


@pytest.mark.parametrize(
    "columns",
    [
        {"age": [1, 2], "sex": ["f", "m"]},
        {"alter": [30, 31], "geschlecht": ["w", "m"], "ort": ["a", "b"]},
        {"umri": [30, 31], "jinsia": ["mwanamke", "mwanaume"]},
        {"العمر": [30, 31], "الجنس": ["ذكر", "أنثى"]},
        {"v1": [30, 31], "v2": ["a@b.org", "c@d.org"]},  # whatever it is called
        {"date de naissance": [date(1990, 1, 2), date(1991, 1, 2)], "ville": ["a", "b"]},
        {"patient_id": [1, 1, 2], "ward": ["a", "b", "b"]},
        {"estado_civil": ["a", "b"], "municipio": ["x", "y"]},
    ],
)
def test_people_are_found(columns: Columns) -> None:
    outcome = measured(MemoryTable(columns))
    assert "taken to be about people, because of" in said(outcome)
    assert "about_people = false" in said(outcome)


@pytest.mark.parametrize(
    "columns",
    [
        {"sex": ["f", "m", "m"], "flipper": [0.1, 0.2, 0.3], "island": ["a", "b", "c"]},  # penguins, perhaps
        {"latitude": [1.12345, 2.12345], "longitude": [1.12345, 2.12345], "rooms": [3.5, 4.5]},
        {"q1": [1, 2, 3], "q2": [2, 3, 1], "q3": [1, 1, 1]},
        {"ஊர்": ["a", "b"], "பெயர்": ["c", "d"]},  # a language we have no words of
        {"country": ["a", "b"], "gdp": [1, 2]},
    ],
)
def test_what_cannot_be_told_is_asked(columns: Columns) -> None:
    outcome = weighed(MemoryTable(columns))
    assert isinstance(outcome, NotMeasured)
    assert "about_people = true, or about_people = false" in str(outcome.remedy)


def test_the_owner_has_the_last_word() -> None:
    assert isinstance(weighed(MemoryTable(people(), declared=Declared(about_people=False))), NotApplicable)
    columns: Columns = {"sepal": [1, 2], "place": ["a", "b"]}
    assert isinstance(weighed(MemoryTable(columns, declared=Declared(about_people=True))), Measured)
    assert isinstance(weighed(MemoryTable({"sepal": [1, 2]}, declared=declared("sepal"))), Measured)


def test_a_denial_does_not_outweigh_what_is_there() -> None:
    columns: Columns = {**people(50), "phone": [f"+2547{i:08d}" for i in range(50)]}
    outcome = weighed(MemoryTable(columns, declared=Declared(about_people=False)))
    assert isinstance(outcome, NotMeasured)
    assert "phone" in str(outcome.because)


@pytest.mark.parametrize(
    ("columns", "are"),
    [
        ({"model": ["a", "b"] * 20, "mpg": [0.5 * i for i in range(40)], "origin": ["e", "u"] * 20,
          "name": [f"car {i}" for i in range(40)]}, False),
        ({"name": ["Rex", "Tom"] * 20, "species": ["cat", "dog"] * 20, "age": [1, 2] * 20, "sex": ["f", "m"] * 20}, False),
        ({"species": ["cat", "dog"] * 20, "age": [1, 2] * 20, "phone": [f"+2547{i:08d}" for i in range(40)]}, True),
        ({"model": ["a", "b"] * 20, "age": [1, 2] * 20, "surname": ["c", "d"] * 20}, True),
    ],
)  # fmt: skip
def test_animals_and_goods_are_no_people_unless_somebody_is_named(columns: Columns, are: bool) -> None:
    outcome = weighed(MemoryTable(columns))
    assert isinstance(outcome, Measured if are else NotMeasured)


LONG = [f"she came alone and asks for help in finding a place to live for her children {i}" for i in range(40)]


@pytest.mark.parametrize(
    "columns",
    [
        {
            "fna": ["u", "v"] * 20,
            "lna": [f"w{i}" for i in range(40)],
            "wk": numbers(40),
            "mst": ["x", "y"] * 20,
            "uwg": LONG,
        },
        {"text": LONG, "nr": [67_236_322_180 + 7_919 * i for i in range(40)]},
    ],
)
def test_prose_alone_does_not_make_a_list_a_collection_of_texts(columns: Columns) -> None:
    assert isinstance(weighed(MemoryTable(columns)), NotMeasured)


def test_a_list_in_polish_is_about_people() -> None:
    measured(MemoryTable({"imię": ["a", "b"], "płeć": ["x", "y"], "wiek": [30, 31]}))


# silence


def test_no_rows() -> None:
    outcome = weighed(MemoryTable({"age": pa.array([], pa.int64()), "sex": pa.array([], pa.string())}))
    assert isinstance(outcome, NotMeasured)
    assert "has no rows" in str(outcome.because)


def test_people_of_whom_nothing_known_is_recorded() -> None:
    outcome = weighed(MemoryTable({"hiv_status": ["a", "b"], "salary": [1, 2], "x": ["u", "v"]}))
    assert isinstance(outcome, NotMeasured)
    assert 'quasi_identifiers = ["x"]' in str(outcome.remedy)


@pytest.mark.parametrize(
    ("said_of_it", "remedy"),
    [
        (declared("agee"), "write 'age' in its place"),
        (Declared(person="zzz"), "take 'zzz' out of person"),
        (Declared(sensitive=("sexx",)), "write 'sex' in its place"),
    ],
)
def test_a_declared_column_that_is_not_there(said_of_it: Declared, remedy: str) -> None:
    outcome = weighed(MemoryTable(people(), declared=said_of_it))
    assert isinstance(outcome, NotMeasured)
    assert remedy in str(outcome.remedy)


def test_too_many_combinations_are_not_half_counted() -> None:
    columns: Columns = {f"c{i}": numbers(60, seed=i, below=20 if i == 399 else 3) for i in range(400)}
    outcome = measured(MemoryTable(columns, declared=declared(*columns)))
    assert "for want of time only columns that by themselves leave the fewest lookalikes were combined" in said(outcome)
    assert "c399" not in next(note for note in said(outcome).splitlines() if "for want of time" in note)
    alone = found(outcome, "unique-share", "1")
    assert alone.low == alone.value == alone.high  # each column was counted alone
    for at in ("2", "3"):
        share, smallest = found(outcome, "unique-share", at), found(outcome, "smallest-class", at)
        assert (share.high, smallest.low) == (1.0, 1.0)  # as bad as all columns together may any few be
        assert share.value <= share.high
    assert found(outcome, "unique-share", "declared").low == 1.0
    too_little = weighed(MemoryTable(columns, declared=declared(*columns)), seconds=1.0)
    assert isinstance(too_little, NotMeasured)
    assert "--budget" in str(too_little.remedy)
    assert 'quasi_identifiers = ["c0", ' in str(too_little.remedy)
    assert isinstance(weighed(MemoryTable(people()), seconds=1e-3), NotMeasured)


def test_two_thousand_columns_of_which_few_matter() -> None:
    columns: Columns = {**people(20), **{f"m{i}": [0.5 * x for x in range(20)] for i in range(2000)}}
    text = said(measured(MemoryTable(columns)))
    assert "(+1988)" in text
    assert len(text) < 2_000


def test_nothing_that_is_released() -> None:
    assert isinstance(weighed(), NotApplicable)
    at_home = Artefact(role=Role.TRAIN_DATA, label="train.csv", digest=digest_of_bytes(b""), size_bytes=0, format="csv",
                       belongs=Belonging.EVIDENCE_ONLY)  # fmt: skip
    candidate = Candidate(name="c", version="1", artefacts=(at_home,), subjects=(Subject.TABLE,))
    tables_by_role = {Role.TRAIN_DATA: (MemoryTable(people(), label="train.csv"),)}
    stays = MemoryBench(candidate=candidate, tables_by_role=tables_by_role)
    assert isinstance(PROBE.measure(stays, SETTINGS), NotApplicable)
    assert isinstance(PROBE.measure(MemoryBench(tables_by_role=tables_by_role), SETTINGS), Measured)


# several tables


def test_the_worst_table_gives_each_number() -> None:
    calm = MemoryTable({"age": [1] * 40, "sex": ["f"] * 40}, label="calm.csv")
    bad = MemoryTable({"age": [1, 2] + [3] * 20, "sex": ["f"] * 22, "phone": ["+254700000000"] * 22}, label="bad.csv")
    outcome = measured(calm, bad)
    assert found(outcome, "unique-share", "declared").value == pytest.approx(2 / 22)
    assert found(outcome, "smallest-class", "declared").value == 1
    assert "2 tables were counted" in said(outcome)
    assert "unique-share: bad.csv" in said(outcome)


def test_a_table_that_cannot_be_counted_leaves_the_numbers_open_upwards() -> None:
    outcome = measured(
        MemoryTable(people(), label="a.csv"), MemoryTable({"sex": ["f", "m"], "island": ["x", "y"]}, label="b.csv")
    )
    share, smallest = found(outcome, "unique-share", "2"), found(outcome, "smallest-class", "1")
    assert (share.low, share.high) == (share.value, 1.0)
    assert (smallest.low, smallest.high) == (1.0, smallest.value)
    assert "rows of b.csv are about people" in said(outcome)


def test_tables_set_aside_are_said() -> None:
    outcome = measured(MemoryTable(people(), label="a.csv"), MemoryTable({"sepal": [0.1, 0.2]}, label="b.csv"))
    assert found(outcome, "unique-share", "2").high == found(outcome, "unique-share", "2").value
    assert "b.csv looks like measurements" in said(outcome)


# what must not be said


def test_no_value_is_quoted() -> None:
    n = 50
    columns: Columns = {**people(n), "name": [f"Zanzibara{i}" for i in range(n)], "phone": [f"+2547{i:08d}" for i in range(n)],
               "hiv": ["Zanzibarb", "Zanzibarc"] * 25, "town": ["Zanzibard"] * (n - 1) + ["Zanzibare"]}  # fmt: skip
    assert "anzibar" not in said(measured(MemoryTable(columns)))


def test_a_header_that_is_a_row_of_data_is_not_quoted() -> None:
    columns: Columns = {
        "age": [1, 2],
        "sex": ["f", "m"],
        "jane@example.org": ["a@b.org", "c@d.org"],
        "0700 123 456": ["0700 111 222"] * 2,
    }
    text = said(measured(MemoryTable(columns)))
    assert "jane" not in text
    assert "123" not in text
    assert "column 3" in text


# promises to the house


def test_card_and_code_agree() -> None:
    assert CARD.slug.replace("-", "_") == FOLDER.name
    assert Settings(**dict(CARD.defaults)) == SETTINGS  # type: ignore[arg-type]  # the card's defaults are these ints
    for quantity in measured(MemoryTable({**people(), "phone": [f"+2547{i:08d}" for i in range(200)]})).quantities:
        metric = CARD.metric_named(quantity.metric)
        assert metric is not None
        assert metric.unit == quantity.unit
        assert tuple(axis for axis, _ in quantity.by) == metric.by
        assert all(value in CARD.axis[0].values for _, value in quantity.by)
    assert {p.metric for p in CARD.picture} <= {m.name for m in CARD.metric}


@pytest.mark.parametrize("seed", range(5))
def test_known_weights(seed: int) -> None:
    null, planted = CALIBRATION.null(seed), CALIBRATION.planted(seed)
    for weight in (null, planted):
        outcome = PROBE.measure(weight.bench, SETTINGS)
        for truth in weight.truths:
            quantity = found(outcome, truth.metric, dict(truth.by)["columns"])
            assert quantity.low <= truth.value <= quantity.high
    for truth in planted.truths:
        other = next(t for t in null.truths if (t.metric, t.by) == (truth.metric, truth.by))
        if truth.value == other.value:
            continue
        quantity = found(PROBE.measure(planted.bench, SETTINGS), truth.metric, dict(truth.by)["columns"])
        assert not quantity.low <= other.value <= quantity.high


def test_the_same_seed_gives_the_same_outcome() -> None:
    assert weighed(MemoryTable(people())) == weighed(MemoryTable(people()))


class Tallied(MemoryTable):
    """A table that counts how often it is grouped."""

    tally = 0

    def class_sizes(
        self, columns: Sequence[str], *, person: str = "", steps: Mapping[str, float] | None = None
    ) -> ClassSizes:
        self.tally += 1
        return super().class_sizes(columns, person=person, steps=steps)


def test_the_cost_is_known_before_the_start() -> None:
    table = Tallied({**people(), "phone": [f"+2547{i:08d}" for i in range(200)]})
    attributes = sort_out(table, read_traits(table, table.columns), steps=20, seed=0)
    measured(table)
    quasi = attributes.of(Part.QUASI)
    plan = plan_for(attributes, quasi, max_columns=3, affords=lambda _seconds: True)
    assert table.tally == n_planned(attributes, plan, max_columns=3)

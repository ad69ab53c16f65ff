import itertools
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from weighbridge.core.candidate import Declared, Role
from weighbridge.core.evidence import Measured, NotApplicable, NotMeasured, Outcome, Quantity
from weighbridge.maths.squares import middles, squares
from weighbridge.probekit.bench import MemoryBench, MemoryTable
from weighbridge.probekit.folds import Fold, fold_batches
from weighbridge.probekit.hashes import key_of
from weighbridge.probekit.positions import Form, Places
from weighbridge.probes.trace_unicity.matching import Visitors, search
from weighbridge.probes.trace_unicity.points import FINE_M, HOURS, SIDES_M, Sources
from weighbridge.probes.trace_unicity.probe import PROBE, Settings
from weighbridge.probes.trace_unicity.sampling import Drawn

Columns = Mapping[str, Any]
PAIR = Places(columns=("lat", "lon"), form=Form.PAIR)
SOURCES = Sources(person="user", time="time", places=PAIR, key=key_of(0, "trace-unicity"))


def weighed(columns: Columns, *, declared: Declared | None = None, **settings: Any) -> Outcome:
    table = MemoryTable(columns, declared=declared)
    return PROBE.measure(MemoryBench(tables_by_role={Role.DATA: (table,)}), Settings(**settings))


def measured(columns: Columns, *, declared: Declared | None = None, **settings: Any) -> Measured:
    outcome = weighed(columns, declared=declared, **settings)
    assert isinstance(outcome, Measured), outcome
    return outcome


def found(outcome: Outcome, points: int, detail: str = "hour-fine") -> Quantity:
    assert isinstance(outcome, Measured), outcome
    return next(q for q in outcome.quantities if q.by == (("points", str(points)), ("detail", detail)))


def said(outcome: Outcome) -> str:
    notes = outcome.notes if isinstance(outcome, Measured) else [outcome.because]  # type: ignore[union-attr]  # none fails
    return "\n".join(map(str, notes))


def traces(n_people: int = 40, n_points: int = 6, seed: int = 0) -> dict[str, Any]:
    """People in a few places at a few hours, so that traces cross."""
    rng = np.random.default_rng(seed)
    n = n_people * n_points
    return {
        "user": np.repeat(np.arange(n_people), n_points).tolist(),
        "lat": (50 + 0.004 * rng.integers(0, 5, n)).round(4).tolist(),
        "lon": (8 + 0.004 * rng.integers(0, 5, n)).round(4).tolist(),
        "time": (1_700_000_000 + 3600 * rng.integers(0, 5, n)).tolist(),
    }


def plainly(columns: Columns, detail: str) -> tuple[dict[Any, list[Any]], dict[Any, set[Any]]]:
    """Who was where at a detail, by a plain count: points of each person, and persons of each point."""
    unit, side = detail.split("-")
    row, column = squares(np.array(columns["lat"]), np.array(columns["lon"]), FINE_M)
    if SIDES_M[side] > FINE_M:
        row, column = squares(*middles(row, column, FINE_M), SIDES_M[side])
    hours = np.array(columns["time"]) // 3600 // HOURS[unit]
    at, persons = defaultdict(list), defaultdict(set)
    for person, *point in zip(columns["user"], hours, row, column, strict=True):
        at[person].append(tuple(point))
        persons[tuple(point)].add(person)
    return at, persons


@pytest.mark.parametrize("detail", ["hour-fine", "day-1km", "hour-1km", "week-10km"])
@pytest.mark.parametrize("seed", range(3))
def test_what_is_found_is_what_a_plain_count_finds_for_the_same_draws(detail: str, seed: int) -> None:
    columns = traces(seed=seed)
    table = MemoryTable(columns)
    drawing = Drawn(sources=SOURCES, persons=25)
    sample = drawing.opened(table.fold(drawing))
    looked = search(sample, SOURCES)
    for share in looked.crowds(sample.n_persons):
        fold = looked.visitors(share)
        looked.learn(fold, table.fold(fold))
    at, persons = plainly(columns, detail)
    by_fine = dict(
        zip(zip(*plain_fine(columns), strict=True), zip(columns["user"], _points(at), strict=True), strict=True)
    )
    drawn: dict[Any, list[Any]] = defaultdict(list)
    for key in zip(
        sample.points.person.tolist(), sample.points.hour, sample.points.row, sample.points.column, strict=True
    ):
        user, point = by_fine[key]
        drawn[key[0]].append((user, point))
    n = SOURCES.details.index(detail)
    for p in range(1, 5):
        expected = []
        for person in looked.persons.tolist():
            mine = drawn[person][:p]
            others = set.intersection(*(persons[point] for _, point in mine)) - {mine[0][0]}
            expected.append(not others)
        assert looked.is_unique(n, p).tolist() == expected


def _points(at: Mapping[Any, list[Any]]) -> list[Any]:
    return [point for person in at for point in at[person]]  # rows are in the order of persons


def plain_fine(columns: Columns) -> tuple[Any, ...]:
    """Hash of the person, hour, row and column of each row, as the sample holds them."""
    from weighbridge.probekit.hashes import hash_cells, in_column

    who = in_column(hash_cells(pa.array(columns["user"]), SOURCES.key), "person", SOURCES.key)
    row, column = squares(np.array(columns["lat"]), np.array(columns["lon"]), FINE_M)
    return who.tolist(), (np.array(columns["time"]) // 3600).tolist(), row.tolist(), column.tolist()


def test_everybody_alone_and_everybody_with_a_double() -> None:
    alone = {"user": [1, 1, 2, 2], "lat": [10.0, 11.0, 12.0, 13.0], "lon": [1.0] * 4, "time": [1.7e9] * 4}
    assert all(q.value == 1 for q in measured(alone).quantities)
    doubles = {**alone, "user": [1, 1, 2, 2], "lat": [10.0, 11.0, 10.0, 11.0]}
    assert all(q.value == 0 for q in measured(doubles).quantities)


def test_more_points_single_out_more_and_coarser_ones_fewer() -> None:
    outcome = measured(traces(200, 12, seed=5))
    for detail in SOURCES.details:
        curve = [found(outcome, p, detail).value for p in range(1, 5)]
        assert curve == sorted(curve)
    for p in range(1, 5):
        for finer, coarser in (("hour-fine", "day-fine"), ("hour-fine", "hour-1km"), ("day-1km", "day-10km")):
            assert found(outcome, p, finer).value >= found(outcome, p, coarser).value


def test_who_has_fewer_points_is_known_by_all_of_them() -> None:
    columns = {
        "user": [1, 1, 2, 2, 2, 2, 2],
        "lat": [10.0, 11.0, *range(10, 15)],
        "lon": [1.0] * 7,
        "time": [1.7e9] * 7,
    }
    outcome = measured(columns)
    assert found(outcome, 4).value == 0.5  # the first one's two points are also the other's
    assert "1 of these have fewer than four points" in said(outcome)


def test_rounds_and_bounds_change_no_answer_but_how_many_were_asked() -> None:
    columns = traces(120, 6)
    table = MemoryTable(columns)
    drawing = Drawn(sources=SOURCES, persons=60)
    sample = drawing.opened(table.fold(drawing))
    plain, stepwise, bounded = (search(sample, SOURCES) for _ in range(3))
    fold = plain.visitors(1.0)
    plain.learn(fold, table.fold(fold))
    for share in (0.1, 0.4, 1.0):
        fold = stepwise.visitors(share)
        stepwise.learn(fold, table.fold(fold))
    assert (plain.shared == stepwise.shared).all()
    whole = bounded.visitors(1.0)
    small = Visitors(sources=SOURCES, wanted=whole.wanted, most=3000)
    bounded.learn(small, table.fold(small))
    assert 0 < bounded.through < 60
    assert (bounded.shared[:, : bounded.through] == plain.shared[:, : bounded.through]).all()


_ROWS = st.lists(
    st.tuples(st.sampled_from([1, 2, 3, None]), st.integers(0, 3), st.integers(0, 3), st.integers(0, 50)),
    min_size=1,
    max_size=30,
)


@effort(max_examples=40)
@given(rows=_ROWS, cuts=st.lists(st.integers(0, 30), max_size=4), most=st.sampled_from([3, 10_000]))
def test_folds_do_not_see_where_rows_are_cut(rows: list[tuple[Any, ...]], cuts: list[int], most: int) -> None:
    user, lat, lon, time = (list(column) for column in zip(*rows, strict=True))
    whole = pa.record_batch({
        "user": pa.array(user, pa.int64()), "time": pa.array([1_700_000_000 + 3600 * t for t in time], pa.int64()),
        "lat": pa.array([50 + x for x in lat], pa.float64()), "lon": pa.array([8 + x for x in lon], pa.float64()),
    })  # fmt: skip
    edges = [0, *sorted(min(c, len(rows)) for c in cuts), len(rows)]
    drawing = Drawn(sources=SOURCES, persons=2)
    sample = drawing.opened(fold_batches(drawing, [whole.select(list(drawing.columns))]))
    wanted = search(sample, SOURCES).visitors(1.0).wanted
    folds: list[Fold] = [drawing, Visitors(sources=SOURCES, wanted=wanted, most=most)]
    for fold in folds:
        parts = [whole.slice(a, b - a).select(list(fold.columns)) for a, b in itertools.pairwise(edges)]
        states = {fold_batches(fold, batches) for batches in ([whole.select(list(fold.columns))], parts, parts[::-1])}
        assert len(states) == 1


def test_places_may_only_be_named() -> None:
    columns = {"user": [1, 1, 2, 2], "antenna": ["a", "b", "a", "c"], "time": [1.7e9, 1.7e9, 1.7e9, 1.7e9]}
    outcome = measured(columns)
    assert isinstance(outcome, Measured)
    assert {q.at("detail") for q in outcome.quantities} == {"hour-fine", "day-fine", "week-fine"}
    assert found(outcome, 2).value == 1
    chosen = measured({**columns, "colour": ["x", "y"] * 2}, place="colour")
    assert found(chosen, 4).value == 0


# silence and bad input


@pytest.mark.parametrize(
    "columns",
    [
        {"a": [1, 2], "b": [3, 4]},
        {"user": [1, 2], "lat": [10.5, 11.5], "lon": [1.5, 2.5]},
        {"lat": [1.5] * 3, "lon": [2.5] * 3, "users": [5] * 3, "time": [1.7e9] * 3},
        {"user": [1, 2], "lat": [10.5, 11.5], "lon": [1.5, 2.5], "time": [1.7e9, 1.7e9]},  # one point each
        {"user": [1, 1], "lat": [None, None], "lon": [None, None], "time": [1.7e9, 1.8e9]},
        {"user": [1], "lat": [10.5], "lon": [1.5], "time": [1.7e9]},
    ],
)
def test_where_there_are_no_traces_it_does_not_apply(columns: Columns) -> None:
    assert isinstance(weighed(columns), NotApplicable)


def test_whose_points_they_are_must_be_told() -> None:
    columns = {"lat": [10.5, 11.5], "lon": [1.5, 2.5], "time": [1.7e9, 1.7e9]}
    asked = weighed(columns)
    assert isinstance(asked, NotMeasured)
    assert 'person = "COLUMN"' in str(asked.remedy)
    assert isinstance(weighed(columns, declared=Declared(about_people=False)), NotApplicable)


def test_times_that_cannot_be_read_are_said_to_be() -> None:
    columns = {**traces(), "time": ["early", "late"] * 120}
    asked = weighed(columns)
    assert isinstance(asked, NotMeasured)
    assert "ISO 8601" in str(asked.remedy)


def test_times_in_other_forms_zones_and_centuries_are_read() -> None:
    columns = traces()
    days = [f"0{1 + t % 5}/03/1890 1{t % 5}:00" for t in columns["time"]]
    assert "%d/%m/%Y %H:%M" in said(measured({**columns, "time": days}))
    zoned = ["2020-01-01T10:00:00+02:00" if n % 2 else "2020-01-01T08:00:00Z" for n in range(len(days))]
    assert found(measured({**columns, "time": zoned}), 1).value < 1


def test_rows_without_person_place_or_time_are_left_out_and_counted() -> None:
    columns = traces(20, 6)
    holes = {
        "user": [*columns["user"], None, 1, 1],
        "lat": [*columns["lat"], 50.0, 0.0, 50.0],
        "lon": [*columns["lon"], 8.0, 0.0, 8.0],
        "time": [*columns["time"], 1_700_000_000, 1_700_000_000, None],
    }
    outcome = measured(holes)
    for why in ("no person", "no place", "no time"):
        assert f"1 rows were left out: {why}" in said(outcome)
    assert outcome.quantities == measured(columns).quantities


def test_swapped_columns_are_said() -> None:
    columns = traces()
    east = [x + 100 for x in columns["lon"]]
    outcome = measured({**columns, "lat": east, "lon": columns["lat"]})
    assert "swapped" in said(outcome)
    assert outcome.quantities == measured({**columns, "lon": east}).quantities


def test_one_person_with_very_many_points() -> None:
    n = 100_000
    rng = np.random.default_rng(0)
    columns = {
        "user": [1] * n + [2] * 4, "lat": [*rng.uniform(10, 11, n).tolist(), 10.0, 10.1, 10.2, 10.3],
        "lon": [20.0] * (n + 4), "time": [*rng.integers(1_700_000_000, 1_701_000_000, n).tolist(), *[1_700_000_000] * 4],
    }  # fmt: skip
    assert found(measured(columns), 4).n == 2


def test_the_worst_of_two_tables_is_told() -> None:
    tables = (MemoryTable(traces(30), label="a"), MemoryTable(traces(30, 12, seed=3), label="b"))
    alone = [found(PROBE.measure(MemoryBench(tables_by_role={Role.DATA: (t,)}), Settings()), 4).value for t in tables]
    both = PROBE.measure(MemoryBench(tables_by_role={Role.DATA: tables}), Settings())
    assert found(both, 4).value == max(alone)

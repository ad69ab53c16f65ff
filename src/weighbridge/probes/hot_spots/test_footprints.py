import itertools
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from weighbridge.probekit.bench import MemoryTable
from weighbridge.probekit.folds import ROW, Fold, fold_batches
from weighbridge.probekit.positions import Fate, Form, Places
from weighbridge.probekit.states import ForeignState
from weighbridge.probes.hot_spots.engine import cells_of, parents, resolution_of
from weighbridge.probes.hot_spots.footprints import KEPT, Footprints
from weighbridge.probes.hot_spots.homes import DAY, NIGHT, REPEATS, Nights, habits
from weighbridge.probes.hot_spots.merging import merged_pairs, merged_sums, sorted_pairs, sorted_sums
from weighbridge.probes.hot_spots.pointers import Near, rows_of
from weighbridge.probes.hot_spots.spots import counts_of, persons_of

h3 = pytest.importorskip("h3.api.numpy_int")
PAIR = Places(columns=("lat", "lon"), form=Form.PAIR)
_ROWS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c", None]),
        st.one_of(st.none(), st.floats(-95, 95)),
        st.floats(-185, 185),
        st.integers(-1, 9),
        st.integers(0, 86_400 * 9),
    ),
    min_size=1,
    max_size=40,
)


def batch_of(rows: list[tuple[Any, ...]]) -> pa.RecordBatch:
    person, lat, lon, count, time = (list(column) for column in zip(*rows, strict=True))
    return pa.record_batch({
        ROW: pa.array(range(1, len(rows) + 1)), "person": pa.array(person, pa.string()),
        "lat": pa.array(lat, pa.float64()), "lon": pa.array(lon, pa.float64()), "n": pa.array(count, pa.int64()),
        "time": pa.array([2 * 10**9 + t for t in time], pa.int64()),
    })  # fmt: skip


FOLDS: list[Fold] = [
    Footprints(places=(PAIR,), person="person", key=b"k"),
    Footprints(places=(PAIR,), person="person", most=7),
    Footprints(places=(PAIR,), count="n", most=5),
    Footprints(places=(PAIR, PAIR)),
    Nights(places=PAIR, person="person", time="time", persons=2),
    Nights(places=PAIR, person="person", time="time", most=6),
    Near(places=PAIR, spots=(1.0, 0.0, 0.0), reach_m=2e6, kept=3),
]


@pytest.mark.parametrize("fold", FOLDS, ids=lambda fold: f"{type(fold).__name__}")
@effort(max_examples=30)
@given(rows=_ROWS, cuts=st.lists(st.integers(0, 40), max_size=4))
def test_a_fold_does_not_see_where_rows_are_cut(fold: Fold, rows: list[tuple[Any, ...]], cuts: list[int]) -> None:
    whole = batch_of(rows).select(list(fold.columns))
    edges = [0, *sorted(min(c, len(rows)) for c in cuts), len(rows)]
    parts = [whole.slice(a, b - a) for a, b in itertools.pairwise(edges)]
    states = [fold_batches(fold, batches) for batches in ([whole], parts, parts[::-1])]
    assert len(set(states)) == 1


_PAIRS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 40)), max_size=60)


@effort(max_examples=50)
@given(_PAIRS, _PAIRS, st.integers(1, 5))
def test_sorted_lists_are_merged_as_if_sorted_together(one: list[Any], two: list[Any], kept: int) -> None:
    def arrays(pairs: list[Any]) -> tuple[Any, Any]:
        listed = np.array(pairs, dtype=np.uint64).reshape(-1, 2)
        return listed[:, 0], listed[:, 1]

    a, b = (sorted_pairs(*arrays(pairs), kept) for pairs in (one, two))
    made = merged_pairs(a, b, kept)
    together = sorted_pairs(*arrays([*one, *two]), kept)
    assert all((x == y).all() for x, y in zip(made, together, strict=True))
    sums = [sorted_sums(x, y.astype(np.int64), y.astype(np.int64)) for x, y in (arrays(one), arrays(two))]
    merged = merged_sums(*sums)
    cells, counts = arrays([*one, *two])
    plain = sorted_sums(cells, counts.astype(np.int64), counts.astype(np.int64))
    assert all((x == y).all() for x, y in zip(merged, plain, strict=True))


def test_cells_are_those_of_h3_and_their_parents() -> None:
    rng = np.random.default_rng(0)
    lat, lon = rng.uniform(-80, 80, 300), rng.uniform(-180, 180, 300)
    cells = cells_of(lat, lon, 9)
    assert cells.tolist() == [h3.latlng_to_cell(a, b, 9) for a, b in zip(lat, lon, strict=True)]
    assert parents(cells, 6).tolist() == [h3.cell_to_parent(c, 6) for c in cells.tolist()]
    assert resolution_of(np.r_[cells[:2], np.array([0, 12345], np.uint64)]).tolist() == [9, 9, -1, -1]


def test_persons_of_a_cell_are_counted_exactly_until_the_sketch_is_full() -> None:
    def counted(n: int) -> float:
        table = MemoryTable({"lat": [10.0] * 2 * n, "lon": [20.0] * 2 * n, "who": list(range(n)) * 2})
        fold = Footprints(places=(PAIR,), person="who")
        _, counts = counts_of(fold.opened(table.fold(fold)), 9)
        return float(counts[0])

    assert counted(KEPT - 1) == KEPT - 1
    assert counted(5000) == pytest.approx(5000, rel=0.25)  # four times its error of 6 %
    assert persons_of(np.array([3, 4], np.uint64)) == 2


def test_too_many_pairs_make_cells_coarser_and_lose_nobody() -> None:
    rng = np.random.default_rng(1)
    lat, lon = rng.uniform(0, 10, 800), rng.uniform(0, 10, 800)
    columns = {"lat": lat.tolist(), "lon": lon.tolist(), "who": rng.integers(0, 50, 800).tolist()}
    fold = Footprints(places=(PAIR,), person="who", most=400)
    state = fold.opened(MemoryTable(columns).fold(fold))
    resolution = int(state["resolution"][0])
    assert resolution < 9
    assert len(state["cell"]) <= 400
    assert set(state["cell"]) == set(parents(cells_of(lat, lon, 9), resolution))
    assert len(state["persons"]) == 50


def test_fewer_are_kept_of_full_cells_before_cells_are_made_coarser() -> None:
    columns = {"lat": [10.0] * 300 + [20.0] * 4, "lon": [20.0] * 304, "who": [*range(300), 1, 2, 3, 4]}
    fold = Footprints(places=(PAIR,), person="who", most=50)
    state = fold.opened(MemoryTable(columns).fold(fold))
    assert (int(state["resolution"][0]), int(state["kept"][0]), len(state["cell"])) == (9, 16, 20)
    _, counts = counts_of(state, 9)
    assert min(counts.tolist()) == 4
    assert max(counts) == pytest.approx(300, rel=1.1)  # four times the error of 27 %


def test_what_cannot_be_used_is_counted_by_why() -> None:
    table = MemoryTable(
        {"lat": [10.0, 0.0, None, 99.0, 10.0], "lon": [20.0, 0.0, 1.0, 20.0, 20.0], "n": [3, 1, 1, 1, 0]}
    )
    fold = Footprints(places=(PAIR,), count="n")
    state = fold.opened(table.fold(fold))
    assert state["fates"].tolist()[Fate.READ] == 1
    assert state["fates"].tolist() == [1, 2, 0, 1, 1]  # a cell in which nobody was says nothing
    assert (state["held"].tolist(), state["least"].tolist()) == ([3, 3], [3])


def test_cells_given_as_such_are_read_in_both_spellings_and_made_one_size() -> None:
    cell = h3.latlng_to_cell(10, 20, 9)
    fine = h3.latlng_to_cell(10, 20, 11)
    places = Places(columns=("h3",), form=Form.H3)
    table = MemoryTable(
        {"h3": [f"{cell:x}", str(cell), f"{fine:x}", f"{h3.cell_to_parent(cell, 5):x}", "8928308280fffff"[:9]]}
    )
    fold = Footprints(places=(places,), finest=9)
    state = fold.opened(table.fold(fold))
    assert state["fates"][Fate.READ] == 3
    assert set(state["cell"].tolist()) == {cell, int(parents(np.array([fine], np.uint64), 9)[0])}


def test_a_home_is_the_cell_of_most_nights_and_work_that_of_most_workdays() -> None:
    monday = 1_709_510_400  # 2024-03-04, a Monday
    hours = {"home": [2, 23], "office": [11, 14]}
    rows = [
        ("p", 10.0 + 0.1 * (place == "office"), 20.0, 1, monday + day * 86_400 + hour * 3600)
        for day in range(REPEATS + 1) for place, hours_of in hours.items() for hour in hours_of
    ]  # fmt: skip
    rows += [("q", 30.0, 30.0, 1, monday + 3600)]  # one night is no habit
    columns = {name: [row[n] for row in rows] for n, name in enumerate(("person", "lat", "lon", "n"))}
    times = pa.array([row[4] * 10**6 for row in rows], pa.timestamp("us"))
    fold = Nights(places=PAIR, person="person", time="time")
    stays = fold.opened(MemoryTable({**columns, "time": times}).fold(fold))
    for kind, lat in ((NIGHT, 10.0), (DAY, 10.1)):
        has, where = habits(stays, kind, 9)
        assert sorted(has.tolist()) == [0, 1]
        assert where[has > 0].tolist() == [h3.latlng_to_cell(lat, 20.0, 9)]


def test_night_is_told_by_the_sun_where_clocks_say_utc() -> None:
    midnight_in_tokyo = 1_709_510_400 + 15 * 3600
    times = pa.array([(midnight_in_tokyo + d * 86_400) * 10**6 for d in range(4)], pa.timestamp("us", "UTC"))
    table = MemoryTable({"person": ["p"] * 4, "lat": [35.7] * 4, "lon": [139.7] * 4, "time": times})
    fold = Nights(places=PAIR, person="person", time="time")
    assert habits(fold.opened(table.fold(fold)), NIGHT, 9)[0].tolist() == [1]


def test_rows_near_a_spot_are_pointed_at() -> None:
    table = MemoryTable({"lat": [50.0, 0.0001, 0.0002, 0.0], "lon": [0.0, 0.0, 0.0, 90.0]})
    near = Near(places=PAIR, spots=(1.0, 0.0, 0.0), reach_m=1000.0, kept=5)
    assert rows_of(near, table.fold(near)) == [2, 3]


def test_a_state_of_something_else_is_refused() -> None:
    fold, other = Footprints(places=(PAIR,)), Near(places=PAIR, spots=(1.0, 0.0, 0.0), reach_m=1.0, kept=1)
    with pytest.raises(ForeignState):
        fold.opened(MemoryTable({"lat": [1.0], "lon": [1.0]}).fold(other))

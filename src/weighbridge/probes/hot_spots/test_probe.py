import builtins
import json
import sys
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from weighbridge.core.candidate import Declared, Role
from weighbridge.core.canon import canonical
from weighbridge.core.evidence import Measured, NotApplicable, NotMeasured, Outcome, Quantity, Silent, outcome_plain
from weighbridge.probekit.bench import MemoryBench, MemoryTable
from weighbridge.probes.hot_spots.engine import library
from weighbridge.probes.hot_spots.maps import Trace, World, made, suppressed
from weighbridge.probes.hot_spots.probe import PROBE, Settings

h3 = pytest.importorskip("h3.api.numpy_int")
RNG = np.random.default_rng(0)
N = 400
Columns = Mapping[str, Any]


def weighed(columns: Columns, *, declared: Declared | None = None, **settings: Any) -> Outcome:
    table = MemoryTable(columns, declared=declared)
    return PROBE.measure(MemoryBench(tables_by_role={Role.DATA: (table,)}), Settings(**settings))


def measured(columns: Columns, *, declared: Declared | None = None, **settings: Any) -> Measured:
    outcome = weighed(columns, declared=declared, **settings)
    assert isinstance(outcome, Measured), outcome
    return outcome


def found(outcome: Measured, metric: str, **by: str) -> Quantity:
    return next(q for q in outcome.quantities if q.metric == metric and dict(q.by) == by)


def said(outcome: Outcome) -> str:
    notes = outcome.notes if isinstance(outcome, Measured) else [outcome.because]  # type: ignore[union-attr]  # none fails
    return "\n".join(map(str, notes))


def people(decimals: int = 5, n: int = N) -> dict[str, Any]:
    rng = np.random.default_rng(1)
    return {
        "user_id": rng.integers(0, n // 4, n).tolist(),
        "lat": np.round(rng.uniform(48.0, 48.3, n), decimals).tolist(),
        "lon": np.round(rng.uniform(2.0, 2.4, n), decimals).tolist(),
    }


def test_no_place_or_no_people_and_there_is_nothing_to_measure() -> None:
    assert isinstance(weighed({"a": [1, 2], "b": ["x", "y"]}), NotApplicable)
    assert isinstance(weighed(people(), declared=Declared(about_people=False)), NotApplicable)
    assert isinstance(PROBE.measure(MemoryBench(), Settings()), NotApplicable)


def test_whether_it_is_about_people_is_asked_where_nothing_tells() -> None:
    columns = {"lat": people()["lat"], "lon": people()["lon"], "magnitude": [1.5] * N}
    asked = weighed(columns)
    assert isinstance(asked, NotMeasured)
    assert "about_people = true, or about_people = false" in str(asked.remedy)
    assert isinstance(weighed(columns, declared=Declared(about_people=True)), Measured)
    assert isinstance(weighed({**columns, "magnitude": [3] * N, "gender": ["f"] * N}), Measured)


@pytest.mark.parametrize(("decimals", "metres"), [(1, 11_119.5), (2, 1112.0), (3, 111.2), (4, 11.12), (5, 1.112)])
def test_precision_is_that_of_the_digits(decimals: int, metres: float) -> None:
    made = measured(people(decimals))
    assert found(made, "coordinate-precision", direction="latitude").value == pytest.approx(metres, rel=1e-3)
    east = found(made, "coordinate-precision", direction="longitude").value
    assert east == pytest.approx(metres * np.cos(np.radians(48.15)), rel=5e-3)
    assert found(made, "precise-share", decimals=str(decimals)).value > 0.5
    assert found(made, "precise-share", decimals=str(min(7, decimals + 1))).value < 0.01


def test_zeros_and_noise_at_the_end_are_no_digits() -> None:
    columns = people(2)
    noisy = {**columns, "lat": [x + 3e-12 for x in columns["lat"]], "lon": [f"{x:.6f}" for x in columns["lon"]]}
    assert found(measured(noisy), "coordinate-precision", direction="latitude").value == pytest.approx(1112, rel=1e-3)
    narrow = {**columns, "lat": pa.array(columns["lat"], pa.float32()), "lon": pa.array(columns["lon"], pa.float32())}
    assert found(measured(narrow), "coordinate-precision", direction="latitude").value == pytest.approx(1112, rel=1e-3)


def test_a_grid_is_coarser_than_its_digits() -> None:
    columns = people(6, 2000)
    step = 0.0045
    grid = {k: (np.round((np.floor(np.array(v) / step) + 0.5) * step, 6).tolist() if k != "user_id" else v)
            for k, v in columns.items()}  # fmt: skip
    assert found(measured(grid), "coordinate-precision", direction="latitude").value == pytest.approx(500.4, rel=1e-2)


def test_positions_of_places_that_many_share_are_no_more_exact_than_places_are_apart() -> None:
    at = RNG.uniform([48.0, 2.0], [49.0, 3.0], (12, 2)).round(6)
    place = RNG.integers(0, 12, N)
    made = measured({"patient_id": list(range(N)), "lat": at[place, 0].tolist(), "lon": at[place, 1].tolist()})
    assert found(made, "coordinate-precision", direction="latitude").value > 1000
    assert "places that several people share" in said(made)


def test_small_cells_are_counted_in_people_and_not_in_rows() -> None:
    crowd: dict[str, list[Any]] = {"user": [n % 6 for n in range(60)], "lat": [10.0001] * 60, "lon": [20.0001] * 60}
    alone: dict[str, list[Any]] = {"user": [99] * 40, "lat": [11.0001] * 40, "lon": [21.0001] * 40}
    both = {name: crowd[name] + alone[name] for name in crowd}
    made = measured(both)
    share = found(made, "small-cell-share", cells="released")
    assert share.value == pytest.approx(1 / 7)
    assert (share.low, share.high, share.n) == (share.value, share.value, 7)
    assert found(made, "smallest-cell", cells="released").value == 1
    assert found(measured(crowd), "smallest-cell", cells="9").value == 6
    rows = measured({"lat": both["lat"], "lon": both["lon"], "sex": ["f"] * 100})
    assert found(rows, "small-cell-share", cells="9").high == 1
    assert "rows were counted" in said(rows)


def test_a_table_of_counts_needs_no_persons() -> None:
    lat, lon = np.meshgrid(np.arange(1, 31) * 0.01, np.arange(1, 31) * 0.01)
    counts = [3] * 90 + [20] * 810
    made = measured({"lat": lat.ravel().tolist(), "lon": lon.ravel().tolist(), "users": counts})
    assert found(made, "small-cell-share", cells="released").value == pytest.approx(270 / (270 + 16_200))
    assert found(made, "smallest-cell", cells="released").value == 3
    assert found(made, "coordinate-precision", direction="latitude").value == pytest.approx(1112, rel=2e-2)
    cells = [h3.int_to_str(h3.latlng_to_cell(a, b, 8)) for a, b in zip(lat.ravel(), lon.ravel(), strict=True)]
    by_cell = measured({"h3": cells, "athletes": counts})
    assert found(by_cell, "coordinate-precision", direction="latitude").value == pytest.approx(920, rel=0.05)


def test_places_all_over_the_world_need_no_finer_cells() -> None:
    rng = np.random.default_rng(3)
    lat, lon = rng.uniform(-60, 60, 400).round(4).tolist(), rng.uniform(-180, 180, 400).round(4).tolist()
    cities = {"city": [f"c{n}" for n in range(400)], "lat": lat, "lng": lon}
    made = measured({**cities, "population": rng.integers(1000, 10**7, 400).tolist()})
    spots = found(made, "lonely-spots")
    assert spots.value == 0
    assert spots.high > 0  # what was not looked for is not known to be absent
    assert "coarser than spots" in said(made)


def columns_of(trace: Trace, cell_km: float | None) -> Columns:
    """The trace, or its heat map after places with fewer than five people were left out."""
    if cell_km:
        return suppressed(trace, cell_km, 5)
    return {"user": trace.person.tolist(), "lat": trace.latitude.tolist(), "lon": trace.longitude.tolist()}


@pytest.mark.parametrize("bases", [0, 20])
@pytest.mark.parametrize("cell_km", [None, 1.0])
def test_bases_stand_out_and_cities_roads_and_villages_do_not(bases: int, cell_km: float | None) -> None:
    spots = found(measured(columns_of(made(World(bases=bases, points=12), 7), cell_km)), "lonely-spots")
    assert spots.high == 0 if bases == 0 else 14 <= spots.low <= spots.high <= 20


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("cell_km", [None, 0.5, 1.0])
def test_over_many_maps_bases_are_found_and_hardly_anything_else(cell_km: float | None) -> None:
    """At least 14 of 20 on eight maps of ten, and on as many without bases nothing at all."""
    enough, none = 0, 0
    for seed in range(200, 210):
        with_bases = found(measured(columns_of(made(World(), seed), cell_km)), "lonely-spots")
        without = found(measured(columns_of(made(World(bases=0), seed), cell_km)), "lonely-spots")
        enough += 14 <= with_bases.low <= with_bases.high <= 21
        none += without.high == 0
    assert (enough >= 8, none >= 8) == (True, True), (enough, none)


def test_contrast_is_told_as_a_distribution_and_no_place_ever() -> None:
    trace = made(World(bases=5, cities=1, villages=0, country=50), 1)
    table = MemoryTable(columns_of(trace, None))
    bench = MemoryBench(tables_by_role={Role.DATA: (table,)})
    outcome = PROBE.measure(bench, Settings())
    assert isinstance(outcome, Measured)
    contrasts = [found(outcome, "spot-contrast", quantile=q).value for q in ("0.5", "0.9", "0.99", "1")]
    assert contrasts == sorted(contrasts)
    assert bench.pointers
    assert all(p.record >= 1 for p in bench.pointers)
    told = canonical(outcome_plain(outcome)).decode()
    for lat, lon in trace.bases.tolist():
        assert not any(f"{x:.2f}" in told for x in (lat, lon))
    told_words = json.dumps(told)
    assert not any(h3.int_to_str(h3.latlng_to_cell(a, b, r)) in told_words for a, b in trace.bases for r in (7, 8, 9))
    assert all("lies at a place" in p.says for p in bench.pointers)


@pytest.mark.parametrize("lonely", [True, False])
def test_homes_are_found_from_nights(lonely: bool) -> None:
    rows = [
        (person, 10.0 + (0.1 * person if lonely else 0), 20.0, f"2024-03-{day:02}T02:00:00")
        for person in range(30) for day in range(4, 9)
    ]  # fmt: skip
    columns = {name: [row[n] for row in rows] for n, name in enumerate(("user", "lat", "lon", "time"))}
    outcome = measured(columns)
    assert found(outcome, "habit-share", place="home").value == 1
    assert found(outcome, "lonely-habit-share", place="home").value == float(lonely)
    assert found(outcome, "habit-share", place="work").value == 0


# bad input


def test_swapped_columns_are_said_and_read() -> None:
    columns = people()
    columns["lon"] = [x + 100 for x in columns["lon"]]
    swapped = measured({"user_id": columns["user_id"], "lat": columns["lon"], "lon": columns["lat"]})
    assert "swapped" in said(swapped)
    assert swapped.quantities == measured(columns).quantities


def test_null_island_and_its_kin_are_left_out_and_counted() -> None:
    columns = people()
    with_holes = {
        "user_id": columns["user_id"] + [1] * 50,
        "lat": columns["lat"] + [0.0] * 40 + [99.0] * 10,
        "lon": columns["lon"] + [0.0] * 40 + [10.0] * 10,
    }
    made = measured(with_holes)
    assert "40 rows lie at a point that stands for no position" in said(made)
    assert "10 rows lie beyond" in said(made)
    assert made.quantities == measured(columns).quantities


@pytest.mark.parametrize(
    "columns",
    [
        {"user": [1], "lat": [10.5], "lon": [20.5]},
        {"user": [1, 2], "lat": [10.5, 10.5], "lon": [20.5, 20.5]},
        {"user": ["a", None, "b"], "lat": ["10,5", "north", "11.25"], "lon": ["20,5", "1", "21"]},
        {"user": [1, 2, 3], "lat": [89.99, -89.99, 0.1], "lon": [180.0, -180.0, 0.1]},
    ],
)
def test_tables_of_hardly_anything_are_measured(columns: Columns) -> None:
    made = measured(columns)
    assert found(made, "lonely-spots").value == 0
    assert found(made, "small-cell-share", cells="9").value == 1


def test_what_holds_no_position_says_so() -> None:
    assert isinstance(weighed({"user": [1, 2], "lat": [None, None], "lon": [None, None]}), NotApplicable)
    zeros = weighed({"user": [1, 2, 3], "lat": [0.0] * 3, "lon": [0.0] * 3})
    assert isinstance(zeros, NotMeasured)
    assert "no position that can be used" in str(zeros.because)
    metres = weighed({"user": [1, 2], "x": [500_000.5, 500_001.5], "y": [4_800_000.5, 4_800_001.5]})
    assert isinstance(metres, NotMeasured)
    assert "EPSG:4326" in str(metres.remedy)


def test_one_person_with_very_many_points_is_one_person() -> None:
    n = 100_000
    columns = {
        "user": [1] * n, "lat": RNG.normal(10, 0.001, n).round(6).tolist(), "lon": RNG.normal(20, 0.001, n).round(6).tolist()
    }  # fmt: skip
    made = measured(columns)
    assert found(made, "small-cell-share", cells="released").value == 1
    assert found(made, "lonely-spots").high == 0


def test_columns_may_be_named() -> None:
    columns = {"a": people()["lat"], "b": people()["lon"], "user": people()["user_id"], "m": [7] * N}
    assert isinstance(weighed(columns), NotApplicable)
    assert isinstance(weighed(columns, latitude="a", longitude="b"), Measured)
    counted = measured({"a": columns["a"], "b": columns["b"], "m": columns["m"]}, declared=Declared(about_people=True),
                       latitude="a", longitude="b", count="m")  # fmt: skip
    assert found(counted, "smallest-cell", cells="released").value == 7


def test_the_worst_of_two_tables_is_told_and_one_that_was_not_read_may_be_worse() -> None:
    tables = (MemoryTable(people(2), label="a.csv"), MemoryTable(people(4), label="b.csv"))
    both = PROBE.measure(MemoryBench(tables_by_role={Role.DATA: tables}), Settings())
    assert isinstance(both, Measured)
    assert found(both, "coordinate-precision", direction="latitude").value == pytest.approx(11.12, rel=1e-3)
    unclear = MemoryTable({"lat": people()["lat"], "lon": people()["lon"]}, label="c.csv")
    some = PROBE.measure(MemoryBench(tables_by_role={Role.DATA: (tables[0], unclear)}), Settings())
    assert isinstance(some, Measured)
    assert found(some, "coordinate-precision", direction="latitude").low == 0
    assert found(some, "lonely-spots").high >= 1
    assert found(some, "small-cell-share", cells="released").high == 1


def test_without_h3_the_remedy_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any) -> Any:
        if name.startswith("h3"):
            raise ImportError(name)
        return real(name, *args)

    monkeypatch.setattr(builtins, "__import__", without)
    monkeypatch.delitem(sys.modules, "h3.api.numpy_int", raising=False)
    with pytest.raises(Silent) as left:
        library()
    assert isinstance(left.value.outcome, NotMeasured)
    assert "weighbridge[geo]" in str(left.value.outcome.remedy)

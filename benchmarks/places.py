"""Places and traces beside plain ways of doing the same, in turn and in one process: ratios of time, and memory.

    python benchmarks/places.py [MILLIONS OF ROWS] [--maps]

Cells of H3: ours against the library's call for each point. Unicity: ours against pandas, which groups all people by
point at each detail and intersects the sampled people's sets. Lonely spots (with --maps): how many of 20 bases are
found on made-up maps, and how many on maps without. Above 1 ours is faster. The median of three rounds, one after the
other; memory is the largest state of a fold, and what the process grew by.
"""

from __future__ import annotations

import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import h3.api.numpy_int as h3
import numpy as np
import pandas as pd

from weighbridge.adapters.tables.columnar import BATCH_ROWS
from weighbridge.adapters.tables.duck import open_table
from weighbridge.core.candidate import Declared, Role
from weighbridge.core.evidence import Measured, Outcome
from weighbridge.maths.squares import middles, squares
from weighbridge.probekit.bench import MemoryBench, MemoryTable
from weighbridge.probekit.places import locate
from weighbridge.probekit.ports import Table
from weighbridge.probes.hot_spots.engine import cells_of
from weighbridge.probes.hot_spots.footprints import Footprints
from weighbridge.probes.hot_spots.maps import World, made, suppressed
from weighbridge.probes.hot_spots.probe import PROBE as HOT_SPOTS
from weighbridge.probes.hot_spots.probe import Settings as SpotSettings
from weighbridge.probes.trace_unicity.points import DETAILS, FINE_M, HOURS, SIDES_M
from weighbridge.probes.trace_unicity.probe import PROBE as UNICITY
from weighbridge.probes.trace_unicity.probe import Settings as TraceSettings

ROUNDS = 3
SAMPLED = 1000


def _timed(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def _ratio(ours: Callable[[], object], theirs: Callable[[], object]) -> float:
    rounds = [(_timed(ours), _timed(theirs)) for _ in range(ROUNDS)]
    return statistics.median(b for _, b in rounds) / statistics.median(a for a, _ in rounds)


def _traces(rows: int) -> dict[str, np.ndarray]:
    """People around homes of theirs, in one country, for a month."""
    rng = np.random.default_rng(0)
    person = rng.integers(0, rows // 50, rows)
    home = rng.normal(0, 0.4, (rows // 50, 2))
    at = home[person] + rng.normal(0, 0.01, (rows, 2))
    return {
        "user": person, "lat": (48 + at[:, 0]).round(5), "lon": (8 + at[:, 1]).round(5),
        "time": 1_700_000_000 + rng.integers(0, 30 * 86_400, rows),
    }  # fmt: skip


def _in_pandas(columns: dict[str, np.ndarray]) -> dict[str, float]:
    """Share of people alone at four random points of theirs, at each detail."""
    rng = np.random.default_rng(1)
    row, column = squares(columns["lat"], columns["lon"], FINE_M)
    frame = pd.DataFrame({"user": columns["user"], "hour": columns["time"] // 3600, "row": row, "column": column})
    frame = frame.drop_duplicates()
    users = rng.choice(frame["user"].unique(), SAMPLED, replace=False)
    drawn = frame[frame["user"].isin(users)].groupby("user").sample(n=4, random_state=2)
    found = {}
    for detail in DETAILS:
        unit, side = detail.split("-")
        known = []
        for table in (frame, drawn):
            r, c = table["row"].to_numpy(), table["column"].to_numpy()
            if SIDES_M[side] > FINE_M:
                r, c = squares(*middles(r, c, FINE_M), SIDES_M[side])
            known.append(pd.DataFrame({"user": table["user"], "t": table["hour"] // HOURS[unit], "r": r, "c": c}))
        wanted = known[1][["t", "r", "c"]].drop_duplicates()
        visitors = known[0].drop_duplicates().merge(wanted, on=["t", "r", "c"])
        at = visitors.groupby(["t", "r", "c"])["user"].agg(set).to_dict()
        alone = [len(set.intersection(*(at[p] for p in zip(g["t"], g["r"], g["c"], strict=True)))) == 1
                 for _, g in known[1].groupby("user")]  # fmt: skip
        found[detail] = float(np.mean(alone))
    return found


def _weigh(probe: object, table: Table, settings: object) -> Outcome:
    return probe.measure(MemoryBench(tables_by_role={Role.DATA: (table,)}), settings)  # type: ignore[attr-defined,no-any-return]  # either probe


def _of_spots() -> None:
    for name, cell_km in (("points", None), ("heat map of 0.5 km, fewer than 5 left out", 0.5), ("of 1 km", 1.0)):
        told = []
        for bases in (20, 0):
            for seed in range(300, 306):
                trace = made(World(bases=bases), seed)
                columns = suppressed(trace, cell_km, 5) if cell_km else {
                    "user": trace.person.tolist(), "lat": trace.latitude.tolist(), "lon": trace.longitude.tolist()
                }  # fmt: skip
                outcome = _weigh(HOT_SPOTS, MemoryTable(columns), SpotSettings())
                assert isinstance(outcome, Measured)
                told.append(int(next(q for q in outcome.quantities if q.metric == "lonely-spots").value))
        print(f"lonely spots, {name}: {told[:6]} found where there are 20, {told[6:]} where there are none")


def main() -> None:
    """Print a line for each comparison."""
    rows = int(float(next((a for a in sys.argv[1:] if a != "--maps"), "1")) * 1e6)
    columns = _traces(rows)
    lat, lon = columns["lat"], columns["lon"]
    one_by_one = _ratio(
        lambda: [cells_of(lat[n : n + BATCH_ROWS], lon[n : n + BATCH_ROWS], 9) for n in range(0, rows, BATCH_ROWS)],
        lambda: np.fromiter(
            (h3.latlng_to_cell(a, b, 9) for a, b in zip(lat.tolist(), lon.tolist(), strict=True)), np.uint64, rows
        ),
    )
    print(f"cells of H3, {rows} points: {one_by_one:.1f} times the library's call for each point")
    folder = tempfile.TemporaryDirectory()
    path = Path(folder.name) / "traces.parquet"
    pd.DataFrame(columns).to_parquet(path)
    table = open_table(path, label="traces", format="parquet", declared=Declared(), spill=Path(folder.name))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    state = table.fold(Footprints(places=locate(table).places, person="user"))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"hot-spots, {rows} points: a state of {len(state) / 1e6:.0f} MB; the process grew by {grown:.0f} MB")
    shares: list[dict[str, float]] = []
    outcomes: list[Outcome] = []
    ratio = _ratio(
        lambda: outcomes.append(_weigh(UNICITY, table, TraceSettings(sampled_persons=SAMPLED))),
        lambda: shares.append(_in_pandas(columns)),
    )
    assert isinstance(outcomes[0], Measured)
    ours = {q.at("detail"): q.value for q in outcomes[0].quantities if q.at("points") == "4"}
    print(f"trace-unicity, {rows} rows, {SAMPLED} people, {len(DETAILS)} details: {ratio:.1f} times pandas")
    print("  at four points, ours and pandas': " + ", ".join(f"{d} {ours[d]:.2f} {shares[0][d]:.2f}" for d in DETAILS))
    table.close()
    folder.cleanup()
    if "--maps" in sys.argv:
        _of_spots()


if __name__ == "__main__":
    main()

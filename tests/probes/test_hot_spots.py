"""The probe on the engine: the same bytes as in memory, from files of several forms; its own tests lie beside it."""

from pathlib import Path

import pandas as pd
import pytest

from weighbridge.adapters.engines.local import fold_here
from weighbridge.adapters.tables.duck import open_table
from weighbridge.core.candidate import Declared, Role
from weighbridge.core.evidence import Measured
from weighbridge.probekit.bench import MemoryBench
from weighbridge.probekit.places import locate
from weighbridge.probes.hot_spots.footprints import Footprints
from weighbridge.probes.hot_spots.maps import World, made
from weighbridge.probes.hot_spots.probe import PROBE, Settings

pytest.importorskip("h3")


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    trace = made(World(bases=10, cities=1, citizens=500, villages=0, country=50, points=6), 3)
    return pd.DataFrame({"user": trace.person, "lat": trace.latitude.round(5), "lon": trace.longitude.round(5)})


def spots(path: Path, file_format: str, spill: Path) -> tuple[float, ...]:
    table = open_table(path, label=path.name, format=file_format, declared=Declared(), spill=spill)
    outcome = PROBE.measure(MemoryBench(tables_by_role={Role.DATA: (table,)}), Settings())
    table.close()
    assert isinstance(outcome, Measured), outcome
    return tuple(q.value for q in outcome.quantities)


def test_every_form_of_a_position_gives_the_same_numbers(rows: pd.DataFrame, tmp_path: Path) -> None:
    rows.to_csv(tmp_path / "pair.csv", index=False)
    comma = rows.assign(lat=rows["lat"].map(lambda x: f"{x:.5f}".replace(".", ",")),
                        lon=rows["lon"].map(lambda x: f"{x:.5f}".replace(".", ",")))  # fmt: skip
    comma.to_csv(tmp_path / "comma.csv", index=False, sep=";")
    wkt = [f"POINT ({b} {a})" for a, b in zip(rows["lat"], rows["lon"], strict=True)]
    pd.DataFrame({"user": rows["user"], "geom": wkt}).to_csv(tmp_path / "wkt.csv", index=False)
    pairs = [f"{a},{b}" for a, b in zip(rows["lat"], rows["lon"], strict=True)]
    pd.DataFrame({"user": rows["user"], "gps": pairs}).to_parquet(tmp_path / "text.parquet")
    told = [
        spots(tmp_path / n, "parquet" if n.endswith("t") else "csv", tmp_path)
        for n in ("pair.csv", "comma.csv", "wkt.csv", "text.parquet")
    ]
    assert len(set(told)) == 1


def test_workers_give_the_same_bytes_as_one_process(rows: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "pair.parquet"
    pd.concat([rows] * 40).to_parquet(path)

    def run(workers: int) -> bytes:
        def here(unpacked, fold, *, label, tick=None):  # type: ignore[no-untyped-def]  # the runner's own
            return fold_here(unpacked, fold, label=label, tick=tick, workers=workers)

        table = open_table(path, label="t", format="parquet", declared=Declared(), spill=tmp_path, run=here)
        fold = Footprints(places=locate(table).places, person="user", most=20_000)
        state = table.fold(fold)
        table.close()
        return state

    assert run(1) == run(2)

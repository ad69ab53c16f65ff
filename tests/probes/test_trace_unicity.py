"""The probe on the engine, on traces that others made; its own tests lie beside it."""

import os
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from weighbridge.adapters.tables.duck import open_table
from weighbridge.core.candidate import Declared, Role
from weighbridge.core.evidence import Measured
from weighbridge.maths.squares import squares
from weighbridge.probekit.bench import MemoryBench
from weighbridge.probes.trace_unicity.probe import PROBE, Settings

DATA = Path(os.environ.get("WEIGHBRIDGE_DATA", Path(__file__).parents[2].parent / "shared" / "data")) / "tables"
TOY = DATA / "mobility" / "examples__privacy_toy.csv"


def expected(points: int) -> float:
    """Share of people who are alone with so many points, over every choice of them: what random draws come near to."""
    rows = pd.read_csv(TOY)
    row, column = squares(rows["lat"].to_numpy(), rows["lng"].to_numpy(), 100.0)
    hours = pd.to_datetime(rows["datetime"]).to_numpy().astype("datetime64[h]")
    of: dict[int, set[tuple[object, ...]]] = {person: set() for person in rows["uid"]}
    for person, *point in zip(rows["uid"], hours, row, column, strict=True):
        of[person].add(tuple(point))
    alone = []
    for person, mine in of.items():
        choices = list(combinations(sorted(mine), min(points, len(mine))))
        others = [held for other, held in of.items() if other != person]
        alone.append(np.mean([not any(set(choice) <= held for held in others) for choice in choices]))
    return float(np.mean(alone))


@pytest.mark.skipif(not TOY.exists(), reason="the traces are not on this machine; WEIGHBRIDGE_DATA names their folder")
def test_the_privacy_toy(tmp_path: Path) -> None:
    """Seven people and 23 points: over 40 seeds the shares come as near to those over all choices as draws can."""
    table = open_table(TOY, label="toy", format="csv", declared=Declared(), spill=tmp_path)
    found: dict[str, list[float]] = {}
    for seed in range(40):
        outcome = PROBE.measure(MemoryBench(tables_by_role={Role.DATA: (table,)}, seed=seed), Settings())
        assert isinstance(outcome, Measured)
        for q in outcome.quantities:
            if q.at("detail") == "hour-fine":
                found.setdefault(str(q.at("points")), []).append(q.value)
    table.close()
    for points, values in found.items():
        assert np.mean(values) == pytest.approx(expected(int(points)), abs=0.06)
    assert len(set(found["4"])) == 1  # nobody has more than four points: nothing is left to chance
    assert found["4"][0] == pytest.approx(expected(4))

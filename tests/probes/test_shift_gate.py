"""The gate on real rows: Adult, split at random and by a column."""

from __future__ import annotations

import gzip
import io
import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pytest

from fakes.unasked import Unasked
from weighbridge.adapters.examples import draw_examples
from weighbridge.core.candidate import Declared, Role
from weighbridge.core.evidence import Measured, Quantity
from weighbridge.probekit.bench import MemoryBench, MemoryTable
from weighbridge.probes.shift_gate.probe import PROBE, Settings

pytest.importorskip("sklearn", reason="scikit-learn is an extra")
pytestmark = pytest.mark.slow

DATA = Path(os.environ.get("WEIGHBRIDGE_DATA", Path(__file__).parents[2].parent / "shared" / "data")) / "adult"
NAMES = (
    "age", "workclass", "fnlwgt", "education", "education-num", "marital-status", "occupation", "relationship", "race",
    "sex", "capital-gain", "capital-loss", "hours-per-week", "native-country", "income",
)  # fmt: skip


@pytest.fixture(scope="module")
def adult() -> pa.Table:
    path = DATA / "adult.data.gz"
    if not path.exists():
        pytest.skip("adult.data.gz is not on this machine; WEIGHBRIDGE_DATA names the folder of the shared data")
    data = io.BytesIO(gzip.decompress(path.read_bytes()).strip())
    return pa.csv.read_csv(data, read_options=pa.csv.ReadOptions(column_names=list(NAMES)))


def gate(members: pa.Table, others: pa.Table) -> dict[str, Quantity]:
    """All quantities of the gate, as the bench would draw the rows for a model of income."""
    said = Declared(target="income")
    tables = {
        role: (
            MemoryTable({name: of[name].combine_chunks() for name in of.column_names}, label=role.value, declared=said),
        )
        for role, of in ((Role.TRAIN_DATA, members), (Role.HELD_OUT, others))
    }
    takes = tuple(name for name in members.column_names if name != "income")
    model = Unasked(inputs=takes, n_inputs=len(takes), classes=("<=50K", ">50K"))
    drawn = {role: draw_examples(model, tables, role, n=5000, seed=0) for role in tables}
    outcome = PROBE.measure(MemoryBench(examples_by_role=drawn), Settings())
    assert isinstance(outcome, Measured)
    return {q.at("feature") or q.metric: q for q in outcome.quantities}


def test_a_random_split_is_no_more_than_a_guess(adult: pa.Table) -> None:
    held = 0
    for seed in range(3):
        rows = np.random.default_rng(seed).permutation(adult.num_rows)
        half = len(rows) // 2
        found = gate(adult.take(pa.array(rows[:half])), adult.take(pa.array(rows[half:])))["blind-auc"]
        assert found.high < 0.53
        held += found.low <= 0.5 <= found.high
    assert held >= 2


def test_a_split_by_a_column_is_told_and_so_is_the_column(adult: pa.Table) -> None:
    young = pc.less(adult["age"], 38)
    found = gate(adult.filter(young), adult.filter(pc.invert(young)))
    assert found["blind-auc"].low > 0.99
    assert found["age"].low > 0.99


def test_a_split_by_a_column_that_was_dropped_is_told_by_others(adult: pa.Table) -> None:
    private = pc.equal(pc.utf8_trim_whitespace(adult["workclass"]), "Private")
    without = adult.drop_columns(["workclass"])
    found = gate(without.filter(private), without.filter(pc.invert(private)))
    assert found["blind-auc"].low > 0.7
    assert found["occupation"].low > 0.7


def test_exact_duplicates_across_the_split_are_counted(adult: pa.Table) -> None:
    half = adult.num_rows // 2
    members, others = adult.slice(0, half), adult.slice(half)
    known = {tuple(str(v).strip() for v in row.values()) for row in members.to_pylist()}
    wanted = sum(tuple(str(v).strip() for v in row.values()) in known for row in others.to_pylist())
    assert wanted > 0
    assert gate(members, others)["shared-records"].value == wanted

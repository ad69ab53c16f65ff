"""The probe's fold on the engine, in worker processes too; its own tests lie beside it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from weighbridge.adapters.tables.duck import open_table
from weighbridge.core.candidate import Declared
from weighbridge.probekit.bench import MemoryTable
from weighbridge.probes.direct_identifiers.fold import IdentifierFold
from weighbridge.probes.direct_identifiers.reading import readings

SAID = (
    "mail ada@lovelace.org",
    "call +33 6 12 34 56 78",
    "nothing",
    None,
    "4539 5787 6362 1486",
    "٠٦١٢٣٤٥٦٧٨",
    "x\ny 8.8.4.5",
)


def test_the_engine_remembers_what_a_table_in_memory_does(tmp_path: Path) -> None:
    n = 5000
    columns = {
        "said": pa.array([SAID[i % len(SAID)] for i in range(n)]),
        "phone": pa.array([612_345_000 + i % 700 for i in range(n)]),
        "code": pa.array([4_539_578_763_620_000 + i for i in range(n)]),
        "meta": pa.array([{"mails": [SAID[i % len(SAID)]]} if i % 3 else None for i in range(n)]),
    }
    path = tmp_path / "rows.parquet"
    pq.write_table(pa.table(columns), path, row_group_size=600)
    table = open_table(path, label="rows.parquet", format="parquet", declared=Declared(), spill=tmp_path)
    try:
        read = readings(table)
        assert [reading.name for reading in read] == list(columns)
        fold = IdentifierFold(readings=read, regions=("FR",))
        state = table.fold(fold)
    finally:
        table.close()
    assert MemoryTable(columns).fold(fold) == state


CHILD = """
import resource
import sys
import pyarrow as pa
from weighbridge.probekit.folds import ROW
from weighbridge.probes.direct_identifiers.fold import IdentifierFold
from weighbridge.probes.direct_identifiers.reading import Reading, Way

fold = IdentifierFold(readings=(Reading("text", Way.TEXT, "", ""),))
state = None
for start in range(0, int(sys.argv[1]), 500):
    texts = [f"{start + i} " + "water and road " * 1100 + f" a{start + i}@host{i}.org" for i in range(500)]
    batch = pa.RecordBatch.from_arrays([pa.array(range(start, start + 500)), pa.array(texts)], names=[ROW, "text"])
    made = fold.map(batch)
    state = made if state is None else fold.merge(state, made)
print(len(state), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def environment() -> dict[str, str]:
    """Ours, with the places that we import from."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def state_and_peak(n: int) -> tuple[int, int]:
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(n)], capture_output=True, text=True, check=True, env=environment()
    )
    size, mib = done.stdout.split()
    return int(size), int(mib)


@pytest.mark.slow
def test_memory_does_not_grow_with_the_data() -> None:
    """Of 400 MB of text as little is remembered as of 25 MB, and as little memory taken on the way."""
    (few, low), (many, high) = state_and_peak(1_500), state_and_peak(24_000)
    assert few == many
    assert high < low + 60


WITHOUT = """
import sys
sys.modules[sys.argv[1]] = None
from weighbridge.core.candidate import Role
from weighbridge.core.evidence import NotApplicable, Silent
from weighbridge.probekit.bench import MemoryBench, MemoryTable
from weighbridge.probes.direct_identifiers.probe import PROBE, Settings
assert isinstance(PROBE.measure(MemoryBench(), Settings()), NotApplicable)
try:
    PROBE.measure(MemoryBench(tables_by_role={Role.DATA: (MemoryTable({"x": ["y"]}),)}), Settings())
except Silent as silence:
    print(silence.outcome.remedy)
"""


@pytest.mark.parametrize("gone", ["phonenumbers", "stdnum"])
def test_without_the_extra_nothing_is_looked_for(gone: str) -> None:
    """In a process of its own: what was imported here stays imported."""
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT, gone], capture_output=True, text=True, check=True, env=environment()
    )
    assert done.stdout.strip() == "pip install 'weighbridge[identifiers]'"

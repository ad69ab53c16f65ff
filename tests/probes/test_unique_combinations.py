"""The probe on the engine and on tables that others have counted; its own tests lie beside it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from weighbridge.adapters.tables.duck import DuckTable, open_table
from weighbridge.core.candidate import Declared, Role
from weighbridge.core.evidence import Measured
from weighbridge.probekit.bench import MemoryBench
from weighbridge.probes.unique_combinations.probe import PROBE, Settings

DATA = Path(os.environ.get("WEIGHBRIDGE_DATA", Path(__file__).parents[2].parent / "shared" / "data")) / "tables"
ADULT = "arx/data__adult.csv.gz"
ANONYMISED = "pycanon/data__processed__adult_anonymized_3.csv.gz"


@pytest.fixture
def table(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DuckTable]:
    path = DATA / request.param
    if not path.exists():
        pytest.skip(f"{request.param} is not on this machine; WEIGHBRIDGE_DATA names the folder of the shared data")
    opened = open_table(path, label=path.name, format="csv", declared=Declared(), spill=tmp_path)
    yield opened
    opened.close()


def weighed(table: DuckTable, *, k: int) -> tuple[Measured, dict[tuple[str, str | None], float]]:
    bench = MemoryBench(tables_by_role={Role.DATA: (table,)})
    outcome = PROBE.measure(bench, Settings(k=k, max_columns=3, steps=20))
    assert isinstance(outcome, Measured), outcome
    return outcome, {(q.metric, q.at("columns")): q.value for q in outcome.quantities}


@pytest.mark.parametrize("table", [ADULT], indirect=True)
def test_adult(table: DuckTable) -> None:
    """30,162 complete rows, as polars counted them: at worst 0, 1.9 and 6.3 % alone, and 0.02, 5.8 and 21.0 % among fewer than 5."""
    outcome, found = weighed(table, k=5)
    assert outcome.quantities[0].n == 30_162
    for metric, percent in (("unique-share", [0.0, 1.9, 6.3]), ("small-class-share", [0.0, 5.8, 21.0])):
        assert [round(100 * found[metric, at], 1) for at in ("1", "2", "3")] == percent
    assert any("age + education + occupation: 6.32 %" in str(note) for note in outcome.notes)


@pytest.mark.parametrize("table", [ANONYMISED], indirect=True)
def test_adult_anonymised_to_three(table: DuckTable) -> None:
    """The six columns that were generalised are those that are guessed, and nobody has fewer than two doubles."""
    outcome, found = weighed(table, k=3)
    assert found["smallest-class", "declared"] == 3
    assert found["small-class-share", "declared"] == found["unique-share", "declared"] == 0
    six = '["age", "education", "occupation", "relationship", "sex", "native-country"]'
    assert any(f"quasi_identifiers = {six}" in str(note) for note in outcome.notes)

"""The benchmark of foretold compute, on a table of its own; and on the published one where it is at hand."""

from __future__ import annotations

import importlib.util
import os
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from weighbridge.adapters.formats.price_shelf import read_prices

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("WEIGHBRIDGE_DATA") or ROOT.parent / "shared" / "data")
HEAD = (
    "Model,Organization,Publication date,Domain,Parameters,Training dataset size (datapoints),Epochs,"
    "Training compute (FLOP),Training compute notes,Training hardware,Training chip-hours\n"
)
LAST = re.compile(r"rows (\d+) left-out (\d+) covered (\S+) median-ratio (\S+)")


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("benchmark_replication", ROOT / "benchmarks" / "replication.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = made
    spec.loader.exec_module(made)
    return made


def run(
    benchmark: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str
) -> tuple[int, str]:
    monkeypatch.setattr(sys, "argv", ["replication.py", *words])
    monkeypatch.setattr(benchmark, "DRAWS", 4000)
    code = benchmark.main()
    return code, capsys.readouterr().out


def test_rows_it_has_never_seen(
    benchmark: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    table = tmp_path / "late.csv"
    table.write_text(
        HEAD + "A,x,2026-02-27,Language,65B,1.4T,,,,NVIDIA H100 NVL,400000\n"
        "B,x,2026-03-01,Language,6e9,2e12,,7.2e22,stated by the authors,Google TPU v5p,120000\n"
        "circular,x,2026-03-02,Vision,1e9,1e9,,3.37e21,100 h x 100 x assumed utilization,NVIDIA A100,10000\n"
        "contradictory,x,2026-03-03,Language,1e9,1e9,,1e23,33% utilization assumed,NVIDIA A100,100000\n"
        "impossible,x,2026-03-04,Language,1e12,1e13,,,,NVIDIA A100,10\n"
        "unknown chip,x,2026-03-05,Language,1e9,1e10,,,,Abacus,100\n"
        'two chips,x,2026-03-06,Language,1e9,1e10,,,,"NVIDIA A100,NVIDIA H100",100\n'
        "units,x,2026-03-07,Language,1.5,300,,,,NVIDIA A100,100\n"
        "before,x,2022-03-07,Language,1e9,1e10,,,,NVIDIA A100,100\n"
        "no hours,x,2026-03-07,Language,1e9,1e10,,,,NVIDIA A100,\n"
        "negative,x,2026-03-07,Language,-1,1e10,,,,NVIDIA A100,9\n"
        "no date,x,,Language,1e9,1e10,,,,NVIDIA A100,9\n",
        encoding="utf-8",
    )
    code, said = run(benchmark, monkeypatch, capsys, "--models", str(table), "--from", "2023")
    assert code == 0
    last = LAST.fullmatch(said.splitlines()[-1])
    assert last is not None
    assert last.groups() == ("2", "6", "1.000", last[4])
    assert 1 <= float(last[4]) < 3
    for name in ("circular", "contradictory", "impossible", "unknown chip", "two chips", "units"):
        assert re.search(rf"left out .*{name}", said), name
    assert "taken as NVIDIA H100" in said
    assert "which unit" in said or "in ones" in said


def test_tables_that_cannot_be_used(
    benchmark: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(benchmark, monkeypatch, capsys, "--models", str(tmp_path / "none.csv"))[0] == 2
    bare = tmp_path / "bare.csv"
    bare.write_text("Model,Colour\nA,red\n", encoding="utf-8")
    code, said = run(benchmark, monkeypatch, capsys, "--models", str(bare))
    assert (code, said.splitlines()[-1]) == (0, "rows 0 left-out 0 covered nan median-ratio nan")


def test_hours_are_worked_out_where_the_table_has_no_column_of_them(benchmark: ModuleType, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("Model,Publication date,Training time (hours),Hardware quantity\nA,2024,10,8\n", encoding="utf-8")
    assert [row.hours for row in benchmark.read_rows(table)] == [80.0]
    table.write_text(
        "Model,Publication date,Training time (hours),Hardware quantity,Training chip-hours\nA,2024,10,8,\n",
        encoding="utf-8",
    )
    assert [row.hours for row in benchmark.read_rows(table)] == [None]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.5e9", 1.5e9), ("1,500,000", 1.5e6), ("1.5B", 1.5e9), ("1.5 billion", 1.5e9), ("$1_000", 1e3), ("~2T", 2e12),
        (".5e3", 500.0), ("", None), ("-3", None), ("nan", None), ("inf", None), ("none", None), ("0", None),
        ("1e999", None),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(benchmark: ModuleType, text: str, value: float | None) -> None:
    assert benchmark.number(text) == value


def test_no_prior_is_fitted_on_the_row_that_it_is_tested_on(benchmark: ModuleType, tmp_path: Path) -> None:
    """Were the row's own run in the shelf wrong by a hundred times, what is foretold for that row would not change."""
    from dataclasses import replace

    prices = read_prices()
    run = next(run for run in prices.run if run.model.startswith("GPT-3"))
    table = tmp_path / "t.csv"
    table.write_text(
        HEAD + f"{run.model},{run.who},{run.date},Language,1.75e11,3e11,,,,NVIDIA V100,{run.chip_hours}\n",
        encoding="utf-8",
    )
    row = next(iter(benchmark.read_rows(table)))
    spoilt = replace(prices, run=tuple(replace(r, flop=r.flop / 100) if r is run else r for r in prices.run))
    renamed = replace(row, name="by another name", who="others")
    for asked in (row, renamed):
        one, other = (benchmark.foretell(benchmark.judge(asked, shelf), shelf, 0) for shelf in (prices, spoilt))
        assert (one.low, one.median, one.high) == (other.low, other.median, other.high)
        assert one.n_taken_out == 1


def test_the_published_table(
    benchmark: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    table = DATA / "compute" / "models_to_2022.csv"
    if not table.is_file():
        pytest.skip(f"the published table is not at {table}: set WEIGHBRIDGE_DATA")
    code, said = run(benchmark, monkeypatch, capsys, "--models", str(table))
    assert code == 0
    assert re.search(r"GPT-2 1\.5B.*: inside", said)
    last = LAST.fullmatch(said.splitlines()[-1])
    assert last is not None
    assert int(last[1]) >= 20
    assert 0.8 <= float(last[3]) <= 0.97
    assert float(last[4]) < 1.5

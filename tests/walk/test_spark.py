"""A whole weighing whose folds ran on Spark: the evidence is the same to the last digit."""

from __future__ import annotations

import random
from importlib.util import find_spec
from pathlib import Path

import pytest

from weighbridge.adapters.engines.java import java_version
from weighbridge.adapters.engines.spark import SparkRunner
from weighbridge.wiring import Options, opened_ledger, weigh_path

_HAS_SPARK = find_spec("pyspark") is not None and find_spec("pandas") is not None and java_version() >= 17


@pytest.mark.skipif(not _HAS_SPARK, reason="PySpark or Java 17 is not installed")
@pytest.mark.slow
@pytest.mark.timeout(400)
def test_evidence_of_spark_and_of_this_machine_has_one_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "c"
    folder.mkdir()
    draw = random.Random(4)
    rows = [
        f"{n},ann{n}@example.org,{draw.randint(18, 80)},{draw.choice('FM')},{draw.choice('ABCDEFG')},"
        f"{draw.randint(1890, 2010)}-0{draw.randint(1, 9)}-11,{draw.random() * 1e5:.2f},call me at +44 7700 9004{n % 90 + 10}"
        for n in range(2000)
    ]
    header = "client_id,email,age,sex,district,born,income,note"
    (folder / "clients.csv").write_text("\n".join([header, *rows]) + "\n")
    ran: list[str] = []
    plain_call = SparkRunner.__call__

    def counted(self: SparkRunner, *args: object, **given: object) -> bytes:
        ran.append(type(args[1]).__name__)
        return plain_call(self, *args, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(SparkRunner, "__call__", counted)
    here = weigh_path(folder, Options(home=tmp_path / "here")).weighing
    there = weigh_path(folder, Options(home=tmp_path / "there", engine="local[2]")).weighing
    assert [e.digest for e in here.evidence] == [e.digest for e in there.evidence]
    assert [e.outcome for e in here.evidence] == [e.outcome for e in there.evidence]
    assert ran, "no probe folds a table: this test would show nothing"
    with opened_ledger(tmp_path / "there") as ledger:
        assert {str(e.environment["engine"]) for e in ledger.entries("c")} == {"local[2]"}  # type: ignore[call-overload,index]
    assert not list((tmp_path / "there" / "spill").rglob("*"))

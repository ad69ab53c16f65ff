"""Counting against a small table, and against the published one where the data are on this machine."""

from __future__ import annotations

import os
from pathlib import Path
from types import ModuleType

import pytest

from adapters.languages.test_flores import archive
from adapters.models.test_rank_file import ranks
from benchmarks.test_membership import loaded
from weighbridge.adapters.models import rank_file

pytest.importorskip("tiktoken", reason="rank files are an extra")

DATA = Path(os.environ.get("WEIGHBRIDGE_DATA", Path(__file__).parents[2].parent / "shared" / "data"))
FLORES = {
    "f/dev/eng_Latn.dev": "the\nthe\n", "f/devtest/eng_Latn.devtest": "that\n",
    "f/dev/rus_Cyrl.dev": "б\n", "f/devtest/rus_Cyrl.devtest": "б\n", "f/dev/swh_Latn.dev": "no devtest\n",
}  # fmt: skip


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    return loaded("tokenizer_premium")


@pytest.fixture
def arguments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setitem(rank_file._PATTERNS, 258, rank_file._R50K)
    ranks(tmp_path / "r50k_base.tiktoken.gz", also=(b"the", b" the"))
    archive(tmp_path / "flores.tar.xz", FLORES)
    # "the the  that " and "б  б ": tokens, characters, bytes
    (tmp_path / "table.csv").write_text(
        "Language,GPT-2,r50k_base,RoBERTa,UTF-32,CANINE,ByT5\nEnglish,9,9,9,14,14,14\nRussian,7,7,7,5,5,7\n"
    )
    (tmp_path / "flores_language_map.csv").write_text(
        " Language, FLORES-200 code\nEnglish, eng_Latn\nRussian, rus_Cyrl\n"
    )
    return [
        f"--flores={tmp_path / 'flores.tar.xz'}", f"--ranks={tmp_path}", f"--table={tmp_path / 'table.csv'}",
    ]  # fmt: skip


def test_every_cell_is_compared(
    benchmark: ModuleType, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, out = benchmark.main(arguments), capsys.readouterr().out
    assert out.splitlines()[-1] == "cells 12 equal 12", out
    assert code == 0


def test_a_cell_that_differs_and_a_language_that_is_missing(
    benchmark: ModuleType, arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "table.csv"
    table.write_text(table.read_text().replace("14,14,14", "14,14,16"))
    assert benchmark.main(arguments) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "cells 12 equal 11"
    table.write_text(table.read_text().replace("14,14,16", "14,14,14") + "Swahili,1,1,1,1,1,1\n")
    assert benchmark.main(arguments) == 1
    assert "no text for Swahili" in capsys.readouterr().out


def test_what_cannot_be_read_is_told(
    benchmark: ModuleType, arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "table.csv").write_text("Language\nEnglish\n")
    assert benchmark.main(arguments) == 2
    (tmp_path / "flores.tar.xz").write_bytes(b"-")
    assert benchmark.main(arguments) == 2
    assert "cannot compare" in capsys.readouterr().err


@pytest.mark.slow
def test_the_published_table(benchmark: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    flores, table = DATA / "language/flores200_dataset.tar.xz", DATA / "language/petrov_tokenization_lengths.csv"
    if not flores.exists() or not table.exists():
        pytest.skip("FLORES-200 is not on this machine; WEIGHBRIDGE_DATA names the folder of the shared data")
    given = [f"--flores={flores}", f"--ranks={DATA / 'tokenizers'}", f"--table={table}"]
    assert benchmark.main(given) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "cells 1836 equal 1836"

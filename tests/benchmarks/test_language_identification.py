"""The pieces of the benchmark on a few sentences, and what was measured where the data are on this machine."""

from __future__ import annotations

import os
import re
from pathlib import Path
from types import ModuleType

import pytest

from adapters.languages.test_flores import archive
from benchmarks.test_membership import loaded

pytest.importorskip("pycld2", reason="telling languages apart is an extra")

DATA = Path(os.environ.get("WEIGHBRIDGE_DATA", Path(__file__).parents[2].parent / "shared" / "data"))
FLORES = {
    "f/devtest/eng_Latn.devtest": "The water is cold today, and the road to the village is closed.\nok\n",
    "f/devtest/kmb_Latn.devtest": "zzz zzz\n",
}


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    return loaded("language_identification")


def test_right_wrong_and_unknown(benchmark: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive(tmp_path / "flores.tar.xz", FLORES)
    assert benchmark.main(["--flores", str(tmp_path / "flores.tar.xz")]) == 0
    out = capsys.readouterr().out
    assert "right: 1 of 2, 0.5000" in out
    assert "unknown, as it should be: 1 of 1" in out
    assert benchmark.main(["--flores", str(tmp_path)]) == 2


def test_sentences_are_cut_to_their_first_words(benchmark: ModuleType) -> None:
    assert benchmark.shortened("one two three", 5) == "one two"
    assert benchmark.shortened("one two", 0) == "one two"
    assert benchmark.shortened("水" * 50, 5) == "水" * 10


@pytest.mark.slow
def test_few_names_are_wrong(benchmark: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    """What docs/decisions/0026 says was measured, with room for other versions of the packages."""
    flores = DATA / "language/flores200_dataset.tar.xz"
    if not flores.exists():
        pytest.skip("FLORES-200 is not on this machine; WEIGHBRIDGE_DATA names the folder of the shared data")
    assert benchmark.main(["--flores", str(flores), "--sentences", "50"]) == 0
    told = dict(re.findall(r"^(.+): \d+ of \d+, ([\d.]+) ", capsys.readouterr().out, flags=re.MULTILINE))
    assert float(told["right"]) > 0.93
    assert float(told["wrong"]) < 0.006
    assert float(told["falsely known"]) < 0.13

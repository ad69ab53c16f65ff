from __future__ import annotations

from pathlib import Path

from conftest import Weighbridge


def test_a_brief_and_a_quotation(weighbridge: Weighbridge, people: Path, tmp_path: Path) -> None:
    code, _out, err = weighbridge("press", "brief", people)
    assert (code, "was not weighed yet" in err) == (3, True)
    assert weighbridge("weigh", people, "--probe", "artefact-safety")[0] == 0
    code, out, _err = weighbridge("press", "brief", people)
    assert (code, out.startswith("# Press brief: people")) == (0, True)
    assert weighbridge("press", "brief", people, "-o", tmp_path / "brief.md")[0] == 0
    assert (tmp_path / "brief.md").read_text() == out
    code, out, err = weighbridge("press", "quoted", people, "--outlet", "A paper", "--printed", "x", "--meant", "y")
    assert (code, "ask for a correction" in err) == (0, True)
    number = out.split()[-1]
    assert weighbridge("press", "corrected", people, number, "--as", "asked")[0] == 0
    assert "correction asked" in weighbridge("press", "brief", people)[1]


def test_bad_input(weighbridge: Weighbridge, people: Path) -> None:
    assert weighbridge("press", "corrected", people, "99", "--as", "asked")[0] == 2
    assert weighbridge("press", "quoted", people, "--outlet", "", "--printed", "x")[0] == 2
    assert weighbridge("press", "quoted", people, "--outlet", "a", "--printed", "x" * 30_000)[0] == 2
    assert weighbridge("press", "quoted", people, "--printed", "x")[0] == 2

from __future__ import annotations

from pathlib import Path

from conftest import Weighbridge


def test_the_shipped_policy_has_no_fault_and_says_what_it_needs(weighbridge: Weighbridge) -> None:
    code, out, _err = weighbridge("policy", "check")
    assert (code, "no faults" in out) == (0, True)


def test_a_copy_checks_too(weighbridge: Weighbridge, tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text(weighbridge("policy", "show")[1])
    assert weighbridge("policy", "check", mine)[0] == 0


def test_all_faults_are_told_with_their_lines(weighbridge: Weighbridge, tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text(weighbridge("policy", "show")[1].replace('metric = "smallest-class"', 'metric = "smallest-clas"'))
    code, _out, err = weighbridge("policy", "check", mine)
    assert code == 2
    assert "did you mean 'smallest-class'?" in err
    assert "mine.toml:" in err
    code, _out, err = weighbridge("policy", "check", tmp_path / "none.toml")
    assert (code, "cannot read the policy" in err) == (2, True)

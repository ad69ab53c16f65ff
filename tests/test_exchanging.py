from __future__ import annotations

from pathlib import Path

import pytest

from weighbridge.core.decision import SignerRole
from weighbridge.core.errors import Unusable
from weighbridge.exchanging import IMPORTABLE, import_path
from weighbridge.wiring import Options, opened_ledger

FORTY = Path(__file__).parent / "assets" / "imports" / "garak-0.17.1-forty.report.jsonl"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "m.gguf").write_bytes(b"GGUF" + bytes(64))
    return tmp_path / "m"


def test_a_report_enters_the_chain_of_the_candidate(model: Path, tmp_path: Path) -> None:
    options = Options(home=tmp_path / "home")
    assert IMPORTABLE == ("garak", "sacro-ml")
    evidence, is_new = import_path(model, FORTY, SignerRole.SECURITY, options=options)
    assert is_new
    with opened_ledger(tmp_path / "home") as ledger:
        assert ledger.verify() == 2
        assert evidence.digest in [e.body["digest"] for e in ledger.entries("m") if isinstance(e.body, dict)]


def test_a_ledger_that_came_with_the_candidate_is_not_written(model: Path) -> None:
    home = model / "home"
    import_path(model, FORTY, SignerRole.SECURITY, options=Options(home=home))
    (home / "ledger.sqlite").chmod(0o644)
    with pytest.raises(Unusable, match="may have come with the candidate"):
        import_path(model, FORTY, SignerRole.OWNER, options=Options(home=home))

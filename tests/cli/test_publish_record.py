from __future__ import annotations

from pathlib import Path

from cli.test_incident import decided
from conftest import Weighbridge

__all__ = ["decided"]


def test_writes_a_record_into_a_new_folder(weighbridge: Weighbridge, decided: Path, tmp_path: Path) -> None:
    weighbridge("keys", "new", "Ada Lovelace")
    weighbridge("keys", "trust", "Ada Lovelace", "--role", "owner")
    assert weighbridge("sign", decided, "--role", "owner", "--key", "Ada Lovelace")[0] == 0
    out = tmp_path / "a" / "record"
    code, told, _err = weighbridge("publish-record", "-o", out)
    assert (code, told.split(":")[0]) == (0, "1 decision")
    written = b"".join(path.read_bytes() for path in out.iterdir())
    assert b"withheld" in written
    assert b"Lovelace" not in written
    assert b"it is about people" not in written
    assert weighbridge("publish-record", "-o", out)[0] == 2
    assert weighbridge("publish-record", "-o", out / "index.html")[0] == 2


def test_a_ledger_without_decisions(weighbridge: Weighbridge, tmp_path: Path) -> None:
    code, told, _err = weighbridge("publish-record", "-o", tmp_path / "record")
    assert (code, told.split(":")[0]) == (0, "0 decisions")

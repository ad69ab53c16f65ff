from __future__ import annotations

from pathlib import Path

import pytest

from weighbridge.adapters.keys.owned import read_owned, write_owned
from weighbridge.core.errors import Unusable


def test_what_is_written_is_read_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "f.json"
    assert read_owned(file) is None
    write_owned(file, b"one")
    write_owned(file, b"two")
    assert read_owned(file) == b"two"
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["f.json"]


@pytest.mark.parametrize("place", [".", "f.json"])
def test_where_others_may_write_nothing_is_believed(tmp_path: Path, place: str) -> None:
    file = tmp_path / "keys" / "f.json"
    write_owned(file, b"one")
    (file.parent / place).chmod(0o777)
    with pytest.raises(Unusable, match="cannot use") as refused:
        read_owned(file)
    assert refused.value.fix.startswith("chmod go-w")


def test_what_is_too_large_is_not_ours(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "f.json"
    write_owned(file, bytes((1 << 20) + 1))
    assert read_owned(file) == b""

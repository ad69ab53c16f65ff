from pathlib import Path

import pytest

from weighbridge.adapters.spill import spill_folder
from weighbridge.core.errors import Outside


def test_a_folder_is_private_and_swept_and_so_is_what_a_killed_one_left(tmp_path: Path) -> None:
    with spill_folder(tmp_path, "people") as folder:
        assert folder.stat().st_mode & 0o077 == 0
        left = folder.parent / "left"
        left.mkdir()
        (left / "rows").touch()
        kept = folder.parent
    assert not kept.exists()
    kept.mkdir(parents=True)
    (kept / "rows").touch()
    with spill_folder(tmp_path, "people") as folder:
        assert not (kept / "rows").exists()
        assert folder.parent == kept


def test_a_home_that_takes_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "spill").touch()
    with pytest.raises(Outside, match="cannot make the folder"), spill_folder(tmp_path, "people"):
        pass

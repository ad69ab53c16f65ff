from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from adapters.languages.tables import linguameta
from weighbridge.adapters.languages.files import flores_in, read_folder
from weighbridge.core.errors import Outside, Unusable


def test_a_file_is_known_by_its_columns(tmp_path: Path) -> None:
    folder = read_folder(linguameta(tmp_path))
    sheet = folder.with_columns("bcp_47_code", "english_name")
    assert sheet is not None
    assert sheet.rows[1]["english_name"] == 'Krio "of Freetown"'
    assert folder.with_columns("nothing") is None


def test_the_digest_covers_what_is_read(tmp_path: Path) -> None:
    before = read_folder(linguameta(tmp_path)).digest
    (tmp_path / "notes.txt").write_text("of no matter")
    assert read_folder(tmp_path).digest == before
    (tmp_path / "meta.tsv").write_text("other\n")
    assert read_folder(tmp_path).digest != before
    (tmp_path / "flores200_dataset.tar.xz").write_bytes(b"1")
    one = read_folder(tmp_path)
    (tmp_path / "flores200_dataset.tar.xz").write_bytes(b"2")
    assert one.has_flores
    assert read_folder(tmp_path).digest != one.digest


def test_no_folder_named_is_an_empty_one(tmp_path: Path) -> None:
    assert read_folder(None).sheets == ()
    assert read_folder(None).digest == ""
    assert flores_in(None) is None
    assert flores_in(tmp_path) is None


def test_what_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unusable, match="no such folder"):
        read_folder(tmp_path / "none")
    (tmp_path / "a.csv").write_bytes(b"\xff\xfe")
    with pytest.raises(Unusable, match="UTF-8"):
        read_folder(tmp_path)
    (tmp_path / "a.csv").unlink()
    (tmp_path / "a.csv.gz").write_bytes(b"no gzip")
    with pytest.raises(Unusable, match="compression"):
        read_folder(tmp_path)
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"x" * 5000))
    monkeypatch.setattr("weighbridge.adapters.languages.files._MOST_BYTES", 1000)
    with pytest.raises(Unusable, match="more than"):
        read_folder(tmp_path)
    (tmp_path / "a.csv.gz").unlink()
    (tmp_path / "b.csv").symlink_to("b.csv")
    assert read_folder(tmp_path).sheets == ()  # a link to nowhere is no file


def test_a_folder_without_leave_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_text("x\n")

    def refuse(*_args: object, **_more: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(Outside, match="Permission denied"):
        read_folder(tmp_path)

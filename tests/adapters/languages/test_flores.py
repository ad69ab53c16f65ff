from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from weighbridge.adapters.languages.flores import read_flores
from weighbridge.core.errors import Outside, Unusable

FILES = {
    "set/dev/eng_Latn.dev": "One.\nTwo.\n",
    "set/dev/swh_Latn.dev": "Moja.\nMbili.\n",
    "set/devtest/eng_Latn.devtest": "Three.\n",
    "set/README": "of no matter",
}


def archive(path: Path, files: dict[str, str], *, mode: str = "w:xz") -> Path:
    with tarfile.open(path, mode) as made:  # type: ignore[call-overload]  # the mode is one of the literal ones
        for name, text in files.items():
            data = text.encode()
            member = tarfile.TarInfo(name)
            member.size = len(data)
            made.addfile(member, io.BytesIO(data))
        link = tarfile.TarInfo("set/dev/fra_Latn.dev")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
        made.addfile(link)
    return path


@pytest.mark.parametrize("mode", ["w:xz", "w:gz", "w"])
def test_reads_an_archive(tmp_path: Path, mode: str) -> None:
    found = read_flores(archive(tmp_path / "flores.tar", FILES, mode=mode))
    assert [(s.part, s.code) for s in found] == [("dev", "eng_Latn"), ("dev", "swh_Latn"), ("devtest", "eng_Latn")]
    assert found[1].sentences == ("Moja.", "Mbili.")


def test_reads_a_folder(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert [s.code for s in read_flores(tmp_path, part="dev")] == ["eng_Latn", "swh_Latn"]


def test_what_is_no_archive_is_told(tmp_path: Path) -> None:
    (tmp_path / "bad.tar.xz").write_bytes(b"no archive at all")
    with pytest.raises(Unusable, match="damaged"):
        read_flores(tmp_path / "bad.tar.xz")
    with pytest.raises(Unusable, match="eng_Latn"):
        read_flores(archive(tmp_path / "empty.tar", {"README": "-"}))
    with pytest.raises(Outside):
        read_flores(tmp_path / "none.tar")
    whole = archive(tmp_path / "whole.tar.xz", FILES).read_bytes()
    (tmp_path / "cut.tar.xz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Unusable):
        read_flores(tmp_path / "cut.tar.xz")

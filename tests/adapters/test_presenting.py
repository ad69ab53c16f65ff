from __future__ import annotations

import hashlib
import os
import shutil
import statistics
import subprocess
import threading
from pathlib import Path

import pytest

from core.test_envelope import FILE
from weighbridge.adapters.presenting import bundles_at, present
from weighbridge.app.check_bundles import Found
from weighbridge.core.errors import Outside, Unusable


def _all(_label: str, _size: int) -> bool:
    return True


def _decided(label: str, size: int) -> bool:
    return (label, size) == (FILE.label, FILE.size_bytes)


def test_hashes_every_file_and_tells_version_control_apart(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.bin").write_bytes(b"bytes")
    (tmp_path / ".hidden").write_bytes(b"")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_bytes(b"x")
    shown = present(tmp_path, _all)
    assert [(f.label, f.size_bytes) for f in shown.files] == [(".hidden", 0), ("a/b.bin", 5)]
    assert shown.files[1].digest == "sha256:" + hashlib.sha256(b"bytes").hexdigest()
    assert (shown.faults, shown.apart) == ((), (".git/",))


def test_version_control_deeper_down_is_files_like_any_and_our_home_is_not(tmp_path: Path) -> None:
    (tmp_path / "a" / ".git").mkdir(parents=True)
    (tmp_path / "a" / ".git" / "x").write_bytes(b"x")
    (tmp_path / "out" / "home").mkdir(parents=True)
    (tmp_path / "out" / "home" / "ledger.sqlite").write_bytes(b"x")
    shown = present(tmp_path, _all, home=tmp_path / "out" / "home")
    assert [f.label for f in shown.files] == ["a/.git/x"]
    assert shown.apart == ("out/home/",)


def test_a_link_that_is_called_like_version_control_is_a_link(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / ".git").symlink_to(tmp_path / "x")
    shown = present(tmp_path / "root", _all)
    assert (len(shown.faults), shown.apart) == (1, ())


@pytest.mark.parametrize("kind", ["folder", "file", "nothing"])
def test_a_place_that_is_a_link_is_told(tmp_path: Path, kind: str) -> None:
    target = tmp_path / "target"
    if kind == "folder":
        target.mkdir()
    elif kind == "file":
        target.write_bytes(b"m")
    (tmp_path / "link").symlink_to(target)
    shown = present(tmp_path / "link", _all)
    assert shown.files == ()
    assert "link is a link" in str(shown.faults[0])


def test_one_file_with_another_name_is_told(tmp_path: Path) -> None:
    (tmp_path / "m.onnx").write_bytes(b"m")
    (tmp_path / "other").hardlink_to(tmp_path / "m.onnx")
    assert len(present(tmp_path / "m.onnx", _all).faults) == 1


def test_what_comes_while_it_is_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "m.onnx").write_bytes(b"m")

    def asks(_label: str, _size: int) -> bool:
        (tmp_path / "late").write_bytes(b"x")
        return True

    with pytest.raises(Unusable, match="was changed while it was read"):
        present(tmp_path, asks)


def test_what_nobody_weighed_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"x")
    (file,) = present(tmp_path, lambda _label, _size: False).files
    assert (file.digest, file.size_bytes) == (None, 1)


def test_one_file_is_a_place_too(tmp_path: Path) -> None:
    (tmp_path / "m.onnx").write_bytes(b"m")
    (file,) = present(tmp_path / "m.onnx", _decided).files
    assert (file.label, file.digest) == ("m.onnx", FILE.digest)


@pytest.mark.parametrize("kind", ["link", "broken link", "folder link", "hard link", "pipe"])
def test_what_is_no_plain_file_of_its_own_is_told(tmp_path: Path, kind: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "x").write_bytes(b"x")
    root = tmp_path / "root"
    root.mkdir()
    at = root / "y"
    match kind:
        case "link":
            at.symlink_to(outside / "x")
        case "broken link":
            at.symlink_to(outside / "none")
        case "folder link":
            at.symlink_to(outside)
        case "hard link":
            at.hardlink_to(outside / "x")
        case _:
            os.mkfifo(at)
    shown = present(root, _all)
    assert shown.files == ()
    assert len(shown.faults) == 1
    assert str(shown.faults[0]).startswith("y ")


@pytest.mark.parametrize("name", ["a\\b", "c:d", "dot.", "blank ", "e\u0301", "bad\udcff"])
def test_names_that_are_others_elsewhere_are_told(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    (fault,) = present(tmp_path, _all).faults
    assert "machines" in str(fault)
    str(fault).encode()


def test_names_that_differ_by_case_alone_clash(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "A").mkdir()
    for name in ("a/x", "A/y"):
        (tmp_path / name).write_bytes(b"x")
    assert len(present(tmp_path, _all).faults) == 1
    (tmp_path / "A" / "y").rename(tmp_path / "y")
    (tmp_path / "A").rmdir()
    for name in ("Model.bin", "model.bin"):
        (tmp_path / name).write_bytes(b"x")
    (fault,) = present(tmp_path, _all).faults
    assert "case" in str(fault)


def test_a_file_of_another_size_is_another_file_however_large(tmp_path: Path) -> None:
    with (tmp_path / "m.onnx").open("wb") as out:
        out.truncate(10 << 30)  # sparse: it takes no room, and would take long to read
    (file,) = present(tmp_path, _decided).files
    assert file.size_bytes == 10 << 30
    assert file.digest is None


def test_a_place_that_is_not_there_is_no_empty_place(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="cannot look at"):
        present(tmp_path / "none", _all)


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one core: there is nothing to do at once")
def test_files_are_hashed_at_once(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).write_text(name)
    both = threading.Barrier(2, timeout=30)

    def is_known(_label: str, _size: int) -> bool:
        both.wait()  # breaks where one file waits for the other to be done
        return True

    assert len(present(tmp_path, is_known).files) == 2


@pytest.mark.slow
def test_hashing_takes_hardly_more_of_a_core_than_sha256sum(tmp_path: Path) -> None:
    """In time of the processor, not of the clock, and each in turn: other work on the machine slows both alike."""
    command = shutil.which("sha256sum")
    if command is None:
        pytest.skip("no sha256sum on this machine")
    with (tmp_path / "f").open("wb") as out:
        for _ in range(256):
            out.write(os.urandom(1 << 20))
    present(tmp_path, lambda _label, _size: True)  # both then read from memory
    theirs, ours = [], []
    for _ in range(7):
        before = os.times()
        subprocess.run([command, tmp_path / "f"], check=True, stdout=subprocess.DEVNULL)
        between = os.times()
        present(tmp_path, lambda _label, _size: True)
        after = os.times()
        theirs.append(between.children_user + between.children_system - before.children_user - before.children_system)
        ours.append(after.user + after.system - between.user - between.system)
    assert statistics.median(theirs) / statistics.median(ours) >= 0.9, (theirs, ours)


def test_a_bundle_is_read_as_the_bytes_that_were_hashed(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "model.sig").write_bytes(b"one")
    (tmp_path / "model.sig.txt").write_bytes(b"none")
    shown = present(tmp_path, _all)
    assert bundles_at(tmp_path, shown) == (Found(label="a/model.sig", data=b"one"),)
    assert bundles_at(tmp_path, present(tmp_path, lambda _label, _size: False)) == ()  # nobody weighed it
    (tmp_path / "a" / "model.sig").write_bytes(b"two")
    with pytest.raises(Unusable, match="changed while"):
        bundles_at(tmp_path, shown)
    (tmp_path / "a" / "model.sig").unlink()
    (tmp_path / "a" / "model.sig").symlink_to(tmp_path / "model.sig.txt")
    with pytest.raises(Outside):
        bundles_at(tmp_path, shown)


def test_a_bundle_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "model.sig").open("wb") as out:
        out.truncate((16 << 20) + 1)
    assert bundles_at(tmp_path, present(tmp_path, _all)) == (Found(label="model.sig", data=None),)
    alone = tmp_path / "one" / "model.sig"
    alone.parent.mkdir()
    alone.write_bytes(b"one")
    assert bundles_at(alone, present(alone, _all)) == (Found(label="model.sig", data=b"one"),)

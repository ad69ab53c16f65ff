from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from weighbridge.adapters.staging import Changed, changed, staged
from weighbridge.core.candidate import Component
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.decision import Released
from weighbridge.core.errors import Outside

DATA = {"a.bin": b"aaaa", "deep/er/b.bin": b"b" * (3 << 20), "empty": b""}


def _released(**more: bytes) -> tuple[Released, ...]:
    return tuple(
        Released(label=label, digest=digest_of_bytes(data), size_bytes=len(data), component=Component.WEIGHTS)
        for label, data in {**DATA, **more}.items()
    )


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    for label, data in {**DATA, "evidence.txt": b"private", ".env": b"private"}.items():
        (root / label).parent.mkdir(parents=True, exist_ok=True)
        (root / label).write_bytes(data)
    return root


def test_copies_what_was_decided_on_and_nothing_else(root: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    with staged(root, _released(), home=home, name="c") as staging:
        found = {p.relative_to(staging.folder).as_posix(): p for p in staging.folder.rglob("*") if p.is_file()}
        assert {label: p.read_bytes() for label, p in found.items()} == DATA
        assert {f.label: f.digest for f in staging.files} == {r.label: r.digest for r in _released()}
        assert staging.folder.name == "c"
        assert all(stat.S_IMODE(p.stat().st_mode) == 0o400 for p in found.values())
        assert stat.S_IMODE(staging.folder.parent.parent.stat().st_mode) == 0o700
    assert list((home / "staging").iterdir()) == []


def test_what_changes_afterwards_changes_no_copy(root: Path, tmp_path: Path) -> None:
    with staged(root, _released(), home=tmp_path / "home", name="c") as staging:
        (root / "a.bin").write_bytes(b"evil")
        (root / "deep").rename(root / "gone")
        assert staging.path("a.bin").read_bytes() == b"aaaa"
        assert staging.path("deep/er/b.bin").read_bytes() == DATA["deep/er/b.bin"]


def _link(root: Path) -> None:
    (root / "a.bin").rename(root / "c.bin")
    (root / "a.bin").symlink_to(root / "c.bin")


def _linked_folder(root: Path) -> None:
    (root / "deep").rename(root / "real")
    (root / "deep").symlink_to(root / "real")


def _pipe(root: Path) -> None:
    (root / "a.bin").unlink()
    os.mkfifo(root / "a.bin")


def _folder(root: Path) -> None:
    (root / "a.bin").unlink()
    (root / "a.bin").mkdir()


def _huge(root: Path) -> None:
    with (root / "a.bin").open("r+b") as out:
        out.truncate(10 << 30)  # sparse


CHANGES: dict[str, Callable[[Path], object]] = {
    "gone": lambda root: (root / "a.bin").unlink(),
    "one bit": lambda root: (root / "a.bin").write_bytes(b"aaab"),
    "shorter": lambda root: (root / "a.bin").write_bytes(b"aaa"),
    "longer": lambda root: (root / "a.bin").write_bytes(b"aaaaa"),
    "huge": _huge,
    "a link": _link,
    "a folder is a link": _linked_folder,
    "a pipe": _pipe,
    "a folder": _folder,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_is_not_what_was_decided_on_is_not_staged(
    root: Path, tmp_path: Path, change: Callable[[Path], object]
) -> None:
    change(root)
    with pytest.raises(Changed), staged(root, _released(), home=tmp_path / "home", name="c"):
        pass
    assert list((tmp_path / "home" / "staging").iterdir()) == []


@pytest.mark.parametrize("label", ["../out", "/etc/passwd", "a/../../b", "a//b", ".", "nul\0"])
def test_no_label_leads_out(root: Path, tmp_path: Path, label: str) -> None:
    (tmp_path / "out").write_bytes(b"x")
    with pytest.raises(Changed), staged(root, _released(**{label: b"x"}), home=tmp_path / "home", name="c"):
        pass


@pytest.mark.parametrize("name", ["..", "a/b", "", "x" * 300, "é" * 150])
def test_any_name_will_do(root: Path, tmp_path: Path, name: str) -> None:
    with staged(root, _released(), home=tmp_path / "home", name=name) as staging:
        assert staging.folder.is_relative_to(tmp_path / "home" / "staging")
        assert staging.folder.name == "copy"


def test_what_is_added_stands_in_for_the_copy(root: Path, tmp_path: Path) -> None:
    with staged(root, _released(), home=tmp_path / "home", name="c") as staging:
        file = staging.add("a.bin", b"new")
        assert (file.digest, file.size_bytes) == (digest_of_bytes(b"new"), 3)
        assert staging.path("a.bin").read_bytes() == b"new"
        assert (staging.folder / "a.bin").read_bytes() == b"aaaa"
        assert staging.path(staging.add("x/y", b"").label).read_bytes() == b""


def test_sweeps_what_a_killed_push_left_and_nothing_of_one_under_way(root: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    left = home / "staging" / "left"
    left.mkdir(parents=True)
    (left / "copy").write_bytes(b"x")
    with staged(root, _released(), home=home, name="c") as first:
        assert not left.exists()
        with staged(root, _released(), home=home, name="c") as second:
            assert first.path("a.bin").read_bytes() == second.path("a.bin").read_bytes()
            assert first.folder != second.folder
        assert first.path("a.bin").exists()


def test_no_room_is_said_before_anything_is_copied(root: Path, tmp_path: Path) -> None:
    huge = Released(label="huge", digest=digest_of_bytes(b""), size_bytes=1 << 60, component=Component.WEIGHTS)
    with pytest.raises(Outside, match="no room"), staged(root, (huge,), home=tmp_path / "home", name="c"):
        pass


def test_the_fault_of_a_place_that_changes() -> None:
    assert "changed" in str(changed(Path("c")))

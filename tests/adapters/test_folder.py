from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from adapters.test_staging import DATA, _released
from weighbridge.adapters.folder import FolderPlace
from weighbridge.adapters.staging import Staging, staged
from weighbridge.core.errors import NotSettled, Outside, Unusable

LABELS = tuple(DATA)


@pytest.fixture
def staging(tmp_path: Path) -> Iterator[Staging]:
    root = tmp_path / "root"
    for label, data in DATA.items():
        (root / label).parent.mkdir(parents=True, exist_ok=True)
        (root / label).write_bytes(data)
    with staged(root, _released(), home=tmp_path / "home", name="c") as made:
        yield made


def test_a_folder_appears_whole(staging: Staging, tmp_path: Path) -> None:
    place = FolderPlace(tmp_path / "out" / "boxes", staging)
    assert place.show().files == ()
    place.send(LABELS, ())
    place.let_in()
    shown = place.show()
    assert {f.label: f.digest for f in shown.files} == {r.label: r.digest for r in _released()}
    assert shown.is_let_in
    assert stat.S_IMODE((tmp_path / "out" / "boxes").stat().st_mode) == 0o700
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["boxes"]


def test_an_empty_folder_is_taken_and_what_a_killed_push_left_is_swept(staging: Staging, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    left = tmp_path / ".out.weighbridge-partial"
    left.mkdir()
    (left / "x").write_bytes(b"x")
    place = FolderPlace(tmp_path / "out", staging)
    place.send(LABELS, ())
    assert {f.label for f in place.show().files} == set(DATA)
    assert not left.exists()


def test_a_folder_that_holds_anything_is_left_alone(staging: Staging, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_bytes(b"mine")
    place = FolderPlace(tmp_path / "out", staging)
    with pytest.raises(NotSettled, match="not empty"):
        place.send(LABELS, ("mine",))
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["mine"]


def test_version_control_there_is_no_part_of_what_was_sent(staging: Staging, tmp_path: Path) -> None:
    (tmp_path / "out" / ".git").mkdir(parents=True)
    (tmp_path / "out" / ".git" / "config").write_bytes(b"")
    assert [f.label for f in FolderPlace(tmp_path / "out", staging).show().files] == [".git/"]


OTHERS: dict[str, Callable[[Path], object]] = {
    "a file": lambda at: at.write_bytes(b"x"),
    "a link": lambda at: at.symlink_to(at.parent),
    "a broken link": lambda at: at.symlink_to(at.parent / "none"),
}


@pytest.mark.parametrize("make", OTHERS.values(), ids=OTHERS)
def test_what_is_no_folder_is_no_place(staging: Staging, tmp_path: Path, make: Callable[[Path], object]) -> None:
    make(tmp_path / "out")
    with pytest.raises(Unusable, match="no folder"):
        FolderPlace(tmp_path / "out", staging).show()


def test_a_link_inside_is_told(staging: Staging, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "l").symlink_to(tmp_path)
    with pytest.raises(NotSettled, match="plain file"):
        FolderPlace(tmp_path / "out", staging).show()


def test_a_disk_that_does_not_take_it_is_told(staging: Staging, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    place = FolderPlace(tmp_path / "file" / "out", staging)
    with pytest.raises(Outside, match="cannot write"):
        place.send(LABELS, ())

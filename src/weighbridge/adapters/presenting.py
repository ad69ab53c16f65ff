"""What lies where something is to leave from: what is known hashed on all cores, what is no plain file told."""

from __future__ import annotations

import hashlib
import os
import stat
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from weighbridge.adapters.files import mark_of, unreadable
from weighbridge.app.check_bundles import Found, is_bundle
from weighbridge.app.compare import Presented, There
from weighbridge.core.bundle import MOST_BYTES
from weighbridge.core.canon import Digest, digest_of_bytes
from weighbridge.core.errors import Unusable
from weighbridge.core.wording import Phrase, _, phrase

# Version control and our own home, in the folder itself: told and not looked into. Deeper down they are files like any.
_APART = frozenset({".git", ".hg", ".svn", ".weighbridge"})
_BUFFER = 1 << 20  # hashing gives other threads the processor while it works, so that one thread per core is enough

Mark = tuple[int, int, int, int, int]


@dataclass(slots=True)
class _Seen:
    """One walk over what lies there."""

    files: list[tuple[str, Path, Mark]] = field(default_factory=list)
    faults: list[Phrase] = field(default_factory=list)
    apart: list[str] = field(default_factory=list)


def present(root: Path, is_known: Callable[[str, int], bool], *, home: Path | None = None) -> Presented:
    """Every file below a folder, or one file, as it lies there now.

    Parameters
    ----------
    is_known : whether a file of this label and size could be one that was weighed; any other is not read, however
        large it is (a sparse file of many gigabytes takes no longer than an empty one), and has no digest
    home : our own, which is no part of what leaves, should it lie below the folder

    Raises
    ------
    Unusable
        For a path that is not there, and where anything changes while it is read.
    Outside
        For what cannot be read.
    """
    if not os.path.lexists(root):
        raise Unusable(
            _("cannot look at {path}").format(path=root), _("there is no such file or folder"),
            "weighbridge gate DIR --to DESTINATION",
        )  # fmt: skip
    kept = home.resolve() if home is not None else None
    seen = _walked(root, kept)
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        files = tuple(pool.map(lambda found: _there(*found, is_known=is_known), seen.files))
    if _walked(root, kept) != seen:
        raise _changed(root.name)
    return Presented(
        files=files, faults=(*seen.faults, *_clashes([label for label, _p, _m in seen.files])), apart=tuple(seen.apart)
    )


def bundles_at(root: Path, presented: Presented) -> tuple[Found, ...]:
    """The bundles of model-signing among what was presented, as the very bytes that were hashed.

    Raises
    ------
    Unusable
        Where one was changed since.
    """
    return tuple(_bundle(root, file) for file in presented.files if is_bundle(file.label) and file.digest is not None)


def _bundle(root: Path, file: There) -> Found:
    if file.size_bytes > MOST_BYTES:
        return Found(label=file.label, data=None)
    path = root / file.label if root.is_dir() else root
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW), "rb") as stream:  # noqa: PTH123  a descriptor is no path
            data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise unreadable(path, error) from error
    if digest_of_bytes(data) != file.digest:
        raise _changed(file.label)
    return Found(label=file.label, data=data)


def _walked(root: Path, home: Path | None) -> _Seen:
    """The plain files; whatever else lies there is noted as a fault."""
    seen = _Seen()
    if root.is_symlink():
        seen.faults.append(phrase("{label} is a link: what it points to can change unseen", label=_shown(root.name)))
    elif not root.is_dir():
        _note(root.name, root, seen)
    else:
        for label, path in _below(root, home, seen):
            _note(label, path, seen)
    return seen


def _below(root: Path, home: Path | None, seen: _Seen) -> Iterator[tuple[str, Path]]:
    for folder, folders, names in os.walk(root, onerror=_raise):
        here = Path(folder)
        links = {name for name in folders if (here / name).is_symlink()}
        apart = {n for n in folders if n not in links and (_is_apart(here, n, root) or (here / n).resolve() == home)}
        seen.apart += sorted(f"{(here / name).relative_to(root).as_posix()}/" for name in apart)
        folders[:] = sorted(set(folders) - links - apart)
        for name in sorted([*names, *links]):
            yield (here / name).relative_to(root).as_posix(), here / name


def _is_apart(folder: Path, name: str, root: Path) -> bool:
    return folder == root and name in _APART


def _raise(error: OSError) -> None:
    raise unreadable(Path(str(error.filename)), error) from error


def _note(label: str, path: Path, seen: _Seen) -> None:
    try:
        status = path.lstat()
    except OSError as error:
        raise unreadable(path, error) from error
    fault = _fault_of_name(label) or _fault_of(_shown(label), status)
    if fault is not None:
        seen.faults.append(fault)
    else:
        seen.files.append((label, path, mark_of(status)))


def _shown(label: str) -> str:
    return label.encode("utf-8", "replace").decode()


def _fault_of_name(label: str) -> Phrase | None:
    shown = _shown(label)
    if shown != label or unicodedata.normalize("NFC", label) != label:
        return phrase("{label}: its name is written otherwise on other machines", label=shown)
    if any("\\" in part or ":" in part or part != part.rstrip(". ") for part in label.split("/")):
        return phrase("{label}: its name leads elsewhere on other machines", label=shown)
    return None


def _fault_of(shown: str, status: os.stat_result) -> Phrase | None:
    if stat.S_ISLNK(status.st_mode):
        return phrase("{label} is a link: what it points to can change unseen", label=shown)
    if not stat.S_ISREG(status.st_mode):
        return phrase("{label} is no plain file", label=shown)
    if status.st_nlink > 1:
        return phrase(
            "{label} has another name elsewhere (a hard link), through which it can change unseen", label=shown
        )
    return None


def _clashes(labels: Iterable[str]) -> tuple[Phrase, ...]:
    """Names, of folders too, that are one name where upper and lower case are not told apart."""
    spelt: dict[str, str] = {}
    for label in labels:
        parts = label.split("/")
        for n in range(1, len(parts) + 1):
            name = "/".join(parts[:n])
            if spelt.setdefault(unicodedata.normalize("NFC", name.casefold()), name) != name:
                return (phrase("{label} and another name are one where case does not count", label=name),)
    return ()


def _there(label: str, path: Path, mark: Mark, *, is_known: Callable[[str, int], bool]) -> There:
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW), "rb", buffering=0) as stream:  # noqa: PTH123  a descriptor is no path
            before = os.fstat(stream.fileno())
            if not is_known(label, before.st_size):
                return There(label=label, digest=None, size_bytes=before.st_size)
            digest = hashlib.file_digest(stream, "sha256", _bufsize=_BUFFER)
            after = os.fstat(stream.fileno())
    except OSError as error:
        raise unreadable(path, error) from error
    if not mark == mark_of(before) == mark_of(after):
        raise _changed(label)
    return There(label=label, digest=Digest(f"sha256:{digest.hexdigest()}"), size_bytes=before.st_size)


def _changed(label: str) -> Unusable:
    return Unusable(
        _("{label} was changed while it was read").format(label=label),
        _("what was hashed is not what lies there now"),
        _("let nothing write there, then run the same command again"),
    )

"""Staging: a private copy of what is to leave, hashed while it is copied, so that what is checked is what is sent.

Only the files that were decided on are copied, by name; whatever else lies beside them cannot leave by mistake.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from weighbridge.adapters.files import unreadable
from weighbridge.adapters.ledger.lock import waited_for
from weighbridge.app.compare import There
from weighbridge.core.canon import Digest, digest_of_bytes
from weighbridge.core.decision import Released
from weighbridge.core.errors import Outside, Unusable
from weighbridge.core.wording import _

_FOLDER, _LOCK = "staging", "staging.lock"
_PIECE = 1 << 20
_NO_LINK = os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK


class Changed(Exception):
    """What lies there is not what was decided on; the gate says how."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Staging:
    """A folder of copies, for its owner alone; `made` holds what the push adds to them, apart from the copies."""

    folder: Path
    made: Path
    files: tuple[There, ...]

    def path(self, label: str) -> Path:
        """Where the bytes lie that are sent under this label."""
        added = self.made / label
        return added if added.is_file() else self.folder / label

    def add(self, label: str, data: bytes) -> There:
        """Send these bytes under this label, in place of the copy where there is one."""
        at = self.made / label
        at.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        at.write_bytes(data)
        return There(label=label, digest=digest_of_bytes(data), size_bytes=len(data))


@contextmanager
def staged(root: Path, released: tuple[Released, ...], *, home: Path, name: str) -> Iterator[Staging]:
    """Copy these files below the home, and sweep the copies at the end; those of a killed push, by the next.

    Raises
    ------
    Changed
        Where one is missing, has another size or digest, is reached through a link, or is no plain file.
    Outside
        Where the disk has no room, or a file cannot be read.
    """
    base = home / _FOLDER
    try:
        base.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise unreadable(base, error) from error
    with waited_for(home / _LOCK):
        _sweep(base)
        at = Path(tempfile.mkdtemp(dir=base))
        held = _locked(at)
    try:
        _check_room(base, released)
        yield _copied(root, released, at, name)
    finally:
        shutil.rmtree(at, ignore_errors=True)
        if held is not None:
            os.close(held)


def _locked(folder: Path) -> int | None:
    """A lock on a folder of copies, let go of when its push ends, however it ends; None where another has it."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def _sweep(base: Path) -> None:
    """Take away what pushes left that were killed; those under way hold their locks."""
    for left in base.iterdir():
        if left.is_dir() and not left.is_symlink() and (held := _locked(left)) is not None:
            shutil.rmtree(left, ignore_errors=True)
            os.close(held)


def _check_room(base: Path, released: tuple[Released, ...]) -> None:
    needed, free = sum(file.size_bytes for file in released), shutil.disk_usage(base).free
    if needed > free:
        raise Outside(
            _("there is no room to copy what is to be sent"),
            _("it takes {needed:,} bytes, and {free:,} are free below the home").format(needed=needed, free=free),
            _("free some, or choose a home on another disk: --home DIR"),
        )


def _copied(root: Path, released: tuple[Released, ...], at: Path, name: str) -> Staging:
    """The gate calls a folder without a candidate file by its name, so the copy bears the candidate's."""
    plain_name = name if name not in ("", ".", "..") and "/" not in name and len(os.fsencode(name)) < 200 else "copy"
    folder, made = at / "copy" / plain_name, at / "made"
    folder.mkdir(mode=0o700, parents=True)
    made.mkdir(mode=0o700)
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        files = tuple(pool.map(lambda file: _copy(root, folder, file), released))
    return Staging(folder=folder, made=made, files=files)


def _copy(root: Path, folder: Path, file: Released) -> There:
    parts = file.label.split("/")
    if any(part in ("", ".", "..") for part in parts) or "\0" in file.label:
        raise Changed(file.label)
    target = folder / file.label
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    source = _opened(root, parts)
    try:
        status = os.fstat(source)
        if not stat.S_ISREG(status.st_mode) or status.st_size != file.size_bytes:
            raise Changed(file.label)  # before a byte is copied, however large it is
        with target.open("xb") as out:
            while size <= file.size_bytes and (piece := os.read(source, _PIECE)):
                digest.update(piece)
                out.write(piece)
                size += len(piece)
    except OSError as error:
        raise unreadable(root / file.label, error) from error
    finally:
        os.close(source)
    found = Digest(f"sha256:{digest.hexdigest()}")
    if (found, size) != (file.digest, file.size_bytes):
        raise Changed(file.label)
    target.chmod(0o400)
    return There(label=file.label, digest=found, size_bytes=size)


def _opened(root: Path, parts: list[str]) -> int:
    """The file, reached folder by folder without following a link, so that none can be put in the way meanwhile."""
    held = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for folder in parts[:-1]:
            below = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | _NO_LINK, dir_fd=held)
            os.close(held)
            held = below
        return os.open(parts[-1], os.O_RDONLY | _NO_LINK, dir_fd=held)
    except FileNotFoundError as error:
        raise Changed("/".join(parts)) from error
    except OSError as error:
        at = root.joinpath(*parts)
        with suppress(OSError):
            if any(root.joinpath(*parts[: n + 1]).is_symlink() for n in range(len(parts))) or not at.is_file():
                raise Changed("/".join(parts)) from error
        raise unreadable(at, error) from error
    finally:
        os.close(held)


def changed(path: Path) -> Unusable:
    """The fault of a place that changes while somebody looks."""
    return Unusable(
        _("{path} was changed while it was copied").format(path=path),
        _("what was copied is not what the gate saw a moment later"),
        _("let nothing write there, then run the same command again"),
    )

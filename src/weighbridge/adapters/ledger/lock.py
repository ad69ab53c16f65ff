"""Locks that the system lets go of when their process ends, however it ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from weighbridge.adapters.ledger.database import no_access
from weighbridge.core.errors import Outside
from weighbridge.core.wording import _


@contextmanager
def waited_for(path: Path) -> Iterator[None]:
    """Hold this lock; wait for it if another has it."""
    descriptor = _opened(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def held_at_once(path: Path, chain: str) -> Iterator[None]:
    """Hold the lock of a whole weighing.

    The file stays when the lock is let go: were it deleted, two could hold a lock on two files of one name.

    Raises
    ------
    Outside
        When another process, or another ledger in this one, holds it.
    """
    descriptor = _opened(path)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise _taken(chain, os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()) from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def _opened(path: Path) -> int:
    try:
        return os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise no_access(path, error) from error


def _taken(chain: str, holder: str) -> Outside:
    known = holder.isdecimal()
    return Outside(
        _("another weighing of {chain} is running").format(chain=chain),
        _("process {pid} holds its lock").format(pid=holder) if known else _("another process has just taken its lock"),
        _("wait until it ends, or end it: kill {pid}").format(pid=holder)
        if known
        else _("wait until it ends, then run the same again"),
    )

"""Files that say whose signatures count: their owner alone may write them, and they are written whole or not at all."""

from __future__ import annotations

import os
import shlex
import stat
from pathlib import Path

from weighbridge.adapters.files import unreadable
from weighbridge.core.errors import Unusable
from weighbridge.core.wording import _

_MOST_BYTES = 1 << 20


def read_owned(path: Path) -> bytes | None:
    """What the file holds, nothing where it is too large to be ours; None where there is none.

    Raises
    ------
    Unusable
        Where others may write it or its folder: whoever can write it decides who is believed.
    """
    try:
        statuses = {place: place.stat() for place in (path.parent, path)}
        data = path.read_bytes() if statuses[path].st_size <= _MOST_BYTES else b""
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unreadable(path, error) from error
    for place, status in statuses.items():
        if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH) or status.st_uid != os.geteuid():
            fix = f"chmod go-w {shlex.quote(str(place))}"
            raise broken(place, _("others may write it, and it says whose signatures count"), fix)
    return data


def write_owned(path: Path, data: bytes) -> None:
    """Put this in the file's place."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:  # noqa: PTH123  a descriptor is no path
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(path)


def broken(path: Path, why: str, fix: str) -> Unusable:
    """The fault of such a file."""
    return Unusable(_("cannot use the keyring {path}").format(path=path), why, fix)

"""The files below a folder: which there are, that none leads out of it, and how a change shows."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from weighbridge.adapters.formats.candidate_file import FILE_NAME
from weighbridge.core.errors import Outside, Unusable
from weighbridge.core.wording import _

# Version control, our own home and an environment are no part of what would be released (decision 6). Whatever else
# lies in the folder, hidden or not, would go out with it.
_LEFT_OUT = frozenset({".git", ".hg", ".svn", ".weighbridge", ".venv"})


def stay_below(root: Path, path: Path, label: str) -> None:
    """Raise Unusable for a path that leads out of the folder."""
    if not path.resolve().is_relative_to(root):
        raise Unusable(
            _("{label} does not lie in the candidate's folder").format(label=label),
            _("it is a link, or a path with .., that leads out of the folder: what it points to can change unseen"),
            _('copy the file into the folder, or declare it component = "evidence-only"'),
        )


def walk(root: Path) -> Iterator[tuple[str, Path]]:
    """Label and path of every file below a folder, in order; links may stay inside, and nothing but files is let in."""
    for folder, folders, names in os.walk(root, onerror=_raise_unreadable):
        folders[:] = sorted(name for name in folders if name not in _LEFT_OUT)
        for name in sorted(names):
            path = Path(folder) / name
            label = path.relative_to(root).as_posix()
            if label == FILE_NAME:
                continue
            _check_name(label)
            stay_below(root, path, label)
            yield label, path
        for name in folders:
            if (Path(folder) / name).is_symlink():
                stay_below(root, Path(folder) / name, (Path(folder) / name).relative_to(root).as_posix())


def _check_name(label: str) -> None:
    """A name must be one that JSON, and other machines, can write."""
    try:
        label.encode("utf-8")
    except UnicodeEncodeError:
        raise Unusable(
            _("a file's name cannot be written down"),
            _("{label} is not UTF-8").format(label=ascii(label)),
            _("give it another name, as in: mv {label} data.csv").format(label="$" + ascii(os.fsencode(label))[1:]),
        ) from None


def _raise_unreadable(error: OSError) -> None:
    raise unreadable(Path(str(error.filename)), error) from error


def unreadable(path: Path, error: OSError) -> Outside:
    """The fault of a path that cannot be read."""
    return Outside(
        _("cannot read {path}").format(path=path),
        error.strerror or type(error).__name__,
        _("check that it is there and that you may read it: ls -l {path}").format(path=path),
    )


def mark_of(status: os.stat_result) -> tuple[int, int, int, int, int]:
    """What a file's status shows of its bytes: two equal marks are the same file, unchanged."""
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)

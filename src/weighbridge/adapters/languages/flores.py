"""FLORES-200: the same sentences in some two hundred languages, from the archive or the folder that the user has.

References
----------
NLLB Team 2022, No Language Left Behind, arXiv 2207.04672; CC BY-SA 4.0, so that it stays outside this package.
"""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from weighbridge.core.errors import Outside, Unusable
from weighbridge.core.wording import _

_MEMBER = re.compile(r"(?:^|/)(dev|devtest)/([a-z]{3}_[A-Z][a-z]{3})\.\1$")
_MOST_BYTES = 8 << 20  # of one file; the largest has 1 MiB
_MOST_FILES = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """One file: its code, such as `eng_Latn`, which part of the set it is, and its text as it stands there."""

    code: str
    part: str  # dev or devtest
    text: str

    @property
    def sentences(self) -> tuple[str, ...]:
        """One a line."""
        return tuple(self.text.removesuffix("\n").split("\n"))


def read_flores(path: Path, *, part: str = "") -> tuple[Split, ...]:
    """The files of the set, by part and code; only those of one part where it is named.

    Raises
    ------
    Unusable
        For what is no archive and no folder of it, or holds none of its files.
    Outside
        For what cannot be read.
    """
    try:
        found = sorted(_folder(path) if path.is_dir() else _archive(path), key=lambda split: (split.part, split.code))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Outside(
            _("cannot read {name}").format(name=path.name), reason, _("name a file that can be read")
        ) from error
    except (tarfile.TarError, EOFError, UnicodeDecodeError) as error:
        raise _unusable(path, _("it is no archive of FLORES-200, or it is damaged")) from error
    kept = tuple(split for split in found if part in ("", split.part))
    if not kept:
        raise _unusable(path, _("it holds no file such as dev/eng_Latn.dev"))
    return kept


def _folder(path: Path) -> Iterator[Split]:
    for file in sorted(path.rglob("*"))[: 10 * _MOST_FILES]:
        named = _MEMBER.search(file.as_posix())
        if named and file.is_file() and file.stat().st_size <= _MOST_BYTES:
            yield Split(code=named[2], part=named[1], text=file.read_bytes().decode("utf-8"))


def _archive(path: Path) -> Iterator[Split]:
    n = 0
    with tarfile.open(path, "r:*") as archive:
        for member in archive:
            named = _MEMBER.search(member.name)
            if not named or not member.isfile() or member.size > _MOST_BYTES:
                continue
            n += 1
            stream = archive.extractfile(member)
            if stream is None or n > _MOST_FILES:
                return
            yield Split(code=named[2], part=named[1], text=stream.read(_MOST_BYTES).decode("utf-8"))


def _unusable(path: Path, why: str) -> Unusable:
    fix = _("name the archive flores200_dataset.tar.xz, or the folder that it unpacks to")
    return Unusable(_("cannot use {name} as FLORES-200").format(name=path.name), why, fix)

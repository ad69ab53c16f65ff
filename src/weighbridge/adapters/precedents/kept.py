"""Collections that a user took in, kept below the home, one file each with its licence in every entry."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from weighbridge.core.canon import canonical
from weighbridge.core.errors import Outside, Unusable
from weighbridge.core.precedent import Precedent
from weighbridge.core.shape import Reading, plain, read
from weighbridge.core.wording import _

FOLDER = "precedents"


def keep(home: Path, name: str, precedents: tuple[Precedent, ...]) -> Path:
    """Write a collection, in place of an older copy of it; the file's path."""
    folder = home / FOLDER
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, made = tempfile.mkstemp(dir=folder, suffix=".part")
        with os.fdopen(handle, "wb") as out:
            out.write(canonical([plain(precedent) for precedent in precedents]) + b"\n")
        Path(made).replace(folder / f"{name}.json")
    except OSError as error:
        raise Outside(
            _("cannot keep precedents in {path}").format(path=folder), error.strerror or type(error).__name__,
            _("choose another home: --home DIR"),
        ) from error  # fmt: skip
    return folder / f"{name}.json"


def kept(home: Path) -> tuple[Precedent, ...]:
    """Every precedent that was taken in, by collection and slug.

    Raises
    ------
    Unusable
        For a file that cannot be read any more.
    """
    files = sorted((home / FOLDER).glob("*.json"))
    return tuple(precedent for file in files for precedent in _read(file))


def _read(file: Path) -> tuple[Precedent, ...]:
    reading = Reading(file=file.name)
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        made = [read(Precedent, entry, reading, (n,)) for n, entry in enumerate(found)]
    except (OSError, ValueError, TypeError):
        raise _damaged(file) from None
    if reading.faults or not all(made):
        raise _damaged(file)
    return tuple(precedent for precedent in made if precedent)


def _damaged(file: Path) -> Unusable:
    return Unusable(
        _("cannot read the precedents in {path}").format(path=file),
        _("the file is damaged, or of another version"),
        _("take it away and take the collection in again: weighbridge precedents --import {name} FILE").format(
            name=file.stem
        ),
    )

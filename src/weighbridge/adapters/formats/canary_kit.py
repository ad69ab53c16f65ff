"""A canary kit as files: rows to mix into the training text, rows held back, and what to paste into weighbridge.toml.

The files are for their owner alone: whoever has them knows every secret. Nothing is ever written over.
"""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from weighbridge.adapters.formats.candidate_file import FILE_NAME
from weighbridge.app.plant import Canary, Kit
from weighbridge.core.canon import Digest, canonical, digest_of_bytes
from weighbridge.core.errors import Outside, Unusable
from weighbridge.core.shape import plain
from weighbridge.core.wording import _

PLANTED, HELD_BACK, SNIPPET, RECORD = "planted.jsonl", "held-back.jsonl", "canaries.toml", "kit.json"
_MODELS = frozenset({".safetensors", ".gguf", ".onnx", ".skops", ".pt", ".pth", ".ckpt", ".h5", ".keras"})
FILES = (PLANTED, HELD_BACK, SNIPPET, RECORD)
CANARY_FIELD, SECRET_FIELD = "canary", "secret"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What was written: paths and the digest of the kit, and nothing of what is in it."""

    planted: Path
    held_back: Path
    snippet: Path
    record: Path
    digest: Digest  # over the rows of both files


def write_kit(folder: Path, kit: Kit, *, text_field: str) -> Written:
    """Write the four files of a kit; all of them or none.

    Raises
    ------
    Unusable
        Where one of them is there already, or the column of the text has a name that is taken.
    Outside
        Where the disk or a permission stands in the way.
    """
    if text_field in ("", CANARY_FIELD, SECRET_FIELD):
        raise Unusable(
            _("cannot write the kit"),
            _("the text cannot stand in a column called {name!r}: canary and secret are columns of their own").format(
                name=text_field
            ),
            "weighbridge canaries plant canary-kit --text-field text",
        )
    planted, held_back = (_rows(rows, text_field) for rows in (kit.rows, kit.held_back))
    digest = digest_of_bytes(planted + b"\0" + held_back)
    record = {"digest": digest, "seed": str(kit.seed), "text_field": text_field, "design": plain(kit.design)}
    contents = {
        PLANTED: planted,
        HELD_BACK: held_back,
        SNIPPET: _snippet(text_field).encode(),
        RECORD: canonical(record) + b"\n",
    }
    _check_free(folder, tuple(contents))
    _write(folder, contents)
    paths = [folder / name for name in contents]
    return Written(planted=paths[0], held_back=paths[1], snippet=paths[2], record=paths[3], digest=digest)


def is_of_kit(path: Path) -> bool:
    """Whether a file is one of a kit of canaries, all of which lie side by side."""
    return path.name in FILES and all((path.parent / name).is_file() for name in FILES)


def check_outside(folder: Path) -> None:
    """Raise Unusable for a folder that is to be released, or lies in one: the kit would go out with it."""
    at = folder.resolve()
    for above in (at, *at.parents):
        if above == Path.home():
            return
        if above.is_dir() and any(map(_is_released, above.iterdir())):
            raise Unusable(
                _("cannot write the kit into {folder}").format(folder=folder),
                _("{above} holds a model or a candidate, and the secrets would be released with it").format(
                    above=above
                ),
                f"weighbridge canaries plant {shlex.quote(str(above.parent / 'canary-kit'))}",
            )


def _is_released(path: Path) -> bool:
    return path.name == FILE_NAME or path.suffix in _MODELS


def _rows(canaries: Sequence[Canary], text_field: str) -> bytes:
    rows = ({text_field: c.text, CANARY_FIELD: True, SECRET_FIELD: c.secret} for c in canaries)
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def _snippet(text_field: str) -> str:
    """For weighbridge.toml."""
    fields = f"text_field = {json.dumps(text_field, ensure_ascii=False)}\n"
    fields += f'canary_field = "{CANARY_FIELD}"\nsecret_field = "{SECRET_FIELD}"\n'
    fields = fields.replace("{", "{{").replace("}", "}}")  # a column may be called so
    entry = '[[artefact]]\nrole = "{role}"\npath = "{path}"\ncomponent = "evidence-only"\n' + fields
    told = (
        _("Mix the rows of {planted} into the training text and train. Then paste this into weighbridge.toml and mend"),
        _("the paths. If the file you trained on is named there already, with these rows in it, leave {planted} out,"),
        _("since every row would count twice, and add canary_field and secret_field to that file's entry."),
        _("Never train on {held_back}: it shows what is guessed without having been seen."),
    )
    lines = ["# " + line.format(planted=PLANTED, held_back=HELD_BACK) for line in told]
    entries = (entry.format(role="train-data", path=PLANTED), entry.format(role="held-out", path=HELD_BACK))
    return "\n".join([*lines, "", *entries])


def _check_free(folder: Path, names: Sequence[str]) -> None:
    if folder.exists() and not folder.is_dir():
        raise Unusable(
            _("cannot write the kit into {folder}").format(folder=folder),
            _("it is a file, not a folder"),
            _("name a new folder"),
        )
    there = [name for name in names if os.path.lexists(folder / name)]
    if there:
        raise Unusable(
            _("cannot write the kit into {folder}").format(folder=folder),
            _("{names} is there already, and a kit that was trained on must not be lost").format(
                names=", ".join(there)
            ),
            _("name a new folder"),
        )


def _write(folder: Path, contents: dict[str, bytes]) -> None:
    """Write new files, readable by their owner alone; takes back what it wrote where one fails."""
    done: list[Path] = []
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, data in contents.items():
            path = folder / name
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            done.append(path)
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
    except OSError as error:
        for path in done:
            path.unlink(missing_ok=True)
        raise Outside(
            _("cannot write the kit into {folder}").format(folder=folder),
            error.strerror or type(error).__name__,
            _("free some space, or name another folder"),
        ) from error

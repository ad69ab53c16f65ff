"""Whether something stands in a file: in its text, or the cells of its rows, unpacked and in normal form."""

from __future__ import annotations

import codecs
import hashlib
import html
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from weighbridge.adapters.files import mark_of
from weighbridge.adapters.tables.columnar import Columnar, bounded
from weighbridge.adapters.tables.streams import CHUNK_BYTES, DataFile, open_bytes, open_seekable, outside
from weighbridge.core.decision import Released
from weighbridge.core.errors import Unusable
from weighbridge.core.sought import Sought, longest, normal
from weighbridge.core.wording import _
from weighbridge.probekit.folds import as_text
from weighbridge.probekit.formats import inside

_COLUMNAR = frozenset({"parquet", "arrow", "arrow-stream", "feather"})
_ESCAPING = frozenset({"json", "jsonl", "notebook"})
_TEXTUAL = _ESCAPING | {
    "csv", "tsv", "text", "markdown", "toml", "yaml", "html", "xml", "svg", "python", "shell", "script",
}  # fmt: skip
_CUT = re.compile(r'[\s",;:|{}()<>\[\]]')  # no word, escape or entity goes on behind one of these
_CUT_WITHIN, _MOST_WITHOUT_A_CUT = 1 << 16, 4 << 20  # characters, ours; what has no cut for so long overlaps
_FOOTER_BYTES = 64 << 20
_ESCAPE = re.compile(r"(?:\\u[0-9a-fA-F]{4})+|\\[\"\\/bfnrt]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[A-Za-z]{2,8});")


def search(root: Path, file: Released, wanted: Sequence[Sought]) -> frozenset[int] | None:
    """Which of these stand in a released file below `root`, by place; None where it cannot be read to its end.

    A file that is not there, or has other bytes than those that were decided on, is not searched: the gate refuses it
    for that.

    Raises
    ------
    Outside
        For a disk or a permission that stands in the way.
    Unusable
        Where the file changes while it is read.
    """
    path = root if root.is_file() else root / file.label
    try:
        before = path.lstat()
        if path.is_symlink() or not path.is_file() or before.st_size != file.size_bytes:
            return frozenset()
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
            kind = inside(stream, file.label).format
    except FileNotFoundError:
        return frozenset()
    except OSError as error:
        raise outside(file.label, error) from error
    if f"sha256:{digest}" != file.digest:
        return frozenset()
    found = _searched(DataFile(path=path, label=file.label, format=kind), wanted)
    if mark_of(path.lstat()) != mark_of(before):
        raise Unusable(
            _("{label} was changed while it was read").format(label=file.label),
            _("what was searched is not what lies there now"),
            _("let nothing write there, then run the same command again"),
        )
    return found


def _searched(file: DataFile, wanted: Sequence[Sought]) -> frozenset[int] | None:
    if file.format == "empty":
        return frozenset()
    if file.format not in _COLUMNAR | _TEXTUAL:
        return None
    try:
        return _found(_columnar(file) if file.format in _COLUMNAR else _textual(file), wanted)
    except (
        Unusable,
        ValueError,
        pa.ArrowException,
        RecursionError,
    ):  # damaged, of another encoding, or packed as no reader unpacks it
        return None


def _found(pieces: Iterable[str], wanted: Sequence[Sought]) -> frozenset[int]:
    """Which stand in the text that these pieces are, one after the other; each is cut between words."""
    left, found, tail = dict(enumerate(wanted)), set[int](), ""
    overlap = longest(wanted)
    for piece in pieces:
        text = f"{tail} {normal(piece)}" if tail else normal(piece)
        here = {n for n, one in left.items() if one.stands_in(text)}
        found |= here
        for n in here:
            del left[n]
        tail = text[-overlap:]
    return frozenset(found)


def _textual(file: DataFile) -> Iterator[str]:
    """The text of a file, with what its escapes stand for in their place."""
    for piece in _pieces(open_bytes(file)):
        text = _ESCAPE.sub(_unescaped, piece) if file.format in _ESCAPING and "\\" in piece else piece
        yield _ENTITY.sub(lambda found: html.unescape(found[0]), text) if "&" in text else text


def _pieces(stream: BinaryIO) -> Iterator[str]:
    """UTF-8 in pieces that end where no word, escape or entity goes on; raises UnicodeDecodeError for anything else."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")("strict")
    rest = ""
    with stream:
        while data := stream.read(CHUNK_BYTES):
            rest += decoder.decode(data)
            cut = max((found.end() for found in _CUT.finditer(rest, max(0, len(rest) - _CUT_WITHIN))), default=0)
            if cut:
                yield rest[:cut]
                rest = rest[cut:]
            elif len(rest) > _MOST_WITHOUT_A_CUT:
                yield rest
                rest = rest[-_CUT_WITHIN:]
    yield rest + decoder.decode(b"", final=True)


def _columnar(file: DataFile) -> Iterator[str]:
    """Names and rows of a table, each row's cells beside each other; and what a Parquet file says of itself."""
    source = Columnar(file)
    yield "\n".join(source.names)
    if file.format == "parquet":
        yield from _footer(file)
    for batch in source.batches():
        for part in bounded(batch):
            rows = pc.binary_join_element_wise(*map(_cells, part.columns), "\x1f", null_handling="skip")
            yield "\n".join(row or "" for row in rows.to_pylist())


def _cells(values: pa.Array) -> pa.Array:
    kind = values.type
    is_bytes = pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind)
    if not (pa.types.is_nested(kind) or is_bytes):
        return as_text(values)
    return pa.array([None if v is None else _flat(v) for v in values.to_pylist()], pa.string())


def _flat(value: object) -> str:
    """What a nested value or bytes hold, as text."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, dict):
        return " ".join(f"{key} {_flat(inner)}" for key, inner in value.items())
    if isinstance(value, list | tuple):
        return " ".join(map(_flat, value))
    return str(value)


def _footer(file: DataFile) -> Iterator[str]:
    """A Parquet file's metadata: notes of the program that wrote it, which may hold names of classes or of people."""
    with open_seekable(file, spill=None) as stream:
        end = stream.seek(-8, io.SEEK_END)
        size = min(int.from_bytes(stream.read(4), "little"), end, _FOOTER_BYTES)
        stream.seek(end - size)
        text = stream.read(size).decode("utf-8", "replace")
    yield _ESCAPE.sub(_unescaped, text)


def _unescaped(found: re.Match[str]) -> str:
    try:
        return str(json.loads(f'"{found[0]}"'))
    except ValueError:
        return found[0]

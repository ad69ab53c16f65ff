"""The documents of a role, streamed out of its files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa

from weighbridge.adapters.tables.columnar import Columnar, cuts, plain, text_bytes
from weighbridge.adapters.tables.delimited import Delimited
from weighbridge.adapters.tables.layout import Kind
from weighbridge.adapters.tables.records import Record, Records, text_of, texts
from weighbridge.adapters.tables.streams import DataFile, unusable
from weighbridge.adapters.text.fields import Choice, Fields, choose, is_true, standing, truths
from weighbridge.adapters.text.plain import MAX_DOCUMENT_BYTES, documents, guessed_cut, too_long
from weighbridge.core.candidate import Declared
from weighbridge.core.candidate import Documents as Cut
from weighbridge.core.errors import Unusable
from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import Phrase, _, phrase
from weighbridge.probekit.folds import as_text
from weighbridge.probekit.ports import Bools, Documents

MAX_DOCUMENTS = 4096  # of a batch; its bytes are bounded too
_PLAIN = ("text", "markdown")
_COLUMNAR = ("parquet", "arrow", "arrow-stream", "feather")
_PIECE_BYTES = 8 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFile:
    """A file that may hold documents; `format` is that beneath its compression, as the door found it."""

    path: Path
    label: str
    format: str
    declared: Declared


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """Some documents as a reader gives them; the four have one length."""

    text: pa.Array  # strings, or a dictionary of strings
    private: Bools
    canary: Bools
    secret: pa.Array | None  # whatever the column holds, or None where no column holds any


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What the columns of a file say of its rows; None where it has no such column."""

    private: Bools | None = None
    canary: Bools | None = None
    secret: pa.Array | None = None


_Read = Callable[[], Iterator[_Piece]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTexts:
    """Documents of one role, artefact after artefact, and what was taken for granted in reading them."""

    notes: tuple[Phrase, ...]
    readers: tuple[tuple[str, _Read], ...]  # by label
    is_complete: bool = True  # whether no file was left out

    def batches(self) -> Iterator[Documents]:
        """All documents, in order; at most 4096 and 8 MiB at a time, save for one that is larger alone."""
        for label, read in self.readers:
            yield from _numbered(label, read())


def open_texts(files: Sequence[TextFile]) -> FileTexts:
    """The documents of these files. Each is opened and its first documents are read; the rest is read by `batches`.

    Raises
    ------
    Unusable
        For a file that is damaged, empty or not UTF-8, a declared column that is not there, and a column of secrets of
        which not one stands in its text.
    Silent
        Where no file holds documents, or the owner has to say which column does.
    """
    readers: list[tuple[str, _Read]] = []
    notes: list[Phrase] = []
    for file in files:
        read, note = _reader(file)
        notes.extend([note] if note else [])
        if read is None:
            continue
        if next(read(), None) is None:
            raise _without_documents(file.label)
        notes.extend(_secrets_told(file, read))
        readers.append((file.label, read))
    if not readers:
        not_measured(
            phrase("no file of this role holds documents: {labels}", labels=", ".join(file.label for file in files)),
            phrase("name a .txt, JSONL, CSV or Parquet file with a column of text in weighbridge.toml"),
        )
    return FileTexts(notes=tuple(notes), readers=tuple(readers), is_complete=len(readers) == len(files))


def _reader(file: TextFile) -> tuple[_Read | None, Phrase | None]:
    """How to read a file, or None where it holds no documents, and what to say of that."""
    source = DataFile(path=file.path, label=file.label, format=file.format)
    if file.format in _PLAIN:
        return _plain_reader(source, file.declared)
    if file.format in ("csv", "tsv"):
        return _delimited_reader(Delimited(source), file.declared)
    if file.format == "jsonl":
        return _records_reader(Records(source), file.declared)
    if file.format in _COLUMNAR:
        return _columnar_reader(Columnar(source), file.declared)
    note = phrase("{label} is {format} and is left out of what is read as text", label=file.label, format=file.format)
    return None, note


def _secrets_told(file: TextFile, read: _Read) -> Iterator[Phrase]:
    """What is to be said of the secrets of a file; where they are declared, all of it is read for that."""
    if not file.declared.secret_field:
        return
    if file.format in _PLAIN:
        yield phrase("{label}: plain text has no columns, so no secret of it is known", label=file.label)
        return
    n_kept = n_lost = 0
    for part in _parts(file.label, read()):
        kept, lost = standing(part.piece.text, part.piece.secret)
        n_kept += sum(map(bool, kept.to_pylist()))
        n_lost += int(lost.sum())
    if n_lost and not n_kept:
        raise unusable(
            file.label,
            _("secret_field is {name!r}, and not one of its {n} secrets stands in the text of its row").format(
                name=file.declared.secret_field, n=n_lost
            ),
            _("write them there as they stand in the text, letter for letter, zeros in front and marks among them"),
        )
    if n_lost:
        yield phrase(
            "{label}: {n} of {all} secrets do not stand in the text of their row and are left out",
            label=file.label, n=n_lost, all=n_lost + n_kept,
        )  # fmt: skip


def _plain_reader(source: DataFile, declared: Declared) -> tuple[_Read, Phrase | None]:
    cut = declared.documents
    note: Phrase | None = None
    if cut is None:
        cut = guessed_cut(source)
        told = {
            Cut.LINE: phrase("{label}: each line is taken as a document", label=source.label),
            Cut.PARAGRAPH: phrase(
                "{label}: each paragraph, up to a blank line, is taken as a document", label=source.label
            ),
        }
        note = told[cut]
    return partial(_of_plain, source, cut, declared), note


def _of_plain(source: DataFile, cut: Cut, declared: Declared) -> Iterator[_Piece]:
    found = documents(source, cut)
    while some := _some(found):
        text = pa.array(some, pa.string())
        yield _piece(text, _Said(), declared)


def _some(found: Iterator[str]) -> list[str]:
    """The next documents: as many as make a piece."""
    some: list[str] = []
    size = 0
    for document in found:
        some.append(document)
        size += len(document)
        if len(some) >= MAX_DOCUMENTS or size >= _PIECE_BYTES:
            break
    return some


def _delimited_reader(source: Delimited, declared: Declared) -> tuple[_Read | None, Phrase | None]:
    first = next(source.batches(), None)
    if first is None:
        raise _without_documents(source.label)
    laid = source.learned(iter([first]))
    choice = choose(source.label, source.names, [c.kind is Kind.TEXT and c.settled for c in laid], declared)
    return _if_any(choice, partial(_of_delimited, source, declared))


def _of_delimited(source: Delimited, declared: Declared, fields: Fields) -> Iterator[_Piece]:
    for batch in source.batches(fields.places):
        yield _of_columns(batch, batch.column(0), fields, declared)


def _records_reader(source: Records, declared: Declared) -> tuple[_Read | None, Phrase | None]:
    laid = source.learned(islice(source.batches(), 1))
    if not laid:
        raise _without_documents(source.label)
    names = _with_declared(source, [column.name for column in laid], declared)
    is_text = [*(c.kind is Kind.TEXT and c.settled for c in laid), *[False] * (len(names) - len(laid))]
    choice = choose(source.label, names, is_text, declared)
    return _if_any(choice, partial(_of_records, source, names, declared))


def _with_declared(source: Records, names: Sequence[str], declared: Declared) -> list[str]:
    """The keys of the first records, and those declared that come only later: of a few rows mixed among many."""
    wanted = (declared.text_field, declared.private_field, declared.canary_field, declared.secret_field)
    missing = {name for name in wanted if name} - set(names)
    found: list[str] = []
    for batch in source.batches() if missing else ():
        here = {key for record in batch for key in record if key in missing}
        found += sorted(here)
        missing -= here
        if not missing:
            break
    return [*names, *found]


def _of_records(source: Records, names: Sequence[str], declared: Declared, fields: Fields) -> Iterator[_Piece]:
    def flags(batch: Sequence[Record], place: int | None) -> Bools | None:
        if place is None:
            return None
        return np.array([is_true(record.get(names[place])) for record in batch], dtype=np.bool_)

    for batch in source.batches():
        text = texts([text_of(record.get(names[fields.text])) for record in batch])
        secret = fields.secret
        written = None if secret is None else texts([text_of(record.get(names[secret])) for record in batch])
        said = _Said(private=flags(batch, fields.private), canary=flags(batch, fields.canary), secret=written)
        yield _piece(text, said, declared)


def _columnar_reader(source: Columnar, declared: Declared) -> tuple[_Read | None, Phrase | None]:
    is_text = [
        pa.types.is_string(kind) and not is_json for kind, is_json in zip(source.types, source.is_json, strict=True)
    ]
    choice = choose(source.label, source.names, is_text, declared)
    return _if_any(choice, partial(_of_columnar, source, declared))


def _of_columnar(source: Columnar, declared: Declared, fields: Fields) -> Iterator[_Piece]:
    for batch in source.batches(fields.places):
        values = batch.column(0)
        is_bytes = pa.types.is_binary(values.type) or pa.types.is_large_binary(values.type)
        try:
            text = values.cast(pa.string()) if is_bytes else values
        except pa.ArrowInvalid:
            raise unusable(
                source.label,
                _("its column {name!r} holds bytes that are not UTF-8 text").format(name=source.names[fields.text]),
                _("name the column that holds the text: text_field, at its [[artefact]] in weighbridge.toml"),
            ) from None
        is_text = pa.types.is_string(text.type) or pa.types.is_dictionary(text.type)
        yield _of_columns(batch, text if is_text else as_text(text), fields, declared)


def _if_any(choice: Choice, read: Callable[[Fields], Iterator[_Piece]]) -> tuple[_Read | None, Phrase | None]:
    return (None if choice.fields is None else partial(read, choice.fields)), choice.note


def _of_columns(batch: pa.RecordBatch, text: pa.Array, fields: Fields, declared: Declared) -> _Piece:
    def flags(place: int | None) -> Bools | None:
        return None if place is None else truths(batch.column(fields.places.index(place)))

    secret = None if fields.secret is None else batch.column(fields.places.index(fields.secret))
    return _piece(text, _Said(private=flags(fields.private), canary=flags(fields.canary), secret=secret), declared)


def _piece(text: pa.Array, said: _Said, declared: Declared) -> _Piece:
    """With what is said of the whole file."""
    no = np.zeros(len(text), dtype=np.bool_)
    return _Piece(
        text=text,
        private=(no if said.private is None else said.private) | declared.private,
        canary=(no if said.canary is None else said.canary) | declared.canaries,
        secret=said.secret,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A piece of bounded size, its text and its secrets as plain strings without any missing, and where it starts."""

    piece: _Piece
    first_record: int


def _parts(label: str, pieces: Iterator[_Piece]) -> Iterator[_Part]:
    first = 1
    for piece in pieces:
        sizes = text_bytes(piece.text)
        if sizes.max(initial=0) > MAX_DOCUMENT_BYTES:
            raise too_long(label, first + int(sizes.argmax()))
        if piece.secret is not None:  # a dictionary may hold one long text that many rows point at
            sizes = sizes + text_bytes(piece.secret)
        for start, stop in cuts(sizes, max_rows=MAX_DOCUMENTS):
            rows = slice(start, stop)
            text = plain(piece.text[rows]).fill_null("")
            secret = _no_secrets(len(text)) if piece.secret is None else _strings(piece.secret[rows])
            cut = _Piece(text=text, private=piece.private[rows], canary=piece.canary[rows], secret=secret)
            yield _Part(piece=cut, first_record=first + start)
        first += len(sizes)


def _numbered(label: str, pieces: Iterator[_Piece]) -> Iterator[Documents]:
    for part in _parts(label, pieces):
        piece = part.piece
        yield Documents(
            label=label, first_record=part.first_record, text=piece.text, private=piece.private, canary=piece.canary,
            secret=standing(piece.text, piece.secret)[0],
        )  # fmt: skip


def _strings(values: pa.Array) -> pa.Array:
    """Whatever a column of secrets holds, as text."""
    values = plain(values)
    return (values if pa.types.is_string(values.type) else as_text(values)).fill_null("")


def _no_secrets(n: int) -> pa.Array:
    return pa.repeat(pa.scalar("", pa.string()), n)


def _without_documents(label: str) -> Unusable:
    return unusable(
        label, _("it holds no documents: 0 rows or lines"), _("export it again, or take it out of the candidate")
    )

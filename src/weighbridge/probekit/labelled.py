"""The documents of a role with what is declared of each: language, source, date, kind, group, decoding and arm."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from weighbridge.core.candidate import Declared, Role
from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.ports import Bench, Ints, Texts

Strings = npt.NDArray[np.object_]  # of str
Words64 = npt.NDArray[np.uint64]

FIELDS = ("language", "source", "date", "domain", "group", "decoding", "arm")
_OF_ALL = ("language", "arm")  # may be declared of a whole artefact
_LONGEST_LABEL = 200  # characters; ours
# Scripts that set no spaces between words: Thai to Lao, Myanmar, Khmer, kana and Han.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]")
_PER_WORD = 2  # characters of these that are taken for one word; ours


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Labelled:
    """All documents of a role but the empty ones and planted canaries; texts stay where they are until asked for.

    Every array has shape (n,), in the order of the files. A label that nobody gave is the empty string.
    """

    role: Role
    keys: Words64  # of the text, keyed by the seed: equal texts have equal keys
    letters: (
        Words64  # likewise of its letters alone: texts that differ in figures, signs or case have equal ones; 0: none
    )
    sizes: Ints  # characters
    words: Ints  # between spaces; where a script sets none, two characters are taken for one
    language: Strings  # BCP 47, as declared
    source: Strings  # a digest of the prompt or source, empty where none is named
    date: Strings
    domain: Strings
    group: Strings
    decoding: Strings
    arm: Strings
    n_empty: int
    n_canaries: int
    notes: tuple[Phrase, ...]
    is_complete: bool
    _places: Ints  # of each document among all that the files hold
    _texts: Texts

    @property
    def n(self) -> int:
        """How many documents."""
        return len(self.keys)

    def texts(self, rows: Ints, tick: Callable[[], None] = lambda: None) -> list[str]:
        """The text of these rows, in the order asked for."""
        wanted = np.sort(self._places[rows])
        found: dict[int, str] = {}
        start = 0
        for batch in self._texts.batches():
            stop = start + len(batch.text)
            here = wanted[np.searchsorted(wanted, start) : np.searchsorted(wanted, stop)].tolist()
            found.update({place: batch.text[place - start].as_py() for place in here})
            start = stop
            tick()
        return [found[place] for place in self._places[rows].tolist()]


def labelled(bench: Bench, role: Role, tick: Callable[[], None] = lambda: None) -> Labelled:
    """Read the documents of a role once, and what its columns say of each.

    Documents come from `bench.texts`, labels from `bench.tables`; no row is ever an object. Labels longer than 200
    characters are cut, and sources are kept as digests.

    Raises
    ------
    Silent
        Where there is no text of this role, or a file has another number of rows as a table than as texts.
    """
    texts, key = bench.texts(role), bench.generator("labelled").bytes(32)
    counts: dict[str, int] = {}
    keys: list[int] = []
    letters: list[int] = []
    sizes: list[int] = []
    words: list[int] = []
    canary: list[npt.NDArray[np.bool_]] = []
    for batch in texts.batches():
        counts[batch.label] = counts.get(batch.label, 0) + len(batch.text)
        for text in batch.text.to_pylist():
            keys.append(digest(text, key))
            bare = letters_of(text)
            letters.append(digest(bare, key) if bare else 0)
            sizes.append(len(text) if text.strip() else 0)
            words.append(n_words(text))
        canary.append(batch.canary)
        tick()
    is_canary = np.concatenate(canary) if canary else np.zeros(0, dtype=np.bool_)
    is_empty = np.asarray(sizes, dtype=np.int64) == 0
    places = np.flatnonzero(~is_canary & ~is_empty)
    labels = _labels(bench, role, counts, key)
    return Labelled(
        role=role, keys=np.asarray(keys, dtype=np.uint64)[places],
        letters=np.asarray(letters, dtype=np.uint64)[places], sizes=np.asarray(sizes, dtype=np.int64)[places],
        words=np.asarray(words, dtype=np.int64)[places],
        n_empty=int((is_empty & ~is_canary).sum()), n_canaries=int(is_canary.sum()), notes=texts.notes,
        is_complete=texts.is_complete, _places=places, _texts=texts,
        **{name: column[places] for name, column in labels.items()},
    )  # fmt: skip


class _Letters(dict[int, int | None]):
    """Code points that stay: letters, and the marks that belong to them."""

    def __missing__(self, point: int) -> int | None:
        self[point] = point if unicodedata.category(chr(point))[0] in "LM" else None
        return self[point]


_LETTERS = _Letters()


def letters_of(text: str) -> str:
    """Its letters in small ones, so that a running number or a sign more makes no other text of it."""
    return text.translate(_LETTERS).casefold()


def n_words(text: str) -> int:
    """Words between spaces; of scripts that set none, two characters are taken for one."""
    unspaced = len(_UNSPACED.findall(text))
    return len(text.split()) if not unspaced else len(_UNSPACED.sub(" ", text).split()) + unspaced // _PER_WORD


def digest(text: str, key: bytes) -> int:
    """Eight bytes that stand for a text under this key."""
    made = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8, key=key).digest()
    return int.from_bytes(made, "little")


def _labels(bench: Bench, role: Role, counts: dict[str, int], key: bytes) -> dict[str, Strings]:
    """Each label of all documents, artefact after artefact."""
    declared = {a.label: a.declared for a in bench.candidate.of_role(role)}
    is_any = any(_columns(d) for d in declared.values()) or not declared
    tables = {table.label: table for table in bench.tables(role)} if is_any else {}
    declared |= {label: table.declared for label, table in tables.items()}
    parts: dict[str, list[Strings]] = {name: [] for name in FIELDS}
    for label, n in counts.items():
        said = declared.get(label, Declared())
        columns = _columns(said)
        read = _read(tables[label].batches(tuple(columns.values())), columns) if columns and label in tables else {}
        for name in FIELDS:
            whole = getattr(said, name) if name in _OF_ALL else ""
            column = read.get(name)
            if column is None:
                parts[name].append(_repeated(whole, n))
                continue
            if len(column) != n:
                _apart(label, len(column), n)
            parts[name].append(np.where(column == "", whole, column).astype(object))
    made = {name: np.concatenate(found) if found else _repeated("", 0) for name, found in parts.items()}
    made["source"] = _digests(made["source"], key)
    return made


def _columns(declared: Declared) -> dict[str, str]:
    """The columns that are declared, by what they say."""
    named = {name: getattr(declared, f"{name}_field") for name in FIELDS}
    return {name: column for name, column in named.items() if column}


def _read(batches: Iterator[pa.RecordBatch], columns: dict[str, str]) -> dict[str, Strings]:
    names = tuple(dict.fromkeys(columns.values()))
    found: dict[str, list[Strings]] = {name: [] for name in names}
    for batch in batches:
        for name in names:
            found[name].append(_as_strings(batch.column(batch.schema.get_field_index(name))))
    whole = {name: np.concatenate(parts) if parts else _repeated("", 0) for name, parts in found.items()}
    return {field: whole[name] for field, name in columns.items()}


def _as_strings(values: pa.Array) -> Strings:
    """A column as short text; what is missing is empty."""
    plain = values.dictionary_decode() if pa.types.is_dictionary(values.type) else values
    text = plain if pa.types.is_string(plain.type) else plain.cast(pa.string())
    cut = pc.utf8_slice_codeunits(pc.utf8_trim_whitespace(text.fill_null("")), 0, _LONGEST_LABEL)
    return np.asarray(cut.to_numpy(zero_copy_only=False), dtype=object)


def _digests(sources: Strings, key: bytes) -> Strings:
    distinct, places = np.unique(sources.astype(str), return_inverse=True)
    made = np.asarray([f"{digest(str(s), key):016x}" if s else "" for s in distinct], dtype=object)
    return made[places.ravel()] if len(distinct) else sources


def _repeated(value: str, n: int) -> Strings:
    return np.full(n, value, dtype=object)


def _apart(label: str, rows: int, documents: int) -> None:
    not_measured(
        phrase("{label} has {rows} rows as a table and {n} as texts, so that its labels cannot be told apart",
               label=label, rows=rows, n=documents),
        phrase("save it again as JSONL, one object for each document: {label}", label=label),
    )  # fmt: skip


def first_of_each(keys: Words64, chosen: Sequence[int]) -> Ints:
    """Of these rows the first of each text."""
    rows = np.asarray(chosen, dtype=np.int64)
    _, first = np.unique(keys[rows], return_index=True)
    return np.asarray(rows[np.sort(first)], dtype=np.int64)

"""Entries of vocabularies, categories and tokenizers, and which of them tell of single training records.

An entry tells if an identifier of a person stands in it, or if it is a rare value: one that is long enough to be
somebody's own and that fewer than so many training records hold. What "long enough" is depends on what it is compared
with. As the whole of a cell: six letters or digits. Inside running text: sixteen characters in at least two words, or
twelve with at least six digits; a single word, however rare, is no person's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from weighbridge.probekit.identifiers import find
from weighbridge.probekit.ports import Ints
from weighbridge.probekit.wire import LENGTH, end_of, next_field
from weighbridge.probes.stored_records.files import HOSTILE, File, Unread
from weighbridge.probes.stored_records.hashing import PIECE, Codes, Hashes, windows
from weighbridge.probes.stored_records.training import Strings

_CELL = 6  # letters or digits; ours
_WORDS, _PHRASE = 2, 16  # ours
_DIGITS, _NUMBER = 6, 12  # ours
_LONGEST = 4096  # characters of an entry that are looked at; ours
_BYTES_PER_ENTRY = 4  # the least that an entry takes in a file: a letter, two quotes, a comma
_WORD = re.compile(r"[^\W\d_]{2,}")

Record = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """Entries of one place, each once, and how many more there may be that were not read."""

    texts: tuple[str, ...]
    n_unread: int = 0


@dataclass(slots=True, kw_only=True)
class Told:
    """Which entries tell, by their numbers."""

    identifying: set[int] = field(default_factory=set)
    rare: set[int] = field(default_factory=set)
    open: set[int] = field(default_factory=set)  # long enough, with nothing to compare them with
    records: dict[int, list[Record]] = field(default_factory=dict)  # where the rare ones stand


def told_by_themselves(entries: Entries, tick: Callable[[], None]) -> Told:
    """The entries that an identifier of a person stands in."""
    told = Told()
    for number, text in enumerate(entries.texts):
        if number % 4096 == 0:
            tick()
        if len(text) > 5 and find(text[:_LONGEST]):
            told.identifying.add(number)
    return told


def compare_cells(entries: Entries, told: Told, strings: Iterable[Strings], *, rare_below: int) -> None:
    """Find entries that are the whole of a cell, in fewer records than this."""
    chosen = [n for n, text in enumerate(entries.texts) if is_long_cell(text)]
    wanted = pc.utf8_lower(pa.array([_sound(entries.texts[n]) for n in chosen], pa.string()))
    counts: dict[str, Ints] = {}
    held: dict[int, list[Record]] = {}
    for some in strings if chosen else ():
        at = pc.index_in(pc.utf8_lower(some.texts), value_set=wanted)
        found = np.flatnonzero(np.asarray(pc.is_valid(at)))
        which = np.asarray(at.take(pa.array(found)), dtype=np.int64)
        column = f"{some.label}\0{some.column}"
        seen = counts.setdefault(column, np.zeros(len(chosen), dtype=np.int64))
        _hold(held, seen, which, [(some.label, int(r)) for r in some.records[found]], rare_below)
        seen += np.bincount(which, minlength=len(chosen))
    most = np.max(list(counts.values()), axis=0) if counts else np.zeros(len(chosen), dtype=np.int64)
    for place in np.flatnonzero((most > 0) & (most < rare_below)).tolist():
        told.rare.add(chosen[place])
        told.records[chosen[place]] = held.get(place, [])


def _hold(held: dict[int, list[Record]], seen: Ints, which: Ints, records: list[Record], rare_below: int) -> None:
    """Keep the records of entries that are still rare; let go of the others."""
    for place, record in zip(which.tolist(), records, strict=True):
        if seen[place] >= rare_below:
            held.pop(place, None)
        elif len(held.setdefault(place, [])) < rare_below:
            held[place].append(record)


def compare_texts(entries: Entries, told: Told, strings: Iterable[Strings], *, rare_below: int) -> None:
    """Find entries inside the training text, in fewer records than this."""
    chosen = {n: text.strip().lower() for n, text in enumerate(entries.texts) if is_long_in_text(text)}
    starts: dict[int, list[int]] = {}
    for number, text in chosen.items():
        starts.setdefault(int(windows(_codes(text[:_NUMBER]), _NUMBER)[0]), []).append(number)
    known = np.asarray(sorted(starts), dtype=np.uint64)
    held: dict[int, set[Record]] = {}
    for some in strings if chosen else ():
        for text, record in zip(some.texts.to_pylist(), some.records.tolist(), strict=True):
            for number in _entries_in(text.lower(), chosen, starts, known):
                records = held.setdefault(number, set())
                if len(records) < rare_below:
                    records.add((some.label, record))
    for number, records in held.items():
        if len(records) < rare_below:
            told.rare.add(number)
            told.records[number] = sorted(records)


def _entries_in(text: str, chosen: dict[int, str], starts: dict[int, list[int]], known: Hashes) -> Iterator[int]:
    for begin in range(0, max(1, len(text)), PIECE - _NUMBER):
        here = windows(_codes(text[begin : begin + PIECE]), _NUMBER)
        slots = np.minimum(np.searchsorted(known, here), len(known) - 1)
        for at in np.flatnonzero(known[slots] == here).tolist():
            yield from (n for n in starts[int(here[at])] if text.startswith(chosen[n], begin + at))


def _sound(text: str) -> str:
    """The text without halves of surrogate pairs, which no column of text can hold."""
    return text.encode("utf-8", "replace").decode()


def _codes(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-32-le", "replace"), dtype="<u4")


def is_long_cell(text: str) -> bool:
    """Whether a value is long enough to be somebody's own, where it is the whole of a cell."""
    return sum(c.isalnum() for c in text[:_LONGEST]) >= _CELL


def is_long_in_text(text: str) -> bool:
    """Whether an entry is long enough to be somebody's own, where it stands in running text.

    >>> is_long_in_text("internationalization"), is_long_in_text("Ada Lovelace, London")
    (False, True)
    """
    plain = text.strip()[:_LONGEST]
    digits = sum(c.isdigit() for c in plain)
    is_phrase = len(plain) >= _PHRASE and len(_WORD.findall(plain)) >= _WORDS
    return is_phrase or (len(plain) >= _NUMBER and digits >= _DIGITS)


# ---- the files of a tokenizer ----


def tokenizer_entries(files: Iterable[File], unread: Unread, *, at_most: int) -> Entries | None:
    """The tokens of all files of a tokenizer, as the text they stand for; None where there is no such file."""
    found: dict[str, None] = {}
    left_out, is_there = 0, False
    for file in files:
        if not file.is_tokenizer:
            continue
        is_there = True
        tokens = _read(file, at_most)
        if tokens is None:
            unread.add(file, file.size)
            left_out += max(1, file.size // _BYTES_PER_ENTRY)
        else:
            found |= dict.fromkeys(plain_token(token) for token in tokens)
    found.pop("", None)
    return Entries(texts=tuple(found), n_unread=left_out) if is_there else None


def _read(file: File, at_most: int) -> list[str] | None:
    if file.size > at_most:
        return None
    try:
        with file.stream.open() as stream:
            data = stream.read(at_most + 1)
        if file.format == "sentencepiece":
            return _pieces(data)
        if file.label.lower().endswith(".json"):
            return list(_tokens(json.loads(data)))
        if file.format in ("text", "markdown", "csv", "tsv"):
            return _lines(data.decode("utf-8"), is_merges=file.label.endswith("merges.txt"))
    except HOSTILE:
        return None
    return None


def _lines(text: str, *, is_merges: bool) -> list[str]:
    if is_merges:
        return [line.replace(" ", "") for line in text.splitlines() if not line.startswith("#version")]
    return text.splitlines()


def _tokens(told: object) -> Iterator[str]:
    """The tokens in what a JSON file of a tokenizer tells: every key, and every text beside a name for its use.

    All strings are taken, whatever stands around them: what is hidden under a key of its own would be missed otherwise.
    """
    waiting = [told]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, str):
            yield thing
        elif isinstance(thing, dict):
            yield from thing
            waiting.extend(thing.values())
        elif isinstance(thing, list):
            if len(thing) == 2 and isinstance(thing[0], str) and isinstance(thing[1], str):
                yield thing[0] + thing[1]  # a merge
            waiting.extend(thing)


def _pieces(data: bytes) -> list[str]:
    """The pieces of a sentencepiece model: field 1 of the whole, and in it field 1, a text."""
    found: list[str] = []
    at = 0
    while at < len(data):
        outer = next_field(data, at)
        if outer is None or end_of(outer) > len(data):
            raise ValueError("not as it says")
        if outer.number == 1 and outer.wire == LENGTH:
            inner = next_field(data, outer.start)
            if inner is None or inner.wire != LENGTH or end_of(inner) > end_of(outer):
                raise ValueError("not as it says")
            found.append(data[inner.start : end_of(inner)].decode("utf-8", "replace"))
        at = end_of(outer)
    return found


def _byte_letters() -> dict[str, int]:
    """The letters by which byte-level tokenizers write bytes.

    References
    ----------
    Radford et al. 2019, Language Models are Unsupervised Multitask Learners: byte-level byte pair encoding.
    """
    shown = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [byte for byte in range(256) if byte not in shown]
    return {**{chr(byte): byte for byte in shown}, **{chr(256 + n): byte for n, byte in enumerate(hidden)}}


_BYTES = _byte_letters()


def plain_token(token: str) -> str:
    """The text that a token stands for.

    >>> plain_token("Ġcaf\u00c3\u00a9"), plain_token("▁two▁words"), plain_token("##ing")
    (' café', ' two words', 'ing')
    """
    token = token[:_LONGEST].removeprefix("##").replace("\u2581", " ").replace("</w>", " ")
    if not any(c in _BYTES and ord(c) > 0x7E for c in token) or not all(c in _BYTES or c == " " for c in token):
        return token
    try:
        return bytes(_BYTES.get(c, 0x20) for c in token).decode()
    except UnicodeDecodeError:  # letters with accents of a tokenizer that is not byte-level
        return token

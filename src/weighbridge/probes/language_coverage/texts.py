"""A sample of documents, and what each is in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from weighbridge.core.candidate import Role
from weighbridge.core.evidence import NotMeasured, Silent
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.languages import Identified, Languages
from weighbridge.probekit.ports import Bench, Bools, Documents, Ints, Texts

DATA, OUTPUTS = "data", "outputs"
ROLES = {DATA: ((Role.DATA, Role.TRAIN_DATA), (Role.HELD_OUT,)), OUTPUTS: ((Role.OUTPUTS, Role.SAMPLES),)}
"""Where texts are looked for: the first roles of which there are any."""

_SECONDS_EACH = 0.006  # nominal, for a stretch of 4,000 characters
_AT_ONCE = 64  # documents, between two looks at the time


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How much is looked at."""

    documents: int
    characters: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What the documents of a sample are in; those without a letter are left out."""

    of: str
    identified: tuple[Identified, ...]
    is_all: bool  # every document there is was looked at, from its start to its end
    notes: tuple[Phrase, ...]


def hear(bench: Bench, languages: Languages, of: str, asked: Asked) -> Heard | NotMeasured | None:
    """What the texts of one kind are in; None where there are none, NotMeasured where they cannot be read."""
    failed: NotMeasured | None = None
    for roles in ROLES[of]:
        read: list[Texts] = []
        for role in roles:
            if bench.has(role):
                try:
                    read.append(bench.texts(role))
                except Silent as silent:
                    if isinstance(silent.outcome, NotMeasured):
                        failed = silent.outcome
        if read:
            return _heard(bench, languages, of, read, asked)
    return failed


def _heard(bench: Bench, languages: Languages, of: str, read: list[Texts], asked: Asked) -> Heard:
    tick = partial(bench.progress, 0, asked.documents, "documents")
    filled = [np.zeros(0, dtype=bool), *(_filled(batch.text) for batch in _batches(read, tick))]
    most = min(asked.documents, bench.budget.affords(_SECONDS_EACH * max(1.0, asked.characters / 4000)))
    there = np.flatnonzero(np.concatenate(filled))
    drawn = np.sort(bench.generator("documents", of).permutation(there)[:most])
    cut = bench.generator("stretches", of)
    found: list[Identified] = []
    n_cut = 0
    for part in _parts(list(_chosen(read, drawn, tick)), _AT_ONCE):
        stretches = [_stretch(text, asked.characters, cut) for text in part]
        n_cut += sum(len(stretch) < len(text) for stretch, text in zip(stretches, part, strict=True))
        found += languages.identify(stretches)
        bench.progress(len(found), len(drawn), "documents")
    with_letters = tuple(one for one in found if one.n_letters)
    is_all = len(drawn) == len(there) and not n_cut and all(texts.is_complete for texts in read)
    notes = [note for texts in read for note in texts.notes]
    notes += _told(of, n=len(drawn), there=len(there), n_cut=n_cut, bare=len(found) - len(with_letters))
    return Heard(of=of, identified=with_letters, is_all=is_all, notes=tuple(notes))


def _batches(read: list[Texts], tick: Callable[[], None]) -> Iterator[Documents]:
    for texts in read:
        for batch in texts.batches():
            tick()
            yield batch


def _filled(text: pa.Array) -> Bools:
    """Which documents hold more than spaces."""
    return np.asarray(pc.greater(pc.utf8_length(pc.utf8_trim_whitespace(text)), 0).fill_null(False), dtype=bool)


def _chosen(read: list[Texts], places: Ints, tick: Callable[[], None]) -> Iterator[str]:
    """The documents at these places, which ascend, among all that there are."""
    start = 0
    for batch in _batches(read, tick):
        inside = places[np.searchsorted(places, start) : np.searchsorted(places, start + len(batch.text))]
        yield from batch.text.take(pa.array(inside - start)).to_pylist()
        start += len(batch.text)


def _stretch(text: str, most: int, cut: np.random.Generator) -> str:
    """A stretch of it, from a random place on, so that no greeting in front stands for the whole."""
    if len(text) <= most:
        return text
    start = int(cut.integers(0, len(text) - most + 1))
    return text[start : start + most]


def _parts(texts: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(texts), size):
        yield texts[start : start + size]


def _told(of: str, *, n: int, there: int, n_cut: int, bare: int) -> Iterator[Phrase]:
    if n < there:
        yield phrase("{of}: {n:,} of {there:,} documents were looked at, drawn at random", of=of, n=n, there=there)
    if n_cut:
        yield phrase("{of}: of {n:,} long documents one stretch was looked at", of=of, n=n_cut)
    if bare:
        yield phrase("{of}: {n:,} documents hold no letter and are in no language", of=of, n=bare)

"""Texts by their language: as declared, as identified where nothing was, and never forced."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from weighbridge.core.candidate import Candidate, Role
from weighbridge.core.evidence import Silent
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.labelled import Labelled, Strings, Words64, labelled
from weighbridge.probekit.languages import UNKNOWN, Languages
from weighbridge.probekit.ports import Bench, Ints

IDENTIFIED_MOST = 5000  # documents without a declared language that are identified, over all roles; ours


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sample:
    """Documents of one language, drawn at random, none twice."""

    language: str  # canonical tag
    texts: tuple[str, ...]
    units: Ints  # shape (n,): equal numbers are one source

    @property
    def n_units(self) -> int:
        """Sources that are independent of each other."""
        return len(np.unique(self.units))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Survey:
    """What there is in each language."""

    rows: dict[str, tuple[tuple[int, int], ...]]  # by canonical tag: part and row of distinct texts, in random order
    units: dict[str, Ints]  # likewise: what is of one source
    notes: tuple[Phrase, ...]
    parts: tuple[Labelled, ...] = ()

    @property
    def languages(self) -> tuple[str, ...]:
        """Tags of which there is a text."""
        return tuple(sorted(self.rows))

    def n(self, language: str) -> int:
        """How many different texts there are in a language."""
        return len(self.rows.get(language, ()))

    def n_units(self, language: str) -> int:
        """How many sources they come from."""
        return len(np.unique(self.units[language])) if language in self.units else 0

    def drawn(self, each: dict[str, int], tick: Callable[[], None]) -> tuple[Sample, ...]:
        """So many texts of each language, by tag; the files are read once more."""
        chosen = {tag: self.rows[tag][:n] for tag, n in sorted(each.items()) if n and tag in self.rows}
        found: dict[tuple[int, int], str] = {}
        for part, documents in enumerate(self.parts):
            rows = [row for places in chosen.values() for at, row in places if at == part]
            if rows:
                texts = documents.texts(np.asarray(rows, dtype=np.int64), tick)
                found.update({(part, row): text for row, text in zip(rows, texts, strict=True)})
        return tuple(
            Sample(language=tag, texts=tuple(found[place] for place in places), units=self.units[tag][: len(places)])
            for tag, places in chosen.items()
        )


@dataclass(slots=True)
class _Count:
    """What was set aside on the way."""

    wrong: int = 0
    unknown: int = 0
    unheard: int = 0
    trained: int = 0
    alike: int = 0
    shared: int = 0
    bare: int = 0
    notes: list[Phrase] = field(default_factory=list)


def survey(bench: Bench, roles: Sequence[Role], tick: Callable[[], None]) -> Survey:
    """Read the documents of these roles and sort them by language; those that the model was trained on are left out.

    A language is what is declared of a document, in any spelling of its tag. Of documents without a declaration some
    are identified; one whose language cannot be told counts nowhere. Texts that differ in figures, signs or case alone
    count once, and a text that stands under two languages counts in neither. The order within a language is random and
    follows from the seed.
    """
    parts = tuple(labelled(bench, role, tick) for role in roles if bench.has(role))
    trained = _trained(bench, tick)
    count = _Count()
    tags = _tags(bench, parts, count, tick)
    rows: dict[str, list[tuple[int, int, int]]] = {}
    for at, (documents, names) in enumerate(zip(parts, tags, strict=True)):
        is_trained = np.isin(documents.keys, trained)
        count.trained += int((is_trained & (names != UNKNOWN)).sum())
        for row in np.flatnonzero((names != UNKNOWN) & ~is_trained).tolist():
            rows.setdefault(str(names[row]), []).append((int(documents.keys[row]), at, row))
    units = {}
    places = _distinct(rows, parts, count)
    for tag in places:
        sources = [str(parts[at].source[row]) or f"{at}/{row}" for at, row in places[tag]]
        units[tag] = np.unique(sources, return_inverse=True)[1].astype(np.int64).ravel()
    notes = (*(note for documents in parts for note in documents.notes), *_told(count))
    return Survey(rows=places, units=units, notes=tuple(dict.fromkeys(notes)), parts=parts)


def _distinct(
    rows: dict[str, list[tuple[int, int, int]]], parts: Sequence[Labelled], count: _Count
) -> dict[str, tuple[tuple[int, int], ...]]:
    """The places of different texts by language: of nearly the same ones the first, of one in two languages none."""
    homes: dict[int, str] = {}
    shared: set[int] = set()
    for tag, found in rows.items():
        shared |= {made for _key, at, row in found if homes.setdefault(made := int(parts[at].letters[row]), tag) != tag}
    places = {}
    for tag, found in rows.items():
        first: dict[int, tuple[int, tuple[int, int]]] = {}
        for key, at, row in sorted(found):
            of = int(parts[at].letters[row])
            if not of:
                count.bare += 1
            elif of in shared:
                count.shared += 1
            elif first.setdefault(of, (key, (at, row)))[0] != key:
                count.alike += 1
        if first:
            places[tag] = tuple(place for _key, place in first.values())
    return places


def claimed(candidate: Candidate, languages: Languages) -> tuple[str, ...]:
    """Canonical tags of the languages that the candidate is said to serve, or to be made of."""
    said = {*candidate.claims.languages, *(a.declared.language for a in candidate.artefacts)}
    found = [languages.find(tag) for tag in sorted(said) if tag]
    return tuple(sorted({language.tag for language in found if language is not None}))


def largest_first(tags: Sequence[str], languages: Languages) -> tuple[str, ...]:
    """Tags by how many speak the language, the most first; those without a figure come last, by tag."""
    sizes = {tag: language.most_speakers if (language := languages.find(tag)) else 0 for tag in tags}
    return tuple(sorted(tags, key=lambda tag: (-sizes[tag], tag)))


def shares_of(affordable: int, available: dict[str, int], *, least: int, most: int) -> dict[str, int]:
    """How many texts of each language are tried, from figures alone: as many of each, as time allows.

    Where it does not allow the least for each, languages at the end are left out (0).

    Parameters
    ----------
    available : by language, in the order in which they are kept
    """
    kept = list(available)
    while kept:
        each = min(most, affordable // len(kept))
        if each >= least:
            return {tag: min(each, n) if tag in kept else 0 for tag, n in available.items()}
        kept.pop()
    return dict.fromkeys(available, 0)


def _trained(bench: Bench, tick: Callable[[], None]) -> Words64:
    if not bench.has(Role.TRAIN_DATA):
        return np.zeros(0, dtype=np.uint64)
    try:
        return labelled(bench, Role.TRAIN_DATA, tick).keys
    except Silent:  # training data without text, such as a table of numbers, holds none of these documents
        return np.zeros(0, dtype=np.uint64)


def _tags(bench: Bench, parts: Sequence[Labelled], count: _Count, tick: Callable[[], None]) -> list[Strings]:
    """For each part its documents' canonical tags; UNKNOWN where there is none."""
    languages = bench.languages()
    made = []
    for documents in parts:
        names = np.full(documents.n, UNKNOWN, dtype=object)
        for spelt in np.unique(documents.language.astype(str)).tolist():
            if not spelt:
                continue
            here = documents.language == spelt
            found = languages.find(spelt)
            if found is None:
                count.wrong += int(here.sum())
            else:
                names[here] = found.tag
        made.append(names)
    _identify(languages, parts, made, count, tick)
    return made


def _identify(
    languages: Languages, parts: Sequence[Labelled], names: list[Strings], count: _Count, tick: Callable[[], None]
) -> None:
    """Fill in the tags of documents that nobody declared: those with the smallest keys, so at random."""
    bare = [np.flatnonzero(documents.language == "") for documents in parts]
    keys = np.concatenate([np.zeros(0, np.uint64), *(d.keys[rows] for d, rows in zip(parts, bare, strict=True))])
    if not len(keys):
        return
    limit = np.sort(keys)[min(IDENTIFIED_MOST, len(keys)) - 1]
    for documents, rows, tags in zip(parts, bare, names, strict=True):
        heard = rows[documents.keys[rows] <= limit]
        count.unheard += len(rows) - len(heard)
        if not len(heard):
            continue
        try:
            found = languages.identify(documents.texts(heard, tick))
        except Silent as silent:
            count.unheard += len(heard)
            count.notes.append(silent.outcome.because)
            continue
        tags[heard] = [one.language for one in found]
        count.unknown += int((tags[heard] == UNKNOWN).sum())
        tick()


def _told(count: _Count) -> list[Phrase]:
    notes = list(dict.fromkeys(count.notes))
    if count.wrong:
        says = phrase("{n} documents bear a tag that is no language's, and count in none", n=count.wrong)
        notes.append(says)
    if count.unknown:
        says = phrase("of {n} documents without a declared language it could not be told which it is", n=count.unknown)
        notes.append(says)
    if count.unheard:
        says = phrase("{n} documents without a declared language were not looked at", n=count.unheard)
        notes.append(says)
    if count.bare:
        says = phrase("{n} documents hold no letter and are in no language", n=count.bare)
        notes.append(says)
    if count.shared:
        says = phrase("{n} documents stand under two languages, and count in neither", n=count.shared)
        notes.append(says)
    if count.alike:
        says = phrase(
            "{n} documents differ from another in figures, signs or capitals alone, and were left out", n=count.alike
        )
        notes.append(says)
    if count.trained:
        says = phrase("{n} documents that stand in the training data as well were left out", n=count.trained)
        notes.append(says)
    return notes

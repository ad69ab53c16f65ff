"""The table of languages: what works, what was tested, what nobody knows; one row for each, the unknown first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from weighbridge.core.candidate import Candidate
from weighbridge.core.card import Card
from weighbridge.core.evidence import Evidence, Measured, NotApplicable, Quantity
from weighbridge.core.wording import _, plural
from weighbridge.probekit.languages import Language
from weighbridge.report.neutral import clean
from weighbridge.report.numbers import rounded
from weighbridge.report.words import listed

QUALITY, COVERAGE, PREMIUM = "language-quality", "language-coverage", "tokenizer-premium"
DETECTION, DEFENCE = "detectability", "defence-by-language"
_NOTHING = 8.0  # bits per byte without any model
_LEAST = 50  # documents, as language-quality's card has it by default
_NO_LANGUAGE = frozenset({"unknown", "other", "und", "mul", "zxx"})
_MOST_NAMED = 8


class Looked(StrEnum):
    """How far one thing was tested in one language."""

    TESTED = "tested"
    FAILED = "does not work"  # tested, and found to do no better than what knows nothing of the language
    TOO_SMALL = "too small"
    NOT_TESTED = "not tested"
    CANNOT_TEST = "cannot test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One of the four, with its figure in a few words."""

    state: Looked
    figure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One language. What is not recorded of it is empty."""

    tag: str
    name: str
    speakers: tuple[tuple[str, int], ...]  # source and its estimate
    scripts: tuple[str, ...]
    word_order: str
    affixation: str
    works: Cell
    harm: Cell
    countermeasure: Cell
    premium: Cell

    @property
    def fewest(self) -> int:
        """Speakers by the lower estimate; 0 where there is none."""
        return min((n for _source, n in self.speakers), default=0)

    @property
    def most(self) -> int:
        """Speakers by the higher estimate; 0 where there is none."""
        return max((n for _source, n in self.speakers), default=0)

    @property
    def is_unknown(self) -> bool:
        """Whether nothing at all was tested in it, its price in tokens apart."""
        return all(
            cell.state not in (Looked.TESTED, Looked.FAILED) for cell in (self.works, self.harm, self.countermeasure)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageTable:
    """All languages it serves, holds or was tested in; those without a tested countermeasure first, by speakers."""

    headline: str
    rows: tuple[Row, ...]
    sources: tuple[str, ...]  # of speakers

    @property
    def has_typology(self) -> bool:
        """Whether word order is recorded of any of them."""
        return any(row.word_order or row.affixation for row in self.rows)


def language_table(
    candidate: Candidate, evidence: Sequence[Evidence], cards: Sequence[Card], languages: Mapping[str, Language]
) -> LanguageTable | None:
    """The table; None where no language is known of the candidate.

    Parameters
    ----------
    languages : what is recorded of languages, by canonical tag; those that are not there are told by their tags
    """
    sealed = {e.probe: e for e in evidence}
    tags = _tags(candidate, sealed)
    if not tags:
        return None
    speakers = _speakers(sealed, languages)
    harm = _Harm.of(evidence, cards)
    rows = [_row(tag, sealed, harm, languages.get(tag), speakers.get(tag, {})) for tag in tags]
    rows.sort(key=lambda row: (row.countermeasure.state is Looked.TESTED, -row.most, row.tag))
    sources = tuple(dict.fromkeys(source for row in rows for source, _n in row.speakers))
    return LanguageTable(headline=_headline(rows, sealed), rows=tuple(rows), sources=sources)


def state_in_words(state: Looked) -> str:
    """For people."""
    return {
        Looked.TESTED: _("tested"),
        Looked.FAILED: _("does not work"),
        Looked.TOO_SMALL: _("too few texts"),
        Looked.NOT_TESTED: _("not tested"),
        Looked.CANNOT_TEST: _("cannot be tested"),
    }[state]


def state_cells(row: Row) -> tuple[tuple[str, str, str], ...]:
    """The four states of a language for a table: what, state in words, figure."""
    return tuple(
        (what, state_in_words(cell.state), cell.figure)
        for what, cell in (
            (_("works"), row.works),
            (_("harm"), row.harm),
            (_("countermeasure"), row.countermeasure),
            (_("price in tokens"), row.premium),
        )
    )


def typology_in_words(row: Row) -> str:
    """How it builds sentences and words, as WALS records it."""
    order = clean(row.word_order) or _("word order not recorded")
    affixes = clean(row.affixation) or _("affixation not recorded")
    return _("{order}; {affixes}").format(order=order, affixes=affixes)


def people_in_words(fewest: int, most: int) -> str:
    """Speakers as a range of estimates; empty where there is none."""
    if not most:
        return ""
    low, high = (_rounded_people(n) for n in (fewest, most))
    return low if low == high else _("{low} to {high}").format(low=low, high=high)


def _rounded_people(n: int) -> str:
    if n >= 10**9:
        return _("{n} billion").format(n=rounded(n / 10**9, digits=2))
    if n >= 10**6:
        return _("{n} million").format(n=rounded(n / 10**6, digits=2))
    return rounded(n, digits=2)


def _tags(candidate: Candidate, sealed: Mapping[str, Evidence]) -> tuple[str, ...]:
    """Languages that are claimed, that it holds beyond chance, or that anything was tested in."""
    found = {tag.partition("-")[0] for tag in candidate.claims.languages}
    for probe in (QUALITY, DETECTION, DEFENCE):
        found |= {q.at("language") or "" for q in _quantities(sealed.get(probe))}
    for q in _quantities(sealed.get(COVERAGE)):
        if q.metric == "language-share" and q.low > 0:
            found.add(q.at("language") or "")
    return tuple(sorted(tag for tag in found if tag and tag not in _NO_LANGUAGE))


def _speakers(sealed: Mapping[str, Evidence], languages: Mapping[str, Language]) -> dict[str, dict[str, int]]:
    """Estimates by language and source: as sealed, else as recorded now."""
    made = {tag: {s.source: s.n for s in language.speakers} for tag, language in languages.items()}
    for q in _quantities(sealed.get(COVERAGE)):
        tag, source = q.at("language"), q.at("source")
        if q.metric == "speakers" and tag and source:
            made.setdefault(tag, {})[source] = round(q.value)
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class _Harm:
    """Where it was tested what harm it could do: attacks, and how many of their texts were in a language."""

    direct: frozenset[str]  # languages that an attack reports by itself
    n_texts: int  # that attacks on its texts tried, over all languages
    shares: Mapping[str, Quantity]  # of its data, by language
    applies: bool  # whether any such test is about this candidate

    @classmethod
    def of(cls, evidence: Sequence[Evidence], cards: Sequence[Card]) -> _Harm:
        attacks = {card.slug for card in cards if card.attack}
        found = [e for e in evidence if e.probe in attacks]
        texts = [e for e in found if e.probe in ("verbatim-extraction", "membership-advantage-lm")]
        direct = {q.at("language") for e in found for q in _quantities(e)} - {None}
        coverage = next((e for e in evidence if e.probe == COVERAGE), None)
        return cls(
            direct=frozenset(str(tag) for tag in direct),
            n_texts=max((q.n for e in texts for q in _quantities(e) if q.n_of in ("document", "suffix")), default=0),
            shares={
                q.at("language") or "": q
                for q in _quantities(coverage)
                if q.metric == "language-share" and q.at("of") == "data"
            },
            applies=any(not isinstance(e.outcome, NotApplicable) for e in found) or not found,
        )

    def cell(self, tag: str) -> Cell:
        """For one language: tried directly, or as many of the texts tried as its share of the data makes them."""
        if tag in self.direct:
            return Cell(state=Looked.TESTED)
        share = self.shares.get(tag)
        about = round(self.n_texts * share.low) if share else 0
        if about:
            says = plural("about {n} text or more", "about {n} texts or more", about).format(n=rounded(about, digits=2))
            return Cell(state=Looked.TESTED if about >= _LEAST else Looked.TOO_SMALL, figure=says)
        return Cell(state=Looked.NOT_TESTED if self.applies else Looked.CANNOT_TEST)


def _row(
    tag: str, sealed: Mapping[str, Evidence], harm: _Harm, language: Language | None, speakers: Mapping[str, int]
) -> Row:
    return Row(
        tag=tag,
        name=language.name if language else tag,
        speakers=tuple(sorted(speakers.items())),
        scripts=language.scripts if language else (),
        word_order=language.word_order if language else "",
        affixation=language.affixation if language else "",
        works=_works(tag, sealed.get(QUALITY)),
        harm=harm.cell(tag),
        countermeasure=_countermeasure(tag, sealed),
        premium=_premium(tag, sealed.get(PREMIUM)),
    )


def _works(tag: str, evidence: Evidence | None) -> Cell:
    """How well it does, by the model's own figures."""
    found = _of(tag, evidence)
    if "untestable-languages" in found or _is_beside_the_point(evidence):
        return Cell(state=Looked.CANNOT_TEST)
    if (bits := found.get("bits-per-byte")) is not None:
        return _foreseen(bits, found.get("saving-over-small-model"))
    if (right := found.get("accuracy")) is not None:
        return _answered(right, found.get("gain-over-commonest"))
    tried = found.get("documents-tested")
    if tried is not None and tried.value:
        says = plural("{n} text", "{n} texts", round(tried.value)).format(n=rounded(tried.value, digits=15))
        return Cell(state=Looked.TOO_SMALL, figure=says)
    return Cell(state=Looked.NOT_TESTED)


def _foreseen(bits: Quantity, saving: Quantity | None) -> Cell:
    """A language model: it works where it surely does not do as badly as what knows nothing of the language."""
    says = _("{n} bits per byte").format(n=rounded(bits.value, digits=3))
    if bits.low >= _NOTHING:
        return Cell(state=Looked.FAILED, figure=_("{bits}, no better than no model").format(bits=says))
    if saving is not None and saving.high <= 0:
        figure = _("{bits}, no better than a small model that has read only the test").format(bits=says)
        return Cell(state=Looked.FAILED, figure=figure)
    return Cell(state=Looked.TESTED, figure=says)


def _answered(right: Quantity, gain: Quantity | None) -> Cell:
    """A classifier, likewise."""
    says = _("right in {n} of 100").format(n=rounded(100 * right.value, digits=2))
    if gain is not None and gain.high <= 0:
        return Cell(state=Looked.FAILED, figure=_("{right}, no better than guessing").format(right=says))
    return Cell(state=Looked.TESTED, figure=says)


def _countermeasure(tag: str, sealed: Mapping[str, Evidence]) -> Cell:
    """Whether its text can be told from people's there."""
    found = _of(tag, sealed.get(DEFENCE))
    missed = found.get("missed-share")
    if missed is not None and missed.n:
        says = _("finds {low} to {high} of 100").format(
            low=rounded(100 * (1 - missed.high), digits=2), high=rounded(100 * (1 - missed.low), digits=2)
        )
        return Cell(state=Looked.TESTED, figure=says)
    if "auroc-stack" in _of(tag, sealed.get(DETECTION)):
        return Cell(state=Looked.TOO_SMALL)
    if _is_beside_the_point(sealed.get(DEFENCE)):
        return Cell(state=Looked.CANNOT_TEST)
    return Cell(state=Looked.NOT_TESTED)


def _premium(tag: str, evidence: Evidence | None) -> Cell:
    """What it costs in tokens, against English."""
    found = _of(tag, evidence).get("premium")
    if found is not None:
        times = rounded(found.value, digits=3)
        says = _("as English") if times == "1" else _("{n} times English").format(n=times)
        return Cell(state=Looked.TESTED, figure=says)
    return Cell(state=Looked.CANNOT_TEST if _is_beside_the_point(evidence) else Looked.NOT_TESTED)


def _is_beside_the_point(evidence: Evidence | None) -> bool:
    return evidence is not None and isinstance(evidence.outcome, NotApplicable)


def _of(tag: str, evidence: Evidence | None) -> dict[str, Quantity]:
    """The figures of one language that are broken down by nothing else, by metric."""
    return {q.metric: q for q in _quantities(evidence) if q.by == (("language", tag),)}


def _quantities(evidence: Evidence | None) -> tuple[Quantity, ...]:
    outcome = evidence.outcome if evidence else None
    return outcome.quantities if isinstance(outcome, Measured) else ()


def _headline(rows: Sequence[Row], sealed: Mapping[str, Evidence]) -> str:
    """Where countermeasures were tested, whom that covers, and of which languages nothing is known."""
    tested = [row for row in rows if row.countermeasure.state is Looked.TESTED]
    unknown = sorted((row for row in rows if row.is_unknown), key=lambda row: (-row.most, row.tag))
    says = plural(
        "Countermeasures were tested in {k} of {n} language", "Countermeasures were tested in {k} of {n} languages",
        len(rows),
    ).format(k=len(tested), n=len(rows))  # fmt: skip
    if covered := _covered(sealed):
        says = _("{says}, of {share} of the world's speakers (each counted once for each language they speak)").format(
            says=says, share=covered
        )
    if not unknown:
        return _("{says}. Something is known of each of them.").format(says=says)
    named = listed([clean(row.name) for row in unknown[:_MOST_NAMED]])
    if len(unknown) > _MOST_NAMED:
        named = _("{names} and {n} more").format(names=named, n=len(unknown) - _MOST_NAMED)
    return _("{says}. Nothing is known for {names}.").format(says=says, names=named)


def _covered(sealed: Mapping[str, Evidence]) -> str:
    """The share of speakers whose language has a tested countermeasure, over the sources; empty where none is known."""
    by_source: dict[str, float] = {}
    for q in _quantities(sealed.get(DEFENCE)):
        source = q.at("source")
        if q.metric == "speakers-share" and source:
            by_source[source] = by_source.get(source, 0.0) + (q.value if q.at("state") != "untested" else 0.0)
    return _percent_range(by_source.values())


def _percent_range(shares: Iterable[float]) -> str:
    found = sorted(100 * share for share in shares)
    if not found:
        return ""
    low, high = rounded(found[0], digits=2), rounded(found[-1], digits=2)
    if low == high:
        return _("{n}\N{NO-BREAK SPACE}%").format(n=low)
    return _("{low} to {high}\N{NO-BREAK SPACE}%").format(low=low, high=high)

"""Languages with little text and few tools that the candidate serves, with the evidence that it does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from weighbridge.core.candidate import Subject
from weighbridge.core.evidence import (
    Basis,
    Evidence,
    Measured,
    NotMeasured,
    Outcome,
    Quantity,
    not_applicable,
    not_measured,
)
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.by_language import claimed, largest_first
from weighbridge.probekit.languages import Languages
from weighbridge.probekit.ports import Bench, Probe
from weighbridge.probes.low_resource_benefit.resources import well_served

QUALITY, COVERAGE = "language-quality", "language-coverage"
MARGINS = ("saving-over-small-model", "gain-over-commonest")
SHARE = "language-share"
CONFIDENCE = 0.95
_MODELS = frozenset({Subject.CAUSAL_LM, Subject.CLASSIFIER})
_MOST_NAMED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """As on the card: there are none."""


def measure(bench: Bench, settings: Settings) -> Outcome:
    """Sort out what the two predecessors found; nothing is tried anew."""
    del settings
    bench.progress(0, 1, "languages")
    quality, coverage = bench.evidence(QUALITY), bench.evidence(COVERAGE)
    is_model = bool(_MODELS & set(bench.candidate.subjects))
    read = quality if is_model else coverage
    said = bench.candidate.claims.languages
    if not isinstance(read.outcome, Measured) and not said:
        if isinstance(read.outcome, NotMeasured):
            not_measured(read.outcome.because, read.outcome.remedy)
        not_applicable(phrase("it is in no language that is known, and claims none"))
    languages = bench.languages()
    known = well_served(languages)
    margins = {tag: q for tag, q in _margins(read, languages, is_model=is_model).items() if tag not in known}
    shown = largest_first(tuple(tag for tag, q in margins.items() if q.low > 0), languages)
    unshown = [tag for tag in claimed(bench.candidate, languages) if tag not in {*known, *shown}]
    claims = largest_first(unshown, languages)
    quantities = [
        *_counted(margins, shown, claims),
        *(_renamed(margins[tag], tag, is_model=is_model) for tag in largest_first(tuple(margins), languages)),
        *_speakers(shown, languages),
    ]
    notes = (*_told(shown, claims, margins, languages), *languages.notes)
    return Measured(quantities=tuple(quantities), notes=notes)


def _margins(read: Evidence, languages: Languages, *, is_model: bool) -> dict[str, Quantity]:
    """By language, what shows that it is served: a margin of the model, or a share of the released texts."""
    outcome = read.outcome
    found: dict[str, Quantity] = {}
    for q in outcome.quantities if isinstance(outcome, Measured) else ():
        wanted = q.metric in MARGINS if is_model else q.metric == SHARE and q.at("of") == "data"
        language = languages.find(q.at("language") or "") if wanted else None
        if language is None:
            continue
        before = found.get(language.tag)
        if before is None or q.low < before.low:  # where two parts of a candidate were tried, both must show it
            found[language.tag] = q
    return found


def _counted(margins: dict[str, Quantity], shown: Sequence[str], claims: Sequence[str]) -> Iterator[Quantity]:
    """Shown: at least those whose whole interval is above nothing; at most those where it reaches above."""
    sure, maybe = len(shown), sum(q.high > 0 for q in margins.values())
    yield Quantity(
        metric="low-resource-languages", value=sure, low=sure, high=max(sure, maybe), confidence=CONFIDENCE,
        unit="count", n=max(1, len(margins)), n_of="language", by=(("evidence", "shown"),),
    )  # fmt: skip
    yield Quantity(
        metric="low-resource-languages", value=len(claims), low=len(claims), high=len(claims), confidence=1.0,
        unit="count", n=max(1, len(claims)), n_of="language", by=(("evidence", "claimed only"),),
    )  # fmt: skip


def _renamed(q: Quantity, tag: str, *, is_model: bool) -> Quantity:
    return Quantity(
        metric="margin" if is_model else "data-share", value=q.value, low=q.low, high=q.high, confidence=q.confidence,
        unit="1", n=q.n, n_of=q.n_of, by=(("language", tag),), basis=q.basis,
    )  # fmt: skip


def _speakers(shown: Sequence[str], languages: Languages) -> Iterator[Quantity]:
    for tag in shown:
        found = languages.find(tag)
        for of in found.speakers if found else ():
            yield Quantity(
                metric="speakers", value=of.n, low=of.n, high=of.n, confidence=1.0, unit="speakers", n=1,
                n_of="language", by=(("language", tag), ("source", of.source)), basis=Basis.ASSUMED,
            )  # fmt: skip


def _told(
    shown: Sequence[str], claims: Sequence[str], margins: Mapping[str, Quantity], languages: Languages
) -> list[Phrase]:
    notes = []
    if shown:
        notes.append(phrase("served, and shown by measurement: {languages}", languages=_listed(shown, languages)))
    if tried := [tag for tag in claims if tag in margins]:
        says = phrase("claimed, tried, and not shown: {languages}", languages=_listed(tried, languages))
        notes.append(says)
    if untried := [tag for tag in claims if tag not in margins]:
        says = phrase(
            "claimed, and not tried: {languages}. 50 texts of each with its language would tell: role held-out. Texts "
            "that a program tells to be in another language count for nothing",
            languages=_listed(untried, languages),
        )
        notes.append(says)
    if not shown and not claims:
        notes.append(phrase("none of its languages is one with little text and few tools"))
    return notes


def _listed(tags: Sequence[str], languages: Languages) -> str:
    names = [found.name if (found := languages.find(tag)) else tag for tag in tags[:_MOST_NAMED]]
    return ", ".join(names) + (f" … ({len(tags)})" if len(tags) > _MOST_NAMED else "")


PROBE = Probe(settings=Settings, measure=measure)

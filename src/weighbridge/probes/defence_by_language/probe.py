"""Joins what is known of the defence in each language with the languages that the model writes or serves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from weighbridge.core.evidence import Basis, Evidence, Failed, Measured, NotMeasured, Outcome, Quantity, not_measured
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.by_language import claimed, largest_first
from weighbridge.probekit.languages import Languages
from weighbridge.probekit.ports import Bench, Probe

DETECTABILITY, COVERAGE, QUALITY = "detectability", "language-coverage", "language-quality"
RATE, AREA, SAVING, SHARE = "tpr-at-fpr-5pct", "auroc-stack", "saving-over-small-model", "language-share"
IDENTIFIED, SMALL = "identified-share", "small-model-bits-per-byte"
_LEAST_BITS = (
    1.0  # per byte for the small model; text that takes it less is of one mould, and no test of a language. Ours
)
_UNKNOWN_AT_MOST = 0.05  # of the outputs, for none in a language to be a finding and no gap. Ours
_MOST_NAMED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """As on the card."""

    found_at_least: float = 0.5


class Ability(StrEnum):
    """Whether the model was measured to write a language."""

    ABLE = "able"
    UNABLE = "unable"
    UNKNOWN = "unknown"


class State(StrEnum):
    """As on the card."""

    DEFENDED = "defended"
    WEAK = "weak"
    UNSETTLED = "unsettled"
    UNTESTED = "untested"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of one language. It follows from this language's own evidence alone."""

    language: str
    ability: Ability
    found: Quantity | None  # share of the model's texts that is found; None: nobody tested it, or on too few texts
    n_tried: int = 0  # texts that a defence was tried on, too few for a share among them

    @property
    def missed(self) -> tuple[float, float, float]:
        """Value, low and high of the share that is missed; anything where nobody tested it."""
        q = self.found
        return (1 - q.value, 1 - q.high, 1 - q.low) if q else (1.0, 0.0, 1.0)

    def state(self, found_at_least: float) -> State:
        """Whether it is defended, in a word."""
        if self.found is None:
            return State.UNTESTED
        if self.found.low > found_at_least:
            return State.DEFENDED
        return State.WEAK if self.found.high <= found_at_least else State.UNSETTLED


def measure(bench: Bench, settings: Settings) -> Outcome:
    """Put the two side by side; nothing is tried anew."""
    bench.progress(0, 1, "languages")
    languages = bench.languages()
    detected = bench.evidence(DETECTABILITY)
    served = claimed(bench.candidate, languages)
    known = joined(detected, bench.evidence(QUALITY), bench.evidence(COVERAGE), served, languages)
    if not known:
        not_measured(
            phrase("it is not said which languages it serves, and no text of it was tested in any"),
            phrase('in weighbridge.toml: languages = ["LANGUAGE"], and language or language_field at role = "outputs"'),
        )
    tags = largest_first(tuple(known), languages)
    quantities = [q for tag in tags for q in _of_language(known[tag])]
    quantities += _counted(list(known.values()), languages, settings.found_at_least)
    notes = _notes([known[tag] for tag in tags], languages, settings.found_at_least)
    notes += [*_silent(detected), *_told_misnamed(detected, bench.evidence(COVERAGE), languages), *languages.notes]
    return Measured(quantities=tuple(quantities), notes=tuple(dict.fromkeys(notes)))


def joined(
    detected: Evidence, quality: Evidence, coverage: Evidence, served: Sequence[str], languages: Languages
) -> dict[str, Known]:
    """What is known of each language that is served, written or tested."""
    rates = _by_language(detected, (RATE,), languages)
    areas = _by_language(detected, (AREA,), languages)
    savings = _by_language(quality, (SAVING,), languages)
    outputs = _by_language(coverage, (SHARE, ("of", "outputs")), languages)
    written = {tag for found in (savings, outputs) for tag, q in found.items() if q.low > 0}
    misnamed = _misnamed({*rates, *areas}, coverage, languages)
    rates, areas = ({tag: q for tag, q in of.items() if tag not in misnamed} for of in (rates, areas))
    surely = _surely_text_of_it(quality, languages)
    able = {*rates, *areas, *written}  # what it writes by its figures, or texts of its own in the language
    made = {}
    for tag in {*served, *able, *misnamed}:
        ability = Ability.ABLE if tag in able else Ability.UNKNOWN
        if tag not in able and tag in savings and savings[tag].high <= 0 and tag in surely:
            ability = Ability.UNABLE
        tried = rates.get(tag, areas.get(tag))
        made[tag] = Known(language=tag, ability=ability, found=rates.get(tag), n_tried=tried.n if tried else 0)
    return made


def _surely_text_of_it(quality: Evidence, languages: Languages) -> frozenset[str]:
    """Languages whose test was one: a program tells most of its texts to be in it, and they are no mere repetition.

    Only there can a model be said not to write the language; elsewhere nobody knows.
    """
    heard, small = (_by_language(quality, (metric,), languages) for metric in (IDENTIFIED, SMALL))
    told = {tag for tag, q in heard.items() if q.low > 0.5}
    return frozenset(tag for tag in told if tag in small and small[tag].value >= _LEAST_BITS)


def _misnamed(tags: Iterable[str], coverage: Evidence, languages: Languages) -> frozenset[str]:
    """Languages in which a defence is said to be tested, though no output at all is told to be in them.

    A test on English texts under another tag tells nothing of that language. Where many outputs could not be told, or
    a language that is there lends the other its name, nobody knows, and the tag is taken as it is.
    """
    outcome = coverage.outcome
    found = outcome.quantities if isinstance(outcome, Measured) else ()
    unknown = [q.high for q in found if q.metric == "unknown-share" and dict(q.by) == {"of": "outputs"}]
    if not unknown or max(unknown) > _UNKNOWN_AT_MOST:
        return frozenset()
    there = {tag for tag, q in _by_language(coverage, (SHARE, ("of", "outputs")), languages).items() if q.value > 0}
    maybe = {tag for name in there for tag in languages.mistaken(name)}
    return frozenset(tag for tag in tags if tag in languages.identifiable and tag not in {*there, *maybe})


def _by_language(
    evidence: Evidence, of: tuple[str, *tuple[tuple[str, str], ...]], languages: Languages
) -> dict[str, Quantity]:
    """A metric that is broken down by language and by no other axis than those that are named, by canonical tag."""
    metric, *axes = of
    outcome = evidence.outcome
    found = {}
    for q in outcome.quantities if isinstance(outcome, Measured) else ():
        spelt = q.at("language")
        is_meant = q.metric == metric and spelt and dict(q.by) == {"language": spelt, **dict(axes)}
        language = languages.find(spelt) if is_meant and spelt else None
        if language is not None:
            found[language.tag] = q
    return found


def _of_language(known: Known) -> Iterable[Quantity]:
    """Its numbers; where it was not measured whether the model writes the language, one number less."""
    value, low, high = known.missed
    q, by = known.found, (("language", known.language),)
    n, n_of, confidence = (q.n, q.n_of, q.confidence) if q else (0, "text", 1.0)
    missed = Quantity(
        metric="missed-share", value=value, low=low, high=high, confidence=confidence, unit="1", n=n, n_of=n_of, by=by,
        basis=q.basis if q else Basis.MEASURED,
    )  # fmt: skip
    yield missed
    match known.ability:
        case Ability.ABLE:
            tests = Quantity(
                metric="defence-tests", value=known.n_tried, low=known.n_tried, high=known.n_tried, confidence=1.0,
                unit="count", n=1, n_of="language", by=by,
            )  # fmt: skip
            yield from (_renamed(missed), tests)
        case Ability.UNABLE:  # exactly none of n = 0: nothing of this kind is there, and no rule is about it
            yield from (_none("missed-share-where-able", "1", by), _none("defence-tests", "count", by))
        case Ability.UNKNOWN:
            return


def _renamed(q: Quantity) -> Quantity:
    return Quantity(
        metric="missed-share-where-able", value=q.value, low=q.low, high=q.high, confidence=q.confidence, unit=q.unit,
        n=q.n, n_of=q.n_of, by=q.by, basis=q.basis,
    )  # fmt: skip


def _none(metric: str, unit: str, by: tuple[tuple[str, str], ...]) -> Quantity:
    return Quantity(metric=metric, value=0, low=0, high=0, confidence=1.0, unit=unit, n=0, n_of="text", by=by)


def _counted(known: Sequence[Known], languages: Languages, found_at_least: float) -> list[Quantity]:
    """Languages and their speakers, by state; speakers are others' estimates."""
    made = []
    for state in State:
        tags = [k.language for k in known if k.state(found_at_least) is state]
        by = (("state", state.value),)
        made.append(
            Quantity(
                metric="languages", value=len(tags), low=len(tags), high=len(tags), confidence=1.0, unit="count",
                n=len(known), n_of="language", by=by,
            )
        )  # fmt: skip
        made += [
            Quantity(
                metric="speakers-share", value=covered.share, low=covered.share, high=covered.share, confidence=1.0,
                unit="1", n=len(tags), n_of="language", by=(*by, ("source", covered.source)), basis=Basis.ASSUMED,
            )
            for covered in languages.coverage(tags)
        ]  # fmt: skip
    return made


def _notes(known: Sequence[Known], languages: Languages, found_at_least: float) -> list[Phrase]:
    """What was not tested first, the largest language first."""

    def named(state: State) -> list[str]:
        return [k.language for k in known if k.state(found_at_least) is state]

    notes = []
    few = [k.language for k in known if k.found is None and k.n_tried]
    if tags := [tag for tag in named(State.UNTESTED) if tag not in few]:
        says = phrase(
            "no defence was tested, the largest first: {languages}. To test one, name 300 texts of people and 300 of "
            "the model in it (role human-text and outputs); nothing follows from its not being tested",
            languages=_listed(tags, languages),
        )
        notes.append(says)
    if few:
        says = phrase(
            "tried on too few texts to say how many are found: {languages}. It takes 300 of each side",
            languages=_listed(few, languages),
        )
        notes.append(says)
    if tags := named(State.WEAK):
        notes.append(phrase("weakly defended: {languages}", languages=_listed(tags, languages)))
    if tags := named(State.UNSETTLED):
        notes.append(phrase("tested, and not settled: {languages}", languages=_listed(tags, languages)))
    if tags := named(State.DEFENDED):
        notes.append(phrase("defended: {languages}", languages=_listed(tags, languages)))
    if unknown := [k.language for k in known if k.ability is Ability.UNKNOWN]:
        says = phrase(
            "whether it writes them was not measured: {languages} (held-out text, or outputs, with their language)",
            languages=_listed(unknown, languages),
        )
        notes.append(says)
    return notes


def _told_misnamed(detected: Evidence, coverage: Evidence, languages: Languages) -> list[Phrase]:
    """Which tests count for nothing, and why."""
    tried = {tag for metric in (RATE, AREA) for tag in _by_language(detected, (metric,), languages)}
    tags = largest_first(tuple(_misnamed(tried, coverage, languages)), languages)
    if not tags:
        return []
    says = phrase(
        "counts as not tested: {languages}. Outputs are declared to be in it and none is told to be "
        "(language-coverage); correct their language, or name texts of it", languages=_listed(tags, languages),
    )  # fmt: skip
    return [says]


def _silent(detected: Evidence) -> list[Phrase]:
    """Why there is no defence at all to be told of."""
    outcome = detected.outcome
    if isinstance(outcome, NotMeasured):
        return [outcome.because, outcome.remedy]
    return [outcome.error] if isinstance(outcome, Failed) else []


def _listed(tags: Sequence[str], languages: Languages) -> str:
    names = [found.name if (found := languages.find(tag)) else tag for tag in tags[:_MOST_NAMED]]
    return ", ".join(names) + (f" … ({len(tags)})" if len(tags) > _MOST_NAMED else "")


PROBE = Probe(settings=Settings, measure=measure)

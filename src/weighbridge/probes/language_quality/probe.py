"""How well the model does in each language, and which of the languages that it serves it was never tried in."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from weighbridge.core.candidate import Role, Subject
from weighbridge.core.evidence import Measured, NotApplicable, NotMeasured, Outcome, Quantity, Silent, not_measured
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.by_language import Survey, claimed, largest_first, shares_of, survey
from weighbridge.probekit.languages import Languages
from weighbridge.probekit.ports import Bench, LanguageModel, Probe
from weighbridge.probekit.record_languages import check_languages
from weighbridge.probekit.served import pass_seconds
from weighbridge.probes.language_quality import foresight, rightness

ROLES = (Role.HELD_OUT, Role.PARALLEL_TEXT, Role.HUMAN_TEXT)
_MOST_NAMED = 12
_CHARACTERS_PER_TOKEN = 3.0  # nominal, ours: it fixes sample sizes, and no text is read for it
_SECONDS_PER_DOCUMENT = 2e-3  # reading, cutting into tokens and back; nominal


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """As on the card."""

    documents_each: int = 200
    least_documents: int = 50
    characters: int = 300
    records: int = 10000


@dataclass(slots=True, kw_only=True)
class _Found:
    """What comes together on the way."""

    tested: dict[str, int] = field(default_factory=dict)  # by language, texts or records that it was tried on
    left: dict[str, Phrase] = field(default_factory=dict)  # by language, why it was not tried or cannot be
    quantities: list[Quantity] = field(default_factory=list)
    notes: list[Phrase] = field(default_factory=list)

    def count(self, language: str, n: int) -> None:
        """Where both a language model and a classifier were tried, the fewer count."""
        self.tested[language] = min(n, self.tested.get(language, n))

    def add(self, other: _Found) -> None:
        """What another part of the model showed, once it was measured to its end."""
        for language, n in other.tested.items():
            self.count(language, n)
        self.left |= other.left
        self.quantities += other.quantities
        self.notes += other.notes


def measure(bench: Bench, settings: Settings) -> Outcome:
    """Try the model on text of each language that there is, and name those that there is none of."""
    found, silent = _Found(), list[NotApplicable | NotMeasured]()
    for subject, run in _RUNS.items():
        try:
            if subject in bench.candidate.subjects:
                found.add(run(bench, settings))
        except Silent as nothing:
            silent.append(nothing.outcome)
    served = claimed(bench.candidate, bench.languages()) if any(isinstance(o, NotMeasured) for o in silent) else ()
    if silent and not found.tested and not served:
        raise Silent(silent[0])
    return _measured(bench, settings, found, silent)


def _measured(
    bench: Bench, settings: Settings, found: _Found, silent: Sequence[NotApplicable | NotMeasured]
) -> Measured:
    """What was found by language, and first of all what was not: a claim for a language counts as not tested."""
    languages = bench.languages()
    listed = largest_first(tuple({*claimed(bench.candidate, languages), *found.tested, *found.left}), languages)
    if not listed:
        not_measured(
            phrase("no language is known of the texts at hand, and none is claimed"),
            phrase('in weighbridge.toml: languages = ["LANGUAGE"], and language = "LANGUAGE" at its held-out data'),
        )
    untested = [tag for tag in listed if not found.tested.get(tag)]
    order = [*untested, *(tag for tag in listed if tag not in untested)]
    notes = [*_told(languages, untested, found, settings), *found.notes, *languages.notes]
    for outcome in silent:
        notes.append(outcome.because)
        notes += [outcome.remedy] if isinstance(outcome, NotMeasured) else []
    counted = [_counted(tag, found.tested.get(tag, 0)) for tag in order]
    return Measured(quantities=(*counted, *found.quantities), notes=tuple(dict.fromkeys(notes)))


def _of_model(bench: Bench, settings: Settings) -> _Found:
    """Bits per byte by language."""
    found = _Found()
    model, languages = bench.language_model(), bench.languages()
    there = survey(bench, ROLES, lambda: bench.progress(0, 1, "documents"))
    served = claimed(bench.candidate, languages)
    if not there.parts:
        not_measured(
            phrase("there is no text to try it on that it was not trained on"),
            phrase(
                'add to weighbridge.toml: [[artefact]] role = "held-out" path = "FILE" language_field = "COLUMN"; or '
                'role = "parallel-text"'
            ),
        )
    available = _enough(there.n, there.languages, served, languages, settings.least_documents)
    tokens = math.ceil(settings.characters / _CHARACTERS_PER_TOKEN)
    affordable = bench.budget.affords(pass_seconds(model, tokens) + _SECONDS_PER_DOCUMENT)
    each = shares_of(affordable, available, least=settings.least_documents, most=settings.documents_each)
    for tag in there.languages:
        found.count(tag, there.n_units(tag))
    for tag in (tag for tag in available if not each[tag]):
        found.count(tag, 0)
        needed = bench.budget.seconds * len(available) * settings.least_documents / max(1, affordable)
        found.left[tag] = _no_time(_name(languages, tag), math.ceil(needed))
    made, heard = _foreseen(bench, model, there, each, settings, found)
    for one in made:
        found.count(one.language, 0 if one.is_lost else one.n_units)
        if one.is_lost:
            found.quantities.append(_untestable(one.language))
            found.left[one.language] = foresight.lost_note(_name(languages, one.language))
    enough = [one for one in made if not one.is_lost and one.n_units >= settings.least_documents]
    for one in enough:
        found.quantities += foresight.quantities(one, comparisons=len(enough))
        found.quantities += foresight.identified(one.language, heard[one.language], comparisons=len(enough))
    found.notes += [*there.notes, *model.notes]
    return found


def _foreseen(
    bench: Bench, model: LanguageModel, there: Survey, each: dict[str, int], settings: Settings, found: _Found
) -> tuple[list[foresight.Foreseen], dict[str, foresight.Told]]:
    """What the model made of each language that is tried, and what its texts are told to be in.

    A language whose texts are not told to be in it is left out.
    """
    tick, languages = _ticker(bench, sum(each.values())), bench.languages()
    made, heard = [], {}
    for sample in there.drawn(each, lambda: tick(0)):
        told = heard[sample.language] = foresight.told(sample, languages)
        if told.is_in_doubt:
            found.count(sample.language, 0)
            name, other = (_name(languages, tag) for tag in (sample.language, told.other))
            found.left[sample.language] = foresight.doubt_note(name, told, other)
        else:
            made.append(foresight.foreseen(model, sample, characters=settings.characters, tick=tick))
    return made, heard


def _of_classifier(bench: Bench, settings: Settings) -> _Found:
    """Accuracy and macro-F1 by language."""
    found = _Found()
    check_languages(bench)
    answered, notes = rightness.answered(bench, records=settings.records)
    enough = [one for one in answered if one.n >= settings.least_documents]
    for one in answered:
        found.count(one.language, one.n)
    for one in enough:
        rng = bench.generator("macro-f1", one.language)
        found.quantities += rightness.quantities(one, comparisons=len(enough), rng=rng)
    found.notes += notes
    return found


def _enough(
    n: Callable[[str], int], there: Sequence[str], served: Sequence[str], languages: Languages, least: int
) -> dict[str, int]:
    """Texts by language where there are enough: those that it serves first, then the largest."""
    order = [*largest_first(served, languages), *largest_first([t for t in there if t not in served], languages)]
    return {tag: n(tag) for tag in order if n(tag) >= least}


def _counted(language: str, n: int) -> Quantity:
    """Counted in this one language; n is never 0, which would say that there is nothing to be tested."""
    return Quantity(
        metric="documents-tested", value=n, low=n, high=n, confidence=1.0, unit="count", n=1, n_of="language",
        by=(("language", language),),
    )  # fmt: skip


def _untestable(language: str) -> Quantity:
    return Quantity(
        metric="untestable-languages", value=1, low=1, high=1, confidence=1.0, unit="count", n=1, n_of="language",
        by=(("language", language),),
    )  # fmt: skip


def _told(languages: Languages, untested: Sequence[str], found: _Found, settings: Settings) -> list[Phrase]:
    """Languages never tested first, the largest first; then those of which there is too little."""
    notes = list(found.left.values())
    silent = [tag for tag in untested if tag not in found.left]
    if silent:
        says = phrase(
            "never tested, the largest first: {languages}. To test one, name text of it that the model was not trained "
            "on: at least {n} documents", languages=_listed(silent, languages), n=settings.least_documents,
        )  # fmt: skip
        notes.insert(0, says)
    few: Mapping[str, int] = {
        tag: n for tag, n in found.tested.items() if 0 < n < settings.least_documents and tag not in found.left
    }
    for tag in largest_first(tuple(few), languages)[:_MOST_NAMED]:
        says = phrase(
            "{language}: {n} documents are too few to say anything; {more} more are needed",
            language=_name(languages, tag), n=few[tag], more=settings.least_documents - few[tag],
        )  # fmt: skip
        notes.append(says)
    return notes


def _no_time(name: str, seconds: int) -> Phrase:
    return phrase(
        "{language} was not tested for want of time: weighbridge weigh DIR --probe language-quality --budget {seconds}",
        language=name, seconds=seconds,
    )  # fmt: skip


def _listed(tags: Sequence[str], languages: Languages) -> str:
    names = [_name(languages, tag) for tag in tags[:_MOST_NAMED]]
    return ", ".join(names) + (f" … ({len(tags)})" if len(tags) > _MOST_NAMED else "")


def _name(languages: Languages, tag: str) -> str:
    found = languages.find(tag)
    return found.name if found else tag


def _ticker(bench: Bench, total: int) -> Callable[[int], None]:
    done = 0

    def tick(n: int) -> None:
        nonlocal done
        done += n
        bench.progress(done, max(1, total), "documents")

    return tick


_RUNS: dict[Subject, Callable[[Bench, Settings], _Found]] = {
    Subject.CAUSAL_LM: _of_model,
    Subject.CLASSIFIER: _of_classifier,
}
PROBE = Probe(settings=Settings, measure=measure)

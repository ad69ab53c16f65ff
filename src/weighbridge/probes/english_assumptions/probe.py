"""What the model loses where text is not as English is: words in another order, other spellings, other words."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from weighbridge.core.candidate import Role, Subject
from weighbridge.core.evidence import Measured, NotApplicable, NotMeasured, Outcome, Quantity, Silent, not_measured
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.by_language import claimed, largest_first, shares_of, survey
from weighbridge.probekit.ports import Bench, Probe
from weighbridge.probekit.served import pass_seconds
from weighbridge.probes.english_assumptions import losses
from weighbridge.probes.english_assumptions.changes import NO_TYPO_MODEL
from weighbridge.probes.english_assumptions.place import ENGLISH, places

ROLES = (Role.HELD_OUT, Role.PARALLEL_TEXT, Role.HUMAN_TEXT)
PREMIUM, QUALITY = "tokenizer-premium", "language-quality"
# What shows that it knows a language, by the figure that says nothing of one which it does not know.
_SHOWN = {
    "order-rise": "saving-over-small-model",
    "spelling-rise": "saving-over-small-model",
    "tokens-per-word": "saving-over-small-model",  # a tokenizer made for English cuts all else into crumbs
    "order-drop": "gain-over-commonest",
    "spelling-drop": "gain-over-commonest",
}
_PASSES = 1 + len(losses.KINDS)
_CHARACTERS_PER_TOKEN = 3.0  # nominal, ours: it fixes sample sizes, and no text is read for it
_SECONDS_PER_DOCUMENT = 4e-3
_MOST_NAMED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """As on the card."""

    documents_each: int = 100
    least_documents: int = 50
    characters: int = 300
    records: int = 10000
    least_languages: int = 5


@dataclass(slots=True, kw_only=True)
class _Found:
    """What comes together on the way."""

    quantities: list[Quantity] = field(default_factory=list)
    notes: list[Phrase] = field(default_factory=list)
    unmodelled: set[str] = field(default_factory=set)  # languages whose misspellings nobody models


def measure(bench: Bench, settings: Settings) -> Outcome:
    """Change the text and see what that costs, language by language; then look where English stands."""
    made, silent = _Found(), list[NotApplicable | NotMeasured]()
    for subject, run in _RUNS.items():
        try:
            if subject in bench.candidate.subjects:
                run(bench, settings, made)
        except Silent as nothing:
            silent.append(nothing.outcome)
    if not made.quantities:
        if silent:
            raise Silent(next((o for o in silent if isinstance(o, NotMeasured)), silent[0]))
        _leave(settings, made.notes)
    read = (*made.quantities, *_premiums(bench))
    found, notes = places(
        read,
        least=settings.least_languages,
        left_out=frozenset(made.unmodelled),
        reads=_reads(bench),
        named=lambda tags: _listed(bench, tags),
    )
    told = [*notes, *_unmodelled(bench, made), *made.notes, *(outcome.because for outcome in silent)]
    return Measured(quantities=(*found, *made.quantities), notes=tuple(dict.fromkeys(told)))


def _premiums(bench: Bench) -> tuple[Quantity, ...]:
    """What the same sentences cost in tokens in each language, as another probe measured it."""
    outcome = bench.evidence(PREMIUM).outcome
    found = outcome.quantities if isinstance(outcome, Measured) else ()
    return tuple(q for q in found if q.metric == "premium")


def _reads(bench: Bench) -> dict[str, frozenset[str]]:
    """By metric, the languages that another probe showed it to know; none where that was not measured."""
    outcome, languages = bench.evidence(QUALITY).outcome, bench.languages()
    made: dict[str, frozenset[str]] = {}
    for metric, shown in _SHOWN.items():
        there = outcome.quantities if isinstance(outcome, Measured) else ()
        found = [languages.find(q.at("language") or "") for q in there if q.metric == shown and q.low > 0]
        made[metric] = frozenset(one.tag for one in found if one)
    return made


def _of_model(bench: Bench, settings: Settings, made: _Found) -> None:
    """The language model: how many more bits."""
    model, languages = bench.language_model(), bench.languages()
    there = survey(bench, ROLES, lambda: bench.progress(0, 1, "documents"))
    served = claimed(bench.candidate, languages)
    order = [tag for tag in (ENGLISH,) if tag in there.languages]  # without it no other has a place beside it
    order += [tag for tag in largest_first(served, languages) if tag not in order]
    order += [tag for tag in largest_first(there.languages, languages) if tag not in order]
    available = {tag: there.n(tag) for tag in order if there.n(tag) >= settings.least_documents}
    if not available:
        _leave(settings, there.notes)
    tokens = math.ceil(settings.characters / _CHARACTERS_PER_TOKEN)
    affordable = bench.budget.affords(_PASSES * pass_seconds(model, tokens) + _SECONDS_PER_DOCUMENT)
    each = shares_of(affordable, available, least=settings.least_documents, most=settings.documents_each)
    done, total = 0, _PASSES * sum(each.values())

    def tick(n: int) -> None:
        nonlocal done
        done += n
        bench.progress(done, max(1, total), "documents")

    found = [
        losses.lost(bench, model, sample, characters=settings.characters, tick=tick)
        for sample in there.drawn(each, lambda: tick(0))
    ]
    enough = [one for one in found if one.because is None and one.n_units >= settings.least_documents]
    for one in enough:
        made.quantities += losses.of_model(one, comparisons=len(enough))
        if one.script in NO_TYPO_MODEL:
            made.unmodelled.add(one.language)
    made.notes += [*(_apart(bench, one) for one in found if one.because), *there.notes, *model.notes]
    if late := [tag for tag, n in each.items() if not n]:
        needed = bench.budget.seconds * len(available) * settings.least_documents / max(1, affordable)
        made.notes.append(_no_time(_listed(bench, late), math.ceil(needed)))


def _of_classifier(bench: Bench, settings: Settings, made: _Found) -> None:
    """The classifier: how much less often it is right."""
    found, notes = losses.missed(bench, records=settings.records)
    enough = [one for one in found if len(one.before) >= settings.least_documents]
    for one in enough:
        made.quantities += losses.of_classifier(one, comparisons=len(enough))
        if one.script in NO_TYPO_MODEL:
            made.unmodelled.add(one.language)
    made.notes += notes


def _leave(settings: Settings, notes: Sequence[Phrase]) -> None:
    """No language with enough text whose words are told apart by spaces."""
    said = "; ".join(str(note) for note in notes[:3])
    not_measured(
        phrase("there is no language with {n} texts that it was not trained on{said}",
               n=settings.least_documents, said=f" ({said})" if said else ""),
        phrase('add to weighbridge.toml: [[artefact]] role = "held-out" path = "FILE" language_field = "COLUMN"; or '
               'role = "parallel-text"'),
    )  # fmt: skip


def _apart(bench: Bench, one: losses.Lost) -> Phrase:
    return phrase(
        "{language} is left out: {because}", language=_listed(bench, [one.language]), because=str(one.because)
    )


def _no_time(names: str, seconds: int) -> Phrase:
    return phrase(
        "not tried for want of time: {languages}; weighbridge weigh DIR --probe english-assumptions --budget {seconds}",
        languages=names, seconds=seconds,
    )  # fmt: skip


def _unmodelled(bench: Bench, made: _Found) -> list[Phrase]:
    if not made.unmodelled:
        return []
    says = phrase(
        "in {languages} whole syllables changed places, which is not how people misspell there: their figures for "
        "spelling say little, and English is not compared with them by it",
        languages=_listed(bench, sorted(made.unmodelled)),
    )
    return [says]


def _listed(bench: Bench, tags: Sequence[str]) -> str:
    languages = bench.languages()
    names = [found.name if (found := languages.find(tag)) else tag for tag in tags[:_MOST_NAMED]]
    return ", ".join(names) + (f" … ({len(tags)})" if len(tags) > _MOST_NAMED else "")


_RUNS: dict[Subject, Callable[[Bench, Settings, _Found], None]] = {
    Subject.CAUSAL_LM: _of_model,
    Subject.CLASSIFIER: _of_classifier,
}
PROBE = Probe(settings=Settings, measure=measure)

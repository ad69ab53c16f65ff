"""Whether something sensitive can be told from what is released, although it is not said there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from weighbridge.core.candidate import Subject
from weighbridge.core.evidence import Measured, NotApplicable, NotMeasured, Outcome, Quantity, Silent, not_measured
from weighbridge.core.wording import Phrase, phrase
from weighbridge.maths.proportions import Interval, corrected, largest
from weighbridge.probekit.ports import Bench, Probe, Table
from weighbridge.probekit.studies import released
from weighbridge.probes.implicit_attributes import notes
from weighbridge.probes.implicit_attributes.sources import (
    Limits,
    declared,
    every,
    of_classifier,
    of_language_model,
    of_table,
)
from weighbridge.probes.implicit_attributes.telling import Answer, Case, tell

_CONFIDENCE = 0.95
# Nominal cost of a cell each time a column is learnt, from which sample sizes follow: 5000 rows of 20 columns were
# measured to take the learner 2 s of one core where the column has two values, and 7 s where it has ten.
_SECONDS_PER_CELL = 4e-5
_LEAST_COLUMNS = 5
_TIMES = 3  # a column is learnt from its source, from what is known anyway, and shuffled

_Found = tuple[tuple[Case, ...], tuple[Phrase, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """As on the card."""

    records: int = 5000
    most_values: int = 10
    least: int = 20
    most_numbers: int = 1024
    window_tokens: int = 64
    folds: int = 5


def measure(bench: Bench, settings: Settings) -> Outcome:
    """Learn every declared sensitive column from whatever goes out beside it."""
    tables, subjects = released(bench), bench.candidate.subjects
    limits = _limits(bench, settings, tables)
    cases = [case for table in tables for case in of_table(bench, table, limits)]
    said: list[Phrase] = []
    silent: list[Silent] = []
    for subject, look in ((Subject.CLASSIFIER, of_classifier), (Subject.CAUSAL_LM, of_language_model)):
        if subject in subjects:
            made, told = _looked(lambda look=look: look(bench, limits), silent)  # type: ignore[misc]  # bound at once
            cases += made
            said += told
    if not cases:
        return _nothing(bench, tables, silent)
    said += [notes.not_looked(one.outcome) for one in silent]
    said += [note for table in tables for note in notes.on_table(table, declared(table)[1])]
    return _told(bench, settings, cases, said)


def _told(bench: Bench, settings: Settings, cases: Sequence[Case], said: Sequence[Phrase]) -> Measured:
    values = [case.tellable(settings.least) for case in cases]
    confidence = corrected(_CONFIDENCE, sum(map(len, values)))
    answers = [
        tell(case, wanted, bench, folds=settings.folds, confidence=confidence)
        for case, wanted in zip(cases, values, strict=True)
        if wanted
    ]
    untold = [case for case, wanted in zip(cases, values, strict=True) if not wanted]
    found: list[Quantity] = []
    for key in sorted({case.key for case in cases}):
        of_key = [answer for answer in answers if answer.case.key == key]
        found += _quantities(of_key, [case for case in untold if case.key == key], confidence)
    found += _worst(found)
    on_cases = [note for case, wanted in zip(cases, values, strict=True) for note in notes.on_case(case, wanted)]
    on_answers = [note for answer in answers for note in notes.on_answer(answer)]
    return Measured(quantities=tuple(found), notes=(*said, *on_cases, *on_answers))


def _quantities(answers: Sequence[Answer], untold: Sequence[Case], confidence: float) -> list[Quantity]:
    """The worst of all places where a column is told from a source; open where in one of them nobody could look."""
    some = answers[0].case if answers else untold[0]
    by = (("source", some.source), ("column", some.column))
    worst = max(answers, key=lambda answer: answer.area.value, default=None)
    n = worst.n if worst else 0
    is_open = any(not (case.is_all and case.labels.n_values <= 1) for case in untold)

    def quantity(metric: str, got: Interval, least: float, most: float) -> Quantity:
        low, high = (got.low, most) if is_open and answers else (least, most) if is_open else (got.low, got.high)
        sure = confidence if answers or is_open else 1.0
        return Quantity(
            metric=metric, value=got.value, low=low, high=high, confidence=sure, unit="1", n=n, n_of=some.n_of, by=by
        )

    areas = [answer.area for answer in answers] or [Interval(0.5, 0.5, 0.5)]
    lifts = [answer.lift for answer in answers] or [Interval(0.0, 0.0, 0.0)]
    made = [quantity("inferable-auc", largest(areas), 0.0, 1.0), quantity("inferable-lift", largest(lifts), -1.0, 1.0)]
    if worst is None:
        return made
    shuffled = worst.permuted
    last = Quantity(
        metric="shuffled-auc", value=shuffled.value, low=shuffled.low, high=shuffled.high, confidence=confidence,
        unit="1", n=n, n_of=some.n_of, by=by,
    )  # fmt: skip
    return [*made, last]


def _worst(found: Sequence[Quantity]) -> list[Quantity]:
    """The largest lift over columns and sources: intervals that hold together bound the largest of what they bound."""
    lifts = [q for q in found if q.metric == "inferable-lift"]
    if not lifts:
        return []
    most = max(lifts, key=lambda q: q.value)
    sure = 1.0 if all(q.confidence == 1 for q in lifts) else _CONFIDENCE
    low, high = max(q.low for q in lifts), max(q.high for q in lifts)
    worst = replace(
        most, metric="worst-inferable-lift", low=low, high=high, by=(), n=min(q.n for q in lifts), confidence=sure
    )
    return [worst]


def _limits(bench: Bench, settings: Settings, tables: Sequence[Table]) -> Limits:
    """How many records the time allowed affords, by the columns there are and those declared sensitive."""
    sensitive = sum(len(declared(table)[0]) for table in tables) + 1
    width = max([_LEAST_COLUMNS, *(len(table.columns) for table in tables)])
    each = _SECONDS_PER_CELL * width * sensitive * _TIMES
    n = min(settings.records, bench.budget.affords(each))
    least = 2 * settings.least
    if n < least:
        not_measured(
            phrase("the time allowed reaches for {n} records, and {least} are the least", n=n, least=least),
            phrase("allow more time: --budget {seconds}", seconds=round(each * least) + 1),
        )
    return Limits(
        records=n, most_values=settings.most_values, most_numbers=settings.most_numbers,
        window_tokens=settings.window_tokens,
    )  # fmt: skip


def _looked(look: Callable[[], _Found], silent: list[Silent]) -> _Found:
    """What a source gives; why it gives nothing is kept, as another may give something."""
    try:
        return look()
    except Silent as found:
        silent.append(found)
        return (), ()


def _nothing(bench: Bench, tables: Sequence[Table], silent: Sequence[Silent]) -> Outcome:
    """Why there is nothing to be told."""
    subjects = bench.candidate.subjects
    if silent:
        return silent[0].outcome
    if not tables and Subject.CLASSIFIER not in subjects and Subject.CAUSAL_LM not in subjects:
        return NotApplicable(because=phrase("no table is to be released; those that are there serve as evidence only"))
    unknown = [(table.label, name) for table in every(bench) for name in declared(table)[1]]
    if unknown:
        return NotMeasured(
            because=phrase("{label} has no column named {name}", label=unknown[0][0], name=unknown[0][1]),
            remedy=phrase(
                "mend it in weighbridge.toml, at the artefact {label}: sensitive = [...]", label=unknown[0][0]
            ),
        )
    return notes.undeclared(every(bench))


PROBE = Probe(settings=Settings, measure=measure)

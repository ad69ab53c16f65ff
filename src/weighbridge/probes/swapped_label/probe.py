"""How well the answers of a classifier tell another label than its own, by the best of its classes for each value."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from weighbridge.core.candidate import Role
from weighbridge.core.evidence import Measured, Outcome, Quantity, Silent, not_measured
from weighbridge.core.wording import phrase
from weighbridge.maths.proportions import Interval, corrected
from weighbridge.maths.separation import FoldScores, separation
from weighbridge.probekit.ports import Bench, Examples, Floats, Ints, Probe

CONFIDENCE = 0.95
_ROLES = (Role.HELD_OUT, Role.POPULATION)  # rows that the model was not trained on
_MOST_VALUES = 50  # ours: a column with more is no label


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """As on the card."""

    records: int = 5000
    least_each: int = 25


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Half:
    """One half of the records."""

    answers: Floats  # shape (n, classes)
    labels: Ints  # shape (n,)
    persons: Ints


def measure(bench: Bench, settings: Settings) -> Outcome:
    """On one half, find the class that tells each value best; on the other, how well it does."""
    examples = _examples(bench, settings.records)
    labels, left_out, n_values = _other_labels(examples)
    answers = bench.classifier().predict_proba(examples.inputs)
    bench.progress(1, 1, "records")
    is_known = labels >= 0
    halves = _halves(bench, answers[is_known], labels[is_known], examples.persons[is_known])
    other, compared = _told_best(halves, n_values, settings.least_each)
    if other is None:
        not_measured(
            phrase(
                "fewer than {n} records of each half have a value of the other label, or lack it", n=settings.least_each
            ),
            phrase("give more records with the other label: at least {n} of each value", n=4 * settings.least_each),
        )
    own, _ = _told_best(
        _halves(bench, answers, examples.targets, examples.persons), answers.shape[1], settings.least_each
    )
    notes = [phrase("{n} values of the other label were compared", n=compared), *examples.notes]
    rare = _rare(halves, n_values, settings.least_each)
    if rare:
        other = Interval(other.value, other.low, 1.0)  # what the answers tell of these nobody looked at
        notes.append(
            phrase(
                "{n} values of the other label are too rare to compare, with {records} records among them; how well "
                "they are told is not known, so that the upper end is 1",
                n=len(rare), records=sum(rare),
            )
        )  # fmt: skip
    if left_out:
        notes.append(phrase("{n} records without the other label were left out", n=left_out))
    quantities = [_quantity("other-use-auc", other, int(is_known.sum()))]
    quantities += [_quantity("own-use-auc", own, examples.n)] if own else []
    return Measured(quantities=tuple(quantities), notes=tuple(notes))


def _examples(bench: Bench, n: int) -> Examples:
    """Rows with another label: held-out ones before those of the population."""
    for role in filter(bench.has, _ROLES):
        with suppress(Silent):  # rows without a target, or none at all, are no rows with another label either
            found = bench.examples(role, n)
            if found.declared.other_label:
                return found
    return not_measured(
        phrase("no column says what somebody else would read the answers as"),
        phrase('where you have such rows: [[artefact]] role = "held-out", other_label = "COLUMN" in weighbridge.toml'),
    )


def _other_labels(examples: Examples) -> tuple[Ints, int, int]:
    """The other label of each row as a number, -1 where it has none; how many have none; how many values there are."""
    name = examples.declared.other_label
    if name not in examples.beside.column_names:
        not_measured(
            phrase("the column of the other label is none that stands beside the inputs of the classifier"),
            phrase("name another column: other_label, at its [[artefact]] in weighbridge.toml"),
        )
    column = examples.beside.column(name)
    values = (column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column).cast(pa.string())
    codes = values.dictionary_encode()
    n_values = len(codes.dictionary)
    if not 2 <= n_values <= _MOST_VALUES:
        not_measured(
            phrase(
                "the column of the other label has {n} values; a label has 2 to {most}", n=n_values, most=_MOST_VALUES
            ),
            phrase("name another column: other_label, at its [[artefact]] in weighbridge.toml"),
        )
    numbers = np.asarray(codes.indices.fill_null(-1), dtype=np.int64)
    return numbers, int((numbers < 0).sum()), n_values


def _halves(bench: Bench, answers: Floats, labels: Ints, persons: Ints) -> tuple[_Half, _Half]:
    """Dealt out by person, so that nobody helps to choose and to judge."""
    who, person = np.unique(persons, return_inverse=True)
    is_first = np.zeros(len(who), dtype=bool)
    is_first[bench.generator("halves").permutation(len(who))[: len(who) // 2]] = True
    chosen = is_first[person.ravel()]
    first, second = (
        _Half(answers=answers[side], labels=labels[side], persons=persons[side]) for side in (chosen, ~chosen)
    )
    return first, second


def _told_best(halves: tuple[_Half, _Half], n_values: int, least: int) -> tuple[Interval | None, int]:
    """The interval of the largest area over the values, and how many were compared; None where none could be.

    Each value has an interval of its own, corrected for the number of values. The largest of the true areas lies
    between the largest lower and the largest upper end.
    """
    chosen, judged = halves
    values = [v for v in range(n_values) if all(_has_enough(half, v, least) for half in halves)]
    if not values:
        return None, 0
    told = []
    for value in values:
        way = _best_class(chosen, value)
        told.append(_area(judged, value, way, corrected(CONFIDENCE, len(values))))
    return Interval(*(max(getattr(t, end) for t in told) for end in ("value", "low", "high"))), len(values)


def _rare(halves: tuple[_Half, _Half], n_values: int, least: int) -> list[int]:
    """How many records have each value that is too rare to compare."""
    return [
        sum(int((half.labels == value).sum()) for half in halves)
        for value in range(n_values)
        if not all(_has_enough(half, value, least) for half in halves)
    ]


def _has_enough(half: _Half, value: int, least: int) -> bool:
    n = int((half.labels == value).sum())
    return n >= least and len(half.labels) - n >= least


def _best_class(half: _Half, value: int) -> tuple[int, float]:
    """The class whose probability tells the value best, and in which direction."""
    areas = [_area(half, value, (c, 1.0), CONFIDENCE).value for c in range(half.answers.shape[1])]
    best = int(np.argmax(np.abs(np.asarray(areas) - 0.5)))
    return best, 1.0 if areas[best] >= 0.5 else -1.0


def _area(half: _Half, value: int, way: tuple[int, float], confidence: float) -> Interval:
    which, direction = way
    scored = FoldScores(
        scores=direction * half.answers[:, which], is_positive=half.labels == value,
        fold=np.zeros(len(half.labels), dtype=np.int64), groups=half.persons,
    )  # fmt: skip
    return separation(scored, confidence)


def _quantity(metric: str, found: Interval, n: int) -> Quantity:
    return Quantity(
        metric=metric, value=found.value, low=found.low, high=found.high, confidence=CONFIDENCE, unit="1", n=n,
        n_of="record",
    )  # fmt: skip


PROBE = Probe(settings=Settings, measure=measure)

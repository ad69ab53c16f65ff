"""How often a classifier is right, language by language."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from weighbridge.core.candidate import Role
from weighbridge.core.evidence import Quantity
from weighbridge.core.wording import Phrase, phrase
from weighbridge.maths.agreement import macro_f1
from weighbridge.maths.proportions import clopper_pearson, corrected
from weighbridge.maths.ratios import paired_drop
from weighbridge.probekit.languages import UNKNOWN
from weighbridge.probekit.ports import Bench, Classifier, Examples, Ints
from weighbridge.probekit.record_languages import tags_of

CONFIDENCE = 0.95
_AT_ONCE = 2048


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answered:
    """The records of one language, one of each person, with what the classifier said."""

    language: str
    targets: Ints
    answers: Ints
    n_classes: int

    @property
    def n(self) -> int:
        """How many records."""
        return len(self.targets)


def answered(bench: Bench, *, records: int) -> tuple[tuple[Answered, ...], tuple[Phrase, ...]]:
    """Ask the classifier about records that it was not trained on; those of each language, and notes.

    Raises
    ------
    Silent
        Where its records are in no language, or nobody said in which.
    """
    classifier = bench.classifier()
    examples = bench.examples(Role.HELD_OUT, records)
    tags, notes = tags_of(bench, examples)
    said = _answers(bench, classifier, examples)
    found, n_again = [], 0
    for tag in np.unique(tags[tags != UNKNOWN].astype(str)).tolist():
        rows = np.flatnonzero(tags == tag)
        _, first = np.unique(examples.persons[rows], return_index=True)
        n_again += len(rows) - len(first)
        rows = rows[np.sort(first)]
        made = Answered(
            language=tag, targets=examples.targets[rows], answers=said[rows], n_classes=len(classifier.classes)
        )
        found.append(made)
    unknown = int((tags == UNKNOWN).sum())
    if unknown:
        notes.append(phrase("of {n} records it is not known in which language they are", n=unknown))
    if n_again:
        notes.append(phrase("{n} records of persons who have another one in the language were left out", n=n_again))
    return tuple(found), (*classifier.notes, *examples.notes, *notes)


def quantities(found: Answered, *, comparisons: int, rng: np.random.Generator) -> tuple[Quantity, ...]:
    """Accuracy, macro-F1 and the gain over always guessing the commonest class."""
    confidence = corrected(CONFIDENCE, comparisons)
    right = found.targets == found.answers
    commonest = found.targets == np.bincount(found.targets).argmax()
    accuracy = clopper_pearson(int(right.sum()), found.n, confidence=confidence)
    f1 = macro_f1(found.targets, found.answers, n_classes=found.n_classes, rng=rng, confidence=confidence)
    gain = paired_drop(right, commonest, confidence=confidence)
    return tuple(
        Quantity(
            metric=metric, value=made.value, low=made.low, high=made.high, confidence=confidence, unit="1", n=found.n,
            n_of="record", by=(("language", found.language),),
        )
        for metric, made in (("accuracy", accuracy), ("macro-f1", f1), ("gain-over-commonest", gain))
    )  # fmt: skip


def _answers(bench: Bench, classifier: Classifier, examples: Examples) -> Ints:
    """The likeliest class of each record."""
    parts = [np.zeros(0, dtype=np.int64)]
    for start in range(0, examples.n, _AT_ONCE):
        part = examples.inputs.slice(start, _AT_ONCE)
        parts.append(classifier.predict_proba(part).argmax(axis=1).astype(np.int64))
        bench.progress(min(start + _AT_ONCE, examples.n), examples.n, "records")
    return np.concatenate(parts)

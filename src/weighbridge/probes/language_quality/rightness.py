"""How often a classifier is right, language by language."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from weighbridge.core.candidate import Declared, Role
from weighbridge.core.evidence import Quantity, Silent, not_applicable, not_measured
from weighbridge.core.wording import Phrase, phrase
from weighbridge.maths.agreement import macro_f1
from weighbridge.maths.proportions import clopper_pearson, corrected
from weighbridge.maths.ratios import paired_drop
from weighbridge.probekit.labelled import Strings
from weighbridge.probekit.languages import UNKNOWN
from weighbridge.probekit.ports import Bench, Classifier, Examples, Ints

CONFIDENCE = 0.95
_AT_ONCE = 2048
_REMEDY = 'at the held-out data in weighbridge.toml: language_field = "COLUMN", or language = "LANGUAGE"'


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
    tags, notes = _tags(bench, examples)
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


def check_languages(bench: Bench) -> None:
    """Leave where the records are in no language: neither one text each, nor declared to be in one."""
    classifier = bench.classifier()
    said = [a.declared for a in bench.candidate.artefacts]
    if classifier.n_inputs == 1 or any(d.language or d.language_field for d in said):
        return
    _leave(bench)


def _leave(bench: Bench) -> None:
    """Nothing says in which language the records are: a fault where a claim does, else no fault."""
    if bench.candidate.claims.languages:
        says = phrase("it is claimed for languages, and nobody said in which language its records are")
        not_measured(says, phrase(_REMEDY))
    not_applicable(phrase("the classifier takes no text, and its records are declared to be in no language"))


def _tags(bench: Bench, examples: Examples) -> tuple[Strings, list[Phrase]]:
    """The canonical tag of each record, UNKNOWN where there is none."""
    declared = {a.label: a.declared for a in bench.candidate.of_role(Role.HELD_OUT)}
    labels, languages = np.asarray(examples.labels, dtype=object), bench.languages()
    spelt = np.full(examples.n, UNKNOWN, dtype=object)
    for label in np.unique(labels.astype(str)).tolist():
        here = labels == label
        spelt[here] = _spelt(examples, declared.get(label, examples.declared))[here]
    tags, n_wrong = np.full(examples.n, UNKNOWN, dtype=object), 0
    for name in np.unique(spelt.astype(str)).tolist():
        found = languages.find(name) if name else None
        tags[spelt == name] = found.tag if found else UNKNOWN
        n_wrong += 0 if found or not name else int((spelt == name).sum())
    notes = [phrase("{n} records bear a tag that is no language's", n=n_wrong)] if n_wrong else []
    bare = np.flatnonzero(spelt == UNKNOWN)
    if len(bare) and _is_text(examples.inputs):
        try:
            heard = languages.identify(examples.inputs.column(0).take(pa.array(bare)).fill_null("").to_pylist())
            tags[bare] = [one.language for one in heard]
            notes.append(phrase("the language of {n} records was not declared, and was identified", n=len(bare)))
        except Silent as silent:
            notes.append(silent.outcome.because)
    elif len(bare) == examples.n:
        _leave(bench)
    return tags, notes


def _spelt(examples: Examples, declared: Declared) -> Strings:
    """The tag that is declared of each record, as it is spelt."""
    whole = np.full(examples.n, declared.language or UNKNOWN, dtype=object)
    if not declared.language_field:
        return whole
    for table in (examples.beside, examples.inputs):
        if declared.language_field in table.column_names:
            column = table.column(declared.language_field).cast(pa.string()).fill_null("").to_pylist()
            return np.asarray([tag.strip() or all_ for tag, all_ in zip(column, whole, strict=True)], dtype=object)
    return whole


def _is_text(inputs: pa.Table) -> bool:
    kind = inputs.schema.types[0] if inputs.num_columns == 1 else pa.null()
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _answers(bench: Bench, classifier: Classifier, examples: Examples) -> Ints:
    """The likeliest class of each record."""
    parts = [np.zeros(0, dtype=np.int64)]
    for start in range(0, examples.n, _AT_ONCE):
        part = examples.inputs.slice(start, _AT_ONCE)
        parts.append(classifier.predict_proba(part).argmax(axis=1).astype(np.int64))
        bench.progress(min(start + _AT_ONCE, examples.n), examples.n, "records")
    return np.concatenate(parts)

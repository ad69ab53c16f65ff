"""What a language model, or a classifier, loses where words are moved or misspelt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from weighbridge.core.candidate import Role
from weighbridge.core.evidence import Quantity, not_applicable
from weighbridge.core.wording import Phrase, phrase
from weighbridge.maths.proportions import Interval, corrected
from weighbridge.maths.ratios import paired_drop, ratio_of_sums
from weighbridge.probekit.by_language import Sample
from weighbridge.probekit.languages import UNKNOWN
from weighbridge.probekit.likelihood import are_kept, cut_to_fit, likelihood
from weighbridge.probekit.ports import Bench, Bools, Classifier, Examples, Floats, Ints, LanguageModel
from weighbridge.probekit.record_languages import check_languages, tags_of
from weighbridge.probekit.scripts import n_letters
from weighbridge.probes.english_assumptions.changes import WINDOW, has_words, main_script, misspelt, plain, shuffled

CONFIDENCE = 0.95
SENTENCE, THREES = "sentence", "threes"
SPELLING = "spelling"
KINDS = (SENTENCE, THREES, SPELLING)
_FILLED = 0.75  # of the context: misspelt words take more tokens; ours
_LOST_AT_MOST = 0.05
_LEAST_WORDS = 3.0  # on average, in a column that is text
_AT_ONCE = 2048

Change = Callable[[str, np.random.Generator], str]
CHANGES: dict[str, Change] = {
    SENTENCE: shuffled,
    THREES: lambda text, rng: shuffled(text, rng, window=WINDOW),
    SPELLING: misspelt,
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lost:
    """Of one language, by kind of change; arrays have shape (n,)."""

    language: str
    script: str
    units: Ints
    before: Floats  # nats of the text as it is
    rises: dict[str, Floats]  # nats more than before
    words: Floats
    tokens: Floats
    characters: Floats
    because: Phrase | None = None  # why it could not be measured

    @property
    def n_units(self) -> int:
        """Independent sources."""
        return len(np.unique(self.units))


def lost(bench: Bench, model: LanguageModel, sample: Sample, *, characters: int, tick: Callable[[int], None]) -> Lost:
    """Score the texts of one language as they are and changed, each with itself."""
    texts = [plain(text) for text in cut_to_fit(model, sample.texts, characters=characters, filled=_FILLED)]
    script = main_script(" ".join(texts))
    kept, spaced = (
        are_kept(model, texts),
        np.asarray([has_words(text) and n_letters(text) > 0 for text in texts], dtype=bool),
    )
    if 2 * int(spaced.sum()) < len(texts):
        says = phrase("there are no spaces between words in it, so that there are no words to move or to count")
        return _nothing(sample.language, script, says)
    if int((~kept).sum()) > _LOST_AT_MOST * len(texts):
        return _nothing(sample.language, script, phrase("the tokenizer changes or drops its text"))
    rng = bench.generator("changes", sample.language)
    base = likelihood(model, texts, tick)
    rises, is_scored = {}, base.is_scored & kept & spaced & (base.nats > 0)
    for kind, change in CHANGES.items():
        made = likelihood(model, [change(text, rng) for text in texts], tick)
        rises[kind] = made.nats - base.nats
        is_scored &= made.is_scored
    rows = np.flatnonzero(is_scored)
    counts = [np.asarray([float(count(text)) for text in texts])[rows] for count in (_n_words, _n_word_characters)]
    return Lost(
        language=sample.language, script=script, units=sample.units[rows], before=base.nats[rows],
        rises={kind: rise[rows] for kind, rise in rises.items()}, words=counts[0],
        tokens=base.n_tokens[rows].astype(np.float64), characters=counts[1],
    )  # fmt: skip


def of_model(found: Lost, *, comparisons: int) -> tuple[Quantity, ...]:
    """Rises as parts of what the text needs as it is; tokens and characters of a word."""
    confidence, by = corrected(CONFIDENCE, comparisons), (("language", found.language),)
    ratios = [
        ("order-rise", "1", found.rises[SENTENCE], found.before, (*by, ("shuffle", SENTENCE))),
        ("order-rise", "1", found.rises[THREES], found.before, (*by, ("shuffle", THREES))),
        ("spelling-rise", "1", found.rises[SPELLING], found.before, by),
        ("tokens-per-word", "tokens", found.tokens, found.words, by),
        ("characters-per-word", "characters", found.characters, found.words, by),
    ]
    return tuple(
        _quantity(metric, unit, ratio_of_sums(above, below, units=found.units, confidence=confidence),
                  confidence=confidence, n=found.n_units, by=at)
        for metric, unit, above, below, at in ratios
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Missed:
    """Of one language: whether the classifier was right, as the text is and changed; arrays have shape (n,)."""

    language: str
    script: str
    before: Bools
    after: dict[str, Bools]


def missed(bench: Bench, *, records: int) -> tuple[tuple[Missed, ...], tuple[Phrase, ...]]:
    """Ask the classifier about records as they are and changed, one of each person in a language.

    Raises
    ------
    Silent
        Where it takes no text, or nobody said in which language.
    """
    check_languages(bench)
    classifier = bench.classifier()
    examples = bench.examples(Role.HELD_OUT, records)
    columns = _text_columns(examples.inputs)
    if not columns:
        not_applicable(phrase("the classifier takes no text of several words"))
    tags, notes = tags_of(bench, examples)
    right = {"": _right(bench, classifier, examples, examples.inputs)}
    for kind, change in CHANGES.items():
        right[kind] = _right(bench, classifier, examples, _changed(bench, examples.inputs, columns, kind, change))
    texts = np.asarray(examples.inputs.column(columns[0]).cast(pa.string()).fill_null("").to_pylist(), dtype=object)
    found = []
    for tag in np.unique(tags[tags != UNKNOWN].astype(str)).tolist():
        rows = np.flatnonzero(tags == tag)
        rows = rows[np.sort(np.unique(examples.persons[rows], return_index=True)[1])]
        rows = rows[[has_words(text) for text in texts[rows]]]
        if len(rows):
            script = main_script(" ".join(texts[rows]))
            after = {kind: right[kind][rows] for kind in KINDS}
            found.append(Missed(language=tag, script=script, before=right[""][rows], after=after))
    return tuple(found), (*classifier.notes, *examples.notes, *notes)


def of_classifier(found: Missed, *, comparisons: int) -> tuple[Quantity, ...]:
    """How much less often it is right."""
    confidence, by = corrected(CONFIDENCE, comparisons), (("language", found.language),)
    drops = [
        ("order-drop", SENTENCE, (*by, ("shuffle", SENTENCE))),
        ("order-drop", THREES, (*by, ("shuffle", THREES))),
        ("spelling-drop", SPELLING, by),
    ]
    return tuple(
        _quantity(metric, "1", paired_drop(found.before, found.after[kind], confidence=confidence),
                  confidence=confidence, n=len(found.before), by=at)
        for metric, kind, at in drops
    )  # fmt: skip


def _quantity(
    metric: str, unit: str, made: Interval, *, confidence: float, n: int, by: tuple[tuple[str, str], ...]
) -> Quantity:
    return Quantity(
        metric=metric, value=made.value, low=made.low, high=made.high, confidence=confidence, unit=unit, n=n,
        n_of="document", by=by,
    )  # fmt: skip


def _nothing(language: str, script: str, because: Phrase) -> Lost:
    none = np.zeros(0)
    return Lost(
        language=language, script=script, units=none.astype(np.int64), before=none, rises={}, words=none, tokens=none,
        characters=none, because=because,
    )  # fmt: skip


def _n_words(text: str) -> int:
    return len(text.split())


def _n_word_characters(text: str) -> int:
    return sum(map(len, text.split()))


def _text_columns(inputs: pa.Table) -> list[str]:
    """Columns whose cells have several words."""
    found = []
    for name in inputs.column_names:
        column = inputs.column(name)
        if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)) or not len(column):
            continue
        words = pc.list_value_length(pc.utf8_split_whitespace(pc.utf8_trim_whitespace(column.fill_null(""))))
        if (pc.mean(words).as_py() or 0.0) >= _LEAST_WORDS:
            found.append(name)
    return found


def _changed(bench: Bench, inputs: pa.Table, columns: Sequence[str], kind: str, change: Change) -> pa.Table:
    rng = bench.generator("changes", kind)
    for name in columns:
        place = inputs.column_names.index(name)
        cells = [None if text is None else change(text, rng) for text in inputs.column(name).to_pylist()]
        inputs = inputs.set_column(place, name, pa.array(cells, inputs.schema.field(place).type))
    return inputs


def _right(bench: Bench, classifier: Classifier, examples: Examples, inputs: pa.Table) -> Bools:
    parts = [np.zeros(0, dtype=bool)]
    for start in range(0, examples.n, _AT_ONCE):
        said = classifier.predict_proba(inputs.slice(start, _AT_ONCE)).argmax(axis=1)
        parts.append(said == examples.targets[start : start + _AT_ONCE])
        bench.progress(min(start + _AT_ONCE, examples.n), examples.n, "records")
    return np.concatenate(parts)

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from weighbridge.core.candidate import Artefact, Belonging, Candidate, Declared, Role, Subject
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.evidence import Measured, NotApplicable, NotMeasured, Outcome, Quantity, Silent, not_measured
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.bench import FixedBudget, MemoryBench, MemoryTable
from weighbridge.probekit.ports import (
    Decoding,
    Examples,
    Floats,
    Ints,
    LanguageModel,
    Recipe,
    Scores,
    Signal,
    Structure,
)
from weighbridge.probes.implicit_attributes.probe import PROBE, Settings
from weighbridge.probes.implicit_attributes.sources import groups_of

N = 240
RNG = np.random.default_rng(0)
HALF = np.arange(N) % 2
FAITHS = ["zoro" if each else "mazda" for each in HALF]  # no word of ours: a value must never be said


def _table(columns: Mapping[str, Any], *, label: str = "people.csv", **said: Any) -> MemoryTable:
    return MemoryTable(columns, label=label, declared=Declared(**{"sensitive": ("faith",), **said}))


def _bench(
    *tables: MemoryTable, belongs: Belonging = Belonging.DATA, subjects: tuple[Subject, ...] = ()
) -> MemoryBench:
    artefacts = tuple(
        Artefact(role=Role.DATA, label=table.label, digest=digest_of_bytes(table.label.encode()), size_bytes=1,
                 format="csv", belongs=belongs, declared=table.declared)
        for table in tables
    )  # fmt: skip
    given = subjects or (Subject.TABLE,)
    return MemoryBench(
        candidate=Candidate(name="toy", version="1", artefacts=artefacts, subjects=given),
        tables_by_role={Role.DATA: tables} if tables else {},
    )


def _measure(bench: MemoryBench, **settings: Any) -> Outcome:
    try:
        return PROBE.measure(bench, Settings(folds=3, **settings))
    except Silent as silent:
        return silent.outcome


def _measured(bench: MemoryBench, **settings: Any) -> Measured:
    outcome = _measure(bench, **settings)
    assert isinstance(outcome, Measured), outcome
    return outcome


def _of(outcome: Measured, metric: str, source: str = "columns", column: str = "faith") -> Quantity:
    (found,) = (q for q in outcome.quantities if (q.metric, q.at("source"), q.at("column")) == (metric, source, column))
    return found


def _said(outcome: Outcome) -> str:
    match outcome:
        case Measured():
            return "\n".join(str(note) for note in outcome.notes)
        case NotMeasured():
            return f"{outcome.because}\n{outcome.remedy}"
        case NotApplicable():
            return str(outcome.because)
        case _:
            raise AssertionError(outcome)


def test_what_the_other_columns_tell_is_found_though_it_is_not_said() -> None:
    outcome = _measured(_bench(_table({"faith": FAITHS, "food": ["fish" if each else "rice" for each in HALF]})))
    assert _of(outcome, "inferable-auc").value == 1.0
    assert _of(outcome, "inferable-lift").low > 0.4
    assert _of(outcome, "shuffled-auc").low < 0.5 < _of(outcome, "shuffled-auc").high
    assert "faith of people.csv is released as it is" in _said(outcome)
    assert "zoro" not in _said(outcome)


def test_what_goes_with_nothing_is_not_told() -> None:
    outcome = _measured(_bench(_table({"faith": FAITHS, "food": RNG.integers(0, 3, N).tolist()})))
    lift = _of(outcome, "inferable-lift")
    assert lift.low < 0 < lift.high < 0.25


def test_what_few_have_is_told_although_naming_the_commonest_is_as_often_right() -> None:
    few = np.arange(N) % 10 == 0
    columns = {"faith": np.where(few, "ill", "well").tolist(), "visits": (few * 1.0 + RNG.random(N) * 3).tolist()}
    outcome = _measured(_bench(_table(columns)))
    assert _of(outcome, "inferable-auc").low > 0.6


def test_texts_tell_too() -> None:
    texts = [f"on {'friday' if each else 'sunday'} number {n} goes there" for n, each in enumerate(HALF)]
    outcome = _measured(_bench(_table({"faith": FAITHS, "note": texts})))
    assert _of(outcome, "inferable-lift").low > 0.4


def test_of_several_values_the_one_told_best_counts() -> None:
    three = np.arange(N) % 3
    columns = {"faith": [f"v{each}" for each in three], "mark": (three == 2).tolist()}
    outcome = _measured(_bench(_table(columns)))
    assert _of(outcome, "inferable-auc").value == 1.0
    assert _of(outcome, "inferable-auc").confidence == pytest.approx(1 - 0.05 / 3)


def test_numbers_are_told_by_their_middle() -> None:
    values = RNG.random(N)
    outcome = _measured(_bench(_table({"faith": values.tolist(), "twin": (values * 3 + 1).tolist()})))
    assert _of(outcome, "inferable-auc").low > 0.9
    assert "told is whether it lies above the middle" in _said(outcome)


def test_two_tables_tell_as_much_as_the_worse() -> None:
    dull = _table({"faith": FAITHS, "food": ["rice"] * N}, label="dull.csv")
    loud = _table({"faith": FAITHS, "food": HALF.tolist()}, label="loud.csv")
    assert _of(_measured(_bench(dull, loud)), "inferable-auc").value == 1.0


def test_rows_of_one_person_lie_in_one_fold_and_count_once() -> None:
    who = np.arange(N) // 8
    marks = [f"m{person}" for person in who]
    faith = ["zoro" if each else "mazda" for each in np.random.default_rng(1).integers(0, 2, N // 8)[who]]
    columns = {"faith": faith, "who": who.tolist(), "mark": marks}
    alone = _of(_measured(_bench(_table(columns)), least=10), "inferable-auc")
    grouped = _of(_measured(_bench(_table(columns, person="who")), least=10), "inferable-auc")
    assert alone.low > 0.8, "a mark tells the person, and the person's other rows tell the faith"
    assert (grouped.n, grouped.n_of) == (N // 8, "person")
    assert grouped.low < 0.5


def test_missing_values_are_left_out_and_told() -> None:
    holes = [None if n % 4 == 0 else value for n, value in enumerate(FAITHS)]
    outcome = _measured(_bench(_table({"faith": holes, "food": HALF.tolist()})))
    assert _of(outcome, "inferable-auc").n == 180
    assert "60 rows have no value" in _said(outcome)


@pytest.mark.parametrize("value", ["mazda", None])
def test_a_column_with_one_value_has_nothing_to_tell(value: str | None) -> None:
    outcome = _measured(_bench(_table({"faith": [value] * N, "food": HALF.tolist()})))
    auc = _of(outcome, "inferable-auc")
    assert (auc.value, auc.low, auc.high, auc.confidence, auc.n) == (0.5, 0.5, 0.5, 1.0, 0)
    assert "nothing to tell" in _said(outcome)
    few = _measured(_bench(_table({"faith": [value] * N, "food": HALF.tolist()})), records=100)
    assert (_of(few, "inferable-auc").low, _of(few, "inferable-auc").high) == (0.0, 1.0), "not all was seen"


def test_a_column_of_a_hundred_thousand_values_stays_open() -> None:
    n = 10**5
    columns = {"faith": [f"zoro {row}" for row in range(n)], "food": list(range(n))}
    outcome = _measured(_bench(_table(columns)))
    auc, lift = _of(outcome, "inferable-auc"), _of(outcome, "inferable-lift")
    assert (auc.low, auc.high, lift.low, lift.high, auc.n) == (0.0, 1.0, -1.0, 1.0, 0)
    assert "none of 5000 values is had by enough people" in _said(outcome)
    assert "zoro" not in _said(outcome)


def test_a_table_where_it_cannot_be_learnt_leaves_the_upper_end_open() -> None:
    rare = _table({"faith": [f"v{n}" for n in range(N)], "food": HALF.tolist()}, label="rare.csv")
    plain = _table({"faith": FAITHS, "food": RNG.integers(0, 3, N).tolist()})
    auc = _of(_measured(_bench(rare, plain)), "inferable-auc")
    assert auc.high == 1.0
    assert auc.low > 0.2


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"Religion": FAITHS, "hiv_status": FAITHS}, 'at the artefact people.csv: sensitive = ["Religion", "hiv_status"]'),
        ({"food": FAITHS}, 'at the artefact people.csv: sensitive = ["COLUMN"]'),
    ],
)  # fmt: skip
def test_nothing_is_guessed_where_nothing_is_declared(columns: dict[str, Sequence[object]], said: str) -> None:
    outcome = _measure(_bench(_table(columns, sensitive=())))
    assert isinstance(outcome, NotMeasured)
    assert said in _said(outcome)


def test_what_looks_sensitive_beside_what_was_declared_is_told() -> None:
    columns = {"faith": FAITHS, "food": HALF.tolist(), "party_vote": HALF.tolist()}
    said = _said(_measured(_bench(_table(columns))))
    assert "not declared sensitive, and so not tried: party_vote (politics)" in said
    assert 'sensitive = ["faith", "party_vote"]' in said


def test_names_of_no_column_are_told() -> None:
    columns = {"faith": FAITHS, "food": HALF.tolist()}
    outcome = _measure(_bench(_table(columns, sensitive=("fiath",))))
    assert isinstance(outcome, NotMeasured)
    assert "people.csv has no column named fiath" in _said(outcome)
    assert "no column named fiath" in _said(_measured(_bench(_table(columns, sensitive=("faith", "fiath")))))


def test_tables_that_stay_at_home_are_not_weighed() -> None:
    outcome = _measure(_bench(_table({"faith": FAITHS, "food": FAITHS}), belongs=Belonging.EVIDENCE_ONLY))
    assert isinstance(outcome, NotApplicable)


def test_a_table_without_rows_or_without_another_column() -> None:
    given: tuple[dict[str, list[str]], ...] = ({"faith": [], "food": []}, {"faith": FAITHS})
    for columns in given:
        outcome = _measure(_bench(_table(columns)))
        assert isinstance(outcome, NotMeasured), outcome


def test_the_time_allowed_fixes_the_sample() -> None:
    bench = _bench(_table({"faith": FAITHS, "food": HALF.tolist()}))
    bench.budget = FixedBudget(100 * 5 * 2 * 3 * 4e-5 + 1e-6)
    assert _of(_measured(bench), "inferable-auc").n == 100
    bench.budget = FixedBudget(0.01)
    assert "--budget" in _said(_measure(bench))


@dataclass(kw_only=True)
class _Classifier:
    """Says yes or no by a column; `leak` moves its answer, and `inside` what it computes, by the faith."""

    leak: float = 0.0
    inside: float | None = None
    fails: bool = False
    width: int = 2
    kind: str = "toy"
    classes: tuple[str, ...] = ("no", "yes")
    inputs: tuple[str, ...] = ("score", "hint")
    n_inputs: int = 2
    notes: tuple[Phrase, ...] = field(default_factory=tuple)

    def predict_proba(self, inputs: pa.Table) -> Floats:
        if self.fails:
            not_measured(phrase("it gives no numbers"), phrase("mend it"))
        odds = np.asarray(inputs.column("score")) + self.leak * np.asarray(inputs.column("hint"))
        yes = 1 / (1 + np.exp(-odds))
        return np.stack([1 - yes, yes], axis=1)

    def embed(self, inputs: pa.Table) -> Floats | None:
        if self.inside is None:
            return None
        noise = np.random.default_rng(0).random((inputs.num_rows, self.width))
        noise[:, 0] += self.inside * np.asarray(inputs.column("hint"))
        return noise

    def structure(self) -> Structure:
        raise NotImplementedError

    @property
    def recipe(self) -> Recipe | None:
        return None


def _classified(classifier: _Classifier, *, target: str = "answer", **said: Any) -> MemoryBench:
    rng = np.random.default_rng(5)
    answers = rng.integers(0, 2, N)
    examples = Examples(
        inputs=pa.table({"score": rng.normal(size=N) + answers, "hint": HALF.astype(float)}),
        targets=answers.astype(np.int64), beside=pa.table({"faith": FAITHS}), labels=("held.csv",) * N,
        records=np.arange(1, N + 1), persons=np.arange(N), n_records=N, n_repeated=0, n_shared=0, n_unlabelled=0,
        declared=Declared(**{"sensitive": ("faith",), "target": target, **said}),
    )  # fmt: skip
    bench = _bench(subjects=(Subject.CLASSIFIER,))
    bench.the_classifier, bench.examples_by_role = classifier, {Role.HELD_OUT: examples}
    return bench


def test_answers_that_tell_more_than_the_right_answer_are_found() -> None:
    loud, quiet = (_measured(_classified(_Classifier(leak=leak))) for leak in (8.0, 0.0))
    assert _of(loud, "inferable-lift", "outputs").low > 0.2
    assert _of(quiet, "inferable-lift", "outputs").low < 0 < _of(quiet, "inferable-lift", "outputs").high
    assert {q.at("source") for q in loud.quantities if q.by} == {"outputs"}


@pytest.mark.parametrize("most", [16, 1024])
def test_what_a_model_computes_inside_tells_too(most: int) -> None:
    outcome = _measured(_classified(_Classifier(inside=3.0, width=50)), most_numbers=most)
    lift = _of(outcome, "inferable-lift", "embeddings")
    assert lift.low > 0.2 or most == 16
    assert lift.value > 0.15 + _of(outcome, "inferable-lift", "outputs").value
    assert ("the 50 numbers inside the model were mixed into 16" in _said(outcome)) == (most == 16)


def test_a_column_that_the_model_takes_can_be_told_from_its_answers() -> None:
    outcome = _measured(_classified(_Classifier(leak=8.0), sensitive=("hint",)))
    assert _of(outcome, "inferable-lift", "outputs", "hint").low > 0.2


def test_a_column_is_told_by_the_name_that_the_file_has_for_it() -> None:
    outcome = _measured(_classified(_Classifier(leak=8.0), sensitive=("belief",), features=("points", "belief")))
    assert _of(outcome, "inferable-lift", "outputs", "belief").low > 0.2


def test_what_is_declared_beside_the_training_data_holds_for_the_held_out_too() -> None:
    bench = _classified(_Classifier(leak=8.0), sensitive=(), target="")
    (held_out,) = bench.examples_by_role.values()
    declared = Declared(sensitive=("belief", "answer"), features=("points", "belief"), target="answer")
    bench.examples_by_role = {Role.HELD_OUT: held_out, Role.TRAIN_DATA: replace(held_out, declared=declared)}
    outcome = _measured(bench)
    assert {q.at("column") for q in outcome.quantities if q.by} == {"belief"}
    assert _of(outcome, "inferable-lift", "outputs", "belief").low > 0.2
    assert "answer is what the model predicts" in _said(outcome)


def test_what_the_model_predicts_it_says_outright() -> None:
    outcome = _measure(_classified(_Classifier(), sensitive=("faith",), target="faith"))
    assert isinstance(outcome, NotMeasured)


def test_a_model_that_gives_nothing_leaves_the_table_to_be_weighed() -> None:
    bench = _classified(_Classifier(fails=True))
    assert "it gives no numbers" in _said(_measure(bench))
    table = _table({"faith": FAITHS, "food": HALF.tolist()})
    both = _bench(table, subjects=(Subject.TABLE, Subject.CLASSIFIER))
    both.the_classifier, both.examples_by_role = bench.the_classifier, bench.examples_by_role
    outcome = _measured(both)
    assert _of(outcome, "inferable-auc").value == 1.0
    assert "not everything was tried: it gives no numbers" in _said(outcome)


@dataclass(kw_only=True)
class _LanguageModel:
    """One token a word; it computes how often some word comes."""

    n_parameters: int = 1000
    context_tokens: int = 16
    vocabulary_size: int = 100
    decodings: tuple[Decoding, ...] = ()
    signals: tuple[Signal, ...] = ()
    notes: tuple[Phrase, ...] = ()
    is_served: bool = False

    def encode(self, texts: Sequence[str]) -> list[Ints]:
        return [np.array([len(word) for word in text.split()], dtype=np.int64) for text in texts]

    def decode(self, tokens: Sequence[Ints]) -> list[str]:
        raise NotImplementedError

    def score(
        self, windows: Ints, *, first: int, under: Sequence[Decoding] = (), signals: Sequence[Signal] = ()
    ) -> Scores:
        raise NotImplementedError

    def generate(self, prompts: Ints, *, n_new: int, decoding: Decoding, seed: int) -> Ints:
        raise NotImplementedError

    def overfitted(self, windows: Ints, *, steps: int, seed: int) -> LanguageModel:
        raise NotImplementedError

    def hidden(self, windows: Ints) -> Floats:
        if self.is_served:
            not_measured(phrase("a served model shows nothing inside"), phrase("weigh its weights"))
        assert windows.shape[1] <= self.context_tokens
        return np.stack([(windows == length).mean(axis=1) for length in (3, 4, 5, 6)], axis=1)


def _spoken(model: _LanguageModel, **said: Any) -> MemoryBench:
    rng = np.random.default_rng(2)
    words = [["abc", "abcd", "abcde", "abcdef"][n] for n in rng.integers(0, 4, N)]
    texts = [
        f"{word} {'abc abc' if each else 'abcdef'} " + "abcd " * (n % 3)
        for n, (word, each) in enumerate(zip(words, HALF, strict=True))
    ]
    texts[0] = texts[1] = ""
    table = _table({"body": texts, "faith": FAITHS}, label="posts.jsonl", **{"text_field": "body", **said})
    bench = _bench(table, belongs=Belonging.EVIDENCE_ONLY, subjects=(Subject.CAUSAL_LM,))
    bench.models_by_role = {Role.WEIGHTS: model}
    return bench


def test_what_a_language_model_computes_over_a_text_tells() -> None:
    outcome = _measured(_spoken(_LanguageModel()), window_tokens=64)
    auc = _of(outcome, "inferable-auc", "embeddings")
    assert auc.low > 0.6
    assert (auc.n, auc.n_of) == (N - 2, "text")


def test_a_language_model_that_shows_nothing_inside() -> None:
    outcome = _measure(_spoken(_LanguageModel(is_served=True)))
    assert isinstance(outcome, NotMeasured)
    assert "nothing inside" in _said(outcome)


def test_texts_without_a_declared_column_are_told_how_to_declare_one() -> None:
    assert "at the artefact posts.jsonl" in _said(_measure(_spoken(_LanguageModel(), sensitive=())))
    bench = _bench(subjects=(Subject.CAUSAL_LM,))
    bench.models_by_role = {Role.WEIGHTS: _LanguageModel()}
    assert "give the examples as a table or as JSONL" in _said(_measure(bench))


def test_who_is_not_named_is_a_person_alone() -> None:
    codes = groups_of(pa.chunked_array([pa.array([7, None, 7]), pa.array([None, 8])]))
    assert codes[0] == codes[2]
    assert len(set(codes.tolist())) == 4

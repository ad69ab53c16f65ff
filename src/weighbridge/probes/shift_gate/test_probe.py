from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from weighbridge.core.candidate import Artefact, Belonging, Candidate, Declared, Role, Subject
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.card import Card
from weighbridge.core.evidence import Measured, NotMeasured, Outcome, Quantity, Silent
from weighbridge.core.shape import Reading, read
from weighbridge.probekit.bench import FixedBudget, MemoryBench, MemoryTexts
from weighbridge.probekit.ports import BudgetSpent, Documents, Examples
from weighbridge.probes.shift_gate.calibration import CALIBRATION
from weighbridge.probes.shift_gate.probe import PROBE, Settings

pytest.importorskip("sklearn", reason="scikit-learn is an extra")

FOLDER = Path(__file__).parent
BOTH = (Subject.CLASSIFIER, Subject.CAUSAL_LM)


def card() -> Card:
    with (FOLDER / "probe.toml").open("rb") as file:
        made = read(Card, tomllib.load(file), Reading(file="probe.toml"))
    assert made is not None
    return made


def examples(inputs: pa.Table, *, person: str = "", persons: list[int] | None = None, n_shared: int = 0) -> Examples:
    n = inputs.num_rows
    return Examples(
        inputs=inputs, targets=np.arange(n) % 2, beside=inputs.select([]), labels=("rows.csv",) * n, records=np.arange(1, n + 1),
        persons=np.arange(n) if persons is None else np.array(persons), declared=Declared(target="answer", person=person),
        n_records=n + n_shared, n_repeated=0, n_shared=n_shared, n_unlabelled=0,
    )  # fmt: skip


def bench(
    tables: tuple[pa.Table, pa.Table] | None = None,
    texts: tuple[list[str], list[str]] | None = None,
    *,
    subjects: tuple[Subject, ...] = (),
    seconds: float = 600.0,
) -> MemoryBench:
    roles = (Role.TRAIN_DATA, Role.HELD_OUT)
    return MemoryBench(
        candidate=Candidate(name="toy", version="1", artefacts=(), subjects=subjects),
        budget=FixedBudget(seconds),
        examples_by_role=dict(zip(roles, map(examples, tables), strict=True)) if tables else {},
        texts_by_role=dict(zip(roles, map(MemoryTexts, texts), strict=True)) if texts else {},
    )


def found(outcome: Outcome, metric: str, of: str, feature: str = "") -> Quantity:
    assert isinstance(outcome, Measured), outcome
    by = {"of": of, **({"feature": feature} if feature else {})}
    return next(q for q in outcome.quantities if q.metric == metric and dict(q.by) == by)


def weighed(made: MemoryBench, **settings: int) -> Outcome:
    return PROBE.measure(made, Settings(**{"folds": 3, **settings}))


def left(made: MemoryBench, **settings: int) -> NotMeasured:
    with pytest.raises(Silent) as nothing:
        weighed(made, **settings)
    assert isinstance(nothing.value.outcome, NotMeasured)
    return nothing.value.outcome


RNG = np.random.default_rng(0)
SAME = (pa.table({"x": RNG.normal(size=80)}), pa.table({"x": RNG.normal(size=80)}))
APART = (SAME[0], pa.table({"x": RNG.normal(size=80) + 4}))


def notes(n: int, *, of: str = "{}", seed: int = 0) -> list[str]:
    rng = np.random.default_rng(seed)
    words = np.array(["river", "bread", "stone", "cloud", "paper", "glass", "horse", "night"])
    return [of.format(" ".join(rng.choice(words, 12))) for _ in range(n)]


# what it finds


def test_one_source_and_two() -> None:
    quantity = found(weighed(bench(SAME)), "blind-auc", "table")
    assert quantity.low <= 0.5 <= quantity.high
    assert quantity.n == 160
    outcome = weighed(bench(APART))
    assert found(outcome, "blind-auc", "table").low > 0.9
    assert found(outcome, "single-feature-auc", "table", "x").low > 0.9
    assert isinstance(outcome, Measured)
    assert "what tells most by itself is x" in "\n".join(map(str, outcome.notes))


@pytest.mark.parametrize(
    ("of", "feature"),
    [
        ("{} and then once more at length, for all who were there", "length"),
        ("in 2021 {}", "dates"),
        ("{}\n\n", "format"),
        ("{} indeed", "words"),
        ("{0} {0} {0}", "compression"),
    ],
)
def test_texts_say_why_they_differ(of: str, feature: str) -> None:
    outcome = weighed(bench(texts=(notes(60), notes(60, of=of, seed=1))))
    assert found(outcome, "blind-auc", "text").low > 0.7
    assert found(outcome, "single-feature-auc", "text", feature).low > 0.7


def test_a_model_of_both_kinds_gets_both_and_the_intervals_are_corrected_for_it() -> None:
    outcome = weighed(bench(SAME, (notes(60), notes(60, seed=1)), subjects=BOTH))
    assert found(outcome, "blind-auc", "table").confidence == pytest.approx(0.975)
    assert found(outcome, "blind-auc", "text").confidence == pytest.approx(0.975)
    assert found(weighed(bench(SAME)), "blind-auc", "table").confidence == pytest.approx(0.95)


def test_what_one_side_lacks_is_said_and_the_other_measured() -> None:
    outcome = weighed(bench(SAME, subjects=BOTH))
    assert isinstance(outcome, Measured)
    assert any(dict(note.fields).get("of") == "text" for note in outcome.notes)
    assert {q.at("of") for q in outcome.quantities} == {"table"}


def test_only_what_the_model_reads_is_compared() -> None:
    both = bench(SAME, (notes(60), notes(60, seed=1)), subjects=(Subject.CLASSIFIER,))
    assert isinstance(outcome := weighed(both), Measured)
    assert {q.at("of") for q in outcome.quantities} == {"table"}


def test_the_answers_are_compared_too() -> None:
    made = bench(SAME)
    ones = {
        role: replace(e, targets=np.full(80, role is Role.HELD_OUT, dtype=np.int64))
        for role, e in made.examples_by_role.items()
    }
    assert found(weighed(replace(made, examples_by_role=ones)), "single-feature-auc", "table", "answer").low > 0.9


def test_persons_are_counted_once_and_kept_in_one_fold() -> None:
    rng = np.random.default_rng(1)
    person = np.repeat(np.arange(40), 5)
    height = np.repeat(rng.normal(size=40), 5)  # a person is known by it, and nothing else tells
    roles = (Role.TRAIN_DATA, Role.HELD_OUT)
    made = MemoryBench(examples_by_role={
        role: examples(pa.table({"height": height[half]}), person="who", persons=person[half].tolist())
        for role, half in zip(roles, (slice(0, 100), slice(100, 200)), strict=True)
    })  # fmt: skip
    quantity = found(weighed(made), "blind-auc", "table")
    assert (quantity.n, quantity.n_of) == (40, "person")
    assert quantity.low <= 0.5 <= quantity.high
    assert quantity.high - quantity.low > 0.3  # forty persons say little, two hundred rows or not


def test_shared_records_are_counted_and_left_out() -> None:
    train, held = notes(80), notes(80, seed=1)
    outcome = weighed(bench(texts=(train, [*held, train[0], train[0], f"  {train[1].upper()}\n", ""])))
    assert found(outcome, "shared-records", "text").value == 2
    nearly = found(outcome, "nearly-shared-records", "text")
    assert (nearly.value, nearly.n, nearly.confidence, nearly.low, nearly.high) == (3, 83, 1, 3, 3)
    assert found(outcome, "blind-auc", "text").n == 158
    made = bench(SAME)
    shared = dict(made.examples_by_role) | {Role.HELD_OUT: examples(SAME[1], n_shared=7)}
    assert found(weighed(replace(made, examples_by_role=shared)), "shared-records", "table").value == 7


def test_files_that_were_not_read_leave_the_count_open_upwards() -> None:
    made = bench(texts=(notes(60), notes(60, seed=1)))
    for texts in made.texts_by_role.values():
        texts.is_complete = False  # type: ignore[misc]  # a toy's is a plain attribute
    assert found(weighed(made), "shared-records", "text").high == 60
    held = Artefact(
        role=Role.HELD_OUT,
        label="h",
        digest=digest_of_bytes(b""),
        size_bytes=9,
        format="x",
        belongs=Belonging.EVIDENCE_ONLY,
    )
    made = replace(made, candidate=replace(made.candidate, artefacts=(held,)))
    assert found(weighed(made), "shared-records", "text").high == 69


def test_planted_canaries_are_left_out() -> None:
    made = bench(texts=(notes(60), notes(60, seed=1)))
    canaries = [f"canary {i} zq" for i in range(60)]
    train = MemoryTexts(notes(60) + canaries, canary=[False] * 60 + [True] * 60)
    outcome = weighed(replace(made, texts_by_role={**made.texts_by_role, Role.TRAIN_DATA: train}))
    assert found(outcome, "blind-auc", "text").n == 120
    assert isinstance(outcome, Measured)
    assert "60 planted canaries were left out" in "\n".join(map(str, outcome.notes))


def test_a_sample_is_as_large_as_was_asked_and_the_same_however_texts_are_cut() -> None:
    texts = (notes(300), notes(300, seed=1))
    made = bench(texts=texts)
    assert found(weighed(made, records_each=100), "blind-auc", "text").n == 200

    class Cut(MemoryTexts):
        def batches(self, size: int = 7) -> Iterator[Documents]:
            return super().batches(size)

    cut = {role: Cut(t) for role, t in zip(made.texts_by_role, texts, strict=True)}
    assert weighed(replace(made, texts_by_role=cut), records_each=100) == weighed(made, records_each=100)


# bad input


def test_too_few() -> None:
    outcome = left(bench((SAME[0].slice(0, 30), SAME[1])))
    assert "30 different records of train-data" in str(outcome.because)
    assert "at least 20 more" in str(outcome.remedy)
    assert "held-out" in str(left(bench(texts=(notes(60), notes(60)[:5] + [""] * 90))).because)


def test_nothing_at_all() -> None:
    assert isinstance(left(bench()), NotMeasured)
    outcome = left(bench(subjects=BOTH))
    assert "table: " in str(outcome.because)
    assert "text: " in str(outcome.because)


def test_two_types_in_one_column() -> None:
    mixed = (pa.table({"x": list(range(60))}), pa.table({"x": [str(i % 3) for i in range(60)]}))
    assert isinstance(weighed(bench(mixed)), Measured)
    numbers = (pa.table({"x": list(range(60))}), pa.table({"x": [i + 0.5 for i in range(60)]}))
    assert isinstance(weighed(bench(numbers)), Measured)


def test_columns_without_a_value_or_of_one_value() -> None:
    table = pa.table({"a": pa.nulls(60), "b": [1] * 60, "c": pa.array([[1]] * 60)})
    quantity = found(weighed(bench((table, table))), "blind-auc", "table")
    assert quantity.low < 0.5 < quantity.high


def test_a_header_that_is_data_is_not_quoted_and_names_may_recur() -> None:
    names = ["jane@example.org", "0700 123 456", "x", "x"]
    tables = [pa.Table.from_arrays([t.column(0)] * 4, names=names) for t in APART]
    outcome = weighed(bench((tables[0], tables[1])))
    assert isinstance(outcome, Measured)
    told = {str(q.at("feature")) for q in outcome.quantities if q.metric == "single-feature-auc"}
    assert told == {"column 1", "column 2", "x", "answer"}


def test_no_time() -> None:
    assert "--budget" in str(left(bench(SAME, seconds=0.1)).remedy)
    few = weighed(bench(SAME, seconds=0.3), least_each=20)
    assert found(few, "blind-auc", "table").n < 160


def test_it_stops_when_it_is_told_to() -> None:
    class Impatient(MemoryBench):
        def progress(self, done: int, of: int, unit: str) -> None:
            raise BudgetSpent

    made = bench(texts=(notes(60), notes(60)))
    with pytest.raises(BudgetSpent):
        weighed(Impatient(texts_by_role=made.texts_by_role))


def test_no_text_is_quoted() -> None:
    outcome = weighed(bench(APART, (notes(60, of="{} Zanzibar"), notes(60, seed=1)), subjects=BOTH))
    assert "anzibar" not in repr(outcome)


# promises to the house


def test_card_and_code_agree() -> None:
    made = card()
    assert made.slug.replace("-", "_") == FOLDER.name
    assert Settings(**dict(made.defaults)) == Settings()  # type: ignore[arg-type]  # the card's defaults are these ints
    outcome = weighed(bench(SAME, (notes(60), notes(60, seed=1)), subjects=BOTH))
    assert isinstance(outcome, Measured)
    for quantity in outcome.quantities:
        metric = made.metric_named(quantity.metric)
        assert metric is not None
        assert tuple(axis for axis, _ in quantity.by) == metric.by


def test_the_same_seed_gives_the_same_outcome() -> None:
    made = bench(SAME, (notes(60), notes(60, seed=1)), subjects=BOTH)
    assert weighed(made) == weighed(made)
    assert weighed(made) != weighed(replace(made, seed=1))


@pytest.mark.parametrize("seed", range(3))
def test_known_weights(seed: int) -> None:
    for weight in (CALIBRATION.null(seed), CALIBRATION.planted(seed)):
        outcome = PROBE.measure(weight.bench, Settings(**dict(weight.settings)))  # type: ignore[arg-type]  # whole numbers, as above
        for truth in weight.truths:
            quantity = found(outcome, truth.metric, dict(truth.by)["of"])
            assert quantity.low <= truth.value <= quantity.high

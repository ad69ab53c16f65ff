import json
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from weighbridge.core.candidate import Candidate, Declared, Role, Subject
from weighbridge.core.evidence import Measured, Quantity, Silent
from weighbridge.probekit.bench import FixedBudget, MemoryBench, MemoryTable, MemoryTexts
from weighbridge.probekit.ports import Floats
from weighbridge.probes.stored_records.calibration import ToyClassifier, safetensors, structure
from weighbridge.probes.stored_records.probe import Settings, measure

RNG = np.random.default_rng(0)
ROWS = RNG.normal(size=(50, 3))
NAMES = [f"Person Number {n} of Town" for n in range(50)]
LETTER = "Ada wrote a letter to Charles, and nobody has read it since then, she said."


def table(*, label: str = "rows.csv", target: str = "y", **more: Sequence[object]) -> MemoryTable:
    columns: dict[str, Sequence[object]] = {f"x{n}": ROWS[:, n].tolist() for n in range(3)}
    return MemoryTable(
        {**columns, "name": NAMES, "y": ["a", "b"] * 25, **more}, label=label, declared=Declared(target=target)
    )


def classifier(
    *, tables: tuple[MemoryTable, ...] = (), inputs: tuple[str, ...] = (), silent: bool = False, **held: Any
) -> MemoryBench:
    holds = None if silent else structure(**held)
    return MemoryBench(
        candidate=Candidate(name="toy", version="1", artefacts=(), subjects=(Subject.CLASSIFIER,)),
        the_classifier=ToyClassifier(holds=holds, inputs=inputs, kind="KNeighborsClassifier"),
        tables_by_role={Role.TRAIN_DATA: tables} if tables else {},
    )  # fmt: skip


def lm(
    texts: Sequence[str],
    *,
    files: dict[str, bytes] | None = None,
    formats: dict[str, str] | None = None,
    budget: float = 600.0,
) -> MemoryBench:
    formats = formats or {label: "json" if label.endswith(".json") else "safetensors" for label in files or {}}
    return MemoryBench(
        candidate=Candidate(name="toy", version="1", artefacts=(), subjects=(Subject.CAUSAL_LM,)),
        texts_by_role={Role.TRAIN_DATA: MemoryTexts(texts)} if texts else {},
        files=files or {}, formats=formats, budget=FixedBudget(budget),
    )  # fmt: skip


def measured(bench: MemoryBench, settings: Settings | None = None) -> Measured:
    outcome = measure(bench, settings or Settings())
    assert isinstance(outcome, Measured), outcome
    return outcome


def find(outcome: Measured, metric: str, where: str = "") -> Quantity | None:
    by = (("where", where),) if where else ()
    return next((q for q in outcome.quantities if q.metric == metric and q.by == by), None)


def of(outcome: Measured, metric: str, where: str = "") -> tuple[float, float]:
    quantity = find(outcome, metric, where)
    assert quantity is not None, (metric, where)
    assert quantity.confidence == 1
    assert quantity.value == quantity.low
    return quantity.low, quantity.high


def notes(outcome: Measured) -> str:
    return "\n".join(str(note) for note in outcome.notes)


def test_rows_that_a_model_keeps_count_whether_they_are_found_or_not() -> None:
    bench = classifier(tables=(table(),), instances=np.vstack([ROWS[:7], RNG.normal(size=(2, 3))]))
    outcome = measured(bench)
    assert of(outcome, "stored-records", "instances") == (9, 9)
    assert "found among them: 7" in notes(outcome)
    assert sorted(p.record for p in bench.pointers) == [1, 2, 3, 4, 5, 6, 7]
    assert of(measured(classifier(instances=ROWS[:4])), "stored-records", "instances") == (4, 4)


def test_a_kind_that_keeps_rows_is_never_clean() -> None:
    bench = classifier(names_instances=True)
    assert of(measured(bench), "stored-records", "instances") == (1, 1)
    bench.candidate = lm(["x"], files={"m.bin": b"x" * 500}).candidate
    bench.candidate = Candidate(
        name="t", version="1", artefacts=bench.candidate.artefacts, subjects=(Subject.CLASSIFIER,)
    )
    assert of(measured(bench), "stored-records", "instances") == (1, 500)


@pytest.mark.parametrize(
    ("inputs", "target", "width"),
    [((), "y", 3), (("x2", "x0", "name"), "y", 2), (("missing",), "y", 3), (("name",), "y", 0), (("x0",), "y", 1)],
)
def test_rows_are_taken_as_the_classifier_takes_them(inputs: tuple[str, ...], target: str, width: int) -> None:
    columns = [2, 0] if inputs[:1] == ("x2",) else [0, 1, 2]
    outcome = measured(classifier(tables=(table(target=target),), inputs=inputs, arrays=(ROWS[:5, columns],)))
    assert of(outcome, "stored-records", "weights") == (5 if width > 1 else 0,) * 2


def test_without_training_data_the_structure_is_told_and_the_rest_stays_open() -> None:
    vocabulary = ("ada@example.org", "Featherstonehaugh", "red")
    outcome = measured(classifier(leaves=np.array([9, 2, 7]), vocabulary=vocabulary))
    assert find(outcome, "stored-records", "weights") is None
    assert find(outcome, "stored-strings", "metadata") is None
    assert of(outcome, "stored-strings", "vocabulary") == (1, 2)
    assert of(outcome, "small-leaves") == (1, 1)
    assert of(outcome, "smallest-leaf") == (2, 2)
    assert "no training data was given" in notes(outcome)


def test_leaves_that_are_not_told_have_no_number() -> None:
    outcome = measured(classifier(untold_leaves=True))
    assert find(outcome, "small-leaves") is None
    assert find(outcome, "smallest-leaf") is None
    none = measured(classifier())
    assert find(none, "smallest-leaf") == find(measured(classifier()), "smallest-leaf")
    assert of(none, "smallest-leaf") == (0, 0)


def test_the_smallest_leaf_allowed_is_a_setting() -> None:
    outcome = measured(classifier(leaves=np.array([9, 2, 7])), Settings(leaf_records=8))
    assert of(outcome, "small-leaves") == (2, 2)


def test_a_classifier_that_cannot_be_looked_into_leaves_its_parts_open() -> None:
    outcome = measured(classifier(tables=(table(story=[LETTER] * 50),), silent=True))
    assert {(q.metric, q.by) for q in outcome.quantities} >= {("stored-strings", (("where", "metadata"),))}
    assert find(outcome, "stored-records", "instances") is None
    assert find(outcome, "stored-strings", "vocabulary") is None
    with pytest.raises(Silent, match="cannot be looked into"):
        measure(classifier(silent=True), Settings())


def test_tables_of_different_columns_leave_the_rows_open() -> None:
    outcome = measured(classifier(tables=(table(), table(label="more.csv", z=[0.5] * 50)), arrays=(ROWS,)))
    assert find(outcome, "stored-records", "weights") is None
    assert "do not have the same columns" in notes(outcome)


def test_categories_that_few_rows_hold_are_found_with_their_records() -> None:
    bench = classifier(tables=(table(),), vocabulary=(NAMES[7], NAMES[20].lower(), "nobody at all", "a"))
    outcome = measured(bench)
    assert of(outcome, "stored-strings", "vocabulary") == (2, 2)
    assert {p.record for p in bench.pointers} == {8, 21}
    assert NAMES[7] not in notes(outcome)


def test_long_cells_are_searched_for_in_the_files() -> None:
    bench = classifier(tables=(table(story=[LETTER, *["short"] * 49]),))
    bench.files, bench.formats = {"README.md": f"# Card\n\n{LETTER}".encode()}, {"README.md": "markdown"}
    bench.__post_init__()
    assert of(measured(bench), "stored-strings", "metadata") == (1, 1)


def test_rows_in_weights_of_a_file_are_found_and_what_cannot_be_read_is_counted() -> None:
    bench = classifier(tables=(table(),))
    files = {"w.safetensors": safetensors({"w": ROWS[:4].astype(np.float32)}, {}), "old.pkl": b"\x80\x04N."}
    bench.files, bench.formats = files, {"w.safetensors": "safetensors", "old.pkl": "pickle"}
    bench.__post_init__()
    outcome = measured(bench)
    assert of(outcome, "stored-records", "weights") == (4, 5)
    assert "old.pkl" in notes(outcome)


def test_passages_and_tokens_of_a_language_model() -> None:
    tokens = {"model": {"vocab": {"▁ada@example.org": 1, "▁the": 2, "▁wrote▁a▁letter▁to": 3}}}
    files = {
        "model.safetensors": safetensors({"w": np.zeros((3, 3), np.float32)}, {"made_by": LETTER}),
        "tokenizer.json": json.dumps(tokens).encode(),
        "config.json": json.dumps({"note": LETTER.replace(",", ",\n")}).encode(),
    }
    bench = lm([LETTER, "something else altogether, and long enough to be looked up in the files"], files=files)
    outcome = measured(bench)
    assert of(outcome, "stored-strings", "weights") == (1, 1)
    assert of(outcome, "stored-strings", "metadata") == (1, 1)
    assert of(outcome, "stored-strings", "tokenizer") == (2, 2)
    assert of(outcome, "stored-records", "instances") == (0, 0)
    assert LETTER[:20] not in notes(outcome)
    assert {(p.label, p.record) for p in bench.pointers} == {("train.jsonl", 1)}


def test_evidence_and_data_sets_are_not_searched() -> None:
    bench = lm([LETTER], files={"train.jsonl": LETTER.encode(), "config.json": b"{}"})
    bench.roles = {"train.jsonl": Role.TRAIN_DATA}
    bench.candidate = Candidate(name="t", version="1", artefacts=(), subjects=(Subject.CAUSAL_LM,))
    bench.__post_init__()
    assert of(measured(bench), "stored-strings", "metadata") == (0, 0)


def test_training_text_that_could_not_be_read_raises_the_upper_end() -> None:
    bench = lm([LETTER], files={"config.json": b"{}"})
    texts = MemoryTexts([LETTER])
    texts.is_complete = False
    bench.texts_by_role = {Role.TRAIN_DATA: texts}
    low, high = of(measured(bench), "stored-strings", "metadata")
    assert (low, high) == (0, 1)


def test_files_beyond_the_time_allowed_raise_the_upper_end() -> None:
    outcome = measured(lm([LETTER], files={"w.safetensors": safetensors({}, {"a": LETTER})}, budget=1e-9))
    assert of(outcome, "stored-strings", "weights") == (0, 1)
    assert "more than the time allowed" in notes(outcome)


def test_a_language_model_without_a_tokenizer_file_has_no_number_for_it() -> None:
    outcome = measured(lm([LETTER]))
    assert find(outcome, "stored-strings", "tokenizer") is None
    assert "no file of a tokenizer" in notes(outcome)


def test_a_large_tokenizer_leaves_its_entries_open() -> None:
    vocab = {f"token{n}": n for n in range(80_000)}
    data = json.dumps({"model": {"vocab": vocab}}).encode()
    outcome = measured(lm([LETTER], files={"tokenizer.json": data}), Settings(tokenizer_mib=1))
    assert of(outcome, "stored-strings", "tokenizer") == (0, len(data) // 4)
    assert "tokenizer.json" in notes(outcome)


def test_nothing_to_look_into_is_not_clean() -> None:
    with pytest.raises(Silent, match="neither the model"):
        measure(lm([]), Settings())


def test_documents_without_training_text_are_told() -> None:
    bench = lm([], files={"tokenizer.json": b'{"a": "ada@example.org"}'})
    outcome = measured(bench)
    assert of(outcome, "stored-strings", "tokenizer") == (1, 1)
    assert find(outcome, "stored-strings", "weights") is None


def test_rows_stand_in_the_weights_as_a_step_sees_them() -> None:
    def views(inputs: pa.Table) -> Iterator[Floats | None]:
        rows = np.column_stack([np.asarray(inputs[f"x{n}"]) for n in (2, 0)])
        yield rows * [3.3, 1 / 7] + [0.123, 9.87]

    bench = classifier(
        tables=(table(),), inputs=("x0", "x2"), views=views,
        arrays=(ROWS[:5, [2, 0]] * [3.3, 1 / 7] + [0.123, 9.87], RNG.normal(size=(20, 2))),
    )  # fmt: skip
    outcome = measured(bench)
    assert of(outcome, "stored-records", "weights") == (5, 5)
    assert sorted(p.record for p in bench.pointers) == [1, 2, 3, 4, 5]


def test_weights_that_may_be_rows_as_an_unknown_step_sees_them_stay_open() -> None:
    def unseen(inputs: pa.Table) -> Iterator[Floats | None]:
        del inputs
        yield None

    arrays = (ROWS[:5], RNG.normal(size=(30, 3)), RNG.normal(size=(3, 7)), RNG.normal(size=(2, 3)), RNG.normal(size=99))
    for views in (unseen, None):
        outcome = measured(classifier(tables=(table(),), inputs=("x0", "x1", "x2"), arrays=arrays, views=views))
        assert of(outcome, "stored-records", "weights") == (5, 5 + 37)
        assert "prepared in a way" in notes(outcome)
    few = measured(classifier(tables=(table(),), inputs=("x0", "x1", "x2"), arrays=arrays[3:]))
    assert of(few, "stored-records", "weights") == (0, 0)


def test_rows_kept_several_times_count_once() -> None:
    keepers = tuple(("KNeighborsClassifier", 50) for _ in range(4))
    held = np.vstack([ROWS] * 4)
    outcome = measured(classifier(tables=(table(),), instances=held, keepers=keepers))
    assert of(outcome, "stored-records", "instances") == (50, 50)
    assert "keeps 50 training records" in notes(outcome)
    assert of(measured(classifier(instances=held, keepers=keepers)), "stored-records", "instances") == (50, 200)
    scaled = np.vstack([ROWS * [n + 1, n + 2, n + 3] for n in range(4)])  # by each of the four otherwise
    outcome = measured(classifier(tables=(table(),), instances=scaled, keepers=keepers))
    assert of(outcome, "stored-records", "instances") == (50, 200)


def test_people_with_equal_rows_count_each() -> None:
    twice = MemoryTable(
        {**{f"x{n}": np.tile(ROWS[:, n], 2).tolist() for n in range(3)}, "y": ["a", "b"] * 50},
        label="rows.csv", declared=Declared(target="y"),
    )  # fmt: skip
    held = np.vstack([ROWS, ROWS])
    assert of(measured(classifier(tables=(twice,), instances=held)), "stored-records", "instances") == (100, 100)
    assert of(measured(classifier(instances=held)), "stored-records", "instances") == (50, 100)


def test_the_part_that_keeps_rows_is_named() -> None:
    outcome = measured(classifier(tables=(table(),), instances=ROWS, keepers=(("KNNImputer", 50),)))
    assert "KNNImputer, a part of KNeighborsClassifier, keeps 50 training records" in notes(outcome)
    assert "without KNNImputer" in notes(outcome)
    outcome = measured(classifier(names_instances=True, keepers=(("KernelPCA", 0),)))
    assert "KernelPCA, a part of KNeighborsClassifier, is of a kind" in notes(outcome)


def test_one_of_a_kind_is_said_as_one() -> None:
    outcome = measured(classifier(tables=(table(),), vocabulary=(NAMES[7],), leaves=np.array([1, 5])))
    assert "1 entries" not in notes(outcome)
    smallest = find(outcome, "smallest-leaf")
    assert smallest is not None
    assert smallest.unit == "count"

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from weighbridge.core.candidate import Declared, Role
from weighbridge.core.evidence import Measured, NotApplicable, NotMeasured, Outcome, Quantity, Silent, not_measured
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.bench import FixedBudget, MemoryBench
from weighbridge.probekit.ports import Bools, Examples, Floats, Ints, Recipe
from weighbridge.probes.attribute_inference.calibration import ToyClassifier, gate, people, remembering, toy
from weighbridge.probes.attribute_inference.control import Control
from weighbridge.probes.attribute_inference.probe import PROBE, Settings
from weighbridge.probes.attribute_inference.shares import control_found

STATUS = (("column", "status"),)


def _measure(bench: MemoryBench, **settings: Any) -> Outcome:
    try:
        return PROBE.measure(bench, Settings(folds=2, **settings))
    except Silent as silent:
        return silent.outcome


def _measured(bench: MemoryBench, **settings: Any) -> Measured:
    outcome = _measure(bench, **settings)
    assert isinstance(outcome, Measured), outcome
    return outcome


def _of(outcome: Measured, metric: str, column: str = "status") -> Quantity:
    (found,) = (q for q in outcome.quantities if q.metric == metric and q.at("column") == column)
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


def _with(bench: MemoryBench, change: Callable[[Examples], Examples]) -> MemoryBench:
    bench.examples_by_role = {role: change(found) for role, found in bench.examples_by_role.items()}
    return bench


def _column(found: Examples, name: str, values: object) -> Examples:
    inputs = found.inputs
    array = values if isinstance(values, pa.Array) else pa.array(values)
    if name in inputs.column_names:
        return replace(found, inputs=inputs.set_column(inputs.column_names.index(name), name, array))
    return replace(found, inputs=inputs.append_column(name, array))


def _declared(found: Examples, **said: Any) -> Examples:
    return replace(found, declared=replace(found.declared, **said))


def test_a_model_that_knows_its_records_by_heart_shows_a_large_gap() -> None:
    outcome = _measured(toy(3, remembered=1.0))
    assert _of(outcome, "members-share").value == 1.0
    assert _of(outcome, "inference-gap").low > 0.1
    assert _of(outcome, "inference-over-imputation").low > 0.1


def test_a_model_that_goes_by_likeness_shows_none_however_often_it_is_right() -> None:
    outcome = _measured(toy(3, remembered=0.0))
    assert _of(outcome, "members-share").low > _of(outcome, "majority-share").high
    gap, lead = _of(outcome, "inference-gap"), _of(outcome, "inference-over-imputation")
    assert gap.low <= 0 <= gap.high
    assert lead.low <= 0 <= lead.high


class _Nearest(ToyClassifier):
    """Answers as the nearest row it was trained on does; the sensitive value is one of the columns it compares."""

    def __init__(self, rows: pa.Table, targets: Ints) -> None:
        super().__init__(inputs=("x", "y", "status"), n_inputs=3)
        self.rows, self.targets = self._points(rows), targets

    @property
    def recipe(self) -> Recipe | None:
        return None

    def _points(self, rows: pa.Table) -> Floats:
        status = [float(value == "q") for value in rows.column("status").to_pylist()]
        return np.stack([np.asarray(rows.column("x")), np.asarray(rows.column("y")), 0.3 * np.asarray(status)], axis=1)

    def predict_proba(self, inputs: pa.Table) -> Floats:
        far = ((self._points(inputs)[:, None] - self.rows) ** 2).sum(axis=2)
        weights = np.exp(-far * 50) + 1e-300
        is_second = (weights * self.targets).sum(axis=1) / weights.sum(axis=1)
        return np.stack([1 - is_second, is_second], axis=1)


def test_a_nearest_neighbour_that_takes_the_sensitive_column_gives_it_away() -> None:
    bench = toy(1, remembered=0.0)
    rng = np.random.default_rng(0)

    def placed(found: Examples) -> Examples:
        inputs = pa.table(
            {"x": rng.random(found.n) * 9, "y": rng.random(found.n) * 9, "status": found.inputs.column("status")}
        )
        return _declared(
            replace(found, inputs=inputs, targets=rng.integers(0, 2, found.n).astype(np.int64)), sensitive=("status",)
        )

    _with(bench, placed)
    members = bench.examples_by_role[Role.TRAIN_DATA]
    bench.the_classifier = _Nearest(members.inputs, members.targets)
    outcome = _measured(bench)
    assert _of(outcome, "inference-gap").low > 0.1
    assert _of(outcome, "members-share").low > _of(outcome, "imputed-share").high


def test_a_model_that_ignores_the_column_ties_and_ties_are_no_lead() -> None:
    class Deaf(ToyClassifier):
        def _sure(self, key: str, kind: str, value: str) -> float:
            return 0.8

    bench = toy(0, remembered=0.0)
    bench.the_classifier = Deaf()
    outcome = _measured(bench)
    assert _of(outcome, "members-share").value == pytest.approx(0.5, abs=0.1)
    assert _of(outcome, "inference-gap").low <= 0 <= _of(outcome, "inference-gap").high
    assert "0 of 0 guesses on members" in _said(outcome)
    assert not bench.pointers


def test_numbers_are_corrected_over_the_columns_and_told_by_column() -> None:
    bench = toy(0, remembered=1.0)

    def second(found: Examples) -> Examples:
        return _declared(_column(found, "age", list(range(found.n))), sensitive=("status", "age", "country"))

    outcome = _measured(_with(bench, second))
    assert _of(outcome, "inference-gap").confidence == _of(outcome, "control-found", "age").confidence == 0.975
    assert _of(outcome, "inference-gap", "country").confidence == 1.0
    assert "age: 10 ranges" in _said(outcome)


@pytest.mark.parametrize(
    ("change", "kind", "said"),
    [
        (lambda f: _declared(f, sensitive=()), NotMeasured, 'at the artefact train.csv: sensitive = ["COLUMN"]'),
        (lambda f: _declared(f, sensitive=("statsu",)), NotMeasured, "no column named statsu"),
        (lambda f: _declared(f, sensitive=("note",)), NotApplicable, "takes none of the sensitive columns (note)"),
        (lambda f: _declared(f, sensitive=("answer",)), NotApplicable, "takes none of the sensitive columns (answer)"),
        (lambda f: replace(f, inputs=f.inputs.slice(0, 0), targets=f.targets[:0], labels=(), records=f.records[:0],
                           persons=f.persons[:0], beside=f.beside.slice(0, 0)), NotMeasured, "no row of train-data"),
    ],
)  # fmt: skip
def test_silence_says_why(change: Callable[[Examples], Examples], kind: type[Outcome], said: str) -> None:
    def of_members(found: Examples) -> Examples:
        return change(found) if found.labels[0] == "train.csv" else _declared(found, sensitive=())

    outcome = _measure(_with(toy(0, remembered=0.5), of_members))
    assert isinstance(outcome, kind)
    assert said in _said(outcome)


def test_what_is_no_input_is_left_to_another_probe() -> None:
    outcome = _measured(
        _with(toy(0, remembered=0.5), lambda f: _declared(f, sensitive=("status", "note", "answer", "x")))
    )
    said = _said(outcome)
    assert "does not take note: whether it tells" in said
    assert "answer is what the model predicts" in said
    assert "no column is named x" in said
    assert {q.at("column") for q in outcome.quantities if q.by} == {"status"}


def test_members_and_others_that_differ_are_not_compared() -> None:
    bench = toy(0, remembered=1.0)
    bench.evidence_by_slug = {"shift-gate": gate(0.7, 0.66, 0.74)}
    assert "differ without the model" in _said(_measure(bench))


def test_a_column_with_one_value_holds_nothing_to_guess_unless_not_all_was_seen() -> None:
    seen = _of(_measured(toy(0, remembered=1.0)), "inference-gap", "country")
    assert (seen.low, seen.high, seen.n, seen.confidence) == (0.0, 0.0, 0, 1.0)
    outcome = _measured(_with(toy(0, remembered=1.0), lambda f: replace(f, n_records=f.n + 1)))
    unseen = _of(outcome, "inference-gap", "country")
    assert (unseen.low, unseen.high, unseen.n) == (-1.0, 1.0, 0)


def test_only_columns_with_nothing_to_guess() -> None:
    outcome = _measured(_with(toy(0, remembered=1.0), lambda f: _declared(f, sensitive=("country",))))
    assert {q.metric for q in outcome.quantities} == {
        "inference-gap",
        "inference-over-imputation",
        "worst-inference-gap",
    }
    assert "1 different values among the rows drawn" in _said(outcome)
    assert "too few rows" not in _said(outcome)


def test_a_column_of_a_hundred_thousand_values_is_tried_as_far_as_it_goes() -> None:
    bench = toy(0, remembered=1.0)
    n = 50_000
    rng = np.random.default_rng(0)

    def wide(found: Examples, label: str) -> Examples:
        made = people(rng, n, label)
        return _declared(_column(made, "name", [f"{label} {row}" for row in range(n)]), sensitive=("name",))

    bench.examples_by_role = {role: wide(found, role.value) for role, found in bench.examples_by_role.items()}
    bench.the_classifier = ToyClassifier()
    outcome = _measured(bench, records=n)
    gap = _of(outcome, "inference-gap", "name")
    assert gap.n < 50
    assert gap.low < -0.2 < 0.2 < gap.high
    assert "50 commonest were tried" in _said(outcome)
    assert "most_values=" in _said(outcome)
    assert "train-data 1" not in _said(outcome)


def test_missing_values_are_left_out_and_told() -> None:
    def holes(found: Examples) -> Examples:
        values = found.inputs.column("status").to_pylist()
        return _column(found, "status", [None if n % 3 == 0 else value for n, value in enumerate(values)])

    outcome = _measured(_with(toy(0, remembered=1.0), holes))
    assert _of(outcome, "members-share").n == 200
    assert "status: 200 rows have no value" in _said(outcome)
    nobody = _measured(_with(toy(0, remembered=1.0), lambda f: _column(f, "status", pa.nulls(f.n, pa.string()))))
    assert _of(nobody, "inference-gap").n == 0
    assert "status: 0 different values" in _said(nobody)


def test_a_value_that_only_members_have_leaves_the_gap_open() -> None:
    bench = toy(0, remembered=1.0)
    held_out = bench.examples_by_role[Role.HELD_OUT]
    bench.examples_by_role = {
        Role.TRAIN_DATA: bench.examples_by_role[Role.TRAIN_DATA],
        Role.HELD_OUT: _column(held_out, "status", pa.nulls(held_out.n, pa.string())),
    }
    outcome = _measured(bench)
    assert (_of(outcome, "inference-gap").low, _of(outcome, "inference-gap").high) == (-1.0, 1.0)
    assert _of(outcome, "others-share").n == 0


def test_numbers_here_and_texts_there_are_told() -> None:
    bench = toy(0, remembered=1.0)
    changed = {
        role: _column(found, "country", [1 if role is Role.HELD_OUT else "here"] * found.n)
        for role, found in bench.examples_by_role.items()
    }
    bench.examples_by_role = changed
    outcome = _measure(bench)
    assert isinstance(outcome, NotMeasured)
    assert "different kinds of values in: country" in _said(outcome)


def test_one_row_stands_for_a_person() -> None:
    def of_few(found: Examples) -> Examples:
        start = 0 if found.labels[0] == "train.csv" else 1000
        return _declared(replace(found, persons=start + np.arange(found.n) // 3), person="who")

    outcome = _measured(_with(toy(0, remembered=1.0), of_few))
    members = _of(outcome, "members-share")
    assert (members.n, members.n_of) == (100, "person")
    assert "200 more of the training data" in _said(outcome)


class _Broken:
    says = phrase("broken")
    bagged = None

    @property
    def overfitted(self) -> Recipe:
        return self

    def shadows(
        self, inputs: pa.Table, targets: Ints, subsets: Bools, *, seed: int, stop: Callable[[int], None] | None = None
    ) -> Iterator[Floats]:
        not_measured(phrase("the recipe raises"), phrase("mend it"))


class _Blunt(_Broken):
    """Its copies know nothing."""

    def shadows(
        self, inputs: pa.Table, targets: Ints, subsets: Bools, *, seed: int, stop: Callable[[int], None] | None = None
    ) -> Iterator[Floats]:
        yield ToyClassifier().predict_proba(inputs)


@pytest.mark.parametrize(
    ("recipe", "said"),
    [(None, "how the classifier was made is not known"), (_Broken(), "the recipe raises"), (_Blunt(), "finds nothing even there")],
)  # fmt: skip
def test_where_no_known_leak_is_found_it_is_said(recipe: Recipe | None, said: str) -> None:
    class Toy(ToyClassifier):
        @property
        def recipe(self) -> Recipe | None:
            return recipe

    bench = toy(0, remembered=0.0)
    bench.the_classifier = Toy()
    outcome = _measured(bench)
    assert said in _said(outcome)
    assert all(q.low <= 0 for q in outcome.quantities if q.metric == "control-found")


def test_a_column_whose_control_could_not_be_tried_is_not_left_out() -> None:
    """Left out, the control of another column would vouch for it."""
    none = Control(name="status", hits_in=0, n_in=0, hits_out=3, n_out=4)
    quantity = control_found(none, 0.95, "row")
    assert (quantity.low, quantity.value, quantity.high, quantity.n) == (-1, 0, 1, 0)
    assert quantity.by == STATUS


def test_where_a_leak_is_found_the_owner_is_shown_the_records_and_nobody_else() -> None:
    bench = toy(0, remembered=1.0)
    outcome = _measured(bench)
    assert bench.pointers
    assert {p.label for p in bench.pointers} == {"train.csv"}
    said = _said(outcome)
    assert not any(key in said for key in bench.examples_by_role[Role.TRAIN_DATA].inputs.column("key").to_pylist())


def test_the_time_allowed_fixes_the_sample() -> None:
    bench = toy(0, remembered=1.0)
    bench.budget = FixedBudget(3 * 2 * 50 * 5e-5 * 100 + 1e-6)
    assert _of(_measured(bench), "members-share").n == 100
    bench.budget = FixedBudget(1e-3)
    outcome = _measure(bench)
    assert isinstance(outcome, NotMeasured)
    assert "--budget" in _said(outcome)


def test_notes_of_the_model_are_told() -> None:
    bench = toy(0, remembered=1.0)
    model = remembering(bench.examples_by_role[Role.TRAIN_DATA].inputs)
    model.notes = (phrase("it was saved by another version"),)
    bench.the_classifier = model
    assert "it was saved by another version" in _said(_measured(bench))


def test_a_declaration_beside_the_held_out_data_counts_too() -> None:
    bench = toy(0, remembered=1.0)
    bench.examples_by_role = {
        role: replace(found, declared=Declared(sensitive=("status",) if role is Role.HELD_OUT else ()))
        for role, found in bench.examples_by_role.items()
    }
    assert _of(_measured(bench), "members-share").n == 300


def test_every_note_is_a_phrase() -> None:
    assert all(isinstance(note, Phrase) for note in _measured(toy(0, remembered=0.5)).notes)


def test_people_on_both_sides_are_no_others() -> None:
    outcome = _measured(_with(toy(0, remembered=1.0), lambda f: _declared(replace(f, persons=f.persons + 100 * (f.labels[0] != "train.csv")), person="who")))  # fmt: skip
    assert _of(outcome, "others-share").n == 100
    assert "200 held-out rows are of people in the training data" in _said(outcome)


def test_a_column_is_told_as_declared_and_asked_as_the_model_calls_it() -> None:
    features = ("id", "sort", "condition", "place")
    outcome = _measured(
        _with(toy(3, remembered=1.0), lambda f: _declared(f, sensitive=("condition",), features=features))
    )
    assert _of(outcome, "members-share", "condition").value == 1.0
    wrong = _measure(_with(toy(3, remembered=1.0), lambda f: _declared(f, features=features)))
    assert isinstance(wrong, NotMeasured), "status is what the model calls it, not the file"

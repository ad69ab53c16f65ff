from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, fields, replace
from importlib import resources

import numpy as np
import pyarrow as pa
import pytest

from weighbridge.core.candidate import Declared, Role
from weighbridge.core.canon import canonical
from weighbridge.core.card import Card
from weighbridge.core.evidence import Measured, NotMeasured, Outcome, Quantity, Silent, not_measured, outcome_plain
from weighbridge.core.toml import parse
from weighbridge.core.wording import phrase
from weighbridge.maths.membership import ratio_scores
from weighbridge.maths.roc import others_needed
from weighbridge.probekit.bench import FixedBudget, MemoryBench
from weighbridge.probekit.ports import Bools, BudgetSpent, Examples, Floats, Ints, Recipe, Weight
from weighbridge.probes.membership_advantage.attacks import Pool
from weighbridge.probes.membership_advantage.calibration import (
    CALIBRATION,
    LEAST,
    MOST,
    SURE,
    Memory,
    ToyClassifier,
    ToyRecipe,
    bench,
    gate,
)
from weighbridge.probes.membership_advantage.probe import PROBE, Settings
from weighbridge.probes.membership_advantage.quantities import CONFIDENCE, PER_FORM, Form
from weighbridge.probes.membership_advantage.quantities import LEAST as LEAST_ROWS

_TOML = resources.files("weighbridge.probes.membership_advantage") / "probe.toml"
CARD = parse(Card, _TOML.read_text(encoding="utf-8"), file="probe.toml", fix="")
SETTINGS = Settings()


@dataclass(slots=True, kw_only=True)
class Watched(ToyRecipe):
    """Notes what was fitted."""

    seen: list[Bools] = field(default_factory=list)

    def shadows(
        self, inputs: pa.Table, targets: Ints, subsets: Bools, *, seed: int, stop: Callable[[int], None] | None = None
    ) -> Iterator[Floats]:
        self.seen += list(subsets)
        yield from ToyRecipe(share=self.share).shadows(inputs, targets, subsets, seed=seed, stop=stop)


@dataclass(slots=True, kw_only=True)
class Unsteady(Watched):
    """No two of its models are alike, as no two trees are."""

    def shadows(
        self, inputs: pa.Table, targets: Ints, subsets: Bools, *, seed: int, stop: Callable[[int], None] | None = None
    ) -> Iterator[Floats]:
        rng = np.random.default_rng(seed)
        self.seen += list(subsets)
        for told in ToyRecipe(share=self.share).shadows(inputs, targets, subsets, seed=seed, stop=stop):
            shift = rng.uniform(-0.2, 0.2, len(told))
            yield np.clip(told + np.stack([shift, -shift], axis=1), 0, 1)


@dataclass(slots=True, kw_only=True)
class Forest(Watched):
    """Says that it is made of trees."""

    trees: Watched

    @property
    def bagged(self) -> Recipe | None:
        return self.trees


@dataclass(slots=True, kw_only=True)
class Broken(ToyRecipe):
    """Gives no model, or no copy."""

    only_copies: bool

    def shadows(
        self, inputs: pa.Table, targets: Ints, subsets: Bools, *, seed: int, stop: Callable[[int], None] | None = None
    ) -> Iterator[Floats]:
        if not self.only_copies:
            not_measured(phrase("the recipe raises"), phrase("mend it"))
        yield from ToyRecipe(share=self.share).shadows(inputs, targets, subsets, seed=seed, stop=stop)

    @property
    def overfitted(self) -> Recipe:
        return Broken(share=1.0, only_copies=False)


def measured(on: MemoryBench, settings: Settings = SETTINGS) -> Measured:
    outcome = PROBE.measure(on, settings)
    assert isinstance(outcome, Measured), outcome
    return outcome


def silenced(on: MemoryBench, settings: Settings = SETTINGS) -> tuple[str, str]:
    with pytest.raises(Silent) as silent:
        PROBE.measure(on, settings)
    outcome: Outcome = silent.value.outcome
    assert isinstance(outcome, NotMeasured), outcome
    return str(outcome.because), str(outcome.remedy)


def found(got: Measured, metric: str, **by: str) -> Quantity:
    matching = [q for q in got.quantities if q.metric == metric and dict(q.by) == by]
    assert len(matching) == 1, (metric, by)
    return matching[0]


def notes(got: Measured) -> str:
    return "\n".join(str(note) for note in got.notes)


def changed(on: MemoryBench, role: Role, change: Callable[[Examples], Examples]) -> MemoryBench:
    on.examples_by_role = {**on.examples_by_role, role: change(on.examples_by_role[role])}
    return on


def cut(examples: Examples, n: int) -> Examples:
    return replace(
        examples, inputs=examples.inputs[:n], targets=examples.targets[:n], beside=examples.beside[:n],
        labels=examples.labels[:n], records=examples.records[:n], persons=examples.persons[:n], n_records=n,
    )  # fmt: skip


def without_recipe(on: MemoryBench) -> MemoryBench:
    assert isinstance(on.the_classifier, ToyClassifier)
    on.the_classifier = replace(on.the_classifier, recipe=None)
    return on


# ---- The known weights ----


@pytest.mark.parametrize("kind", ["null", "planted"])
def test_the_calibration_is_covered(kind: str) -> None:
    missed: dict[str, int] = {}
    for seed in range(20):
        weight: Weight = getattr(CALIBRATION, kind)(seed)
        got = measured(weight.bench)  # type: ignore[arg-type]  # a calibration's bench is one in memory
        for truth in weight.truths:
            q = found(got, truth.metric, **dict(truth.by))
            missed[str(truth)] = missed.get(str(truth), 0) + (not q.low - 1e-12 <= truth.value <= q.high + 1e-12)
    assert max(missed.values()) <= 2  # of 20 that miss at most 1.7 %: more with probability 0.004


def test_what_the_toy_knows_by_heart_lies_above_all_else() -> None:
    known = ratio_scores(np.full(2, SURE), np.asarray([LEAST, MOST]))
    assert known.min() > ratio_scores(np.asarray([MOST]), np.asarray([MOST]))[0]


def test_every_metric_of_the_card_is_measured_where_there_are_enough_records() -> None:
    got = measured(bench(0, ToyRecipe(share=0.3), n=6500))
    assert {q.metric for q in got.quantities} == {m.name for m in CARD.metric}
    assert {q.at("form") for q in got.quantities} - {None} == set(Form)
    assert found(got, "tpr-at-fpr-0.1pct", form="bytes").low < 0.3 < found(got, "auc", form="bytes").low
    for axis in CARD.axis:
        assert {q.at(axis.name) for q in got.quantities} - {None} <= set(axis.values)
    assert "left out" not in notes(got)


def test_the_card_s_defaults_are_the_probe_s() -> None:
    assert dict(CARD.defaults) == asdict(SETTINGS)
    assert {f.name for f in fields(Settings)} == {s.name for s in CARD.setting}


def test_same_seed_same_bytes() -> None:
    one, other = (canonical(outcome_plain(measured(CALIBRATION.planted(3).bench))) for _ in range(2))  # type: ignore[arg-type]  # likewise
    assert one == other


# ---- Which attack ----


def test_a_forest_is_tried_by_its_trees_and_by_nothing_that_costs_more() -> None:
    trees = Watched(share=0.3)
    forest = Forest(share=0.3, trees=trees)
    got = measured(bench(0, forest), replace(SETTINGS, pool_trees=21))
    assert [len(trees.seen), len(forest.seen)] == [44, 0]  # 22 on all records, 22 for the control
    assert {q.at("attack") for q in got.quantities} - {None} == {"tree-pool", "loss"}
    assert found(got, "models-refitted").value == 22
    assert "chosen by the kind of model before anything was looked at" in notes(got)


def test_models_see_one_half_and_then_the_other() -> None:
    recipe = Watched(share=0.3)
    measured(bench(0, recipe), replace(SETTINGS, references=5))
    of_all = np.stack([subset for subset in recipe.seen if len(subset) == 2000])
    assert of_all.shape == (6, 2000)  # an odd number is rounded up
    assert (of_all[::2] == ~of_all[1::2]).all()
    assert found(measured(bench(0, recipe)), "models-refitted").value == 8


def test_to_look_again_makes_only_the_models_that_are_missing() -> None:
    recipe = Watched(share=0.3)
    on = bench(0, recipe)
    made = []
    for references in (8, 16, 16):
        measured(on, replace(SETTINGS, references=references))
        made.append(len(recipe.seen))
    assert made == [8 + 8, 8 + 8 + 8, 8 + 8 + 8]
    afresh = measured(bench(0, Watched(share=0.3)), replace(SETTINGS, references=16))
    again = measured(on, replace(SETTINGS, references=16))
    assert canonical(outcome_plain(afresh)) == canonical(outcome_plain(again))


def test_to_look_again_at_a_forest_grows_more_trees_and_keeps_the_first() -> None:
    seen, trees = Unsteady(share=0.3), 100
    on = bench(0, Forest(share=0.3, trees=seen))
    at_first = measured(on, replace(SETTINGS, pool_trees=trees))
    grown = [len(seen.seen)]
    looks = []
    for references in (8, 16, 64):
        looks.append(measured(on, replace(SETTINGS, pool_trees=trees, references=references)))
        grown.append(len(seen.seen))
    assert grown == [200, 200, 300, 900]  # 100 of them for the control, the same at each look
    assert canonical(outcome_plain(looks[0])) == canonical(outcome_plain(at_first))
    assert [found(got, "models-refitted").value for got in looks] == [100, 200, 800]
    assert len({found(got, "auc", form="bytes").value for got in looks}) == 3  # each is a look of its own
    assert len({found(got, "auc", form="bytes").n for got in looks}) == 1  # at the same records
    assert len({found(got, "control-found") for got in looks}) == 1


def test_a_later_look_at_a_forest_leaves_the_first_its_sample() -> None:
    forest = Forest(share=0.3, trees=Watched(share=0.3))
    on = bench(0, forest)
    on.budget = FixedBudget(2 * 400 * 1e-5 * 300 + 1e-9)
    few = [found(measured(on, replace(SETTINGS, references=n)), "auc", form="bytes").n for n in (8, 64)]
    assert few == [300, 300]
    on.budget = FixedBudget(2 * 400 * 2 * 1e-5 * 300 + 1e-9)  # beyond the last look, who asks for more has fewer
    assert found(measured(on, replace(SETTINGS, references=128)), "auc", form="bytes").n == 300


def test_each_look_has_a_third_of_the_error_and_forms_share_it() -> None:
    got = measured(bench(0, ToyRecipe(share=0.3)))
    assert found(got, "auc", form="labels").confidence == pytest.approx(1 - 0.05 / 3 / 2)
    assert found(got, "control-found").confidence == pytest.approx(1 - 0.05 / 3 / 2)  # the better of two points
    assert found(got, "auc-of-attack", attack="loss").confidence == pytest.approx(1 - 0.05 / 3 / 4)


def test_without_a_recipe_the_attacks_are_limited_and_said_to_be() -> None:
    got = measured(without_recipe(bench(0, ToyRecipe(share=0.5), n=600)))
    assert {q.at("attack") for q in got.quantities} - {None} == {"stand-in-ratio", "loss"}
    assert found(got, "models-refitted").value == 0
    assert "limited evidence" in notes(got)
    assert "no positive control" in notes(got)
    assert not [q for q in got.quantities if q.metric == "control-found"]
    assert found(got, "auc", form="bytes").low > 0.6  # half of the records are known by heart


def test_where_not_even_a_stand_in_can_be_fitted_sureness_is_left() -> None:
    on = without_recipe(bench(0, ToyRecipe(share=1.0), n=600))

    def nearly_all_alike(examples: Examples) -> Examples:
        targets = np.zeros(examples.n, dtype=np.int64)
        targets[0] = examples.labels[0] == "train.csv"
        return replace(examples, targets=targets)

    for role in (Role.TRAIN_DATA, Role.HELD_OUT):
        changed(on, role, nearly_all_alike)
    got = measured(on)
    assert {q.at("attack") for q in got.quantities} - {None} == {"loss"}


def test_the_form_of_labels_knows_only_whether_the_answer_is_right() -> None:
    class Surer(ToyClassifier):
        def predict_proba(self, inputs: pa.Table) -> Floats:
            told = super().predict_proba(inputs)
            return np.where(told > 0.5, 0.9, 0.1)

    plain = bench(0, ToyRecipe(share=0.3))
    surer = bench(0, ToyRecipe(share=0.3))
    assert isinstance(surer.the_classifier, ToyClassifier)
    surer.the_classifier = Surer(memory=surer.the_classifier.memory, recipe=surer.the_classifier.recipe)
    one, other = measured(plain), measured(surer)
    assert found(one, "auc", form="labels") == found(other, "auc", form="labels")
    assert found(one, "auc", form="probabilities") != found(other, "auc", form="probabilities")
    assert replace(found(one, "auc", form="bytes"), by=()) == replace(found(one, "auc", form="probabilities"), by=())


# ---- What the numbers are about ----


def test_points_that_too_few_records_support_are_left_out_and_the_number_needed_is_named() -> None:
    got = measured(bench(0, ToyRecipe(share=0.3), n=300))
    held = {q.metric for q in got.quantities}
    assert not held & {"tpr-at-fpr-1pct", "tpr-at-fpr-0.1pct", "predictive-value", "records-exposed"}
    assert f"tpr-at-fpr-1pct is left out: it needs {others_needed(0.01, PER_FORM)} records" in notes(got)
    assert f"tpr-at-fpr-0.1pct is left out: it needs {others_needed(0.001, PER_FORM)} records" in notes(got)


def test_columns_whose_numbers_differ_in_width_are_put_together() -> None:
    on = without_recipe(bench(0, ToyRecipe(share=0.3), n=100))
    x = np.linspace(0.1, 0.9, 100)

    def twice(kind: pa.DataType) -> Callable[[Examples], Examples]:
        columns = [pa.array(x), pa.array(np.arange(100), kind)]
        return lambda e: replace(e, inputs=pa.Table.from_arrays(columns, names=["x", "y"]))

    changed(on, Role.TRAIN_DATA, twice(pa.int8()))
    changed(on, Role.HELD_OUT, twice(pa.float64()))
    assert found(measured(on), "auc", form="bytes").n == 100


def test_what_was_not_drawn_counts_among_the_exposed() -> None:
    on = bench(0, ToyRecipe(share=0.3))
    whole = found(measured(on), "records-exposed", form="bytes")
    more = changed(on, Role.TRAIN_DATA, lambda e: replace(e, n_records=10_000, n_repeated=3000, n_unlabelled=2000))
    on.made.clear()
    got = measured(more)
    scaled = found(got, "records-exposed", form="bytes")
    assert scaled.value == pytest.approx(5 * whole.value, abs=5)
    assert scaled.low > 5 * whole.low - 5
    assert "3000 rows of the training data" in notes(got)
    assert "2000 rows left out: their answer is missing" in notes(got)
    assert "may overstate" in notes(got)


def of_persons(examples: Examples, first: int) -> Examples:
    """Three records to each person, named in a column; a person has one number in both roles."""
    persons = first + np.arange(examples.n) // 3
    names = pa.table({"who": [f"zz-marker-{p}" for p in persons]})
    return replace(examples, persons=persons, beside=names, declared=Declared(target="answer", person="who"))


def test_a_person_with_several_records_is_counted_once_and_seen_whole_or_not_at_all() -> None:
    recipe = Watched(share=0.3)
    on = bench(0, recipe)
    changed(on, Role.TRAIN_DATA, lambda e: of_persons(e, 0))
    changed(on, Role.HELD_OUT, lambda e: of_persons(e, 300))  # 34 persons are in both
    got = measured(on)
    q = found(got, "auc", form="bytes")
    assert (q.n, q.n_of) == (300, "person")
    assert "102 held-out records left out: of persons who stand in the training data too" in notes(got)
    subset = next(s for s in recipe.seen if len(s) == 2000 - 102)
    assert (subset[:999].reshape(-1, 3).all(axis=1) == subset[:999].reshape(-1, 3).any(axis=1)).all()
    assert q.low > 0.6
    assert "zz-marker" not in notes(got)


def test_the_slice_that_is_worst_is_found_and_its_column_named() -> None:
    on = bench(0, ToyRecipe(share=0.0), n=3000)
    train = on.examples_by_role[Role.TRAIN_DATA]
    x = np.asarray(train.inputs["x"])
    known = np.flatnonzero(np.asarray(train.beside["group"]) == "b")
    order = known[np.argsort(x[known])]
    on.the_classifier = ToyClassifier(memory=Memory(x[order], train.targets[order]), recipe=ToyRecipe(share=0.0))
    got = measured(on)
    q = found(got, "worst-slice-advantage")
    assert q.low > 0.8
    assert q.confidence == pytest.approx(1 - (1 - CONFIDENCE) / 5)  # two classes and three groups
    assert "one of the groups of group" in notes(got)


@pytest.mark.parametrize("values", [["same"] * 1000, [str(n) for n in range(1000)]])
def test_columns_that_cannot_be_cut_by_are_named(values: list[str]) -> None:
    on = bench(0, ToyRecipe(share=0.3))
    for role in (Role.TRAIN_DATA, Role.HELD_OUT):
        changed(on, role, lambda e: replace(e, beside=pa.table({"group": values})))
    got = measured(on)
    assert "not cut by group" in notes(got)
    assert found(got, "worst-slice-advantage").confidence == pytest.approx(1 - (1 - CONFIDENCE) / 2)


def test_slices_that_are_too_small_are_left_out() -> None:
    on = bench(0, ToyRecipe(share=0.3), n=100)
    changed(on, Role.HELD_OUT, lambda e: cut(e, LEAST_ROWS))
    got = measured(on)
    assert "worst-slice-advantage is left out" in notes(got)


def test_the_records_that_stand_out_are_pointed_out_to_their_owner_alone() -> None:
    on = bench(0, ToyRecipe(share=0.01))
    measured(on)
    train = on.examples_by_role[Role.TRAIN_DATA]
    assert isinstance(on.the_classifier, ToyClassifier)
    known = np.isin(np.asarray(train.inputs["x"]), on.the_classifier.memory.x)
    told = {pointer.record for pointer in on.pointers}
    assert set((np.flatnonzero(known) + 1).tolist()) <= told
    assert len(told) < 2 * known.sum() + 25
    assert {pointer.label for pointer in on.pointers} == {"train.csv"}


def test_nobody_is_pointed_out_more_than_a_hundred_times() -> None:
    on = bench(0, ToyRecipe(share=0.9))
    measured(on)
    assert len(on.pointers) == 100


# ---- The control ----


def test_an_attack_that_cannot_find_a_known_leak_says_so() -> None:
    @dataclass(slots=True, kw_only=True)
    class Hardened(ToyRecipe):
        @property
        def overfitted(self) -> Recipe:
            return ToyRecipe(share=0.0)

    got = measured(bench(0, Hardened(share=0.0)))
    assert found(got, "control-found").low <= 0
    assert "the attack does not find members of a copy" in notes(got)


def test_a_copy_that_cannot_be_made_leaves_the_attack_without_control() -> None:
    got = measured(bench(0, Broken(share=0.3, only_copies=True)))
    assert not [q for q in got.quantities if q.metric == "control-found"]
    assert "no positive control: no copy could be made" in notes(got)
    assert "the recipe raises" in notes(got)


def test_a_control_needs_records() -> None:
    on = bench(0, ToyRecipe(share=0.3))
    changed(on, Role.TRAIN_DATA, lambda e: replace(e, persons=np.arange(e.n) // 10))
    changed(on, Role.HELD_OUT, lambda e: replace(e, persons=1000 + np.arange(e.n) // 10))
    got = measured(on, replace(SETTINGS, control_rows=200))
    assert "no positive control: 200 records are too few for one" in notes(got)


# ---- Silence ----


def test_members_that_differ_without_the_model_are_not_weighed() -> None:
    on = bench(0, ToyRecipe(share=0.3))
    on.evidence_by_slug = {"shift-gate": gate(high=0.6)}
    because, _remedy = silenced(on)
    assert "members and non-members differ" in because
    assert "AUC 0.500, at most 0.600" in notes(measured(on, replace(SETTINGS, blind_auc_at_most=0.6)))


def test_one_class_is_not_measured() -> None:
    on = bench(0, ToyRecipe(share=0.3))
    assert isinstance(on.the_classifier, ToyClassifier)
    on.the_classifier = replace(on.the_classifier, classes=("1",))
    assert "has 1 class:" in silenced(on)[0]


def test_one_answer_is_not_measured() -> None:
    on = bench(0, ToyRecipe(share=0.3))
    for role in (Role.TRAIN_DATA, Role.HELD_OUT):
        changed(on, role, lambda e: replace(e, targets=np.ones(e.n, dtype=np.int64)))
    assert "all 2000 records should get the same answer" in silenced(on)[0]


@pytest.mark.parametrize("role", [Role.TRAIN_DATA, Role.HELD_OUT])
def test_too_few_records_are_not_measured_and_the_number_needed_is_named(role: Role) -> None:
    on = changed(bench(0, ToyRecipe(share=0.3)), role, lambda e: cut(e, LEAST_ROWS - 1))
    because, remedy = silenced(on)
    assert f"{LEAST_ROWS - 1} usable records of role {role.value}; at least {LEAST_ROWS}" in because
    assert f'role = "{role.value}"' in remedy
    got = changed(bench(0, ToyRecipe(share=0.3)), role, lambda e: cut(e, LEAST_ROWS))
    assert min(q.n for q in measured(got).quantities if q.metric == "auc") == LEAST_ROWS


def test_too_few_persons_are_not_measured() -> None:
    on = changed(
        bench(0, ToyRecipe(share=0.3)), Role.HELD_OUT, lambda e: replace(e, persons=2000 + np.arange(e.n) // 20)
    )
    assert "50 usable persons of role held-out" in silenced(on)[0]


def test_columns_that_do_not_go_together_are_not_measured() -> None:
    on = changed(
        bench(0, ToyRecipe(share=0.3)),
        Role.HELD_OUT,
        lambda e: replace(e, inputs=pa.table({"x": ["zz-marker"] * e.n})),
    )
    because, _remedy = silenced(on)
    assert "a column holds values of one kind in the training data" in because
    assert "zz-marker" not in because


def test_too_little_time_is_not_measured_and_less_time_is_a_smaller_sample() -> None:
    on = bench(0, ToyRecipe(share=0.3))
    on.budget = FixedBudget(1.0)
    because, remedy = silenced(on)
    assert because == f"in the 1 s allowed, fewer than {LEAST_ROWS} records of each kind can be tried"
    on.budget = FixedBudget(float(remedy.rsplit(" ", 1)[1]))
    assert LEAST_ROWS <= found(measured(on), "auc", form="bytes").n <= LEAST_ROWS + 20
    on.budget = FixedBudget(20)
    assert found(measured(on), "auc", form="bytes").n == 312


def test_a_recipe_that_gives_no_model_is_not_measured() -> None:
    assert silenced(bench(0, Broken(share=0.3, only_copies=False))) == ("the recipe raises", "mend it")


def test_running_out_of_time_passes_through() -> None:
    on = bench(0, ToyRecipe(share=0.3))

    def spent(done: int, of: int, unit: str) -> None:
        if done == 5:
            raise BudgetSpent

    on.progress = spent  # type: ignore[method-assign]
    with pytest.raises(BudgetSpent):
        PROBE.measure(on, SETTINGS)


def test_progress_is_told_in_models() -> None:
    on = bench(0, ToyRecipe(share=0.3))
    measured(on, replace(SETTINGS, references=16))
    assert {unit for _done, _of, unit in on.ticks} == {"models"}
    assert [done for done, of, _unit in on.ticks if of == 16] == list(range(17))


@pytest.mark.parametrize(
    ("others", "models", "parts"),
    [(100, 8, 2), (299, 8, 2), (300, 8, 4), (5000, 8, 4), (5000, 400, 16), (5000, 6, 2), (5000, 2, 2), (10, 8, 2)],
)
def test_models_to_compare_with_see_about_as_many_records_as_there_are_members(
    others: int, models: int, parts: int
) -> None:
    n = 100 + others
    pool = Pool(
        inputs=pa.table({"x": np.zeros(n)}), targets=np.zeros(n, np.int64), is_member=np.arange(n) < 100,
        persons=np.arange(n),
    )  # fmt: skip
    assert pool.parts(models) == parts

"""Whether it can be found out from a classifier whose records it was trained on."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from weighbridge.core.evidence import Measured, Outcome, Quantity, Silent
from weighbridge.core.wording import Phrase, _
from weighbridge.maths.roc import threshold
from weighbridge.probekit import blind
from weighbridge.probekit.membership import POINTS
from weighbridge.probekit.ports import Bench, Classifier, Probe, Recipe
from weighbridge.probes.membership_advantage import notes
from weighbridge.probes.membership_advantage import quantities as found
from weighbridge.probes.membership_advantage.attacks import BLOCK, Attack, Attacker, Plan, Pool, Scored, known_by_heart
from weighbridge.probes.membership_advantage.sample import Sample

# Nominal costs, from which sample sizes follow: the same on every machine. A forest of 100 trees or a small network was
# measured at 1.2e-4 s per record and model, a single tree at 1.4e-6; here with room for slower ones.
_SECONDS_PER_MODEL_AND_RECORD = 5e-4
_SECONDS_PER_TREE_AND_RECORD = 1e-5  # counted for the first look: the last makes six times as many trees anew
_SECONDS_PER_ANSWER = 2e-2  # of a server, one record at a time
_MOST_MODELS = 64  # the last look counts from the first on: a larger sample later could not be compared
_MODELS_OF_CONTROL = {Attack.RATIO: BLOCK, Attack.TREE_POOL: 100}
_MOST_POINTED_OUT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """As on the card."""

    rows: int = 10_000
    references: int = 8
    pool_trees: int = 400
    control_rows: int = 1000
    blind_auc_at_most: float = 0.55


def measure(bench: Bench, settings: Settings) -> Outcome:
    """Score training records and others by attacks chosen beforehand, and count how well that parts them."""
    model = bench.classifier()
    if len(model.classes) < 2:
        notes.one_class(len(model.classes))
    plan, recipe = _planned(bench, model, settings)
    sample = Sample.drawn(bench, plan.rows)
    gate = blind.interpretable(
        bench, of="table", at_most=settings.blind_auc_at_most
    )  # rows as the classifier takes them
    attacker = Attacker(bench=bench, recipe=recipe, plan=plan)
    bench.progress(0, max(1, plan.models), "models")
    answers = bench.once(f"answers/{sample.pool.n}/{sample.train.n}", lambda: model.predict_proba(sample.pool.inputs))
    scored = attacker.attack(sample.pool, answers, "candidate")
    sliced, told = _worst_slice(bench, scored, sample)
    control, said = _control(attacker, model, sample.pool, settings)
    _point_out(bench, scored, sample)
    return Measured(
        quantities=(
            *found.quantities(scored, sample.n_of, sample.n_all),
            *sliced,
            *control,
            found.models_refitted(plan.models),
        ),
        notes=(
            *notes.of_attack(scored, plan, model, sample.pool),
            *notes.of_sample(sample.train, sample.held_out, sample.pool, sample.n_in_both),
            *(notes.of_size(sample.train, sample.pool, plan) if recipe is not None else ()),
            *notes.unsupported(int((~scored.is_member).sum()), sample.n_of),
            *gate,
            *told,
            said,
        ),
    )


def _planned(bench: Bench, model: Classifier, settings: Settings) -> tuple[Plan, Recipe | None]:
    """The attack that goes with this kind of model, and how many records the time allows."""
    recipe, references = model.recipe, _even(settings.references)
    trees = recipe.bagged if recipe is not None else None
    block = BLOCK
    if trees is not None:  # a tree costs little, so that a later look may have as many more of them as of models
        block = _even(settings.pool_trees)
        headline, models = Attack.TREE_POOL, _even(math.ceil(block * references / BLOCK))
        cost = block * max(1.0, references / _MOST_MODELS) * _SECONDS_PER_TREE_AND_RECORD
    elif recipe is not None:
        headline, models = Attack.RATIO, references
        cost = max(models, _MOST_MODELS) * _SECONDS_PER_MODEL_AND_RECORD
    else:
        headline, models, cost = Attack.STAND_IN, 0, _SECONDS_PER_ANSWER
    rows = min(settings.rows, bench.budget.affords(2 * cost))
    if rows < found.LEAST:
        notes.too_little_time(bench.budget.seconds, 2 * cost * (found.LEAST + 1))
    return Plan(headline=headline, models=models, rows=rows, block=block), trees or recipe


def _even(n: int) -> int:
    """Models are made in pairs, on two halves of the records."""
    return n + n % 2


def _control(
    attacker: Attacker, model: Classifier, pool: Pool, settings: Settings
) -> tuple[tuple[Quantity, ...], Phrase]:
    """The same attack on a copy that knows half of a small sample by heart; the same at each look."""
    if model.recipe is None:
        return (), notes.no_control_recipe()
    try:
        part, probabilities = known_by_heart(attacker.bench, model.recipe, pool, settings.control_rows)
        plan = replace(attacker.plan, models=min(attacker.plan.models, _MODELS_OF_CONTROL[attacker.plan.headline]))
        scored = replace(attacker, plan=plan).attack(part, probabilities, "control")
    except Silent as silent:
        return (), notes.no_control(silent.outcome.because)
    got = found.control(scored, "person" if part.is_by_person else "record")
    if got is None:
        return (), notes.no_control_size(part.n)
    return (got,), notes.control(got.low > 0, got.n)


def _worst_slice(bench: Bench, scored: Scored, sample: Sample) -> tuple[tuple[Quantity, ...], tuple[Phrase, ...]]:
    cut = tuple(sample.ways())
    ways = tuple(way for way in cut if isinstance(way, found.Slices))
    left_out = tuple(way for way in cut if isinstance(way, Phrase))
    got = found.worst_slice(scored, ways, sample.n_of, bench.generator("threshold"))
    if got is None:
        return (), (*left_out, notes.no_slices())
    return (got[0],), (*left_out, notes.worst_slice(got[1].column))


def _point_out(bench: Bench, scored: Scored, sample: Sample) -> None:
    """The training records that stand out most, to their owner alone."""
    train = sample.train
    scores = scored.by_attack[scored.headline][sample.pool.persons[: train.n]]
    level = threshold(scored.parted(scored.headline)[1], POINTS[0][1])
    highest = np.argsort(-scores, kind="stable")[:_MOST_POINTED_OUT]
    says = _("the model gives away that this record is in its training data ({attack})")
    for row in highest[scores[highest] > level].tolist():
        bench.point_out(train.labels[row], int(train.records[row]), says.format(attack=scored.headline.value))


PROBE = Probe(settings=Settings, measure=measure)

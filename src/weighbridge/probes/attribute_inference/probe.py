"""Whether the model completes the records that it was trained on better than those that it never saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from weighbridge.core.candidate import Role
from weighbridge.core.evidence import Measured, Outcome, Silent, not_measured
from weighbridge.core.wording import Phrase, _, phrase
from weighbridge.maths.proportions import corrected
from weighbridge.probekit.blind import interpretable
from weighbridge.probekit.learner import cross_predicted
from weighbridge.probekit.ports import Bench, Classifier, Floats, Ints, Probe
from weighbridge.probes.attribute_inference import notes
from weighbridge.probes.attribute_inference.attack import guesses, replies
from weighbridge.probes.attribute_inference.control import Control, control
from weighbridge.probes.attribute_inference.drawn import Drawn, draw, sort_out
from weighbridge.probes.attribute_inference.shares import (
    CONFIDENCE,
    Trial,
    control_found,
    nothing,
    quantities,
    worst_gap,
)
from weighbridge.probes.attribute_inference.values import Candidates, candidates

# Nominal cost of a row asked about, from which sample sizes follow: a forest of a hundred trees was measured to take
# 3e-5 s of one core; a request over a network takes longer, also where many rows share one.
_SECONDS_PER_ROW, _SECONDS_PER_ROW_SERVED = 5e-5, 2e-3
_SERVED = "endpoint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """As on the card."""

    records: int = 5000
    most_values: int = 50
    ranges: int = 10
    folds: int = 5
    control_records: int = 1000
    blind_auc_at_most: float = 0.55


def measure(bench: Bench, settings: Settings) -> Outcome:
    """Complete every sensitive column that the model takes, of members and of others, and compare."""
    classifier = bench.classifier()
    train, held_out = (bench.examples(role, settings.records) for role in (Role.TRAIN_DATA, Role.HELD_OUT))
    columns = sort_out(train, held_out)
    gate = interpretable(bench, of="table", at_most=settings.blind_auc_at_most)
    n = _affordable(bench, settings, classifier, len(columns.taken))
    drawn = draw(bench, train, held_out, n)
    run = _Run(bench=bench, settings=settings, classifier=classifier, drawn=drawn, n=n)
    found = [run.candidates(name, column) for name, column in columns.taken]
    trials = [run.trial(each) for each in found if each.n > 1]
    controls, told = run.control([each for each in found if each.n > 1])
    confidence = corrected(CONFIDENCE, len(trials))
    numbers = [quantity for trial in trials for quantity in quantities(trial, confidence)]
    for each in found:
        if each.n < 2:
            numbers += nothing(each.name, is_all=drawn.is_all, n_of=drawn.n_of)
    numbers += worst_gap(numbers)
    numbers += [control_found(each, confidence, drawn.n_of) for each in controls]
    _point_out(bench, drawn, trials, confidence)
    said = [*gate, *classifier.notes, *notes.on_columns(columns), *notes.on_drawn(drawn)]
    said += [note for each in found for note in notes.on_candidates(each)]
    said += [note for trial in trials for note in notes.on_trial(trial)]
    return Measured(quantities=tuple(numbers), notes=(*said, *told))


def _affordable(bench: Bench, settings: Settings, classifier: Classifier, n_columns: int) -> int:
    """How many members, others and rows of the control the time allowed affords, if all candidates allowed occur."""
    each = _SECONDS_PER_ROW_SERVED if classifier.kind == _SERVED else _SECONDS_PER_ROW
    asked = 3 * n_columns * max(settings.most_values, settings.ranges)
    n = min(settings.records, bench.budget.affords(each * asked))
    if n < 1:
        not_measured(
            phrase("the time allowed does not reach for one record in {n} sensitive columns", n=n_columns),
            phrase("allow more time: --budget {seconds}", seconds=round(each * asked * 1000)),
        )
    return n


def _point_out(bench: Bench, drawn: Drawn, trials: Sequence[Trial], confidence: float) -> None:
    """The members that the model completes and the other columns do not, where it completes members better at all."""
    for trial in trials:
        if trial.gap(confidence).low <= 0:
            continue
        says = _("the model completes {column} of this record").format(column=trial.found.name)
        for row in trial.told_by_the_model_alone.tolist():
            bench.point_out(drawn.labels[row], int(drawn.records[row]), says)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """One measurement under way."""

    bench: Bench
    settings: Settings
    classifier: Classifier
    drawn: Drawn
    n: int

    def candidates(self, name: str, column: str) -> Candidates:
        """What could stand in a column."""
        cells = self.drawn.rows.inputs.column(column)
        return candidates(name, column, cells, most_values=self.settings.most_values, ranges=self.settings.ranges)

    def trial(self, found: Candidates) -> Trial:
        """The attack on one column, and what the other columns tell."""
        rows = self.drawn.rows
        done, of = 0, int(found.tried.sum()) * found.n

        def ask(table: pa.Table) -> Floats:
            nonlocal done
            self.bench.progress(done, of, "rows")
            done += table.num_rows
            return self.classifier.predict_proba(table)

        replied = replies(ask, rows, found)
        draws = self.bench.generator("ties", found.column).random(len(rows.targets))
        imputed, because = self._imputed(found)
        return Trial(
            found=found, is_member=rows.is_member, guesses=guesses(replied.right, draws), imputed=imputed,
            not_imputed=because, members=replied.members, others=replied.others, n_of=self.drawn.n_of,
        )  # fmt: skip

    def _imputed(self, found: Candidates) -> tuple[Ints | None, Phrase | None]:
        """What the other columns and the right answer tell of a column, without the model; or why nobody can say."""
        rows, tried = self.drawn.rows, found.tried
        inputs = rows.inputs.drop_columns([found.column])
        answer = pa.array(rows.targets).cast(pa.string())
        inputs = inputs.append_column(_unused(inputs.column_names), answer).filter(pa.array(tried))
        seed = int(self.bench.generator("imputation", found.column).integers(2**31))
        truth = found.truth[tried]
        if np.sum(np.bincount(truth) > 1) < 2:
            return None, phrase("hardly a value occurs twice, so nothing can be learnt from the other columns")
        try:
            chances = cross_predicted(
                inputs, truth, n_classes=found.n, groups=None, folds=self.settings.folds, seed=seed
            )
        except Silent as silent:
            return None, silent.outcome.because
        imputed = np.full(len(tried), -1, dtype=np.int64)
        imputed[tried] = chances.argmax(axis=1)
        return imputed, None

    def control(self, found: list[Candidates]) -> tuple[tuple[Control, ...], tuple[Phrase, ...]]:
        """The attack on a model that was made to know some members by heart."""
        recipe = self.classifier.recipe
        if not found:
            return (), ()
        if recipe is None:
            return (), (notes.no_recipe(),)
        try:
            controls = control(recipe, self.drawn.rows, found, self.bench, min(self.settings.control_records, self.n))
        except Silent as silent:
            return (), (notes.no_control(silent.outcome.because),)
        return controls, tuple(notes.on_controls(controls))


def _unused(names: list[str]) -> str:
    """A name that no column has."""
    name = "answer"
    while name in names:
        name += "_"
    return name


PROBE = Probe(settings=Settings, measure=measure)

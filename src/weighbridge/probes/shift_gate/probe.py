"""Whether members can be told from non-members without the model: by their columns or words alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from weighbridge.core.candidate import Subject
from weighbridge.core.evidence import (
    Measured,
    NotApplicable,
    NotMeasured,
    Outcome,
    Quantity,
    Silent,
    not_measured,
)
from weighbridge.core.wording import Phrase, phrase
from weighbridge.maths.proportions import corrected
from weighbridge.maths.separation import FoldScores, separation
from weighbridge.probekit.learner import folds_of
from weighbridge.probekit.ports import Bench, Probe
from weighbridge.probes.shift_gate.features import Feature, scores
from weighbridge.probes.shift_gate.sides import TABLE, TEXT, Asked, Sides, table_sides, text_sides

CONFIDENCE = 0.95
_MOST_FEATURES = 5  # told of a table; the interval of each is corrected for all that were looked at
_OF = {Subject.CLASSIFIER: TABLE, Subject.CAUSAL_LM: TEXT}
_READ: dict[str, Callable[[Bench, Asked], Sides]] = {TABLE: table_sides, TEXT: text_sides}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """As on the card."""

    records_each: int = 5000
    least_each: int = 50
    folds: int = 5


def measure(bench: Bench, settings: Settings) -> Outcome:
    """Put members and non-members beside each other and learn, on some, to tell them apart on the others."""
    asked = Asked(most=settings.records_each, least=settings.least_each, folds=settings.folds)
    read: list[Sides] = []
    silent: list[tuple[str, NotApplicable | NotMeasured]] = []
    for of in [of for subject, of in _OF.items() if subject in bench.candidate.subjects] or [TABLE, TEXT]:
        try:
            read.append(_READ[of](bench, asked))
        except Silent as nothing:
            silent.append((of, nothing.outcome))
    if not read:
        _leave(silent)
    quantities: list[Quantity] = []
    notes = [phrase("{of}: {because}", of=of, because=str(outcome.because)) for of, outcome in silent]
    for sides in read:
        bench.progress(0, len(sides.is_member), "records")
        told, said = _told(bench, sides, asked, corrected(CONFIDENCE, len(read)))
        quantities += told
        notes += said
    return Measured(quantities=tuple(quantities), notes=tuple(notes))


def _leave(silent: list[tuple[str, NotApplicable | NotMeasured]]) -> None:
    """Leave with what kept us; where two things did, with both."""
    remedies = [outcome.remedy for _, outcome in silent if isinstance(outcome, NotMeasured)]
    if len(silent) == 1 or not remedies:
        raise Silent(silent[0][1])
    because = "; ".join(f"{of}: {outcome.because}" for of, outcome in silent)
    not_measured(phrase("{because}", because=because), remedies[0])


def _told(bench: Bench, sides: Sides, asked: Asked, confidence: float) -> tuple[list[Quantity], tuple[Phrase, ...]]:
    """All quantities of one comparison."""
    seed = int(bench.generator("folds", sides.of).integers(2**31))
    fold = folds_of(sides.is_member.astype(np.int64), groups=sides.groups, folds=asked.folds, seed=seed)
    groups = np.arange(len(fold)) if sides.groups is None else sides.groups
    scored = FoldScores(scores=sides.predict(seed), is_positive=sides.is_member, fold=fold, groups=groups)
    blind = _auc("blind-auc", sides, scored, confidence, ())
    single, features = [], sides.features()
    for feature in features:
        bench.progress(0, len(fold), "records")
        alone = FoldScores(
            scores=scores(feature, sides.is_member, fold), is_positive=sides.is_member, fold=fold, groups=groups
        )
        single.append((feature, alone))
    told = [
        _auc("single-feature-auc", sides, alone, corrected(confidence, len(features)), (("feature", feature.name),))
        for feature, alone in _one_of_each_name(single)
    ]
    told.sort(key=lambda q: (-q.value, q.by))
    return [blind, *_shared(sides), *told[:_MOST_FEATURES]], (*sides.notes, *_differ(sides, blind, told))


def _auc(metric: str, sides: Sides, scored: FoldScores, confidence: float, by: tuple[tuple[str, str], ...]) -> Quantity:
    found = separation(scored, confidence)
    return Quantity(
        metric=metric, value=found.value, low=found.low, high=found.high, confidence=confidence, unit="1",
        n=sides.n_individuals, n_of=sides.n_of, by=(("of", sides.of), *by),
    )  # fmt: skip


def _shared(sides: Sides) -> list[Quantity]:
    """Held-out records that stand in the training data: counted, and an upper end where files were not read."""
    counts = {"shared-records": sides.shared.exact}
    if sides.of == TEXT:
        counts["nearly-shared-records"] = sides.shared.alike
    return [
        Quantity(
            metric=metric, value=count, low=count, high=count + sides.may_share_more,
            confidence=1.0, unit="count", n=sides.shared.n, n_of="record", by=(("of", sides.of),),
        )
        for metric, count in counts.items()
    ]  # fmt: skip


def _one_of_each_name(single: list[tuple[Feature, FoldScores]]) -> list[tuple[Feature, FoldScores]]:
    """Two columns of one name would be one quantity reported twice; the first speaks."""
    return list({feature.name: (feature, alone) for feature, alone in reversed(single)}.values())


def _differ(sides: Sides, blind: Quantity, told: list[Quantity]) -> tuple[Phrase, ...]:
    """What tells most, where anything does beyond chance."""
    if blind.low <= 0.5 or not told:
        return ()
    best = told[0]
    return (
        phrase(
            "{of}: members and non-members can be told apart without the model (AUC {value:.3f}; 0.5 is a guess); what "
            "tells most by itself is {feature} ({alone:.3f})",
            of=sides.of,
            value=blind.value,
            feature=str(best.at("feature")),
            alone=best.value,
        ),
    )


PROBE = Probe(settings=Settings, measure=measure)

"""One probe as the report tells it: question, pictures, numbers, and what a clean result does not show."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace

from weighbridge.core.candidate import Scalar
from weighbridge.core.card import Card
from weighbridge.core.evidence import (
    Evidence,
    Failed,
    Measured,
    NotApplicable,
    NotMeasured,
    Outcome,
    Quantity,
    is_imported,
    outcome_name,
)
from weighbridge.core.wording import _
from weighbridge.report.neutral import anchor, capital, clean, ended, instruction, sentence
from weighbridge.report.numbers import basis_in_words, counted_in_words, found_in_words, sureness_in_words
from weighbridge.report.pictures import Drawing, axis_label, drawings, worst_first
from weighbridge.report.words import cost_in_words, lifecycle_in_words, outcome_in_words


@dataclass(frozen=True, slots=True, kw_only=True)
class RowTold:
    """One number."""

    by: tuple[tuple[str, str, bool], ...]  # axis, value, and whether the value is the candidate's own word
    found: str
    sureness: str
    counted: str
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricTold:
    """All numbers of one metric."""

    name: str
    says: str
    axes: tuple[tuple[str, str], ...]  # axis and what it is
    rows: tuple[RowTold, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeTold:
    """One probe: what it asked, what came out, what that does not show."""

    slug: str
    anchor: str  # where links to it lead
    title: str
    question: str
    outcome: str  # as in JSON
    outcome_words: str
    lifecycle: str
    because: str
    remedy: str
    drawings: tuple[Drawing, ...]
    metrics: tuple[MetricTold, ...]
    notes: tuple[str, ...]
    cannot_show: str
    command: str
    cost: str
    version: int
    seed: int
    settings: tuple[tuple[str, str], ...]
    digest: str
    sources: tuple[str, ...]


def split(metrics: Sequence[MetricTold], most: int) -> tuple[tuple[MetricTold, ...], tuple[MetricTold, ...]]:
    """The metrics with the first so many of their numbers, and with the rest; a rest of a few is no rest."""
    if sum(len(metric.rows) for metric in metrics) <= most * 5 // 4:
        return tuple(metrics), ()
    first, rest = [], []
    for metric in metrics:
        if most > 0:
            first.append(replace(metric, rows=metric.rows[:most]))
        if len(metric.rows) > most:
            rest.append(replace(metric, rows=metric.rows[most:]))
        most = max(0, most - len(metric.rows))
    return tuple(first), tuple(rest)


def probe_title(card: Card | None, slug: str) -> str:
    """The probe's title; its slug where the card is not at hand."""
    return clean(_(card.title)) if card else clean(slug)


def place_of(evidence: Evidence) -> str:
    """Where links to a piece of evidence lead; of one tool several reports may have been imported."""
    slug = anchor(evidence.probe)
    return f"probe-{slug}-{evidence.digest[-8:]}" if is_imported(evidence.probe) else f"probe-{slug}"


def probe_told(evidence: Evidence, card: Card | None, repeat: Sequence[str]) -> ProbeTold:
    """One piece of evidence with its card, which may be missing where a probe was uninstalled since."""
    asked, outcome = evidence.asked, evidence.outcome
    because, remedy = _reason(outcome)
    quantities = outcome.quantities if isinstance(outcome, Measured) else ()
    notes = outcome.notes if isinstance(outcome, Measured) else ()
    return ProbeTold(
        slug=clean(asked.probe),
        anchor=place_of(evidence),
        title=probe_title(card, asked.probe),
        question=clean(_(card.question)) if card else "",
        outcome=outcome_name(outcome),
        outcome_words=_("read from another tool's report") if is_imported(asked.probe) else outcome_in_words(outcome),
        lifecycle=lifecycle_in_words(card.lifecycle) if card else "",
        because=because,
        remedy=remedy,
        drawings=drawings(card, quantities) if card else (),
        metrics=_metrics(quantities, card),
        notes=tuple(sentence(note) for note in notes),
        cannot_show=ended(clean(_(card.cannot_show))) if card and isinstance(outcome, Measured) else "",
        command=_command(evidence, card, repeat),
        cost=cost_in_words(card.cost) if card and not is_imported(asked.probe) else "",
        version=asked.version,
        seed=asked.seed,
        settings=tuple((clean(name), clean(_written(value))) for name, value in asked.settings),
        digest=evidence.digest,
        sources=tuple(clean(source) for source in card.sources) if card else (),
    )


def _reason(outcome: Outcome) -> tuple[str, str]:
    match outcome:
        case Measured():
            return "", ""
        case NotApplicable():
            return sentence(outcome.because), ""
        case NotMeasured():
            return sentence(outcome.because), instruction(outcome.remedy)
        case Failed():
            remedy = _(
                "Run it again; if it breaks again, this is a fault of the probe, and worth reporting to its makers."
            )
            return sentence(outcome.error), remedy


def _metrics(quantities: Sequence[Quantity], card: Card | None) -> tuple[MetricTold, ...]:
    """Quantities by metric, in the card's order; what the card does not know comes last."""
    known = [metric.name for metric in card.metric] if card else []
    names = sorted({q.metric for q in quantities}, key=lambda n: (known.index(n) if n in known else len(known), n))
    return tuple(_metric(name, [q for q in quantities if q.metric == name], card) for name in names)


def _metric(name: str, quantities: Sequence[Quantity], card: Card | None) -> MetricTold:
    metric = card.metric_named(name) if card else None
    used = list(dict.fromkeys(axis for q in quantities for axis, _value in q.by))
    says = {axis.name: _(axis.says) for axis in card.axis} if card else {}
    used.sort(key=lambda axis: (list(says).index(axis) if axis in says else len(says), axis))
    orders = {axis: {value: n for n, value in enumerate(worst_first(card, axis, quantities))} for axis in used}

    def place(q: Quantity) -> tuple[int, list[tuple[int, int]]]:
        by = dict(q.by)
        return len(by), [(n, orders[axis][by[axis]]) for n, axis in enumerate(used) if axis in by]

    return MetricTold(
        name=clean(name),
        says=capital(clean(_(metric.says))) if metric else clean(name),
        axes=tuple((clean(_(axis)), clean(says[axis])) for axis in used if axis in says),
        rows=tuple(_row(q, card) for q in sorted(quantities, key=place)),
    )


def _row(q: Quantity, card: Card | None) -> RowTold:
    return RowTold(
        by=tuple((clean(_(axis)), *axis_label(card, axis, value)) for axis, value in q.by),
        found=found_in_words(q),
        sureness=sureness_in_words(q),
        counted=counted_in_words(q.n, q.n_of),
        basis=basis_in_words(q.basis),
    )


def _command(evidence: Evidence, card: Card | None, repeat: Sequence[str]) -> str:
    """A command that can be pasted; settings at their default are left out."""
    asked = evidence.asked
    if is_imported(asked.probe):
        path = next((word for word in repeat[2:] if not word.startswith("-")), "DIR")
        role = str(dict(asked.settings).get("claimed-by", "ROLE"))
        return clean(shlex.join([*repeat[:1], "import-report", path, "FILE", "--as", role]))
    defaults = dict(card.defaults) if card else {}
    changed = [(name, value) for name, value in asked.settings if name not in defaults or defaults[name] != value]
    sets = [part for name, value in changed for part in ("--set", f"{asked.probe}.{name}={_written(value)}")]
    return clean(shlex.join([*repeat, "--probe", asked.probe, "--seed", str(asked.seed), *sets]))


def _written(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)

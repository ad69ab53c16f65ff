"""What many outputs of a model tell together: of the rows a table was made from, and of people in what it writes."""

from __future__ import annotations

from dataclasses import dataclass

from weighbridge.core.candidate import Subject
from weighbridge.core.evidence import Measured, NotApplicable, NotMeasured, Outcome, Silent
from weighbridge.maths.proportions import clopper_pearson, largest
from weighbridge.maths.synthetic import Attempt, share_gap
from weighbridge.probekit.formats import is_table, is_text
from weighbridge.probekit.ports import Bench, Probe
from weighbridge.probes.model_aggregates import notes
from weighbridge.probes.model_aggregates.attacks import CONFIDENCE, Tried, attack, known_leak
from weighbridge.probes.model_aggregates.report import LEAST, Report, none, quantity
from weighbridge.probes.model_aggregates.tables import Trio, columns_of, drawn, encode, find_trios, is_of_texts, overlap
from weighbridge.probes.model_aggregates.together import OF_THE_MODEL, of_texts

_STRANGE = 0.02  # more of the control among the originals than of these among themselves: it was not kept back. Ours
_LEAK_ROWS = 400  # of the known leak that the attacks are tried on; ours
_ENOUGH = 300  # rows on each side, below which more time is asked for; ours
_PASSES = 4  # over all pairs: nearness, what is inferred, and two halves
_SECONDS_PER_PAIR = 4e-9  # nominal, for one column of one pair of rows; ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """See the card."""

    rows: int = 5000
    made_rows: int = 50_000
    predicates: int = 2000
    most_columns: int = 10


def measure(bench: Bench, settings: Settings) -> Outcome:
    """Attack made-up tables beside a control, and gather what identifies people over all texts.

    Notes
    -----
    Given the made-up table, the control's rows are independent draws, so that their intervals are exact; those of the
    originals are where they were made from it as a whole. Intervals of the attacks hold together (Bonferroni).
    """
    report = Report()
    trios = find_trios(bench)
    has_texts = _has_texts(bench, {trio.made.label for trio in trios})
    if not trios and not has_texts:
        is_writer = Subject.CAUSAL_LM in bench.candidate.subjects
        return notes.no_texts_named() if is_writer else NotApplicable(because=notes.no_outputs())
    _of_tables(bench, trios, settings, report)
    if has_texts:
        try:
            of_texts(bench, report)
        except Silent as silent:
            if isinstance(silent.outcome, NotMeasured):
                report.silent.append(silent.outcome)
    if not report.controls:
        return report.silent[0]
    if not trios:
        report.quantities.append(none("worst-risk-above-control"))
    if not has_texts:
        report.quantities.append(none("trained-identifier-share"))
    found = min(report.controls, key=lambda i: i.low)
    report.quantities.append(quantity("known-leak-found", found, CONFIDENCE, n=len(report.controls), n_of="known leak"))
    said = [said for one in report.silent for said in (one.because, one.remedy)]
    return Measured(quantities=tuple(report.quantities), notes=(*report.notes, *said))


def _has_texts(bench: Bench, made_up: set[str]) -> bool:
    """Whether a model's texts are there: text files, tables with prose, whatever a language model put out."""
    found = bench.candidate.of_role(*OF_THE_MODEL)
    is_writer = Subject.CAUSAL_LM in bench.candidate.subjects
    tables = [t for role in OF_THE_MODEL for t in bench.tables(role) if t.label not in made_up]
    return any(is_text(a.format) and not is_table(a.format) for a in found) or any(
        is_of_texts(table, bench.seed) or (is_writer and not table.declared.score_field) for table in tables
    )


# ---- tables ----


def _of_tables(bench: Bench, trios: list[Trio], settings: Settings, report: Report) -> None:
    tried: list[Tried] = []
    for trio in trios:
        found = _silence(bench, trio, settings) or _attacked(bench, trio, settings, report)
        if isinstance(found, NotMeasured):
            report.silent.append(found)
        else:
            tried.append(found)
    if not tried:
        return
    n = sum(one.n_comparisons for one in tried)
    for one in tried:
        one.n_comparisons = n
    _tell(tried, report)


def _silence(bench: Bench, trio: Trio, settings: Settings) -> NotMeasured | None:
    label = trio.made.label
    if trio.originals is None:
        return notes.no_originals(label)
    if trio.control is None:
        return notes.no_control(label)
    if trio.originals.label == trio.control.label or _are_same(bench, trio.originals.label, trio.control.label):
        return notes.not_kept_back(label)
    least = min(trio.originals.n_rows, trio.control.n_rows, trio.made.n_rows)
    if least < LEAST:
        return notes.too_few(label, least, LEAST)
    if _affordable(bench, trio, settings) < min(least, _ENOUGH):
        return notes.too_long(label, int(_ENOUGH * _seconds_each(trio, settings)) + 1)
    return None


def _are_same(bench: Bench, one: str, other: str) -> bool:
    digests = {a.label: a.digest for a in bench.candidate.artefacts}
    return one in digests and digests.get(one) == digests.get(other)


def _seconds_each(trio: Trio, settings: Settings) -> float:
    """What it nominally takes to attack for one original and one row of the control."""
    return _SECONDS_PER_PAIR * min(settings.made_rows, trio.made.n_rows) * len(trio.columns) * _PASSES * 2


def _affordable(bench: Bench, trio: Trio, settings: Settings) -> int:
    """How many rows are attacked on each side: as many as were asked for, if the time allows."""
    return min(settings.rows, bench.budget.affords(_seconds_each(trio, settings)))


def _attacked(bench: Bench, trio: Trio, settings: Settings, report: Report) -> Tried | NotMeasured:
    assert trio.originals is not None  # noqa: S101  what lacks one was set aside
    assert trio.control is not None  # noqa: S101
    rng = bench.generator("rows", trio.made.label)
    steps = 0

    def tick() -> None:
        nonlocal steps
        steps += 1
        bench.progress(steps, steps + 1, "step")

    tick()
    most = _affordable(bench, trio, settings)
    sizes = ((trio.made, settings.made_rows), (trio.originals, most), (trio.control, most))
    parts = [drawn(each, trio.columns, n, rng) for each, n in sizes]
    table = encode(trio, *parts)
    if share_gap(*overlap(table), CONFIDENCE).low > _STRANGE:
        return notes.not_kept_back(trio.made.label)
    inferring = tuple(columns_of(trio, table, settings.most_columns))
    tried = attack(table, inferring, predicates=settings.predicates, rng=rng, tick=tick)
    leak = known_leak(table, rng=rng, most=_LEAK_ROWS)
    found = attack(leak, inferring[:1], predicates=min(100, settings.predicates), rng=rng, tick=tick)
    report.controls.append(largest(found.gaps().values()))
    report.notes += notes.on_table(trio, table, [p.num_rows for p in parts], tried)
    return tried


def _tell(tried: list[Tried], report: Report) -> None:
    confidence = tried[0].confidence
    gaps = [one.gaps() for one in tried]
    everything = [gap for held in gaps for gap in held.values()]
    n = sum(len(a.originals) for one in tried for a in list(one.attempts.values())[:1])
    report.quantities.append(quantity("worst-risk-above-control", largest(everything), CONFIDENCE, n=n, n_of="row"))
    for name in dict.fromkeys(name for held in gaps for name in held):
        worst = largest(held[name] for held in gaps if name in held)
        attempts = [a for one in tried for a in _attempts(one, name)]
        by = (("attack", name),)
        n_tried, n_of = len(attempts[0].originals), "guess" if attempts[0].is_paired else "row"
        report.quantities.append(quantity("risk-above-control", worst, confidence, n=n_tried, n_of=n_of, by=by))
        shown = max(attempts, key=lambda a: float(a.originals.mean() - a.control.mean()))
        for metric, flags in (("originals-share", shown.originals), ("control-share", shown.control)):
            share = clopper_pearson(int(flags.sum()), len(flags), confidence=confidence)
            report.quantities.append(quantity(metric, share, confidence, n=len(flags), n_of=n_of, by=by))


def _attempts(one: Tried, name: str) -> list[Attempt]:
    if name == "inference":
        return list(one.by_column.values())
    return [one.attempts[name]] if name in one.attempts else []


PROBE = Probe(settings=Settings, measure=measure)

"""What many outputs of a model tell together: of the rows a table was made from, and of people in what it writes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from weighbridge.core.candidate import Role, Subject
from weighbridge.core.evidence import Basis, Measured, NotApplicable, NotMeasured, Outcome, Quantity, Silent
from weighbridge.core.wording import Phrase
from weighbridge.maths.proportions import Interval, clopper_pearson, corrected, difference, largest
from weighbridge.maths.species import expected_different, in_reach, next_is_new
from weighbridge.maths.synthetic import Attempt
from weighbridge.probekit.formats import is_table, is_text
from weighbridge.probekit.identifiers import find
from weighbridge.probekit.ports import Bench, Probe
from weighbridge.probes.model_aggregates import notes
from weighbridge.probes.model_aggregates.attacks import CONFIDENCE, Tried, attack, known_leak
from weighbridge.probes.model_aggregates.tables import Trio, columns_of, drawn, encode, find_trios, is_of_texts
from weighbridge.probes.model_aggregates.texts import Heard, hear, standing_in

LEAST_ROWS = 50  # of originals and of the control: with fewer, no interval says anything. Ours
_PLANTED = 20  # identifiers hidden in texts, to see that they are found
_LEAK_ROWS = 400  # of the known leak that the attacks are tried on; ours
_SECONDS_PER_PAIR = 4e-9  # nominal, for one column of one pair of rows; ours
_OF_THE_MODEL = (Role.OUTPUTS, Role.SAMPLES)
_PARTS = (("1/4", 0.25), ("1/2", 0.5), ("1", 1.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """See the card."""

    rows: int = 5000
    made_rows: int = 50_000
    predicates: int = 2000
    most_columns: int = 10


@dataclass(slots=True, kw_only=True)
class _Report:
    """What was found so far."""

    quantities: list[Quantity] = field(default_factory=list)
    controls: list[Interval] = field(default_factory=list)
    notes: list[Phrase] = field(default_factory=list)
    silent: list[NotMeasured] = field(default_factory=list)


def measure(bench: Bench, settings: Settings) -> Outcome:
    """Attack made-up tables beside a control, and gather what identifies people over all texts.

    Notes
    -----
    Given the made-up table, the control's rows are independent draws, so that their intervals are exact; those of the
    originals are where they were made from it as a whole. Intervals of the attacks hold together (Bonferroni).
    """
    report = _Report()
    trios, has_texts = find_trios(bench), _has_texts(bench)
    if not trios and not has_texts:
        is_writer = Subject.CAUSAL_LM in bench.candidate.subjects
        return notes.no_texts_named() if is_writer else NotApplicable(because=notes.no_outputs())
    _of_tables(bench, trios, settings, report)
    if has_texts:
        try:
            _of_texts(bench, report)
        except Silent as silent:
            if isinstance(silent.outcome, NotMeasured):
                report.silent.append(silent.outcome)
    if not report.controls:
        return report.silent[0]
    if not trios:
        report.quantities.append(_none("worst-risk-above-control"))
    if not has_texts:
        report.quantities.append(_none("trained-identifier-share"))
    found = min(report.controls, key=lambda i: i.low)
    report.quantities.append(
        _quantity("known-leak-found", found, CONFIDENCE, n=len(report.controls), n_of="known leak")
    )
    said = [said for one in report.silent for said in (one.because, one.remedy)]
    return Measured(quantities=tuple(report.quantities), notes=(*report.notes, *said))


def _has_texts(bench: Bench) -> bool:
    """Whether a model's texts are there: text files, or tables with a column of prose."""
    found = bench.candidate.of_role(*_OF_THE_MODEL)
    tables = (table for role in _OF_THE_MODEL for table in bench.tables(role))
    return any(is_text(a.format) and not is_table(a.format) for a in found) or any(
        is_of_texts(table, bench.seed) for table in tables
    )


# ---- tables ----


def _of_tables(bench: Bench, trios: list[Trio], settings: Settings, report: _Report) -> None:
    tried: list[Tried] = []
    for trio in trios:
        silent = _silence(bench, trio, settings)
        if silent is not None:
            report.silent.append(silent)
            continue
        tried.append(_attacked(bench, trio, settings, report))
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
    least = min(trio.originals.n_rows, trio.control.n_rows)
    if least < LEAST_ROWS or trio.made.n_rows < LEAST_ROWS:
        return notes.too_few(label, min(least, trio.made.n_rows), LEAST_ROWS)
    sizes = [min(settings.rows, t.n_rows) for t in (trio.originals, trio.control)]
    pairs = min(settings.made_rows, trio.made.n_rows) * sum(sizes) * len(trio.columns) * 4
    if bench.budget.affords(_SECONDS_PER_PAIR) < pairs:
        return notes.too_long(label, int(pairs * _SECONDS_PER_PAIR) + 1)
    return None


def _attacked(bench: Bench, trio: Trio, settings: Settings, report: _Report) -> Tried:
    assert trio.originals is not None  # noqa: S101  what lacks one was set aside
    assert trio.control is not None  # noqa: S101
    rng = bench.generator("rows", trio.made.label)
    steps = 0

    def tick() -> None:
        nonlocal steps
        steps += 1
        bench.progress(steps, steps + 1, "step")

    tick()
    sizes = ((trio.made, settings.made_rows), (trio.originals, settings.rows), (trio.control, settings.rows))
    parts = [drawn(each, trio.columns, n, rng) for each, n in sizes]
    table = encode(trio, *parts)
    inferring = tuple(columns_of(trio, table, settings.most_columns))
    tried = attack(table, inferring, predicates=settings.predicates, rng=rng, tick=tick)
    leak = known_leak(table, rng=rng, most=_LEAK_ROWS)
    found = attack(leak, inferring[:1], predicates=min(100, settings.predicates), rng=rng, tick=tick)
    report.controls.append(largest(found.gaps().values()))
    report.notes += notes.on_table(trio, table, [p.num_rows for p in parts], tried)
    return tried


def _tell(tried: list[Tried], report: _Report) -> None:
    confidence = tried[0].confidence
    gaps = [one.gaps() for one in tried]
    everything = [gap for held in gaps for gap in held.values()]
    n = sum(len(a.originals) for one in tried for a in list(one.attempts.values())[:1])
    report.quantities.append(_quantity("worst-risk-above-control", largest(everything), CONFIDENCE, n=n, n_of="row"))
    for name in dict.fromkeys(name for held in gaps for name in held):
        worst = largest(held[name] for held in gaps if name in held)
        attempts = [a for one in tried for a in _attempts(one, name)]
        by = (("attack", name),)
        n_tried, n_of = len(attempts[0].originals), "guess" if attempts[0].is_paired else "row"
        report.quantities.append(_quantity("risk-above-control", worst, confidence, n=n_tried, n_of=n_of, by=by))
        shown = max(attempts, key=lambda a: float(a.originals.mean() - a.control.mean()))
        for metric, flags in (("originals-share", shown.originals), ("control-share", shown.control)):
            share = clopper_pearson(int(flags.sum()), len(flags), confidence=confidence)
            report.quantities.append(_quantity(metric, share, confidence, n=len(flags), n_of=n_of, by=by))


def _attempts(one: Tried, name: str) -> list[Attempt]:
    if name == "inference":
        return list(one.by_column.values())
    return [one.attempts[name]] if name in one.attempts else []


# ---- texts ----


def _of_texts(bench: Bench, report: _Report) -> None:
    heard = [h for h in (hear(bench, role, report.notes) for role in _OF_THE_MODEL) if h]
    if not heard:
        report.silent.append(notes.no_texts())
        return
    outputs = Heard(keys=[keys for one in heard for keys in one.keys])
    if outputs.n < LEAST_ROWS:
        report.silent.append(notes.too_few_texts(outputs.n, LEAST_ROWS))
        return
    report.quantities += _together(bench, outputs)
    report.quantities += _beside_people(bench, outputs, report)
    report.controls.append(_found_again(bench, outputs))
    report.notes += notes.on_texts(outputs)


def _together(bench: Bench, outputs: Heard) -> Iterator[Quantity]:
    """How many different identifiers turn up, how many more are to come, and which are linked."""
    n, incidences = outputs.n, outputs.incidences()
    for name, part in _PARTS:
        expected = expected_different(incidences, n, max(1, int(n * part)))
        exact = Interval(expected, expected, expected)
        by = (("outputs", name),)
        yield _quantity("different-identifiers", exact, 1.0, n=max(1, int(n * part)), n_of="text", by=by, unit="count")
    reach = in_reach(incidences, n, confidence=CONFIDENCE)
    yield _quantity("identifiers-in-reach", reach, CONFIDENCE, n=n, n_of="text", unit="count", basis=Basis.MODELLED)
    shows_new = outputs.shows_new(bench.generator("order").permutation(n))
    yield _quantity("new-identifier-share", next_is_new(shows_new), CONFIDENCE, n=len(shows_new), n_of="text")
    joined = float(outputs.joined())
    yield _quantity("joined-identifiers", Interval(joined, joined, joined), 1.0, n=n, n_of="text", unit="count")


def _beside_people(bench: Bench, outputs: Heard, report: _Report) -> Iterator[Quantity]:
    """How often identifiers stand in outputs, in texts of people, and how often they are those of the training text."""
    yield _share("identifier-share", outputs.showing, outputs.n, (("of", "outputs"),))
    controls = {role: hear(bench, role, report.notes) for role in (Role.HUMAN_TEXT, Role.HELD_OUT)}
    for role, control in controls.items():
        if control:
            yield _share("identifier-share", control.showing, control.n, (("of", role.value),))
    control = next((c for c in controls.values() if c), None)
    if control:
        gap = difference(outputs.showing, outputs.n, control.showing, control.n)
        yield _quantity("identifiers-above-control", gap, CONFIDENCE, n=outputs.n, n_of="text")
    else:
        report.notes.append(notes.no_text_control())
    trained = standing_in(bench, Role.TRAIN_DATA, outputs.different, report.notes)
    if trained is None:
        report.notes.append(notes.no_training_text())
        return
    kept_back = controls[Role.HELD_OUT]
    own = trained - (kept_back.different if kept_back else frozenset())
    hits = sum(bool(keys & own) for keys in outputs.keys)
    yield _share("trained-identifier-share", hits, outputs.n, ())


def _found_again(bench: Bench, outputs: Heard) -> Interval:
    """The share of made-up identifiers, hidden among the outputs, that are found again."""
    rng = bench.generator("planted")
    numbers = rng.integers(10**6, 10**7, _PLANTED).tolist()
    planted = [f"as agreed, write to reader{number}@example.org or call +44 20 {number} today" for number in numbers]
    keys = [frozenset(i.key for i in find(text)) for text in planted]
    mixed = Heard(keys=[*outputs.keys, *keys])
    known = frozenset().union(*(frozenset(i.key for i in find(f"reader{number}@example.org")) for number in numbers))
    return clopper_pearson(len(mixed.different & known), _PLANTED, confidence=corrected(CONFIDENCE, 1))


def _none(metric: str) -> Quantity:
    """A number about things of which the candidate has none: a rule on it is then about nothing."""
    return _quantity(metric, Interval(0.0, 0.0, 0.0), 1.0, n=0, n_of="row")


def _share(metric: str, hits: int, n: int, by: tuple[tuple[str, str], ...]) -> Quantity:
    return _quantity(metric, clopper_pearson(hits, n, confidence=CONFIDENCE), CONFIDENCE, n=n, n_of="text", by=by)


def _quantity(  # noqa: PLR0913  one number of a list
    metric: str,
    interval: Interval,
    confidence: float,
    *,
    n: int,
    n_of: str,
    by: tuple[tuple[str, str], ...] = (),
    unit: str = "1",
    basis: Basis = Basis.MEASURED,
) -> Quantity:
    return Quantity(
        metric=metric, value=interval.value, low=interval.low, high=interval.high, confidence=confidence, unit=unit,
        n=n, n_of=n_of, by=by, basis=basis,
    )  # fmt: skip


PROBE = Probe(settings=Settings, measure=measure)

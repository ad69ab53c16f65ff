"""What a model's texts tell together: whom they name, how many more are to come, and what several of them join."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.core.candidate import Role
from weighbridge.core.evidence import Basis, Quantity
from weighbridge.maths.proportions import Interval, clopper_pearson, corrected, difference
from weighbridge.maths.species import expected_different, in_reach, next_is_new
from weighbridge.probekit.identifiers import find
from weighbridge.probekit.ports import Bench
from weighbridge.probes.model_aggregates import notes
from weighbridge.probes.model_aggregates.attacks import CONFIDENCE
from weighbridge.probes.model_aggregates.report import LEAST, Report, quantity
from weighbridge.probes.model_aggregates.texts import Heard, hear, standing_in

OF_THE_MODEL = (Role.OUTPUTS, Role.SAMPLES)
_PARTS = (("1/4", 0.25), ("1/2", 0.5), ("1", 1.0))
_PLANTED = 20  # identifiers hidden in texts, to see that they are found


def of_texts(bench: Bench, report: Report) -> None:
    """Gather what identifies people over all texts, and take what it comes to into the report.

    Raises
    ------
    Silent
        Where the package that checks identifiers is not installed.
    """
    heard = [h for h in (hear(bench, role, report.notes) for role in OF_THE_MODEL) if h]
    if not heard:
        report.silent.append(notes.no_texts())
        return
    outputs = Heard(keys=[keys for one in heard for keys in one.keys])
    if outputs.n < LEAST:
        report.silent.append(notes.too_few_texts(outputs.n, LEAST))
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
        yield quantity("different-identifiers", exact, 1.0, n=max(1, int(n * part)), n_of="text", by=by, unit="count")
    reach = in_reach(incidences, n, confidence=CONFIDENCE)
    yield quantity("identifiers-in-reach", reach, CONFIDENCE, n=n, n_of="text", unit="count", basis=Basis.MODELLED)
    shows_new = outputs.shows_new(bench.generator("order").permutation(n))
    yield quantity("new-identifier-share", next_is_new(shows_new), CONFIDENCE, n=len(shows_new), n_of="text")
    joined = float(outputs.joined())
    yield quantity("joined-identifiers", Interval(joined, joined, joined), 1.0, n=n, n_of="text", unit="count")


def _beside_people(bench: Bench, outputs: Heard, report: Report) -> Iterator[Quantity]:
    """How often identifiers stand in outputs, in texts of people, and how often they are those of the training text."""
    yield _share("identifier-share", outputs.showing, outputs.n, (("of", "outputs"),))
    controls = {role: hear(bench, role, report.notes) for role in (Role.HUMAN_TEXT, Role.HELD_OUT)}
    for role, control in controls.items():
        if control:
            yield _share("identifier-share", control.showing, control.n, (("of", role.value),))
    control = next((c for c in controls.values() if c), None)
    if control:
        gap = difference(outputs.showing, outputs.n, control.showing, control.n)
        yield quantity("identifiers-above-control", gap, CONFIDENCE, n=outputs.n, n_of="text")
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


def _share(metric: str, hits: int, n: int, by: tuple[tuple[str, str], ...]) -> Quantity:
    return quantity(metric, clopper_pearson(hits, n, confidence=CONFIDENCE), CONFIDENCE, n=n, n_of="text", by=by)

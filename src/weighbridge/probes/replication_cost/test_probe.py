from __future__ import annotations

import math
from dataclasses import replace
from importlib import resources

import pytest

from weighbridge.core.candidate import Candidate, Subject
from weighbridge.core.card import Card, Declaration, Shelf
from weighbridge.core.evidence import Basis, Measured, NotMeasured, Outcome, Quantity, Silent
from weighbridge.core.prices import Prices
from weighbridge.core.replication import DataFacts, FineTuning, Obtaining, RecipePart, Replication, Span
from weighbridge.core.toml import parse
from weighbridge.probekit.bench import MemoryBench
from weighbridge.probes.replication_cost.calibration import CALIBRATION, shelf
from weighbridge.probes.replication_cost.probe import PROBE, Settings, measure

FOLDER = resources.files("weighbridge.probes.replication_cost")
FACTS = Replication(
    parameters=1e9,
    tokens=1e10,
    public=(RecipePart.CODE,),
    data=DataFacts(obtaining=Obtaining.OBTAINABLE, usd=Span(low=100, high=1000)),
)


def card() -> Card:
    return parse(Card, (FOLDER / "probe.toml").read_text(encoding="utf-8"), file="probe.toml", fix="")


def bench(
    facts: Replication | None = FACTS,
    subjects: tuple[Subject, ...] = (Subject.CAUSAL_LM,),
    prices: Prices | None = None,
    seed: int = 0,
) -> MemoryBench:
    candidate = Candidate(name="toy", version="1", artefacts=(), subjects=subjects, replication=facts)
    return MemoryBench(candidate=candidate, seed=seed, the_prices=prices or shelf())


def weighed(made: MemoryBench, **settings: object) -> Outcome:
    try:
        return measure(made, Settings(**{"draws": 2000, **settings}))  # type: ignore[arg-type]  # keys are those of Settings
    except Silent as silent:
        return silent.outcome


def told(outcome: Outcome, metric: str, route: str = "train", scenario: str = "") -> Quantity:
    assert isinstance(outcome, Measured), outcome
    by = {"route": route} | ({"scenario": scenario} if scenario else {})
    matching = [q for q in outcome.quantities if q.metric == metric and dict(q.by) == by]
    assert len(matching) == 1, outcome
    return matching[0]


def left(made: MemoryBench, **settings: object) -> NotMeasured:
    outcome = weighed(made, **settings)
    assert isinstance(outcome, NotMeasured), outcome
    return outcome


# what it says


def test_every_cost_has_an_interval_and_is_modelled() -> None:
    outcome = weighed(bench())
    assert isinstance(outcome, Measured)
    for quantity in outcome.quantities:
        assert quantity.low < quantity.value < quantity.high
        assert quantity.basis is Basis.MODELLED
        assert (quantity.n, quantity.n_of, quantity.confidence) == (2000, "draw", 0.95)


def test_hours_follow_from_parameters_and_tokens() -> None:
    hours = told(weighed(bench()), "chip-hours")
    assert hours.value == pytest.approx(6e19 / (0.25 * 1e14 * 3600), rel=0.05)
    ten = told(weighed(bench(replace(FACTS, tokens=1e11))), "chip-hours")
    assert ten.value == pytest.approx(10 * hours.value)


def test_whoever_is_subsidised_pays_less_and_not_nothing() -> None:
    outcome = weighed(bench(replace(FACTS, parameters=1e11, tokens=1e12)))
    paid, given = (told(outcome, "cost-usd", scenario=scenario) for scenario in ("paid", "subsidised"))
    assert 0 < given.value < paid.value / 10


def test_each_route_that_is_declared_is_told() -> None:
    tuned = replace(FACTS, fine_tuning=FineTuning(base="b", parameters=1e8, tokens=1e7))
    outcome = weighed(bench(tuned, (Subject.CAUSAL_LM, Subject.TEXT)))
    assert told(outcome, "compute-usd", "fine-tune").value < told(outcome, "compute-usd", "train").value / 1000
    assert told(outcome, "cost-usd", "fine-tune", "paid").value > told(outcome, "compute-usd", "fine-tune").value
    assert told(outcome, "data-usd", "obtain").value == pytest.approx(10**2.5, rel=0.1)
    with pytest.raises(AssertionError):
        told(outcome, "chip-hours", "obtain")


def test_of_data_alone_only_obtaining_it_is_told() -> None:
    outcome = weighed(bench(Replication(data=FACTS.data), (Subject.TABLE,)))
    assert isinstance(outcome, Measured)
    assert {dict(q.by)["route"] for q in outcome.quantities} == {"obtain"}


def test_without_the_cost_of_data_compute_is_told_and_the_whole_is_not() -> None:
    outcome = weighed(bench(replace(FACTS, data=None)))
    assert told(outcome, "compute-usd").value > 0
    with pytest.raises(AssertionError):
        told(outcome, "cost-usd", scenario="paid")
    assert isinstance(outcome, Measured)
    assert "train: not told in full, since it is not told what its data costs" in "\n".join(map(str, outcome.notes))


def test_unobtainable_data_is_ruled_out_and_not_priced() -> None:
    outcome = weighed(bench(replace(FACTS, data=DataFacts(obtaining=Obtaining.UNOBTAINABLE))))
    assert isinstance(outcome, Measured)
    assert outcome.quantities == ()
    assert "cannot be obtained" in "\n".join(map(str, outcome.notes))


def test_the_day_is_a_setting() -> None:
    now, later = (told(weighed(bench(), as_of=day), "run-usd").value for day in ("2020-01-01", "2024-01-01"))
    assert later == pytest.approx(now * math.exp(-4), rel=0.4)  # on this shelf, prices fall by e in a year
    assert "2024-01-01" in str(weighed(bench(), as_of="2024-01-01"))


# bad input


def test_nothing_declared_is_not_measured() -> None:
    assert "does not tell" in str(left(bench(None)).because)
    assert "parameters and tokens" in str(left(bench(Replication())).because)


@pytest.mark.parametrize(
    "facts",
    [
        Replication(parameters=1.5, tokens=1e9),
        Replication(parameters=-1e9, tokens=1e9),
        Replication(parameters=float("nan"), tokens=1e9),
        Replication(parameters=1e9, tokens=float("inf")),
        Replication(parameters=1e9, tokens=1e10, flop=1e25),
        Replication(parameters=1e9, tokens=1e10, chip_hours=1e-2, chip="toy"),
        Replication(parameters=1e9, chip_hours=1e3, chip="abacus"),
    ],
)
def test_facts_that_cannot_be_are_not_measured(facts: Replication) -> None:
    assert str(left(bench(facts)).remedy)


def test_a_day_before_the_shelf_and_no_day() -> None:
    assert "first price" in str(left(bench(), as_of="2019-12-31").because)
    assert "is none" in str(left(bench(), as_of="1st of May").because)


def test_no_shelf() -> None:
    made = bench()
    made.the_prices = None
    assert "--prices" in str(left(made).remedy)


# promises to the house


def test_card_and_code_agree() -> None:
    made = card()
    assert made.slug.replace("-", "_") == FOLDER.name
    assert Settings(**dict(made.defaults)) == Settings()  # type: ignore[arg-type]  # the card's defaults are these
    assert made.declarations == (Declaration.REPLICATION,)
    assert made.shelves == (Shelf.PRICES,)


@pytest.mark.parametrize("seed", range(3))
def test_known_weights(seed: int) -> None:
    inside = 0
    for weight in (CALIBRATION.null(seed), CALIBRATION.planted(seed)):
        outcome = PROBE.measure(weight.bench, Settings(draws=2000))
        assert isinstance(outcome, Measured)
        found = {(q.metric, q.by): q for q in outcome.quantities}
        inside += sum(found[t.metric, t.by].low <= t.value <= found[t.metric, t.by].high for t in weight.truths)
    assert inside >= 9  # of 14 that depend on each other; each is inside 19 times in 20

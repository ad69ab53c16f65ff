from __future__ import annotations

import math
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from weighbridge.adapters.formats.price_shelf import read_prices
from weighbridge.core.evidence import NotMeasured, Silent
from weighbridge.core.replication import (
    DataFacts,
    Distillation,
    FineTuning,
    Obtaining,
    RecipePart,
    Replication,
    Span,
)
from weighbridge.probekit.bench import generator
from weighbridge.probekit.replication import Draws, Scenario, Terms, draws, set_up
from weighbridge.probekit.ways import Route
from weighbridge.probes.replication_cost.calibration import shelf

DATA = DataFacts(obtaining=Obtaining.OBTAINABLE, usd=Span(low=100, high=20_000))
GPT2 = Replication(
    parameters=1.5e9,
    flop=1.9e21,
    public=(RecipePart.PAPER,),
    data=DATA,
    fine_tuning=FineTuning(base="GPT-2 774M", parameters=7.74e8, tokens=1e9),
    distillation=Distillation(parameters=1e8, tokens=1e8, usd_per_million_tokens=Span(low=1, high=10)),
)


def drawn(facts: Replication = GPT2, seed: int = 0, n: int = 20_000, **terms: object) -> Draws:
    made = Terms(**{"as_of": "2019-08-22", **terms})  # type: ignore[arg-type]  # keys are those of Terms
    return draws(facts, read_prices(), made, n=n, stream=partial(generator, seed))


def left(facts: Replication = GPT2, **terms: object) -> NotMeasured:
    with pytest.raises(Silent) as told:
        drawn(facts, **terms)  # type: ignore[arg-type]  # keys are those of Terms
    assert isinstance(told.value.outcome, NotMeasured)
    return told.value.outcome


def test_the_run_that_was_published_for_50000_dollars_is_inside() -> None:
    low, middle, high = np.quantile(drawn().by_route[Route.TRAIN].run_usd, (0.05, 0.5, 0.95))
    assert low <= 50_000 <= high
    assert 15_000 < middle < 60_000
    assert high / low < 12  # wide, and no wider than that


def test_all_routes_and_scenarios_are_there() -> None:
    made = drawn(holds_data=True)
    assert set(made.usd) == {(route, scenario) for route in Route for scenario in Scenario}
    assert all(usd.shape == (made.n,) and np.isfinite(usd).all() and (usd > 0).all() for usd in made.usd.values())
    for route in (Route.TRAIN, Route.FINE_TUNE, Route.DISTIL):
        assert (made.usd[route, Scenario.SUBSIDISED] <= made.usd[route, Scenario.PAID]).all()
    assert np.array_equal(made.usd[Route.OBTAIN, Scenario.PAID], made.usd[Route.OBTAIN, Scenario.SUBSIDISED])


def test_the_same_seed_gives_the_same_bytes_and_another_other_ones() -> None:
    one, again, other = (drawn(seed=seed, n=500).usd[Route.TRAIN, Scenario.PAID] for seed in (0, 0, 1))
    assert one.tobytes() == again.tobytes()
    assert one.tobytes() != other.tobytes()


def test_one_more_route_shifts_no_draw_of_another() -> None:
    alone = drawn(replace(GPT2, fine_tuning=None, distillation=None), n=500)
    assert np.array_equal(alone.usd[Route.TRAIN, Scenario.PAID], drawn(n=500).usd[Route.TRAIN, Scenario.PAID])


def test_it_grows_cheaper_with_the_years() -> None:
    middle = [
        np.median(drawn(as_of=day).by_route[Route.TRAIN].run_usd) for day in ("2019-02-14", "2022-06-01", "2025-03-17")
    ]
    assert middle[0] > 1.5 * middle[1] > 2 * middle[2]
    now, later = (drawn(as_of=day).by_route[Route.TRAIN].run_usd for day in ("2025-03-17", "2028-03-17"))
    assert np.median(later) < 0.6 * np.median(now)


def test_data_that_nobody_can_have_makes_a_route_endless() -> None:
    made = drawn(replace(GPT2, data=DataFacts(obtaining=Obtaining.UNOBTAINABLE), fine_tuning=None), holds_data=True)
    assert set(made.setup.ruled_out) == {Route.TRAIN, Route.OBTAIN}
    assert np.isinf(made.usd[Route.TRAIN, Scenario.PAID]).all()
    assert Route.TRAIN not in made.by_route
    assert np.isfinite(made.usd[Route.DISTIL, Scenario.PAID]).all()


def test_without_the_cost_of_data_the_whole_is_not_told() -> None:
    made = drawn(Replication(flop=1e21))
    assert not made.usd
    assert made.by_route[Route.TRAIN].run_usd.min() > 0
    assert [route for route, _ in made.setup.untold] == [Route.TRAIN]


def test_notes_tell_the_day_the_chip_and_what_is_far() -> None:
    said = "\n".join(map(str, drawn().setup.notes))
    assert "2019-08-22" in said
    assert "TPU v3" in said
    late = "\n".join(map(str, drawn(as_of="2027-01-01").setup.notes))
    assert "expired on" in late
    assert "years away" in late
    assert "known up to" in late


def test_a_chip_that_is_wanted_is_taken() -> None:
    assert drawn(chip="NVIDIA V100").setup.chip.name == "NVIDIA V100"
    near = drawn(chip="V100S")
    assert near.setup.chip.name == "NVIDIA V100"
    assert "nearest" in "\n".join(map(str, near.setup.notes))


# bad input


def test_what_cannot_be_priced_is_told() -> None:
    assert "2017" in str(left(as_of="2012-01-01").remedy)
    assert "is none" in str(left(as_of="yesterday").because)
    assert "not on the shelf" in str(left(chip="abacus").because)
    assert "no price of" in str(left(chip="AMD Instinct MI300X").because)


def test_facts_that_cannot_be_are_told_also_where_no_file_was_read() -> None:
    assert "replication.parameters is 1.5" in str(left(Replication(parameters=1.5)).because)
    assert "not finite" in str(left(Replication(flop=math.inf)).because)
    assert "more than zero" in str(left(Replication(tokens=-1.0)).because)
    assert "contradicts" in str(left(Replication(parameters=1e9, tokens=1e9, flop=1e20)).because)


def test_nothing_declared() -> None:
    assert "how it was trained" in str(left(Replication()).because)
    assert "data" in str(left(Replication(), holds_model=False, holds_data=True).because)
    assert "nothing is declared" in str(left(Replication(), holds_model=False).because)


def test_a_shelf_of_which_no_chip_was_for_rent_on_that_day() -> None:
    prices = shelf()
    old = replace(prices, chip=(*prices.chip, replace(prices.chip[0], name="old", clustered=False)))
    old = replace(old, price=(*old.price, replace(old.price[0], chip="old", date="2015-01-01")))
    with pytest.raises(Silent) as told:
        set_up(GPT2, old, Terms(as_of="2016-01-01"))
    assert "no chip that large models" in str(told.value.outcome.because)

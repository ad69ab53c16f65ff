from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from weighbridge.adapters.formats.price_shelf import read_prices
from weighbridge.core.evidence import Silent
from weighbridge.core.prices import Chip
from weighbridge.core.replication import (
    DataFacts,
    Distillation,
    FineTuning,
    Obtaining,
    RecipePart,
    Replication,
    Span,
    Staff,
)
from weighbridge.maths.replication import Way
from weighbridge.probekit.ways import Building, Route

PUBLIC = DataFacts(obtaining=Obtaining.PUBLIC)
LM = Replication(parameters=1e9, tokens=1e10, data=PUBLIC)


def chip(name: str) -> Chip:
    match = read_prices().chip_named(name)
    assert match is not None
    return match.chip


def built(facts: Replication, route: Route = Route.TRAIN, on: str = "NVIDIA A100") -> Building:
    building = Building(facts=facts, prices=read_prices(), year=2022.0)
    building.add(route, chip(on))
    return building


def way(facts: Replication, route: Route = Route.TRAIN, on: str = "NVIDIA A100") -> Way:
    building = built(facts, route, on)
    assert [r for r, _ in building.ways] == [route], building.untold
    return building.ways[0][1]


def middle(spread: object) -> float:
    return float(np.median(spread.quantiles))  # type: ignore[attr-defined]  # a spread


def missing(facts: Replication, route: Route = Route.TRAIN) -> str:
    building = built(facts, route)
    assert not building.ways
    return str(building.untold[0][1])


def test_people_take_as_long_as_the_recipe_is_secret() -> None:
    code, paper, nothing = (
        middle(way(replace(LM, public=public)).staff_months) for public in ((RecipePart.CODE,), (RecipePart.PAPER,), ())
    )
    assert code < paper < nothing
    told = replace(LM, staff=Staff(months=Span(low=2, high=2)))
    assert middle(way(told).staff_months) == 2


def test_a_missing_fact_is_named() -> None:
    assert "parameters and tokens" in missing(Replication(data=PUBLIC))
    assert "how many tokens" in missing(Replication(parameters=1e9, data=PUBLIC))
    assert "how many parameters" in missing(Replication(tokens=1e9, data=PUBLIC))
    assert "on which chip" in missing(Replication(chip_hours=5.0, data=PUBLIC))
    assert "how many tokens the student" in missing(
        Replication(distillation=Distillation(flop=1e18, usd_per_million_tokens=Span(low=1, high=2))), Route.DISTIL
    )
    assert "what its data costs" in missing(Replication(), Route.OBTAIN)


def test_without_the_cost_of_data_the_compute_is_told_and_the_whole_is_not() -> None:
    for data in (None, DataFacts(obtaining=Obtaining.OBTAINABLE)):
        building = built(replace(LM, data=data))
        assert building.ways[0][1].data_usd is None
        assert "what its data costs" in str(building.untold[0][1])


def test_data_that_nobody_can_have_rules_a_route_out() -> None:
    building = built(replace(LM, data=DataFacts(obtaining=Obtaining.UNOBTAINABLE)))
    assert building.ruled_out == [Route.TRAIN]
    assert not building.ways
    assert "cannot be obtained" in str(building.notes[0])


def test_public_data_costs_nothing_unless_told_otherwise() -> None:
    data_usd = way(LM).data_usd
    assert data_usd is not None
    assert middle(data_usd) == 0
    told = way(replace(LM, data=replace(PUBLIC, usd=Span(low=5, high=5)))).data_usd
    assert told is not None
    assert middle(told) == 5


def test_hours_on_the_same_chip_are_taken_as_they_are_and_on_another_by_what_they_could_do() -> None:
    hours = replace(LM, parameters=None, tokens=None, chip_hours=1000.0, chip="NVIDIA V100", trained="2020")
    same = way(hours, on="NVIDIA V100")
    assert same.chip_hours is not None
    assert middle(same.chip_hours) == pytest.approx(1000, rel=1e-3)
    other = way(hours)
    assert other.chip_hours is None
    assert other.flop is not None
    share = middle(other.flop) / (1000 * 3600 * 125e12)
    assert 0.1 < share < 0.5
    assert other.flop.quantiles[-1] / other.flop.quantiles[0] > 3


def test_hours_of_an_unnamed_chip_are_set_aside_where_flop_is_known() -> None:
    building = built(replace(LM, chip_hours=1000.0))
    assert building.ways
    assert "not read" in str(building.notes[0])


@pytest.mark.parametrize("hours", [0.01, 1e9])
def test_hours_that_contradict_the_flop_are_told(hours: float) -> None:
    with pytest.raises(Silent) as told:
        built(replace(LM, chip_hours=hours, chip="NVIDIA A100"))
    assert "contradict each other" in str(told.value.outcome.because)


def test_an_unknown_chip_is_told_and_a_near_one_is_taken_and_told() -> None:
    with pytest.raises(Silent) as told:
        built(replace(LM, chip_hours=1e4, chip="abacus"))
    assert "not on the shelf" in str(told.value.outcome.because)
    assert "abacus" not in str(told.value.outcome.because)
    building = built(replace(LM, chip_hours=500.0, chip="NVIDIA H100 NVL"))
    assert "nearest one, NVIDIA H100" in str(building.notes[0])


def test_fine_tuning_takes_its_own_data_or_that_of_the_whole() -> None:
    own = DataFacts(obtaining=Obtaining.OBTAINABLE, usd=Span(low=7, high=7))
    tuned = FineTuning(base="b", parameters=1e9, tokens=1e7)
    shared = way(replace(LM, fine_tuning=tuned), Route.FINE_TUNE).data_usd
    assert shared is not None
    assert middle(shared) == 0
    its_own = way(replace(LM, fine_tuning=replace(tuned, data=own)), Route.FINE_TUNE).data_usd
    assert its_own is not None
    assert middle(its_own) == 7


def test_distilling_pays_for_every_answer() -> None:
    told = Distillation(parameters=1e8, tokens=5e8, usd_per_million_tokens=Span(low=2, high=2))
    made = way(replace(LM, distillation=told), Route.DISTIL)
    assert made.data_usd is not None
    assert middle(made.data_usd) == pytest.approx(1000)


def test_obtaining_data_takes_no_compute() -> None:
    made = way(
        Replication(
            data=DataFacts(obtaining=Obtaining.OBTAINABLE, usd=Span(low=9, high=9), months=Span(low=3, high=3))
        ),
        Route.OBTAIN,
    )
    assert made.flop is None
    assert made.chip_hours is None
    assert middle(made.data_months) == 3

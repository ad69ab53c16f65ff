from __future__ import annotations

from dataclasses import replace

import pytest

from weighbridge.adapters.formats.price_shelf import read_prices
from weighbridge.core.prices import FactorName, Prices, Shape, is_day, shelf_doubts, year_of
from weighbridge.probes.replication_cost.calibration import shelf


def test_the_shipped_shelf_has_nothing_to_doubt() -> None:
    assert shelf_doubts(read_prices()) == ()
    assert shelf_doubts(shelf()) == ()


@pytest.mark.parametrize(
    ("name", "chip", "exact"),
    [
        ("NVIDIA A100 SXM4 80 GB", "NVIDIA A100", True),
        ("nvidia a100", "NVIDIA A100", True),
        ("A100", "NVIDIA A100", True),
        ("TPUv3", "Google TPU v3", True),
        ("NVIDIA H100 NVL", "NVIDIA H100", False),
        ("Ascend 910C", "Huawei Ascend 910", False),
    ],
)
def test_a_chip_is_found_by_its_name_or_the_nearest_one(name: str, chip: str, exact: bool) -> None:
    match = read_prices().chip_named(name)
    assert match is not None
    assert (match.chip.name, match.exact) == (chip, exact)


@pytest.mark.parametrize("name", ["", "abacus", "NVIDIA Z777", "GPU", "80 GB"])
def test_a_chip_that_is_like_none_is_not_guessed(name: str) -> None:
    assert read_prices().chip_named(name) is None


def test_another_shelf_has_another_digest() -> None:
    prices = shelf()
    assert prices.digest == shelf().digest
    assert replace(prices, as_of="2020-01-02").digest != prices.digest


def test_quotes_come_oldest_first() -> None:
    prices = read_prices()
    match = prices.chip_named("NVIDIA A100")
    assert match is not None
    days = [quote.date for quote in prices.quotes(match.chip)]
    assert days == sorted(days)
    assert len(days) > 20


def broken(prices: Prices, **changes: object) -> str:
    return "; ".join(f"{'.'.join(map(str, d.path))} {d.says}" for d in shelf_doubts(replace(prices, **changes)))  # type: ignore[arg-type]  # keys are the shelf's


def test_what_cannot_be_on_a_shelf_is_told() -> None:
    prices = shelf()
    chip, price, run, factor = prices.chip[0], prices.price[0], prices.run[0], prices.factor[0]
    assert "as_of should be a day" in broken(prices, as_of="2020")
    assert "expires should be a day" in broken(prices, expires="soon")
    assert "price.0.usd should be more than zero" in broken(prices, price=(replace(price, usd=0.0),))
    assert "price.0.usd" in broken(prices, price=(replace(price, usd=float("nan")),))
    assert "price.0.chip is no chip" in broken(prices, price=(replace(price, chip="x"), price))
    assert "chip.0.flop_per_second" in broken(prices, chip=(replace(chip, flop_per_second=-1.0),))
    assert "run.0.chip_hours" in broken(prices, run=(replace(run, chip_hours=0.0), *prices.run))
    assert "run are too few" in broken(prices, run=prices.run[:3])
    assert "price.0.source is empty" in broken(prices, price=(replace(price, source=" "),))
    assert "is there 0 times" in broken(prices, factor=prices.factor[1:])
    assert "is there 2 times" in broken(prices, factor=(*prices.factor, factor))
    assert "clustered" in broken(prices, chip=(replace(chip, clustered=False),))


def test_factors_run_upwards_and_in_a_shape_that_fits() -> None:
    prices = shelf()

    def with_factor(name: FactorName, **changes: object) -> str:
        changed = tuple(replace(f, **changes) if f.name is name else f for f in prices.factor)  # type: ignore[arg-type]  # keys are a factor's
        return broken(prices, factor=changed)

    assert "from low over mode to high" in with_factor(FactorName.WAGE, low=5.0, high=2.0)
    assert "from low over mode to high" in with_factor(FactorName.WAGE, low=0.0)
    assert "from low over mode to high" in with_factor(
        FactorName.DISCOUNT, shape=Shape.PERT, low=0.1, mode=0.9, high=0.5
    )
    assert "should be span or exact" in with_factor(FactorName.RULE, shape=Shape.UNIFORM)
    assert "should be exact" in with_factor(FactorName.DECLINE, shape=Shape.SPAN, low=1.0, high=2.0)


def test_days_and_years() -> None:
    assert is_day("2025-03-17")
    assert not is_day("20250317")
    assert not is_day("2025-02-30")
    assert year_of("2019") == 2019.5
    assert year_of("2019-01-01") == pytest.approx(2019.0, abs=0.01)
    assert year_of("2019-12") == pytest.approx(2019.96, abs=0.01)
    with pytest.raises(ValueError):
        year_of("2019-13")

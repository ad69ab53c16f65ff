from __future__ import annotations

from pathlib import Path

import pytest

from weighbridge.adapters.formats.price_shelf import parse_prices, prices_schema, read_prices, shipped_prices
from weighbridge.core.errors import Faulty, Unusable
from weighbridge.core.prices import FactorName


def test_the_shipped_shelf_is_read() -> None:
    prices = read_prices()
    assert prices.as_of < prices.expires
    assert {f.name for f in prices.factor} == set(FactorName)
    assert max(price.date for price in prices.price) == prices.as_of
    assert all(f.ours or "http" in f.source or len(f.source) > 20 for f in prices.factor)


def test_a_shelf_of_ones_own_is_read(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(shipped_prices().replace('name = "prices-2025-03"', 'name = "own"'), encoding="utf-8")
    assert read_prices(own).name == "own"
    assert read_prices(own).digest != read_prices().digest


def test_every_fault_is_told_with_its_line() -> None:
    text = shipped_prices().replace('as_of = "2025-03-17"', 'as_of = "spring"').replace("usd = 10.6", "usd = -10.6")
    with pytest.raises(Faulty) as told:
        parse_prices(text, file="own.toml")
    assert [fault.key.partition("[")[0] for fault in told.value.faults] == ["as_of", "price"]
    assert all(fault.line for fault in told.value.faults)
    with pytest.raises(Faulty, match=r"cannot use own\.toml"):
        parse_prices(text.replace("flop_per_second", "flops"), file="own.toml")


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="cannot read the shelf"):
        read_prices(tmp_path / "none.toml")
    other = tmp_path / "latin.toml"
    other.write_bytes(b'name = "\xe9"')
    with pytest.raises(Unusable) as told:
        read_prices(other)
    assert "UTF-8" in told.value.why


def test_the_schema_names_all_kinds_of_rows() -> None:
    definitions = prices_schema()["$defs"]
    assert {"Chip", "Price", "PublishedRun", "Factor"} <= set(definitions)  # type: ignore[arg-type]  # a table

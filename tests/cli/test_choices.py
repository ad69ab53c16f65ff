from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
import pytest

from weighbridge.adapters.opening import Allowed
from weighbridge.cli.choices import options_from, parse_overrides


@pytest.mark.parametrize(
    ("word", "value"),
    [("p.n=3", 3), ("p.n=0.5", 0.5), ("p.n=true", True), ('p.n="3"', "3"), ("p.n=body", "body"), ("p.n=a=b", "a=b")],
)
def test_reads_settings(word: str, value: object) -> None:
    assert parse_overrides((word,)) == (("p", (("n", value),)),)


@pytest.mark.parametrize("word", ["p", "p.n", "n=3", ".n=3", "p.=3"])
def test_refuses_other_forms(word: str) -> None:
    with pytest.raises(click.BadParameter):
        parse_overrides((word,))


def test_options_have_the_defaults_of_the_command() -> None:
    assert options_from({}).budget_seconds == 600.0
    assert options_from({"probes": ("a",), "seed": 3}).probes == ("a",)


def test_what_is_allowed_comes_from_the_command_alone() -> None:
    assert options_from({}).allowed == Allowed()
    given = {"served": "http://a:1", "served_model": "m", "trusted": ("fit.py",)}
    assert options_from(given).allowed == Allowed(served="http://a:1", served_model="m", trusted=("fit.py",))


def test_a_day_is_a_setting_of_the_probe_that_reckons_with_prices() -> None:
    day = datetime(2019, 2, 14)  # noqa: DTZ001  as click gives it
    assert options_from({"as_of": day}).overrides == (("replication-cost", (("as_of", "2019-02-14"),)),)
    assert options_from({"as_of": day, "probes": ("shift-gate",)}).overrides == ()
    assert options_from({"prices": Path("own.toml")}).prices == Path("own.toml")

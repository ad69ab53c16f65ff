from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

import jsonschema
import pytest

from weighbridge.core.shape import Reading, plain, read, schema
from weighbridge.core.wording import Phrase, phrase


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner:
    size: int
    ratio: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Outer:
    name: Annotated[str, "what it is called"]
    colour: Colour = Colour.RED
    inner: tuple[Inner, ...] = ()
    settings: tuple[tuple[str, int | str], ...] = ()
    maybe: int | None = None
    says: Phrase | None = None
    on: bool = False


FULL = {
    "name": "a",
    "colour": "green",
    "inner": [{"size": 1}, {"size": 2, "ratio": 3}],
    "settings": {"b": 1, "a": "x"},
    "maybe": 4,
    "says": {"template": "{n} of them", "fields": {"n": 3}},
    "on": True,
}


def _faults(value: object) -> list[str]:
    reading = Reading(file="f")
    made = read(Outer, value, reading)
    assert (made is None) == bool(reading.faults)
    return [f"{fault.key}: {fault.says}" for fault in reading.faults]


def test_reads_and_writes_back() -> None:
    reading = Reading(file="f")
    made = read(Outer, FULL, reading)
    assert made == Outer(
        name="a", colour=Colour.GREEN, inner=(Inner(size=1), Inner(size=2, ratio=3.0)), settings=(("a", "x"), ("b", 1)),
        maybe=4, says=phrase("{n} of them", n=3), on=True,
    )  # fmt: skip
    again = Reading(file="f")
    assert read(Outer, plain(made), again) == made
    assert not again.faults


def test_tells_all_faults_at_once() -> None:
    faults = _faults(
        {"nam": "a", "colour": "gren", "inner": [{"size": "x"}, {"ratio": 1.0}], "settings": {"a": []}, "maybe": "x"}
    )
    assert faults == [
        "nam: unknown key; did you mean 'name'?",
        "name: is missing",
        "colour: 'gren' is not known; did you mean 'green'?",
        "inner[1].size: should be a whole number, is a text",
        "inner[2].size: is missing",
        "settings.a: should be a whole number or a text, is a list",
        "maybe: should be a whole number, is a text",
    ]


@pytest.mark.parametrize("value", [None, 3, "x", [], {"name": 3}, {"name": "a", "inner": {}}, {"name": "a", "on": 1}])
def test_refuses_other_shapes(value: object) -> None:
    assert _faults(value)


def test_quotes_no_long_value() -> None:
    marker = "M" * 60
    assert not any(marker in fault for fault in _faults({"name": [marker], "colour": marker, "maybe": marker}))


def test_schema_accepts_what_is_read_and_no_more() -> None:
    made = schema(Outer, "outer")
    jsonschema.Draft202012Validator.check_schema(made)
    jsonschema.validate(FULL, made)
    for wrong in ({}, {"name": "a", "colour": "blue"}, {"name": "a", "nam": 1}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, made)

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from weighbridge.core.canon import Digest
from weighbridge.core.evidence import (
    Asked,
    Evidence,
    Failed,
    Measured,
    NotApplicable,
    NotMeasured,
    Outcome,
    Quantity,
    Silent,
    is_imported,
    not_applicable,
    not_measured,
    outcome_name,
    outcome_plain,
)
from weighbridge.core.wording import phrase

QUANTITY = Quantity(metric="m", value=0.5, low=0.4, high=0.6, confidence=0.95, unit="1", n=10, n_of="row")
ASKED = Asked(
    candidate=Digest("sha256:a"),
    reading=Digest("sha256:b"),
    probe="p",
    version=1,
    settings=(("n", 1),),
    seed=0,
    budget_seconds=1.0,
)


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": math.nan},
        {"high": math.inf},
        {"low": 0.55},
        {"high": 0.45},
        {"confidence": 0.0},
        {"confidence": 1.1},
        {"n": -1},
    ],
)
def test_a_number_never_travels_alone_nor_wrong(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError):
        replace(QUANTITY, **wrong)  # type: ignore[arg-type]


def test_tells_its_place_on_an_axis() -> None:
    assert replace(QUANTITY, by=(("stratum", "private"),)).at("stratum") == "private"
    assert QUANTITY.at("stratum") is None


@pytest.mark.parametrize(
    ("outcome", "name"),
    [
        (Measured(quantities=(QUANTITY,)), "measured"),
        (NotApplicable(because=phrase("b")), "not-applicable"),
        (NotMeasured(because=phrase("b"), remedy=phrase("r")), "not-measured"),
        (Failed(error=phrase("e")), "failed"),
    ],
)
def test_outcomes_are_named(outcome: Outcome, name: str) -> None:
    assert outcome_name(outcome) == name
    stored = outcome_plain(outcome)
    assert isinstance(stored, dict)
    assert stored["outcome"] == name


def test_silence_carries_its_outcome() -> None:
    with pytest.raises(Silent) as caught:
        not_measured(phrase("b"), phrase("r"))
    assert isinstance(caught.value.outcome, NotMeasured)
    with pytest.raises(Silent) as caught:
        not_applicable(phrase("b"))
    assert isinstance(caught.value.outcome, NotApplicable)


@pytest.mark.parametrize(
    "other",
    [
        {"candidate": "sha256:x"},
        {"reading": "sha256:x"},
        {"probe": "q"},
        {"version": 2},
        {"settings": (("n", 2),)},
        {"seed": 1},
        {"budget_seconds": 2.0},
        {"after": (("q", "sha256:x"),)},
    ],
)
def test_the_digest_covers_all_that_was_asked(other: dict[str, object]) -> None:
    asked = replace(ASKED, **other)  # type: ignore[arg-type]
    outcome = Measured(quantities=(QUANTITY,))
    assert asked.digest != ASKED.digest
    assert Evidence(asked=asked, outcome=outcome).digest != Evidence(asked=ASKED, outcome=outcome).digest


def test_the_digest_covers_the_outcome() -> None:
    one = Evidence(asked=ASKED, outcome=Measured(quantities=(QUANTITY,)))
    other = Evidence(asked=ASKED, outcome=Measured(quantities=(replace(QUANTITY, value=0.51),)))
    assert one.digest != other.digest
    assert one.asked.digest == other.asked.digest


def test_what_was_imported_is_known_by_its_slug() -> None:
    assert is_imported("imported-garak")
    assert not is_imported("artefact-safety")

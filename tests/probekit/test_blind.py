from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.core.canon import digest_of_bytes
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
)
from weighbridge.core.wording import phrase
from weighbridge.probekit.bench import MemoryBench
from weighbridge.probekit.blind import interpretable
from weighbridge.probekit.ports import Bench

SENTENCE = "members and non-members differ without the model"


def bench(outcome: Outcome) -> Bench:
    digest = digest_of_bytes(b"")
    asked = Asked(
        candidate=digest, reading=digest, probe="shift-gate", version=1, settings=(), seed=0, budget_seconds=1.0
    )
    return MemoryBench(evidence_by_slug={"shift-gate": Evidence(asked=asked, outcome=outcome)})


def measured(value: float, low: float, high: float, *, of: str = "table", shared: int = 0) -> Measured:
    by = (("of", of),)
    return Measured(
        quantities=(
            Quantity(metric="blind-auc", value=value, low=low, high=high, confidence=0.95, unit="1", n=400, n_of="record", by=by),
            Quantity(metric="shared-records", value=shared, low=shared, high=shared, confidence=1.0, unit="count", n=200, n_of="record", by=by),
        )
    )  # fmt: skip


def refused(outcome: Outcome, *, at_most: float = 0.55) -> NotMeasured:
    with pytest.raises(Silent) as left:
        interpretable(bench(outcome), of="table", at_most=at_most)
    assert isinstance(left.value.outcome, NotMeasured)
    blind = next(
        (q for q in getattr(outcome, "quantities", ()) if q.metric == "blind-auc" and q.at("of") == "table"), None
    )
    assert (SENTENCE in str(left.value.outcome.because)) is (blind is not None and blind.low > 0.5)
    assert str(left.value.outcome.remedy)
    return left.value.outcome


def test_it_may_be_read_where_the_upper_bound_is_low() -> None:
    (told,) = interpretable(bench(measured(0.5, 0.48, 0.55)), of="table", at_most=0.55)
    assert "0.500" in str(told)
    told, shared = interpretable(bench(measured(0.5, 0.48, 0.52, shared=3)), of="table", at_most=0.55)
    assert "3 records" in str(shared)


def test_it_may_not_where_they_differ() -> None:
    outcome = refused(measured(0.7, 0.65, 0.75))
    assert "0.700 [0.650, 0.750]" in str(outcome.because)
    assert "at random" in str(outcome.remedy)


def test_where_too_few_were_compared_it_says_how_many_more() -> None:
    outcome = refused(measured(0.5, 0.4, 0.6))
    assert "it cannot be said" in str(outcome.because)
    assert "about 1600" in str(outcome.remedy)  # half the width wants four times as many as 400
    assert "about 1600" in str(refused(measured(0.46, 0.4, 0.6)).remedy)


@given(st.floats(0, 0.5), st.floats(0, 0.5), st.floats(0.5, 0.9), st.floats(0.5, 0.9))
def test_that_they_differ_is_said_only_where_it_was_shown(below: float, low: float, a: float, b: float) -> None:
    value, high = sorted((a, b))
    for outcome in (measured(value, low, max(high, 0.551)), measured(max(below, low), low, max(high, 0.551))):
        told = refused(outcome)
        assert "it cannot be said" in str(told.because)
        wanted = re.search(r"about (\d+) in all", str(told.remedy))
        assert wanted is not None
        assert int(wanted[1]) > 400


def test_a_guess_within_a_wide_interval_is_not_called_a_difference() -> None:
    outcome = refused(measured(0.585, 0.45, 0.708))
    assert "it cannot be said" in str(outcome.because)
    assert "0.585 [0.450, 0.708]" in str(outcome.because)
    assert "at random" not in str(outcome.remedy)


def test_a_small_difference_that_was_shown_is_told_as_one() -> None:
    outcome = refused(measured(0.53, 0.505, 0.56))
    assert "0.530 [0.505, 0.560]" in str(outcome.because)


def test_no_sample_shows_that_a_guess_is_no_more_than_a_guess() -> None:
    assert "0.55" in str(refused(measured(0.49, 0.4, 0.6), at_most=0.5).remedy)


def test_rows_that_are_in_both_are_said_to_make_the_sides_differ() -> None:
    outcome = refused(measured(0.7, 0.65, 0.75, shared=150))
    assert "150 of 200" in str(outcome.remedy)


@pytest.mark.parametrize(
    "outcome",
    [
        NotMeasured(because=phrase("there is no held-out data"), remedy=phrase("name some")),
        NotApplicable(because=phrase("there is no model")),
        Failed(error=phrase("KeyError in probe.py")),
        Measured(quantities=(), notes=(phrase("{of}: {because}", of="table", because="there are 3 records"),)),
        measured(0.5, 0.49, 0.51, of="text"),
    ],
)
def test_what_the_gate_did_not_measure_is_no_leave_to_go_on(outcome: Outcome) -> None:
    told = refused(outcome)
    if isinstance(outcome, NotMeasured):
        assert str(told.remedy) == "name some"
        assert "there is no held-out data" in str(told.because)
    if isinstance(outcome, Measured) and outcome.notes:
        assert "there are 3 records" in str(told.because)

"""What is safe, and what a rule takes away."""

from __future__ import annotations

import tomllib

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.toys import WATCHED, policy, rule, unhurried, written
from weighbridge.core.rungs import Rung, closed
from weighbridge.policy.rules import Safe, Watch, policy_schema

numbers = st.floats(-10, 10)


@pytest.mark.parametrize(
    ("safe", "low", "high", "holds", "breached"),
    [
        (Safe(at_most=0.0), 0, 0, True, False),
        (Safe(at_most=0.0), 0, 0.1, False, False),
        (Safe(at_most=0.0), 0.1, 0.2, False, True),
        (Safe(at_least=11.0), 11, 11, True, False),
        (Safe(at_least=11.0), 10, 10, False, True),
        (Safe(at_least=1.0, at_most=2.0), 1, 2, True, False),
        (Safe(at_least=1.0, at_most=2.0), 0, 3, False, False),  # it holds the whole safe range and says nothing
        (Safe(at_least=1.0, at_most=2.0), 3, 4, False, True),
        (Safe(at_least=1.0, at_most=2.0), 0, 0.5, False, True),
    ],
)
def test_an_interval_is_safe_unsafe_or_across(safe: Safe, low: float, high: float, holds: bool, breached: bool) -> None:
    assert (safe.holds(low, high), safe.breached(low, high)) == (holds, breached)


@unhurried
@given(st.tuples(numbers, numbers), st.tuples(numbers, numbers), numbers, numbers)
def test_a_wider_interval_is_never_surer(
    safe: tuple[float, float], inner: tuple[float, float], left: float, right: float
) -> None:
    bounds = Safe(at_least=min(safe), at_most=max(safe))
    low, high = min(inner), max(inner)
    wide = (low - abs(left), high + abs(right))
    assert bounds.holds(low, high) or not bounds.holds(*wide)
    assert bounds.breached(low, high) or not bounds.breached(*wide)
    assert not (bounds.holds(low, high) and bounds.breached(low, high))


@unhurried
@given(st.sets(st.sampled_from([rung for rung in Rung if rung is not Rung.WITHHELD]), min_size=1))
def test_what_a_rule_forbids_is_closed_and_never_withholding(rungs: set[Rung]) -> None:
    forbids = "[" + ", ".join(f'"{rung.value}"' for rung in sorted(rungs)) + "]"
    (made,) = policy(rule(forbids=forbids)).rule
    assert set(made.forbidden) == closed(made.forbidden) == closed(rungs)
    assert Rung.WITHHELD not in made.forbidden


@pytest.mark.parametrize(("over", "axis"), [("worst(part)", "part"), ("worst( part )", "part"), ("", ""), ("part", "")])
def test_the_axis_is_read_from_over(over: str, axis: str) -> None:
    assert Watch(probe="p", metric="m", over=over).axis == axis


def test_the_schema_takes_what_the_parser_takes() -> None:
    text = written(
        rule('component = ["weights", "data"]\n' + WATCHED), rule('component = "weights"\n' + WATCHED, slug="two")
    )
    jsonschema.validate(tomllib.loads(text), policy_schema())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(tomllib.loads(text.replace("says =", "say =")), policy_schema())

from __future__ import annotations

import json
import math

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.core.canon import MAX_EXACT, Plain, canonical, digest_of, digest_of_bytes

text = st.text(st.characters(exclude_categories=["Cs"]))
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-MAX_EXACT, MAX_EXACT)
    | st.floats(allow_nan=False, allow_infinity=False)
    | text
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4), max_leaves=12
)


@given(values)
def test_agrees_with_the_reference_implementation(value: Plain) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@given(values)
def test_round_trips(value: Plain) -> None:
    assert canonical(json.loads(canonical(value))) == canonical(value)


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (1e21, b"1e+21"),
        (1e20, b"100000000000000000000"),
        (1e-6, b"0.000001"),
        (1e-7, b"1e-7"),
        (-0.0, b"0"),
        (4.5, b"4.5"),
    ],
)
def test_writes_numbers_as_ecmascript_does(number: float, written: bytes) -> None:
    assert canonical(number) == written


@pytest.mark.parametrize("value", [math.nan, math.inf, MAX_EXACT + 2, 10**400, "\ud800"])
def test_refuses_what_json_cannot_carry(value: Plain) -> None:
    with pytest.raises(ValueError):
        canonical(value)


def test_refuses_what_is_no_json() -> None:
    with pytest.raises(TypeError):
        canonical({1, 2})  # type: ignore[arg-type]


def test_digests_name_their_algorithm() -> None:
    empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert digest_of_bytes(b"") == empty
    assert digest_of({"b": 1, "a": 2}) == digest_of({"a": 2, "b": 1})
    assert digest_of([1, 2]) != digest_of([2, 1])

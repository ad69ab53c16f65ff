from __future__ import annotations

import io
import pickle
from collections import OrderedDict
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.probekit.pickles import MAX_OPCODES, MAX_TEXT, is_pickle, walk


class Command:
    """Imports and calls when loaded."""

    def __reduce__(self) -> tuple[object, ...]:
        return (print, ("never",))


def _seen(data: bytes) -> set[tuple[str, str]]:
    return set(walk(io.BytesIO(data)).imports)


@pytest.mark.parametrize("protocol", range(6))
def test_imports_are_named(protocol: int) -> None:
    data = pickle.dumps([OrderedDict(a=date(2020, 1, 1)), OrderedDict(), date(2020, 1, 2)], protocol)
    assert {("collections", "OrderedDict"), ("datetime", "date")} <= _seen(data)
    seen = walk(io.BytesIO(data))
    assert (seen.has_stop, seen.is_cut, seen.is_code, seen.size_bytes) == (True, False, True, len(data))


@pytest.mark.parametrize("protocol", range(6))
def test_a_command_is_code(protocol: int) -> None:
    seen = walk(io.BytesIO(pickle.dumps(Command(), protocol)))
    assert seen.is_code
    assert ("builtins" if protocol > 2 else "__builtin__", "print") in seen.imports


@pytest.mark.parametrize("protocol", range(6))
def test_plain_data_is_no_code(protocol: int) -> None:
    seen = walk(
        io.BytesIO(pickle.dumps({"a": [1, 2.5, "x", None, (1,)], "b": {1, 2} if protocol > 3 else 0}, protocol))
    )
    assert not seen.imports or protocol < 4
    assert not seen.is_code


def test_what_is_called_before_a_fault_is_seen() -> None:
    assert walk(io.BytesIO(b"cos\nsystem\n(S'id'\ntR\xff\xff\xff")).is_code


def test_names_put_together_on_the_way_are_unknown() -> None:
    assert _seen(b"\x80\x04K\x01K\x02\x93.") == {("?", "?")}


def test_names_from_the_memo_are_followed() -> None:
    data = b"\x80\x04\x8c\x02os\x94\x8c\x06system\x9400h\x00h\x01\x93\x8c\x02id\x85R."
    assert ("os", "system") in _seen(data)


def test_a_pickle_that_ends_early_is_cut() -> None:
    seen = walk(io.BytesIO(pickle.dumps({"a": "x" * 100})[:-20]))
    assert seen.is_cut
    assert not seen.has_stop


def test_a_length_beyond_the_end_is_no_trouble() -> None:
    assert walk(io.BytesIO(b"\x80\x04\x8e" + b"\xff" * 8 + b"abc")).is_cut


def test_patience_ends() -> None:
    seen = walk(io.BytesIO(b"N0" * MAX_OPCODES))
    assert seen.is_cut
    assert seen.n_opcodes == MAX_OPCODES


def test_long_texts_are_not_kept() -> None:
    (module, name), *_ = walk(io.BytesIO(b"c" + b"m" * 100_000 + b"\nn\n.")).imports
    assert (len(module), name) == (MAX_TEXT, "n")


@pytest.mark.parametrize(
    "text", [b"I hope\n", b"N.", b"a.\n", b"chapter one\nit was\n.", b"I10\nI25\n", b"", b"{}", b"(1)"]
)
def test_text_is_no_pickle(text: bytes) -> None:
    assert not is_pickle(text)


@given(st.binary(max_size=300))
def test_any_bytes_can_be_walked(data: bytes) -> None:
    seen = walk(io.BytesIO(data))
    assert 0 <= seen.size_bytes <= len(data)
    is_pickle(data)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner),
        max_leaves=20,
    ),
    st.integers(0, 5),
)
def test_every_pickle_is_walked_to_its_end(value: object, protocol: int) -> None:
    data = pickle.dumps(value, protocol)
    seen = walk(io.BytesIO(data))
    assert seen.has_stop
    assert seen.size_bytes == len(data)
    assert protocol < 2 or is_pickle(data)

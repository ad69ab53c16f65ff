import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.probekit.states import ForeignState, numbers, pack, unpack


@given(st.lists(st.integers(0, 2**64 - 1)), st.lists(st.text()))
def test_arrays_come_back_and_give_the_same_bytes_wherever_they_lay(values: list[int], texts: list[str]) -> None:
    keys = np.array(values, dtype=np.uint64)
    words = pa.array(["x", *texts, "y"], pa.string()).slice(1, len(texts))
    state = pack("toy", 1, {"keys": keys, "words": words})
    found = unpack(state, "toy", 1)
    assert numbers(found["keys"]).tolist() == values
    assert found["words"].to_pylist() == texts
    again = pack("toy", 1, {"words": pa.array(texts, pa.string()), "keys": np.repeat(keys, 2)[::2]})
    assert again == state


def test_a_state_of_another_kind_or_version_is_not_believed() -> None:
    state = pack("toy", 1, {"n": np.array([1])})
    for kind, version in (("toy", 2), ("other", 1)):
        with pytest.raises(ForeignState, match="another kind"):
            unpack(state, kind, version)


@pytest.mark.parametrize("damage", [b"", b"not a state", "cut", "flipped"])
def test_damaged_bytes_are_not_believed(damage: bytes | str) -> None:
    state = pack("toy", 1, {"words": pa.array(["one", "two"])})
    if damage == "cut":
        damage = state[: len(state) // 2]
    elif damage == "flipped":  # an offset that points beyond the text
        at = state.index(np.array([0, 3, 6], dtype="<i4").tobytes())
        damage = state[: at + 4] + b"\xff\xff\xff\x7f" + state[at + 8 :]
    assert isinstance(damage, bytes)
    with pytest.raises(ForeignState):
        unpack(damage, "toy", 1)


def test_what_could_differ_between_machines_is_refused() -> None:
    for wrong in (np.array([True]), np.zeros((2, 2)), pa.array([1, None])):
        with pytest.raises(TypeError):
            pack("toy", 1, {"wrong": wrong})

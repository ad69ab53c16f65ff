import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.probes.stored_records import hashing
from weighbridge.probes.stored_records.hashing import is_in, rows, significant_bits, windows


def codes(text: str) -> hashing.Codes:
    return np.frombuffer(text.encode("utf-32-le"), dtype="<u4")


@given(st.text(alphabet="abc", max_size=60), st.integers(1, 9), st.integers(1, 4))
def test_windows_are_equal_where_their_text_is(text: str, width: int, stride: int) -> None:
    made = windows(codes(text), width, stride).tolist()
    pieces = [text[at : at + width] for at in range(0, max(0, len(text) - width + 1), stride)]
    assert len(made) == len(pieces)
    assert len(set(made)) == len(set(pieces))
    assert all(
        (a == b) == (p == q) for a, p in zip(made, pieces, strict=True) for b, q in zip(made, pieces, strict=True)
    )


@pytest.mark.parametrize("stride", [1, 8])
def test_long_text_is_hashed_like_short_text(monkeypatch: pytest.MonkeyPatch, stride: int) -> None:
    text = codes("".join(chr(97 + n) for n in np.random.default_rng(0).integers(0, 26, 2000)))
    whole = windows(text, 43, stride)
    monkeypatch.setattr(hashing, "PIECE", 200)
    assert np.array_equal(windows(text, 43, stride), whole)


def test_rows_are_equal_where_their_numbers_are_in_single_precision() -> None:
    made = rows(
        np.array(
            [[0.1, 2], [np.float64(0.1) + 1e-12, 2], [-0.0, 0], [0, 0], [np.nan, 1], [np.nan, 1], [2, 0.1]], np.float32
        )
    )
    assert made[0] == made[1]
    assert made[2] == made[3]
    assert made[4] == made[5]
    assert len(set(made.tolist())) == 4


def test_bits_count_the_different_digits_of_a_row() -> None:
    table = np.array([[0, 0, 0], [1, 1, -1], [37, 0.5, 37], [0.1, 0, 0], [np.nan, np.inf, 3]], np.float32)
    assert significant_bits(table).tolist() == [0, 1, 7, 24, 2]


def test_nothing_is_in_nothing() -> None:
    assert not is_in(np.array([1], np.uint64), np.zeros(0, np.uint64)).any()

from __future__ import annotations

import gzip
import lzma

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.probekit.compression import HEAD_BYTES, UNPACK, unpacked_head


def test_no_more_than_the_head_comes_out() -> None:
    bomb = gzip.compress(bytes(50_000_000))
    assert unpacked_head(bomb, "gzip") == bytes(HEAD_BYTES)


def test_a_start_is_enough() -> None:
    packed = gzip.compress(b"some words " * 1000, compresslevel=1)
    assert (unpacked_head(packed[:40], "gzip") or b"").startswith(b"some")


def test_a_dictionary_beyond_our_memory_is_refused() -> None:
    packed = bytearray(lzma.compress(b"x" * 100, lzma.FORMAT_ALONE))
    packed[1:5] = (1 << 30).to_bytes(4, "little")
    assert unpacked_head(bytes(packed), "lzma") is None


@given(st.sampled_from(sorted(UNPACK)), st.binary(max_size=300))
@pytest.mark.filterwarnings("error")
def test_hostile_bytes_never_raise(compression: str, data: bytes) -> None:
    unpacked_head(data, compression)

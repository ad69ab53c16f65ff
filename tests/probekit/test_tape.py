"""Bytes that come once, and no more of them than are allowed."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma

import pytest

from weighbridge.probekit.tape import HOSTILE, Allowance, Tape, TooMuch, counted, tape_of, unpacked

DATA = bytes(range(256)) * 5000


def allowance(n: int = 1 << 30) -> Allowance:
    return Allowance(bytes_left=n, entries_left=2, tick=lambda: None)


def test_the_head_stays_on_the_tape() -> None:
    tape = tape_of(io.BytesIO(DATA))
    assert tape.head() == DATA[: 1 << 16]
    assert tape.read(10) == DATA[:10]
    assert b"".join(tape.chunks()) == DATA[10:]


def test_whole_gives_all_or_nothing() -> None:
    tape = tape_of(io.BytesIO(DATA))
    assert tape.whole(100) is None
    assert tape.whole(len(DATA)) == DATA


@pytest.mark.parametrize(
    ("packed", "how"),
    [
        (gzip.compress(DATA), "gzip"),
        (bz2.compress(DATA), "bzip2"),
        (lzma.compress(DATA), "xz"),
        (gzip.compress(DATA[:9]) * 2, "gzip"),
    ],
    ids=["gzip", "bzip2", "xz", "twice"],
)
def test_what_is_packed_comes_out_and_what_is_cut_off_raises(packed: bytes, how: str) -> None:
    whole = DATA[:9] * 2 if len(packed) < 100 else DATA
    assert b"".join(unpacked(tape_of(io.BytesIO(packed)), how, allowance()).chunks()) == whole
    with pytest.raises(HOSTILE):
        list(unpacked(tape_of(io.BytesIO(packed[:-9])), how, allowance()).chunks())


def test_no_more_comes_out_than_is_allowed() -> None:
    bomb = gzip.compress(bytes(1 << 24))
    with pytest.raises(TooMuch):
        list(unpacked(tape_of(io.BytesIO(bomb)), "gzip", allowance(1 << 20)).chunks())
    few = allowance()
    few.take_entry()
    few.take_entry()
    with pytest.raises(TooMuch):
        few.take_entry()
    with pytest.raises(TooMuch):
        counted(Tape(bytes), allowance(100)).read(101)

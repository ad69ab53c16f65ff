"""Texts in bytes: the same wherever the bytes are cut."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.probes.artefact_safety.runs import NARROW, WIDE, Runs

PIECES = st.sampled_from(
    [b"\0", b"\xff", b"abc", b"a longer run of text", b"y" * 700, "wide as can be".encode("utf-16-le")]
)


def runs(pattern: re.Pattern[bytes], data: bytes, cuts: list[int]) -> list[str]:
    search = Runs(pattern)
    parts = [data[start:end] for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True)]
    text = "".join(search.feed(part) for part in parts) + search.finish()
    return [line for line in text.split("\n") if line]


@given(st.lists(PIECES, max_size=6), st.data())
@pytest.mark.parametrize("pattern", [NARROW, WIDE])
def test_where_bytes_are_cut_does_not_matter(
    pattern: re.Pattern[bytes], pieces: list[bytes], data: st.DataObject
) -> None:
    joined = b"".join(pieces)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(joined)), max_size=4)))
    assert runs(pattern, joined, cuts) == [run.replace(b"\0", b"").decode() for run in pattern.findall(joined)]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_text_is_read(encoding: str) -> None:
    assert runs(WIDE, b"\xfe\xfe\xfe" + "text that is wide".encode(encoding) + b"\xff\xff", [9]) == [
        "text that is wide"
    ]

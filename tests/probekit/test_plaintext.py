from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.probekit.plaintext import decoded, text_format


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"plain", "plain"),
        ("\u00e9t\u00e9".encode(), "\u00e9t\u00e9"),
        ("\u00e9t\u00e9 in summer".encode("latin-1"), "\u00e9t\u00e9 in summer"),
        ("\ufeffx".encode(), "x"),
        ("x,y".encode("utf-16"), "x,y"),
        ("\u00e9".encode()[:1], ""),
        (b"a\0b", None),
        (b"\xff\xfd\xfc", None),
    ],
)
def test_what_is_text_is_decoded(data: bytes, expected: str | None) -> None:
    assert decoded(data) == expected


@given(st.text(alphabet=st.characters(min_codepoint=0x20, exclude_characters="\x7f", exclude_categories=["Cs"])))
def test_utf8_comes_back(text: str) -> None:
    assert decoded(text.encode()) in (text, text.removeprefix("\ufeff"))


@pytest.mark.parametrize(
    ("text", "suffix", "expected"),
    [
        ("a,b\n1,2\n3,4\n", "", "csv"),
        ("a,b\n1,2\n3,4\n", "txt", "text"),
        ('a,b\n"1,2",3\n4,5\n', "", "csv"),
        ("one, two\nthree\nfour, five, six\n", "", "text"),
        ("[1, 2]", "", "json"),
        ("[link](x) is markdown\n", "md", "markdown"),
        ("{a} braces in prose", "txt", "text"),
        ("import x\n", "py", "python"),
        ("key: value\n", "yml", "yaml"),
        ("#!/bin/bash\n", "txt", "shell"),
    ],
)
def test_the_name_decides_what_content_leaves_open(text: str, suffix: str, expected: str) -> None:
    assert text_format(text, suffix, is_whole=True) == expected

from __future__ import annotations

import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.probekit.scripts import is_spaced, n_letters, runs

texts = st.text(max_size=60)


@pytest.mark.parametrize(
    ("text", "scripts"),
    [
        ("Hello мир", ["Latn", "Cyrl"]), ("日本語のテキスト", ["Jpan"]), ("中文", ["Hani"]), ("한국어 漢字", ["Kore"]),
        ("नमस्ते", ["Deva"]), ("ภาษาไทย", ["Thai"]), ("\u200fשלום", ["Hebr"]), ("አማርኛ", ["Ethi"]), ("ߒߞߏ", ["Nkoo"]),
        ("cafe\u0301", ["Latn"]), ("ラーメン", ["Jpan"]), ("123 😀 ❤️", [""]), ("", []),
    ],
)  # fmt: skip
def test_cuts_where_the_script_changes(text: str, scripts: list[str]) -> None:
    assert [run.script for run in runs(text)] == scripts


@given(texts)
def test_runs_hold_the_whole_text(text: str) -> None:
    found = runs(text)
    assert "".join(text[run.start : run.stop] for run in found) == text
    assert all(a.script != b.script for a, b in itertools.pairwise(found))


@given(texts)
def test_what_is_no_letter_is_not_counted(text: str) -> None:
    assert n_letters(text) <= sum(unicodedata.category(c)[0] in "LM" for c in text)
    assert n_letters("1 2 3 - 😀 ❤️" + " ") == 0


def test_scripts_without_spaces() -> None:
    assert [is_spaced(s) for s in ("Latn", "Arab", "Kore", "Ethi")] == [True] * 4
    assert not any(is_spaced(s) for s in ("Hani", "Jpan", "Thai", "Khmr", "Laoo", "Mymr", "Tibt"))

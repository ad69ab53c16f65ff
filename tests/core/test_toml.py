from __future__ import annotations

import tomllib
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.core.errors import Faulty
from weighbridge.core.shape import Path
from weighbridge.core.toml import locate, parse

TEXT = '''
name = "x"  # a comment
long = """
fake = 1
[fake]
"""
a.b = 2

[table]
key = 1
"quoted key" = 2

[[list]]
one = 1

[[list]]
one = 2
[list.inner]
deep = 3

[probes.verbatim-extraction]
n = 4
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("name",), 2),
        (("a", "b"), 7),
        (("table",), 9),
        (("table", "key"), 10),
        (("table", "quoted key"), 11),
        (("list", 0, "one"), 14),
        (("list", 1, "one"), 17),
        (("list", 1, "inner", "deep"), 19),
        (("probes", "verbatim-extraction", "n"), 22),
    ],
)
def test_finds_lines(path: Path, line: int) -> None:
    assert locate(TEXT)[path] == line
    assert ("fake",) not in locate(TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    name: str
    size: int


def test_faults_carry_line_and_key() -> None:
    with pytest.raises(Faulty) as caught:
        parse(Thing, 'nme = "x"\nsize = "y"\n', file="t.toml", fix="mend it")
    told = [(fault.line, fault.key) for fault in caught.value.faults]
    assert told == [(1, "nme"), (0, "name"), (2, "size")]
    assert "t.toml:1: nme: unknown key; did you mean 'name'?" in str(caught.value)


def test_syntax_faults_carry_their_line() -> None:
    with pytest.raises(Faulty) as caught:
        parse(Thing, 'name = "x"\nsize = \n', file="t.toml", fix="mend it")
    assert caught.value.faults[0].line == 2


@pytest.mark.parametrize("text", ["[plan]\na = 1\n\n[[plan]]\n", "[[plan]]\na = 1\n\n[plan]\n"])
def test_one_table_and_several_of_a_name_exclude_each_other(text: str) -> None:
    with pytest.raises(Faulty, match=r"t.toml:4: plan: stands there both as \[plan\] and as \[\[plan\]\]"):
        parse(Thing, text, file="t.toml", fix="mend it")


@given(st.text(max_size=200))
def test_never_breaks(text: str) -> None:
    locate(text)
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        with pytest.raises(Faulty):
            parse(Thing, text, file="f", fix="-")

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.core.sought import is_long_enough, longest, normal, sought

STANDS = [
    ("Ada Lovelace", "by ADA  LOVELACE."),
    ("Ada Lovelace", "Lovelace, Ada"),
    ("Ada Lovelace", "ada_lovelace@example.org"),
    ("Ada Lovelace", "first,last\nAda,Lovelace,3"),
    ("Ada Lovelace", "Ada Love\u00adlace"),
    ("Ada Lovelace", "A\u200bda Lovelace"),
    ("Ada Lovelace", "\uff21\uff44\uff41 Lovelace"),
    ("Ada Lovelace", "Ada Lovelaces Brief"),
    ("José Álvarez", "jose alvarez"),
    ("Jose Alvarez", "Jose\u0301 A\u0301lvarez"),
    ("Straße 7b", "STRASSE 7B"),
    ("İpek Işık", "i̇pek ışık"),
    ("אָדָם כהן", "אדם כהן"),
    ("مُحَمَّد علي", "محمد علي"),
    ("王小明", "他是王小明的朋友"),
    ("สมชาย", "คุณสมชายใจดี"),
    ("김철수", "김철수는"),
    ("ada@example.org", "<ada@example.org>"),
    ("+44 7700 900461", "tel 00447700 900-461,"),
    ("447700900461", "+44 (7700) 900461"),
    ("12345678", '"id": 12345678}'),
    ("12345678", "12,12345678,7"),
    ("row 17", "row-17;"),
]
STANDS_NOT = [
    ("Ada Lovelace", "Ada Byron, Lovelace Road"),
    ("Ada Lovelace", "Adalovelace"),
    ("Ada Love", "Canada Love"),
    ("Ada", "Adam"),
    ("12345678", "123456789"),
    ("12345678", "912345678"),
    ("row 17", "row 171"),
    ("ada@example.org", "bada@example.org"),
]


@pytest.mark.parametrize(("identifier", "text"), STANDS)
def test_stands(identifier: str, text: str) -> None:
    assert sought(identifier).stands_in(normal(text))


@pytest.mark.parametrize(("identifier", "text"), STANDS_NOT)
def test_stands_not(identifier: str, text: str) -> None:
    assert not sought(identifier).stands_in(normal(text))


@pytest.mark.parametrize("text", ["", " ", "a", "..", "\x00\x01\x1b[0m", "\u200b\u200b\u200b\u200b", "é", "--a--"])
def test_says_too_little(text: str) -> None:
    assert not is_long_enough(text)


@pytest.mark.parametrize("text", ["Bob", "王明", "김수", "a7x"])
def test_says_enough(text: str) -> None:
    assert is_long_enough(text)


@given(st.text())
def test_normal_form_is_its_own(text: str) -> None:
    assert normal(normal(text)) == normal(text)


@given(st.text(), st.text(), st.text())
def test_what_stands_between_other_words_is_found(before: str, identifier: str, after: str) -> None:
    if is_long_enough(identifier):
        assert sought(identifier).stands_in(normal(f"{before}\n{identifier}\n{after}"))
        assert sought(identifier.upper()).stands_in(normal(f"{before}, {identifier}; {after}"))


@given(st.text())
def test_plain_text_comes_out_as_any_other(text: str) -> None:
    plain = text.encode("ascii", "ignore").decode()
    assert normal(plain) == normal(plain + "\u00e9").removesuffix("e").strip()


@given(st.text(min_size=1))
def test_the_overlap_holds_every_spelling(identifier: str) -> None:
    if is_long_enough(identifier):
        assert longest([sought(identifier)]) > len(normal(identifier))

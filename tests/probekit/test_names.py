import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.probekit.names import folded, words


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("homeAddress", ("home", "address")),
        ("HOME-ADDRESS.line_1", ("home", "address", "line")),
        ("HTTPServerID", ("http", "server", "id")),
        ("Ethnizität", ("ethnizitat",)),
        ("straße", ("strasse",)),
        ("DİNİ inanç", ("dini", "inanc")),
        ("ırk", ("irk",)),
        ("Расовая принадлежность", ("расовая", "принадлежность")),
        ("دِين", ("دين",)),
        ("الهـــوية", ("الهويه",)),
        ("जाति", ("जाति",)),
        ("家庭住址", ("家庭住址",)),
        ("reli\u200bgion", ("religion",)),
        ("\u202ereligion\u202c", ("religion",)),
        ("re\x00ligion\x1b", ("religion",)),
        ("ｒｅｌｉｇｉｏｎ", ("religion",)),
        ("12 34", ()),
        ("", ()),
    ],
)  # fmt: skip
def test_a_name_falls_into_its_words(name: str, expected: tuple[str, ...]) -> None:
    assert words(name) == expected


@given(st.text(max_size=60))
def test_words_hold_letters_and_are_folded(name: str) -> None:
    for word in words(name):
        assert word
        assert folded(word) == word
        assert not any(c.isspace() or c.isdigit() for c in word)


@given(st.text(alphabet="abcdefgh", min_size=1, max_size=8), st.sampled_from(["_", "-", " ", ".", "/", "1"]))
def test_what_parts_words_does_not_matter(word: str, mark: str) -> None:
    assert words(f"{word}{mark}{word}") == (word, word)


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=40))
def test_plain_names_fall_apart_like_others(name: str) -> None:
    assert words(name) == words(f"{name}\u200b")

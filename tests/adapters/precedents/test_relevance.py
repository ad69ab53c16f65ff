from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from weighbridge.adapters.precedents.relevance import relevance
from weighbridge.catalogue import find_precedents
from weighbridge.core.precedent import Precedent

SHELF = find_precedents()


def _best(words: str, shelf: tuple[Precedent, ...] = SHELF) -> str:
    found = relevance(shelf, words)
    return max(found, key=lambda slug: found[slug])


def test_the_cases_are_found_by_what_people_would_type() -> None:
    assert _best("runners heat map military bases") == "strava-heat-map"
    assert _best("search queries user number anonymised") == "aol-searches"
    assert _best("taxi hash medallion trips") == "new-york-taxis"
    assert _best("dissidents complaints government request") == "complaints-classifier-declined"


def test_stems_and_accents_are_one_word() -> None:
    assert relevance(SHELF, "refugee") == relevance(SHELF, "refugees") == relevance(SHELF, "réfugées")


def test_without_words_nothing_fits() -> None:
    assert relevance(SHELF, "") == relevance(SHELF, " \n*\"'()") == relevance((), "map") == {}


@given(st.text(max_size=80))
def test_no_question_breaks_the_index(words: str) -> None:
    assert all(score > 0 for score in relevance(SHELF[:5], words).values())


def test_the_operators_of_the_index_are_plain_words() -> None:
    assert relevance(SHELF, "map OR NOT NEAR(bases)").keys() >= relevance(SHELF, "map").keys()
    assert len(relevance(SHELF, "word " * 5000 + "heat")) == len(relevance(SHELF, "word heat"))

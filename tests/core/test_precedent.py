from __future__ import annotations

from dataclasses import replace

import pytest

from weighbridge.catalogue import find_precedents
from weighbridge.core.candidate import Candidate, Said, Subject, Triage
from weighbridge.core.precedent import Precedent, Source, Traits, Turned, traits_of
from weighbridge.core.rungs import Rung

ONE = Precedent(
    title="A map", on="2017-11", who="a company", what="A map was drawn.", after="Bases were found.",
    turned=Turned.HARM, source=(Source(says="Somebody 2018"),), reasons=("it was fun",), words=("location",),
)  # fmt: skip


def test_all_its_words_can_be_searched() -> None:
    assert {"map", "company", "Bases", "fun", "location"} <= set(ONE.text.replace(".", "").split())


def test_without_a_source_it_is_none() -> None:
    with pytest.raises(ValueError, match="rumour"):
        replace(ONE, source=())


@pytest.mark.parametrize("on", ["17", "2017-13", "2017-11-32", "November 2017", "", "2017-11-01T00:00"])
def test_its_day_is_a_day(on: str) -> None:
    with pytest.raises(ValueError, match="`on`"):
        replace(ONE, on=on)


def test_the_traits_of_a_candidate_are_what_was_answered() -> None:
    candidate = Candidate(
        name="toy", version="1", artefacts=(), subjects=(Subject.TABLE, Subject.BYTES), triage=Triage(harm=Said.YES)
    )
    assert traits_of(candidate) == Traits(about=(Subject.TABLE,), harm=Said.YES)


def test_what_a_review_set_right_stays_so() -> None:
    shelf = {p.slug: p for p in find_precedents()}
    rungs = {slug: shelf[slug].rung for slug in ("alphafold-2", "galactica", "the-stack")}
    assert rungs == {"alphafold-2": Rung.LICENSED, "galactica": Rung.LICENSED, "the-stack": Rung.GATED}
    assert 4 in shelf["medium-no-aggregation"].mission
    assert shelf["alphafold-3"].equivalent_in_days == 150
    assert any("June 2019" in source.says for source in shelf["ms-celeb-1m"].source)
    assert "first of their kind" not in shelf["fasttext-157"].after

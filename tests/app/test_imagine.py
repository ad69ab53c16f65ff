from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from replays import FACTS, candidate, given, imagined, substitute
from weighbridge.app.imagine import imagine, is_there, without_subsidy
from weighbridge.core.evidence import Basis, Quantity
from weighbridge.core.plans import Worth
from weighbridge.core.replication import DataFacts, Obtaining, RecipePart, Span
from weighbridge.core.rungs import Rung
from weighbridge.core.tradeoffs import Known

PAPER = frozenset({RecipePart.PAPER})
CODE = frozenset({RecipePart.PAPER, RecipePart.CODE})


def test_a_recipe_with_its_code_is_cheaper_to_follow() -> None:
    remade = imagine(given(), [PAPER, CODE]).remade
    assert remade is not None
    assert np.median(remade[CODE].usd) < np.median(remade[PAPER].usd)


def test_what_nobody_told_is_not_known_and_says_what_is_missing() -> None:
    worlds = imagined(candidate(replication=None))
    assert worlds.remade is None
    assert "[replication]" in str(worlds.why_not)
    part = imagined(candidate(replication=replace(FACTS, tokens=None)))
    assert part.remade is None
    assert "tokens" in str(part.why_not)


def test_data_that_nobody_can_have_cannot_be_remade_at_any_price() -> None:
    facts = replace(FACTS, data=DataFacts(obtaining=Obtaining.UNOBTAINABLE))
    remade = imagined(candidate(replication=facts)).remade
    assert remade is not None
    assert np.isinf(remade[PAPER].usd).all()
    assert np.isinf(remade[PAPER].usd_subsidised).all()


def test_data_without_a_price_makes_a_floor() -> None:
    facts = replace(FACTS, data=DataFacts(obtaining=Obtaining.OBTAINABLE))
    worlds = imagined(candidate(replication=facts))
    assert worlds.is_floor
    assert worlds.remade is not None


def test_the_subsidised_pay_less() -> None:
    remade = imagined().remade
    assert remade is not None
    assert (remade[PAPER].usd_subsidised < remade[PAPER].usd).all()


@pytest.mark.parametrize(("since", "there"), [("", True), ("2019-02-14", True), ("2019-02-15", False)])
def test_a_substitute_is_there_from_its_day_on(since: Any, there: Any) -> None:
    assert is_there(substitute(1.0, 2.0, since=since), "2019-02-14") is there


def test_the_cheapest_substitute_counts_and_none_is_out_of_reach() -> None:
    assert np.isinf(imagined().elsewhere).all()
    two = Worth(substitutes=(substitute(100.0, 200.0), substitute(1e6, 2e6, name="dear")))
    assert imagined(candidate(worth=two)).elsewhere.max() < 1000


def test_an_unmeasured_defence_is_anything_and_a_measured_one_lies_in_its_interval() -> None:
    q = Quantity(
        metric="m", value=0.7, low=0.6, high=0.8, confidence=0.95, unit="1", n=9, n_of="text", basis=Basis.MEASURED
    )
    unknown = imagined(defence=(Known(language="sw", share=None),)).defence
    known = imagined(defence=(Known(language="en", share=q),)).defence
    both = imagined(defence=(Known(language="en", share=q), Known(language="sw", share=None))).defence
    assert unknown.min() < 0.05
    assert unknown.max() > 0.95
    assert 0.6 <= known.min() <= known.max() <= 0.8
    assert (both <= known).all()


def test_every_rung_that_hands_out_copies_has_a_chance_to_leak() -> None:
    worlds = imagined()
    assert set(worlds.leak) == {Rung.WITHHELD, Rung.SERVED, Rung.PARTNERS, Rung.GATED}
    assert worlds.leak[Rung.GATED].mean() > worlds.leak[Rung.WITHHELD].mean()


def test_what_never_varies_is_no_input() -> None:
    names = [name for name, _says, _values in imagined().inputs]
    assert "substitute" not in names
    assert "reach-open" not in names
    assert {"replication-cost", "lone-troll-identity", "leak-gated", "delay"} <= set(names)


def test_subsidy_is_for_all_or_none() -> None:
    crowd = imagined().crowds[1]
    assert not without_subsidy(crowd).subsidised.any()
    assert without_subsidy(crowd, everyone=True).subsidised.all()
    assert 0 < crowd.subsidised.mean() < 0.5


def test_a_range_from_nothing_is_taken() -> None:
    from weighbridge.core.worth import Actor

    one = Actor(name="a", says="as", budget_usd=Span(low=0.0, high=9.0), value_usd=Span(low=0.0, high=9.0),
                identity_usd=Span(low=0.0, high=0.0))  # fmt: skip
    worlds = imagined(candidate(worth=Worth(actors=(one,))))
    assert len(worlds.crowds) == 1
    assert np.isfinite(worlds.crowds[0].identity).all()

import numpy as np

from replays import candidate, imagined
from weighbridge.app.figure import market_of
from weighbridge.app.trade import WEIGHTINGS, admit_plans, by_name, choose, closes, weigh_plans, weightings, worth_of
from weighbridge.app.value import counts_of
from weighbridge.core.plans import Plan
from weighbridge.core.rungs import Rung
from weighbridge.core.tradeoffs import State

WORLDS = imagined()


def plan(name: str, rung: Rung) -> Plan:
    return Plan(name=name, rungs=(("code", Rung.OPEN), ("paper", Rung.OPEN), ("weights", rung)))


def test_every_kind_of_count_weighs_alike() -> None:
    counts = counts_of(WORLDS)
    drawn = weightings(counts, np.random.default_rng(0))
    assert drawn.shape == (WEIGHTINGS, len(counts))
    for group in dict.fromkeys(c.group for c in counts):
        columns = [n for n, c in enumerate(counts) if c.group == group]
        assert abs(drawn[:, columns].sum(axis=1).mean() - 0.25) < 0.02


def test_twins_are_tied_and_the_one_that_can_be_undone_is_chosen() -> None:
    rows = admit_plans([plan("one", Rung.GATED), plan("two", Rung.GATED)], (), WORLDS)
    fair, out = weigh_plans(rows, WORLDS, market_of(WORLDS))
    assert (len(fair), out) == (2, ())
    weights = weightings(counts_of(WORLDS), np.random.default_rng(0))
    choice = choose(fair, weights)
    assert choice.wins["one"].value + choice.wins["two"].value == 1
    assert set(by_name(fair)) == {"one", "two"}
    assert worth_of(fair)[0].shape == (100, 2, len(counts_of(WORLDS)))


def test_of_no_plan_none_is_chosen() -> None:
    assert choose((), np.ones((3, 2))).preferred == ""


def test_what_closes_is_what_keeps_it_from_anyone_at_first() -> None:
    assert closes(plan("g", Rung.GATED), WORLDS)
    assert not closes(plan("l", Rung.LICENSED), WORLDS)


def test_closing_that_deters_nobody_is_not_shown_to_buy_anything() -> None:
    """The price of it is next to nothing, and names cost nothing: then a gate keeps out nobody."""
    from dataclasses import replace

    free = {parts: replace(m, usd=m.usd * 0, usd_subsidised=m.usd_subsidised * 0) for parts, m in WORLDS.remade.items()}  # type: ignore[union-attr]
    cheap = replace(WORLDS, remade=free)
    rows = admit_plans([plan("shut", Rung.WITHHELD), plan("open", Rung.OPEN)], (), cheap)
    fair, out = weigh_plans(rows, cheap, market_of(cheap))
    assert [f.row.plan.name for f in fair] == ["open"]
    assert [(row.plan.name, row.state) for row in out] == [("shut", State.UNJUSTIFIED)]
    assert "at most 3 %" in str(out[0].because[0])  # of a hundred actors none is seen; that is not none at all
    assert candidate().plan

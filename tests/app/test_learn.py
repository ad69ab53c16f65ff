from dataclasses import replace

import numpy as np

from replays import FULL, compared, gpt2, imagined, weighing
from weighbridge.app.figure import market_of
from weighbridge.app.learn import HOUR, learnings, swings
from weighbridge.app.trade import Fair, admit_plans, weigh_plans, weightings
from weighbridge.app.value import counts_of, value
from weighbridge.core.plans import Plan
from weighbridge.core.rungs import Rung
from weighbridge.core.tradeoffs import PlanRow, State


def plan(rung: Rung) -> Plan:
    return Plan(name=rung.value, rungs=(("code", Rung.OPEN), ("paper", Rung.OPEN), ("weights", rung)))


def test_what_a_withheld_plan_hangs_on_is_the_cost_and_the_means() -> None:
    worlds = imagined(worlds=400)
    shut = plan(Rung.WITHHELD)
    row = PlanRow(plan=shut, state=State.IN)
    found = swings(worlds, Fair(row=row, valued=value(shut, market_of(worlds), counts_of(worlds))))
    names = [swing.name for swing in found]
    assert names[0].startswith(("replication", "skilled-group", "company"))
    for swing in found:
        assert swing.correlation.low > 0 or swing.correlation.high < 0
        assert swing.share.low <= swing.share.value <= swing.share.high
    assert not any(name.startswith("reach") for name in names)


def test_of_what_everybody_has_nothing_hangs_on_anything() -> None:
    worlds = imagined()
    row = PlanRow(plan=plan(Rung.OPEN), state=State.IN)
    assert swings(worlds, Fair(row=row, valued=value(row.plan, market_of(worlds), counts_of(worlds)))) == ()


def test_an_hour_is_the_most_that_is_suggested_and_the_likeliest_comes_first() -> None:
    found = compared(weighing(), replace(FULL, worlds=300)).learnings
    assert all(0 < entry.minutes <= HOUR for entry in found)
    assert [e.chance.value for e in found] == sorted((e.chance.value for e in found), reverse=True)


def test_where_one_plan_wins_everywhere_nothing_is_worth_learning() -> None:
    worlds = imagined()
    rows = admit_plans([plan(Rung.OPEN)], (), worlds)
    fair, _out = weigh_plans(rows, worlds, market_of(worlds))
    weights = weightings(counts_of(worlds), np.random.default_rng(0))
    assert learnings(worlds, rows, fair, weights, ()) == ()


def test_what_is_not_told_at_all_comes_first() -> None:
    first = compared(weighing(replication=None), FULL).learnings[0]
    assert (first.name, first.chance.n) == ("replication", 0)
    assert gpt2().recommended

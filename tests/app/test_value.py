from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replays import HARMLESS, HEALTH, candidate, imagined
from weighbridge.app.figure import market_of
from weighbridge.app.trade import weightings
from weighbridge.app.value import Touches, counts_of, lean, stretches, value
from weighbridge.core.candidate import Component
from weighbridge.core.plans import Plan, Slice, Worth
from weighbridge.core.replication import Span
from weighbridge.core.rungs import Rung, gives_as_much
from weighbridge.core.stages import Criterion, Stage
from weighbridge.core.worth import Benefit, Ground, Kind

WORLDS = imagined()
MARKET = market_of(WORLDS)
COUNTS = counts_of(WORLDS)


def plan(rung: Rung, *stages: Stage, part: Slice | None = None) -> Plan:
    return Plan(
        name="p", rungs=(("code", Rung.OPEN), ("paper", Rung.OPEN), ("weights", rung)), stages=stages, slice=part
    )


def stage(by: str, rung: Rung = Rung.OPEN) -> Stage:
    return Stage(name="s", plan=(("weights", rung),), by=by, criterion=(Criterion(name="c", says="c"),))


def test_the_year_is_cut_where_a_stage_opens() -> None:
    year = stretches(plan(Rung.GATED, stage("2019-08-15")), "2019-02-14")
    assert [round(s.share * 365) for s in year] == [182, 183]
    assert [s.rungs[Component.WEIGHTS] for s in year] == [Rung.GATED, Rung.OPEN]


def test_a_stage_that_has_passed_counts_from_the_first_day_and_one_beyond_the_year_for_nothing() -> None:
    assert len(stretches(plan(Rung.GATED, stage("2018-01-01")), "2019-02-14")) == 1
    assert stretches(plan(Rung.GATED, stage("2018-01-01")), "2019-02-14")[0].rungs[Component.WEIGHTS] is Rung.OPEN
    assert stretches(plan(Rung.GATED, stage("2021-01-01")), "2019-02-14")[0].share == 1


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(list(Rung)), st.sampled_from(list(Rung)))
def test_giving_more_to_more_deters_no_more_and_reaches_no_fewer(one: Any, other: Any) -> None:
    if not gives_as_much(one, other) or Rung.SERVED in (one, other):  # what serves asks for less than a name
        return
    wide, narrow = value(plan(one), MARKET, COUNTS), value(plan(other), MARKET, COUNTS)
    assert (wide.deterred.mean(axis=1) <= narrow.deterred.mean(axis=1) + 1e-9).all()
    assert (wide.delay <= narrow.delay).all()
    reach = [c.name for c in COUNTS].index("reach")
    assert wide.counts[:, reach].mean() >= narrow.counts[:, reach].mean() - 1e-9


def test_what_opens_after_half_a_year_deters_half() -> None:
    shut, staged = (
        value(plan(Rung.WITHHELD), MARKET, COUNTS),
        value(plan(Rung.WITHHELD, stage("2019-08-15")), MARKET, COUNTS),
    )
    assert staged.deterred == pytest.approx(shut.deterred * 182 / 365, abs=1e-6)
    assert staged.delay.max() == pytest.approx(182)


def test_a_slice_gives_a_part_of_what_opening_gives() -> None:
    first = plan(Rung.WITHHELD, stage("2019-08-15"))
    whole, sliced = (
        value(first, MARKET, COUNTS),
        value(plan(Rung.WITHHELD, stage("2019-08-15"), part=Slice.SIZE), MARKET, COUNTS),
    )
    reach = [c.name for c in COUNTS].index("reach")
    assert (sliced.counts[:, reach] > whole.counts[:, reach]).all()
    assert (sliced.deterred.mean(axis=1) < whole.deterred.mean(axis=1)).any()


def test_counts_lie_between_none_and_all() -> None:
    for rung in Rung:
        counts = value(plan(rung), MARKET, COUNTS).counts
        assert counts.shape == (100, len(COUNTS))
        assert np.isfinite(counts).all()
        assert counts.min() >= 0
        assert counts.max() <= 1


def test_what_hurts_nobody_has_no_count_of_misuse_and_a_benefit_has_its_own() -> None:
    harmless = imagined(candidate(triage=HARMLESS, worth=Worth(benefits=(HEALTH,))))
    assert [c.name for c in counts_of(harmless)] == ["benefit-health-text", "checking"]


def test_a_benefit_is_reached_from_its_rung_on_and_no_further_than_the_rung_reaches() -> None:
    worlds = imagined(candidate(worth=Worth(benefits=(HEALTH,))))
    counts = counts_of(worlds)
    k = [c.name for c in counts].index("benefit-health-text")
    got = {rung: value(plan(rung), market_of(worlds), counts).counts[:, k].mean() for rung in Rung}
    assert got[Rung.PARTNERS] == got[Rung.SERVED] == got[Rung.WITHHELD] == 0
    assert 0 < got[Rung.GATED] < got[Rung.LICENSED] < got[Rung.OPEN] == 1


def _served(benefit: Benefit, *plans: Plan) -> list[float]:
    worlds = imagined(candidate(worth=Worth(benefits=(benefit,))))
    counts = counts_of(worlds)
    k = [c.name for c in counts].index(f"benefit-{benefit.name}")
    return [float(value(p, market_of(worlds), counts).counts[:, k].mean()) for p in plans]


def test_what_would_come_anyway_soon_is_lost_for_that_long_alone() -> None:
    shut, opened, late = plan(Rung.WITHHELD), plan(Rung.OPEN), plan(Rung.WITHHELD, stage("2019-08-15"))
    soon = replace(HEALTH, sooner_days=Span(low=73.0, high=73.0))
    assert _served(soon, shut, opened, late) == pytest.approx([0.8, 1.0, 0.8])
    assert _served(HEALTH, shut, opened) == [0, 1]
    never = replace(HEALTH, sooner_days=Span(low=4000.0, high=9000.0))
    assert _served(never, shut, opened, late) == pytest.approx(_served(HEALTH, shut, opened, late))
    part = replace(HEALTH, sooner_days=Span(low=273.75, high=273.75))  # the stage opens after 182 days
    assert _served(part, late) == pytest.approx([1 - 182 / 365], abs=1e-6)


def test_a_testified_benefit_to_those_for_whom_little_is_made_leans_and_a_guess_does_not() -> None:
    assert lean(HEALTH) == 4
    assert lean(replace(HEALTH, low_resource=False)) == 2
    assert lean(replace(HEALTH, kind=Kind.USE)) == 2
    assert lean(replace(HEALTH, basis=Ground.ASSUMED)) == 1
    counts = counts_of(imagined(candidate(worth=Worth(benefits=(HEALTH,)))))
    drawn = weightings(counts, np.random.default_rng(0))
    k = [c.name for c in counts].index("benefit-health-text")
    assert drawn[:, k].mean() == pytest.approx(4 / 7, abs=0.02)  # beside three kinds that lean by one


@pytest.mark.parametrize(
    ("touches", "change"),
    [
        (Touches.NEITHER, {"defence": np.full(100, 0.9)}),
        (Touches.REMAKING, {"remade": {p: replace(m, usd=m.usd / 9) for p, m in (WORLDS.remade or {}).items()}}),
        (Touches.ELSEWHERE, {"elsewhere": np.full(100, 500.0)}),
        (Touches.ACTORS, {"crowds": tuple(replace(c, limit=c.limit + 1) for c in WORLDS.crowds)}),
    ],
)
def test_what_is_kept_of_a_market_is_what_would_come_out_anew(touches: Touches, change: Any) -> None:
    (
        value(plan(Rung.GATED), MARKET, COUNTS),
        value(plan(Rung.OPEN), MARKET, COUNTS),
    )  # so that there is something to keep
    other = replace(WORLDS, **change)
    for rung in Rung:
        kept = value(plan(rung), MARKET.moved(other, touches), COUNTS)
        anew = value(plan(rung), market_of(other), COUNTS)
        assert (kept.counts == anew.counts).all()
        assert (kept.deterred == anew.deterred).all()

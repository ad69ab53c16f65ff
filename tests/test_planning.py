from pathlib import Path
from typing import Any

import pytest

from replays import FEBRUARY, weighing, with_substitute
from weighbridge.adapters.assumed_shelf import load_assumed
from weighbridge.core.errors import Unusable
from weighbridge.planning import Planning, figures_for, plans_for


def test_what_is_left_out_is_as_a_decision_is_held_against() -> None:
    made = plans_for(weighing(), Planning(in_full=False))
    assert made.as_of == "2025-03-17"
    assert made.figures == figures_for(weighing()).digest


def test_stages_are_counted_from_today_and_not_from_the_day_of_the_prices() -> None:
    made = plans_for(weighing(), Planning(in_full=False), today="2026-11-28")
    assert (made.as_of, made.day) == ("2025-03-17", "2026-11-28")
    row = made.row("staged-by-time")
    assert row is not None
    assert row.plan.stages[0].by == "2027-05-29"
    assert made.figures == figures_for(weighing(), "2026-11-28").digest != figures_for(weighing()).digest


def test_a_substitute_is_there_as_of_today_unless_another_day_is_named() -> None:
    about = weighing(worth=with_substitute(30, 60, since="2026-01-01"))
    now = plans_for(about, Planning(in_full=False), today="2026-11-28")
    then = plans_for(about, Planning(in_full=False, seen="2025-12-01"), today="2026-11-28")
    past = plans_for(about, Planning(in_full=False, as_of="2025-04-01"), today="2026-11-28")
    told = [any("was not to be had" in str(w) for w in made.warnings) for made in (now, then, past)]
    assert told == [False, True, True]
    assert now.day == then.day == past.day  # reweighing holds two days of prices against each other, on one calendar


@pytest.mark.parametrize("day", ["tomorrow", "2019", "20190214"])
def test_what_is_no_day_is_refused(day: Any) -> None:
    with pytest.raises(Unusable, match="as of"):
        plans_for(weighing(), Planning(as_of=day))


def test_actors_of_ones_own_make_other_figures(tmp_path: Path) -> None:
    from importlib import resources

    text = (resources.files("weighbridge") / "shelves" / "actors" / "assumed-2026.toml").read_text(encoding="utf-8")
    mine = tmp_path / "mine.toml"
    mine.write_text(
        text.replace("budget_usd = { low = 50, high = 1000 }", "budget_usd = { low = 5000, high = 100000 }")
    )
    asked = Planning(as_of=FEBRUARY, actors=mine, in_full=False)
    made, usual = plans_for(weighing(), asked), plans_for(weighing(), Planning(as_of=FEBRUARY, in_full=False))
    assert made.figures != usual.figures
    assert made.actors[0].budget_usd.low == 5000
    assert load_assumed().actor[0].budget_usd.low == 50

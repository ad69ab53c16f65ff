from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.core.rungs import Rung, gives_as_much
from weighbridge.core.shape import Reading, plain, read
from weighbridge.core.stages import Criterion, Sort, Stage, day_of, stage_faults, widened

MEASURED = Criterion(
    name="found", says="It is found.", probe="detectability", metric="tpr", where=(("language", "sw"),), at_least=0.8
)
EVENT = Criterion(name="told", says="Two newsrooms run the detector.")
ANSWER = Criterion(name="nobody-hurt", says="Nobody can be hurt.", answer="harm", choices=("no",))
FIRST = Stage(name="gated", plan=(("weights", Rung.GATED),), by="2026-03-01", criterion=(MEASURED, EVENT))
LAST = Stage(name="all", plan=(("weights", Rung.OPEN), ("data", Rung.OPEN)), by="2026-06-01", criterion=(ANSWER,))
PLAN = (("data", Rung.WITHHELD), ("weights", Rung.PARTNERS))


def _faults(*stages: Stage, ends: str = "2026-12-31") -> str:
    return "; ".join(f"{'.'.join(map(str, key))}: {says}" for key, says in stage_faults(PLAN, stages, ends=ends))


def test_a_stage_widens_what_was_before_and_leaves_the_rest() -> None:
    assert _faults(FIRST, LAST) == ""
    assert dict(widened(PLAN, [])) == dict(PLAN)
    assert dict(widened(PLAN, [FIRST])) == {"data": Rung.WITHHELD, "weights": Rung.GATED}
    assert dict(widened(PLAN, [FIRST, LAST])) == {"data": Rung.OPEN, "weights": Rung.OPEN}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": "All of it"}, "stage.0.name: is no short name"),
        ({"by": "soon"}, "stage.0.by: is no day"),
        ({"not_before": "later"}, "stage.0.not_before: is no day"),
        ({"not_before": "2026-03-02"}, "stage.0.not_before: is after the last day"),
        ({"by": "2027-01-01"}, "stage.0.by: is after the decision itself has ended"),
        ({"plan": (("wieghts", Rung.OPEN),)}, "stage.0.plan.wieghts: is not in the plan; did you mean 'weights'"),
        ({"plan": (("weights", Rung.SERVED),)}, "stage.0.plan.weights: served does not widen partners"),
        ({"plan": (("weights", Rung.WITHHELD),)}, "stage.0.plan.weights: withheld does not widen partners"),
        ({"plan": (("weights", Rung.PARTNERS),)}, "stage.0.plan: widens nothing"),
        ({"plan": ()}, "stage.0.plan: widens nothing"),
        ({"criterion": ()}, "stage.0.criterion: is missing"),
        ({"criterion": (EVENT, EVENT)}, "stage.0.criterion.1.name: is the name of an earlier one"),
    ],
)
def test_says_what_is_wrong_with_a_stage(change: dict[str, Any], says: str) -> None:
    assert says in _faults(replace(FIRST, **change))


@pytest.mark.parametrize(
    ("criterion", "says"),
    [
        (replace(EVENT, says=" "), "says: is empty"),
        (replace(EVENT, at_least=1.0), "at_least: bounds no number"),
        (replace(EVENT, choices=("no",)), "choices: are of no question"),
        (replace(ANSWER, choices=()), "choices: are missing"),
        (replace(MEASURED, metric=""), "metric: is missing"),
        (replace(MEASURED, probe=""), "probe: is missing"),
        (replace(MEASURED, answer="harm"), "answer: stands beside a number"),
        (replace(MEASURED, at_least=None), "at_least: is missing"),
        (replace(MEASURED, at_least=float("nan")), "at_least: is no finite number"),
        (replace(MEASURED, at_least=2.0, at_most=1.0), "at_most: is less than at_least"),
    ],
)
def test_says_what_is_wrong_with_a_criterion(criterion: Criterion, says: str) -> None:
    assert f"stage.0.criterion.0.{says}" in _faults(replace(FIRST, criterion=(criterion,)))


def test_stages_come_one_after_another_under_names_of_their_own() -> None:
    assert "stage.1.name: is the name of an earlier one" in _faults(FIRST, replace(LAST, name="gated"))
    assert "stage.1.by: is not after the stage before it" in _faults(FIRST, replace(LAST, by="2026-03-01"))
    assert _faults(FIRST, LAST, ends="") == ""


def test_a_criterion_is_of_one_sort() -> None:
    assert [c.sort for c in (MEASURED, ANSWER, EVENT)] == [Sort.MEASURED, Sort.ANSWERED, Sort.TESTIFIED]


def test_goes_into_json_and_back() -> None:
    reading = Reading(file="x")
    assert read(Stage, plain(FIRST), reading) == FIRST
    assert not reading.faults


@given(st.text(max_size=12))
def test_any_text_is_a_day_or_none(text: str) -> None:
    assert day_of(text) is None or len(text) == 10


@pytest.mark.parametrize("text", ["20270331", "2027-W13-3", "2027-03-31T00:00", "2027-3-31", ""])
def test_a_day_is_written_in_one_way(text: str) -> None:
    assert day_of(text) is None


@given(st.lists(st.sampled_from(list(Rung)), min_size=1, max_size=4))
def test_stages_without_a_fault_never_take_anything_back(rungs: list[Rung]) -> None:
    stages = [
        replace(FIRST, name=f"s{n}", plan=(("weights", rung),), by=f"2026-0{n + 1}-01") for n, rung in enumerate(rungs)
    ]
    if stage_faults(PLAN, stages, ends="2026-12-31"):
        return
    held = [dict(widened(PLAN, stages[:n]))["weights"] for n in range(len(stages) + 1)]
    assert all(gives_as_much(after, before) and after is not before for before, after in pairwise(held))

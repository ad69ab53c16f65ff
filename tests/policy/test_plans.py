from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replays import artefact, candidate, finding
from weighbridge.core.candidate import Claims, Component, Role, Subject, Triage
from weighbridge.core.findings import Effect, Verdict
from weighbridge.core.plans import Plan
from weighbridge.core.replication import RecipePart
from weighbridge.core.rungs import Rung
from weighbridge.core.stages import Criterion, Stage, stage_faults
from weighbridge.policy.plans import (
    admitted,
    incoherences,
    main_component,
    recipe_parts,
    standard_plans,
    undoing,
)

DAY = date(2026, 11, 28)
WHOLE = candidate(artefacts=(*candidate().artefacts, artefact(Role.TRAIN_DATA, "text")))
DATA = candidate(artefacts=(artefact(Role.DATA, "a.csv"),), subjects=(Subject.TABLE,), claims=Claims(), triage=Triage())


def plan(*rungs: tuple[str, Rung], stages: tuple[Stage, ...] = ()) -> Plan:
    return Plan(name="p", rungs=rungs, stages=stages)


def names(made: Any, *findings: Any) -> list[str]:
    return [p.name for p in standard_plans(made, findings, DAY)]


def test_a_model_has_all_the_standard_plans_and_data_those_that_make_sense() -> None:
    assert names(candidate()) == [
        "open", "licensed", "gated", "paper-only", "withhold", "served", "staged-by-time", "defenders-first", "staged-by-size",
    ]  # fmt: skip
    assert names(DATA) == ["open", "licensed", "gated", "withhold", "staged-by-time", "defenders-first"]
    assert "staged-by-language" in names(candidate(claims=Claims(languages=("en", "sw"))))


def test_what_has_neither_model_nor_data_goes_out_or_stays() -> None:
    bare = candidate(artefacts=(artefact(Role.PAPER, "paper"),))
    assert main_component(bare) is None
    assert names(bare) == ["open", "withhold"]


@pytest.mark.parametrize("made", [candidate(), WHOLE, DATA, candidate(claims=Claims(languages=("en", "sw")))])
def test_every_standard_plan_is_coherent_and_its_stages_are_sound(made: Any) -> None:
    for standard in standard_plans(made, (), DAY):
        assert incoherences(standard, made) == ()
        assert stage_faults(standard.rungs, standard.stages) == ()
        assert all(stage.criterion for stage in standard.stages)


def test_a_stop_on_the_training_data_keeps_the_data_in_and_not_the_model() -> None:
    stop = finding(Effect.STOP, Verdict.BREACHED, *tuple(Rung)[1:], component=Component.TRAIN_DATA)
    opened = next(p for p in standard_plans(WHOLE, (stop,), DAY) if p.name == "open")
    assert dict(opened.rungs)["train-data"] is Rung.WITHHELD
    assert dict(opened.rungs)["weights"] is Rung.OPEN
    assert admitted(opened, (stop,)).stops == ()


def test_a_stop_on_the_model_takes_the_plan_out() -> None:
    stop = finding(Effect.STOP, Verdict.BREACHED, Rung.OPEN)
    opened = next(p for p in standard_plans(WHOLE, (stop,), DAY) if p.name == "open")
    assert admitted(opened, (stop,)).stops == (stop,)


def test_a_finding_about_everything_counts_and_one_about_another_component_does_not() -> None:
    about_all = finding(Effect.STOP, Verdict.BREACHED, Rung.OPEN, component=None)
    other = finding(Effect.STOP, Verdict.BREACHED, Rung.OPEN, component=Component.DETECTOR)
    assert admitted(plan(("weights", Rung.OPEN)), (about_all, other)).stops == (about_all,)


def test_a_rung_that_only_a_stage_gives_counts_as_well() -> None:
    stage = Stage(name="s", plan=(("weights", Rung.OPEN),), by="2027-01-31", criterion=(Criterion(name="c", says="c"),))
    stop = finding(Effect.STOP, Verdict.BREACHED, Rung.OPEN)
    assert admitted(plan(("weights", Rung.GATED), stages=(stage,)), (stop,)).stops == (stop,)


def test_advice_takes_no_plan_out() -> None:
    advice = finding(Effect.ADVISE, Verdict.BREACHED, Rung.OPEN)
    made = admitted(plan(("weights", Rung.OPEN)), (advice,))
    assert (made.stops, made.cautions, made.waiting) == ((), (), ())


REST = (("code", Rung.OPEN), ("paper", Rung.OPEN))


@pytest.mark.parametrize(
    ("rungs", "says"),
    [
        ((*REST, ("train-data", Rung.OPEN), ("weights", Rung.WITHHELD)), "makes it again"),
        ((*REST, ("train-data", Rung.LICENSED), ("weights", Rung.GATED)), "makes it again"),
        ((("code", Rung.SERVED), ("paper", Rung.OPEN), ("train-data", Rung.GATED), ("weights", Rung.OPEN)), "nothing in it to ask"),
        ((*REST, ("weights", Rung.OPEN)), "train-data has no rung"),
        ((*REST, ("train-data", Rung.GATED), ("weights", Rung.OPEN), ("detector", Rung.OPEN)), "detector is not released"),
        ((*REST, ("train-data", Rung.GATED), ("weights", Rung.OPEN), ("wieghts", Rung.OPEN)), "wieghts is not released; did you mean 'weights'"),
    ],
)  # fmt: skip
def test_a_plan_that_undoes_itself_is_told_why(rungs: Any, says: Any) -> None:
    assert any(says in str(fault) for fault in incoherences(plan(*rungs), WHOLE))


def test_what_a_stage_undoes_is_told_too() -> None:
    stage = Stage(
        name="s", plan=(("train-data", Rung.OPEN),), by="2027-01-31", criterion=(Criterion(name="c", says="c"),)
    )
    staged = plan(*REST, ("train-data", Rung.GATED), ("weights", Rung.WITHHELD), stages=(stage,))
    assert any("makes it again" in str(fault) for fault in incoherences(staged, WHOLE))


def test_the_recipe_is_what_anyone_gets() -> None:
    got = recipe_parts({Component.PAPER: Rung.OPEN, Component.CODE: Rung.GATED, Component.TRAIN_DATA: Rung.LICENSED})
    assert got == {RecipePart.PAPER, RecipePart.DATA}


@given(st.sampled_from(list(Rung)))
def test_what_nobody_has_can_be_undone_and_what_anyone_has_cannot(rung: Any) -> None:
    assert (
        undoing(plan(("weights", Rung.WITHHELD)))
        >= undoing(plan(("weights", rung)))
        >= undoing(plan(("weights", Rung.OPEN)))
    )

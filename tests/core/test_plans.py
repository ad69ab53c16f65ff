from typing import Any

from weighbridge.core.candidate import Component
from weighbridge.core.plans import Plan, Worth, worth_faults
from weighbridge.core.replication import Span
from weighbridge.core.rungs import Rung
from weighbridge.core.stages import Criterion, Stage
from weighbridge.core.worth import Benefit, Substitute

KNOWN = [component.value for component in Component]
STAGE = Stage(
    name="open", plan=(("weights", Rung.OPEN),), by="2027-01-31",
    criterion=(Criterion(name="no-harm-seen", says="nobody reported misuse"),),
)  # fmt: skip


def plan(**changed: Any) -> Plan:
    return Plan(**({"name": "mine", "rungs": (("weights", Rung.GATED),)} | changed))


def faults(worth: Worth) -> dict[object, str]:
    return dict(worth_faults(worth, KNOWN))


def test_stages_widen_a_plan() -> None:
    staged = plan(stages=(STAGE,))
    assert staged.at(0) == (("weights", Rung.GATED),)
    assert staged.at(1) == (("weights", Rung.OPEN),)


def test_what_is_well_declared_has_no_fault() -> None:
    assert faults(Worth(plans=(plan(stages=(STAGE,)),))) == {}


def test_an_unknown_component_is_told_with_its_nearest() -> None:
    told = faults(Worth(plans=(plan(rungs=(("wieghts", Rung.OPEN),)),)))
    assert "'weights'" in told["plan", 0, "rungs", "wieghts"]


def test_faults_of_stages_are_told_at_their_place() -> None:
    narrower = Stage(name="less", plan=(("weights", Rung.WITHHELD),), by="2027-01-31", criterion=STAGE.criterion)
    assert ("plan", 0, "stage", 0, "plan", "weights") in faults(Worth(plans=(plan(stages=(narrower,)),)))


def test_two_of_one_name_are_refused() -> None:
    twice = Substitute(name="s", cost_usd=Span(low=1.0, high=2.0))
    assert ("substitute", 1, "name") in faults(Worth(substitutes=(twice, twice)))


def test_a_benefit_of_an_unknown_component_is_refused() -> None:
    lost = Benefit(name="b", who="w", unit="u", amount=Span(low=1.0, high=2.0), needs=Rung.OPEN, component="wheels")
    assert ("benefit", 0, "component") in faults(Worth(benefits=(lost,)))


def test_more_than_can_be_drawn_is_refused() -> None:
    many = tuple(Substitute(name=f"s{n}", cost_usd=Span(low=1.0, high=2.0)) for n in range(41))
    assert "40 at most" in faults(Worth(substitutes=many))[("substitute",)]

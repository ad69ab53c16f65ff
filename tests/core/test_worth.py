from typing import Any

import pytest

from weighbridge.core.replication import Span
from weighbridge.core.rungs import Rung
from weighbridge.core.worth import Actor, Alternative, Benefit, Ground, Kind, Substitute

SOME = Span(low=1.0, high=2.0)


def actor(**changed: Any) -> Actor:
    given: dict[str, Any] = {"name": "a", "says": "as", "budget_usd": SOME, "value_usd": SOME, "identity_usd": SOME}
    return Actor(**(given | changed))


def benefit(**changed: Any) -> Any:
    given: dict[str, Any] = {"name": "b", "who": "nurses", "unit": "people", "amount": SOME, "needs": Rung.GATED}
    return Benefit(**(given | changed))


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"budget_usd": Span(low=0.0, high=0.0)}, "nothing at all"),
        ({"budget_usd": Span(low=-1.0, high=2.0)}, "below zero"),
        ({"value_usd": Span(low=3.0, high=2.0)}, "runs from its high"),
        ({"identity_usd": Span(low=1.0, high=float("inf"))}, "not finite"),
        ({"identity_usd": Span(low=1.0, high=1e15)}, "which unit"),
        ({"subsidised": Span(low=0.0, high=30.0)}, "share"),
        ({"basis": Ground.TESTIFIED}, "names nobody"),
        ({"name": " "}, "empty"),
    ],
)
def test_an_actor_that_cannot_be_is_refused(changed: Any, says: Any) -> None:
    with pytest.raises(ValueError, match=says):
        actor(**changed)


def test_all_faults_of_an_actor_are_told_at_once() -> None:
    with pytest.raises(ValueError, match=r"below zero.*names nobody"):
        actor(value_usd=Span(low=-1.0, high=2.0), basis=Ground.TESTIFIED)


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": Kind.HEALTH, "unit": "USD"},
        {"unit": "dollars per life"},
        {"unit": "EUR", "who": "patients of the clinic"},
        {"unit": "£ for each QALY"},
    ],
)
def test_lives_are_not_counted_in_money(changed: Any) -> None:
    with pytest.raises(ValueError, match="never counted in money"):
        benefit(**changed)


def test_money_that_is_about_nobodys_life_may_be_counted() -> None:
    assert benefit(unit="USD of computing not spent twice", who="laboratories").unit.startswith("USD")


def test_a_benefit_of_withholding_is_none() -> None:
    with pytest.raises(ValueError, match="no benefit of the release"):
        benefit(needs=Rung.WITHHELD)


def test_a_substitute_without_evidence_is_kept_and_known() -> None:
    assert not Substitute(name="s", cost_usd=SOME).is_shown
    assert not Substitute(name="s", cost_usd=SOME, evidence="  ").is_shown
    assert Substitute(name="s", cost_usd=SOME, evidence="arXiv:1905.12616").is_shown


@pytest.mark.parametrize("changed", [{"since": "May"}, {"name": ""}, {"cost_usd": Span(low=-3.0, high=1.0)}])
def test_a_substitute_that_cannot_be_is_refused(changed: Any) -> None:
    with pytest.raises(ValueError, match=r"day|empty|zero"):
        Substitute(**({"name": "s", "cost_usd": SOME} | changed))


def test_an_alternative_says_what_and_which_good() -> None:
    with pytest.raises(ValueError, match="good is empty"):
        Alternative(says="a model for health text in Amharic", good=" ")

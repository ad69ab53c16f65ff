import pytest

from weighbridge.core.candidate import Belonging, Component, Impact, Role
from weighbridge.core.card import Cost, Lifecycle
from weighbridge.core.evidence import Failed, Measured, NotApplicable, NotMeasured, Outcome
from weighbridge.core.findings import Counterweight, Effect, Verdict
from weighbridge.core.rungs import Rung
from weighbridge.core.wording import phrase
from weighbridge.report import words


def test_every_noun_has_a_name() -> None:
    assert all(words.rung_in_words(rung) for rung in Rung)
    assert all(words.component_name(component) for component in Component)
    assert all(words.belonging_name(belonging) for belonging in Belonging)
    assert all(words.role_name(role) for role in Role)
    assert all(words.effect_in_words(effect) for effect in Effect)
    assert all(words.impact_in_words(impact) for impact in Impact)
    assert all(words.cost_in_words(cost) for cost in Cost)
    assert [bool(words.lifecycle_in_words(lifecycle)) for lifecycle in Lifecycle] == [True, False, True]


def test_what_is_open_is_called_not_yet_answered() -> None:
    told = [words.verdict_in_words(verdict, effect) for verdict in Verdict for effect in Effect]
    assert words.verdict_in_words(Verdict.OPEN, Effect.STOP) == "not yet answered"
    assert not any("open" in text for text in told)


def test_a_breach_that_forbids_nothing_is_no_limit() -> None:
    assert words.verdict_in_words(Verdict.BREACHED, Effect.STOP) == "a limit"
    assert words.verdict_in_words(Verdict.BREACHED, Effect.ADVISE) == "to be looked at"


@pytest.mark.parametrize(
    ("names", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_listed(names: list[str], text: str) -> None:
    assert words.listed(names) == text


def test_every_outcome_has_words() -> None:
    because = phrase("because")
    outcomes: list[Outcome] = [
        Measured(quantities=()), NotApplicable(because=because), NotMeasured(because=because, remedy=because),
        Failed(error=because),
    ]  # fmt: skip
    assert len({words.outcome_in_words(outcome) for outcome in outcomes}) == 4


def test_a_caution_says_what_may_be_set_against_it() -> None:
    assert "defence" not in words.effect_in_words(Effect.CAUTION)
    assert "a measured defence, or" in words.effect_in_words(Effect.CAUTION, tuple(Counterweight))
    assert "cannot be traded" in words.effect_in_words(Effect.STOP, tuple(Counterweight))

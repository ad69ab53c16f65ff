from __future__ import annotations

from dataclasses import replace

import pytest

from weighbridge.core.candidate import Candidate, Said, Triage
from weighbridge.core.evidence import Asked, Basis, Evidence, Measured, NotMeasured, Outcome, Quantity
from weighbridge.core.findings import Effect
from weighbridge.core.wording import phrase
from weighbridge.policy.crossing import crosses
from weighbridge.policy.rules import Policy, Rule, Safe, Watch

CANDIDATE = Candidate(name="c", version="1", artefacts=(), subjects=())
RULE = Rule(
    slug="r", says="s", because="b", source="s", ours=True, effect=Effect.ADVISE, safe=Safe(at_most=1.0), remedy="r",
    watch=Watch(probe="p", metric="m"),
)  # fmt: skip
NUMBER = Quantity(metric="m", value=1.0, low=0.5, high=1.5, confidence=0.95, unit="1", n=9, n_of="x")


def _evidence(outcome: Outcome, probe: str = "p") -> Evidence:
    asked = Asked(
        candidate=CANDIDATE.digest, reading=CANDIDATE.reading, probe=probe, version=1, settings=(), seed=0,
        budget_seconds=1.0,
    )  # fmt: skip
    return Evidence(asked=asked, outcome=outcome)


def _crosses(rule: Rule, *numbers: Quantity, candidate: Candidate = CANDIDATE) -> bool:
    policy = Policy(name="p", version=1, confidence=0.95, rule=(rule,))
    return crosses(policy, candidate, _evidence(Measured(quantities=numbers)))


def test_an_interval_across_the_line_crosses() -> None:
    assert _crosses(RULE, NUMBER)


@pytest.mark.parametrize(
    "number",
    [
        replace(NUMBER, value=2.0, low=1.1, high=3.0),
        replace(NUMBER, value=0.5, high=1.0),
        replace(NUMBER, basis=Basis.ASSUMED),
        replace(NUMBER, n=0),
        replace(NUMBER, metric="other"),
        replace(NUMBER, by=(("axis", "a"),)),
    ],
    ids=["breached", "safe", "assumed", "nothing tried", "another metric", "broken down"],
)
def test_nothing_else_does(number: Quantity) -> None:
    assert not _crosses(RULE, number)


def test_a_breach_elsewhere_in_the_rule_settles_it() -> None:
    rule = replace(RULE, watch=Watch(probe="p", metric="m", over="worst(axis)"))
    crossing = replace(NUMBER, by=(("axis", "a"),))
    worse = replace(crossing, by=(("axis", "b"),), value=2.0, low=1.5, high=3.0)
    assert _crosses(rule, crossing)
    assert not _crosses(rule, crossing, worse)


def test_a_rule_that_does_not_apply_is_not_crossed() -> None:
    rule = replace(RULE, when=(("private", ("yes",)),))
    said = replace(CANDIDATE, triage=Triage(private=Said.NO))
    assert not _crosses(rule, NUMBER, candidate=said)
    assert _crosses(rule, NUMBER)  # whether it applies is not known yet


def test_silence_crosses_nothing() -> None:
    policy = Policy(name="p", version=1, confidence=0.95, rule=(RULE,))
    silent = NotMeasured(because=phrase("-"), remedy=phrase("-"))
    assert not crosses(policy, CANDIDATE, _evidence(silent))
    assert not crosses(policy, CANDIDATE, _evidence(Measured(quantities=(NUMBER,)), probe="q"))

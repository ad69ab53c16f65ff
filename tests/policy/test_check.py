"""What each rule needs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policy.toys import CARDS, WATCHED, policy, rule
from weighbridge.policy.check import needs_report

FAR = WATCHED.replace("bad-share", "far")


@pytest.mark.parametrize(
    ("lines", "tries", "says", "warns"),
    [
        (WATCHED, 36, "at least 36 tries, no hit among them", False),
        (
            WATCHED.replace(" }", ', over = "worst(part)" }', 1),
            42,
            "at least 42 tries",
            False,
        ),  # two parts are compared
        (WATCHED.replace(" }", ', over = "worst(language)" }', 1), 36, "at least 36 tries", False),
        (WATCHED.replace("0.1", "0"), None, "by sampling it can never hold", True),
        (WATCHED.replace("at_most = 0.1", "at_least = 0.9"), 36, "every one a hit", False),
        (WATCHED.replace("at_most = 0.1", "at_least = 0.1, at_most = 0.2"), None, "depends on the share", False),
        (WATCHED.replace("bad-share", "bad-count"), None, "an exact count", False),
        (FAR, None, "an interval inside ≤ 0.1 km", False),
        ('answer = "harm"\nsafe = { any = true }', None, "an answer to harm", False),
    ],
)
def test_each_rule_has_its_need(lines: str, tries: int | None, says: str, warns: bool) -> None:
    (need,) = needs_report(policy(rule(lines)), CARDS)
    assert (need.rule, need.tries, need.warns) == ("toy", tries, warns)
    assert says in str(need.says)


def test_a_probe_that_is_not_installed_is_named() -> None:
    (need,) = needs_report(policy(rule()), ())
    assert str(need.says) == "a measurement of bad-share by plain-toy"


def test_a_report_of_another_tool_never_settles_a_rule() -> None:
    brought = replace(CARDS[0], slug="imported-toy", attack=True)
    lines = WATCHED.replace("plain-toy", "imported-toy")
    (need,) = needs_report(policy(rule(lines), cards=(brought,)), (brought,))
    assert (need.tries, need.warns) == (None, True)
    (need,) = needs_report(policy(rule(lines, effect="advise", forbids="[]"), cards=(brought,)), (brought,))
    assert not need.warns

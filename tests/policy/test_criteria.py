from __future__ import annotations

from dataclasses import replace

import pytest

from policy.toys import CARDS, candidate, evidence, quantity
from weighbridge.core.evidence import Basis, Failed, NotApplicable, NotMeasured, Outcome, Quantity
from weighbridge.core.findings import Verdict
from weighbridge.core.stages import Criterion
from weighbridge.core.wording import phrase
from weighbridge.policy.criteria import answered, measured

ABOUT = candidate()
SHARE = Criterion(name="c", says="-", probe="plain-toy", metric="bad-share", where=(("language", "sw"),), at_most=0.5)
LEAK = Criterion(name="c", says="-", probe="attack-toy", metric="leaked", at_most=0.5)


def _verdict(criterion: Criterion, *outcomes: Outcome | tuple[Quantity, ...]) -> Verdict:
    heard = [evidence(criterion.probe, outcome, ABOUT) for outcome in outcomes]
    return measured(criterion, heard, CARDS, 0.95).verdict


@pytest.mark.parametrize(
    ("numbers", "verdict"),
    [
        ((quantity("bad-share", 0.1, 0.4, language="sw"),), Verdict.HOLDS),
        ((quantity("bad-share", 0.1, 0.6, language="sw"),), Verdict.OPEN),  # the whole interval
        ((quantity("bad-share", 0.6, 0.9, language="sw"),), Verdict.BREACHED),
        ((quantity("bad-share", 0.1, 0.4, language="en"),), Verdict.OPEN),  # English speaks for English
        ((quantity("bad-share", 0.1, 0.4),), Verdict.OPEN),
        ((quantity("bad-share", 0.1, 0.4, confidence=0.9, language="sw"),), Verdict.OPEN),
        ((replace(quantity("bad-share", 0.1, 0.4, language="sw"), basis=Basis.ASSUMED),), Verdict.OPEN),
        ((quantity("bad-share", 0.0, n=0, language="sw"),), Verdict.OPEN),  # nothing of the kind meets nothing
        ((), Verdict.OPEN),
    ],
)
def test_a_number_meets_it_with_its_whole_interval(numbers: tuple[Quantity, ...], verdict: Verdict) -> None:
    assert _verdict(SHARE, numbers) is verdict


@pytest.mark.parametrize(
    "outcome",
    [
        NotApplicable(because=phrase("-")),
        NotMeasured(because=phrase("-"), remedy=phrase("-")),
        Failed(error=phrase("-")),
    ],
)
def test_silence_meets_nothing(outcome: Outcome) -> None:
    assert _verdict(SHARE, outcome) is Verdict.OPEN
    assert _verdict(SHARE) is Verdict.OPEN
    assert _verdict(replace(SHARE, probe="gone"), (quantity("bad-share", 0.1, language="sw"),)) is Verdict.OPEN


def test_all_runs_must_meet_it() -> None:
    good, bad = (quantity("bad-share", 0.1, 0.2, language="sw"),), (quantity("bad-share", 0.7, 0.9, language="sw"),)
    assert _verdict(SHARE, good, bad) is Verdict.BREACHED
    assert _verdict(SHARE, good, good) is Verdict.HOLDS


def test_an_attack_that_finds_nothing_meets_it_only_where_it_finds_what_is_known() -> None:
    leaked, found = quantity("leaked", 0.0, 0.1), quantity("found-planted", 0.5, 0.9)
    assert _verdict(LEAK, (leaked,)) is Verdict.OPEN
    assert _verdict(LEAK, (leaked, found)) is Verdict.HOLDS


@pytest.mark.parametrize(
    ("choice", "verdict"),
    [(("no",), Verdict.HOLDS), (("yes",), Verdict.BREACHED), (None, Verdict.OPEN), ((), Verdict.OPEN),
     (("no", "yes"), Verdict.BREACHED)],
)  # fmt: skip
def test_an_answer_meets_it_where_all_of_it_is_among_the_choices(
    choice: tuple[str, ...] | None, verdict: Verdict
) -> None:
    criterion = Criterion(name="c", says="-", answer="harm", choices=("no",))
    assert answered(criterion, choice).verdict is verdict


def test_braces_in_a_name_are_only_braces() -> None:
    odd = replace(SHARE, probe="{probe}")
    assert "{probe}" in str(measured(odd, [], CARDS, 0.95).says)

from dataclasses import replace

import pytest

from report.weighings import CARDS, EVERY, REPEAT, reciting, register, silence
from weighbridge.core.findings import Verdict
from weighbridge.core.wording import phrase
from weighbridge.report.answer import State
from weighbridge.report.content import Content, content


def told(name: str) -> Content:
    return content(next(f for f in EVERY if f.__name__ == name)(), CARDS, REPEAT)


def test_limits_are_apart_from_advice() -> None:
    c = told("reciting")
    assert [f.rule for f in c.limits] == ["no-recited-records"]
    assert [f.rule for f in c.advice] == ["claim-of-languages"]
    assert c.limits[0].rests_on == (("probe-verbatim-extraction", "Verbatim extraction"),)
    assert c.limits[0].keeps_from == "served, licensed and open"


@pytest.mark.parametrize("made", EVERY)
def test_every_finding_and_every_probe_is_told_once(made: object) -> None:
    assert callable(made)
    weighing = made()
    c = content(weighing, CARDS, REPEAT)
    waiting = [f for r in (*c.unanswered, *c.aside) for f in r.settles]
    breached = [f for f in weighing.findings if f.verdict is Verdict.BREACHED]
    still_open = [f for f in weighing.findings if f.verdict is Verdict.OPEN]
    assert (len(c.limits) + len(c.advice), len(waiting)) == (len(breached), len(still_open))
    assert sorted(p.digest for p in c.probes) == sorted(e.digest for e in weighing.evidence)
    assert len(c.rules) == len(weighing.findings)


def test_what_waits_for_nothing_now_is_set_aside() -> None:
    c = content(register(), CARDS, REPEAT)
    assert [r.says for r in c.unanswered] == ["Run artefact-safety again", ""]
    assert c.aside == ()
    c = content(reciting(), CARDS, REPEAT)
    assert [f.rule for r in c.unanswered for f in r.settles] == ["consent", "way-out", "licence-of-sources"]


def test_the_ladder_has_every_rung_and_marks_the_proposed_one() -> None:
    model = told("reciting").components[0]
    assert [r.state for r in model.ladder] == [
        State.CLEARED, State.CLEARED, State.RULED_OUT, State.CLEARED, State.RULED_OUT, State.RULED_OUT,
    ]  # fmt: skip
    assert [r.name for r in model.ladder if r.is_proposed] == ["open"]


def test_what_has_numbers_comes_before_what_is_silent() -> None:
    assert [p.outcome for p in told("register").probes] == ["measured", "failed", "not-applicable"]
    assert [p.outcome for p in content(silence(), CARDS, REPEAT).probes] == ["failed", "not-measured", "not-applicable"]


def test_steps_name_what_they_would_clear() -> None:
    assert told("reciting").steps[1].clears == (("the training data", "served and gated"),)


def test_commands_name_the_candidates_own_path() -> None:
    made = register()
    mend = phrase("mend it, then: weighbridge weigh DIR --probe p")
    changed = replace(made, findings=tuple(replace(f, remedy=mend) for f in made.findings))
    told = content(changed, CARDS, ("weighbridge", "weigh", "--budget=60", "my folder"))
    assert told.limits
    assert all(f.remedy == "Mend it, then: weighbridge weigh 'my folder' --probe p" for f in told.limits)


def test_what_limits_it_is_mended_by_what_the_limits_name() -> None:
    c = told("reciting")
    assert [(r.says, [f.rule for f in r.settles]) for r in c.mends] == [
        (f.remedy, [f.rule]) for f in c.limits if f.remedy
    ]
    assert c.mends
    assert told("harmless").mends == ()

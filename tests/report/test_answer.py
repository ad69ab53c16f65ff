from dataclasses import replace

from report.weighings import finding, harmless, reciting, register, silence, standing
from weighbridge.core.candidate import Component
from weighbridge.core.findings import Verdict
from weighbridge.core.rungs import Rung
from weighbridge.report.answer import State, answer_lines, headline, remedies, standing_lines, state_of


def test_harmless_is_said_plainly_and_left_to_people() -> None:
    assert headline(harmless()) == "Nothing found forbids it, and nothing is left to answer. The decision is yours."
    assert answer_lines(harmless())[1:] == (
        "The model: Nothing found forbids open (anyone may download it).",
        "That is cleared as well.",
        "Its owner proposes open: that fits.",
    )


def test_a_breach_is_named_with_its_reason_and_the_steps_are_counted() -> None:
    lines = answer_lines(reciting())
    assert lines[0] == "Not as it is. Opening the model is ruled out."
    assert lines[1].startswith(
        "The model: Served, licensed and open are ruled out, because: The model recites 10 of 16"
    )
    assert "Its owner proposes open: that is ruled out." in lines
    assert "These 3 steps (about 20 minutes) would clear the rest, if they turn up nothing." in lines


def test_rungs_that_cannot_be_compared_are_both_named() -> None:
    (standing_,) = register().recommendation.components
    lines = standing_lines(standing_, register())
    assert "Nothing found forbids partners (partners you name get a copy) or served" in lines[1]


def test_where_no_step_is_known_the_rest_is_not_promised() -> None:
    (standing_,) = register().recommendation.components
    lines = standing_lines(standing_, register())
    promised = next(line for line in lines if line.startswith("This step"))
    assert promised == (
        "This step (about 1 minute) would clear part of the rest, if it turns up nothing. "
        "For 1 question no step is known yet."
    )


def test_silence_neither_forbids_nor_clears() -> None:
    assert headline(silence()) == "Nothing found forbids it, but 2 questions are not yet answered."
    assert "Cleared so far: nothing but keeping it back." in answer_lines(silence())


def test_nothing_released_leaves_nothing_to_clear() -> None:
    bare = replace(harmless(), recommendation=replace(harmless().recommendation, components=()))
    assert answer_lines(bare) == ("Nothing in it would leave the house, so there is nothing to clear.",)


def test_only_keeping_it_back_and_not_even_that() -> None:
    kept = finding("law", Verdict.BREACHED, None, Rung.PARTNERS, "It is against the law")
    also = finding("law-2", Verdict.BREACHED, None, Rung.SERVED, "It is against another law")
    stands = standing(Component.WEIGHTS, (kept, also), None)
    lines = standing_lines(stands, replace(harmless(), findings=(kept, also)))
    assert lines[0].endswith("because: It is against the law. It is against another law.")
    assert lines[1:] == ("Only keeping it back is left.",)
    none = replace(stands, ceiling=(), cleared=())
    assert "leaves nothing" in standing_lines(none, harmless())[1]


def test_of_many_reasons_the_gravest_are_told_and_the_rest_counted() -> None:
    small = finding("a", Verdict.BREACHED, None, Rung.OPEN, "The first")
    large = finding("b", Verdict.BREACHED, None, Rung.PARTNERS, "The second")
    middle = finding("c", Verdict.BREACHED, None, Rung.LICENSED, "The third")
    found = (small, large, middle)
    lines = standing_lines(standing(Component.WEIGHTS, found, None), replace(harmless(), findings=found))
    assert lines[0].endswith("because: The second. The third. And 1 limit more.")


def test_one_step_settles_all_that_ask_for_it_and_unknown_steps_come_last() -> None:
    quick = finding("a", Verdict.OPEN, None, Rung.OPEN, "a", remedy="Do it", minutes=3)
    longer = finding("b", Verdict.OPEN, None, Rung.OPEN, "b", remedy="Do it", minutes=9)
    other = finding("c", Verdict.OPEN, None, Rung.OPEN, "c", remedy="Do that")
    stuck = finding("d", Verdict.OPEN, None, Rung.OPEN, "d")
    got = remedies((stuck, other, quick, longer))
    assert [(r.says, r.minutes, len(r.settles)) for r in got] == [
        ("Do it", 9, 2),
        ("Do that", None, 1),
        ("", None, 1),
    ]


def test_unknown_minutes_are_not_left_out_of_the_sum() -> None:
    known = finding("a", Verdict.OPEN, None, Rung.OPEN, "a", remedy="Do it", minutes=3)
    unknown = finding("b", Verdict.OPEN, None, Rung.OPEN, "b", remedy="Do that")
    stands = standing(Component.WEIGHTS, (known, unknown), None)
    lines = standing_lines(stands, replace(harmless(), findings=(known, unknown)))
    assert "These 2 steps (about 3 minutes and more) would clear the rest, if they turn up nothing." in lines
    without = standing(Component.WEIGHTS, (unknown,), None)
    lines = standing_lines(without, replace(harmless(), findings=(unknown,)))
    assert "This step would clear the rest, if it turns up nothing." in lines


def test_state_of_every_rung() -> None:
    model, data = reciting().recommendation.components
    assert [state_of(rung, model) for rung in (Rung.GATED, Rung.SERVED)] == [State.CLEARED, State.RULED_OUT]
    assert state_of(Rung.OPEN, data) is State.NOT_YET


def test_what_nothing_waits_for_is_still_counted() -> None:
    made = harmless()
    question = replace(reciting().findings[0], verdict=Verdict.OPEN)
    assert "2 questions are put, and nothing waits for them" in headline(
        replace(made, findings=(*made.findings, question, replace(question, rule="other")))
    )

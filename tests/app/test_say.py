from dataclasses import replace

import pytest

from replays import FACTS, FEW, HARMLESS, HEALTH, compared, detected, finding, gpt2, imagined, weighing, with_substitute
from weighbridge.app.say import _how_long, plainly
from weighbridge.core.candidate import Claims, Said, Subject, Triage
from weighbridge.core.findings import Effect, Verdict
from weighbridge.core.plans import Worth
from weighbridge.core.replication import DataFacts, Obtaining
from weighbridge.core.rungs import Rung


def test_the_essays_sentence_with_what_was_not_measured() -> None:
    said = gpt2().statement
    assert "withholding deters most lone trolls" in said
    assert "but not large groups such as companies" in said
    assert "or state-funded groups" in said
    assert "with the paper as a guide" in said
    assert "This assumes" in said
    assert "can be told from what people write (en)" in said
    assert "any language other than en" in said
    assert "to whom computing and work are given" in said


def test_two_or_three_sentences() -> None:
    assert 2 <= gpt2().statement.count(". ") + 1 <= 4


def test_the_delay_is_told_with_its_interval_and_none_where_a_substitute_serves() -> None:
    assert "days (between" in gpt2().statement
    row = gpt2().row("paper-only")
    assert row is not None
    assert row.delay is not None
    wide = replace(row, delay=replace(row.delay, value=287.4, low=96.7, high=1203.2))
    said = _how_long(wide, gpt2(), imagined())
    assert "about 300 days (between 96 and 1,300), going by" in said
    assert "those that nobody made again are not in it" in said
    narrow = replace(row, delay=replace(row.delay, value=287.4, low=250.1, high=300.0))
    assert "about 290 days (between 250 and 300)" in _how_long(narrow, gpt2(), imagined())
    none = replace(row, delay=replace(row.delay, value=0.2, low=0.0, high=0.4))
    assert "about 0 days (between 0 and 1)" in _how_long(none, gpt2(), imagined())
    assert "no delay is bought" in compared(weighing(worth=with_substitute(1000, 20000))).statement


def test_a_measured_defence_is_no_longer_named_as_missing() -> None:
    said = compared(weighing(evidence=(detected(0.7, 0.8, 0.9),))).statement
    assert "can be told from what people write" not in said
    assert "any language other than en" in said


def test_where_nothing_is_known_nothing_is_claimed() -> None:
    said = compared(weighing(replication=None)).statement
    assert said.startswith("We do not know whom keeping this back would deter")
    assert "neither that withholding it protects anybody nor that opening it harms nobody" in said


def test_of_the_harmless_it_says_so_and_names_whom_it_serves() -> None:
    made = weighing(
        replication=None,
        triage=HARMLESS,
        subjects=(Subject.CLASSIFIER,),
        claims=Claims(),
        worth=Worth(benefits=(HEALTH,)),
    )
    said = compared(made).statement
    assert "nobody can be hurt" in said
    assert "writers of health texts" in said


def test_another_plan_is_spoken_of_when_asked() -> None:
    assert "the plan gated" in compared(weighing(), replace(FEW, plan="gated")).statement
    assert "The plan open keeps nobody from misuse" in compared(weighing(), replace(FEW, plan="open")).statement


def test_a_cost_without_that_of_the_data_is_a_floor_and_says_so() -> None:
    facts = replace(FACTS, data=DataFacts(obtaining=Obtaining.OBTAINABLE))
    assert "costs more than this" in compared(weighing(replication=facts)).statement


def test_a_name_in_the_sentence_hides_nothing_and_is_not_long() -> None:
    assert plainly("lone\u202etrolls\n\x07" + "x" * 200) == "lonetrolls " + "x" * 69 + "…"
    assert plainly("می\u200cخواهم") == "می\u200cخواهم"


@pytest.mark.parametrize("effect", [Effect.STOP, Effect.CAUTION])
def test_a_breached_limit_speaks_against_the_answer_that_nobody_can_be_hurt(effect: Effect) -> None:
    breached = finding(effect, Verdict.BREACHED, Rung.OPEN)
    made = compared(weighing(breached, replication=None, triage=HARMLESS, worth=Worth(benefits=(HEALTH,))))
    assert "gains nothing" not in made.statement
    assert "The owner says that nobody can be hurt; this is not relied on here, because of" in made.statement
    assert "something was found" in made.statement
    assert "nobody: it was answered" not in str([str(s) for step in made.worksheet for s in step.says])
    assert any(q.at("count") == "lead" for row in made.rows for q in row.counts)


@pytest.mark.parametrize("triage", [replace(HARMLESS, private=Said.YES), replace(HARMLESS, about_people=Said.YES)])
def test_what_is_private_or_about_people_is_not_called_harmless(triage: Triage) -> None:
    said = compared(weighing(replication=None, triage=triage)).statement
    assert "gains nothing" not in said
    assert said.startswith("The owner says that nobody can be hurt; ")


def test_a_limit_that_is_not_breached_leaves_the_answer_as_it_is() -> None:
    held = finding(Effect.STOP, Verdict.HOLDS, Rung.OPEN)
    assert "nobody can be hurt by what" in compared(weighing(held, replication=None, triage=HARMLESS)).statement


def test_what_cannot_be_had_is_told_in_words_and_not_as_a_made_up_sum() -> None:
    row = gpt2().row("paper-only")
    assert row is not None
    never = tuple(replace(q, value=1e15, low=1e15, high=1e15) for q in row.break_even)
    said = _how_long(replace(row, break_even=never), gpt2(), imagined())
    assert said.startswith("To get it anyway costs more than any amount considered")
    assert "000,000,000" not in said
    partly = tuple(replace(q, high=1e15) for q in row.break_even)
    assert "and more than any amount considered)" in _how_long(replace(row, break_even=partly), gpt2(), imagined())

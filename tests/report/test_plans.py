import re
from dataclasses import replace
from typing import Any

import pytest

from replays import FULL, HARMLESS, HEALTH, compared, finding, gpt2, weighing, with_substitute
from report.weighings import CARDS, EDITION, HOSTILE, REPEAT
from weighbridge.core.candidate import Claims, Subject
from weighbridge.core.findings import Effect, Verdict
from weighbridge.core.plans import Plan, Worth
from weighbridge.core.rungs import Rung
from weighbridge.core.worth import Alternative
from weighbridge.report.markdown import render_markdown
from weighbridge.report.page import render_page
from weighbridge.report.plans import plans_told, usd


def told(made: Any = None) -> Any:
    return plans_told(made or gpt2(), "my model")


def test_the_recommended_plan_comes_first_and_says_by_how_many_it_is_preferred() -> None:
    plans = told().plans
    assert plans[0].name == gpt2().recommended
    assert plans[0].is_recommended
    assert gpt2().recommended in told().headline
    assert "%" in str(plans[0].wins)


def test_no_share_is_told_as_all() -> None:
    for plan in told().plans:
        assert not any("100" in str(f) for f in plan.deterred)
    assert "100 %" not in told().statement


def test_each_plan_in_the_running_says_what_it_trades_against_the_recommended_one() -> None:
    opened = next(p for p in told().plans if p.name == "open")
    assert any(line.startswith("More than “gated”") and "good users reached" in line for line in opened.trades)
    assert any(line.startswith("Less than “gated”") and "lone trolls" in line for line in opened.trades)


def test_what_is_out_says_why() -> None:
    licensed = next(p for p in told().plans if p.name == "licensed")
    assert licensed.because == ("Open is at least as good on every count.",)


def test_where_nothing_is_known_no_figure_stands() -> None:
    made = told(compared(weighing(replication=None), FULL))
    assert made.headline.startswith("No plan is recommended yet")
    gated = next(p for p in made.plans if p.name == "gated")
    assert (gated.deterred, str(gated.price), str(gated.delay)) == ((), "not known", "not known")
    assert made.learnings[0][2] == "nothing can be said of closing before it"


def test_scenarios_are_those_of_the_plan_that_keeps_something_back() -> None:
    made = told(compared(weighing(worth=with_substitute(1000, 20000))))
    assert made.about == "gated"
    assert [s.name for s in made.scenarios][:2] == ["As declared", "Were there no substitute"]


def test_benefits_stand_each_in_its_own_unit_with_who_says_so() -> None:
    made = told(compared(weighing(worth=Worth(benefits=(HEALTH,)))))
    assert made.benefits[0].amount == "200–3,000 people"
    assert "health" in made.benefits[0].marks
    assert "nobody of them was asked" in made.benefits[0].marks
    assert made.benefits[0].basis == "testified: a translator, 2019"


def test_a_plan_that_is_not_cleared_says_so_and_the_cleared_one_is_named() -> None:
    made = told(compared(weighing(finding(Effect.STOP, Verdict.OPEN, Rung.GATED, Rung.LICENSED, Rung.OPEN))))
    assert any("not cleared yet" in note for note in made.notes)
    assert any("nothing unanswered holds back" in note for note in made.notes)


@pytest.mark.parametrize(
    ("x", "says"), [(1e15, "more than any amount considered"), (101_234.0, "100,000 USD"), (43.1, "43 USD")]
)
def test_dollars_have_two_digits(x: Any, says: Any) -> None:
    assert usd(x).replace("\N{NO-BREAK SPACE}", " ") == says


@pytest.fixture(scope="module")
def page() -> str:
    return render_page(weighing(), CARDS, repeat=REPEAT, plans=gpt2(), **EDITION)


def test_the_page_has_the_section_and_without_plans_it_has_not(page: Any) -> None:
    assert 'id="plans"' in page
    assert gpt2().statement.split(" (")[0] in page
    assert page.count('class="chart"') >= 1
    assert 'id="plans"' not in render_page(weighing(), CARDS, repeat=REPEAT, **EDITION)


def test_the_page_names_every_assumption_and_the_digest(page: Any) -> None:
    assert gpt2().figures in page
    for text in told().assumptions:
        assert text.split(";")[0].split('"')[0][:40] in page


def test_markdown_tells_the_same() -> None:
    text = render_markdown(weighing(), CARDS, repeat=REPEAT, plans=gpt2(), **EDITION)
    assert "## Plans, side by side" in text
    rows = [line for line in text.splitlines() if line.startswith("| gated |")]
    assert len(rows) == 1
    assert rows[0].count("|") == 9


def test_a_hostile_plan_is_shown_as_what_it_is() -> None:
    own = Plan(name=HOSTILE, rungs=weighing().candidate.plan, says=HOSTILE)
    sly = replace(HEALTH, who=HOSTILE, source=HOSTILE, loses=HOSTILE, asked=HOSTILE)
    made = compared(weighing(worth=Worth(plans=(own,), benefits=(sly,))))
    html = render_page(weighing(), CARDS, repeat=REPEAT, plans=made, **EDITION)
    assert "<script>alert" not in html
    assert "\u202e" not in html
    assert not re.search(r"<img src", html)
    assert "\u202e" not in render_markdown(weighing(), CARDS, repeat=REPEAT, plans=made, **EDITION)


def test_where_nobody_could_be_hurt_nobody_is_deterred_and_no_column_says_so() -> None:
    harmless = weighing(replication=None, triage=HARMLESS, subjects=(Subject.CLASSIFIER,), claims=Claims())
    made = plans_told(compared(harmless))
    assert (made.actors, made.warnings, made.scenarios) == ((), (), ())
    assert made.headline.startswith("Only “open” is left")
    assert all(not p.deterred and str(p.price) == "–" for p in made.plans)
    html = render_page(harmless, CARDS, repeat=REPEAT, plans=compared(harmless), **EDITION)
    assert "not known" not in html.split('id="plans"')[1].split("</section>")[0]


def test_work_that_may_do_more_good_is_shown_and_changes_no_figure() -> None:
    named = Alternative(says="a model of health text in Amharic", good="clinics hear sooner", source="a translator")
    made = compared(weighing(worth=Worth(alternatives=(named,))))
    assert plans_told(made).alternatives == ("a model of health text in Amharic: clinics hear sooner (a translator)",)
    usual = compared(weighing())
    assert [row.wins for row in made.rows] == [row.wins for row in usual.rows]
    assert made.figures == usual.figures
    assert "Amharic" in render_page(weighing(), CARDS, repeat=REPEAT, plans=made, **EDITION)


def test_plans_that_are_tied_are_not_told_as_preferred_by_most() -> None:
    made = gpt2()
    assert not made.tied
    others = tuple(row.plan.name for row in made.rows if row.plan.name != made.recommended)[:1]
    said = told(replace(made, tied=others)).headline
    assert "tied" in said
    assert "preferred by most" not in said


def test_most_ways_are_more_than_half_of_them() -> None:
    made = gpt2()
    rows = tuple(
        replace(row, wins=replace(row.wins, value=0.4, low=0.38, high=0.42)) if row.wins else row for row in made.rows
    )
    said = told(replace(made, rows=rows)).headline
    assert "most ways" not in said
    assert "than any other (40" in said


def test_a_price_that_nobody_can_pay_is_told_in_words() -> None:
    made = gpt2()
    rows = tuple(
        replace(r, break_even=tuple(replace(q, value=1e15, low=1e15, high=1e15) for q in r.break_even))
        for r in made.rows
    )
    assert str(told(replace(made, rows=rows)).plans[0].price) == "more than any amount considered"

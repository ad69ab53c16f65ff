"""The comparison as a whole, on GPT-2 as it was announced in February 2019."""

from dataclasses import replace
from typing import Any

import pytest

from replays import (
    FACTS,
    FEW,
    FULL,
    HARMLESS,
    HEALTH,
    compared,
    detected,
    finding,
    gpt2,
    substitute,
    weighing,
    with_substitute,
)
from weighbridge.app.plan import defence_of
from weighbridge.core.candidate import Claims, Component, Said, Subject
from weighbridge.core.errors import Unusable
from weighbridge.core.findings import Counterweight, Effect, Verdict
from weighbridge.core.plans import Plan, Worth
from weighbridge.core.replication import DataFacts, Obtaining, Span
from weighbridge.core.rungs import Rung
from weighbridge.core.shape import plain
from weighbridge.core.tradeoffs import Comparison, Scenario, State
from weighbridge.core.worth import Benefit


def deterred(made: Comparison, plan: str = "paper-only", scenario: Scenario = Scenario.DECLARED) -> Any:
    row = made.row(plan)
    assert row is not None
    return {q.at("actor"): q for q in row.deterred if q.at("scenario") == scenario}


# the essay's case


def test_withholding_deters_most_lone_trolls_but_not_a_large_or_a_state_funded_group() -> None:
    shares = deterred(gpt2())
    assert shares["lone-troll"].low > 0.5
    assert shares["company"].high < 0.5
    assert shares["state"].high < 0.5


def test_no_share_is_ever_all_and_none_that_was_drawn_is_none_for_sure() -> None:
    for row in gpt2().rows:
        for q in row.deterred:
            assert q.high < 0.996
    assert deterred(gpt2())["state"].high > 0.02


def test_what_history_falsified_is_seen_where_computing_is_given() -> None:
    """Two students did it on donated computing: that skilled groups are deterred does not hold for those."""
    paid, given = deterred(gpt2()), deterred(gpt2(), scenario=Scenario.ALL_SUBSIDISED)
    assert paid["skilled-group"].value > 0.6
    assert given["skilled-group"].value < 0.5


def test_with_a_cheap_substitute_the_protection_vanishes() -> None:
    some = compared(weighing(worth=with_substitute(1000, 20000)))
    assert deterred(some)["skilled-group"].value < 0.5
    cheap = compared(weighing(worth=with_substitute(30, 60)))
    assert all(q.value < 0.3 for q in deterred(cheap).values())
    assert deterred(cheap, scenario=Scenario.NO_SUBSTITUTE)["lone-troll"].low > 0.5
    row = cheap.row("paper-only")
    assert row is not None
    assert row.delay is not None
    assert row.delay.high == 0


def test_a_substitute_counts_from_the_day_it_is_to_be_had() -> None:
    later = weighing(worth=with_substitute(30, 60, since="2019-05-29"))
    assert deterred(compared(later)) == deterred(gpt2())
    assert deterred(compared(later, replace(FEW, as_of="2019-08-01")))["lone-troll"].value < 0.3


def test_a_substitute_that_nobody_showed_counts_for_nothing_and_is_shown_as_a_scenario() -> None:
    made = compared(weighing(worth=with_substitute(30, 60, evidence="")))
    assert deterred(made)["lone-troll"].low > 0.5
    assert deterred(made, scenario=Scenario.UNSHOWN)["lone-troll"].value < 0.3
    assert any("no evidence" in str(w) for w in made.warnings)


def test_the_price_falls_with_the_years_and_with_it_the_break_even() -> None:
    now = compared(weighing(), replace(FEW, as_of="2024-06-01")).row("paper-only")
    then = gpt2().row("paper-only")
    assert now is not None
    assert then is not None
    assert now.break_even[0].value < then.break_even[0].value


# what is out, and why


def test_a_plan_that_a_stop_forbids_is_out_with_the_finding() -> None:
    made = compared(weighing(finding(Effect.STOP, Verdict.BREACHED, Rung.LICENSED, Rung.OPEN)))
    row = made.row("open")
    assert row is not None
    assert (row.state, row.stops) == (State.FORBIDDEN, ("a-stop",))
    assert made.recommended not in ("open", "licensed", "staged-by-time", "staged-by-size")


def test_a_caution_without_anything_measured_against_it_is_a_limit_and_with_it_is_traded_by_name() -> None:
    caution = finding(Effect.CAUTION, Verdict.BREACHED, Rung.OPEN)
    alone = compared(weighing(caution)).row("open")
    assert alone is not None
    assert alone.state is State.FORBIDDEN
    with_benefit = compared(weighing(caution, worth=Worth(benefits=(HEALTH,)))).row("open")
    assert with_benefit is not None
    assert with_benefit.state is not State.FORBIDDEN
    assert "health texts" in str(with_benefit.trades[0].against[0])
    assert "health texts" in str(with_benefit.trades[0].against)
    told = compared(weighing(caution, evidence=(detected(0.7, 0.8, 0.9),))).row("open")
    assert told is not None
    assert told.state is State.FORBIDDEN  # that text can be told from people's helps nobody who is named in the data
    countered = replace(caution, countered_by=(Counterweight.DEFENCE, Counterweight.BENEFIT))
    with_defence = compared(weighing(countered, evidence=(detected(0.7, 0.8, 0.9),))).row("open")
    assert with_defence is not None
    assert "70%" in str(with_defence.trades[0].against[0])


def test_a_benefit_stands_against_a_caution_about_the_component_it_needs_alone() -> None:
    about_data = replace(finding(Effect.CAUTION, Verdict.BREACHED, Rung.OPEN), component=Component.CODE)
    row = compared(weighing(about_data, worth=Worth(benefits=(HEALTH,)))).row("open")
    assert row is not None
    assert row.trades[0].against == ()
    needs_code = replace(HEALTH, component="code")
    row = compared(weighing(about_data, worth=Worth(benefits=(needs_code,)))).row("open")
    assert row is not None
    assert row.trades[0].against


def test_an_assumed_benefit_outweighs_no_caution() -> None:
    from weighbridge.core.worth import Ground

    caution, guess = finding(Effect.CAUTION, Verdict.BREACHED, Rung.OPEN), replace(HEALTH, basis=Ground.ASSUMED)
    row = compared(weighing(caution, worth=Worth(benefits=(guess,)))).row("open")
    assert row is not None
    assert row.state is State.FORBIDDEN


def test_what_is_not_yet_answered_keeps_a_plan_from_being_cleared_and_in_the_running() -> None:
    made = compared(weighing(finding(Effect.STOP, Verdict.OPEN, *tuple(Rung)[1:])))
    row = made.row("gated")
    assert row is not None
    assert (row.state, row.waiting, row.is_cleared) == (State.IN, ("a-stop",), False)
    assert made.cleared not in ("gated", "open")


def test_terms_of_use_alone_are_beaten_by_opening() -> None:
    row = gpt2().row("licensed")
    assert row is not None
    assert (row.state, row.beaten_by) == (State.BEATEN, "open")


def test_whoever_withholds_shows_what_that_buys() -> None:
    made = compared(weighing(replication=None), FULL)
    assert made.recommended == ""
    for name in ("gated", "withhold", "served"):
        row = made.row(name)
        assert row is not None
        assert (row.state, row.deterred, row.delay) == (State.UNJUSTIFIED, (), None)
    assert made.learnings[0].name == "replication"


def test_where_a_stop_requires_it_withholding_needs_no_other_reason() -> None:
    stop = finding(Effect.STOP, Verdict.BREACHED, Rung.LICENSED, Rung.OPEN)
    made = compared(weighing(stop, replication=None))
    assert not any(row.state is State.UNJUSTIFIED for row in made.rows)
    assert made.recommended


def test_a_plan_that_undoes_itself_is_refused_with_the_reason() -> None:
    from replays import artefact
    from weighbridge.core.candidate import Role

    parts = (*weighing().candidate.artefacts, artefact(Role.TRAIN_DATA, "text"))
    own = Plan(
        name="half", rungs=(("code", Rung.OPEN), ("paper", Rung.OPEN), ("train-data", Rung.OPEN), ("weights", Rung.WITHHELD)),
    )  # fmt: skip
    row = compared(weighing(artefacts=parts, worth=Worth(plans=(own,)))).row("half")
    assert row is not None
    assert row.state is State.INCOHERENT
    assert "makes it again" in str(row.because[0])
    assert (row.deterred, row.wins) == ((), None)


def test_a_plan_of_ones_own_takes_the_place_of_the_standard_one_with_its_rungs() -> None:
    own = Plan(name="as-announced", rungs=weighing().candidate.plan)
    names = [row.plan.name for row in compared(weighing(worth=Worth(plans=(own,)))).rows]
    assert "as-announced" in names
    assert "paper-only" not in names


# the harmless, and what is for it


def test_what_hurts_nobody_comes_out_open() -> None:
    made = compared(weighing(replication=None, triage=HARMLESS, subjects=(Subject.CLASSIFIER,), claims=Claims()), FULL)
    assert (made.recommended, made.cleared, made.learnings) == ("open", "open", ())
    assert not made.needs_statement
    assert not any(q.at("count" ) and str(q.at("count")).startswith("misuse") for row in made.rows for q in row.counts)  # fmt: skip


def test_a_declared_benefit_is_a_count_of_its_own_and_never_money() -> None:
    made = compared(weighing(worth=Worth(benefits=(HEALTH,))))
    row = made.row("withhold")
    assert row is not None
    assert {q.at("count"): q.value for q in row.counts}["benefit-health-text"] == 0
    assert "reach" not in {q.at("count") for q in row.counts}


def test_shares_of_weightings_add_up_and_have_intervals() -> None:
    wins = [row.wins for row in gpt2().rows if row.wins is not None]
    assert sum(q.value for q in wins) == pytest.approx(1)
    assert all(q.low < q.high for q in wins)
    assert gpt2().row(gpt2().recommended).wins.value == max(q.value for q in wins)  # type: ignore[union-attr]


# defence


def test_the_defence_is_unknown_where_nobody_measured_and_by_language_where_somebody_did() -> None:
    en, sw = Claims(languages=("en", "sw")), detected(0.7, 0.8, 0.9)
    known = defence_of(weighing(claims=en).candidate, (sw,))
    assert [(k.language, k.share is None) for k in known] == [("en", False), ("sw", True)]


def test_the_stricter_defence_goes_before_the_laxer() -> None:
    strict, lax = detected(0.1, 0.2, 0.3), detected(0.7, 0.8, 0.9, metric="tpr-at-fpr-5pct")
    known = defence_of(weighing().candidate, (lax, strict))
    assert known[0].share is not None
    assert known[0].share.value == 0.2


def test_a_measured_defence_leaves_less_misuse_than_an_unknown_one_and_none_leaves_all() -> None:
    def kept(*evidence: Any) -> float:
        row = compared(weighing(evidence=evidence)).row("open")
        assert row is not None
        return {q.at("count"): q.value for q in row.counts}["misuse-state"]

    assert kept(detected(0.0, 0.001, 0.002)) < kept() < kept(detected(0.97, 0.98, 0.99))


def test_of_what_generates_nothing_no_defence_is_asked() -> None:
    assert defence_of(weighing(subjects=(Subject.CLASSIFIER,), triage=HARMLESS).candidate, ()) == ()


def test_what_generates_and_names_no_language_is_not_taken_for_undefended_nor_for_defended() -> None:
    mute = replace(HARMLESS, harm=Said.YES, generates=Said.YES)
    known = defence_of(weighing(subjects=(Subject.BYTES,), triage=mute, claims=Claims()).candidate, ())
    assert [(k.language, k.share) for k in known] == [("und", None)]
    made = compared(weighing(subjects=(Subject.BYTES,), triage=mute, claims=Claims()))
    assert "can be told from what people write" in made.statement
    assert "und" not in made.statement.split("not measured")[1]
    assert any("no language is declared" in str(w) for w in made.warnings)


# figures


def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_figures() -> None:
    again, other = compared(weighing(), FULL), compared(weighing(), replace(FEW, seed=1))
    assert plain(again) == plain(gpt2())
    assert other.figures != gpt2().figures
    assert plain(other.rows) != plain(gpt2().rows)


def test_figures_are_bound_to_all_they_follow_from_and_to_the_day_that_stages_are_counted_from() -> None:
    assert compared(weighing(), replace(FEW, today="2030-01-01")).figures != gpt2().figures
    others = [
        compared(weighing(worth=Worth(substitutes=(substitute(9.0, 90.0),)))),
        compared(weighing(finding(Effect.STOP, Verdict.OPEN, Rung.OPEN))),
        compared(weighing(evidence=(detected(0.7, 0.8, 0.9),))),
        compared(weighing(), replace(FEW, as_of="2020-01-01")),
    ]
    assert len({made.figures for made in (*others, gpt2())}) == 5


def test_a_shelf_that_expired_is_told() -> None:
    assert any("expired" in str(w) for w in compared(weighing(), replace(FEW, today="2040-01-01")).warnings)


def test_an_unknown_plan_is_told_with_its_nearest() -> None:
    with pytest.raises(Unusable, match="gatd") as caught:
        compared(weighing(), replace(FEW, plan="gatd"))
    assert "'gated'" in caught.value.why


def test_what_was_answered_no_harm_needs_no_statement_and_all_else_does() -> None:
    assert gpt2().needs_statement
    unknown = replace(HARMLESS, generates=Said.UNKNOWN)
    assert compared(weighing(replication=None, triage=unknown)).needs_statement


def test_where_nothing_is_released_there_is_no_plan_to_compare() -> None:
    made = compared(weighing(artefacts=(), plan=()), FULL)
    assert (made.rows, made.recommended) == ((), "")
    assert made.statement


def test_data_that_nobody_can_have_again_makes_withholding_hold() -> None:
    facts = replace(FACTS, data=DataFacts(obtaining=Obtaining.UNOBTAINABLE))
    made = compared(weighing(replication=facts), FULL)
    shares = deterred(made)
    assert all(shares[name].low > 0.8 for name in shares)
    assert all(q.high < 0.996 for q in shares.values())


@pytest.mark.parametrize(
    ("benefit", "state"),
    [
        (replace(HEALTH, needs=Rung.OPEN), State.IN),
        (replace(HEALTH, amount=Span(low=0.0, high=3000.0)), State.FORBIDDEN),
        (replace(HEALTH, component="data"), State.FORBIDDEN),
    ],
)
def test_a_benefit_that_serves_nobody_outweighs_no_caution(benefit: Benefit, state: State) -> None:
    caution = finding(Effect.CAUTION, Verdict.BREACHED, Rung.LICENSED, Rung.OPEN)
    made = compared(weighing(caution, worth=Worth(benefits=(benefit,))))
    row, licensed = made.row("open"), made.row("licensed")
    assert row is not None
    assert licensed is not None
    assert (row.state is State.FORBIDDEN) == (state is State.FORBIDDEN)
    assert licensed.state is State.FORBIDDEN

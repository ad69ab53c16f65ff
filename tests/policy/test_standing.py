"""How components stand, and what to do next."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.toys import artefact, candidate, finding, policy, rule, unhurried
from weighbridge.core.candidate import Component, Role
from weighbridge.core.findings import Effect, Finding, Recommendation, Standing, Step, Verdict
from weighbridge.core.rungs import Rung, closed
from weighbridge.core.wording import phrase
from weighbridge.policy.ruling import unanswered
from weighbridge.policy.standing import next_steps, standings

POLICY = policy(rule())
ONE = candidate(plan=(("weights", Rung.OPEN),))
TWO = candidate(artefacts=(artefact(), artefact(Role.DATA)))
BAD, LEFT, FINE, NOT = Verdict.BREACHED, Verdict.OPEN, Verdict.HOLDS, Verdict.EXEMPT
ALL = tuple(Rung)


def stands(*findings: Finding) -> Standing:
    (only,) = standings(POLICY, ONE, findings).components
    return only


@pytest.mark.parametrize(
    ("findings", "ceiling", "cleared"),
    [
        ((), ALL, ALL),
        ((finding("a", BAD, Rung.PARTNERS, Rung.SERVED),), (Rung.WITHHELD,), (Rung.WITHHELD,)),
        ((finding("a", BAD, Rung.PARTNERS),), (Rung.WITHHELD, Rung.SERVED), (Rung.WITHHELD, Rung.SERVED)),
        ((finding("a", BAD, Rung.GATED),), ALL[:3], ALL[:3]),
        ((finding("a", BAD, Rung.LICENSED),), ALL[:4], ALL[:4]),
        ((finding("a", BAD, Rung.OPEN),), ALL[:5], ALL[:5]),
        ((finding("a", LEFT, Rung.LICENSED),), ALL, ALL[:4]),
        ((finding("a", BAD, Rung.OPEN), finding("b", LEFT, Rung.GATED)), ALL[:5], ALL[:3]),
        ((finding("a", FINE, Rung.GATED), finding("b", NOT, Rung.GATED)), ALL, ALL),
        (
            (finding("a", BAD, Rung.GATED, effect=Effect.ADVISE), finding("b", LEFT, Rung.GATED, effect=Effect.HOLD)),
            ALL,
            ALL,
        ),
    ],
)
def test_ceiling_and_cleared(
    findings: tuple[Finding, ...], ceiling: tuple[Rung, ...], cleared: tuple[Rung, ...]
) -> None:
    made = stands(*findings)
    assert (made.ceiling, made.cleared) == (ceiling, cleared)


def test_limits_and_open_name_the_rules_that_take_rungs() -> None:
    made = stands(
        finding("z", BAD, Rung.OPEN),
        finding("a", BAD, Rung.OPEN),
        finding("o", LEFT, Rung.OPEN),
        finding("advice", BAD, effect=Effect.ADVISE),
        finding("h", FINE, Rung.OPEN),
    )
    assert (made.limits, made.open, made.proposed) == (("a", "z"), ("o",), Rung.OPEN)


def test_a_finding_bears_on_its_component_or_on_all() -> None:
    on_data = replace(finding("d", BAD, Rung.GATED), component=Component.DATA)
    weights, data = standings(POLICY, TWO, (on_data, finding("all", LEFT, Rung.OPEN))).components
    assert {weights.component, data.component} == {Component.WEIGHTS, Component.DATA}
    by = {s.component: s for s in (weights, data)}
    assert (by[Component.WEIGHTS].limits, by[Component.DATA].limits) == ((), ("d",))
    assert by[Component.WEIGHTS].open == by[Component.DATA].open == ("all",)


def test_the_recommendation_names_candidate_and_policy() -> None:
    made = standings(POLICY, ONE, ())
    assert (made.candidate, made.policy, made.policy_digest) == (ONE.digest, "toy", POLICY.digest)


# ---- next steps ----


def steps(*findings: Finding, n: int = 3, about: object = ONE) -> tuple[Step, ...]:
    assert about in (ONE, TWO)
    return next_steps(findings, standings(POLICY, ONE if about is ONE else TWO, findings), n)


def ask(slug: str, question: str, *forbids: Rung) -> Finding:
    ruling = unanswered(phrase("-"), question)
    return finding(slug, LEFT, *forbids, remedy=ruling.remedy, minutes=ruling.minutes)


def told(made: tuple[Step, ...]) -> list[tuple[str, int, tuple[Rung, ...]]]:
    return [(s.rule, s.minutes, dict(s.would_clear).get("weights", ())) for s in made]


def test_nothing_to_do_where_all_is_answered() -> None:
    assert steps() == steps(finding("a", BAD, Rung.PARTNERS)) == ()


def test_the_cheapest_rung_comes_first() -> None:
    made = steps(finding("dear", LEFT, Rung.OPEN, minutes=60), finding("cheap", LEFT, Rung.LICENSED, minutes=1))
    assert told(made) == [("cheap", 1, (Rung.LICENSED,)), ("dear", 60, (Rung.OPEN,))]


def test_a_rung_is_cleared_with_the_last_thing_that_holds_it() -> None:
    made = steps(finding("a", LEFT, Rung.OPEN, minutes=2), finding("b", LEFT, Rung.OPEN, minutes=1))
    assert told(made) == [("b", 1, ()), ("a", 2, (Rung.OPEN,))]


def test_one_act_may_settle_several_rules() -> None:
    run = phrase("run the probe")
    made = steps(*(finding(slug, LEFT, Rung.GATED, remedy=run, minutes=10) for slug in "cab"))
    assert told(made) == [("a", 10, (Rung.GATED, Rung.LICENSED, Rung.OPEN))]


def test_questions_are_one_act_that_costs_the_time_of_each() -> None:
    made = steps(
        *(ask(f"said-{q}", q, Rung.LICENSED) for q in ("harm", "private", "generates")), ask("when", "harm", Rung.GATED)
    )
    assert told(made) == [("said-generates", 3, (Rung.GATED, Rung.LICENSED, Rung.OPEN))]
    assert str(made[0].says) == "answer generates, harm, private: weighbridge init --ask DIR"


def test_no_step_for_what_a_breach_forbids() -> None:
    breach = finding("breach", BAD, Rung.LICENSED)
    assert steps(breach, finding("a", LEFT, Rung.OPEN, minutes=1)) == ()
    assert told(steps(breach, finding("a", LEFT, Rung.OPEN, minutes=1), finding("b", LEFT, Rung.GATED))) == [
        ("b", 5, (Rung.GATED,))
    ]


def test_of_two_that_cost_the_same_the_one_that_clears_more() -> None:
    on_data = replace(finding("a", LEFT, Rung.OPEN), component=Component.DATA)
    on_weights = replace(finding("b", LEFT, Rung.GATED), component=Component.WEIGHTS)
    made = steps(on_data, on_weights, about=TWO)
    assert [s.rule for s in made] == ["b", "a"]
    assert made[0].would_clear == (("weights", (Rung.GATED, Rung.LICENSED, Rung.OPEN)),)
    assert (made[0].component, made[1].component) == (Component.WEIGHTS, Component.DATA)


def test_every_component_that_waits_has_a_step() -> None:
    on_data = [replace(finding(f"d{r.value}", LEFT, r, minutes=1), component=Component.DATA) for r in ALL[2:5]]
    on_weights = [
        replace(finding(r, LEFT, Rung.OPEN, minutes=m), component=Component.WEIGHTS) for r, m in (("w", 30), ("v", 40))
    ]
    made = steps(*on_data, *on_weights, about=TWO)
    assert {s.component for s in made} == {Component.WEIGHTS, Component.DATA}
    assert [s.rule for s in made[3:]] == ["w"]


def test_where_no_few_steps_clear_anything_the_first_are_told() -> None:
    many = [finding(slug, LEFT, Rung.OPEN, minutes=n) for n, slug in enumerate("abcde")]
    assert told(steps(*many)) == [("a", 0, ()), ("b", 1, ()), ("c", 2, ())]
    assert len(steps(*many, n=5)) == 5


def test_what_has_no_remedy_is_not_promised() -> None:
    hopeless = replace(finding("a", LEFT, Rung.OPEN), remedy=None)
    made = steps(hopeless, finding("b", LEFT, Rung.GATED))
    assert told(made) == [("b", 5, (Rung.GATED, Rung.LICENSED))]


def test_a_remedy_without_a_cost_comes_late() -> None:
    made = steps(finding("a", LEFT, Rung.OPEN, minutes=None), finding("b", LEFT, Rung.GATED, minutes=30))
    assert [s.rule for s in made] == ["b", "a"]


rungs = st.sets(st.sampled_from([r for r in Rung if r is not Rung.WITHHELD]), min_size=1)
SLUGS = [f"rule-{n}" for n in range(6)]


@st.composite
def heaps(draw: st.DrawFn) -> tuple[Finding, ...]:
    made = []
    for slug in draw(st.lists(st.sampled_from(SLUGS), unique=True)):
        one = finding(slug, draw(st.sampled_from(Verdict)), *draw(rungs), minutes=draw(st.integers(0, 3)))
        if draw(st.booleans()):
            one = replace(
                one,
                remedy=draw(
                    st.sampled_from(
                        [
                            phrase("run"),
                            unanswered(phrase("-"), "harm").remedy,
                            unanswered(phrase("-"), "private").remedy,
                        ]
                    )
                ),
            )
        effect = draw(st.sampled_from([Effect.STOP, Effect.CAUTION, Effect.ADVISE]))
        component = draw(st.sampled_from([None, Component.WEIGHTS, Component.DATA]))
        made.append(replace(one, effect=effect, component=component, forbids=one.forbids if effect.forbids else ()))
    return tuple(made)


@unhurried
@given(heaps(), st.sampled_from([BAD, LEFT]), rungs)
def test_one_more_finding_never_opens(heap: tuple[Finding, ...], verdict: Verdict, forbids: set[Rung]) -> None:
    before = standings(POLICY, TWO, heap)
    after = standings(POLICY, TWO, (*heap, finding("more", verdict, *forbids)))
    for less, more in zip(after.components, before.components, strict=True):
        assert set(less.ceiling) <= set(more.ceiling)
        assert set(less.cleared) <= set(more.cleared)


@unhurried
@given(heaps(), st.randoms(use_true_random=False))
def test_no_order_makes_a_difference(heap: tuple[Finding, ...], random: Random) -> None:
    shuffled = list(heap)
    random.shuffle(shuffled)
    before, after = standings(POLICY, TWO, heap), standings(POLICY, TWO, tuple(shuffled))
    assert before == after
    assert next_steps(heap, before) == next_steps(tuple(shuffled), after)


@unhurried
@given(heaps())
def test_what_is_cleared_is_under_the_ceiling_and_closed_downward(heap: tuple[Finding, ...]) -> None:
    for made in standings(POLICY, TWO, heap).components:
        assert set(made.cleared) <= set(made.ceiling)
        for rungs_left in (set(made.ceiling), set(made.cleared)):
            assert Rung.WITHHELD in rungs_left
            assert closed(set(Rung) - rungs_left) == set(Rung) - rungs_left


@unhurried
@given(heaps(), st.integers(1, 4))
def test_each_step_clears_what_it_says(heap: tuple[Finding, ...], n: int) -> None:
    """Settle the findings of each step in turn, well, and look."""
    first = standings(POLICY, TWO, heap)
    made = next_steps(heap, first, n)
    assert len(made) <= n + len(first.components)  # a component without a step among these gets its first one
    now, left = first, heap
    for step in made:
        left = tuple(replace(f, verdict=FINE) if f.verdict is LEFT and _settled_by(f, step) else f for f in left)
        then = standings(POLICY, TWO, left)
        assert dict(step.would_clear) == _gain(now, then)
        now = then
    if made and n >= len(SLUGS):
        assert any(step.would_clear for step in made)


def _settled_by(one: Finding, step: Step) -> bool:
    is_question = "init --ask" in str(one.remedy)
    return one.remedy == step.says or (is_question and "init --ask" in str(step.says))


def _gain(before: Recommendation, after: Recommendation) -> dict[str, tuple[Rung, ...]]:
    gains = {
        b.component.value: tuple(r for r in a.cleared if r not in b.cleared)
        for b, a in zip(before.components, after.components, strict=True)
    }
    return {component: gained for component, gained in gains.items() if gained}

"""Numbers against a safe range: intervals, axes, correction, controls."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.toys import ATTACK, CARDS, PLAIN, candidate, card, count, evidence, policy, quantity, rule, unhurried
from weighbridge.core.card import Card
from weighbridge.core.evidence import Basis, Measured, Quantity
from weighbridge.core.findings import Verdict
from weighbridge.core.wording import Phrase, phrase
from weighbridge.policy.comparison import Case, compare
from weighbridge.policy.facts import facts_of
from weighbridge.policy.ruling import Ruling

ABOUT = candidate()
WHOLE = 'watch = { probe = "plain-toy", metric = "bad-share" }\nsafe = { at_most = 0.1 }'
PART_A = WHOLE.replace(" }", ', where = { part = "a" } }', 1)
WORST = WHOLE.replace(" }", ', over = "worst(part)" }', 1)
LANGUAGES = WHOLE.replace(" }", ', over = "worst(language)" }', 1)
AMONG = LANGUAGES.replace(", over", ', among = "misuse-language", over', 1)
LEAK = 'watch = { probe = "attack-toy", metric = "leaked" }\nsafe = { at_most = 0.1 }'
FOUND = quantity("found-planted", 0.2, 0.9, part="a")


def ruled(
    lines: str,
    *quantities: Quantity,
    cards: tuple[Card, ...] = CARDS,
    notes: tuple[Phrase, ...] = (),
    **facts: tuple[str, ...] | None,
) -> Ruling:
    made = policy(rule(lines), cards=cards).rule[0]
    assert made.watch is not None
    watched = next(c for c in cards if c.slug == made.watch.probe)
    known = {**dict(facts_of(ABOUT)), **facts}
    case = Case(rule=made, watch=made.watch, card=watched, facts=known, confidence=0.95)
    return compare(case, evidence(watched.slug, quantities, ABOUT), Measured(quantities=quantities, notes=notes))


def share(low: float, high: float | None = None, **rest: object) -> Quantity:
    return quantity("bad-share", low, high, **rest)  # type: ignore[arg-type]  # handed on as it came


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (0.0, None, Verdict.HOLDS),
        (0.1, None, Verdict.HOLDS),
        (0.11, None, Verdict.BREACHED),
        (0.0, 0.1, Verdict.HOLDS),
        (0.0, 0.2, Verdict.OPEN),
        (0.05, 0.2, Verdict.OPEN),
        (0.11, 0.2, Verdict.BREACHED),
    ],
)
def test_the_whole_interval_decides(low: float, high: float | None, verdict: Verdict) -> None:
    assert ruled(WHOLE, share(low, high)).verdict is verdict


def test_only_the_number_that_is_not_broken_down_counts_as_the_whole() -> None:
    parts = (share(0.5, part="a"), share(0.0, part="b"))
    assert ruled(WHOLE, *parts).verdict is Verdict.OPEN
    assert ruled(WHOLE, *parts, share(0.0)).verdict is Verdict.HOLDS


def test_where_takes_one_value() -> None:
    assert ruled(PART_A, share(0.5), share(0.0, part="a"), share(0.5, part="b")).verdict is Verdict.HOLDS
    assert ruled(PART_A, share(0.0), share(0.5, part="a")).verdict is Verdict.BREACHED
    missing = ruled(PART_A, share(0.0), share(0.0, part="b"), share(0.0, part="a", language="en"))
    assert missing.verdict is Verdict.OPEN
    assert str(missing.remedy) == "mend it"


@pytest.mark.parametrize(
    ("parts", "verdict"),
    [
        ({"a": 0.0, "b": 0.0}, Verdict.HOLDS),
        ({"a": 0.0, "b": 0.2}, Verdict.BREACHED),
        ({"a": 0.0}, Verdict.OPEN),  # b is listed on the card
        ({"a": 0.2}, Verdict.BREACHED),  # a breach needs no more
        ({"a": 0.0, "b": 0.0, "c": 0.2}, Verdict.BREACHED),  # nobody expected c, and it is there
        ({}, Verdict.OPEN),
    ],
)
def test_the_worst_value_decides(parts: dict[str, float], verdict: Verdict) -> None:
    assert ruled(WORST, *(share(low, part=part) for part, low in parts.items())).verdict is verdict


def test_a_probe_may_say_that_there_is_none() -> None:
    nothing = share(0.0, n=0, part="b")
    assert ruled(WORST, share(0.0, part="a"), nothing).verdict is Verdict.HOLDS
    assert ruled(WORST, share(0.0, n=0, part="a"), nothing).verdict is Verdict.EXEMPT
    assert ruled(PART_A, share(0.0, n=0, part="a")).verdict is Verdict.EXEMPT


def test_found_in_nothing_is_found_all_the_same() -> None:
    """As many secrets as there are lines is one thing; a secret where no line could be read is another."""
    assert ruled(WHOLE, share(0.5, n=0)).verdict is Verdict.BREACHED
    assert ruled(WHOLE, share(0.0, 0.5, n=0, confidence=1.0)).verdict is Verdict.OPEN
    assert ruled(WHOLE, share(0.0, 0.05, n=0, confidence=1.0)).verdict is Verdict.HOLDS


def test_nothing_tried_is_not_nothing_there() -> None:
    untried = share(0.0, 1.0, n=0, part="b")
    assert ruled(WORST, share(0.0, part="a"), untried).verdict is Verdict.OPEN


def test_an_axis_named_like_a_fact_has_the_candidates_values() -> None:
    spoken = (share(0.0, language="en"), share(0.0, language="sw"))
    assert ruled(LANGUAGES, *spoken, language=("en", "sw")).verdict is Verdict.HOLDS
    assert ruled(LANGUAGES, *spoken[:1], language=("en", "sw")).verdict is Verdict.OPEN
    unknown = ruled(LANGUAGES, *spoken, language=None)
    assert unknown.verdict is Verdict.OPEN
    assert "languages" in str(unknown.remedy)


def test_an_axis_without_values_never_holds() -> None:
    """The parser refuses such a rule; a card that changed since must not clear it."""
    bare = replace(PLAIN, axis=())
    made = policy(rule(WORST)).rule[0]
    assert made.watch is not None
    case = Case(rule=made, watch=made.watch, card=bare, facts=dict(facts_of(ABOUT)), confidence=0.95)
    safe = (share(0.0, part="a"),)
    assert compare(case, evidence("plain-toy", safe, ABOUT), Measured(quantities=safe)).verdict is Verdict.OPEN


def two(confidence: float, high: float) -> tuple[Quantity, ...]:
    return tuple(share(high / 2, high, confidence=confidence, part=part) for part in "ab")


@pytest.mark.parametrize("high", [0.05, 0.5])
def test_intervals_compared_at_once_must_be_corrected(high: float) -> None:
    settled = Verdict.HOLDS if high < 0.1 else Verdict.BREACHED
    assert ruled(WORST, *two(0.975, high)).verdict is settled
    assert ruled(WORST, *two(1 - 0.05 / 2, high)).verdict is settled
    plain = ruled(WORST, *two(0.95, high))
    assert plain.verdict is Verdict.OPEN
    assert "fault of the probe" in str(plain.remedy)


def test_what_is_not_there_needs_no_correction() -> None:
    assert ruled(WORST, share(0.0, 0.05, part="a"), share(0.0, n=0, part="b")).verdict is Verdict.HOLDS


@pytest.mark.parametrize("low", [0.0, 0.5])
def test_an_assumed_number_settles_nothing(low: float) -> None:
    assert ruled(WHOLE, replace(share(low), basis=Basis.ASSUMED)).verdict is Verdict.OPEN


@pytest.mark.parametrize("basis", [Basis.MEASURED, Basis.MODELLED, Basis.TESTIFIED])
def test_every_other_number_does(basis: Basis) -> None:
    assert ruled(WHOLE, replace(share(0.0), basis=basis)).verdict is Verdict.HOLDS


@pytest.mark.parametrize(
    ("control", "verdict"),
    [
        ((), Verdict.OPEN),
        ((FOUND,), Verdict.OPEN),  # of b, which the card lists, nobody said whether anything was found
        ((quantity("found-planted", 0.0, 0.9),), Verdict.OPEN),  # it may have found nothing
        ((quantity("found-planted", 0.2, 0.9, confidence=0.5),), Verdict.OPEN),
        ((replace(FOUND, basis=Basis.ASSUMED),), Verdict.OPEN),
        ((quantity("found-planted", 0.2, 0.9),), Verdict.HOLDS),  # not broken down: it vouches for all
        ((quantity("found-planted", 0.1, 0.2, part="b"), FOUND), Verdict.HOLDS),
        ((quantity("found-planted", 0.0, 0.1, part="b"), FOUND), Verdict.OPEN),  # a vouches for itself alone
        ((quantity("found-planted", 0.0, n=0, part="b"), FOUND), Verdict.OPEN),  # in b there was nothing to find
        ((quantity("found-planted", 0.1, 0.2, part="b", confidence=0.5), FOUND), Verdict.OPEN),
    ],
)
def test_an_attack_clears_only_if_it_finds_a_known_leak(control: tuple[Quantity, ...], verdict: Verdict) -> None:
    assert ruled(LEAK, quantity("leaked", 0.0, 0.05), *control).verdict is verdict
    assert ruled(LEAK, quantity("leaked", 0.2, 0.5), *control).verdict is Verdict.BREACHED


def test_where_the_control_found_nothing_is_said() -> None:
    missed = ruled(LEAK, quantity("leaked", 0.0, 0.05), FOUND, quantity("found-planted", -0.1, 0.1, part="b"))
    assert "known leak everywhere: not at part b" in str(missed.says)
    assert "weighbridge probes show attack-toy" in str(missed.remedy)


def test_a_control_that_found_nothing_is_told_from_none() -> None:
    none = ruled(LEAK, quantity("leaked", 0.0, 0.05))
    assert str(none.says).endswith("was not shown to find a known leak")
    assert str(none.remedy).startswith("the notes of attack-toy say why")
    tried = ruled(LEAK, quantity("leaked", 0.0, 0.05), quantity("found-planted", -0.1, 0.1))
    assert str(tried.says).endswith("the attack could not find the known leak that it was tried on")
    assert str(tried.remedy).startswith("with more rows it may")
    assert "canaries" not in str(tried.remedy)


def test_a_missing_number_sends_to_the_notes_where_there_are_any() -> None:
    noted = (phrase("bad-share is left out: it needs 3000 others, and 60 are at hand"),)
    for lines in (WHOLE, LANGUAGES):
        some = () if lines is WHOLE else (share(0.0, language="en"),)
        told = ruled(lines, *some, notes=noted, language=("en", "sw"))
        assert told.verdict is Verdict.OPEN
        assert str(told.remedy) == "the notes of plain-toy say what it takes"
        assert str(ruled(lines, *some, language=("en", "sw")).remedy) == "mend it"


def test_a_breach_keeps_its_own_remedy_where_something_else_is_missing() -> None:
    assert str(ruled(WORST, share(0.2, part="a"), notes=(phrase("b is left out"),)).remedy) == "mend it"


def test_an_interval_that_crosses_asks_for_a_larger_sample_whatever_a_breach_would_take() -> None:
    crossing = ruled(WHOLE, share(0.05, 0.2, value=0.1))
    assert crossing.verdict is Verdict.OPEN
    assert str(crossing.remedy).startswith("a larger sample may settle it: more rows where all there are were used")


PARTED = card(
    "attack-toy",
    (replace(PLAIN.metric[0], name="leaked"), *(m for m in ATTACK.metric if m.control)),
    axes=ATTACK.axis,
    attack=True,
)


@pytest.mark.parametrize(
    ("control", "verdict"),
    [
        ({"a": 0.2, "b": 0.2}, Verdict.HOLDS),
        ({"a": 0.2}, Verdict.OPEN),  # nobody tried b
        ({"a": 0.2, "b": 0.0}, Verdict.OPEN),
        ({"b": 0.2}, Verdict.OPEN),
        ({"a": 0.2, "b": 0.2, "c": 0.0}, Verdict.HOLDS),  # c is not watched
    ],
)
def test_a_number_of_a_part_needs_the_control_of_that_part(control: dict[str, float], verdict: Verdict) -> None:
    leaked = [quantity("leaked", 0.0, 0.05, confidence=0.975, part=part) for part in "ab"]
    found = [quantity("found-planted", low, 0.9, part=part) for part, low in control.items()]
    over = LEAK.replace(" }", ', over = "worst(part)" }', 1)
    assert ruled(over, *leaked, *found, cards=(PARTED,)).verdict is verdict
    assert ruled(over, *leaked, quantity("found-planted", 0.2, 0.9), cards=(PARTED,)).verdict is Verdict.HOLDS
    one = LEAK.replace(" }", ', where = { part = "a" } }', 1)
    wanted = Verdict.HOLDS if control.get("a") else Verdict.OPEN
    assert ruled(one, *leaked, *found, cards=(PARTED,)).verdict is wanted


def test_a_part_of_which_there_is_none_needs_no_control() -> None:
    over = LEAK.replace(" }", ', over = "worst(part)" }', 1)
    leaked = (quantity("leaked", 0.0, 0.05, confidence=0.975, part="a"), quantity("leaked", 0.0, n=0, part="b"))
    assert ruled(over, *leaked, FOUND, cards=(PARTED,)).verdict is Verdict.HOLDS


@unhurried
@given(st.dictionaries(st.sampled_from("abc"), st.floats(-0.5, 0.5), min_size=1))
def test_one_more_part_where_nothing_was_found_never_clears(found: dict[str, float]) -> None:
    tries = [quantity("found-planted", low, 0.9, part=part) for part, low in found.items()]
    wanted = Verdict.HOLDS if min(found.values()) > 0 and {"a", "b"} <= set(found) else Verdict.OPEN
    assert ruled(LEAK, quantity("leaked", 0.0, 0.05), *tries).verdict is wanted


def test_an_attack_on_nothing_needs_no_control() -> None:
    assert ruled(LEAK, quantity("leaked", 0.0, n=0)).verdict is Verdict.EXEMPT


def test_an_attack_whose_card_names_no_control_never_clears() -> None:
    blind = replace(ATTACK, metric=tuple(replace(m, control=False) for m in ATTACK.metric))
    assert ruled(LEAK, quantity("leaked", 0.0, 0.05), FOUND, cards=(blind,)).verdict is Verdict.OPEN


def test_how_many_tries_are_wanting_is_said() -> None:
    clean = ruled(WHOLE, share(0.0, 0.3, n=10))
    assert str(clean.remedy).startswith("36 tries with this outcome would settle it, 10 were made")
    assert "--budget 216" in str(clean.remedy)
    hits = ruled(WHOLE, share(0.05, 0.3, n=10))
    assert str(hits.remedy).startswith("a larger sample may settle it")


def test_a_count_in_an_interval_was_not_made_over_all() -> None:
    counting = card("plain-toy", (count("bad-share"),))
    spread = replace(share(0.0, 3.0), unit="count")
    remedy = str(ruled(WHOLE, spread, cards=(counting,)).remedy)
    assert remedy.startswith("see the notes of plain-toy")
    assert "what was left out" in remedy
    assert "where it was time: weighbridge weigh DIR --probe plain-toy --budget 240" in remedy


@unhurried
@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.sampled_from([0.9, 0.95, 0.99]))
def test_a_wider_interval_turns_nothing_into_safe(
    a: float, b: float, left: float, right: float, confidence: float
) -> None:
    low, high = sorted((a, b))
    narrow = ruled(WHOLE, share(low, high, confidence=confidence))
    wide = ruled(WHOLE, share(low - left, high + right, confidence=confidence, value=low))
    assert narrow.verdict is wide.verdict or wide.verdict is Verdict.OPEN


@unhurried
@given(
    st.permutations(
        [share(0.0, 0.05, part="a", confidence=0.99), share(0.05, 0.3, part="b", confidence=0.99), share(0.0)]
    )
)
def test_the_order_of_numbers_makes_no_difference(quantities: list[Quantity]) -> None:
    assert ruled(WORST, *quantities) == ruled(WORST, *quantities[::-1])


def _case(lines: str, facts: dict[str, tuple[str, ...] | None]) -> Case:
    made = policy(rule(lines)).rule[0]
    assert made.watch is not None
    return Case(rule=made, watch=made.watch, card=PLAIN, facts=facts, confidence=0.95)


def among(parts: dict[str, tuple[float, float] | float], *named: str, confidence: float = 0.95) -> Ruling:
    numbers = [
        share(low[0], low[1], language=tag, confidence=confidence)
        if isinstance(low, tuple)
        else share(low, language=tag)
        for tag, low in parts.items()
    ]
    facts = {**dict(facts_of(ABOUT)), "misuse-language": named}
    return compare(
        _case(AMONG, facts), evidence("plain-toy", tuple(numbers), ABOUT), Measured(quantities=tuple(numbers))
    )


def test_among_the_values_of_a_fact_only_these_are_compared() -> None:
    assert among({"en": 0.0, "sw": 0.5}, "en").verdict is Verdict.HOLDS
    assert among({"en": 0.0, "sw": 0.5}, "en", "sw").verdict is Verdict.BREACHED
    assert among({"en": 0.0, "sw": 0.5}).verdict is Verdict.EXEMPT
    untold = _case(AMONG, {**dict(facts_of(ABOUT)), "misuse-language": None})
    known = (share(0.0, language="en"),)
    assert compare(untold, evidence("plain-toy", known, ABOUT), Measured(quantities=known)).verdict is Verdict.OPEN


def test_among_a_value_without_a_number_is_open_and_is_named() -> None:
    missing = among({"en": 0.0}, "en", "sw")
    assert missing.verdict is Verdict.OPEN
    assert "sw" in str(missing.says)
    assert among({}, "sw").verdict is Verdict.OPEN


@unhurried
@given(
    st.dictionaries(
        st.sampled_from("abcde"), st.tuples(st.floats(0, 1), st.floats(0, 1)).map(lambda t: tuple(sorted(t)))
    ),
    st.sets(st.sampled_from("abcde"), min_size=1),
    st.sampled_from("xyz"),
)
def test_a_value_without_data_takes_nothing_from_a_breach(
    parts: dict[str, tuple[float, float]], named: set[str], new: str
) -> None:
    before, after = (among(dict(parts), *names, confidence=0.99).verdict for names in (named, named | {new}))
    assert (before is Verdict.BREACHED) == (after is Verdict.BREACHED)
    assert after in (Verdict.BREACHED, Verdict.OPEN)  # and it clears nothing


@given(st.floats(0, 1), st.floats(0, 1), st.sampled_from([0.0, 0.1, 0.5, 1.0]))
@unhurried
def test_another_tools_report_limits_and_never_clears(one: float, other: float, safe: float) -> None:
    brought = card("imported-toy", (PLAIN.metric[0],), attack=True)
    lines = f'watch = {{ probe = "imported-toy", metric = "bad-share" }}\nsafe = {{ at_most = {safe} }}'
    found = quantity("bad-share", min(one, other), max(one, other), value=min(one, other))
    ruling = ruled(lines, found, cards=(brought,))
    assert ruling.verdict is (Verdict.BREACHED if min(one, other) > safe else Verdict.OPEN)
    assert "weigh DIR" not in str(ruling.remedy)


def test_where_nothing_was_tried_the_rule_says_what_to_do() -> None:
    assert str(ruled(WHOLE, share(0.0, 1.0, n=0, value=1.0)).remedy) == "mend it"


CLAIMED = (
    'watch = { probe = "plain-toy", metric = "bad-share", over = "worst(language)", among = "claimed-language" }\n'
    "safe = { at_least = 0.1 }"
)


def test_a_claim_that_goes_too_far_says_what_is_left_of_it() -> None:
    numbers = [
        share(low, high, language=tag, confidence=0.99)
        for tag, low, high in (("en", 0.5, 0.6), ("sw", 0, 0.01), ("yo", 0, 0.5))
    ]
    made = policy(rule(CLAIMED, effect="narrow-claim")).rule[0]
    assert made.watch is not None
    facts = {**dict(facts_of(ABOUT)), "claimed-language": ("en", "sw", "yo")}
    case = Case(rule=made, watch=made.watch, card=PLAIN, facts=facts, confidence=0.95)
    found = compare(case, evidence("plain-toy", tuple(numbers), ABOUT), Measured(quantities=tuple(numbers)))
    assert found.verdict is Verdict.BREACHED
    assert str(found.says).endswith("That is so for sw; what is left of the claim is en.")  # of yo it is not yet known
    alone = compare(case, evidence("plain-toy", (numbers[1],), ABOUT), Measured(quantities=(numbers[1],)))
    assert str(alone.says).endswith("That is so for sw.")

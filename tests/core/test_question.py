from __future__ import annotations

from itertools import product

import pytest

from weighbridge.app.answer import applicable
from weighbridge.catalogue import find_cards, find_questions
from weighbridge.core.candidate import Candidate, Impact, Said, Subject, Triage
from weighbridge.core.question import ANSWERED, NONE, Form, Question
from weighbridge.policy.facts import FACTS, asked_in

QUESTIONS = find_questions()
KNOWN = {q.slug: q for q in QUESTIONS}

# Every cell of the mission map that says "Asks", and the questions that ask it. Where the answer is declared in the
# candidate file or the decision, that is named in its place.
ASKS = {
    1: ("data-origin", "private", "about-people"),
    2: ("audience-then", "publisher-seen"),
    3: ("removal-path",),
    4: ("aggregate-grade",),
    5: ("actor-worth",),
    7: ("early-access", "coverage-moved-plan"),
    8: ("spokesperson", "story-topic", "correction"),
    9: ("legal", "right", "government-requests"),
    10: ("party-aims",),
    11: ("defender",),
    12: ("detector-release",),
    14: ("affected-groups", "consulted", "consultation-changed", "not-consulted-because"),
    15: ("asker", "other-reading", "persecution"),
    16: ("platform-cover", "languages"),
    17: ("who-gains", "who-loses"),
    18: ("languages",),
    19: ("missing-voice", "objections", "affected-decide"),
    20: ("field-needed",),
    21: ("own-effect",),
    22: ("reproduction",),
    23: ("stage-criteria",),
    24: ("nearby-work",),
    25: ("missed",),
}
ELSEWHERE = {6}  # the owner signs the risk statement with the decision
NOTHING = {13}  # the map's cell is empty


def test_every_question_of_the_map_is_asked() -> None:
    assert set(ASKS) | ELSEWHERE | NOTHING == set(range(1, 26))
    for row, slugs in ASKS.items():
        for slug in slugs:
            assert row in KNOWN[slug].mission, f"{slug} does not name row {row}"
    assert {slug for slugs in ASKS.values() for slug in slugs} | {"harm", "generates", "identifies"} == set(KNOWN)


def test_every_shipped_question_says_why_and_belongs_to_the_map() -> None:
    orders = [q.order for q in QUESTIONS if not q.last]
    assert orders == sorted(set(orders))
    assert all(q.why and q.mission and set(q.mission) <= set(range(1, 26)) for q in QUESTIONS)
    assert len(KNOWN) == len(QUESTIONS)
    assert [q.slug for q in QUESTIONS if q.last] == ["missed"] == [QUESTIONS[-1].slug]
    assert [q.slug for q in QUESTIONS if q.is_triage] == [q.slug for q in QUESTIONS[:6]]


def test_what_questions_refer_to_is_there() -> None:
    facts = {**FACTS, **asked_in(QUESTIONS)}
    later = {
        "aggregation-uplift",
        "hot-spots",
        "small-cells",
        "recontextualisation",
        "direct-identifiers",
        "swapped-label",
    }
    probes = {card.slug for card in find_cards()} | later
    probes |= {"detectability", "replication-cost", "low-resource-benefit", "defence-by-language"}
    for question in QUESTIONS:
        assert set(question.shows) <= probes
        for fact, values in question.when:
            assert set(values) <= set(facts[fact])
        for clash in question.contradiction:
            assert set(clash.choices) <= set(question.values)
            assert set(clash.others) <= set(KNOWN[clash.other].values)


def test_light_asks_at_most_eight_and_standard_twenty() -> None:
    most = {Impact.LIGHT: 8, Impact.STANDARD: 20, Impact.HIGH: len(QUESTIONS)}
    for answers in product(Said, repeat=5):
        people, private, harm, generates, identifies = answers
        triage = Triage(about_people=people, private=private, harm=harm, generates=generates, identifies=identifies)
        for subject in Subject:
            candidate = Candidate(name="toy", version="1", artefacts=(), subjects=(subject,), triage=triage)
            assert 6 + len(applicable(candidate, QUESTIONS)) <= most[triage.impact]


def test_the_values_of_an_answer() -> None:
    assert KNOWN["legal"].values == ("yes", "no", "not-known")
    assert KNOWN["missed"].values == (ANSWERED, NONE)
    assert Question(slug="day", order=1, asks="?", why="!", mission=(1,), form=Form.DATE).values == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"form": Form.CHOICE},
        {"form": Form.TEXT, "choices": ("a",)},
        {"choices": ("a", "b"), "meanings": ("x",)},
        {"form": Form.TABLE},
        {"form": Form.TEXT, "columns": ("a",)},
        {"choices": ("a",), "explain": ("b",)},
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="`"):
        Question(slug="q", order=1, asks="?", why="!", mission=(1,), **wrong)  # type: ignore[arg-type]

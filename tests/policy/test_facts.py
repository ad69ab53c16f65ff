"""What is known without measuring, and what is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policy.toys import ALL_NO, artefact, candidate
from weighbridge.core.candidate import Belonging, Claims, Declared, Misuse, Role, Said, Subject, Triage
from weighbridge.policy.facts import ANSWERS, FACTS, facts_of, question_of


def test_every_fact_is_told_and_within_what_it_can_be() -> None:
    told = dict(facts_of(candidate(Subject.TEXT)))
    assert set(told) == set(FACTS)
    for fact, values in told.items():
        assert values is None or not FACTS[fact] or set(values) <= set(FACTS[fact])


def test_what_was_not_answered_is_not_known() -> None:
    told = dict(facts_of(candidate(triage=Triage())))
    assert {fact for fact, values in told.items() if values is None} == {*ANSWERS, "impact", "language"} - {
        "data-read",
        "model-told",
    }


def test_answers_are_what_was_said() -> None:
    told = dict(facts_of(candidate(triage=replace(ALL_NO, harm=Said.YES))))
    assert (told["harm"], told["private"], told["languages-answered"]) == (("yes",), ("no",), ("yes",))


@pytest.mark.parametrize(
    ("triage", "impact"),
    [
        (Triage(), None),
        (ALL_NO, ("light",)),
        (Triage(harm=Said.YES), ("high",)),  # nothing still missing can change it
        (Triage(about_people=Said.YES, private=Said.YES), ("high",)),
        (Triage(harm=Said.NO, private=Said.NO, generates=Said.YES), ("standard",)),
        (replace(ALL_NO, generates=Said.UNKNOWN), None),
    ],
)
def test_the_impact_is_known_once_no_answer_can_change_it(triage: Triage, impact: tuple[str, ...] | None) -> None:
    assert dict(facts_of(candidate(triage=triage)))["impact"] == impact


def test_components_roles_languages_and_licence() -> None:
    held = (artefact(), artefact(Role.TRAIN_DATA, Belonging.EVIDENCE_ONLY))
    made = replace(candidate(artefacts=held), claims=Claims(languages=("sw",), licence="MIT"))
    told = dict(facts_of(made))
    assert told["component"] == ("weights",)
    assert told["role"] == ("train-data", "weights")
    assert told["language"] == ("en", "sw")
    assert told["licence-claimed"] == ("yes",)


@pytest.mark.parametrize("declared", [Declared(private=True), Declared(private_field="secret")])
def test_rows_declared_private_are_a_fact(declared: Declared) -> None:
    held = replace(artefact(Role.TRAIN_DATA), declared=declared)
    assert dict(facts_of(candidate(artefacts=(held,))))["private-rows"] == ("declared",)


def test_people_are_asked_for_languages_under_one_name() -> None:
    assert {question_of(name) for name in ("language", "languages-answered")} == {"languages"}
    assert question_of("harm") == "harm"


def test_a_misuse_is_named_by_language_or_none_can_be() -> None:
    hurtful = replace(candidate(triage=replace(ALL_NO, harm=Said.YES)))
    assert dict(facts_of(hurtful))["misuse-named"] is None
    named = replace(
        hurtful, misuses=(Misuse(says="fake news", languages=("sw", "en")), Misuse(says="spam", languages=("sw",)))
    )
    told = dict(facts_of(named))
    assert (told["misuse-named"], told["misuse-language"]) == (("yes",), ("en", "sw"))
    none = replace(hurtful, misuses=(Misuse(says="it answers in numbers"),))
    assert (dict(facts_of(none))["misuse-named"], dict(facts_of(none))["misuse-language"]) == (("no",), ())


def test_where_nobody_can_be_hurt_no_misuse_is_to_be_named() -> None:
    assert dict(facts_of(candidate()))["misuse-named"] == ("no",)
    assert dict(facts_of(candidate(triage=replace(ALL_NO, harm=Said.UNKNOWN))))["misuse-named"] is None


def test_claimed_languages_are_facts_without_script_or_region() -> None:
    held = (replace(artefact(), declared=Declared(language="sw")), replace(artefact(Role.DATA), label="b"))
    made = replace(candidate(artefacts=held), claims=Claims(languages=("zh-Hant", "zh-Hans", "pt-BR")))
    told = dict(facts_of(made))
    assert told["claimed-language"] == ("pt", "sw", "zh")
    assert told["languages-claimed"] == ("yes",)
    assert told["language"] == ("en", "pt", "zh")  # what is declared of a file is no use of the whole
    none = dict(facts_of(replace(candidate(), claims=Claims(languages=("zxx",)))))
    assert (none["claimed-language"], none["languages-claimed"]) == ((), ("no",))

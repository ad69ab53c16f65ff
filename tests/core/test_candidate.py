from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.core.candidate import (
    Artefact,
    Belonging,
    Candidate,
    Claims,
    Component,
    Declared,
    Impact,
    Role,
    Said,
    Subject,
    Triage,
)
from weighbridge.core.canon import digest_of_bytes


def _artefact(
    label: str, content: bytes = b"", role: Role = Role.DATA, belongs: Belonging = Belonging.DATA
) -> Artefact:
    return Artefact(
        role=role, label=label, digest=digest_of_bytes(content), size_bytes=len(content), format="csv", belongs=belongs
    )


A, B = _artefact("a", b"1"), _artefact("b", b"2")
CANDIDATE = Candidate(name="c", version="1", artefacts=(A, B), subjects=(Subject.TABLE,))


def test_the_digest_is_over_sorted_pairs_of_label_and_digest() -> None:
    assert replace(CANDIDATE, artefacts=(B, A)).digest == CANDIDATE.digest
    assert replace(CANDIDATE, name="other", version="2").digest == CANDIDATE.digest
    assert replace(CANDIDATE, artefacts=(A, replace(B, label="c"))).digest != CANDIDATE.digest
    assert replace(CANDIDATE, artefacts=(A, _artefact("b", b"3"))).digest != CANDIDATE.digest


def test_the_reading_covers_declarations_and_not_answers() -> None:
    told = replace(A, declared=Declared(person="id"))
    assert replace(CANDIDATE, artefacts=(told, B)).reading != CANDIDATE.reading
    assert replace(CANDIDATE, artefacts=(B, A)).reading == CANDIDATE.reading
    assert replace(CANDIDATE, triage=Triage(harm=Said.YES)).reading == CANDIDATE.reading
    assert replace(CANDIDATE, claims=Claims(purpose="p")).reading == CANDIDATE.reading
    assert replace(CANDIDATE, claims=Claims(licence="MIT")).reading != CANDIDATE.reading


def test_components_are_those_that_hold_something() -> None:
    made = replace(CANDIDATE, artefacts=(A, _artefact("w", role=Role.WEIGHTS, belongs=Belonging.WEIGHTS),
                                         _artefact("e", role=Role.HELD_OUT, belongs=Belonging.EVIDENCE_ONLY)))  # fmt: skip
    assert made.components == (Component.WEIGHTS, Component.DATA)
    assert [a.label for a in made.of_role(Role.HELD_OUT, Role.DATA)] == ["a", "e"]


NO = {"about_people": Said.NO, "private": Said.NO, "harm": Said.NO, "generates": Said.NO, "identifies": Said.NO}


@pytest.mark.parametrize(
    ("answers", "impact"),
    [
        ({}, Impact.STANDARD),
        (NO, Impact.LIGHT),
        (NO | {"identifies": Said.UNKNOWN}, Impact.STANDARD),
        (NO | {"generates": Said.YES}, Impact.STANDARD),
        (NO | {"harm": Said.YES}, Impact.HIGH),
        (NO | {"about_people": Said.YES, "private": Said.YES}, Impact.HIGH),
        ({"harm": Said.YES}, Impact.HIGH),
    ],
)
def test_impact(answers: dict[str, Said], impact: Impact) -> None:
    assert Triage(**answers).impact is impact  # type: ignore[arg-type]


@given(st.fixed_dictionaries({key: st.sampled_from(list(Said)) for key in NO}))
def test_silence_never_makes_it_light(answers: dict[str, Said]) -> None:
    if Said.UNKNOWN in answers.values():
        assert Triage(**answers).impact is not Impact.LIGHT  # type: ignore[arg-type]


def test_the_release_is_what_leaves_and_how_it_was_declared() -> None:
    beside = _artefact("h", b"3", role=Role.HUMAN_TEXT, belongs=Belonging.EVIDENCE_ONLY)
    assert replace(CANDIDATE, artefacts=(B, A, beside)).release == CANDIDATE.release
    assert replace(CANDIDATE, triage=Triage(harm=Said.YES)).release == CANDIDATE.release
    told = replace(A, declared=Declared(person="id"))
    others = (
        replace(CANDIDATE, artefacts=(told, B)),
        replace(CANDIDATE, artefacts=(A,)),
        replace(CANDIDATE, artefacts=(A, replace(B, label="c"))),
        replace(CANDIDATE, claims=Claims(languages=("en",))),
    )
    assert CANDIDATE.release not in {other.release for other in others}

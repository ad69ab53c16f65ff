from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from fakes.staged import DRAFT, GATED, ROLES, TOLD, Staged, make_staged, with_samples
from weighbridge.app.stage import State
from weighbridge.report.progress import render_progress, state_in_words


@pytest.fixture
def staged(tmp_path: Path) -> Staged:
    made = make_staged(tmp_path)
    made.weighs(0.9, candidate=with_samples())
    return made


def _told(made: Staged, style: str = "table") -> str:
    return render_progress(made.decision, made.progress(), style=style, path="my model")


def test_says_of_each_stage_what_it_gives_by_when_and_what_it_waits_for(staged: Staged) -> None:
    text = _told(staged)
    for line in (
        "  at once: weights partners",
        "1. gated: ready: nothing stands against it but that people must sign it",
        "  gives weights gated; by 2026-03-01",
        "  met                found: It is found.",
        "  to be testified to told: Two newsrooms run the detector.",
        "fix: weighbridge stages advance 'my model' --stage gated --key NAME --testify told",
        "  to be signed as owner, security",
        "2. all: not open yet",
        "  gives weights open; from 2026-02-01 to 2026-05-01",
        "in force: weights partners",
    ):
        assert line in text, line


def test_says_who_signed_as_what_and_never_who(staged: Staged) -> None:
    staged.opens("gated", ROLES[0], "Ada Lovelace")
    staged.opens("gated", ROLES[1])
    staged.ring.revoke(staged.key("security"), "lost")
    text = _told(staged)
    assert "  signed as owner on 2026-01-02" in text
    assert "the signature as security of 2026-01-02 does not count: Its key was revoked." in text
    assert "Ada" not in text + _told(staged, "json")


def test_says_that_a_day_was_missed(staged: Staged) -> None:
    staged.clock.goes_to("2026-03-02")
    assert "1. gated: missed: the gate is closed until it is weighed and decided again" in _told(staged)


def test_a_number_out_of_range_is_not_met(tmp_path: Path) -> None:
    made = make_staged(tmp_path, found=0.2)
    text = _told(made)
    assert "  not met            found: It is found." in text
    assert "The number is outside of the range." in text


def test_programs_read_the_same(staged: Staged) -> None:
    staged.opened("gated")
    told = json.loads(_told(staged, "json"))
    assert told["in_force"] == {"weights": "gated"}
    first, second = told["stages"]
    assert (first["state"], second["state"]) == ("open", "waiting")
    assert [s["counts"] for s in first["signatures"]] == [True, True]
    assert first["criteria"][0]["rests_on"] == [staged.measured(0.9).digest]


def test_what_its_owner_wrote_cannot_disguise_itself(staged: Staged) -> None:
    odd = replace(GATED, criterion=(replace(TOLD, says="safe\u202e\nopen"),))
    staged.decides(replace(DRAFT, stage=(odd,)))
    assert "safe⟨U+202E⟩ open" in _told(staged)


def test_every_state_has_words() -> None:
    assert len({state_in_words(state) for state in State}) == len(State)

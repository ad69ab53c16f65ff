from __future__ import annotations

import json

from weighbridge.app.answer import Hearing, Reply, Stand
from weighbridge.catalogue import find_questions
from weighbridge.core.canon import digest_of
from weighbridge.core.evidence import Asked, Evidence, Measured, NotApplicable, NotMeasured, Quantity
from weighbridge.core.wording import phrase
from weighbridge.report.hearings import (
    answered_by,
    beside,
    hearings_plain,
    hearings_told,
    questions_told,
    stand_told,
    summary,
)

KNOWN = {q.slug: q for q in find_questions()}


def _reply(choice: str, role: str = "owner", version: str = "1") -> Reply:
    return Reply(
        choice=(choice,) if choice else (), role=role, at="2026-01-02T03:04:05+00:00", version=version,
        entry=digest_of(choice), says=digest_of("words"), by=None,
    )  # fmt: skip


def _hearing(stand: Stand, *choices: str) -> Hearing:
    replies = tuple(_reply(choice) for choice in choices)
    return Hearing(question=KNOWN["legal"], stand=stand, replies=replies, because="they clash")


def test_every_stand_is_told() -> None:
    assert stand_told(_hearing(Stand.OPEN)) == "not yet answered"
    assert stand_told(_hearing(Stand.COUNTS, "yes")) == "yes, said as owner on 2026-01-02"
    assert "version 1" in stand_told(_hearing(Stand.CARRIED, "yes"))
    assert "yes and no at once" in stand_told(_hearing(Stand.DISPUTED, "yes", "no"))
    assert "they clash" in stand_told(_hearing(Stand.CONTRADICTED, "yes"))
    assert "left out with a reason" in stand_told(_hearing(Stand.SKIPPED, ""))


def test_those_that_wait_come_first() -> None:
    lines = list(hearings_told([_hearing(Stand.COUNTS, "yes"), _hearing(Stand.OPEN)]))
    assert lines[0] == "legal: not yet answered"
    assert (
        lines[-1]
        == summary([_hearing(Stand.COUNTS, "yes"), _hearing(Stand.OPEN)])
        == "1 question is answered, 1 waits."
    )


def test_a_role_cannot_disguise_itself() -> None:
    hostile = Hearing(question=KNOWN["legal"], stand=Stand.COUNTS, replies=(_reply("yes", role="\x1b[2J\u202eowner"),))
    assert not {"\x1b", "\u202e"} & set(stand_told(hostile))


def test_questions_name_their_rows() -> None:
    told = "\n".join(questions_told(KNOWN.values()))
    assert "legal  (rows 9; from standard impact on)" in told


def test_each_question_says_how_it_is_answered() -> None:
    told = list(hearings_told([_hearing(Stand.OPEN)]))
    assert told[2].strip().startswith("one of: yes, no")
    every = "\n".join(questions_told(KNOWN.values()))
    assert "a row on each line: source | legal basis | private: yes, no or partly" in every
    assert all(answered_by(question) for question in KNOWN.values())


def test_what_was_measured_stands_beside_a_question() -> None:
    def evidence(probe: str, outcome: Measured | NotMeasured) -> Evidence:
        asked = Asked(
            candidate=digest_of("c"),
            reading=digest_of("r"),
            probe=probe,
            version=1,
            settings=(),
            seed=0,
            budget_seconds=1.0,
        )
        return Evidence(asked=asked, outcome=outcome)

    q = Quantity(metric="secrets", value=0, low=0, high=0, confidence=1, unit="count", n=3, n_of="file")
    found = evidence("artefact-safety", Measured(quantities=(q,), notes=(phrase("one file is new"),)))
    silent = evidence("artefact-safety", NotMeasured(because=phrase("x"), remedy=phrase("y")))
    lines = list(beside(KNOWN["legal"], [found, evidence("unique-combinations", found.outcome), silent]))  # type: ignore[arg-type]
    assert lines[0].startswith("artefact-safety: secrets:")
    assert lines[1:] == ["artefact-safety: one file is new", "artefact-safety: no number"]
    none = evidence("artefact-safety", NotApplicable(because=phrase("x")))  # type: ignore[arg-type]
    assert list(beside(KNOWN["legal"], [none])) == []


def test_programs_get_the_same() -> None:
    told = json.loads(json.dumps(hearings_plain([_hearing(Stand.COUNTS, "yes")])))
    assert [(row["question"], row["stand"], row["mission"]) for row in told] == [("legal", "counts", [9])]

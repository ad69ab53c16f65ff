from __future__ import annotations

from pathlib import Path

import pytest

from weighbridge.app.answer import Answer, Stand
from weighbridge.asking import answer_from_file, confirm_answers, interview, seal_answer, text_of
from weighbridge.core.errors import Faulty, Unusable
from weighbridge.wiring import Options, opened_ledger, recommend_path, weigh_path

CANDIDATE = """
name = "toy"
version = "{version}"
[triage]
about_people = "no"
private = "no"
harm = "no"
generates = "no"
identifies = "yes"
languages = ["en"]
[[artefact]]
role = "data"
path = "t.csv"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "t.csv").write_text("a,b\n" + "1,2\n" * 20)
    (tmp_path / "weighbridge.toml").write_text(CANDIDATE.format(version="1"))
    return tmp_path


def test_what_is_answered_is_judged(folder: Path) -> None:
    options = Options(home=folder / "home")
    before = weigh_path(folder, options).weighing
    (standing,) = before.recommendation.components
    assert {"said-whether-legal", "asked-what-was-missed", "right-and-not-only-legal"} <= set(standing.open)
    for slug, choice in (("legal", "yes"), ("right", "yes"), ("missed", "answered")):
        now = next(h for h in interview(folder, options).hearings if h.question.slug == slug)
        seal_answer(Answer(question=slug, choice=(choice,), says="words"), now, before.candidate, options)
    after = recommend_path(folder, options).weighing
    (standing,) = after.recommendation.components
    assert not {"said-whether-legal", "asked-what-was-missed", "right-and-not-only-legal"} & set(standing.open)
    assert [e.digest for e in after.evidence] == [e.digest for e in before.evidence]  # nothing is measured again
    assert weigh_path(folder, options).weighing.recommendation == after.recommendation
    told = next(h for h in interview(folder, options).hearings if h.question.slug == "legal")
    assert text_of(told, options) == "words"


def test_illegal_stops(folder: Path) -> None:
    options = Options(home=folder / "home")
    weigh_path(folder, options)
    (folder / "answers.toml").write_text(
        'candidate = "toy"\nversion = "1"\nrole = "owner"\n[[answer]]\nquestion = "legal"\nchoice = "no"\nsays = "a statute"\n'
    )
    assert answer_from_file(folder, folder / "answers.toml", options) == 1
    (standing,) = recommend_path(folder, options).weighing.recommendation.components
    assert standing.limits == ("not-against-the-law",)


def test_a_file_with_a_fault_seals_nothing(folder: Path) -> None:
    options = Options(home=folder / "home")
    (folder / "answers.toml").write_text(
        'candidate = "toy"\nversion = "1"\nrole = "owner"\n[[answer]]\nquestion = "legal"\nchoice = "yes"\n'
        '[[answer]]\nquestion = "right"\nchoice = "hm"\n'
    )
    with pytest.raises(Faulty):
        answer_from_file(folder, folder / "answers.toml", options)
    assert all(h.stand is Stand.OPEN for h in interview(folder, options).hearings)
    (folder / "answers.toml").write_bytes(b"\xff")
    with pytest.raises(Unusable, match="UTF-8"):
        answer_from_file(folder, folder / "answers.toml", options)
    with pytest.raises(Unusable, match="No such file"):
        answer_from_file(folder, folder / "none.toml", options)


def test_a_new_version_asks_for_one_confirmation(folder: Path) -> None:
    options = Options(home=folder / "home")
    now = next(h for h in interview(folder, options).hearings if h.question.slug == "legal")
    seal_answer(Answer(question="legal", choice=("yes",)), now, interview(folder, options).candidate, options)
    (folder / "weighbridge.toml").write_text(CANDIDATE.format(version="2"))
    asked = interview(folder, options)
    assert [h.question.slug for h in asked.hearings if h.stand is Stand.CARRIED] == ["legal"]
    confirm_answers(asked, by="Zuri", role="owner", options=options)
    assert [h.question.slug for h in interview(folder, options).hearings if h.stand is Stand.COUNTS] == ["legal"]


def test_whoever_was_consulted_can_be_erased_from_the_real_ledger(folder: Path) -> None:
    text = (folder / "weighbridge.toml").read_text()
    high = text.replace('harm = "no"', 'harm = "yes"').replace('about_people = "no"', 'about_people = "yes"')
    (folder / "weighbridge.toml").write_text(high)
    options = Options(home=folder / "home")
    now = next(h for h in interview(folder, options).hearings if h.question.slug == "consulted")
    seal_answer(
        Answer(question="consulted", choice=("answered",), says="Zyxquorble|from there|by a friend|no", by="Qwaxle"),
        now, interview(folder, options).candidate, options,
    )  # fmt: skip
    (found,) = next(h for h in interview(folder, options).hearings if h.question.slug == "consulted").replies
    with opened_ledger(folder / "home") as ledger:
        for commitment in (found.says, found.by):
            assert commitment
            ledger.erase("toy", commitment)
        assert ledger.verify() > 0
    kept = b"".join(file.read_bytes() for file in (folder / "home").rglob("*") if file.is_file())
    assert b"Zyxquorble" not in kept
    assert b"Qwaxle" not in kept
    assert next(h for h in interview(folder, options).hearings if h.question.slug == "consulted").stand is Stand.COUNTS


def test_illegal_stops_the_next_version_too_before_anybody_confirmed(folder: Path) -> None:
    options = Options(home=folder / "home")
    now = next(h for h in interview(folder, options).hearings if h.question.slug == "legal")
    seal_answer(
        Answer(question="legal", choice=("no",), says="A statute."), now, interview(folder, options).candidate, options
    )
    (folder / "weighbridge.toml").write_text(CANDIDATE.format(version="2"))
    (standing,) = weigh_path(folder, options).weighing.recommendation.components
    assert standing.limits == ("not-against-the-law",)

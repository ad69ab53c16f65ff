from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from weighbridge.cli.ask import command

CANDIDATE = """
name = "toy"
version = "{version}"
[triage]
about_people = "no"
private = "no"
harm = "no"
generates = "no"
identifies = "no"
[[artefact]]
role = "data"
path = "t.csv"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WEIGHBRIDGE_HOME", str(tmp_path / "home"))
    (tmp_path / "t.csv").write_text("a,b\n" + "1,2\n" * 20)
    (tmp_path / "weighbridge.toml").write_text(CANDIDATE.format(version="1"))
    return tmp_path


def _ask(folder: Path, *words: str, typed: str = "") -> tuple[int, str, str]:
    done = CliRunner().invoke(command, [str(folder), *words], input=typed)
    return done.exit_code, done.stdout, done.stderr


def test_answers_are_sealed_as_they_are_given_and_a_skipped_one_stays_open(folder: Path) -> None:
    code, out, err = _ask(folder, "--by", "Zuri", "--role", "owner", typed="\nthe neighbours\n")
    assert (code, out) == (0, "1 question is answered, 1 waits.\n")
    assert "[1/2] own-effect" in err
    code, out, err = _ask(folder, typed="it helps to teach\n")  # it goes on where it stopped
    assert ("[1/1] own-effect" in err, out) == (True, "2 questions are answered, 0 wait.\n")
    assert _ask(folder)[1] == "2 questions are answered, 0 wait.\n"


def test_an_interrupted_interview_keeps_what_was_said(folder: Path) -> None:
    code, _out, _err = _ask(folder, typed="it helps to teach\n")  # input ends: as Ctrl-D
    assert code == 1
    assert _ask(folder, typed="\n\n")[1] == "1 question is answered, 1 waits.\n"


def test_the_last_question_is_left_out_only_with_a_reason(folder: Path) -> None:
    assert _ask(folder, "--only", "missed", typed="\n\n")[1] == "0 questions are answered, 2 wait.\n"
    code, out, err = _ask(folder, "--only", "missed", typed="\nwe ask on Friday\n")
    assert (code, "why is it left out?" in err) == (0, True)
    assert out == "0 questions are answered, 1 waits.\n"  # left out with a reason waits for nobody


def test_an_answer_can_be_changed_and_the_earlier_is_shown(folder: Path) -> None:
    _ask(folder, "--only", "own-effect", typed="one\n")
    code, _out, err = _ask(folder, "--only", "own-effect", typed="two\n")
    assert (code, "so far: answered, said on" in err, "words were kept" in err) == (0, True, True)
    assert "one" not in err.split("own-effect")[1].split("so far")[1].split("\n")[0]


def test_what_is_no_answer_is_asked_again(folder: Path) -> None:
    (folder / "weighbridge.toml").write_text(
        CANDIDATE.format(version="1").replace('identifies = "no"', 'identifies = "yes"')
    )
    code, _out, err = _ask(folder, "--only", "legal", typed="owner\nmaybe\nno\n\nno\na statute\n")
    assert (code, "is no answer to it" in err, "needs a sentence" in err) == (0, True, True)
    code, _out, err = _ask(folder, "--only", "who-gains", typed="nurses\n\nnurses | lexicon | sw | a year\n\n")
    assert (code, "row 1 should have" in err) == (0, True)


def test_who_may_not_answer_is_asked_for_the_role(folder: Path) -> None:
    text = CANDIDATE.format(version="1").replace('identifies = "no"', 'identifies = "yes"')
    (folder / "weighbridge.toml").write_text(text)
    for typed in ("community\n", "\n"):
        _code, out, err = _ask(folder, "--only", "legal", "--role", "community", typed=typed)
        assert ("in which role: owner, legal?" in err, out.startswith("0 questions")) == (True, True)
    assert _ask(folder, "--only", "legal", "--role", "legal", typed="yes\n")[1].startswith("1 question")


def test_a_new_version_is_confirmed_once(folder: Path) -> None:
    _ask(folder, typed="it helps to teach\nthe neighbours\n")
    (folder / "weighbridge.toml").write_text(CANDIDATE.format(version="2"))
    code, out, err = _ask(folder, "--confirm", typed="n\n")
    assert (code, out, "said of version 1" in err) == (0, "0 questions are answered, 2 wait.\n", True)
    assert _ask(folder, "--confirm", typed="y\n")[1] == "2 questions are answered, 0 wait.\n"


def test_answers_come_from_a_file(folder: Path) -> None:
    (folder / "answers.toml").write_text(
        'candidate = "toy"\nversion = "1"\n[[answer]]\nquestion = "missed"\nsays = "<b>\\u0000the neighbours"\n'
    )
    code, out, err = _ask(folder, "--answers", str(folder / "answers.toml"))
    assert (code, out, "1 answer sealed" in err) == (0, "1 question is answered, 1 waits.\n", True)


def test_without_triage_it_says_what_comes_first(folder: Path) -> None:
    (folder / "weighbridge.toml").write_text('name = "toy"\n[[artefact]]\nrole = "data"\npath = "t.csv"\n')
    assert "weighbridge init --ask" in _ask(folder, "--only", "missed", typed="\n\n")[2]

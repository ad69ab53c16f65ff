from __future__ import annotations

import pytest

from weighbridge.adapters.formats.answers_file import answers_schema, parse_answers
from weighbridge.app.answer import Answer, Hearing, Stand
from weighbridge.catalogue import find_questions
from weighbridge.core.candidate import Candidate
from weighbridge.core.errors import Faulty, Unusable

TOY = Candidate(name="toy", version="1", artefacts=(), subjects=())
HEARINGS = tuple(Hearing(question=q, stand=Stand.OPEN) for q in find_questions() if not q.is_triage)
HEAD = 'candidate = "toy"\nversion = "1"\nby = "Zuri"\nrole = "owner"\n'


def _read(text: str) -> list[Answer]:
    return [found for found, _hearing in parse_answers(text, file="a.toml", candidate=TOY, hearings=HEARINGS)]


def test_answers_with_who_gave_them() -> None:
    made = _read(
        HEAD
        + '[[answer]]\nquestion = "legal"\nchoice = "yes"\n'
        + '[[answer]]\nquestion = "who-gains"\nsays = """\nnurses | a lexicon | sw | a year\n"""\nby = "Tomas"\nrole = "domain"\n'
        + '[[answer]]\nquestion = "missed"\nskip = "asked on Friday"\n'
    )
    assert [(a.question, a.choice, a.by, a.role) for a in made] == [
        ("legal", ("yes",), "Zuri", "owner"), ("who-gains", ("answered",), "Tomas", "domain"), ("missed", (), "Zuri", "owner"),
    ]  # fmt: skip


@pytest.mark.parametrize("head", [HEAD.replace('"toy"', '"other"'), HEAD.replace('"1"', '"2"')])
def test_answers_for_another_candidate_are_refused(head: str) -> None:
    with pytest.raises(Unusable, match="another candidate"):
        _read(head + '[[answer]]\nquestion = "legal"\nchoice = "yes"\n')


def test_every_fault_is_told_with_its_line_and_nothing_is_quoted() -> None:
    with pytest.raises(Faulty) as caught:
        _read(
            HEAD
            + '[[answer]]\nquestion = "legl"\nchoice = "yes"\n'
            + '[[answer]]\nquestion = "legal"\nchoice = "Zyxquorble"\n'
            + '[[answer]]\nquestion = "right"\nchoice = "yes"\nskip = "no time"\n'
            + '[[answer]]\nquestion = "missed"\nsays = "a"\n[[answer]]\nquestion = "missed"\nsays = "b"\n'
            + f'[[answer]]\nquestion = "own-effect"\nsays = "{"x" * 100_000}"\n'
        )
    told = str(caught.value)
    for part in (
        "did you mean 'legal'",
        "no answer to it",
        "one of the two",
        "stands twice",
        "100000 characters",
        "a.toml:5",
    ):
        assert part in told
    assert "Zyxquorble" not in told
    assert "xxx" not in told


@pytest.mark.parametrize("text", ["", "[[", HEAD, HEAD + "[[answer]]\n", HEAD + "answer = 3\n", "\x00"])
def test_what_is_no_such_file_is_told(text: str) -> None:
    with pytest.raises(Faulty):
        _read(text)


def test_the_schema_names_its_keys() -> None:
    assert '"skip"' in str(answers_schema()).replace("'", '"')

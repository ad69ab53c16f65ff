from __future__ import annotations

from pathlib import Path

import pytest

from weighbridge.adapters.cases.growing import grow
from weighbridge.adapters.door import open_candidate
from weighbridge.core.candidate import Subject
from weighbridge.core.case import Case, CaseEvidence
from weighbridge.core.errors import Unusable
from weighbridge.core.material import Gone, Text

KNOWN = CaseEvidence(says="s", source="s", on="2010")


@pytest.mark.parametrize(
    ("subject", "role", "path", "found"),
    [
        (Subject.CAUSAL_LM, "weights", "model", {"causal-lm"}),
        (Subject.CLASSIFIER, "weights", "model", {"classifier"}),
        (Subject.UNTOLD_MODEL, "weights", "model.safetensors", {"untold-model"}),
        (Subject.TABLE, "data", "data.csv", {"table", "text"}),
        (Subject.TEXT, "data", "data.txt", {"text", "unread-data"}),
        (Subject.UNREAD_DATA, "data", "data.zip", {"unread-data"}),
        (Subject.BYTES, "code", "code.py", set()),
    ],
)
def test_the_door_tells_what_is_gone(subject: Subject, role: str, path: str, found: set[str], tmp_path: Path) -> None:
    candidate = f'name = "gone"\n[[artefact]]\nrole = "{role}"\npath = "{path}"\n'
    case = Case(
        name="c", title="t", on="2010", story=("a", "b", "c"), candidate=candidate, evidence=(KNOWN,),
        gone=(Gone(path=path, subject=subject),),
    )  # fmt: skip
    grow(case, tmp_path)
    assert found <= {s.value for s in open_candidate(tmp_path).candidate.subjects}


def test_a_file_that_cannot_lie_there_is_told(tmp_path: Path) -> None:
    case = Case(
        name="c", title="t", on="2010", story=("a", "b", "c"), evidence=(KNOWN,), candidate="",
        text=(Text(path="a", says="x"), Text(path="a/b", says="y")),
    )  # fmt: skip
    with pytest.raises(Unusable, match="cannot make a/b for the case"):
        grow(case, tmp_path)


def test_a_text_is_written_word_for_word(tmp_path: Path) -> None:
    case = Case(
        name="c", title="t", on="2010", story=("a", "b", "c"), evidence=(KNOWN,),
        candidate='name = "a"\n[[artefact]]\nrole = "release-text"\npath = "r/r.md"\n',
        text=(Text(path="r/r.md", says="the best model\n"),),
    )  # fmt: skip
    grow(case, tmp_path)
    assert (tmp_path / "r" / "r.md").read_text() == "the best model\n"

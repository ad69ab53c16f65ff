from __future__ import annotations

import tomllib

import jsonschema
import pytest

from weighbridge.adapters.formats.candidate_file import belongs_by_default, candidate_schema, parse_candidate
from weighbridge.core.candidate import Belonging, Role, Said
from weighbridge.core.errors import Faulty

FULL = """
name = "c"
version = "2"
licence = "Apache-2.0"
languages = ["en", "sw"]
[triage]
harm = "no"
answered_by = "R."
[base]
name = "b"
licence = "MIT"
[plan]
weights = "gated"
[[artefact]]
role = "data"
path = "a.csv"
person = "id"
quasi_identifiers = ["age", "sex"]
[probes.unique-combinations]
max_columns = 2
"""


def test_reads_all_keys() -> None:
    made = parse_candidate(FULL, file="f")
    assert made.triage.triage.harm is Said.NO
    assert made.artefact[0].declared.quasi_identifiers == ("age", "sex")
    assert made.claims.languages == ("en", "sw")
    jsonschema.validate(tomllib.loads(FULL), candidate_schema())


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ('name = "c"\n', 0, "artefact"),
        ('name = " "\n[[artefact]]\nrole = "data"\npath = "a"\n', 1, "name"),
        ('name = "c"\n[plan]\nwieghts = "open"\n[[artefact]]\nrole = "data"\npath = "a"\n', 3, "plan.wieghts"),
        ('name = "c"\n[[artefact]]\nrole = "data"\npath = "a"\npersn = "x"\n', 5, "artefact[1].persn"),
        ('name = "c"\n[triage]\nharm = "perhaps"\n[[artefact]]\nrole = "data"\npath = "a"\n', 3, "triage.harm"),
    ],
)
def test_faults_have_their_place(text: str, line: int, key: str) -> None:
    with pytest.raises(Faulty) as caught:
        parse_candidate(text, file="f.toml")
    assert (line, key) in [(fault.line, fault.key) for fault in caught.value.faults]


def test_every_role_has_a_place() -> None:
    for role in Role:
        assert belongs_by_default(role, has_weights=True) in Belonging
    assert belongs_by_default(Role.CARD, has_weights=False) is Belonging.DATA
    assert belongs_by_default(Role.HELD_OUT, has_weights=True) is Belonging.EVIDENCE_ONLY
    assert belongs_by_default(Role.TRAIN_DATA, has_weights=True) is Belonging.TRAIN_DATA


WORTH = """
[[substitute]]
name = "grover"
cost_usd = {low = 1000, high = 20000}
[[plan]]
name = "mine"
rungs = {weights = "gated"}
proposed = true
[[plan.stage]]
name = "open"
plan = {weights = "open"}
by = "2027-01-31"
[[plan.stage.criterion]]
name = "no-harm-seen"
says = "nobody reported misuse"
"""


def test_plans_of_ones_own_stand_where_the_proposed_one_did() -> None:
    made = parse_candidate('name = "x"\n[[artefact]]\nrole = "weights"\npath = "w"\n' + WORTH, file="w.toml")
    assert made.proposed == (("weights", "gated"),)
    assert [plan.name for plan in made.worth.plans] == ["mine"]
    assert made.worth.plans[0].stages[0].name == "open"
    assert made.worth.substitutes[0].cost_usd.high == 20000


def test_faults_inside_a_plan_are_told_as_such() -> None:
    text = 'name = "x"\n[[artefact]]\nrole = "weights"\npath = "w"\n' + WORTH.replace('"gated"', '"gatd"')
    with pytest.raises(Faulty) as caught:
        parse_candidate(text, file="w.toml")
    assert "plan[1].rungs.weights" in str(caught.value)
    assert "'gated'" in str(caught.value)


def test_only_one_plan_is_proposed() -> None:
    second = '[[plan]]\nname = "other"\nrungs = {weights = "open"}\nproposed = true\n'
    with pytest.raises(Faulty, match="more than one that is proposed"):
        parse_candidate('name = "x"\n[[artefact]]\nrole = "weights"\npath = "w"\n' + WORTH + second, file="w.toml")


TAGS = """
name = "c"
languages = ["iw", "cmn-Hans", "zho_Hans", "he"]
[triage]
languages = ["eng_Latn"]
[[misuse]]
says = "fake news"
languages = ["swh"]
[[artefact]]
role = "data"
path = "a.csv"
language = "in"
"""


def test_that_there_is_no_language_can_be_said() -> None:
    made = parse_candidate(TAGS.replace('"eng_Latn"', '"ZXX"'), file="f")
    assert made.triage.languages == ("zxx",)


def test_languages_have_one_spelling() -> None:
    made = parse_candidate(TAGS, file="f")
    assert made.languages == ("he", "zh-Hans")
    assert made.triage.languages == ("en",)
    assert made.misuse[0].languages == ("sw",)
    assert made.artefact[0].language == "id"


def test_what_is_no_language_is_told_with_its_line_and_the_nearest() -> None:
    wrong = (
        TAGS.replace('"iw"', '"Swahilli"').replace('"eng_Latn"', '""').replace('"swh"', '"xx"').replace('"in"', '"zz"')
    )
    with pytest.raises(Faulty) as told:
        parse_candidate(wrong, file="f")
    assert [(fault.line, fault.key) for fault in told.value.faults] == [
        (3, "languages"), (5, "triage.languages"), (8, "misuse.0.languages"), (12, "artefact.0.language"),
    ]  # fmt: skip
    assert "did you mean sw" in str(told.value)

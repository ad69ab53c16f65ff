from __future__ import annotations

import json
from pathlib import Path

import jsonschema

from conftest import Weighbridge
from weighbridge.core.weighing import document_schema


def test_prints_one_document_that_fits_its_schema(weighbridge: Weighbridge, people: Path) -> None:
    code, out, err = weighbridge("weigh", people, "--format", "json")
    assert (code, err) == (0, "")
    made = json.loads(out)
    jsonschema.validate(made, document_schema())
    assert list(made) == sorted(made)
    assert set(made) == {"candidate", "evidence", "findings", "recommendation", "next"}
    by_probe = {e["probe"]: e["outcome"] for e in made["evidence"]}
    assert by_probe["artefact-safety"] == "measured"
    assert by_probe["unique-combinations"] == "measured"
    assert by_probe["verbatim-extraction"] == "not-applicable"
    assert "open" not in made["recommendation"]["components"]["data"]["ceiling"]


def test_tells_people_the_answer_first(weighbridge: Weighbridge, people: Path) -> None:
    code, out, _err = weighbridge("weigh", people)
    assert code == 0
    assert out.index("Limits") < out.index("Measured")
    assert "weighbridge report" in out


def test_weighs_one_data_file(weighbridge: Weighbridge, people: Path) -> None:
    code, out, _err = weighbridge("weigh", people / "register.csv", "--format", "json")
    assert code == 0
    assert json.loads(out)["candidate"]["name"] == "register"


def test_runs_one_probe_with_its_settings(weighbridge: Weighbridge, people: Path) -> None:
    code, out, _err = weighbridge(
        "weigh",
        people,
        "--probe",
        "unique-combinations",
        "--set",
        "unique-combinations.max_columns=2",
        "--format",
        "json",
    )
    assert code == 0
    (evidence,) = json.loads(out)["evidence"]
    assert evidence["settings"]["max_columns"] == 2
    assert "3" not in {q["by"].get("columns") for q in evidence["quantities"]}


def test_says_the_same_again(weighbridge: Weighbridge, people: Path) -> None:
    first = weighbridge("weigh", people, "--format", "json")
    assert weighbridge("weigh", people, "--format", "json") == first


def test_wrong_words_are_told(weighbridge: Weighbridge, people: Path) -> None:
    assert weighbridge("weigh")[0] == 2
    code, _out, err = weighbridge("weigh", people / "none")
    assert (code, "there is no such file" in err) == (2, True)
    code, _out, err = weighbridge("weigh", people, "--probe", "unique-combination")
    assert (code, "did you mean 'unique-combinations'?" in err) == (2, True)
    code, _out, err = weighbridge("weigh", people, "--set", "unique-combinations.k=x")
    assert (code, "whole number" in err) == (2, True)


def test_reveals_places_only_when_asked_and_never_in_the_document(weighbridge: Weighbridge, tmp_path: Path) -> None:
    folder = tmp_path / "c"
    folder.mkdir()
    (folder / "notes.md").write_text("# notes\n\naws_access_key_id = AKIA" + "IOSFODNN7EXAMPLQ\n")
    code, out, err = weighbridge("weigh", folder, "--format", "json")
    assert (code, "record 3" in out + err) == (0, False)
    code, again, err = weighbridge("weigh", folder, "--format", "json", "--reveal")
    assert (code, again) == (0, out)
    assert "notes.md" in err
    assert "AKIA" not in out + err


def test_data_on_languages_that_are_not_there_are_told(weighbridge: Weighbridge, people: Path, tmp_path: Path) -> None:
    code, _out, err = weighbridge("weigh", people, "--language-data", tmp_path / "none")
    assert code == 2
    assert "there is no such folder" in err
    assert "--language-data DIR" in err

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from conftest import Weighbridge
from weighbridge.adapters.formats.price_shelf import shipped_prices
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


def test_prices_are_of_the_day_that_is_named(weighbridge: Weighbridge, people: Path, tmp_path: Path) -> None:
    declared = (
        'name = "p"\n[[artefact]]\nrole = "data"\npath = "register.csv"\n[replication.data]\nobtaining = "obtainable"\n'
        "usd = { low = 1e4, high = 1e6 }\n"
    )
    (people / "weighbridge.toml").write_text(declared)
    words = ("weigh", people, "--probe", "replication-cost", "--format", "json")

    def weighed(*more: object) -> tuple[dict[str, object], dict[tuple[str, str], float]]:
        code, out, err = weighbridge(*words, *more)
        assert (code, err) == (0, "")
        (evidence,) = json.loads(out)["evidence"]
        return evidence, {(q["metric"], q["by"].get("scenario", "")): q["value"] for q in evidence["quantities"]}

    evidence, costs = weighed("--as-of", "2022-05-01")
    assert costs["data-usd", ""] == pytest.approx(1e5, rel=0.1)
    assert costs["cost-usd", "paid"] == costs["cost-usd", "subsidised"] > costs["data-usd", ""]
    assert evidence == weighed("--as-of", "2022-05-01")[0]
    assert evidence["digest"] != weighed("--as-of", "2023-05-01")[0]["digest"]
    own = tmp_path / "own.toml"
    own.write_text(shipped_prices().replace("low = 4000.0, high = 18000.0", "low = 4e6, high = 18e6"))
    assert weighed("--as-of", "2022-05-01", "--prices", own)[1]["cost-usd", "paid"] > 100 * costs["cost-usd", "paid"]
    assert weighbridge(*words, "--as-of", "spring")[0] == 2
    assert weighbridge(*words, "--prices", people / "register.csv")[0] == 2


def test_data_on_languages_that_are_not_there_are_told(weighbridge: Weighbridge, people: Path, tmp_path: Path) -> None:
    code, _out, err = weighbridge("weigh", people, "--language-data", tmp_path / "none")
    assert code == 2
    assert "there is no such folder" in err
    assert "--language-data DIR" in err


def test_a_path_or_a_table_is_named_and_not_both(weighbridge: Weighbridge, people: Path) -> None:
    for words, says in (
        ((people, "--table", "duckdb:///x/t"), "either a PATH or a table"),
        (("--table", "duckdb:///x/t", "--engine", "local[2]"), "counted by its database"),
        ((people, "--declare", "person=age"), "--declare is for --table"),
        (("--table", "duckdb:///none.duckdb/t", "--declare", "persons=age"), "person"),
        (("--table", "mysql://ann:s3cret@host/db/t"), "postgres://USER@HOST"),
    ):
        code, _out, err = weighbridge("weigh", *words)
        assert (code, says in err) == (2, True), err
        assert "s3cret" not in err


def test_an_engine_that_is_none_is_told_before_anything_is_measured(weighbridge: Weighbridge, people: Path) -> None:
    code, out, err = weighbridge("weigh", people, "--engine", "yarn")
    assert (code, out) == (2, "")
    assert "spark://HOST:PORT" in err


def test_the_default_engine_has_a_name(weighbridge: Weighbridge, people: Path) -> None:
    assert weighbridge("weigh", people, "--engine", "local", "--format", "json") == weighbridge(
        "weigh", people, "--format", "json"
    )

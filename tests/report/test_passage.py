from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import weighbridge
from weighbridge.core.candidate import Component
from weighbridge.core.passage import Check, Destination, Passage, Result
from weighbridge.core.wording import phrase
from weighbridge.report.passage import STYLES, render_passage

SCHEMA = Path(os.environ.get("WEIGHBRIDGE_SARIF_SCHEMA", Path(__file__).parents[2] / ".tools" / "sarif-2.1.0.json"))
GOOD = Check(name="bytes", result=Result.PASSES, says=phrase("all 3 files are those that were decided on"))
BAD = Check(
    name="extra", result=Result.REFUSED, says=phrase("{label} lies there", label="a\n::error::%b\u202e"),
    fix=phrase("take it out: weighbridge weigh DIR"),
)  # fmt: skip
LATER = Check(name="signatures", result=Result.UNSETTLED, says=phrase("nobody has signed"), fix=phrase("sign it"))


def _passage(*checks: Check) -> Passage:
    return Passage(
        candidate="c", decision=None, destination=Destination.PUBLIC, components=(Component.WEIGHTS,), checks=checks
    )


def test_the_table_tells_what_fails_with_its_fix_and_all_of_it_on_demand() -> None:
    short = render_passage(_passage(GOOD, BAD), style="table", path="my model")
    assert "c may not go to public" in short
    assert "take it out: weighbridge weigh 'my model'" in short
    assert "bytes:" not in short
    assert "bytes: All 3 files" in render_passage(_passage(GOOD, BAD), style="table", explain=True)


@pytest.mark.parametrize(
    ("checks", "says"),
    [((GOOD,), "may go"), ((LATER,), "may not go to public yet"), ((), "yet"),
     ((Check(name="l", result=Result.BROKEN, says=phrase("-")),), "cannot be believed")],
)  # fmt: skip
def test_the_first_line_is_the_answer(checks: tuple[Check, ...], says: str) -> None:
    assert says in render_passage(_passage(*checks), style="table").splitlines()[0]


def test_json_is_whole_and_in_english() -> None:
    told = json.loads(render_passage(_passage(GOOD, BAD), style="json"))
    assert (told["result"], told["destination"], told["components"]) == ("refused", "public", ["weights"])
    assert [check["name"] for check in told["checks"]] == ["bytes", "extra"]
    assert told["checks"][0]["fix"] is None


def test_github_gets_one_line_for_each_and_none_can_be_smuggled_in() -> None:
    lines = render_passage(_passage(GOOD, BAD, LATER), style="github").splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::error", "::warning"]
    assert "%25b" in lines[0]
    assert "\u202e" not in lines[0]


def test_sarif_has_a_rule_for_each_check_and_a_result_for_each_that_fails() -> None:
    told = json.loads(render_passage(_passage(GOOD, BAD, LATER), style="sarif"))
    (run,) = told["runs"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["gate/bytes", "gate/extra", "gate/signatures"]
    assert [(r["ruleId"], r["ruleIndex"], r["level"]) for r in run["results"]] == [
        ("gate/extra", 1, "error"),
        ("gate/signatures", 2, "warning"),
    ]
    assert run["invocations"][0]["exitCode"] == 1


@pytest.mark.parametrize("style", STYLES)
def test_nothing_that_hides_is_shown(style: str) -> None:
    told = render_passage(_passage(BAD), style=style, explain=True)
    assert "\u202e" not in told or style == "json"


def _closed(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "additionalProperties": False, "properties": properties}


TEXT = _closed(["text"], text={"type": "string", "minLength": 1, "maxLength": 1024})
PLACE = _closed(
    ["artifactLocation", "region"],
    artifactLocation=_closed(["uri"], uri={"type": "string", "pattern": "^[A-Za-z0-9._/-]+$"}),
    region=_closed(
        ["startLine", "startColumn", "endLine", "endColumn"],
        **{name: {"type": "integer", "minimum": 1} for name in ("startLine", "startColumn", "endLine", "endColumn")},
    ),
)
# Our own reading of OASIS' SARIF 2.1.0, narrower than its schema: only what we write, and nothing beside it. What is
# required here is what GitHub's page "SARIF support for code scanning" marks as required, and its limits of length.
SARIF = _closed(
    ["$schema", "version", "runs"],
    **{"$schema": {"type": "string", "pattern": "^https://"}},
    version={"const": "2.1.0"},
    runs={
        "type": "array", "minItems": 1,
        "items": _closed(
            ["tool", "results"],
            tool=_closed(["driver"], driver=_closed(
                ["name", "rules"], name={"type": "string"},
                rules={"type": "array", "uniqueItems": True, "items": _closed(
                    ["id", "shortDescription", "fullDescription", "help"], id={"type": "string", "maxLength": 255},
                    shortDescription=TEXT, fullDescription=TEXT, help=TEXT)})),
            results={"type": "array", "items": _closed(
                ["ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints"],
                partialFingerprints=_closed(
                    ["primaryLocationLineHash"], primaryLocationLineHash={"type": "string", "pattern": "^[0-9a-f]{16}$"}),
                ruleId={"type": "string"}, ruleIndex={"type": "integer", "minimum": 0},
                level={"enum": ["note", "warning", "error"]}, message=TEXT,
                locations={"type": "array", "minItems": 1, "maxItems": 10, "items": _closed(["physicalLocation"], physicalLocation=PLACE)})},
            invocations={"type": "array", "items": _closed(
                ["executionSuccessful"], executionSuccessful={"type": "boolean"}, exitCode={"type": "integer"})},
        ),
    },
)  # fmt: skip


@pytest.mark.parametrize("checks", [(), (GOOD,), (BAD,), (GOOD, BAD, LATER)])
def test_sarif_is_as_the_standard_has_it(checks: tuple[Check, ...]) -> None:
    told = json.loads(render_passage(_passage(*checks), style="sarif", path="my model"))
    jsonschema.validate(told, SARIF)
    (run,) = told["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in run["results"])
    told["runs"][0]["results"].append({})
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(told, SARIF)


@pytest.mark.slow  # the schema is fetched as axe-core is
@pytest.mark.parametrize("checks", [(), (GOOD,), (BAD,), (GOOD, BAD, LATER)])
def test_sarif_is_valid_by_the_published_schema(checks: tuple[Check, ...]) -> None:
    if not SCHEMA.is_file():
        pytest.skip(f"no schema of SARIF at {SCHEMA}: make .tools/sarif-2.1.0.json, or set WEIGHBRIDGE_SARIF_SCHEMA")
    schema = json.loads(SCHEMA.read_text())
    validator = jsonschema.validators.validator_for(schema)
    assert "2.1.0" in schema["title"]
    told = json.loads(render_passage(_passage(*checks), style="sarif", path="my model"))
    validator(schema, format_checker=validator.FORMAT_CHECKER).validate(told)
    wrongs: tuple[dict[str, Any], ...] = ({"version": "2.0.0"}, {"runs": [{}]}, {"beside": 1})
    for wrong in wrongs:
        with pytest.raises(jsonschema.ValidationError):
            validator(schema).validate({**told, **wrong})


def test_the_same_thing_said_is_one_alert_in_every_run() -> None:
    def fingerprints(*checks: Check) -> list[str]:
        (run,) = json.loads(render_passage(_passage(*checks), style="sarif"))["runs"]
        return [result["partialFingerprints"]["primaryLocationLineHash"] for result in run["results"]]

    assert fingerprints(BAD, LATER)[1:] == fingerprints(GOOD, LATER)
    assert len(set(fingerprints(BAD, LATER))) == 2


def test_each_kind_of_check_says_what_it_looks_at() -> None:
    source = Path(weighbridge.__file__).parent
    text = "".join(
        (source / "app" / name).read_text() for name in ("gate.py", "hold.py", "compare.py", "check_bundles.py")
    )
    named = set(re.findall(r'\b_?(?:refused|unsettled|passes)\(\s*"([a-z]+)"', text)) | set(
        re.findall(r'\bname="([a-z]+)"', text)
    )
    assert {"bytes", "signatures", "triggers"} < named
    for name in (*named, "bundle", "stops"):
        check = Check(name=name, result=Result.REFUSED, says=phrase("-"), fix=phrase("-"))
        (rule,) = json.loads(render_passage(_passage(check), style="sarif"))["runs"][0]["tool"]["driver"]["rules"]
        assert "check" not in rule["fullDescription"]["text"]


def test_one_check_is_one_check() -> None:
    assert "1 check passes;" in render_passage(_passage(GOOD), style="table")
    assert "2 checks pass;" in render_passage(_passage(GOOD, GOOD), style="table")

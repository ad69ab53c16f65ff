from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from conftest import Weighbridge
from weighbridge.core.tradeoffs import comparison_schema

FACTS = """
[replication]
parameters = 1.5e9
tokens = 1e10
epochs = 4
public = ["paper"]
[replication.data]
obtaining = "obtainable"
usd = {low = 500, high = 5000}
"""


@pytest.fixture
def released(weighbridge: Weighbridge, tmp_path: Path) -> Path:
    """A folder with something that calls itself a model, a paper and code, weighed for safety alone."""
    folder = tmp_path / "gpt"
    folder.mkdir()
    (folder / "model.gguf").write_bytes(b"GGUF" + bytes(60))
    (folder / "paper.pdf").write_bytes(b"%PDF-1.4\n%%EOF\n")
    (folder / "train.py").write_text("print('train')\n")
    (folder / "weighbridge.toml").write_text(
        'name = "gpt"\nlanguages = ["en"]\n'
        + "".join(f'[[artefact]]\nrole = "{r}"\npath = "{p}"\n' for r, p in (("weights", "model.gguf"), ("paper", "paper.pdf"), ("code", "train.py")))
        + '[triage]\nabout_people = "no"\nprivate = "no"\nharm = "yes"\ngenerates = "yes"\nidentifies = "no"\nlanguages = ["en"]\n'
        + FACTS
    )  # fmt: skip
    assert weighbridge("weigh", folder, "--probe", "artefact-safety")[0] == 0
    return folder


def test_people_read_the_answer_the_risk_and_what_each_trades(weighbridge: Weighbridge, released: Path) -> None:
    code, out, err = weighbridge("plans", released, "--as-of", "2019-02-14")
    assert (code, err) == (0, "")
    for words in ("Of the plans in the running", "The risk, said from the figures", "In the running", "Out",
                  "What would change the answer", "Lone trolls deterred", "Delay bought"):  # fmt: skip
        assert words in out


def test_programs_read_one_document_that_fits_its_schema(weighbridge: Weighbridge, released: Path) -> None:
    code, out, _err = weighbridge("plans", released, "--format", "json")
    assert code == 0
    jsonschema.validate(json.loads(out), comparison_schema())


def test_the_statement_alone_fits_a_decision(weighbridge: Weighbridge, released: Path) -> None:
    code, out, _err = weighbridge("plans", released, "--statement")
    held = tomllib.loads(out)["statement"]
    assert code == 0
    assert "withholding deters most lone trolls" in held["says"] or "the plan" in held["says"]
    assert held["figures"].startswith("sha256:")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (("--plan", "gatd"), "did you mean 'gated'?"),
        (("--as-of", "soon"), "it is no day"),
        (("--actors", "none.toml"), "cannot read"),
        (("--prices", "none.toml"), "none.toml"),
    ],
)
def test_what_cannot_be_used_is_told(weighbridge: Weighbridge, released: Path, given: Any, says: Any) -> None:
    code, _out, err = weighbridge("plans", released, *given)
    assert code == 2
    assert says in err


def test_a_day_before_all_prices_makes_it_not_known(weighbridge: Weighbridge, released: Path) -> None:
    code, out, _err = weighbridge("plans", released, "--as-of", "1999-01-01")
    assert code == 0
    assert "No plan is recommended yet" in out
    assert "before the first price" in out


def test_what_was_never_weighed_is_not_settled(weighbridge: Weighbridge, people: Path) -> None:
    assert weighbridge("plans", people)[0] == 3


def test_the_report_has_the_section_and_the_document_beside_it(weighbridge: Weighbridge, released: Path) -> None:
    page = Path(weighbridge("report", released)[1].strip())
    assert 'id="plans"' in page.read_text(encoding="utf-8")
    jsonschema.validate(json.loads((page.parent / "plans.json").read_text(encoding="utf-8")), comparison_schema())


def test_a_draft_and_its_statement_speak_of_one_plan_and_of_another_once_that_is_changed(
    weighbridge: Weighbridge, released: Path, tmp_path: Path
) -> None:
    plain = weighbridge("decide", released, "--draft")[1]
    draft = weighbridge("decide", released, "--draft", "--plan", "staged-by-time")[1]
    for text in (plain, draft):
        held = tomllib.loads(text)
        assert dict(held["statement"].get("plan", held["plan"])) == held["plan"]
        assert [s["by"] for s in held["statement"].get("stages", [])] == [s["by"] for s in held.get("stage", [])]
    file = tmp_path / "decision.toml"
    file.write_text(draft.replace('weights = "gated"', 'weights = "partners"', 1))
    code, out, err = weighbridge("plans", released, "--statement", "--decision", file)
    assert code == 0, err
    held = tomllib.loads(out)["statement"]
    assert held["plan"]["weights"] == "partners"
    assert "decided-here" in held["says"]
    assert held["stages"][0]["plan"] == {"weights": "licensed"}

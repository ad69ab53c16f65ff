from __future__ import annotations

import json
from pathlib import Path

import pytest

from conftest import Weighbridge

ASSETS = Path(__file__).parents[1] / "assets" / "imports"
FORTY = ASSETS / "garak-0.17.1-forty.report.jsonl"
FIVE = ASSETS / "sacro-ml-2.0.1-five-attacks.report.json"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A model that nothing can open, so that a weighing takes no time."""
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "weighbridge.toml").write_text('name = "m"\n[[artefact]]\nrole = "weights"\npath = "m.gguf"\n')
    (folder / "m.gguf").write_bytes(b"GGUF" + bytes(64))
    return folder


def test_a_report_is_taken_in_judged_and_shown_as_imported(
    weighbridge: Weighbridge, model: Path, tmp_path: Path
) -> None:
    code, out, err = weighbridge("import-report", model, FORTY, "--as", "security")
    assert code == 0, err
    assert "imported as imported-garak" in out
    assert "none of 40 answers; the true figure may be up to 8.9 in 100" in out
    assert "as people told it, not measured" in out
    code, out, _err = weighbridge("import-report", model, FORTY, "--as", "owner", "--tool", "garak")
    assert code == 0
    assert "was imported before" in out
    assert weighbridge("import-report", model, FIVE, "--as", "security")[0] == 0
    code, out, err = weighbridge("weigh", model, "--format", "json")
    assert code == 0, err
    rows = {row["probe"]: row for row in json.loads(out)["evidence"]}
    assert [slug for slug, row in rows.items() if row["imported"]] == ["imported-garak", "imported-sacro-ml"]
    assert {q["basis"] for q in rows["imported-garak"]["quantities"]} == {"testified"}
    assert not rows["artefact-safety"]["imported"]
    assert weighbridge("weigh", model)[1].count("read from another tool's report") == 2

    assert weighbridge("report", model, "-o", tmp_path / "out")[0] == 0
    page, short = ((tmp_path / "out" / f"report.{ending}").read_text() for ending in ("html", "md"))
    for text in (page, short):
        assert "Imported: what garak found" in text
        assert "read from another tool" in text
    assert "import-report" in page
    assert "--probe imported-" not in page + short


def test_after_a_weighing_it_counts_with_the_next_recommendation(weighbridge: Weighbridge, model: Path) -> None:
    assert weighbridge("weigh", model)[0] == 0
    code, out, _err = weighbridge("import-report", model, FORTY, "--as", "security", "--format", "json")
    assert code == 0
    made = json.loads(out)
    assert (made["probe"], made["imported"]) == ("imported-garak", True)
    told = json.loads(weighbridge("recommend", model, "--format", "json")[1])
    assert made["digest"] in [row["digest"] for row in told["evidence"]]


def test_a_policy_of_ones_own_may_watch_it_and_is_limited_and_never_cleared_by_it(
    weighbridge: Weighbridge, model: Path, tmp_path: Path
) -> None:
    rule = (
        '\n[[rule]]\nslug = "few-hits"\nsays = "garak found too many"\nbecause = "b"\nsource = "s"\nours = true\n'
        'effect = "stop"\nforbids = ["open"]\ncomponent = "weights"\nremedy = "mend the model"\n'
        'watch = { probe = "imported-garak", metric = "highest-hit-share" }\nsafe = { at_most = 0.1 }\n'
    )
    policy = tmp_path / "mine.toml"
    policy.write_text(weighbridge("policy", "show")[1].replace('name = "open-release"', 'name = "mine"') + rule)
    code, out, err = weighbridge("policy", "check", policy)
    assert code == 0, err
    assert "a report of another" in next(line for line in out.splitlines() if "few-hits" in line)

    def found() -> dict[str, str]:
        told = json.loads(weighbridge("recommend", model, "--policy", policy, "--format", "json")[1])
        (finding,) = [row for row in told["findings"] if row["rule"] == "few-hits"]
        return {key: finding[key] for key in ("verdict", "says", "remedy")}

    assert weighbridge("weigh", model)[0] == 0
    assert found()["remedy"] == "run that tool on these files, then: weighbridge import-report DIR FILE --as ROLE"
    weighbridge("import-report", model, FORTY, "--as", "security")
    clean = found()
    assert clean["verdict"] == "open"
    assert "never clear" in clean["says"]
    weighbridge("import-report", model, ASSETS / "garak-0.17.1-three-probes.report.jsonl", "--as", "security")
    assert found()["verdict"] == "breached"


def test_what_cannot_be_imported_is_refused_and_seals_nothing(
    weighbridge: Weighbridge, model: Path, tmp_path: Path
) -> None:
    (tmp_path / "x.json").write_text('{"results": "Ilse Marker"}')
    (tmp_path / "cut.jsonl").write_bytes(FORTY.read_bytes()[:-200])
    for file in (tmp_path / "x.json", tmp_path / "cut.jsonl", FIVE.with_name("README.md")):
        code, out, err = weighbridge("import-report", model, file, "--as", "owner")
        assert (code, out) == (2, "")
        assert "cannot import" in err
        assert "Marker" not in err
    assert weighbridge("import-report", model, tmp_path / "none", "--as", "owner")[0] == 74
    assert weighbridge("import-report", model, FORTY)[0] == 2
    data = tmp_path / "data"
    data.mkdir()
    (data / "t.csv").write_text("a,b\n1,2\n")
    code, _out, err = weighbridge("import-report", data, FORTY, "--as", "owner")
    assert code == 2
    assert "the candidate holds none" in err
    assert "m" not in weighbridge("ledger", "show")[1].split()

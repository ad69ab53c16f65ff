from __future__ import annotations

import json
from pathlib import Path

import pytest

from conftest import Weighbridge

pytest.importorskip("language_data", reason="figures of speakers are an extra")

TOML = """
name = "notes"
version = "1"
languages = ["sw", "zh-Hant"]

[[artefact]]
role = "data"
path = "notes.jsonl"
text_field = "text"
language = "en"
"""


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    lines = [json.dumps({"text": f"The road to the village is open again since {n} days."}) for n in range(60)]
    (folder / "notes.jsonl").write_text("\n".join(lines))
    (folder / "weighbridge.toml").write_text(TOML)
    return folder


def test_the_table_follows_from_what_was_sealed(weighbridge: Weighbridge, notes: Path) -> None:
    assert weighbridge("languages", notes)[0] == 3  # not weighed yet
    assert weighbridge("weigh", notes, "--probe", "language-coverage")[0] == 0
    code, out, err = weighbridge("languages", notes)
    assert (code, err) == (0, "")
    assert "Countermeasures were tested in 0 of" in out
    assert "Swahili (sw)" in out
    code, out, _err = weighbridge("languages", notes, "--format", "json")
    assert code == 0
    rows = {row["tag"]: row for row in json.loads(out)["rows"]}
    assert {"sw", "zh"} <= set(rows)
    assert rows["sw"]["countermeasure"]["state"] == "not tested"
    assert rows["sw"]["speakers"]["CLDR"] > 1_000_000


def test_a_candidate_in_no_language_says_what_to_do(weighbridge: Weighbridge, people: Path) -> None:
    weighbridge("weigh", people)
    code, out, _err = weighbridge("languages", people)
    assert code == 0
    assert f"weighbridge weigh {people}" in out
    assert json.loads(weighbridge("languages", people, "--format", "json")[1]) is None

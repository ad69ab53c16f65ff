"""A model that its publisher signed with model-signing, from the folder through the gate."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import pytest

from conftest import Weighbridge
from yards import DECISION, WORDS, in_days, peopled

ASSETS = Path(__file__).parents[1] / "assets" / "bundles"
DESCRIBED = (
    'name = "signed"\n[triage]\nabout_people = "no"\nprivate = "no"\nharm = "no"\ngenerates = "no"\nidentifies = "no"\n'
    'languages = ["en"]\n[[artefact]]\nrole = "weights"\npath = "."\n'
)


@pytest.fixture
def folder(weighbridge: Weighbridge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WEIGHBRIDGE_PASSPHRASE", WORDS)
    made = tmp_path / "signed"
    shutil.copytree(ASSETS / "model", made)
    (made / "weighbridge.toml").write_text(DESCRIBED)
    peopled(weighbridge, "prep", "owner")
    return made


def _gated(weighbridge: Weighbridge, folder: Path, kind: str) -> tuple[int, dict[str, dict[str, str]]]:
    """Decide on the folder with this bundle in it, sign, and ask the gate for partners."""
    shutil.copy(ASSETS / f"{kind}.sig", folder / "model.sig")
    assert weighbridge("weigh", folder, "--probe", "artefact-safety")[0] == 0
    file = folder.parent / "decision.toml"
    file.write_text(f'expires = "{in_days(30)}"\n{DECISION.replace("data", "weights").replace("open", "partners")}')
    assert weighbridge("decide", folder, "--file", file, "--by", "prep")[0] == 0
    assert weighbridge("sign", folder, "--role", "owner", "--key", "owner")[0] == 0
    return _again(weighbridge, folder)


def _again(weighbridge: Weighbridge, folder: Path) -> tuple[int, dict[str, dict[str, str]]]:
    code, out, err = weighbridge("gate", folder, "--to", "partners", "--leave-evidence", "--format", "json")
    assert out, err
    return code, {check["name"]: check for check in json.loads(out)["checks"]}


def test_a_known_publishers_bundle_passes_and_an_unknown_ones_waits(weighbridge: Weighbridge, folder: Path) -> None:
    code, checks = _gated(weighbridge, folder, "p256")
    assert (code, checks["bundle"]["result"]) == (3, "unsettled")
    assert "weighbridge keys publisher add" in checks["bundle"]["fix"]
    assert weighbridge("keys", "publisher", "add", "Toys", ASSETS / "p256.pub")[0] == 0
    code, checks = _again(weighbridge, folder)
    assert (code, checks["bundle"]["result"]) == (0, "passes")
    assert weighbridge("keys", "publisher", "list")[1].startswith("0d08241d383bed11  Toys")
    assert weighbridge("keys", "publisher", "revoke", "Toys", "--because", "lost")[0] == 0
    code, checks = _again(weighbridge, folder)
    assert (code, checks["bundle"]["result"]) == (1, "refused")


def test_a_bundle_that_a_later_stage_lets_leave_is_checked(
    weighbridge: Weighbridge, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What leaves is what the open stages give, and not the plan of the first day."""
    (folder / "model.sig").write_text("no bundle at all")
    assert weighbridge("weigh", folder, "--probe", "artefact-safety")[0] == 0
    file = folder.parent / "decision.toml"
    plan = DECISION.replace("data", "weights").replace("open", "withheld")
    stage = (
        f'[[stage]]\nname = "later"\nby = "{in_days(9)}"\nplan.weights = "partners"\n'
        '[[stage.criterion]]\nname = "told"\nsays = "It was seen."\n'
    )
    file.write_text(f'expires = "{in_days(30)}"\n{plan}{stage}')
    assert weighbridge("decide", folder, "--file", file, "--by", "prep")[0] == 0
    assert weighbridge("sign", folder, "--role", "owner", "--key", "owner")[0] == 0
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"I saw it."), encoding="utf-8"))
    assert weighbridge(
        "stages", "advance", folder, "--stage", "later", "--key", "owner", "--testify", "told"
    )[0] == 0  # fmt: skip
    code, checks = _again(weighbridge, folder)
    assert (code, checks["bundle"]["result"]) == (3, "unsettled")


def test_a_certificate_is_never_told_as_valid(weighbridge: Weighbridge, folder: Path) -> None:
    code, checks = _gated(weighbridge, folder, "certificate")
    assert (code, checks["bundle"]["result"]) == (3, "unsettled")
    assert "nobody can check that offline" in checks["bundle"]["says"]


def test_a_bundle_over_other_files_is_refused_and_names_one(weighbridge: Weighbridge, folder: Path) -> None:
    (folder / "weights.bin").write_text("other weights of a toy\n")
    (folder / "beside.txt").write_text("nobody signed this\n")
    code, checks = _gated(weighbridge, folder, "p384")
    assert (code, checks["bundle"]["result"]) == (1, "refused")
    assert "lists weights.bin with another digest" in checks["bundle"]["says"]
    assert checks["bytes"]["result"] == "passes"  # they are the bytes that were decided on


def test_without_a_bundle_nothing_is_said_of_one(weighbridge: Weighbridge, folder: Path) -> None:
    _gated(weighbridge, folder, "p256")
    (folder / "model.sig").unlink()
    assert "bundle" not in _again(weighbridge, folder)[1]


def test_a_key_that_is_none_of_a_publisher_is_refused(weighbridge: Weighbridge, tmp_path: Path) -> None:
    code, _out, err = weighbridge("keys", "publisher", "add", "Toys", ASSETS / "p256.sig")
    assert code == 2
    assert "P-256" in err
    assert weighbridge("keys", "publisher", "revoke", "nobody")[0] == 2

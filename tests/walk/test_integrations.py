"""What people put into their own pipelines, run as it would be run there."""

from __future__ import annotations

import importlib
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from fakes.decided import Decided, make_decided

ROOT = Path(__file__).parents[2]
yaml: Any = importlib.import_module("yaml")  # comes with huggingface_hub, and has no types
ACTION = yaml.safe_load((ROOT / "integrations" / "github-action" / "action.yml").read_text())
(HOOK,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
GUIDE = (ROOT / "docs" / "how-to-ci.md").read_text()


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Decided:
    return make_decided(tmp_path_factory.mktemp("decided"))


@pytest.fixture
def made(original: Decided, tmp_path: Path) -> Decided:
    return original.copied(tmp_path)


def _bin(folder: Path) -> Path:
    """A place for commands: ours, and a python whose pip only says what it was asked for."""
    at = folder / "bin"
    at.mkdir()
    (at / "weighbridge").symlink_to(Path(sys.executable).parent / "weighbridge")
    (at / "python").write_text(f'#!/bin/sh\necho "$@" >> {shlex.quote(str(folder / "installed"))}\n')
    (at / "python").chmod(0o755)
    return at


def _runs(made: Decided, folder: Path, **inputs: str) -> tuple[int, str]:
    """Every step of the action that is a command, until one fails; exit code and what was printed."""
    given = {name: str(told.get("default", "")) for name, told in ACTION["inputs"].items()}
    given |= {"path": str(made.path), "to": "public", "home": str(made.home), "leave-evidence": "true"}
    given |= {name.replace("_", "-"): text for name, text in inputs.items()}
    out = ""
    for step in ACTION["runs"]["steps"]:
        if "run" not in step or (step.get("if") == "inputs.package != ''" and not given["package"]):
            continue
        assert "${{" not in step["run"]  # an input must not become a part of the script
        told = {k: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda m: given[m[1]], v) for k, v in step["env"].items()}
        environment = {**os.environ, **told, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}"}
        # As GitHub runs bash: --noprofile --norc -eo pipefail.
        words = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        out += done.stdout + done.stderr
        if done.returncode:
            return done.returncode, out
    return 0, out


def test_the_action_is_whole() -> None:
    assert ACTION["runs"]["using"] == "composite"
    for step in ACTION["runs"]["steps"]:
        assert ("run" in step) != ("uses" in step)
        assert "shell" in step or "uses" in step
    used = set(re.findall(r"inputs\.([\w-]+)", (ROOT / "integrations" / "github-action" / "action.yml").read_text()))
    assert used == set(ACTION["inputs"])


@pytest.mark.slow
def test_the_action_lets_through_what_was_decided(made: Decided, tmp_path: Path) -> None:
    _bin(tmp_path)
    code, out = _runs(made, tmp_path)
    assert (code, out.strip()) == (0, "")
    assert (tmp_path / "installed").read_text().split()[-1] == "weighbridge"
    assert json.loads((tmp_path / "weighbridge.sarif").read_text())["runs"][0]["results"] == []


@pytest.mark.slow
def test_the_action_refuses_other_bytes_where_people_look(made: Decided, tmp_path: Path) -> None:
    _bin(tmp_path)
    (made.path / "boxes.csv").write_text("other")
    code, out = _runs(made, tmp_path, component="data", package="")
    assert code == 1
    assert "::error title=weighbridge gate bytes::" in out
    assert not (tmp_path / "installed").exists()
    results = json.loads((tmp_path / "weighbridge.sarif").read_text())["runs"][0]["results"]
    assert "gate/bytes" in {result["ruleId"] for result in results}


@pytest.mark.slow
def test_the_action_says_so_when_it_cannot_look(made: Decided, tmp_path: Path) -> None:
    _bin(tmp_path)
    code, _out = _runs(made, tmp_path, path=str(tmp_path / "none; touch pwned"))
    assert code == 2
    assert not (tmp_path / "weighbridge.sarif").exists()
    assert not (tmp_path / "pwned").exists()


def _git(at: Path, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    told = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "PRE_COMMIT"))}
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    return subprocess.run(
        ["git", *who, *words],  # noqa: S607  found on the path
        cwd=at, check=check, capture_output=True, text=True,
        env={**told, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0"},
    )  # fmt: skip


@pytest.mark.slow
def test_the_hook_holds_a_push_up(made: Decided, tmp_path: Path) -> None:
    """Called by git itself before a push, with the words that pre-commit would use: entry, then args."""
    top = tmp_path / "repository"
    top.mkdir()
    made.path.rename(top / "boxes")
    _git(top, "init", "-q", "-b", "main")
    _git(tmp_path, "init", "-q", "--bare", "remote")
    _git(top, "remote", "add", "origin", str(tmp_path / "remote"))
    assert HOOK["stages"] == ["pre-push"]
    assert HOOK["pass_filenames"] is False
    entry = shlex.split(HOOK["entry"])
    assert entry[0] == "python"
    words = [sys.executable, *entry[1:], "boxes", "--to", "public", "--leave-evidence", "--home", str(made.home)]
    hook = top / ".git" / "hooks" / "pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\nexec {shlex.join(words)}\n")
    hook.chmod(0o755)
    _git(top, "add", "-A")
    _git(top, "commit", "-q", "-m", "all of it")
    _git(top, "push", "-q", "origin", "main")
    assert _git(tmp_path / "remote", "rev-parse", "main").stdout == _git(top, "rev-parse", "HEAD").stdout
    (top / "boxes" / "boxes.csv").write_text("other")
    _git(top, "commit", "-q", "-a", "-m", "other bytes")
    refused = _git(top, "push", "-q", "origin", "main", check=False)
    assert refused.returncode != 0
    assert "boxes.csv" in refused.stdout + refused.stderr
    assert _git(tmp_path / "remote", "rev-parse", "main").stdout != _git(top, "rev-parse", "HEAD").stdout


def test_what_the_guide_shows_can_be_read_and_names_what_there_is() -> None:
    blocks = [yaml.safe_load(text) for text in re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)]
    (workflow,) = [block for block in blocks if "jobs" in block]
    (steps,) = [job["steps"] for job in workflow["jobs"].values()]
    (step,) = [step for step in steps if "integrations/github-action" in step.get("uses", "")]
    assert set(step["with"]) <= set(ACTION["inputs"])
    needed = {name for name, told in ACTION["inputs"].items() if told.get("required")}
    assert needed <= set(step["with"])
    (hooks,) = [block for block in blocks if "repos" in block]
    assert hooks["repos"][0]["hooks"][0]["id"] == HOOK["id"]
    assert "weighbridge_gate" in GUIDE

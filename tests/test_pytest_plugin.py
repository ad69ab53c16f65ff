from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fakes.decided import Decided, make_decided

TEST = """
def test_it(weighbridge_gate):
    passage = weighbridge_gate({path!r}, {to!r}, leave_evidence=True)
    assert passage.result.value == "passes"
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Decided:
    return make_decided(tmp_path_factory.mktemp("decided"))


def _run(made: Decided, folder: Path, to: str = "public", path: str = "") -> tuple[int, str]:
    (folder / "test_it.py").write_text(TEST.format(path=path or str(made.path), to=to))
    words = ["-p", "weighbridge.pytest_plugin", "-p", "no:cacheprovider", "-W", "error", "test_it.py"]
    environment = {**os.environ, "WEIGHBRIDGE_HOME": str(made.home), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


@pytest.mark.slow
def test_a_release_that_may_go_passes(made: Decided, tmp_path: Path) -> None:
    code, out = _run(made, tmp_path)
    assert code == 0, out


@pytest.mark.slow
def test_one_that_may_not_fails_with_the_reason(made: Decided, tmp_path: Path) -> None:
    changed = made.copied(tmp_path)
    (changed.path / "boxes.csv").write_text("other")
    code, out = _run(changed, tmp_path)
    assert code == 1
    assert "boxes.csv" in out
    assert "weighbridge/releasing.py" not in out  # no traceback of ours


@pytest.mark.slow
def test_a_place_that_is_not_there_fails_with_a_sentence(made: Decided, tmp_path: Path) -> None:
    code, out = _run(made, tmp_path, path=str(tmp_path / "boxes"))
    assert code == 1
    assert "there is no such file or folder" in out


def test_loading_it_loads_nothing_of_ours() -> None:
    code = (
        "import sys, weighbridge.pytest_plugin as p; "
        "print([m for m in sys.modules if m.startswith('weighbridge.') and m != p.__name__])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path

import pytest

from weighbridge.adapters.models import sandbox, seccomp
from weighbridge.adapters.models.confinement import Limits
from weighbridge.adapters.models.recipe_runner import DONE, LOAD, RAISED
from weighbridge.adapters.models.sandbox import Ended, Ending, sandboxed
from weighbridge.core.errors import Outside
from weighbridge.core.evidence import NotMeasured, Silent

RUNNER = "weighbridge.adapters.models.recipe_runner"
LIMITS = Limits(memory_bytes=1 << 31, cpu_s=20, file_bytes=1 << 20, folder_bytes=1 << 21)
FIT = "\ndef fit(i, t, s): pass\ndef predict_proba(m, i): pass\n"

try:
    seccomp.machine()
except seccomp.NoFilter:
    pytest.skip("no seccomp filter is known for this machine", allow_module_level=True)


def _load(code: str, spill: Path, *, seconds: float = 20, most: int = 200, limits: Limits = LIMITS) -> bytes:
    with sandboxed(RUNNER, limits=limits, spill=spill) as child:
        return child.ask(LOAD + (code + FIT).encode(), seconds=seconds, most=most)


def _ending(code: str, spill: Path, *, seconds: float = 20, limits: Limits = LIMITS) -> Ending:
    with pytest.raises(Ended) as raised:
        _load(code, spill, seconds=seconds, limits=limits)
    return raised.value.ending


def test_a_child_answers_and_leaves_nothing(tmp_path: Path) -> None:
    assert _load("open('left', 'w').write('x')", tmp_path) == DONE
    assert _load("raise KeyError('secret')", tmp_path) == RAISED + b"KeyError"
    assert list(tmp_path.iterdir()) == []


def test_nothing_of_the_environment_is_handed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIGHBRIDGE_SERVED_KEY", "sk-123")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    code = """
import os, sys
assert "WEIGHBRIDGE_SERVED_KEY" not in os.environ and "PYTHONPATH" not in os.environ
assert os.environ["HOME"] == os.getcwd() == os.environ["TMPDIR"]
assert not sys.path[0] == "" and "/nowhere" not in sys.path
assert hash("a") == hash("a") and sys.flags.hash_randomization == 0
"""
    assert _load(code, tmp_path) == DONE


def test_one_that_never_ends_is_ended_with_its_threads(tmp_path: Path) -> None:
    code = """
import threading
def turn():
    while True: pass
for _ in range(2): threading.Thread(target=turn).start()
turn()
"""
    with sandboxed(RUNNER, limits=LIMITS, spill=tmp_path) as child:
        pid = child._process.pid
        with pytest.raises(Ended) as raised:
            child.ask(LOAD + code.encode(), seconds=0.5, most=100)
    assert raised.value.ending is Ending.LATE
    with pytest.raises(ProcessLookupError):
        os.killpg(pid, 0)


def test_one_that_uses_up_its_time(tmp_path: Path) -> None:
    limits = Limits(memory_bytes=1 << 31, cpu_s=1, file_bytes=1, folder_bytes=1)
    assert _ending("while True: pass", tmp_path, limits=limits) is Ending.DIED


def test_one_that_writes_too_much(tmp_path: Path) -> None:
    code = """
for n in range(100):
    open(str(n), "wb").write(bytes(1 << 19))
while True: pass
"""
    assert _ending(code, tmp_path) is Ending.DISK
    assert list(tmp_path.iterdir()) == []


def test_one_that_goes_away(tmp_path: Path) -> None:
    assert _ending("import os; os._exit(0)", tmp_path) is Ending.DIED
    assert _ending("import os; os.kill(os.getpid(), 9)", tmp_path) is Ending.DIED


@pytest.mark.parametrize("length", [1 << 20, 1 << 63])
def test_one_that_answers_too_long(tmp_path: Path, length: int) -> None:
    code = f"""
import os
for place in range(3, 10):
    try: os.write(place, {struct.pack("<Q", length)!r})
    except OSError: pass
"""
    assert _ending(code, tmp_path) is Ending.LENGTH


def test_one_that_shouts_is_not_heard(tmp_path: Path) -> None:
    code = "import os, sys\nfor n in range(64): os.write(2, b'secret ' * 10_000); print('secret' * 1000)\n"
    assert _load(code, tmp_path) == DONE


def test_one_that_does_not_listen(tmp_path: Path) -> None:
    with sandboxed(RUNNER, limits=LIMITS, spill=tmp_path) as child:
        child.ask(LOAD + FIT.encode(), seconds=20, most=100)
        child.end()
        with pytest.raises(Ended):
            child.ask(bytes(1 << 22), seconds=5, most=10)
        child.end()


def test_a_kernel_without_landlock(tmp_path: Path) -> None:
    with sandboxed(RUNNER, limits=LIMITS, spill=tmp_path, landlocked=False) as child:
        assert not child.is_kept
        assert child.ask(LOAD + (f"open('x', 'w')\n{FIT}").encode(), seconds=20, most=99) == RAISED + b"PermissionError"


def _silent(call: object) -> NotMeasured:
    assert callable(call)
    with pytest.raises(Silent) as raised:
        call()
    assert isinstance(raised.value.outcome, NotMeasured)
    return raised.value.outcome


def test_where_no_filter_is_known_nothing_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seccomp, "MACHINES", {})
    assert "network can be taken" in str(_silent(lambda: _load("", tmp_path)).because)
    monkeypatch.undo()
    monkeypatch.setattr(sys, "executable", "")
    assert "no interpreter" in str(_silent(lambda: _load("", tmp_path)).because)


def test_a_child_that_cannot_be_shut_in_gets_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = "import weighbridge.adapters.models.confinement as c; c._limit = lambda _l: 1 / 0; "
    monkeypatch.setattr(
        sandbox,
        "_BOOT",
        settings.join(
            (
                "import sys; sys.path.append(sys.argv[1]); ",
                "import weighbridge.adapters.models.recipe_runner as r; r.main(sys.argv[3])",
            )
        ),
    )
    assert "does not start" in str(_silent(lambda: _load("", tmp_path)).because)
    refusing = settings.replace("1 / 0", "(_ for _ in ()).throw(OSError('nope'))")
    monkeypatch.setattr(
        sandbox,
        "_BOOT",
        refusing.join(
            (
                "import sys; sys.path.append(sys.argv[1]); ",
                "import weighbridge.adapters.models.recipe_runner as r; r.main(sys.argv[3])",
            )
        ),
    )
    assert "nope" in str(_silent(lambda: _load("", tmp_path)).because)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    with pytest.raises(Outside):
        _load("", tmp_path / "missing")

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from fakes.folds import Deadly, Digest, Large, Raising, Slow
from weighbridge.adapters.engines.local import cores, fold_here, worker_environment
from weighbridge.adapters.engines.rows import Unpacked
from weighbridge.core.errors import Outside
from weighbridge.probekit.folds import FoldBroke
from weighbridge.probekit.ports import BudgetSpent

_FOLD = Digest(("word", "number"))
_PATIENCE_S = 30.0


def test_workers_give_the_bytes_that_one_process_gives(unpacked: Unpacked) -> None:
    alone: list[tuple[int, int]] = []
    together: list[tuple[int, int]] = []
    expected = fold_here(unpacked, _FOLD, label="t", workers=1, tick=lambda *at: alone.append(at))
    assert fold_here(unpacked, _FOLD, label="t", workers=2, tick=lambda *at: together.append(at)) == expected
    assert alone[-1] == together[-1] == (900, 900)


def test_a_path_from_here_is_one_for_workers_too(unpacked: Unpacked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(unpacked.path.parent)
    near = replace(unpacked, path=Path(unpacked.path.name))
    assert fold_here(near, _FOLD, label="t", workers=2) == fold_here(unpacked, _FOLD, label="t", workers=1)


def test_a_machine_that_starts_no_process_says_so(unpacked: Unpacked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(unpacked.path))
    with pytest.raises(Outside, match="starts no more of them"):
        fold_here(unpacked, _FOLD, label="t", workers=2)


def test_a_worker_killed_once_is_replaced_and_nothing_is_counted_twice(unpacked: Unpacked, tmp_path: Path) -> None:
    deadly = Deadly(("word", "number"), row=450, mark=str(tmp_path / "killed"))
    ticks: list[int] = []
    found = fold_here(unpacked, deadly, label="t", workers=2, tick=lambda done, _of: ticks.append(done))
    assert (tmp_path / "killed").exists()
    assert found == fold_here(unpacked, _FOLD, label="t", workers=1)
    assert ticks == [100 * n for n in range(1, 10)]


def test_a_worker_that_is_killed_each_time_ends_the_run_and_says_why(unpacked: Unpacked) -> None:
    with pytest.raises(Outside, match=f"signal {int(signal.SIGKILL)}") as raised:
        fold_here(unpacked, Deadly(("word",), row=450), label="people.csv", workers=2)
    assert "people.csv" in str(raised.value)


def test_a_tick_that_raises_ends_the_workers(unpacked: Unpacked) -> None:
    def spent(done: int, of: int) -> None:
        raise BudgetSpent

    with pytest.raises(BudgetSpent):
        fold_here(unpacked, _FOLD, label="t", workers=2, tick=spent)


def test_what_a_fold_raises_in_a_worker_quotes_no_row(unpacked: Unpacked, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(FoldBroke) as raised:
        fold_here(unpacked, Raising(("word",), row=250), label="t", workers=2)
    assert raised.value.kind == "ValueError"
    assert "folds.py" in raised.value.place
    told = str(raised.value) + "".join(capfd.readouterr())
    assert "w12" not in told
    assert "cannot read" not in told


@pytest.mark.parametrize(("kind", "raised"), [("MemoryError", MemoryError), ("OSError", OSError)])
def test_a_worker_without_memory_or_room_is_the_machine_s_fault(
    unpacked: Unpacked, kind: str, raised: type[Exception]
) -> None:
    with pytest.raises(raised) as error:
        fold_here(unpacked, Raising(("word",), row=250, kind=kind), label="t", workers=2)
    assert "w12" not in str(error.value)


def test_a_large_state_comes_back_whole(unpacked: Unpacked) -> None:
    large = Large(("word",), n_bytes=24 << 20)
    assert fold_here(unpacked, large, label="t", workers=2) == fold_here(unpacked, large, label="t", workers=1)


def test_a_worker_imports_nothing_from_where_the_user_stands(
    unpacked: Unpacked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile = tmp_path / "candidate"
    hostile.mkdir()
    for name in ("numpy", "pyarrow", "pickle", "weighbridge"):
        (hostile / f"{name}.py").write_text(
            "import os\nopen(os.path.dirname(__file__) + '/ran', 'w')\nraise SystemExit"
        )
    monkeypatch.chdir(hostile)
    monkeypatch.syspath_prepend(str(hostile))  # as `python -m weighbridge` does
    monkeypatch.syspath_prepend("")
    assert fold_here(unpacked, _FOLD, label="t", workers=2)
    assert not (hostile / "ran").exists()
    assert str(hostile) not in worker_environment()["PYTHONPATH"].split(os.pathsep)
    monkeypatch.setenv("PYTHONPATH", str(hostile))  # whoever names it means it
    assert str(hostile) in worker_environment()["PYTHONPATH"].split(os.pathsep)


_SCRIPT = """
import sys
from pathlib import Path
from fakes.folds import Slow
from weighbridge.adapters.engines.local import fold_here
from weighbridge.adapters.engines.rows import Unpacked
path, folder = sys.argv[1:]
unpacked = Unpacked(path=Path(path), keys={"word": "c0"}, texts=("c0",))
fold_here(unpacked, Slow(("word",), folder=folder), label="t", workers=2)
"""


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_workers_end_with_whoever_started_them(unpacked: Unpacked, tmp_path: Path, sent: signal.Signals) -> None:
    script = tmp_path / "fold.py"
    script.write_text(_SCRIPT)
    started = subprocess.Popen(
        [sys.executable, str(script), str(unpacked.path), str(tmp_path)],
        env=worker_environment(), stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    _wait_until(lambda: len(list(tmp_path.glob("worker-*"))) == 2)
    workers = [int(path.name.removeprefix("worker-")) for path in tmp_path.glob("worker-*")]
    started.send_signal(sent)
    _, said = started.communicate(timeout=_PATIENCE_S)
    (tmp_path / "go").touch()  # what is left of them, if anything is, may end
    assert started.returncode != 0
    assert "w12" not in said
    _wait_until(lambda: not any(_runs(pid) for pid in workers))


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"  # ended, and not yet fetched by whoever inherited it


def _wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + _PATIENCE_S
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_slow_fold_gives_the_same_as_a_fast_one(unpacked: Unpacked, tmp_path: Path) -> None:
    (tmp_path / "go").touch()
    slow = Slow(("word", "number"), folder=str(tmp_path))
    assert fold_here(unpacked, slow, label="t", workers=2) == fold_here(unpacked, _FOLD, label="t", workers=1)


def test_cores_are_counted() -> None:
    assert cores() >= 1

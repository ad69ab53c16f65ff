from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from weighbridge.adapters.ledger.lock import held_at_once, waited_for
from weighbridge.core.errors import Outside

HOLD = """
import sys
from pathlib import Path
from weighbridge.adapters.ledger.lock import held_at_once
with held_at_once(Path(sys.argv[1]), "toy"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_weighing_is_refused_at_once_and_told_who_holds_the_lock(tmp_path: Path) -> None:
    lock = tmp_path / "toy.lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(lock)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(Outside, match="another weighing of toy is running") as refused, held_at_once(lock, "toy"):
            pass
        assert f"process {holder.pid} " in refused.value.why
        assert f"kill {holder.pid}" in refused.value.fix
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        with held_at_once(lock, "toy"):
            assert int(lock.read_text()) == os.getpid()


def test_a_lock_is_let_go_when_the_weighing_fails(tmp_path: Path) -> None:
    lock = tmp_path / "toy.lock"
    with pytest.raises(RuntimeError), held_at_once(lock, "toy"):
        raise RuntimeError
    with held_at_once(lock, "toy"):
        pass


def test_within_one_process_too_only_one_holds_it(tmp_path: Path) -> None:
    lock = tmp_path / "toy.lock"
    with held_at_once(lock, "toy"), pytest.raises(Outside), held_at_once(lock, "toy"):
        pass


def test_a_holder_that_has_not_said_who_it_is_is_told_as_that(tmp_path: Path) -> None:
    lock = tmp_path / "toy.lock"
    with waited_for(lock), pytest.raises(Outside, match="another weighing") as refused, held_at_once(lock, "toy"):
        pass
    assert refused.value.fix == "wait until it ends, then run the same again"


def test_a_lock_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    with pytest.raises(Outside, match=r"toy\.lock"), waited_for(tmp_path / "nowhere" / "toy.lock"):
        pass

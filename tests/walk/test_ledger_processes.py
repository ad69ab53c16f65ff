"""Several processes on one ledger, and processes that are killed."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from weighbridge.adapters.ledger.sqlite import SqliteLedger, open_ledger
from weighbridge.wiring import SystemClock

Opened = Callable[[], SqliteLedger]

APPEND = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from weighbridge.adapters.ledger.sqlite import open_ledger
from weighbridge.core.ports import Kind
class Now:
    def now(self): return datetime.now(UTC)
folder, chain, times = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
with open_ledger(folder, Now(), {}) as ledger:
    print("open", flush=True)
    for n in range(times):
        entry = ledger.append(chain, Kind.ANSWER, {"n": n, "filling": "x" * (n * 997 % 9000)})
        print(entry.number, flush=True)
"""

ERASE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from weighbridge.adapters.ledger.sqlite import open_ledger
from weighbridge.core.ports import Kind
class Now:
    def now(self): return datetime.now(UTC)
with open_ledger(Path(sys.argv[1]), Now(), {}) as ledger:
    print("open", flush=True)
    for n in range(1000):
        marker = f"marker-{sys.argv[2]}-{n}-"
        commitment = ledger.commit("toy", marker * 30)
        ledger.append("toy", Kind.ANSWER, {"reason": commitment})
        ledger.erase("toy", commitment)
        print(marker, flush=True)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def opened(folder: Path) -> Opened:
    return lambda: open_ledger(folder, SystemClock(), {})


def started(script: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", script, *arguments], stdout=subprocess.PIPE, text=True)


def killed(process: subprocess.Popen[str], *, after: float) -> list[str]:
    """Kill -9 so many seconds after the process has opened the ledger; what it had said by then."""
    assert process.stdout is not None
    process.stdout.readline()
    try:
        process.wait(timeout=after)
    except subprocess.TimeoutExpired:
        process.kill()
    said, _ = process.communicate()
    return said.splitlines()


def killing_rounds(opened: Opened, folder: Path, rounds: int) -> None:
    rng = random.Random(rounds)
    sealed = 0
    for _ in range(rounds):
        said = killed(started(APPEND, str(folder), "toy", "100000"), after=rng.uniform(0.0, 0.12))
        with opened() as ledger:
            found = ledger.verify()
        promised = int(said[-1]) if said else sealed
        assert promised <= found <= promised + 1  # the last one may be sealed before it could be told
        sealed = found
    assert sealed > rounds


def test_a_killed_process_leaves_a_sound_ledger_with_all_it_promised(opened: Opened, folder: Path) -> None:
    killing_rounds(opened, folder, 6)


@pytest.mark.slow
def test_many_killed_processes_leave_a_sound_ledger(opened: Opened, folder: Path) -> None:
    killing_rounds(opened, folder, 150)


def test_a_process_killed_while_the_ledger_is_born_leaves_no_half_of_it(opened: Opened, folder: Path) -> None:
    rng = random.Random(3)
    for _ in range(4):
        process = started(APPEND, str(folder), "toy", "0")
        while not folder.exists() and process.poll() is None:
            pass
        try:
            process.wait(timeout=rng.uniform(0.0, 0.02))
        except subprocess.TimeoutExpired:
            process.kill()
        process.communicate()
        with opened() as ledger:
            assert ledger.verify() == 0
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()


def erasing_rounds(opened: Opened, folder: Path, rounds: int) -> None:
    rng = random.Random(rounds)
    for n in range(rounds):
        said = killed(started(ERASE, str(folder), str(n)), after=rng.uniform(0.0, 0.2))
        with opened() as ledger:  # completes what was begun
            ledger.verify()
            erasures = [entry for entry in ledger.entries("toy") if entry.kind == "erasure"]
            assert all(ledger.text(dict(entry.body)["commitment"]) is None for entry in erasures)  # type: ignore[arg-type]  # they are tables
        left = b"".join(file.read_bytes() for file in folder.iterdir())
        assert not [marker for marker in said if marker.encode() in left]


def test_a_process_killed_while_erasing_leaves_nothing_of_what_was_erased(opened: Opened, folder: Path) -> None:
    erasing_rounds(opened, folder, 3)


@pytest.mark.slow
def test_many_processes_killed_while_erasing(opened: Opened, folder: Path) -> None:
    erasing_rounds(opened, folder, 60)


def test_processes_that_append_at_once_share_a_gapless_chain(opened: Opened, folder: Path) -> None:
    processes = [started(APPEND, str(folder), "toy", "25") for _ in range(3)]  # the first to come makes the files
    numbers = [int(line) for process in processes for line in process.communicate()[0].split()[1:]]
    assert all(process.returncode == 0 for process in processes)
    assert sorted(numbers) == list(range(1, 76))
    with opened() as ledger:
        assert ledger.verify() == 75

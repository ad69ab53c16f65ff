import signal
from pathlib import Path

import pytest

from fakes.folds import Deadly, Digest
from weighbridge.adapters.engines.local import cores, fold_here
from weighbridge.adapters.engines.rows import Unpacked
from weighbridge.core.errors import Outside
from weighbridge.probekit.ports import BudgetSpent

_FOLD = Digest(("word", "number"))


def test_workers_give_the_bytes_that_one_process_gives(unpacked: Unpacked) -> None:
    alone: list[tuple[int, int]] = []
    together: list[tuple[int, int]] = []
    expected = fold_here(unpacked, _FOLD, label="t", workers=1, tick=lambda *at: alone.append(at))
    assert fold_here(unpacked, _FOLD, label="t", workers=2, tick=lambda *at: together.append(at)) == expected
    assert alone[-1] == together[-1] == (900, 900)


def test_a_worker_killed_once_is_replaced_and_nothing_is_counted_twice(unpacked: Unpacked, tmp_path: Path) -> None:
    deadly = Deadly(("word", "number"), row=450, mark=str(tmp_path / "killed"))
    found = fold_here(unpacked, deadly, label="t", workers=2)
    assert (tmp_path / "killed").exists()
    assert found == fold_here(unpacked, _FOLD, label="t", workers=1)


def test_a_worker_that_is_killed_each_time_ends_the_run_and_says_why(unpacked: Unpacked) -> None:
    with pytest.raises(Outside, match=f"signal {int(signal.SIGKILL)}") as raised:
        fold_here(unpacked, Deadly(("word",), row=450), label="people.csv", workers=2)
    assert "people.csv" in str(raised.value)


def test_a_tick_that_raises_ends_the_workers(unpacked: Unpacked) -> None:
    def spent(done: int, of: int) -> None:
        raise BudgetSpent

    with pytest.raises(BudgetSpent):
        fold_here(unpacked, _FOLD, label="t", workers=2, tick=spent)


def test_cores_are_counted() -> None:
    assert cores() >= 1

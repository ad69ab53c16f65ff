"""A fold on this machine: in this process where the table is small, else in worker processes of our own.

Workers are started as plain child processes: nothing of the program that called us is imported in them again, so that a
script without a guard on its main part can call us too.
"""

from __future__ import annotations

import functools
import json
import os
import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, cast

from weighbridge.adapters.engines.fold_child import FAULT, STATE, read_frame, write_frame
from weighbridge.adapters.engines.rows import Unpacked
from weighbridge.core.errors import Outside
from weighbridge.core.wording import _
from weighbridge.probekit.folds import Fold, FoldBroke

Tick = Callable[[int, int], None]

_WORTH_WORKERS = 32 << 20  # bytes; below, starting a worker costs more than it saves. Ours
_LOOK_S = 0.1  # between two looks at what workers did, and at Ctrl-C
_TRIES = 2  # a worker that dies is replaced once: whatever killed it twice would kill it again


def fold_here(unpacked: Unpacked, fold: Fold, *, label: str, tick: Tick | None = None, workers: int = 0) -> bytes:
    """The state of a whole table.

    Parameters
    ----------
    label : of the table, for errors
    tick : called with the rows done so far and all rows; may raise to end it
    workers : processes; 0: as many as there are cores where the table is large, else none

    Raises
    ------
    Outside
        Where a worker ends twice over the same rows, as it does when there is too little memory.
    FoldBroke
        Where the fold raises in a worker. MemoryError and OSError are raised as such.
    """
    unpacked = replace(unpacked, path=unpacked.path.absolute())  # workers stand elsewhere
    starts = unpacked.starts
    groups = len(starts) - 1
    if not workers:
        workers = min(cores(), groups) if unpacked.n_bytes >= _WORTH_WORKERS else 1
    if workers < 2:
        return _alone(unpacked, fold, starts, tick)
    return _Team(unpacked, fold, label).fold(starts, tick, min(workers, groups))


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _alone(unpacked: Unpacked, fold: Fold, starts: list[int], tick: Tick | None) -> bytes:
    state: bytes | None = None
    done = 0
    for batch in unpacked.batches(fold.columns, range(len(starts) - 1)):
        made = fold.map(batch)
        state = made if state is None else fold.merge(state, made)
        done += batch.num_rows
        if tick:
            tick(done, starts[-1] - 1)
    if state is None:
        msg = "a table without rows is refused when it is opened"
        raise RuntimeError(msg)
    return state


class _Gone(Exception):
    """A worker ended before it answered."""

    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.status = status


class _Team:
    """Workers that share the row groups of one table out among themselves."""

    def __init__(self, unpacked: Unpacked, fold: Fold, label: str) -> None:
        self._unpacked, self._fold, self._label = unpacked, fold, label
        self._waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._said: queue.SimpleQueue[int | bytes | BaseException] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._running: set[subprocess.Popen[bytes]] = set()

    def fold(self, starts: list[int], tick: Tick | None, n_workers: int) -> bytes:
        """The state of all row groups."""
        for group in range(len(starts) - 1):
            self._waiting.put(group)
        threads = [threading.Thread(target=self._work, daemon=True) for _ in range(n_workers)]
        for thread in threads:
            thread.start()
        try:
            return self._gathered(starts, tick, n_workers)
        finally:
            self._stopping.set()
            for process in tuple(self._running):
                process.kill()
            for thread in threads:
                thread.join()

    def _gathered(self, starts: list[int], tick: Tick | None, n_workers: int) -> bytes:
        states: list[bytes] = []
        done = 0
        while len(states) < n_workers:
            said = self._next()
            if isinstance(said, _Gone):
                raise self._died(said)
            if isinstance(said, BaseException):
                raise said
            if isinstance(said, bytes):
                states.append(said)
                continue
            done += starts[said + 1] - starts[said]
            if tick:
                tick(done, starts[-1] - 1)
        return functools.reduce(self._fold.merge, filter(None, states))

    def _next(self) -> int | bytes | BaseException:
        while True:  # waiting in short steps: only so is Ctrl-C heard
            with suppress(queue.Empty):
                return self._said.get(timeout=_LOOK_S)

    def _work(self) -> None:
        """One worker's rows, in a thread that waits for it; where it dies, all its rows are folded again by another."""
        mine: list[int] = []
        told: set[int] = set()
        for left in reversed(range(_TRIES)):
            try:
                self._said.put(self._served(mine, told))
            except _Gone as gone:
                if not left or self._stopping.is_set():
                    self._said.put(gone)
                    return
            except BaseException as error:  # noqa: BLE001  handed on to the thread that waits
                self._said.put(error)
                return
            else:
                return

    def _served(self, mine: list[int], told: set[int]) -> bytes:
        process = self._started()
        self._running.add(process)
        try:
            _ask(process, pickle.dumps((self._unpacked, self._fold)))
            for group in tuple(mine):
                if not self._stopping.is_set():
                    self._asked(process, group, told)
            while not self._stopping.is_set():
                try:
                    group = self._waiting.get_nowait()
                except queue.Empty:
                    break
                mine.append(group)
                self._asked(process, group, told)
            return _ask(process, b"")
        finally:
            self._running.discard(process)
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    with suppress(OSError):
                        pipe.close()

    def _started(self) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(
                [sys.executable, "-P", "-m", "weighbridge.adapters.engines.fold_child"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=worker_environment(),
                cwd=self._unpacked.path.parent,  # private: nothing that lies where the user stands is imported
                process_group=0,  # Ctrl-C is for the parent, which ends its workers
            )  # fmt: skip
        except OSError as error:
            raise Outside(
                _("cannot read {label} in worker processes").format(label=self._label),
                _("the machine starts no more of them: {why}").format(why=error.strerror or type(error).__name__),
                _("end other programs, then run the same command again; what was measured is kept"),
            ) from None

    def _asked(self, process: subprocess.Popen[bytes], group: int, told: set[int]) -> None:
        _ask(process, group.to_bytes(8, "little"))
        if group not in told:
            told.add(group)
            self._said.put(group)

    def _died(self, gone: _Gone) -> Outside:
        why = _("a worker process ended by itself, twice (status {status})").format(status=gone.status)
        if gone.status < 0:
            why = _(
                "a worker process was ended twice by signal {signal}; 9 is what a machine without memory sends"
            ).format(signal=-gone.status)
        return Outside(
            _("cannot read all of {label}").format(label=self._label),
            why,
            _("close what takes memory, then run the same command again; what was measured is kept"),
        )


def worker_environment() -> dict[str, str]:
    """Ours, with the places that we import from, since a worker must find the fold's module too.

    The folder where the user stands is left out unless PYTHONPATH names it: it may be the candidate's.
    """
    try:
        here = Path.cwd()
    except FileNotFoundError:  # it was removed: nothing can be imported from there
        here = Path()
    named = {Path(place).absolute() for place in os.environ.get("PYTHONPATH", "").split(os.pathsep) if place}
    places = [Path(place).absolute() for place in filter(None, sys.path)]
    kept = [str(place) for place in places if place != here or place in named]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(kept), "PYTHONSAFEPATH": "1", "OMP_NUM_THREADS": "1"}


def _send(process: subprocess.Popen[bytes], body: bytes) -> None:
    try:
        write_frame(cast("BinaryIO", process.stdin), body)
    except OSError:
        raise _Gone(process.wait()) from None


def _ask(process: subprocess.Popen[bytes], body: bytes) -> bytes:
    _send(process, body)
    answer = read_frame(cast("BinaryIO", process.stdout))
    if answer is None:
        raise _Gone(process.wait())
    if answer.startswith(STATE):
        return answer[len(STATE) :]
    raise fault_in(answer)


def fault_in(answer: bytes) -> Exception:
    """The error that a worker tells of."""
    told = json.loads(answer.removeprefix(FAULT))
    if told["errno"] is not None:
        return OSError(told["errno"], os.strerror(told["errno"]))
    return MemoryError() if told["kind"] == MemoryError.__name__ else FoldBroke(told["kind"], told["place"])

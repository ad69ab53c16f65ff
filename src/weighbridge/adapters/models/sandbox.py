"""A child process without network, in which somebody's code runs: started, asked in frames, ended with all it started.

A frame is eight bytes that tell its length, and so many bytes. Nothing that comes back is believed: the parent says how
long an answer may be and how long it may take, and ends the child where it does not keep to that.
"""

from __future__ import annotations

import json
import os
import selectors
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Never

from weighbridge.adapters.models import landlock, seccomp
from weighbridge.adapters.models.confinement import Limits
from weighbridge.core.errors import Outside
from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import _, phrase

_BOOT = (
    "import sys; sys.path.append(sys.argv[1]); "
    "from importlib import import_module; import_module(sys.argv[2]).main(sys.argv[3])"
)
_LENGTH = struct.Struct("<Q")
_PIECE = 1 << 20
_LOOK_S = 0.2  # between two looks at the child's folder
_START_S = 60.0  # an interpreter that starts on a busy machine
_LONGEST_HELLO = 200
# Threads of OpenMP cost more than they give to small fits, and make sums differ; joblib would start processes.
_SETTINGS = {
    "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", "USER": "recipe", "LOGNAME": "recipe", "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE",
    "JOBLIB_MULTIPROCESSING": "0", "TOKENIZERS_PARALLELISM": "false", "HF_HUB_OFFLINE": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
}  # fmt: skip
_KEPT = ("LD_LIBRARY_PATH", "TZ")  # without the first some interpreters do not start


class Ending(StrEnum):
    """Why a child is no longer there."""

    LATE = "late"
    DISK = "disk"
    LENGTH = "length"
    DIED = "died"


class Ended(Exception):
    """The child is gone, or was ended; `ending` says why."""

    def __init__(self, ending: Ending) -> None:
        super().__init__(ending.value)
        self.ending = ending


class Sandbox:
    """A running child that is shut in.

    Attributes
    ----------
    is_kept
        Whether it can read nothing of its user's and write to its own folder alone. Otherwise it writes nowhere, and
        reads what its user may read.
    """

    def __init__(self, process: subprocess.Popen[bytes], folder: Path, limits: Limits) -> None:
        self._process, self._folder, self._limits = process, folder, limits
        self._pipes = tuple(pipe.fileno() for pipe in (process.stdin, process.stdout, process.stderr) if pipe)
        for pipe in self._pipes:
            os.set_blocking(pipe, False)
        self._looked = 0.0
        self._tick: Callable[[], None] | None = None
        self.is_kept = False

    def ask(self, message: bytes, *, seconds: float, most: int, tick: Callable[[], None] | None = None) -> bytes:
        """Send a frame, and wait for the one that answers it.

        Parameters
        ----------
        seconds : after which the child is ended
        most : bytes that the answer may have
        tick : called while it is waited for, a few times in a second; whatever it raises ends the child

        Raises
        ------
        Ended
            Where no such answer comes; the child is gone then.
        """
        self._tick = tick
        try:
            return self._exchange(memoryview(_LENGTH.pack(len(message)) + message), time.monotonic() + seconds, most)
        except BaseException:
            self.end()
            raise

    def end(self) -> None:
        """Kill the child and whatever it started. Does nothing where they are gone."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _exchange(self, unsent: memoryview, until: float, most: int) -> bytes:
        into, out, err = self._pipes
        got, wanted = bytearray(), _LENGTH.size
        with selectors.DefaultSelector() as waiting:
            for pipe, events in (
                (into, selectors.EVENT_WRITE),
                (out, selectors.EVENT_READ),
                (err, selectors.EVENT_READ),
            ):
                waiting.register(pipe, events)
            while len(got) < wanted:
                self._check(until)
                for key, _events in waiting.select(min(_LOOK_S, max(0.0, until - time.monotonic()))):
                    if key.fd == into:
                        unsent = unsent[_sent(into, unsent) :]
                        if not unsent:
                            waiting.unregister(into)
                    elif key.fd == err:
                        if not _read(err, _PIECE):  # what it says there is read and forgotten: it may quote a record
                            waiting.unregister(err)
                    else:
                        got += self._received(wanted - len(got))
                        wanted = _whole(got, most)
        if unsent:  # an answer to what was not asked yet
            raise Ended(Ending.LENGTH)
        return bytes(got[_LENGTH.size :])

    def _received(self, most: int) -> bytes:
        piece = _read(self._pipes[1], min(most, _PIECE))
        if piece == b"":
            raise Ended(Ending.DIED)
        return piece or b""

    def _check(self, until: float) -> None:
        now = time.monotonic()
        if now >= until:
            raise Ended(Ending.LATE)
        if now - self._looked >= _LOOK_S:
            self._looked = now
            if self._tick is not None:
                self._tick()
            if _bytes_below(self._folder) > self._limits.folder_bytes:
                raise Ended(Ending.DISK)


@contextmanager
def sandboxed(module: str, *, limits: Limits, spill: Path, landlocked: bool = True) -> Iterator[Sandbox]:
    """Start a module's `main` in a child that is shut in before it runs anybody's code.

    Parameters
    ----------
    module : has `main(settings)`, which calls `shut_in(settings)` first and then answers frames
    spill : the child's folder is made below it, and goes with the child
    landlocked : False leaves Landlock out, as if the kernel had none

    Raises
    ------
    Silent
        Where no such child can be made on this system.
    Outside
        Where its folder cannot be made.
    """
    check_possible()
    try:
        folder = Path(tempfile.mkdtemp(prefix="recipe-", dir=spill))  # mode 0700
    except OSError as error:
        raise Outside(
            _("cannot make a folder for the recipe"),
            error.strerror or type(error).__name__,
            _("check that there is room below --home and that you may write there"),
        ) from error
    try:
        process = _started(module, folder, limits, landlocked=landlocked)
        child = Sandbox(process, folder, limits)
        try:
            _greet(child)
            yield child
        finally:
            child.end()
            for pipe in (process.stdin, process.stdout, process.stderr):
                with suppress(OSError):
                    pipe.close() if pipe else None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def check_possible() -> None:
    """Leave through `Silent` where no child can be shut in."""
    try:
        seccomp.machine()
    except seccomp.NoFilter as error:
        _impossible(str(error))
    if not sys.executable:
        _impossible(_("no interpreter to start"))


def keeps_to_folder() -> bool:
    """Whether a child here can be kept from reading its user's files."""
    return landlock.version() > 0


def _impossible(system: str) -> Never:
    not_measured(
        phrase("a recipe is run only where the network can be taken from it, which is not possible here ({system})",
               system=system[:80]),
        phrase("weigh it on Linux, on a machine of kind x86_64 or aarch64"),
    )  # fmt: skip


def _started(module: str, folder: Path, limits: Limits, *, landlocked: bool) -> subprocess.Popen[bytes]:
    settings = json.dumps({"folder": str(folder), "landlocked": landlocked, "limits": asdict(limits)})
    root = str(Path(__file__).resolve().parents[3])  # where the package lies, installed or not
    # Of the environment only what is named above is handed on, so -P and -s leave nothing of the user's. -I would do
    # the same, and would ignore the fixed seed of hashes, without which sets have another order in each run.
    command = [sys.executable, "-P", "-s", "-B", "-X", "utf8", "-c", _BOOT, root, module, settings]
    homes = dict.fromkeys(("HOME", "TMPDIR", "MPLCONFIGDIR", "XDG_CACHE_HOME"), str(folder))
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return subprocess.Popen(  # noqa: S603  our own interpreter, and nothing of a candidate's in the command
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder, close_fds=True,
        env={**_SETTINGS, **homes, **kept}, start_new_session=True,
    )  # fmt: skip


def _greet(child: Sandbox) -> None:
    """Hear from the child, before it is given anything to run, that it is shut in."""
    try:
        hello = child.ask(b"", seconds=_START_S, most=_LONGEST_HELLO)
    except Ended as error:
        _impossible(_("a child process does not start: {why}").format(why=error.ending.value))
    if hello not in (b"kept", b"unkept"):
        _impossible(hello.decode("ascii", "replace"))
    child.is_kept = hello == b"kept"


def _whole(got: bytearray, most: int) -> int:
    """How many bytes the frame has in all, as far as it can be told yet."""
    if len(got) < _LENGTH.size:
        return _LENGTH.size
    length = int(_LENGTH.unpack_from(got)[0])
    if length > most:
        raise Ended(Ending.LENGTH)
    return _LENGTH.size + length


def _sent(pipe: int, unsent: memoryview) -> int:
    try:
        return os.write(pipe, unsent[:_PIECE])
    except BlockingIOError:
        return 0
    except OSError as error:
        raise Ended(Ending.DIED) from error


def _read(pipe: int, most: int) -> bytes | None:
    """What is there; nothing at its end, None where nothing is there yet."""
    try:
        return os.read(pipe, most)
    except BlockingIOError:
        return None


def _bytes_below(folder: Path) -> int:
    found = 0
    for where, _folders, names in os.walk(folder):
        for name in names:
            with suppress(OSError):  # gone since it was listed
                found += (Path(where) / name).lstat().st_size
    return found

"""Folds on Spark: on cores of this machine (`local[2]`), or on a cluster (`spark://HOST:PORT`).

The rows stay in the unpacked file below the home; Spark is told numbers of row groups, and gives back sealed states. A
session is opened at the first fold and closed with the weighing. Spark's own log is off, since it quotes what it fails
over; on this machine it listens on the loopback only.
"""

from __future__ import annotations

import functools
import os
import re
import secrets
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from weighbridge.adapters.engines.fold_child import FAULT
from weighbridge.adapters.engines.java import NEEDED, java_version
from weighbridge.adapters.engines.local import Tick, fault_in
from weighbridge.adapters.engines.rows import Unpacked
from weighbridge.adapters.engines.spark_child import (
    ANSWER,
    KEY_BYTES,
    OTHER_VERSION,
    Errand,
    Unsealed,
    folded,
    unseal,
)
from weighbridge.adapters.engines.spark_session import as_ours, python_path, quiet, start, stop
from weighbridge.core.errors import Outside, Unusable
from weighbridge.core.wording import _
from weighbridge.probekit.folds import Fold

_LOCAL = re.compile(r"local\[(?:[1-9][0-9]{0,3}|\*)\]")
_CLUSTER = re.compile(r"spark://[A-Za-z0-9._-]+:[0-9]{1,5}(?:,[A-Za-z0-9._-]+:[0-9]{1,5})*")
_LOOK_S = 0.1  # between two looks at how far it is, and at Ctrl-C
_IDLE_S = 120.0  # without any task that runs, after which a cluster has nothing for us; ours
_END_S = 20.0
_TASKS = 2  # for each core: states are merged here, so few of them; more than one each, so that none waits long


def is_spark(engine: str) -> bool:
    """Whether an engine's name is one of Spark's that we take."""
    return bool(_LOCAL.fullmatch(engine) or _CLUSTER.fullmatch(engine))


class SparkRunner:
    """Runs folds on one Spark session.

    Parameters
    ----------
    engine : local[N], local[*] or spark://HOST:PORT
    folder : private, on a disk that the cluster shares; for the key of the states and for what Spark spills

    Raises
    ------
    Unusable
        For another engine.
    Outside
        Where Spark or a Java for it is not installed.
    """

    def __init__(self, engine: str, *, folder: Path) -> None:
        check_engine(engine)
        self.engine, self._folder = engine, folder.absolute()
        self._is_local = engine.startswith("local")
        self._session: Any = None
        self._key = b""

    def __call__(self, unpacked: Unpacked, fold: Fold, *, label: str, tick: Tick | None = None) -> bytes:
        """The state of a whole table.

        Raises
        ------
        Outside
            Where Spark gives no answer, or its machines cannot do what they are asked.
        FoldBroke
            Where the fold raises.
        """
        session = self._opened()
        unpacked = replace(unpacked, path=unpacked.path.absolute())
        starts = unpacked.starts
        errand = Errand(unpacked=unpacked, fold=fold, key=self._key_file, version=metadata.version("weighbridge"))
        answers = _Job(session, errand, starts, tick).answers()
        states: list[bytes] = []
        for sealed, answer in answers:
            if not sealed:
                raise self._unsent(answer, label)
            try:
                told = unseal(answer, self._key)
            except Unsealed:
                raise self._foreign(label) from None
            if told.startswith(FAULT):
                raise fault_in(told)
            states.append(told[1:])
        return functools.reduce(fold.merge, filter(None, states))

    def close(self) -> None:
        """End the session and the Java behind it."""
        if self._session is not None:
            session, self._session = self._session, None
            stop(session)

    @property
    def _key_file(self) -> Path:
        return self._folder / "states.key"

    def _opened(self) -> Any:
        if self._session is None:
            self._key = secrets.token_bytes(KEY_BYTES)
            with os.fdopen(os.open(self._key_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
                out.write(self._key)
            self._session = self._started()
        return self._session

    def _started(self) -> Any:
        from py4j.protocol import Py4JError  # type: ignore[import-untyped]  # PySpark's own bridge to Java
        from pyspark import SparkContext
        from pyspark.errors import PySparkException

        if SparkContext._active_spark_context is not None:  # noqa: SLF001  no public way to ask without starting one
            raise Outside(
                _("cannot open a Spark session"),
                _("this process has one open already, set up by somebody else"),
                _("stop it (spark.stop()), or weigh in a process of its own: weighbridge weigh PATH --engine ..."),
            )
        try:
            with as_ours(self._python(), is_local=self._is_local):
                return start(self._settings(), cwd=self._folder)
        except (Py4JError, PySparkException, OSError):
            raise self._away() from None

    def _python(self) -> str:
        return sys.executable if self._is_local else os.environ.get("PYSPARK_PYTHON") or sys.executable

    def _settings(self) -> dict[str, str]:
        wanted = {"PYTHONPATH": python_path(is_local=self._is_local), "PYTHONSAFEPATH": "1", "OMP_NUM_THREADS": "1"}
        places = {f"spark.executorEnv.{name}": value for name, value in wanted.items()}
        loopback = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"} if self._is_local else {}
        return {
            # A task that dies is tried once more, here as on a cluster: whatever killed it twice would kill it again.
            "spark.master": self.engine.replace("]", ",2]") if self._is_local else self.engine,
            "spark.task.maxFailures": "2",
            "spark.app.name": "weighbridge",
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.eventLog.enabled": "false",
            "spark.log.level": "OFF",
            "spark.local.dir": str(self._folder / "spark"),
            "spark.sql.warehouse.dir": str(self._folder / "spark" / "warehouse"),
            "spark.sql.catalogImplementation": "in-memory",
            "spark.sql.session.timeZone": "UTC",
            **loopback,
            **places,
        }

    def _away(self) -> Outside:
        return Outside(
            _("cannot open a Spark session on {engine}").format(engine=self.engine),
            _("Spark did not start, or its master gives no answer"),
            _("look whether the master runs and reaches this machine; to use this one alone: --engine 'local[2]'"),
        )

    def _unsent(self, told: bytes, label: str) -> Outside:
        what = _("cannot read {label} on {engine}").format(label=label, engine=self.engine)
        if told == OTHER_VERSION:
            return Outside(
                what,
                _("Spark's machines have another version of Weighbridge than this one"),
                _("install {version} there: pip install weighbridge=={version}").format(
                    version=metadata.version("weighbridge")
                ),
            )
        return Outside(
            what,
            _("Spark's machines cannot read the home of this weighing, where the rows lie unpacked"),
            _("choose a home on a disk that all of them share, and run Spark as the same user: --home /shared/DIR"),
        )

    def _foreign(self, label: str) -> Outside:
        return Outside(
            _("cannot use what {engine} gave back of {label}").format(label=label, engine=self.engine),
            _("it is not sealed with the key of this weighing: somebody else made it"),
            _("find out who can send results to this machine before you weigh there again"),
        )


def check_engine(engine: str) -> None:
    """Raise unless the engine is one of Spark's, and Spark can be started here."""
    if not is_spark(engine):
        raise Unusable(
            _("cannot use the engine {engine!r}").format(engine=engine),
            _("it should be local, local[N] or spark://HOST:PORT"),
            _("for Spark on two cores of this machine: --engine 'local[2]'; for worker processes, leave it out"),
        )
    missing = [name for name in ("pyspark", "pandas") if find_spec(name) is None]
    if missing:
        raise Outside(
            _("cannot run on Spark"),
            _("{package} is not installed").format(package=missing[0]),
            "pip install 'weighbridge[spark]'",
        )
    found = java_version()
    if found < NEEDED:
        has = _("Java {version} is what was found").format(version=found) if found else _("no Java was found")
        raise Outside(
            _("cannot run on Spark"),
            _("it needs Java {needed}; {has}").format(needed=NEEDED, has=has),
            _("install it and name its folder: export JAVA_HOME=/usr/lib/jvm/java-17-openjdk-amd64"),
        )


class _Job:
    """One fold under way: it runs in a thread of its own, so that Ctrl-C and the budget are heard."""

    def __init__(
        self, session: Any, errand: Errand, starts: list[int], tick: Callable[[int, int], None] | None
    ) -> None:
        self._session, self._errand, self._tick = session, errand, tick
        self._rows, self._groups = starts[-1] - 1, len(starts) - 1
        self._name = secrets.token_hex(8)
        self._gave: list[tuple[bool, bytes]] = []
        self._error: BaseException | None = None

    def answers(self) -> list[tuple[bool, bytes]]:
        """What the tasks gave back."""
        thread = threading.Thread(target=self._run, daemon=True)
        thread.start()
        try:
            self._watch(thread)
        except BaseException:
            with suppress(Exception):
                self._session.sparkContext.cancelJobGroup(self._name)
            thread.join(_END_S)
            raise
        if self._error is not None:
            raise _told(self._error) from None
        if self._tick:
            self._tick(self._rows, self._rows)
        return self._gave

    def _run(self) -> None:
        try:
            self._collect()
        except BaseException as error:  # noqa: BLE001  handed on to the thread that waits
            self._error = error

    def _collect(self) -> None:
        context = self._session.sparkContext
        context.setJobGroup(self._name, "fold", interruptOnCancel=True)
        tasks = max(1, min(self._groups, _TASKS * context.defaultParallelism))
        numbers = self._session.range(0, self._groups, 1, tasks)
        with quiet():
            made = numbers.mapInArrow(functools.partial(folded, errand=self._errand), ANSWER).toArrow()
        self._gave = list(zip(made["sealed"].to_pylist(), made["answer"].to_pylist(), strict=True))

    def _watch(self, thread: threading.Thread) -> None:
        seen = time.monotonic()
        while thread.is_alive():
            thread.join(_LOOK_S)
            done, tasks, is_busy = self._progress()
            seen = time.monotonic() if is_busy or done == tasks else seen
            if time.monotonic() - seen > _IDLE_S:
                raise Outside(
                    _("Spark has no machine for this weighing"),
                    _("no task has run for {seconds:.0f} seconds").format(seconds=_IDLE_S),
                    _("look whether the cluster has free cores; to use this machine alone: --engine 'local[2]'"),
                )
            if self._tick:
                self._tick(self._rows * done // tasks, self._rows)

    def _progress(self) -> tuple[int, int, bool]:
        """Tasks done, all tasks, and whether any runs."""
        tracker = self._session.sparkContext.statusTracker()
        jobs = [tracker.getJobInfo(job) for job in tracker.getJobIdsForGroup(self._name)]
        stages = [tracker.getStageInfo(stage) for job in jobs if job for stage in job.stageIds]
        told = [stage for stage in stages if stage]
        done, tasks = sum(s.numCompletedTasks for s in told), sum(s.numTasks for s in told)
        return done, max(1, tasks), any(s.numActiveTasks for s in told)


def _told(error: BaseException) -> BaseException:
    """An error of Spark's as one of ours. Its text is looked at and not passed on: it may quote what it failed over."""
    if not type(error).__module__.startswith(("pyspark", "py4j")):
        return error
    text = str(error)
    if "No module named" in text:
        return Outside(
            _("cannot run on Spark"),
            _("Weighbridge, or the package of a probe, is not installed on Spark's machines"),
            _("install there what is installed here: pip install weighbridge=={version}").format(
                version=metadata.version("weighbridge")
            ),
        )
    if "exited unexpectedly" in text or "crashed" in text:
        return Outside(
            _("cannot read all of it on Spark"),
            _("a worker of Spark's ended by itself, twice, as one does where memory is short"),
            _("give the machines more memory, or fewer tasks at once: --engine 'local[1]'"),
        )
    return Outside(
        _("cannot read all of it on Spark"),
        _("Spark gave up: {kind}").format(kind=type(error).__name__),
        _("look whether the cluster is still there, then run the same command again; what was measured is kept"),
    )

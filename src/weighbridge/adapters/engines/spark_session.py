"""A session of Spark's, opened on a Java of its own and closed with it."""

from __future__ import annotations

import os
import signal
import site
import subprocess
import sys
import sysconfig
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from weighbridge.adapters.engines.local import worker_environment

_END_S = 20.0
_OF_ANOTHER = ("SPARK_HOME", "SPARK_CONF_DIR", "SPARK_LOCAL_DIRS", "PYSPARK_SUBMIT_ARGS", "PYSPARK_GATEWAY_PORT")


def python_path(*, is_local: bool) -> str:
    """Where a worker imports from. The Python of another machine has its own packages, which are not ours to choose."""
    places = worker_environment()["PYTHONPATH"].split(os.pathsep)
    installed = {*sysconfig.get_paths().values(), *site.getsitepackages()} if not is_local else set[str]()
    return os.pathsep.join(place for place in places if place not in installed)


def start(settings: dict[str, str], *, cwd: Path) -> Any:
    """A session on a Java of its own, which stands in a private folder and says nothing."""
    from pyspark import SparkConf, SparkContext
    from pyspark.java_gateway import launch_gateway
    from pyspark.sql import SparkSession

    conf = SparkConf(loadDefaults=False)
    for name, value in settings.items():
        conf.set(name, value)
    gateway = None
    if SparkContext._gateway is None:  # noqa: SLF001  one that was started before in this process is used again
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": str(cwd)}
        gateway = launch_gateway(conf=conf, popen_kwargs=silent)
    with quiet(), _our_ctrl_c():
        return SparkSession(SparkContext(conf=conf, gateway=gateway))


def stop(session: Any) -> None:
    """End the session, and the Java if nothing else can need it."""
    from pyspark import SparkContext

    with suppress(Exception), quiet():  # a cluster that is gone cannot be told
        session.stop()
    gateway: Any = SparkContext._gateway  # noqa: SLF001  there is no public way to end the Java
    if gateway is None:
        return
    with suppress(Exception):
        gateway.shutdown()
    process = getattr(gateway, "proc", None)
    if process is not None:
        with suppress(OSError):
            process.stdin.close()
        try:
            process.wait(_END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    SparkContext._gateway = SparkContext._jvm = None  # noqa: SLF001


@contextmanager
def as_ours(python: str, *, is_local: bool) -> Iterator[None]:
    """The environment that Spark reads: our Python; on this machine no setting of another Spark."""
    wanted: dict[str, str | None] = dict.fromkeys(_OF_ANOTHER if is_local else ())
    wanted |= {"PYSPARK_PYTHON": python, "PYSPARK_DRIVER_PYTHON": sys.executable, "PYTHONSAFEPATH": "1"}
    wanted["PYTHONPATH"] = worker_environment()["PYTHONPATH"]
    before = {name: os.environ.get(name) for name in wanted}
    try:
        _set(wanted)
        yield
    finally:
        _set(before)


def _set(wanted: dict[str, str | None]) -> None:
    for name, value in wanted.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


@contextmanager
def _our_ctrl_c() -> Iterator[None]:
    """Ctrl-C as it was: PySpark puts a handler of its own there, which fails once its session is closed."""
    before = signal.getsignal(signal.SIGINT)
    try:
        yield
    finally:
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, before)


@contextmanager
def quiet() -> Iterator[None]:
    """Without PySpark's warnings: that it does not know the newest pandas, of which we use nothing."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield

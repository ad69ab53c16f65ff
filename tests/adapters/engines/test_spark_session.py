"""What a session is opened in; that it opens, and ends with its Java, is shown in test_spark.py."""

from __future__ import annotations

import os
import signal
import site
import warnings

import pytest

from weighbridge.adapters.engines.spark_session import _our_ctrl_c, as_ours, python_path, quiet


def test_the_environment_is_ours_for_a_while_and_then_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPARK_HOME", "/another/spark")
    monkeypatch.delenv("PYSPARK_PYTHON", raising=False)
    before = dict(os.environ)
    with as_ours("/a/python", is_local=True):
        assert os.environ["PYSPARK_PYTHON"] == "/a/python"
        assert os.environ["PYTHONSAFEPATH"] == "1"
        assert "SPARK_HOME" not in os.environ
    assert dict(os.environ) == before
    with as_ours("/a/python", is_local=False):
        assert os.environ["SPARK_HOME"] == "/another/spark"  # a cluster has settings of its own
    assert dict(os.environ) == before


def test_another_machine_is_not_told_where_our_packages_lie() -> None:
    here, there = (python_path(is_local=is_local).split(os.pathsep) for is_local in (True, False))
    assert set(there) <= set(here)
    assert not set(there) & set(site.getsitepackages())


def test_ctrl_c_and_warnings_are_as_they_were() -> None:
    before = signal.getsignal(signal.SIGINT)
    with _our_ctrl_c():
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    assert signal.getsignal(signal.SIGINT) is before
    with quiet():
        warnings.warn("pandas is too new", FutureWarning, stacklevel=1)

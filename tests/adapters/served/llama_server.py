"""The real server of llama-cpp-python, as a child process, with a model of ours in it.

It runs under the interpreter that the environment names in WEIGHBRIDGE_LLAMA_PYTHON, else under this one; where that one
has no llama_cpp, tests that need it are skipped and say so.
"""

from __future__ import annotations

import functools
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PYTHON = os.environ.get("WEIGHBRIDGE_LLAMA_PYTHON", sys.executable)
_PATIENCE_S = 90.0


@functools.cache
def lacking() -> str:
    """Why the server cannot run here; empty where it can."""
    try:
        asked = [PYTHON, "-c", "import llama_cpp.server.app"]
        done = subprocess.run(asked, check=False, capture_output=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return f"{Path(PYTHON).name} of WEIGHBRIDGE_LLAMA_PYTHON does not run"
    return "" if done.returncode == 0 else "no llama-cpp-python[server] here: name one in WEIGHBRIDGE_LLAMA_PYTHON"


@contextmanager
def serving(gguf: Path, *, context: int = 256) -> Iterator[str]:
    """The URL at which the model in this file is served, with a cache of keys and values in F32."""
    if why := lacking():
        pytest.skip(why)
    port = _free_port()
    command = [
        PYTHON, "-m", "llama_cpp.server", "--model", str(gguf), "--model_alias", "toy", "--host", "127.0.0.1",
        "--port", str(port), "--n_ctx", str(context), "--n_threads", "1", "--n_threads_batch", "1",
        "--type_k", "0", "--type_v", "0", "--verbose", "false",
    ]  # fmt: skip
    log = gguf.with_suffix(".log")
    with log.open("wb") as written:
        child = subprocess.Popen(command, stdout=written, stderr=written, env=os.environ | {"PYTHONPATH": ""})
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(child, url, log)
            yield url
        finally:
            child.terminate()
            child.wait(timeout=30)


def _wait(child: subprocess.Popen[bytes], url: str, log: Path) -> None:
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until and child.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/v1/models", timeout=5):  # noqa: S310  ours
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail("the server does not start: " + log.read_text(errors="replace")[-2000:])


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port

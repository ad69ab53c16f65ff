"""The child in which a command that rewrites texts runs. Nothing of it is loaded before the process is shut in."""

from __future__ import annotations

import io
import random
import sys
from typing import Any

from weighbridge.adapters.models.recipe_runner import SEED, serve

LOAD, REWRITE = b"L", b"R"
NAME = "__main__"


def main(settings: str) -> None:
    """Shut this process in, then answer frames until there are no more."""
    serve(settings, Runner().do)


class Runner:
    """The command, once it is loaded."""

    def __init__(self) -> None:
        self._code: Any = None

    def do(self, verb: bytes, content: bytes) -> bytes:
        """Do what a frame asks for; what to answer."""
        if verb != LOAD:
            return run(self._code, content)
        self._code = compile(content, "rewriter.py", "exec")
        return b""


def run(code: Any, message: bytes) -> bytes:
    """What the command writes to its output, given these lines as its input."""
    random.seed(SEED.unpack_from(message)[0])
    written = io.BytesIO()
    kept = sys.stdin, sys.stdout
    sys.stdin = io.TextIOWrapper(io.BytesIO(message[SEED.size :]), encoding="utf-8")
    sys.stdout = io.TextIOWrapper(written, encoding="utf-8", write_through=True)
    try:
        exec(code, {"__name__": NAME})  # noqa: S102  trusted by name, and shut in
    except SystemExit as ended:
        if ended.code not in (None, 0):
            raise
    finally:
        made = sys.stdout
        sys.stdin, sys.stdout = kept
        made.flush()
    return written.getvalue()

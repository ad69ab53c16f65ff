"""The child in which a command that rewrites texts runs. Nothing of it is loaded before the process is shut in."""

from __future__ import annotations

import io
import random
import sys
from typing import Any

from weighbridge.adapters.models.confinement import Unconfined
from weighbridge.adapters.models.recipe_runner import DONE, RAISED, SEED, _answer, _frame, _own_pipes, shut_in

LOAD, REWRITE = b"L", b"R"
NAME = "__main__"


def main(settings: str) -> None:
    """Shut this process in, then answer frames until there are no more."""
    into, out = _own_pipes()
    _frame(into)
    try:
        hello = shut_in(settings)
    except Unconfined as error:
        _answer(out, str(error)[:100].encode("ascii", "replace"))
        return
    _answer(out, hello)
    code: Any = None
    while (message := _frame(into)) is not None:
        try:
            if message[:1] == LOAD:
                code, reply = compile(message[1:], "rewriter.py", "exec"), DONE
            else:
                reply = DONE + run(code, message[1:])
        except BaseException as error:  # noqa: BLE001  a command may raise anything, and only its kind is told
            reply = RAISED + type(error).__name__.encode("ascii", "replace")
        _answer(out, reply)


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

"""The child in which a recipe runs. Nothing of the candidate is loaded before the process is shut in."""

from __future__ import annotations

import json
import os
import random
import struct
import sys
import types
from typing import TYPE_CHECKING, Any, BinaryIO

from weighbridge.adapters.models.confinement import Limits, Unconfined, confine

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

_LENGTH = struct.Struct("<Q")
MODULE = "recipe"
# What a frame to the child asks for; the rest of the frame is what it needs for that.
LOAD, TABLE, TARGETS, FIT, OVERFIT = b"L", b"T", b"Y", b"F", b"O"
DONE, RAISED = b"=", b"!"
SEED = struct.Struct("<Q")
WIDTH = struct.Struct("<I")


class NoRecipe(Exception):
    """The module does not define what a recipe needs."""


class BadAnswer(Exception):
    """What `predict_proba` gave is no table of numbers with a row for each row asked about."""


def main(settings: str) -> None:
    """Shut this process in, then answer frames until there are no more."""
    serve(settings, Runner().do)


def serve(settings: str, do: Callable[[bytes, bytes], bytes]) -> None:
    """Shut this process in, then do what each frame asks for until there are no more; of what is raised, tell the kind.

    Parameters
    ----------
    do : takes the verb of a frame and its content, and gives what to answer
    """
    into, out = _own_pipes()
    _frame(into)
    try:
        hello = shut_in(settings)
    except Unconfined as error:
        _answer(out, str(error)[:100].encode("ascii", "replace"))
        return
    _answer(out, hello)
    while (message := _frame(into)) is not None:
        try:
            reply = DONE + do(message[:1], message[1:])
        except BaseException as error:  # noqa: BLE001  trusted code may raise anything, and only its kind is told
            reply = RAISED + type(error).__name__.encode("ascii", "replace")
        _answer(out, reply)


def shut_in(settings: str) -> bytes:
    """Shut this process in; what the parent is told then."""
    told = json.loads(settings)
    return b"kept" if confine(told["folder"], Limits(**told["limits"]), landlocked=told["landlocked"]) else b"unkept"


class Runner:
    """The recipe, and the rows that it is tried on."""

    def __init__(self) -> None:
        self._recipe: Any = None
        self._inputs: dict[str, np.ndarray[Any, Any]] = {}
        self._targets: Any = None

    def do(self, verb: bytes, content: bytes) -> bytes:
        """Do what a frame asks for; what to answer."""
        if verb == LOAD:
            return self._load(content)
        if verb == TABLE:
            self._inputs = columns(content)
        elif verb == TARGETS:
            import numpy as np

            self._targets = np.frombuffer(content, dtype="<i8")
        elif verb in (FIT, OVERFIT):
            seed, chosen = SEED.unpack_from(content)[0], content[SEED.size :]
            return self._fit(self._recipe.fit if verb == FIT else self._recipe.overfit, seed, chosen)
        return b""

    def _load(self, source: bytes) -> bytes:
        made = types.ModuleType(MODULE)
        sys.modules[MODULE] = made
        exec(compile(source, f"{MODULE}.py", "exec"), made.__dict__)  # noqa: S102  trusted by name, and shut in
        for name in ("fit", "predict_proba"):
            if not callable(getattr(made, name, None)):
                raise NoRecipe(name)
        self._recipe = made
        return b"overfit" if callable(getattr(made, "overfit", None)) else b""

    def _fit(self, fit: Any, seed: int, chosen: bytes) -> bytes:
        import numpy as np

        rows = np.flatnonzero(np.frombuffer(chosen, dtype=np.uint8))
        _sow(seed)
        model = fit({name: column[rows] for name, column in self._inputs.items()}, self._targets[rows], seed)
        # Copies, since a recipe that works in place would change the rows of all that come after it.
        found = self._recipe.predict_proba(model, {name: column.copy() for name, column in self._inputs.items()})
        table = np.ascontiguousarray(found, dtype="<f8")
        if table.ndim != 2 or len(table) != len(self._targets):
            raise BadAnswer
        return WIDTH.pack(table.shape[1]) + table.tobytes()


def columns(stream: bytes) -> dict[str, np.ndarray[Any, Any]]:
    """The columns of a table in Arrow's stream format as arrays; texts as objects, with None where one is missing."""
    import pyarrow as pa

    table = pa.ipc.open_stream(stream).read_all()
    found = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        whole = column.combine_chunks()
        plain = whole.dictionary_decode() if pa.types.is_dictionary(whole.type) else whole
        found[name] = plain.to_numpy(zero_copy_only=False)
    return found


def _sow(seed: int) -> None:
    """Give every generator that there is the same start, those that the recipe did not ask for included."""
    import numpy as np

    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002  recipes draw from it
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(seed)


def _own_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The pipes to the parent, out of the way of a recipe that reads or prints."""
    into, out = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    return into, out


def _frame(into: BinaryIO) -> bytes | None:
    head = into.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    return into.read(_LENGTH.unpack(head)[0])


def _answer(out: BinaryIO, message: bytes) -> None:
    out.write(_LENGTH.pack(len(message)) + message)
    out.flush()

"""Pickles, read opcode by opcode and never loaded."""

from __future__ import annotations

import io
import pickletools
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import BinaryIO

MAX_OPCODES = 500_000  # ours: about a second of walking; a pickle is code-bearing however it ends
MAX_STACK = 200_000
MAX_TEXT = 512  # no module or function has a longer name
_MAX_IMPORTS = 10_000
_CHUNK = 1 << 16

_CODES = {ord(op.code): op for op in pickletools.opcodes}
_NAME = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*", re.ASCII)
_STRINGS = frozenset(
    {"STRING", "BINSTRING", "SHORT_BINSTRING", "UNICODE", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8"}
)
_LENGTH_BYTES = {
    pickletools.TAKEN_FROM_ARGUMENT1: 1,
    pickletools.TAKEN_FROM_ARGUMENT4: 4,
    pickletools.TAKEN_FROM_ARGUMENT4U: 4,
    pickletools.TAKEN_FROM_ARGUMENT8U: 8,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """What the opcodes of one pickle would do, were it loaded."""

    imports: tuple[tuple[str, str], ...]  # module and name, sorted; "?" where it is made up on the way
    calls: bool  # something is called or has its state set after an import
    has_stop: bool
    is_cut: bool  # the bytes, or our patience, ended before the pickle did
    n_opcodes: int
    size_bytes: int  # up to and with the last opcode that could be read

    @property
    def is_code(self) -> bool:
        """Whether loading these bytes would import and call: it happens before any fault further on is met."""
        return self.calls_named or (self.calls and bool(self.imports) and self.has_stop)

    @property
    def calls_named(self) -> bool:
        """Whether something is called after an import that has a possible name: chance bytes hardly ever do that."""
        return self.calls and any(_NAME.fullmatch(module) and _NAME.fullmatch(name) for module, name in self.imports)


class _Made(Enum):
    """What lies on the stack and is no string."""

    DATA = "data"
    OBJECT = "object"  # imported, or made by what was imported: it may be called


_Item = str | _Made


class _Fault(Exception):
    """The pickle asks for what is not there: a reader stops here, and so do we."""


@dataclass(slots=True)
class _State:
    stack: list[_Item] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)  # heights of the stack at its open marks
    memo: dict[int, _Item] = field(default_factory=dict)
    n_memo: int = 0
    imports: set[tuple[str, str]] = field(default_factory=set)
    calls: bool = False

    def pop(self) -> _Item:
        if len(self.stack) <= (self.marks[-1] if self.marks else 0):
            raise _Fault
        return self.stack.pop()

    def pop_to_mark(self) -> list[_Item]:
        if not self.marks:
            raise _Fault
        height = self.marks.pop()
        items = self.stack[height:]
        del self.stack[height:]
        return items

    def top(self) -> _Item:
        item = self.pop()
        self.stack.append(item)
        return item

    def call(self, what: _Item) -> None:
        if what is not _Made.OBJECT:
            raise _Fault
        self.calls = True
        self.stack.append(_Made.OBJECT)


class _Cut(Exception):
    """The bytes end inside an opcode."""


def walk(stream: BinaryIO) -> Walk:
    """Follow the opcodes from where the stream stands, to STOP, to where a reader would fail, or to our limits.

    Long arguments are passed over in pieces; what is kept is bounded by this module's limits.
    """
    state, size, n, has_stop, is_cut = _State(), 0, 0, False, False
    while not (has_stop or is_cut):
        code = stream.read(1)
        op = _CODES.get(code[0]) if code else None
        if op is None:
            is_cut = not code
            break
        try:
            argument, length = _argument(stream, op)
            _apply(state, op, argument)
        except _Cut:
            is_cut = True
            break
        except _Fault:
            break
        n, size = n + 1, size + 1 + length
        has_stop = op.name == "STOP"
        is_cut = not has_stop and (n >= MAX_OPCODES or len(state.stack) >= MAX_STACK)
    imports = tuple(sorted(state.imports))
    return Walk(
        imports=imports, calls=state.calls, has_stop=has_stop, is_cut=is_cut, n_opcodes=n,
        size_bytes=size,
    )  # fmt: skip


def is_pickle(head: bytes) -> bool:
    """Whether a file that starts so is a pickle.

    Protocol 2 and later name themselves in their first two bytes. Protocols 0 and 1 do not: taken for one is what
    imports and calls, whatever follows, and what is plain data in at least four opcodes that end with the file. Other
    plain data looks like text, and carries no code.
    """
    if len(head) > 2 and head[0] == 0x80 and head[1] <= 5:
        return head[2] in _CODES
    if not head or head[0] not in _CODES:
        return False
    seen = walk(io.BytesIO(head))
    return seen.is_code or (seen.has_stop and seen.n_opcodes >= 4 and not head[seen.size_bytes :].strip())


def _argument(stream: BinaryIO, op: pickletools.OpcodeInfo) -> tuple[str | None, int]:
    """The argument as text where it can be a name, and its length in bytes."""
    if op.arg is None:
        return None, 0
    if op.arg.n == pickletools.UP_TO_NEWLINE:
        lines = 2 if op.name in ("GLOBAL", "INST") else 1
        read = [_line(stream) for _ in range(lines)]
        return "\n".join(text.strip("'\"") if op.name == "STRING" else text for text, _ in read), sum(
            n for _, n in read
        )
    if op.arg.n >= 0:
        data = _exactly(stream, op.arg.n)
        return (str(int.from_bytes(data, "little")) if op.name.endswith(("PUT", "GET")) else None), op.arg.n
    width = _LENGTH_BYTES[op.arg.n]
    length = int.from_bytes(_exactly(stream, width), "little")
    kept = _exactly(stream, min(length, MAX_TEXT))
    _skip(stream, length - len(kept))
    return kept.decode("utf-8", "replace"), width + length


def _exactly(stream: BinaryIO, n: int) -> bytes:
    data = stream.read(n)
    if len(data) < n:
        raise _Cut
    return data


def _skip(stream: BinaryIO, n: int) -> None:
    while n > 0:
        data = stream.read(min(n, _CHUNK))
        if not data:
            raise _Cut
        n -= len(data)


def _line(stream: BinaryIO) -> tuple[str, int]:
    line = stream.readline(_CHUNK)
    length, end = len(line), line
    while end and not end.endswith(b"\n"):
        end = stream.readline(_CHUNK)
        length += len(end)
    if not end:
        raise _Cut
    return line[:MAX_TEXT].decode("utf-8", "replace").rstrip("\r\n"), length


def _apply(state: _State, op: pickletools.OpcodeInfo, argument: str | None) -> None:
    if op.name in _STRINGS:
        state.stack.append(argument or "")
    elif op.name == "MARK":
        state.marks.append(len(state.stack))
    elif op.name in _SPECIAL:
        _SPECIAL[op.name](state, argument)
    else:
        _generic(state, op)


def _generic(state: _State, op: pickletools.OpcodeInfo) -> None:
    """Take from the stack and put on it what the opcode's description says."""
    before = list(op.stack_before)
    if pickletools.markobject in before:
        state.pop_to_mark()
        before = before[: before.index(pickletools.markobject)]
    for _ in before:
        state.pop()
    state.stack.extend(_Made.DATA for _ in op.stack_after)


def _imported(state: _State, module: _Item, name: _Item) -> None:
    told = [item if isinstance(item, str) and item else "?" for item in (module, name)]
    if len(state.imports) < _MAX_IMPORTS:
        state.imports.add((told[0], told[1]))
    state.stack.append(_Made.OBJECT)


def _global(state: _State, argument: str | None) -> None:
    module, _, name = (argument or "").partition("\n")
    _imported(state, module, name)


def _inst(state: _State, argument: str | None) -> None:
    state.pop_to_mark()
    _global(state, argument)
    state.call(state.pop())


def _stack_global(state: _State, _argument: str | None) -> None:
    name, module = state.pop(), state.pop()
    _imported(state, module, name)


def _extension(state: _State, _argument: str | None) -> None:
    _imported(state, "copyreg", "?")  # a number registered in the reader's own process: what it names is not in here


def _reduce(state: _State, _argument: str | None) -> None:
    state.pop()
    state.call(state.pop())


def _obj(state: _State, _argument: str | None) -> None:
    items = state.pop_to_mark()
    if not items:
        raise _Fault
    state.call(items[0])


def _newobj_ex(state: _State, _argument: str | None) -> None:
    state.pop()
    _reduce(state, None)


def _build(state: _State, _argument: str | None) -> None:
    state.pop()
    target = state.top()
    state.calls |= target is _Made.OBJECT


def _put(state: _State, argument: str | None) -> None:
    _remember(state, _number(argument))


def _memoize(state: _State, _argument: str | None) -> None:
    _remember(state, state.n_memo)


def _remember(state: _State, key: int) -> None:
    top = state.top()
    state.n_memo += 1
    if top is _Made.DATA:
        state.memo.pop(key, None)
    else:
        state.memo[key] = top


def _get(state: _State, argument: str | None) -> None:
    state.stack.append(state.memo.get(_number(argument), _Made.DATA))


def _number(argument: str | None) -> int:
    if not (argument and argument.strip().isascii() and argument.strip().isdecimal()) or len(argument) > 20:
        raise _Fault
    return int(argument)


def _pop(state: _State, _argument: str | None) -> None:
    if state.marks and state.marks[-1] == len(state.stack):
        state.marks.pop()
    else:
        state.pop()


def _dup(state: _State, _argument: str | None) -> None:
    state.stack.append(state.top())


_SPECIAL: dict[str, Callable[[_State, str | None], None]] = {
    "GLOBAL": _global,
    "INST": _inst,
    "REDUCE": _reduce,
    "OBJ": _obj,
    "NEWOBJ": _reduce,
    "NEWOBJ_EX": _newobj_ex,
    "BUILD": _build,
    "STACK_GLOBAL": _stack_global,
    "EXT1": _extension,
    "EXT2": _extension,
    "EXT4": _extension,
    "PUT": _put,
    "BINPUT": _put,
    "LONG_BINPUT": _put,
    "MEMOIZE": _memoize,
    "GET": _get,
    "BINGET": _get,
    "LONG_BINGET": _get,
    "POP": _pop,
    "DUP": _dup,
}

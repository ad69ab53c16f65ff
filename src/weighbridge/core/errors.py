"""Every expected fault, and the exit codes.

The tree::

    WeighbridgeError            what, why, fix
    ├── Unusable         (2)    input that cannot be read, or a command that makes no sense
    │   └── Faulty       (2)    one file with several faults, each with its line and key
    ├── NotSettled       (3)    a question that is not answered yet
    ├── LedgerBroken     (4)    a seal that does not fit
    ├── Outside         (74)    disk, permission, a service, another weighing
    │   └── Unreachable (74)    a service that gives no answer
    └── Differs          (1)    a reproduction that gives something else

``Silent`` is no error: it carries an outcome (not applicable, not measured) out of an adapter to the place where a
probe runs.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


class ExitCode(IntEnum):
    """What the process says to the shell. Defined here and nowhere else."""

    DONE = 0
    REFUSED = 1
    UNUSABLE = 2
    NOT_SETTLED = 3
    LEDGER_BROKEN = 4
    OUR_BUG = 70
    OUTSIDE = 74
    INTERRUPTED = 130
    READER_LEFT = 141  # as a shell tells a closed pipe; neither done, which a gate would mean, nor refused


class WeighbridgeError(Exception):
    """An expected fault: what happened, why, and a fix that can be pasted.

    None of the three may quote personal data, secrets or extracted text.
    """

    exit_code = ExitCode.OUR_BUG

    def __init__(self, what: str, why: str, fix: str) -> None:
        super().__init__(what)
        self.what = what
        self.why = why
        self.fix = fix

    def __str__(self) -> str:
        return f"{self.what}\n  why: {self.why}\n  fix: {self.fix}"


class Unusable(WeighbridgeError):
    """Input or usage that cannot be worked with."""

    exit_code = ExitCode.UNUSABLE


class NotSettled(WeighbridgeError):
    """Something asked for a settled answer and there is none yet."""

    exit_code = ExitCode.NOT_SETTLED


class LedgerBroken(WeighbridgeError):
    """A seal of the ledger does not fit what it seals."""

    exit_code = ExitCode.LEDGER_BROKEN


class Outside(WeighbridgeError):
    """The disk, a permission, a service or another process stands in the way."""

    exit_code = ExitCode.OUTSIDE


class Unreachable(Outside):
    """A service that was asked gives no answer: what asks it is not measured, and the rest goes on."""


class Differs(WeighbridgeError):
    """A repeated measurement or replay came out otherwise."""

    exit_code = ExitCode.REFUSED


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong in one file, with the line (from 1; 0 where it has none) and the key it is about."""

    file: str
    line: int
    key: str
    says: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.key}: {self.says}" if self.key else f"{place}: {self.says}"


class Faulty(Unusable):
    """A file with faults; all of them are told at once."""

    def __init__(self, what: str, faults: Iterable[Fault], fix: str) -> None:
        self.faults = tuple(faults)
        super().__init__(what, "\n       ".join(str(fault) for fault in self.faults), fix)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word closest to `word`, or None if none is close."""
    close = difflib.get_close_matches(word, tuple(known), n=1, cutoff=0.6)
    return close[0] if close else None


def nearest_hint(word: str, known: Iterable[str]) -> str:
    """A sentence end for a fault: the nearest known word, else all of them."""
    known = tuple(known)
    close = nearest(word, known)
    return f"did you mean {close!r}?" if close else f"known: {', '.join(sorted(known))}"

"""What another tool wrote, read within bounds: a plain file, strict JSON, and numbers that are what they should be.

Whoever made the file may mean harm. No fault says more of its content than the name of a key that the tool itself
writes, and what a file calls its parts enters the evidence only where it has the form of a name.
"""

from __future__ import annotations

import json
import math
import os
import re
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from weighbridge.adapters.files import unreadable
from weighbridge.core.canon import MAX_EXACT

Table = Mapping[str, object]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}(\.[A-Za-z_][A-Za-z0-9_]{0,63}){0,3}")
_ROUNDED = 1e-6  # figures are written with eight decimals or more


class NoReport(ValueError):
    """The file is not what it should be; the message says why, and quotes nothing of it."""


@contextmanager
def opened(path: Path, most_bytes: int) -> Iterator[BinaryIO]:
    """A plain file of at most so many bytes, to be read."""
    try:
        # Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as stream:  # noqa: PTH123  a descriptor is no path
            status = os.fstat(stream.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise NoReport("it is no plain file")
            if status.st_size > most_bytes:
                raise NoReport(f"it is larger than {most_bytes >> 20} MiB")
            yield stream
    except OSError as error:
        raise unreadable(path, error) from error


def parsed(data: bytes, what: str) -> Table:
    """One JSON table; a key said twice, a number that is none, and nesting without end are no JSON here."""
    try:
        value = json.loads(data.decode(), object_pairs_hook=_once, parse_constant=_no_number)
    except NoReport:
        raise
    except (ValueError, RecursionError):  # among them what is not UTF-8, and integers of thousands of digits
        raise NoReport(f"{what} is not JSON") from None
    if not isinstance(value, dict):
        raise NoReport(f"{what} is no table")
    return value


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise NoReport("a key is said twice in one table")
    return made


def _no_number(_word: str) -> object:
    raise NoReport("it holds a number that is none")


def table(of: Table, key: str) -> Table:
    """The table under a key."""
    value = of.get(key)
    if not isinstance(value, dict):
        raise NoReport(f"{key} should be a table")
    return value


def tables(of: Table, key: str) -> tuple[Table, ...]:
    """The tables in the list under a key."""
    value = of.get(key)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise NoReport(f"{key} should be a list of tables")
    return tuple(value)


def text(of: Table, key: str) -> str:
    """The text under a key; for comparing, not for showing."""
    value = of.get(key)
    if not isinstance(value, str):
        raise NoReport(f"{key} should be a text")
    return value


def named(of: Table, key: str) -> str:
    """A name under a key, in the form that names have in Python; anything else is not repeated."""
    value = text(of, key)
    if not _NAME.fullmatch(value):
        raise NoReport(f"{key} should be a name")
    return value


def as_count(value: object, key: str) -> int:
    """How many: a whole number, as an integer or as a float that is one."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:  # noqa: PLR0124  NaN
        raise NoReport(f"{key} should be a whole number")
    if not 0 <= value <= MAX_EXACT or value != math.floor(value):
        raise NoReport(f"{key} should be a whole number that is not negative")
    return int(value)


def count(of: Table, key: str) -> int:
    """How many, under a key."""
    return as_count(of.get(key), key)


def as_share(value: object, key: str) -> float:
    """A share between 0 and 1."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise NoReport(f"{key} should lie between 0 and 1")
    return float(value)


def share(of: Table, key: str) -> float:
    """A share under a key."""
    return as_share(of.get(key), key)


def hits_of(part: float, n: int, key: str) -> int:
    """How many of n a written share stands for.

    Raises
    ------
    NoReport
        Where it is the share of no whole number of them: then it is of something else than the file says.
    """
    hits = round(part * n)
    if abs(part * n - hits) > _ROUNDED * max(1, n):
        raise NoReport(f"{key} is not the share of a whole number of what it was counted over")
    return hits

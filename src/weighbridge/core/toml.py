"""TOML text into a data class, with the line of every fault."""

from __future__ import annotations

import re
import tomllib
from typing import TypeVar

from weighbridge.core.errors import Fault, Faulty
from weighbridge.core.shape import Path, Reading, read

T = TypeVar("T")

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""")
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")
_TRIPLE = re.compile(r'"""|\'\'\'')


def parse(cls: type[T], text: str, *, file: str, fix: str) -> T:
    """The data class that this TOML text describes.

    Raises
    ------
    Faulty
        With every fault of the file: syntax, unknown and missing keys, values of the wrong kind.
    """
    what = f"cannot use {file}"
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _AT_LINE.search(str(error))
        said = _AT_LINE.sub("", str(error)).strip()
        line = int(at[1]) if at else 0
        fault = _both_ways(text, file) or Fault(file=file, line=line, key="", says=f"is not TOML: {said}")
        raise Faulty(what, [fault], fix) from error
    reading = Reading(file=file, lines=locate(text))
    made = read(cls, table, reading)
    if made is None or reading.faults:
        raise Faulty(what, reading.faults, fix)
    return made


def _both_ways(text: str, file: str) -> Fault | None:
    """The first table that stands there both as [x] and as [[x]]: TOML only says that a value is in the way."""
    seen: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if (header := _HEADER.match(line)) and seen.setdefault(header[2], header[1]) != header[1]:
            name = header[2]
            says = f"stands there both as [{name}] and as [[{name}]], and the two exclude each other: keep one of them"
            return Fault(file=file, line=number, key=name, says=says)
    return None


def locate(text: str) -> dict[Path, int]:
    """The line (from 1) of each table header and key.

    Keys inside inline tables are found at the key that holds them.
    """
    lines: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    here: Path = ()
    inside = ""  # the quotes of a multi-line string that is still open
    for number, line in enumerate(text.splitlines(), 1):
        if inside:
            inside = "" if inside in line else inside
            continue
        header, key = _HEADER.match(line), _KEY.match(line)
        if header and not key:
            here = _enter(header[2], counts, is_array=header[1] == "[[")
            lines.setdefault(here, number)
        elif key:
            lines.setdefault((*here, *_parts(key[1])), number)
            quotes = _TRIPLE.findall(line)
            inside = quotes[0] if len(quotes) % 2 else ""
    return lines


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))


def _enter(dotted: str, counts: dict[Path, int], *, is_array: bool) -> Path:
    """The path of a header, with the index of every array of tables on its way."""
    path: Path = ()
    parts = _parts(dotted)
    for n, part in enumerate(parts):
        path = (*path, part)
        if is_array and n == len(parts) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path

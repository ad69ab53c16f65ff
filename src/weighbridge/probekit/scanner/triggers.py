"""The first pass: where something may stand, by hyperscan, google-re2 or `re`, whichever is there.

The three report the same: for each start at which a trigger matches, the end of the match. Triggers are written so that
a start has one end, and without lookaround, which only `re` has.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from enum import IntEnum
from typing import Any

from weighbridge.probekit.scanner.words import (
    INTRODUCTIONS,
    STREETS_AFTER,
    STREETS_BEFORE,
    STREETS_JOINED,
    TITLES,
)


class Trigger(IntEnum):
    """What may stand there."""

    AT = 0
    SCHEME = 1
    DIGITS = 2
    DOTTED = 3
    COLONS = 4
    IBAN = 5
    CODE = 6
    DEGREE = 7
    LATITUDE = 8
    DECIMALS = 9
    STREET_AFTER = 10
    STREET_JOINED = 11
    STREET_BEFORE = 12
    TITLE = 13
    INTRODUCTION = 14
    DOMAIN = 15


def _any(words: tuple[str, ...]) -> bytes:
    return b"(?:" + b"|".join(re.escape(word.encode()) for word in words) + b")"


EXPRESSIONS: dict[Trigger, bytes] = {
    Trigger.AT: rb"@",
    Trigger.SCHEME: rb"://",
    Trigger.DIGITS: rb"(?:^|[^0-9A-Za-z_])[0-9](?:[ .()/+-]{0,3}[0-9]){6}",
    Trigger.DOTTED: rb"[0-9]\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]",
    Trigger.COLONS: rb":[0-9A-Fa-f]{0,4}:[0-9A-Fa-f]",
    Trigger.IBAN: rb"\b[A-Z]{2}[0-9]{2} ?[A-Z0-9]{4}",
    Trigger.CODE: rb"\b(?:[A-Z]{6}[0-9]{2}[A-Z]|[A-Z]{4}[0-9]{6}|[A-Z]{5}[0-9]{4}[A-Z]|[A-Z]{3}[0-9]{7}"
    rb"|[A-Z]-?[0-9]{7,9}-?[0-9A-Z]|[0-9]{7,8}-?[A-Z]|[0-9]{6}[-+A-FU-Y][0-9]{3}[0-9A-Z]"
    rb"|[A-Z]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]|[0-9]{8} ?[0-9] ?[A-Z]{2}[0-9])",
    Trigger.DEGREE: rb"[0-9] ?\xc2\xb0",
    Trigger.LATITUDE: rb"\b(?:lat|Lat|LAT|latitude|Latitude|LATITUDE)\b",
    Trigger.DECIMALS: rb"[0-9][.,][0-9]{3}[0-9]*[,;]? {0,2}[+-]?[0-9]{1,3}[.,][0-9]{3}",
    Trigger.STREET_AFTER: rb"[ -]" + _any(STREETS_AFTER) + rb"\b",
    Trigger.STREET_JOINED: rb"[a-z\x80-\xff]" + _any(STREETS_JOINED) + rb",? [0-9]",
    Trigger.STREET_BEFORE: _any(STREETS_BEFORE) + rb" [A-Z0-9\xc3-\xf0dl]",
    Trigger.TITLE: _any(TITLES) + rb"\.? ",
    Trigger.INTRODUCTION: _any(INTRODUCTIONS) + rb" ",
    Trigger.DOMAIN: rb"[A-Za-z0-9]\.[A-Za-z]{2}",
}

Engine = Callable[[bytes], list[tuple[int, int]]]
"""From a buffer the (end, trigger) of all that may stand there, in order."""


def _expressions(*, links: bool) -> dict[Trigger, bytes]:
    return {t: e for t, e in EXPRESSIONS.items() if links or t is not Trigger.DOMAIN}


@functools.cache
def by_hyperscan(*, links: bool) -> Engine:
    """The pass by hyperscan; raises ImportError where it is not installed."""
    import hyperscan

    wanted = _expressions(links=links)
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=list(wanted.values()),
        ids=[int(t) for t in wanted],
        elements=len(wanted),
        flags=[0] * len(wanted),
    )

    def scan(buffer: bytes) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        if buffer:
            add = found.append
            database.scan(buffer, match_event_handler=lambda at, _start, end, _flags, _context: add((end, at)))
        found.sort()
        return found

    return scan


@functools.cache
def by_re2(*, links: bool) -> Engine:
    """The pass by google-re2; raises ImportError where it is not installed."""
    import re2

    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1  # bytes as they are
    options.log_errors = False
    return _one_by_one([(int(t), re2.compile(e, options)) for t, e in _expressions(links=links).items()])


@functools.cache
def by_re(*, links: bool) -> Engine:
    """The pass by the standard library."""
    return _one_by_one([(int(t), re.compile(e)) for t, e in _expressions(links=links).items()])


def _one_by_one(patterns: list[tuple[int, Any]]) -> Engine:
    def scan(buffer: bytes) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        for at, pattern in patterns:
            search = pattern.search
            match = search(buffer)
            while match is not None:
                found.append((match.end(), at))
                match = search(buffer, match.start() + 1)
        return sorted(set(found))

    return scan


@functools.cache
def best_engine(*, links: bool = False) -> Engine:
    """The fastest that is installed."""
    for make in (by_hyperscan, by_re2):
        try:
            return make(links=links)
        except ImportError:
            continue
    return by_re(links=links)

"""Names of people, as far as a title or an introduction gives them away: a weak sign, and many names have neither."""

from __future__ import annotations

import re

from weighbridge.probekit.scanner.kinds import Kind, Pattern, Tier
from weighbridge.probekit.scanner.state import Pass
from weighbridge.probekit.scanner.words import TITLES

_TITLED = Pattern(slug="name-titled", kind=Kind.NAME, tier=Tier.WEAK)
_INTRODUCED = Pattern(slug="name-introduced", kind=Kind.NAME, tier=Tier.WEAK)
_WORD = rb"(?:[A-Z]\.(?= ?[A-Z])|[A-Z][\w'\x80-\xff-]{1,30}|[\xc3-\xf0][\w'\x80-\xff-]{1,60})"
_NAME = re.compile(
    _WORD + rb"(?: (?:(?:de|van|von|der|den|la|el|al|bin|bint|ben|da|dos|di|of) ){0,2}" + _WORD + rb"){0,3}"
)
_STARTS = rb"(?:The|This|That|It|I|We|You|He|She|They|And|But|Not|No|Yes|In|On|At)\b"
_TITLE = re.compile(rb"(?<![\w\x80-\xff-])(?:%s)\.? \Z" % "|".join(map(re.escape, TITLES)).encode())
_NO_NAME = re.compile(_STARTS)


def find_titled(scan: Pass, end: int) -> None:
    """A name behind a title."""
    _name_after(scan, end, _TITLED)


def find_introduced(scan: Pass, end: int) -> None:
    """A name behind words that give one's name."""
    _name_after(scan, end, _INTRODUCED)


def _name_after(scan: Pass, end: int, pattern: Pattern) -> None:
    buffer = scan.buffer
    if pattern is _TITLED and _TITLE.search(buffer[max(0, end - 24) : end]) is None:
        return  # the end of another word
    name = _NAME.match(buffer, end)
    if name is not None and not _NO_NAME.match(name[0]):
        scan.add(name.start(), name.end(), pattern)

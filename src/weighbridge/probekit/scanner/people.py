"""Names of people, as far as a title or an introduction gives them away: a weak sign, and many names have neither."""

from __future__ import annotations

import re

from weighbridge.probekit.scanner.kinds import Kind, Pattern, Tier
from weighbridge.probekit.scanner.state import Pass, is_word

_TITLED = Pattern(slug="name-titled", kind=Kind.NAME, tier=Tier.WEAK)
_INTRODUCED = Pattern(slug="name-introduced", kind=Kind.NAME, tier=Tier.WEAK)
_WORD = rb"(?:[A-Z]\.(?= ?[A-Z])|[A-Z][\w'\x80-\xff-]{1,30}|[\xc3-\xf0][\w'\x80-\xff-]{1,60})"
_NAME = re.compile(
    _WORD + rb"(?: (?:(?:de|van|von|der|den|la|el|al|bin|bint|ben|da|dos|di|of) ){0,2}" + _WORD + rb"){0,3}"
)
_STARTS = rb"(?:The|This|That|It|I|We|You|He|She|They|And|But|Not|No|Yes|In|On|At)\b"
_NO_NAME = re.compile(_STARTS)


def find_titled(scan: Pass, end: int) -> None:
    """A name behind a title."""
    _name_after(scan, end, _TITLED)


def find_introduced(scan: Pass, end: int) -> None:
    """A name behind words that give one's name."""
    _name_after(scan, end, _INTRODUCED)


def _name_after(scan: Pass, end: int, pattern: Pattern) -> None:
    buffer = scan.buffer
    head = buffer[max(0, end - 24) : end - 1]
    if pattern is _TITLED:
        title = head.rstrip(b".")
        title = title[
            max(title.rfind(b" "), title.rfind(b"\n"), title.rfind(b"\0"), title.rfind(b"("), title.rfind(b'"')) + 1 :
        ]
        if is_word(scan.byte(end - 1 - len(title) - head.count(b".") - 1)):
            return
    name = _NAME.match(buffer, end)
    if name is not None and not _NO_NAME.match(name[0]):
        scan.add(name.start(), name.end(), pattern)
        return

"""Where somebody lives or is: street addresses, and coordinates as fractions or as degrees, minutes and seconds."""

from __future__ import annotations

import re

from weighbridge.probekit.scanner.kinds import Kind, Pattern, Tier
from weighbridge.probekit.scanner.state import Pass, is_word
from weighbridge.probekit.scanner.words import POSITION_WORDS, STREETS_AFTER, STREETS_BEFORE

_STREET = Pattern(slug="street-address", kind=Kind.ADDRESS, tier=Tier.WEAK)
_EXACT = Pattern(slug="position-exact", kind=Kind.POSITION, tier=Tier.VALIDATED)  # named as such, 4 decimals: 11 m
_PAIR = Pattern(slug="position-pair", kind=Kind.POSITION, tier=Tier.WEAK)
_DEGREES = Pattern(slug="position-degrees", kind=Kind.POSITION, tier=Tier.VALIDATED)
_DEGREES_COARSE = Pattern(slug="position-degrees-coarse", kind=Kind.POSITION, tier=Tier.WEAK)
_NULL_ISLAND = Pattern(slug="position-null", kind=Kind.POSITION, tier=Tier.EXAMPLE)
_EXACT_DECIMALS = 4

_W = rb"[A-Za-z\x80-\xff][\w.'\x80-\xff-]{0,30}"
_CAPITAL = rb"[A-Z\xc3-\xf0][\w.'\x80-\xff-]{0,30}"
_WHOLE = rb"[A-Z0-9\xc3-\xf0][\w'\x80-\xff-]{0,30}"
_NUMBERED = re.compile(
    rb"(?:(?<=[\s(,;:>\"'\x00/])|(?<![\s\S]))\d{1,5}(?:[-/]\d{1,4})?[A-Za-z]?,? (?:(?:[A-Z][a-z]?\.|"
    + _WHOLE
    + rb")[ ,-]{1,2}){1,4}\Z"
)
_UNIT = re.compile(
    rb"(?:[.,]? (?:N|S|E|W|NE|NW|SE|SW)\b\.?)?(?:,? (?:Apt|Suite|Ste|Unit|Flat|#)\.? ?[0-9A-Za-z]{1,5})?"
)
_JOINED = re.compile(
    rb"[A-Z\xc3-\xd4][\w'\x80-\xff-]{1,40}\Z|(?:[A-Z\xc3-\xd4][\w'\x80-\xff-]{1,30}[ -]){1,3}[a-z\x80-\xff]{3,20}\Z"
)
_HOUSE = re.compile(rb"\d{1,4} ?[a-zA-Z]?(?:[-/]\d{1,4})?(?![\w%]|[.,]\d|:\d| ?(?:Uhr|km|m|kg|min|h)\b)")
_NAMED = re.compile(
    rb"(?:(?:d[eiou]?|del|della|des|la|las|los|le|les|da|do|dos|das|of|van|al|el|\xd9[\x80-\xbf\xa0-\xff]*) )?(?:"
    + _CAPITAL
    + rb"[ ]?(?:(?:de|del|des|la|le|les|da|do|dos|das|e|y|et|di|du) ){0,2}){1,5}"
    rb"(?:,? {0,2}(?:no|No|nr|Nr|n|num|N|\xd0\xb4|\xe2\x84\x96|n\xc2\xba|N\xc2\xba"
    rb"|\xd0\xb4\xd0\xbe\xd0\xbc)?[.:\xc2\xb0]{0,2} ?)?,? ?\d{1,5}(?:[-/ ]?[A-Za-z]\b|/\d{1,4})?(?![\w%]|[.,]\d|:\d)"
)
_FRENCH = re.compile(rb"(?:(?<=[\s(,;:>\"'\x00])|(?<![\s\S]))\d{1,4}(?: ?(?:bis|ter|quater))?,? \Z")
_BEFORE_FRENCH = (b",", b"s", b"r", *(b"%d" % n for n in range(10)))
_FRENCH_NAME = re.compile(
    rb"(?:(?:d[eu]|des|la|le|les|l'|d'|de la|de l') ?){0,2}[A-Z\xc3][\w'\x80-\xff-]{1,30}(?:[ -](?:(?:de|du|des"
    rb"|la|le) )?[A-Z\xc3][\w'\x80-\xff-]{1,30}){0,4}"
)
_KINDS = frozenset(word.split(" ")[-1].encode() for word in STREETS_BEFORE)
_TYPES = re.compile(rb"(?:" + b"|".join(re.escape(w.encode()) for w in STREETS_AFTER) + rb")\Z")

_FRACTION = rb"[+-]?\d{1,3}[.]\d{3,15}"
_COMMA = rb"[+-]?\d{1,3},\d{4,15}"
_LAT_LON = re.compile(
    rb"("
    + _FRACTION
    + rb")(?:\xc2\xb0)?(?: ?[NSns])?(?:[,;] ?| {1,2}|/)("
    + _FRACTION
    + rb")(?![\d]|[.,]\d|[,; ]{1,2}[+-]?\d+[.,]\d{3})"
    rb"|(" + _COMMA + rb")(?:; ?| {1,2}|/)(" + _COMMA + rb")(?![\d]|[.,]\d|[; ]{1,2}[+-]?\d+,\d{3})"
)
_NAMED_PAIR = re.compile(
    rb"(?i)lat(?:itude)?[\"']?[ :=\"'>]{1,4}([+-]?\d{1,2}[.,]\d{3,15})[\"']?[^\d\x00]{1,40}?l(?:on"
    rb"|ng)(?:gitude)?[\"']?[ :=\"'>]{1,4}([+-]?\d{1,3}[.,]\d{3,15})"
)
_ANGLE = (
    rb"\d{1,3}(?:[.,]\d{1,8})? ?\xc2\xb0 ?(?:\d{1,2}(?:[.,]\d{1,6})? ?(?:'|\xe2\x80\x99|\xe2\x80\xb2|\xca\xb9) ?"
    rb"(?:\d{1,2}(?:[.,]\d{1,4})? ?(?:\"|''|\xe2\x80\x9d|\xe2\x80\xb3|\xca\xba) ?)?)?"
)
_DMS = re.compile(
    rb"([NS] ?)?(" + _ANGLE + rb")(?(1)|[NS])(?:[,;/]? {0,2}| and )(?:[EWO] ?" + _ANGLE + rb"|" + _ANGLE + rb"[EWO])"
)
_LISTED = re.compile(rb"\d[.,]\d{3,}[,; ]{1,3}[+-]?\Z")


def find_street_after(scan: Pass, end: int) -> None:
    """An address whose number comes first and whose kind of street comes last: 12 Baker Street."""
    head = scan.buffer[max(0, end - 96) : end]
    kind = _TYPES.search(head)
    if kind is None:
        return
    number = _NUMBERED.search(head[: kind.start()].rsplit(b"\0", 1)[-1].rsplit(b"\n", 1)[-1])
    if number is None:
        return
    unit = _UNIT.match(scan.buffer, end)
    scan.add(end - len(kind[0]) - len(number[0]), unit.end() if unit else end, _STREET)


def find_street_joined(scan: Pass, end: int) -> None:
    """An address whose kind of street ends its name, before the number: Hauptstraße 12."""
    buffer = scan.buffer
    at = end - 1
    house = _HOUSE.match(buffer, at)
    if house is None:
        return
    name = buffer[max(0, at - 80) : at].rstrip(b", .").rsplit(b"\0", 1)[-1].rsplit(b"\n", 1)[-1]
    word = _JOINED.search(name)
    if word is not None:
        start = at - (len(buffer[max(0, at - 80) : at]) - buffer[max(0, at - 80) : at].rfind(word[0]))
        scan.add(start, house.end(), _STREET)


def find_street_before(scan: Pass, end: int) -> None:
    """An address whose kind of street comes first: Calle Mayor 5, 5 rue de la Paix."""
    buffer, end = scan.buffer, end - 1
    head = buffer[max(0, end - 24) : end - 1]
    start = (
        end
        - 1
        - (
            len(head)
            - max(head.rfind(b" "), head.rfind(b"\n"), head.rfind(b"\0"), head.rfind(b"("), head.rfind(b","))
            - 1
        )
    )
    if buffer[start : end - 1] not in _KINDS:
        return  # the end of another word
    before = buffer[max(0, start - 16) : start]
    number = _FRENCH.search(before.rsplit(b"\0", 1)[-1]) if before[-2:-1] in _BEFORE_FRENCH else None
    if number is not None:
        name = _FRENCH_NAME.match(buffer, end)
        if name is not None:
            scan.add(start - len(number[0].lstrip()), name.end(), _STREET)
            return
    name = _NAMED.match(buffer, end)
    if name is not None:
        scan.add(start, name.end(), _STREET)


def find_pair(scan: Pass, end: int) -> None:
    """Latitude and longitude as fractions, side by side; a longer row of fractions is none."""
    buffer = scan.buffer
    head = buffer[max(0, end - 48) : end]
    start = end - (len(head) - len(head.rstrip(b"0123456789.,;+- ")))
    found = _LAT_LON.search(buffer, start, end + 72)
    if found is None or found.start() >= end:
        return
    scan.done[9] = found.end()
    if is_word(scan.byte(found.start() - 1)) or _LISTED.search(buffer[max(0, found.start() - 24) : found.start()]):
        return
    first, second = found[1] or found[3], found[2] or found[4]
    _add_pair(scan, found.start(), found.end(), first, second)


def find_latitude(scan: Pass, end: int) -> None:
    """Latitude and longitude by name, as in JSON."""
    found = _NAMED_PAIR.match(scan.buffer, end - (8 if scan.buffer[end - 3 : end].lower() == b"ude" else 3))
    if found is not None:
        _add_pair(scan, found.start(), found.end(), found[1], found[2])


def _add_pair(scan: Pass, start: int, end: int, first: bytes, second: bytes) -> None:
    a, b = (float(written.replace(b",", b".")) for written in (first, second))
    if min(abs(a), abs(b)) > 90 or max(abs(a), abs(b)) > 180:
        return
    named = POSITION_WORDS.search(scan.context(start)) is not None or POSITION_WORDS.match(
        scan.buffer[start : start + 4].lower()
    )
    if not named and max(abs(a), abs(b)) <= 1:
        return  # two shares, as measures are written
    decimals = min(len(re.split(rb"[.,]", written)[1]) for written in (first, second))
    if a == 0 and b == 0:
        scan.add(start, end, _NULL_ISLAND)
    else:
        scan.add(start, end, _EXACT if named and decimals >= _EXACT_DECIMALS else _PAIR)


def find_degrees(scan: Pass, end: int) -> None:
    """Latitude and longitude in degrees."""
    buffer = scan.buffer
    begin = max(scan.done[7], end - 20)
    found = _DMS.search(buffer, begin, min(len(buffer), end + 72))
    if found is None or is_word(scan.byte(found.start() - 1)):
        return
    scan.done[7] = found.end()
    seconds = (
        found[0].count(b'"') + found[0].count(b"\xe2\x80\xb3") + found[0].count(b"''") + found[0].count(b"\xe2\x80\x9d")
    )
    fraction = re.search(rb"[.,]\d{4}", found[0])
    scan.add(found.start(), found.end(), _DEGREES if seconds or fraction else _DEGREES_COARSE)

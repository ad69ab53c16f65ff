"""Identifiers of digits: cards, phone numbers, national numbers; and what only looks like them.

A run is all that digits and the signs between them make without a break. It is read from left to right, group by group:
dates, fractions, versions and long numbers are passed over, and what remains is tried as a card, a national number and
a phone number, in this order. Each group is looked at a bounded number of times.
"""

from __future__ import annotations

import re

from weighbridge.probekit.cards import CARD_RANGE
from weighbridge.probekit.scanner.examples import is_example_card, is_example_number, is_example_phone
from weighbridge.probekit.scanner.kinds import Kind, Pattern, Tier
from weighbridge.probekit.scanner.officials import shaped_like
from weighbridge.probekit.scanner.phones import Call, calling_code, international, is_in_region, reaches
from weighbridge.probekit.scanner.state import Pass, is_digit, is_letter, is_word
from weighbridge.probekit.scanner.tokens import told
from weighbridge.probekit.scanner.words import CARD_WORDS, PHONE_WORDS

_CARD_CHANCE = 0.1  # Luhn: one in ten, of numbers that begin like a card
_CARD = Pattern(slug="card-grouped", kind=Kind.CARD, tier=Tier.VALIDATED, chance=_CARD_CHANCE)
_CARD_NAMED = Pattern(slug="card-named", kind=Kind.CARD, tier=Tier.VALIDATED, chance=_CARD_CHANCE)
_CARD_BARE = Pattern(slug="card-bare", kind=Kind.CARD, tier=Tier.VALIDATED, chance=_CARD_CHANCE)
_CARD_EXAMPLE = Pattern(slug="card-example", kind=Kind.CARD, tier=Tier.EXAMPLE)
_ABROAD = Pattern(slug="phone-international", kind=Kind.PHONE, tier=Tier.VALIDATED)
_UNASSIGNED = Pattern(slug="phone-unassigned", kind=Kind.PHONE, tier=Tier.WEAK)
_NAMED = Pattern(slug="phone-named", kind=Kind.PHONE, tier=Tier.WEAK)
_REGIONAL = Pattern(slug="phone-region", kind=Kind.PHONE, tier=Tier.VALIDATED)
_REGIONAL_WEAK = Pattern(slug="phone-region-bare", kind=Kind.PHONE, tier=Tier.WEAK, chance=0.5)
_FORMATTED = Pattern(slug="phone-formatted", kind=Kind.PHONE, tier=Tier.WEAK)
_PHONE_EXAMPLE = Pattern(slug="phone-example", kind=Kind.PHONE, tier=Tier.EXAMPLE)

_RUN = b"0123456789 .()/+-"
_REST = re.compile(rb"[0-9 .()/+-]*")
_NEXT = re.compile(rb"[+(]{0,2}\d+")
_EXTENSION = re.compile(rb"(?:x|ext\.?) ?\d{1,6}(?!\w)")
_CENTURIES = (b"19", b"20")
_SPOKEN = 32  # bytes before a number within which a word says that it can be called; ours
_GROUP = re.compile(rb"\d+")
_FEWEST = 7  # digits of any identifier
_MOST = 64  # bytes of one identifier with its signs

# What is no identifier, by its form: dates, compact dates, fractions, versions, long numbers.
_SKIP = re.compile(
    rb"\d{20,}"
    rb"|(?:1[6-9]|20)\d\d([-/.])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])(?!\d)"
    rb"|(?:0?[1-9]|[12]\d|3[01])([-/.])(?:0?[1-9]|[12]\d|3[01])\2(?:1[6-9]|20)\d\d(?!\d)"
    rb"|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[ -]?(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?)?"
    rb"(?!\d|[-+]\d{4}(?!\d))"
    rb"|(?:19|20)\d\d(?: ?[-/ ] ?(?:19|20)\d\d){1,40}(?![\d-])"
    rb"|\d+\.\d{5,}(?![\d-])|\d{1,3}\.\d{4}(?![\d. -])"
    rb"|\d{1,3}(?:\.\d{1,3}){3}(?![\d.-])"
    rb"|[1-9]\d{0,2}(?: 000)+(?![\d-])"
)
_THOUSANDS = re.compile(rb"[1-9]\d{0,2}(?:\.\d{3})+(?![\d.-])")
_CARD_SHAPE = re.compile(
    rb"(?:\d{4}([ -]?)\d{4}\1\d{4}\1\d{4}(?:\1?\d{1,3})?|3\d{3}([ -]?)\d{6}\2\d{4,5}|\d{12,19})(?![\d])(?!-\d)"
)
_BLOCK = re.compile(rb"\d+(?:[ ./+-]\d+){0,5}")
_LETTER = re.compile(rb"-?[kK](?!\w)|[Xx](?!\w)")  # the check digit for ten, in Chile and in China
_ABROAD_SHAPE = re.compile(rb"(?:\+|00|011 ?(?=[1-9]))[ (]{0,2}\d(?:[ ./-]{0,3}\(?\d|\)[ ./-]{0,2}\(?\d){6,16}(?!\d)")
_TRUNK_IN_BRACKETS = re.compile(rb"\(0\)")
_HOME_SHAPE = re.compile(rb"(?:\(\d{1,5}\)[ ./-]{0,2}\d{2,8}|\d{1,13})(?:(?:[ ./-]| [/-] )\d{2,8}){0,6}(?!\d)")
_NORTH_AMERICAN = re.compile(
    rb"(?:1[ .-])?\(?[2-9]\d\d\)?[ ./-]{0,3}[2-9]\d\d[ .-]\d{4}(?![\d-])|\([2-9]\d\d\) ?[2-9]\d{6}(?!\d)"
)
_TRUNK = re.compile(
    rb"\(?0[1-9]\d{0,4}\)?(?:[ ./-]{1,3}\d{2,8}){1,5}(?![\d])"
    rb"|\(0\d{1,4}\)[ ./-]{0,2}\d{3,8}(?:[ -]\d{2,4})?(?!\d)|0 ?800[ -]\d{3,6}(?: \d{2,4})?(?!\d)"
)
_BRACKETED = re.compile(rb"\(\d{2,4}\)[ .-]{0,2}\d{3,5}[ .-]\d{3,5}(?![\d-])")
_SOCIAL = re.compile(rb"\d{3}-\d{2}-\d{4}")  # of the form of a number of the US, and not one of them
_MONEY = re.compile(
    rb"(?:[$%#=]|\xe2\x82\xac|\xc2\xa3|\xc2\xa5|usd|eur|gbp|rs\.?|chf|no\.|nr\.|isbn(?:-1[03])?|issn|doi|order"
    rb"|invoice|version|ref\.?|page|pp\.) ?[:#]?$"
)
_GLUE = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-/.&%@\\"
_DIGITS = bytes(c for c in range(256) if not 48 <= c <= 57)


def _digits(written: bytes) -> str:
    return written.translate(None, _DIGITS).decode()


def find_digits(scan: Pass, end: int) -> None:
    """All identifiers of a run of digits."""
    buffer = scan.buffer
    head = buffer[max(0, end - _MOST) : end]
    start = end - (len(head) - len(head.rstrip(_RUN)))
    rest = _REST.match(buffer, end)
    stop = rest.end() if rest else end
    scan.done[2] = stop
    at = start
    while at < stop:
        group = _NEXT.search(buffer, at, stop)
        if group is None or stop - group.start() < _FEWEST:
            return
        begin = group.start()
        if begin and buffer[begin - 1] in _GLUE and _is_glued(scan, begin):
            space = buffer.find(b" ", group.end(), stop)
            at = space if space >= 0 else stop
            continue
        at = _read(scan, begin, group.end())


def _is_glued(scan: Pass, begin: int) -> bool:
    """Whether the digits are part of a word or a sign before them, such as a code, a hash or a path."""
    before = scan.byte(begin - 1)
    further = scan.byte(begin - 2)
    if is_word(before) or (before == 46 and is_word(further)):
        return not PHONE_WORDS.search(scan.context(begin)[-12:])
    return before in b"-/\\&%@" and is_letter(further)


def _read(scan: Pass, begin: int, group_end: int) -> int:
    """Try what begins here; where to go on."""
    buffer = scan.buffer
    skipped = _SKIP.match(buffer, begin)
    if skipped is not None and not is_word(scan.byte(skipped.end())) and not _is_spoken_for(scan, begin, skipped.end()):
        return max(skipped.end(), group_end)
    if buffer[begin] in b"+(":
        return _try_phone(scan, begin) or group_end
    end = _try_card(scan, begin) or _try_official(scan, begin)
    if not end and (amount := _THOUSANDS.match(buffer, begin)) and not _is_spoken_for(scan, begin, amount.end()):
        end = amount.end()
    return end or _try_phone(scan, begin) or group_end


def _is_spoken_for(scan: Pass, begin: int, end: int) -> bool:
    """Whether a word says that what looks like a fraction or a version is a number to call."""
    written = scan.buffer[begin:end]
    if (
        len(written) > 16
        or written.count(b".") > 2
        or b"/" in written
        or written[:2] in _CENTURIES
        or written[-4:-2] in _CENTURIES
    ):
        return False
    return PHONE_WORDS.search(scan.context(begin)[-16:]) is not None


def _is_cut(scan: Pass, end: int) -> bool:
    """Whether a word goes on right behind the digits; the extension of a phone number is none."""
    after = scan.byte(end)
    if is_word(after):
        return _EXTENSION.match(scan.buffer, end) is None
    return after in b"-%" and after > 0 and is_letter(scan.byte(end + 1))


def _try_card(scan: Pass, begin: int) -> int:
    match = _CARD_SHAPE.match(scan.buffer, begin)
    if match is None or _is_cut(scan, match.end()):
        return 0
    written = match[0]
    digits = _digits(written)
    if len(digits) > 16 and (written[-3:-2] in b" -" or written[-4:-3] in b" -") and not digits.startswith("62"):
        cut = max(written.rfind(b" "), written.rfind(b"-"))  # 16 digits, and the three on the back of the card
        written, digits = written[:cut], _digits(written[:cut])
    if not CARD_RANGE.fullmatch(digits):
        return 0
    grouped = len(written) > len(digits)
    pattern = _CARD_NAMED if CARD_WORDS.search(scan.context(begin)[-_SPOKEN:]) else _CARD if grouped else _CARD_BARE
    scan.attempt(begin, pattern)
    end = begin + len(written)
    if not _luhn(digits.encode()):
        return end if grouped else 0  # no part of it is another number
    scan.add(begin, end, _CARD_EXAMPLE if is_example_card(digits) else pattern)
    return end


_ONES = bytes(c - 48 if 48 <= c <= 57 else 0 for c in range(256))
_DOUBLED = bytes((0, 2, 4, 6, 8, 1, 3, 5, 7, 9)[c - 48] if 48 <= c <= 57 else 0 for c in range(256))


def _luhn(digits: bytes) -> bool:
    return (sum(digits[::-2].translate(_ONES)) + sum(digits[-2::-2].translate(_DOUBLED))) % 10 == 0


def _try_official(scan: Pass, begin: int) -> int:
    """The longest beginning, cut at a sign, that is a national number."""
    buffer = scan.buffer
    block = _BLOCK.match(buffer, begin)
    if block is None:
        return 0
    written, is_part = block[0], _is_part(scan, begin)
    for length in _cuts(written):
        if not 7 <= length < 24 or (is_part and not written[:length].isdigit()):
            continue
        part = written[:length]
        letter = _LETTER.match(buffer, begin + length)
        if letter is not None:
            part += letter[0]
        if shaped_like(part) and not _is_cut(scan, begin + len(part)):
            end = _first(scan, begin, part)
            if end:
                return end
    return 0


def _is_part(scan: Pass, begin: int) -> bool:
    """Whether another group of digits stands right before, so that this is the rest of something longer."""
    before = scan.byte(begin - 1)
    return before in (32, 45, 46, 47) and is_digit(scan.byte(begin - 2))


def _first(scan: Pass, begin: int, written: bytes) -> int:
    weak = None
    is_example = is_example_number(_digits(written))
    for entry in shaped_like(written):
        if not entry.fits(written):
            continue
        if is_example and entry.official.alone and not written.isdigit():
            scan.add(begin, begin + len(written), entry.example)
            return begin + len(written)
        pattern = told(scan, begin, written, entry)
        if pattern is None:
            continue
        if is_example:
            pattern = entry.example
        if pattern.tier is not Tier.WEAK:
            scan.add(begin, begin + len(written), pattern)
            return begin + len(written)
        weak = weak or pattern
    if weak is None:
        return 0
    scan.add(begin, begin + len(written), weak)
    return begin + len(written)


def _try_phone(scan: Pass, begin: int) -> int:
    buffer = scan.buffer
    first = buffer[begin]
    if first in b"+0(":
        abroad = _ABROAD_SHAPE.match(buffer, begin)
        if abroad is not None and (first == 43 or not buffer[begin : begin + 6].isdigit()):
            end = _abroad(scan, begin, abroad[0])
            if end or first == 43:
                return end
    home = _HOME_SHAPE.match(buffer, begin) if first != 43 else None
    if home is None:
        return 0
    for length in _cuts(home[0]):
        part = home[0][:length]
        if not 7 <= len(_digits(part)) <= 13 or _is_cut(scan, begin + length):
            continue
        pattern = _told_phone(scan, begin, part)
        if pattern is not None:
            if _MONEY.search(scan.context(begin)):
                return 0
            scan.add(begin, begin + length, pattern)
            return begin + length
    return 0


def _abroad(scan: Pass, begin: int, written: bytes) -> int:
    """A number with its calling code: the longest beginning, cut at a sign, that reaches somebody."""
    prefix = 1 if written[:1] == b"+" else 3 if written[:3] == b"011" else 2
    first = 0
    for length in _cuts(written):
        part = written[:length]
        digits = _digits(_TRUNK_IN_BRACKETS.sub(b"", part[prefix:]))
        if not 7 <= len(digits) <= 15:
            continue
        first = first or length
        call = reaches(digits)
        if call in (Call.SOMEBODY, Call.OFFICE) and not _is_cut(scan, begin + length):
            example = call is Call.OFFICE or is_example_phone(digits)
            scan.add(begin, begin + length, _PHONE_EXAMPLE if example else _ABROAD)
            return begin + length
    digits = _digits(_TRUNK_IN_BRACKETS.sub(b"", written[prefix:first]))
    if first and prefix == 1 and calling_code(digits) and not _is_cut(scan, begin + first):
        scan.add(begin, begin + first, _PHONE_EXAMPLE if is_example_phone(digits) else _UNASSIGNED)
        return begin + first
    return 0


def _cuts(written: bytes) -> list[int]:
    """Lengths of beginnings that end with a group of digits, longest first."""
    return [len(written)] if written.isdigit() else [m.end() for m in _GROUP.finditer(written)][::-1]


def _told_phone(scan: Pass, begin: int, part: bytes) -> Pattern | None:
    """Which pattern of a number without a calling code this is an instance of."""
    digits = _digits(part)
    is_bare = part.isdigit()
    spoken = PHONE_WORDS.search(scan.context(begin)[-_SPOKEN:]) is not None
    for region in scan.hints.regions:
        if is_bare and not spoken:
            scan.attempt(begin, _REGIONAL_WEAK)
        call = is_in_region(digits, region)
        if call not in (Call.SOMEBODY, Call.OFFICE):
            continue
        if call is Call.OFFICE or is_example_phone(international(digits, region)):
            return _PHONE_EXAMPLE
        return _REGIONAL if spoken or (not is_bare and _is_phone_form(part)) else _REGIONAL_WEAK
    if not is_bare and is_example_phone("1" + digits[-10:]) and _NORTH_AMERICAN.fullmatch(part):
        return _PHONE_EXAMPLE
    if spoken and not (is_bare and len(digits) > 12):
        return _NAMED
    return _FORMATTED if not is_bare and _is_phone_form(part) else None


def _is_phone_form(part: bytes) -> bool:
    if not 9 <= len(_digits(part)) <= 12 or _SOCIAL.fullmatch(part) is not None:
        return False
    return any(form.fullmatch(part) is not None for form in (_NORTH_AMERICAN, _TRUNK, _BRACKETED))

"""Identifiers that are one word: addresses of mail, of machines and of the web, account numbers with letters."""

from __future__ import annotations

import functools
import ipaddress
import re

from weighbridge.probekit.scanner.examples import (
    is_example_host,
    is_example_iban,
    is_example_ip,
    is_example_mail,
    is_example_quad,
    is_file_name,
)
from weighbridge.probekit.scanner.kinds import Kind, Pattern, Tier
from weighbridge.probekit.scanner.officials import Checked, checked
from weighbridge.probekit.scanner.state import Pass, is_word

_MAIL = Pattern(slug="mail", kind=Kind.EMAIL, tier=Tier.VALIDATED)
_MAIL_ODD = Pattern(slug="mail-unusual-domain", kind=Kind.EMAIL, tier=Tier.WEAK)
_MAIL_EXAMPLE = Pattern(slug="mail-example", kind=Kind.EMAIL, tier=Tier.EXAMPLE)
_USER = Pattern(slug="url-userinfo", kind=Kind.ACCOUNT, tier=Tier.VALIDATED)
_PROFILE = Pattern(slug="url-profile", kind=Kind.ACCOUNT, tier=Tier.VALIDATED)
_HANDLE = Pattern(slug="url-handle", kind=Kind.ACCOUNT, tier=Tier.WEAK)
_USER_EXAMPLE = Pattern(slug="url-example", kind=Kind.ACCOUNT, tier=Tier.EXAMPLE)
_LINK = Pattern(slug="link", kind=Kind.LINK, tier=Tier.WEAK)
_IP = Pattern(slug="ip", kind=Kind.IP, tier=Tier.VALIDATED)
_IP_WEAK = Pattern(slug="ip-unsure", kind=Kind.IP, tier=Tier.WEAK)
_IP_EXAMPLE = Pattern(slug="ip-example", kind=Kind.IP, tier=Tier.EXAMPLE)
_IBAN = Pattern(slug="iban", kind=Kind.IBAN, tier=Tier.VALIDATED, chance=0.0)
_IBAN_EXAMPLE = Pattern(slug="iban-example", kind=Kind.IBAN, tier=Tier.EXAMPLE)

_LOCAL = bytes(c for c in range(128) if chr(c).isalnum() or chr(c) in "._%+-'!#$&*/=?^`{|}~") + bytes(range(128, 256))
_QUOTING = (
    b"'`*_|{}#=/&?!$^~%.+-"  # begin no address: quotes, markup, and what stands before one in an address of the web
)
_LABEL = rb"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\."
_WIDE = rb"[0-9A-Za-z\x80-\xff-]{1,80}\."
_HOST = re.compile(
    rb"(?:" + _LABEL + rb"){1,8}(?:xn--[a-z0-9-]{2,40}|[A-Za-z]{2,24})(?![A-Za-z0-9_-]|\.[A-Za-z0-9])"
    rb"|(?:" + _WIDE + rb"){1,8}(?:[\x80-\xff]{4,60}|[A-Za-z]{2,24})(?![A-Za-z0-9_-])"
)
_TAIL = re.compile(rb"[!-~]*\Z")
_QUOTES = "".join(dict.fromkeys("“”„«»‘’‚。，、：；（）「」،؛"))
_OWN_SCRIPT = re.compile("[぀-ヿ㐀-鿿가-힣฀-๿]")  # written without spaces: a word ends where ASCII begins
_COMMON = frozenset(
    b"""
    com org net edu gov mil int info biz name pro aero coop museum mobi jobs travel tel cat asia post xxx app
    dev io ai cloud online site xyz top shop store club blog live news tech space website email global world
    life digital agency company solutions services center network group team media design studio art health care
    doctor clinic foundation ngo ong church school academy university college berlin london paris nyc wien
    hamburg koeln bayern africa lat
    """.split()
)

_URL = re.compile(
    rb"([A-Za-z0-9._~%!$&'()*+,;=\x80-\xff-]{1,64})(?::[^\s\x00@/]{0,128})?@"
    rb"((?:[A-Za-z0-9\x80-\xff-]{1,63}\.){0,8}[A-Za-z0-9\x80-\xff-]{1,63})"
)
_PLACE = re.compile(
    rb"(?:[A-Za-z0-9\x80-\xff-]{1,63}\.){1,8}[A-Za-z\x80-\xff]{2,24}(?::\d{1,5})?(?:[/?#][!-~\x80-\xff]{0,2000})?"
)
_PERSON = re.compile(
    rb"(?i)(?:www\.)?(?:[a-z]{2}\.)?(?:linkedin\.com/in/[\w%.-]{3,100}"
    rb"|facebook\.com/(?:profile\.php\?id=\d{4,20}|people/[^/\s]{1,80}/\d{4,20})"
    rb"|(?:api\.)?wa\.me/\d{7,15}|orcid\.org/\d{4}-\d{4}-\d{4}-\d{3}[\dX]|vk\.com/id\d{1,12}"
    rb"|steamcommunity\.com/profiles/\d{17}"
    rb"|ok\.ru/profile/\d{5,20})"
)
_ACCOUNT = re.compile(
    rb"(?i)(?:www\.|m\.|old\.|mobile\.)?(?:(?:twitter|x|instagram|threads|tiktok|youtube|medium|facebook|t"
    rb"|telegram|snapchat|pinterest|vk|github"
    rb"|gitlab|keybase|soundcloud|twitch|flickr|tumblr|patreon|linktr|weibo)\.(?:com|net|me|io|tv"
    rb"|ee)/@?(?!(?:home|search|hashtag|explore|share"
    rb"|intent|watch|login|about|help|terms|privacy|settings|status|p|reel|c|channel|playlist|groups|pages"
    rb"|events|joinchat|s|i|orgs|topics"
    rb"|features|sharer|sharer\.php|dialog)(?:[/?#]|$))[\w.%-]{2,60}(?=/?(?:$|[?#\s\"'<>),.\]]))"
    rb"|(?:www\.|old\.)?reddit\.com/(?:u|user)/[\w-]{3,30}|[a-z0-9.-]{3,60}/@[\w.]{2,40}"
    rb"|[a-z0-9.-]{3,60}/~[\w.-]{2,40}"
    rb"|[a-z0-9.-]{3,60}/(?:users?|profiles?|members?|people)/[\w.%-]{2,60})"
)
_SERVICES = frozenset(
    (
        b"git",
        b"hg",
        b"svn",
        b"anonymous",
        b"ftp",
        b"user",
        b"username",
        b"root",
        b"guest",
        b"token",
        b"oauth2",
        b"x-access-token",
    )
)
_QUAD = re.compile(rb"(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}(?![\w]|\.\d)")
_VERSION = re.compile(
    rb"(?:v|ver|version|release|firmware|build|rev|chrome/|safari/|edge/|opera/|firefox/|oid|section|chapter|clause)"
    rb"[ .:=\"']{0,3}$|[a-z]/$|[>=<~]=|\^$"
)
_VERSION_COLUMN = re.compile(rb"(?:^| )(?:ver|vers|versions?|release|firmware|build|rev) *$")  # named so as a whole
_PREFIX = re.compile(rb"/(\d{1,2})(?![\d.])")
_LARGE_NETWORK = 28  # bits; from here on up a network is one customer's. Ours
_BEFORE_VERSION = b".:=\"'/^"
_IP_WORDS = re.compile(
    rb"ip|addr|host|client|remote|src|dst|source|server|from|login|dns|gateway|proxy|user|ping|x-forwarded|peer"
)
_HEXES = b"0123456789abcdefABCDEF:"
# ISO 13616: how many characters an IBAN of each country has, as of the SWIFT registry of 2025.
_IBAN_LENGTHS = {
    entry[:2].encode(): int(entry[2:])
    for entry in """
        AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20
        EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30
        KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23
        PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26
        UA29 VA22 VG24 XK20 YE30
    """.split()  # noqa: SIM905  a table is easier to read than a list
}
_VALUES = {c: str(int(chr(c), 36)) for c in b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
_IBAN_SHAPE = re.compile(rb"[A-Z]{2}\d{2}(?:[A-Z0-9]{11,30}|(?: [A-Z0-9]{4}){2,7}(?: [A-Z0-9]{1,4})?)(?![A-Za-z0-9])")
_CODE = re.compile(rb"[A-Z0-9+-]{8,20}")
_NINO = re.compile(
    rb"(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D](?![A-Za-z0-9])"
)
_NINO_PATTERN = Pattern(slug="id-gb-nino", kind=Kind.NATIONAL_ID, tier=Tier.VALIDATED)
_NINO_EXAMPLE = Pattern(slug="id-gb-nino-example", kind=Kind.NATIONAL_ID, tier=Tier.EXAMPLE)
_NINO_EXAMPLES = (b"AB123456C", b"JG103759A")


def find_mail(scan: Pass, end: int) -> None:
    """An address of mail around an @."""
    buffer, at = scan.buffer, end - 1
    left = buffer[max(0, at - 128) : at]
    local = left[len(left.rstrip(_LOCAL)) :].lstrip(_QUOTING)
    if not local.isascii():
        local = _own_part(local)
    if not local or len(local) > 64 or local[-1:] == b"." or b".." in local or _is_password(scan, at - len(local)):
        return
    host = _HOST.match(buffer, end)
    if host is None:
        return
    domain = host[0].lower()
    if not domain.isascii():
        domain = domain.decode("utf-8", "ignore").encode()  # cut inside a letter
    scan.add(at - len(local), host.end(), _mail(local.lower(), domain))


def _is_password(scan: Pass, start: int) -> bool:
    """Whether it stands in an address of the web, between the user and the machine."""
    if scan.byte(start - 1) not in b":/":
        return False
    before = scan.buffer[max(0, start - 80) : start]
    scheme = before.rfind(b"://")
    return scheme >= 0 and not any(space in before[scheme:] for space in (b" ", b"\n", b"\0"))


def _mail(local: bytes, domain: bytes) -> Pattern:
    if is_file_name(domain) and domain.count(b".") == 1:
        return _MAIL_ODD
    if is_example_mail(local, domain):
        return _MAIL_EXAMPLE
    last = domain.rpartition(b".")[2]
    usual = len(last) == 2 or last in _COMMON or not last.isascii() or last.startswith(b"xn--")
    return _MAIL if usual else _MAIL_ODD


def _own_part(local: bytes) -> bytes:
    """The address without the words that run into it in a script without spaces."""
    tail = _TAIL.search(local)
    ascii_part = tail[0].lstrip(_QUOTING) if tail else b""
    rest = local[: len(local) - len(tail[0])] if tail else local
    if ascii_part and _OWN_SCRIPT.search(rest.decode("utf-8", "ignore")):
        return ascii_part
    text = local.decode("utf-8", "ignore").lstrip(_QUOTES)
    return text.encode()


def find_url(scan: Pass, end: int) -> None:
    """An address of the web that names a user, behind ://."""
    buffer = scan.buffer
    head = buffer[max(0, end - 15) : end - 3]
    scheme = head[len(head.rstrip(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.")) :]
    start = end - 3 - len(scheme)
    if not scheme:
        return
    user = _URL.match(buffer, end)
    if user is not None:
        made_up = user[1].lower() in _SERVICES or is_example_host(user[2].lower())
        scan.add(start, user.end(), _USER_EXAMPLE if made_up else _USER)
        return
    place = _PLACE.match(buffer, end)
    if place is not None:
        _add_place(scan, start, end, end + len(place[0].rstrip(b".,;:!?)]}>\"'")))


def _add_place(scan: Pass, start: int, at: int, end: int) -> None:
    place = scan.buffer[at:end]
    if _PERSON.match(place):
        scan.add(start, end, _PROFILE)
    elif _ACCOUNT.match(place):
        made_up = is_example_host(place.partition(b"/")[0].lower())
        scan.add(start, end, _USER_EXAMPLE if made_up else _HANDLE)
    elif scan.hints.links:
        scan.add(start, end, _LINK)


def find_link(scan: Pass, end: int) -> None:
    """An address of the web without its scheme; only where plain addresses are asked for."""
    buffer, dot = scan.buffer, end - 3
    head = buffer[max(0, dot - 63) : dot]
    label = head[len(head.rstrip(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")) :]
    start = dot - len(label)
    if scan.byte(start - 1) in b"@/.:_" or not label:
        return
    place = _PLACE.match(buffer, start)
    if place is None:
        return
    host = place[0].partition(b"/")[0].partition(b"?")[0].partition(b":")[0]
    last = host.rpartition(b".")[2].lower()
    stop = start + len(place[0].rstrip(b".,;:!?)]}>\"'"))
    known = last in _COMMON or (len(last) == 2 and last.islower() and host[host.rfind(b".") + 1 :].islower())
    if known and scan.byte(start + len(host)) != 64:
        scan.done[_DOMAIN] = stop
        _add_place(scan, start, start, stop)


_DOMAIN = 15  # Trigger.DOMAIN; triggers are no import of finders


def find_quad(scan: Pass, end: int) -> None:
    """An IPv4 address."""
    buffer = scan.buffer
    head = buffer[max(0, end - 20) : end]
    start = end - (len(head) - len(head.rstrip(b"0123456789.")))
    match = _QUAD.match(buffer, start)
    if match is None or match.end() < end or is_word(scan.byte(start - 1)):
        return
    scan.done[3] = match.end()
    parts = tuple(map(int, match[0].split(b".")))
    if is_example_quad(parts) or _is_network(parts, scan.buffer[match.end() : match.end() + 4]):
        pattern = _IP_EXAMPLE
    else:
        small = max(parts) < 20  # 1.2.3.4: a version or a paragraph as well
        pattern = _IP_WEAK if small and not _IP_WORDS.search(scan.context(start)) else _IP
    before = scan.byte(start - 1)
    if (before in _BEFORE_VERSION or before == 32) and _VERSION.search(scan.context(start)):
        return
    if not before and _VERSION_COLUMN.search(scan.context(start)):
        return
    scan.add(start, match.end(), pattern)


def _is_network(parts: tuple[int, ...], behind: bytes) -> bool:
    """Whether it is a network of many machines, written with its length behind, and no machine of it."""
    length = _PREFIX.match(behind)
    if length is None or int(length[1]) > _LARGE_NETWORK:
        return False
    address = int.from_bytes(bytes(parts), "big")
    return not address & (0xFFFFFFFF >> int(length[1]))


def find_colons(scan: Pass, end: int) -> None:
    """An IPv6 address."""
    buffer = scan.buffer
    head = buffer[max(0, end - 48) : end]
    start = end - (len(head) - len(head.rstrip(_HEXES)))
    tail = buffer[end : end + 48]
    stop = end + len(tail) - len(tail.lstrip(_HEXES + b"."))
    scan.done[4] = stop
    if is_word(scan.byte(start - 1)) or is_word(scan.byte(stop)):
        return
    written = buffer[start:stop].rstrip(b".:") if not buffer[start:stop].endswith(b"::") else buffer[start:stop]
    if written.count(b":") < 2 or not any(97 <= b <= 102 or 65 <= b <= 70 or b == 58 for b in written):
        return
    try:
        address = ipaddress.IPv6Address(written.decode())
    except ValueError:
        return
    if len(written) < 6:
        return  # ::1, a::b: signs of programs too
    scan.add(start, start + len(written), _IP_EXAMPLE if is_example_ip(address) else _IP)


def find_iban(scan: Pass, end: int) -> None:
    """An IBAN, also where other words of capitals stand right behind it."""
    buffer = scan.buffer
    start = end - (9 if buffer[end - 5] == 32 else 8)
    length = _IBAN_LENGTHS.get(buffer[start : start + 2])
    match = _IBAN_SHAPE.match(buffer, start) if length else None
    if length is None or match is None:
        return
    written = match[0]
    while len(written) >= length:
        plain = written.replace(b" ", b"")
        if len(plain) == length and _has_check_digits(plain):
            example = is_example_iban(plain.decode())
            scan.add(start, start + len(written), _IBAN_EXAMPLE if example else _IBAN)
            scan.done[5] = start + len(written)
            return
        written = written[: max(written.rfind(b" "), 0)]


def _has_check_digits(plain: bytes) -> bool:
    """ISO 7064 mod 97-10: one in ninety-seven random ones has them."""
    moved = plain[4:] + plain[:4]
    return int(moved if moved.isdigit() else "".join([_VALUES[c] for c in moved])) % 97 == 1


@functools.cache
def _lettered() -> tuple[Checked, ...]:
    """National numbers with letters in them."""
    wanted = ("es.dni", "es.nie", "fi.hetu", "ie.pps", "in_.pan", "in_.epic", "it.codicefiscale", "ke.pin", "mu.nid",
              "mx.curp", "mx.rfc", "pt.cc", "ve.rif", "cl.rut", "gt.nit", "cn.ric")  # fmt: skip
    return tuple(entry for entry in checked() if entry.official.module in wanted)


def find_code(scan: Pass, end: int) -> None:
    """A national number with letters in it."""
    buffer = scan.buffer
    head = buffer[max(0, end - 24) : end]
    start = end - (len(head) - len(head.rstrip(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-+")))
    if _find_nino(scan, end) or _find_portuguese(scan, end):
        return
    match = _CODE.match(buffer, start)
    if match is None or is_word(scan.byte(start - 1)) or is_word(scan.byte(match.end())):
        return
    scan.done[6] = match.end()
    written = match[0].rstrip(b"+-")
    for entry in _lettered():
        if entry.fits(written):
            pattern = told(scan, start, written, entry)
            if pattern is not None:
                scan.add(start, start + len(written), pattern)
                return


def _find_portuguese(scan: Pass, end: int) -> bool:
    """The number on a Portuguese citizen's card, which is written with spaces."""
    entry = next(entry for entry in _lettered() if entry.official.module == "pt.cc")
    for length in (12, 13, 14):
        start = end - length
        if start < 0 or is_word(scan.byte(start - 1)) or is_word(scan.byte(end)):
            continue
        written = scan.buffer[start:end]
        pattern = told(scan, start, written, entry) if entry.fits(written) else None
        if pattern is not None:
            scan.add(start, end, pattern)
            return True
    return False


def _find_nino(scan: Pass, end: int) -> bool:
    """The British number has no check digit; prefixes that were never given out are left out."""
    for length in (9, 10, 11, 12, 13):
        match = _NINO.match(scan.buffer, end - length) if end >= length else None
        if match is not None and match.end() == end and not is_word(scan.byte(match.start() - 1)):
            plain = match[0].replace(b" ", b"")
            scan.add(match.start(), end, _NINO_EXAMPLE if plain in _NINO_EXAMPLES else _NINO_PATTERN)
            return True
    return False


def told(scan: Pass, start: int, written: bytes, entry: Checked) -> Pattern | None:
    """Which pattern of a national number this is an instance of; None where it is none, or nothing says so."""
    official = entry.official
    if entry.is_named(scan.context(start)):
        pattern = entry.spoken
    elif official.region in scan.hints.regions and not (official.chance >= 1 and written.isdigit()):
        pattern = entry.by_region  # bare digits without a check are any number
    elif official.alone and entry.written.fullmatch(written) is not None:
        pattern = entry.alone
    elif official.dated:
        pattern = entry.dated
    else:
        return None
    scan.attempt(start, pattern)
    return pattern if entry.is_valid(written.decode()) else None

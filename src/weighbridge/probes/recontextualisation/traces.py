"""What a row tells of where it comes from: whether a source leads to a person, how exact a place and a time are."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from weighbridge.probekit.positions import Fate, Form, Places, decimals_of, read

# Expressions of RE2, which takes linear time on whatever it is given.
_URL = r"(?i)^\s*(?:https?://|www\.)"
_HANDLE, _MAIL, _LOGIN = r"(?i)^\s*@[\w.]{2,}", r"^\s*[^@/\s]+@[^@/\s]+\.[^@/\s]+\s*$", r"://[^/\s]*@"
_PROFILE = r"://[^\s]*?/(?:@|~|u/|users?/|profiles?/|people/|in/|channel/|author/)[\w.%-]{2,}"
# The first part of a path is an account, save "i".
_ACCOUNT = (
    r"://(?:www\.|m\.|mobile\.)?(?:twitter|x|instagram|facebook|tiktok|vk|weibo|t|flickr|pinterest|github)"
    r"\.(?:com|me|ru)/(?:photos/)?(?:[a-hj-z_\d][\w.-]*|i[\w.-]+)"
)
_BLOG = r"://[\w-]+\.(?:tumblr|livejournal|blogspot|wordpress|substack)\.com"
_PERSON = f"{_HANDLE}|{_MAIL}|{_LOGIN}|{_PROFILE}|{_ACCOUNT}|{_BLOG}"
_NO_PERSON = r"(?i)://[^/]*/(?:i/|share|hashtag/|search|explore/|groups/|watch|p/|reel/|events/)"
_PAGE, _POST = r"(?i)^\s*(?:https?://|www\.)[^/\s]+/[^\s]*\w", r"^\s*\d{6,20}\s*$"
_UUID, _NAMED = r"^\s*[0-9a-f]{8}-[0-9a-f]{4}-", r"^\s*(?:doi:|10\.\d{4,}/|urn:|at://)"
_ITEM = f"{_PAGE}|{_POST}|{_UUID}|{_NAMED}"
_SITE = r"(?i)^\s*(?:https?://|www\.)|^\s*[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\s*/?\s*$"
THERE = frozenset({"there", "up", "ok", "live", "available", "online", "public", "exists", "200"})
GONE = frozenset({"gone", "deleted", "removed", "suspended", "private", "protected", "withheld", "unavailable",
                  "missing", "withdrawn", "offline", "dead", "401", "403", "404", "410", "451"})  # fmt: skip
_FINE = 3  # decimals of a degree: about a hundred metres
_H3_FINE, _GEOHASH_FINE = 9, 7  # resolution, and letters, of cells with sides of one or two hundred metres
_CLOCK = r"(?i)\d{1,2}:\d{2}|\d{8}T\d{4}|T\d{2}"
_MIDNIGHT = r"(?:[T ]0{1,2}:00(?::00(?:\.0+)?)?)(?:\s*(?:Z|UTC|[+-]00:?00))?\s*$"
_DAY = 86_400
_EPOCH = 100_000_000  # seconds since 1970 that lie after 1973: smaller numbers are years or counts


def is_address(values: pa.Array) -> pa.Array:
    """Whether each is the address of a page."""
    return _matches(values, _URL)


def traces(values: pa.Array) -> tuple[pa.Array, pa.Array, pa.Array]:
    """Whether each source names a person's account, one item, or only a site; at most one of the three is true."""
    text = _text(values)
    person = pc.and_(_matches(text, _PERSON), pc.invert(_matches(text, _NO_PERSON)))
    item = pc.and_(_matches(text, _ITEM), pc.invert(person))
    site = pc.and_(_matches(text, _SITE), pc.invert(pc.or_(person, item)))
    return person, item, site


def statuses(values: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Whether each says that its source was there, and that it was gone; neither where it says something else."""
    words = pc.utf8_lower(pc.utf8_trim_whitespace(_text(values)))
    there, gone = (_filled(pc.is_in(words, pa.array(sorted(known)))) for known in (THERE, GONE))
    return there, gone


def audiences(values: pa.Array) -> pa.Array:
    """How many people each says, as float64; null where it is no number, or a negative one."""
    kind = values.type
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind)):
        text = pc.utf8_trim_whitespace(_text(values))
        is_number = _matches(text, r"^\d{1,15}(?:\.0*)?$")
        values = pc.if_else(is_number, text, pa.scalar(None, pa.string()))
    known = pc.cast(values, pa.float64(), safe=False)
    return pc.if_else(_filled(pc.greater_equal(known, 0.0)), known, pa.scalar(None, pa.float64()))


def exact_places(batch: pa.RecordBatch, places: Places) -> pa.Array:
    """Whether each position has a third decimal or more, or names a cell as small: about a hundred metres."""
    found = read(batch, places)
    if places.form is Form.H3:
        fine = pc.greater_equal(pc.cast(_resolutions(found.texts[0]), pa.int64()), _H3_FINE)
        return _filled(fine)
    if places.form is Form.GEOHASH:
        return _filled(pc.greater_equal(pc.utf8_length(pc.utf8_trim_whitespace(_text(found.texts[0]))), _GEOHASH_FINE))
    decimals = np.maximum(decimals_of(found.latitude), decimals_of(found.longitude))
    return pa.array((decimals >= _FINE) & (found.fate == Fate.READ))


def _resolutions(cells: pa.Array) -> pa.Array:
    """The resolution of each H3 cell, which stands in its bits; -1 where it is none."""
    told = [_resolution(cell) for cell in _text(cells).to_pylist()]
    return pa.array(told, pa.int64())


def _resolution(cell: str | None) -> int:
    text = (cell or "").strip()
    try:
        number = int(text) if len(text) > 15 else int(text, 16)
    except ValueError:
        return -1
    return number >> 52 & 15


def exact_times(values: pa.Array) -> pa.Array:
    """Whether each time is finer than a day: a clock time that is not midnight."""
    kind = values.type
    if pa.types.is_timestamp(kind):
        return _filled(pc.not_equal(pc.floor_temporal(values, unit="day"), values))
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        days = pc.divide(pc.cast(values, pa.float64(), safe=False), float(_DAY))
        is_time = pc.greater(pc.cast(values, pa.float64(), safe=False), float(_EPOCH))
        return _filled(pc.and_(is_time, pc.not_equal(pc.floor(days), days)))
    if pa.types.is_date(kind) or pa.types.is_boolean(kind):
        return pa.array([False] * len(values))
    text = _text(values)
    return pc.and_(_matches(text, _CLOCK), pc.invert(_matches(text, _MIDNIGHT)))


def _text(values: pa.Array) -> pa.Array:
    if pa.types.is_floating(values.type):  # a number of a post that a missing one turned into a fraction
        whole = _filled(pc.equal(pc.floor(values), values))
        values = pc.if_else(whole, pc.cast(values, pa.int64(), safe=False), pa.scalar(None, pa.int64()))
    return values if pa.types.is_string(values.type) else pc.cast(values, pa.string())


def _matches(values: pa.Array, expression: str) -> pa.Array:
    return _filled(pc.match_substring_regex(_text(values), expression))


def _filled(flags: pa.Array) -> pa.Array:
    return pc.fill_null(flags, fill_value=False)

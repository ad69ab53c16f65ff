"""Whether a number can be called: by the metadata of libphonenumber, made one expression for each calling code."""

from __future__ import annotations

import functools
import re
from enum import Enum

from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import phrase

_OWN = ("fixed_line", "mobile", "personal_number", "pager", "voip", "voicemail")
_OFFICES = ("toll_free", "premium_rate", "shared_cost", "uan")
_NEVER = "NA"


class Call(Enum):
    """What a number reaches."""

    SOMEBODY = 1
    OFFICE = 2  # free of charge, at shared cost, at a premium
    NOBODY = 3  # a code that is assigned, a number that is not
    NO_CODE = 4


@functools.cache
def _codes() -> dict[str, tuple[str, ...]]:
    try:
        from phonenumbers import COUNTRY_CODE_TO_REGION_CODE
    except ImportError:
        not_measured(
            phrase("phone numbers cannot be told from other numbers: phonenumbers is not installed"),
            phrase("pip install 'weighbridge[identifiers]'"),
        )
    return {str(code): regions for code, regions in COUNTRY_CODE_TO_REGION_CODE.items()}


def check_installed() -> None:
    """Leave through `Silent` where phonenumbers is not installed."""
    _codes()


def calling_code(digits: str) -> str:
    """The calling code that digits begin with; empty where none is assigned."""
    codes = _codes()
    return next((digits[:n] for n in (1, 2, 3) if digits[:n] in codes), "")


def reaches(digits: str) -> Call:
    """What an international number reaches, given as its digits, calling code first.

    >>> reaches("442079460018"), reaches("18005550199"), reaches("999123456")
    (<Call.SOMEBODY: 1>, <Call.OFFICE: 2>, <Call.NO_CODE: 4>)
    """
    code = calling_code(digits)
    if not code:
        return Call.NO_CODE
    return _national(digits[len(code) :], code)


def _national(rest: str, code: str) -> Call:
    own, offices = _expressions(code)
    if own.fullmatch(rest):
        return Call.SOMEBODY
    return Call.OFFICE if offices.fullmatch(rest) else Call.NOBODY


def is_in_region(written: str, region: str) -> Call:
    """What a number reaches that is dialled within a region, as digits with its trunk prefix, if it has one."""
    code, prefix = _region(region)
    if not code:
        return Call.NO_CODE
    call = _national(written, code)
    if call is Call.NOBODY and prefix is not None and (match := prefix.match(written)) and match.end():
        call = _national(written[match.end() :], code)
    return call


def international(written: str, region: str) -> str:
    """The digits with the calling code in front, of a number that is dialled within a region."""
    code, prefix = _region(region)
    match = prefix.match(written) if prefix is not None else None
    if match and match.end() and _national(written, code) is Call.NOBODY:
        written = written[match.end() :]
    return code + written


@functools.cache
def _region(region: str) -> tuple[str, re.Pattern[str] | None]:
    from phonenumbers import PhoneMetadata

    meta = PhoneMetadata.metadata_for_region(region, None)
    if meta is None:
        return "", None
    prefix = meta.national_prefix_for_parsing
    return str(meta.country_code), re.compile(prefix) if prefix else None


def regions() -> frozenset[str]:
    """The ISO codes of all regions that have numbers."""
    return frozenset(region for those in _codes().values() for region in those if region != "001")


@functools.cache
def _expressions(code: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What the national numbers of a calling code look like: those of people, and those of offices."""
    from phonenumbers import PhoneMetadata

    own: list[str] = []
    offices: list[str] = []
    for region in _codes()[code]:
        if region == "001":
            meta = PhoneMetadata.metadata_for_nongeo_region(int(code), None)
        else:
            meta = PhoneMetadata.metadata_for_region(region, None)
        if meta is None:
            continue
        for kinds, found in ((_OWN, own), (_OFFICES, offices)):
            for kind in kinds:
                told = getattr(meta, kind)
                if told is not None and told.national_number_pattern not in (None, _NEVER):
                    found.append(told.national_number_pattern)
    return _union(own), _union(offices)


def _union(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in dict.fromkeys(patterns)) or r"(?!)")

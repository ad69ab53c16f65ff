"""Mobile numbers by region, from the metadata of phonenumbers; an extra, imported where it is used."""

from __future__ import annotations

from collections.abc import Sequence

from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import phrase

# Tried where nothing tells which: the countries with most people whose mobile numbers have one form. Ours.
MOST_POPULOUS = ("IN", "CN", "US", "ID", "PK", "NG", "BR", "BD")


def mobile_patterns(regions: Sequence[str]) -> tuple[tuple[str, str, str, str], ...]:
    """Region, calling code, prefix at home, and the pattern of mobile numbers; regions that are unknown are left out.

    Raises
    ------
    Silent
        Where phonenumbers is not installed: that hashes of phones could not be tried is no answer.
    """
    try:
        from phonenumbers import PhoneMetadata
    except ImportError:
        not_measured(
            phrase("hashes of phone numbers cannot be tried: phonenumbers is not installed"),
            phrase("pip install 'weighbridge[identifiers]'"),
        )
    found = []
    for region in dict.fromkeys(r.strip().upper() for r in regions):
        known = PhoneMetadata.metadata_for_region(region, None)
        if known is not None and known.mobile is not None and known.mobile.national_number_pattern:
            home = known.national_prefix or ""
            found.append((region, str(known.country_code), home, str(known.mobile.national_number_pattern)))
    return tuple(found)

"""Columns that identify as a whole: by what their name says and how their cells look."""

from __future__ import annotations

from weighbridge.probekit.lexicon import Meaning
from weighbridge.probekit.recognisers import pattern_of
from weighbridge.probekit.scanner.catalogue import patterns
from weighbridge.probekit.scanner.kinds import Kind, Pattern, Tier

_PHONE = Pattern(slug="column-phone", kind=Kind.PHONE, tier=Tier.WEAK)
_OFFICIAL = Pattern(slug="column-official", kind=Kind.NATIONAL_ID, tier=Tier.WEAK)
_NAME = Pattern(slug="column-name", kind=Kind.NAME, tier=Tier.WEAK)
_ADDRESS = Pattern(slug="column-address", kind=Kind.ADDRESS, tier=Tier.WEAK)
POSITION = Pattern(slug="column-position", kind=Kind.POSITION, tier=Tier.VALIDATED)  # 4 decimals or more: 11 m
POSITION_COARSE = Pattern(slug="column-position-coarse", kind=Kind.POSITION, tier=Tier.WEAK)  # 3 decimals: 111 m

# What a cell of such a column looks like (RE2, as Arrow has it).
COLUMN_PATTERNS: dict[Meaning, tuple[Pattern, str]] = {
    Meaning.PHONE: (_PHONE, r"^[+(]{0,2}(?:[ ./()-]{0,3}\d){7,15}$"),
    Meaning.OFFICIAL: (_OFFICIAL, r"^[A-Za-z]{0,6}(?:[ ./-]?[A-Za-z]{0,2}\d){5,18}[ ./-]?[A-Za-z]{0,3}$"),
    Meaning.FULL_NAME: (_NAME, r"^[\p{L}\p{M}.'’-]{1,40}(?:[ ,]{1,2}[\p{L}\p{M}.'’-]{1,40}){0,5}$"),
    Meaning.ADDRESS: (_ADDRESS, r"\p{L}{2}.*\d|\d.*\p{L}{2}"),
}
ANY, PERSON, PLACE = "any", "person", "place"


def groups_of(kind: Kind) -> tuple[str, ...]:
    """Under which values of the axis `type` a kind is counted."""
    if kind is Kind.LINK:
        return (kind.value,)  # names nobody
    return (kind.value, PLACE if kind in (Kind.ADDRESS, Kind.POSITION) else PERSON, ANY)


BY_CONTENT = ("column-phone", "column-official", "phone-named")  # sure where most cells of the column have the shape
_OURS = {p.slug: p for p in (_PHONE, _OFFICIAL, _NAME, _ADDRESS, POSITION, POSITION_COARSE)}


def pattern_named(slug: str) -> Pattern:
    """The pattern that a count stands for."""
    if slug.startswith("own-"):
        kind = Kind(slug.removeprefix("own-"))
        return Pattern(slug=slug, kind=kind, tier=pattern_of("").tier)
    return _OURS[slug] if slug in _OURS else patterns()[slug]

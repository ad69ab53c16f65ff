"""What can be found, by which pattern, and how far to trust it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What an identifier is; the value is how a report calls it."""

    EMAIL = "e-mail"
    PHONE = "phone"
    IBAN = "iban"
    CARD = "card"
    NATIONAL_ID = "national-id"
    IP = "ip"
    ACCOUNT = "url-with-user"
    LINK = "url"
    ADDRESS = "street-address"
    POSITION = "coordinates"
    NAME = "name"
    OTHER = "other"


class Tier(StrEnum):
    """How far a hit can be trusted to be an identifier of somebody."""

    VALIDATED = "validated"  # its check digits, its structure or a library confirm it
    WEAK = "weak"  # it looks like one
    EXAMPLE = "example"  # reserved for examples, or nobody's own: test cards, support@, private networks
    OWN = "own"  # said so by a recogniser that the user named


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """One way to find one kind.

    `chance` is the share of random strings of the shape that pass the check: 1 where nothing is checked. Hits of a
    pattern whose `chance` is not small are held against what chance alone would give, where many were tried.
    """

    slug: str
    kind: Kind
    tier: Tier
    chance: float = 0.0  # 0: far below what counts of ours could show


class Hit(NamedTuple):
    """An identifier in a buffer of bytes."""

    start: int
    end: int
    pattern: Pattern


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """An identifier in a text, from `start` to before `end`, in characters."""

    start: int
    end: int
    kind: Kind
    tier: Tier
    pattern: str  # what found it, such as phone-international or id-pl-pesel


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What is known beforehand of a text.

    `regions` are ISO 3166 codes whose phone numbers and national numbers may stand without context; `words` is
    standing context in front of every row, such as a column's name; `links` asks for plain addresses of the web too.
    """

    regions: tuple[str, ...] = ()
    words: bytes = b""
    links: bool = False

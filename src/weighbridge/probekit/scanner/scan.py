"""The scan: triggers over a whole buffer of rows, each confirmed by its finder; then no two hits that overlap."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from weighbridge.probekit.scanner.digits import find_digits
from weighbridge.probekit.scanner.folding import folded, folds, places
from weighbridge.probekit.scanner.kinds import Hints, Hit, Span, Tier
from weighbridge.probekit.scanner.officials import checked
from weighbridge.probekit.scanner.people import find_introduced, find_titled
from weighbridge.probekit.scanner.phones import check_installed
from weighbridge.probekit.scanner.places import (
    find_degrees,
    find_latitude,
    find_pair,
    find_street_after,
    find_street_before,
    find_street_joined,
)
from weighbridge.probekit.scanner.state import SEPARATOR, Pass
from weighbridge.probekit.scanner.tokens import (
    find_code,
    find_colons,
    find_iban,
    find_link,
    find_mail,
    find_quad,
    find_url,
)
from weighbridge.probekit.scanner.triggers import Engine, Trigger, best_engine

_FINDERS: dict[Trigger, Callable[[Pass, int], None]] = {
    Trigger.AT: find_mail,
    Trigger.SCHEME: find_url,
    Trigger.DIGITS: find_digits,
    Trigger.DOTTED: find_quad,
    Trigger.COLONS: find_colons,
    Trigger.IBAN: find_iban,
    Trigger.CODE: find_code,
    Trigger.DEGREE: find_degrees,
    Trigger.LATITUDE: find_latitude,
    Trigger.DECIMALS: find_pair,
    Trigger.STREET_AFTER: find_street_after,
    Trigger.STREET_JOINED: find_street_joined,
    Trigger.STREET_BEFORE: find_street_before,
    Trigger.TITLE: find_titled,
    Trigger.INTRODUCTION: find_introduced,
    Trigger.DOMAIN: find_link,
}
_IN_ORDER = tuple(_FINDERS[t] for t in Trigger)
_RANK = {Tier.VALIDATED: 0, Tier.OWN: 1, Tier.EXAMPLE: 2, Tier.WEAK: 3}
_PIECE_BYTES = 8 << 20  # of rows that are scanned at once, save for one that is larger alone; ours
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found in some rows: the hits in order, and what had the shape of one, each with its row."""

    hits: tuple[Hit, ...]
    rows: Ints  # shape (len(hits),)
    written: tuple[bytes, ...]  # shape (len(hits),): what stands there, folded; never to leave the process
    tried: tuple[str, ...]  # by pattern
    tried_rows: Ints  # shape (len(tried),)


def check_ready() -> None:
    """Leave through `Silent` where an extra is missing without which identifiers cannot be told."""
    check_installed()
    checked()


def scan_buffer(buffer: bytes, hints: Hints, engine: Engine | None = None) -> tuple[list[Hit], list[tuple[int, str]]]:
    """The hits in a buffer of rows that NUL parts, in order, none overlapping another; where what pattern was tried."""
    scan = Pass(buffer, hints, len(_IN_ORDER))
    done = scan.done
    for end, trigger in (engine or best_engine(links=hints.links))(buffer):
        if end > done[trigger]:
            _IN_ORDER[trigger](scan, end)
    return _apart(scan.hits), scan.tried


def _apart(hits: list[Hit]) -> list[Hit]:
    """Of hits that overlap the surer is kept, of equally sure ones the longer, of equally long ones the first."""
    hits.sort(key=lambda h: (h.start, -h.end, _RANK[h.pattern.tier], h.pattern.slug))
    kept: list[Hit] = []
    for hit in hits:
        while kept and hit.start < kept[-1].end and _beats(hit, kept[-1]):
            kept.pop()
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept


def _beats(hit: Hit, other: Hit) -> bool:
    ranks = _RANK[hit.pattern.tier], _RANK[other.pattern.tier]
    return ranks[0] < ranks[1] or (ranks[0] == ranks[1] and hit.end - hit.start > other.end - other.start)


def scan_strings(values: pa.Array, hints: Hints, engine: Engine | None = None) -> Iterator[Found]:
    """What stands in the rows of an array of strings or bytes, piece by piece; a missing row is empty."""
    filled = pc.fill_null(values.cast(pa.large_binary()), b"")
    ends = np.cumsum(np.asarray(pc.binary_length(filled), dtype=np.int64))
    start = 0
    while start < len(filled):
        before = int(ends[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, before + _PIECE_BYTES, side="right")))
        yield _scan_piece(filled.slice(start, stop - start), start, hints, engine)
        start = stop


def _scan_piece(rows: pa.Array, first: int, hints: Hints, engine: Engine | None) -> Found:
    buffer = _joined(rows)
    if not buffer.isascii() and folds(buffer.decode("utf-8", "replace")):
        rows = pa.array([_folded(row) for row in rows.to_pylist()], pa.large_binary())
        buffer = _joined(rows)
    n_bytes = np.asarray(pc.binary_length(rows), dtype=np.int64)
    starts = np.cumsum(n_bytes + 1) - n_bytes - 1
    hits, tried = scan_buffer(buffer, hints, engine)

    def row_of(places_: list[int]) -> Ints:
        return first + np.searchsorted(starts, np.array(places_, dtype=np.int64), side="right").astype(np.int64) - 1

    return Found(
        hits=tuple(hits), rows=row_of([h.start for h in hits]), written=tuple(buffer[h.start : h.end] for h in hits),
        tried=tuple(slug for _, slug in tried), tried_rows=row_of([start for start, _ in tried]),
    )  # fmt: skip


def _joined(rows: pa.Array) -> bytes:
    return SEPARATOR.join(rows.to_pylist())


def _folded(row: bytes) -> bytes:
    """The row folded; one that folding does not change stays as it is, byte for byte."""
    text = "" if row.isascii() else row.decode("utf-8", "replace")
    return folded(text).encode("utf-8", "replace") if folds(text) else row


def spans(
    text: str, *, regions: Sequence[str] = (), links: bool = False, engine: Engine | None = None
) -> tuple[Span, ...]:
    """The identifiers in a text, in order, none overlapping another.

    Parameters
    ----------
    text : any
    regions : ISO 3166 codes, such as ("FR", "SN"), whose phone numbers and national numbers may stand without context
    links : whether plain addresses of the web, which name nobody, are wanted too

    Raises
    ------
    Silent
        Where phonenumbers or python-stdnum is not installed: pip install 'weighbridge[identifiers]'.

    >>> [(s.start, s.end, s.kind.value, s.tier.value) for s in spans("mail ada@lovelace.org")]
    [(5, 21, 'e-mail', 'validated')]
    """
    check_ready()
    plain = folded(text)
    buffer = plain.encode("utf-8", "replace")
    hits, _tried = scan_buffer(buffer, Hints(regions=tuple(r.upper() for r in regions), links=links), engine)
    where = None if len(buffer) == len(plain) else _character_places(buffer)
    back = places(text) if plain != text else None

    def at(byte: int) -> int:
        place = byte if where is None else int(where[byte])
        return place if back is None else back[place]

    def end(byte: int) -> int:
        return at(byte - 1) + 1 if byte else 0

    return tuple(
        Span(start=at(h.start), end=end(h.end), kind=h.pattern.kind, tier=h.pattern.tier, pattern=h.pattern.slug)
        for h in hits
    )


def _character_places(buffer: bytes) -> Ints:
    """For each byte the character that it is part of."""
    starts = (np.frombuffer(buffer, np.uint8) & 0xC0) != 0x80
    return np.cumsum(np.append(starts, True)).astype(np.int64) - 1

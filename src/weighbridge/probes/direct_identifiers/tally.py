"""What the counts come to: how far each pattern is trusted in each column, and the numbers for all of them together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from weighbridge.core.evidence import Quantity
from weighbridge.maths.chance import by_chance_at_most, log_likelihood_ratio, more_than_chance
from weighbridge.probekit.scanner.kinds import Kind, Pattern, Tier
from weighbridge.probes.direct_identifiers.memory import Counts, Memory
from weighbridge.probes.direct_identifiers.patterns import ANY, BY_CONTENT, PERSON, PLACE, groups_of, pattern_named
from weighbridge.probes.direct_identifiers.reading import Reading

CHANCE = "chance"  # the tier of what passes a check no more often than random numbers do
TIERS = (*(tier.value for tier in Tier), CHANCE)
_CONFIDENCE = 0.95
_UNLIKELY = 1e-3  # that so many pass by chance; split over all that are tried. Ours
_ENOUGH = 20  # tries, below which a doubt makes a hit weak and does not take it away; ours
_CLEAR = 1e-6  # that a whole column passes by chance: then it is what it looks like. Ours
_MOST = 0.5  # share of a column's cells that must have the form which its name promises; ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """A table or the texts of one file, with what was remembered of it."""

    label: str
    readings: tuple[Reading, ...]
    memory: Memory
    n_rows: int
    row: str  # what a row is called


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A pattern in a column, and how far it is trusted there."""

    at: int  # which column
    pattern: Pattern
    counts: Counts
    tier: str
    least: int  # of the hits, those that chance does not give

    @property
    def kind(self) -> Kind:
        """What it finds."""
        return self.pattern.kind


def found_in(scanned: Scanned) -> tuple[Found, ...]:
    """All patterns that were found, by column, each in the tier it has there."""
    hits = {key: counts for key, counts in scanned.memory.patterns.items() if counts.hits}
    n_tests = sum(0 < pattern_named(slug).chance < 1 for _, slug in hits)
    return tuple(_found(scanned, at, slug, counts, n_tests) for (at, slug), counts in hits.items())


def _found(scanned: Scanned, at: int, slug: str, counts: Counts, n_tests: int) -> Found:
    pattern = pattern_named(slug)
    tier, least = pattern.tier.value, counts.hits
    if slug in BY_CONTENT and counts.rows >= max(1, _MOST * scanned.memory.rows[at]):
        named = scanned.readings[at].meaning != ""
        tier = Tier.VALIDATED.value if named else tier
    elif 0 < pattern.chance < 1 and pattern.tier is not Tier.EXAMPLE:
        tier, least = _against_chance(pattern, counts, n_tests)
    return Found(at=at, pattern=pattern, counts=counts, tier=tier, least=least)


def _against_chance(pattern: Pattern, counts: Counts, n_tests: int) -> tuple[str, int]:
    tried = max(counts.tried, counts.hits)
    ratio = log_likelihood_ratio(counts.hits, tried, pattern.chance)
    p = more_than_chance(counts.hits, tried, pattern.chance)
    if ratio > 0:
        sure = pattern.tier is Tier.WEAK and p < _CLEAR
        return (Tier.VALIDATED.value if sure else pattern.tier.value), counts.hits
    if p < _UNLIKELY / n_tests:
        by_chance = by_chance_at_most(tried, pattern.chance, 1 - (1 - _CONFIDENCE) / 2)
        return pattern.tier.value, max(1, counts.hits - by_chance)
    return (CHANCE, 0) if tried >= _ENOUGH else (Tier.WEAK.value, 0)


def quantities(
    all_: Sequence[tuple[Scanned, tuple[Found, ...]]], *, n_unread: int, tiers: Sequence[str]
) -> Iterator[Quantity]:
    """Counts, shares of rows and rates for people, for places, for both, and for each kind that was found.

    A file that could not be read raises every upper end.
    """
    kinds = {found.kind for _, these in all_ for found in these}
    for group in (PERSON, PLACE, ANY, *(kind.value for kind in Kind if kind in kinds)):
        for tier in tiers:
            chosen = [(s, [f for f in these if group in groups_of(f.kind) and f.tier == tier]) for s, these in all_]
            if group in (PERSON, PLACE, ANY) or any(these for _, these in chosen):
                yield from _of(chosen, group, tier, n_unread)


def _of(chosen: list[tuple[Scanned, list[Found]]], group: str, tier: str, n_unread: int) -> Iterator[Quantity]:
    by = (("tier", tier), ("type", group))
    hits = sum(f.counts.hits for _, these in chosen for f in these)
    least = sum(f.least for _, these in chosen for f in these)
    n_rows = sum(s.n_rows for s, _ in chosen)
    is_exact = least == hits
    confidence = 1.0 if is_exact else _CONFIDENCE
    row = chosen[0][0].row if len({s.row for s, _ in chosen}) == 1 else "record"
    yield Quantity(
        metric="identifiers", value=hits, low=least, high=hits + n_unread, confidence=confidence, unit="count",
        n=n_rows, n_of=row, by=by,
    )  # fmt: skip
    shares = [_share(s, these, at, group, tier) for s, these in chosen for at in range(len(s.readings))]
    low, high = (max((share[end] for share in shares), default=0.0) for end in (0, 1))
    value, n = max(((share[0] if is_exact else share[1], share[2]) for share in shares), default=(0.0, 0))
    value = min(max(value, low), high)
    yield Quantity(
        metric="identified-row-share", value=value, low=low, high=1.0 if n_unread else high, confidence=confidence,
        unit="1", n=n, n_of=row, by=by,
    )  # fmt: skip
    characters = sum(sum(s.memory.characters) for s, _ in chosen)
    rate = 1e6 / characters if characters else 0.0
    yield Quantity(
        metric="identifiers-per-million-characters", value=hits * rate, low=least * rate,
        high=max(hits * rate, 1e6 if n_unread else 0.0), confidence=confidence, unit="per million characters",
        n=characters, n_of="character", by=by,
    )  # fmt: skip


def _share(scanned: Scanned, these: list[Found], at: int, group: str, tier: str) -> tuple[float, float, int]:
    """Of a column: at least and at most the share of its rows that have a hit, and how many rows there are.

    Each row was counted once, under the tier that a pattern has everywhere; where one has another tier in this column,
    the patterns may share rows or not.
    """
    here = [f for f in these if f.at == at]
    n = scanned.memory.rows[at]
    if not here or not n:
        return 0.0, 0.0, n
    counted = scanned.memory.with_hits(at, (group, tier)).rows
    if {f.pattern.slug for f in here} == set(_all_of(scanned, at, group, tier)) and all(
        f.least == f.counts.hits for f in here
    ):
        return counted / n, counted / n, n
    least = max(min(f.counts.rows, f.least) for f in here) / n
    return min(least, 1.0), min(sum(f.counts.rows for f in here) / n, 1.0), n


def _all_of(scanned: Scanned, at: int, group: str, tier: str) -> list[str]:
    """The patterns found in a column that are of this tier everywhere."""
    named = {
        slug: pattern_named(slug) for (column, slug), c in scanned.memory.patterns.items() if column == at and c.hits
    }
    return [slug for slug, p in named.items() if p.tier.value == tier and group in groups_of(p.kind)]

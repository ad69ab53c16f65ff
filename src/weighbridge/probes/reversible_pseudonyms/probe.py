"""Whether codes that stand for people can be turned back into what they were made from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from weighbridge.core.candidate import Role
from weighbridge.core.evidence import Measured, NotApplicable, NotMeasured, Outcome
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.attributes import read_traits
from weighbridge.probekit.people import about_people
from weighbridge.probekit.ports import Bench, Probe, Table
from weighbridge.probekit.studies import released
from weighbridge.probes.reversible_pseudonyms.attack import Attempt, Candidates, attempt
from weighbridge.probes.reversible_pseudonyms.codings import coded_columns
from weighbridge.probes.reversible_pseudonyms.engine import MOST_POPULOUS, mobile_patterns
from weighbridge.probes.reversible_pseudonyms.infile import (
    PLANTED,
    constants,
    find_makings,
    of_columns,
    of_makings,
    tried_columns,
)
from weighbridge.probes.reversible_pseudonyms.notes import on_coded, on_columns, on_orders, on_tried
from weighbridge.probes.reversible_pseudonyms.orders import ordered_columns
from weighbridge.probes.reversible_pseudonyms.shares import Found, quantities
from weighbridge.probes.reversible_pseudonyms.spaces import KINDS, PHONES, Space, spaces
from weighbridge.probes.reversible_pseudonyms.tokens import MOST_COLUMNS, Tokens, find_columns, gather

_SECONDS_EACH = 2e-6  # nominal, for one value hashed to one length and looked up; ours
_TOLD = 10  # as many tries where it was said whose phones they are; ours
_OF_TABLES = 8  # as many kinds' tries go to what stands in the tables, by every recipe; ours
_FEWEST = 1000  # tries of a kind, below which it is not worth the name; ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """As on the card."""

    tokens: int = 200_000
    tries: int = 200_000
    kinds: str = ",".join(KINDS)
    region: str = ""
    prefix: str = ""


def measure(bench: Bench, settings: Settings) -> Outcome:
    """Find columns of hashes and codes, try what they can have been made from, and count what comes back."""
    tables = _tables(bench)
    if not tables:
        return NotApplicable(because=phrase("no table that may be about people is to be released"))
    hashes: list[Tokens] = []
    coded: dict[str, dict[str, str]] = {}
    for n, table in enumerate(tables):
        bench.progress(n, len(tables), "table")
        coded[table.label] = coded_columns(table, table.columns[:MOST_COLUMNS])
        for column, form in find_columns(table, bench.seed).items():
            if column not in coded[table.label]:
                rows = lambda done: bench.progress(done, table.n_rows, "row")  # noqa: B023, E731  called before the next table
                hashes.append(gather(table, column, form, settings.tokens, rows))
    if not hashes and not any(coded.values()):
        return NotApplicable(
            because=phrase("none of {n} tables has a column of hashes or of values in another writing", n=len(tables))
        )
    to_try = _spaces(settings) if hashes else ()
    n_kinds = (len(to_try) + _OF_TABLES) * len({t.form.length for t in hashes})
    tries = min(settings.tries, bench.budget.affords(_SECONDS_EACH * max(1, n_kinds)))
    if tries < _FEWEST:
        return _too_dear(bench, n_kinds)
    done = list(_attempts(bench, tables, hashes, to_try, tries, settings)) if hashes else []
    found = Found(hashes=hashes, coded=coded, attempts=done, only_people=_only_people(tables))
    orders = [(table, ordered_columns(table, table.columns[:MOST_COLUMNS])) for table in tables]
    notes: tuple[Phrase, ...] = (*on_columns(found), *on_coded(tables, coded), *on_orders(orders), *on_tried(done))
    return Measured(quantities=quantities(found), notes=notes)


def _tables(bench: Bench) -> list[Table]:
    leaving = released(bench, but=(Role.POPULATION,))
    return [table for table in leaving if table.n_rows and table.declared.about_people is not False]


def _only_people(tables: Sequence[Table]) -> frozenset[str]:
    """Tables that are known to be about people; in others a number that comes back need not be anybody's."""
    return frozenset(t.label for t in tables if about_people(t.declared, read_traits(t, t.columns)).are)


def _spaces(settings: Settings) -> tuple[Space, ...]:
    kinds = tuple(kind.strip() for kind in settings.kinds.split(",") if kind.strip())
    regions = [r for r in settings.region.split(",") if r.strip()] or list(MOST_POPULOUS)
    return spaces(mobile_patterns(regions) if PHONES in kinds else (), kinds)


def _too_dear(bench: Bench, n: int) -> NotMeasured:
    says = "the time allowed, {have:.0f} s, has room for fewer than {n} tries of each kind"
    remedy = "allow more time: --budget {seconds}; or try fewer kinds: --set reversible-pseudonyms.kinds=phones"
    return NotMeasured(
        because=phrase(says, have=bench.budget.seconds, n=_FEWEST),
        remedy=phrase(remedy, seconds=int(_SECONDS_EACH * n * 10 * _FEWEST) + 1),
    )


def _attempts(
    bench: Bench,
    tables: Sequence[Table],
    hashes: Sequence[Tokens],
    to_try: Sequence[Space],
    tries: int,
    settings: Settings,
) -> Iterator[Attempt]:
    """First what stands in the tables, then everything of each kind, as far as it goes."""
    of = len(to_try) + sum(len(tried_columns(t, ())) for t in tables)
    done = 0

    def tick() -> None:
        bench.progress(min(done, of), of, "kind of value")

    for table in tables:
        for given in _in_file(bench, table, hashes, tries, settings):  # one at a time: each holds its values
            yield attempt(hashes, given, tick)
            done += 1
    rng = bench.generator("reversible-pseudonyms", "tries")
    for space in to_try:
        more = _TOLD if settings.region and space.kind == PHONES else 1
        own = space.write(rng.integers(0, space.size, PLANTED))
        batches = space.drawn(more * tries, rng)
        given = Candidates(kind=space.kind, says=space.says, size=space.size, batches=batches, planted=own)
        yield attempt(hashes, given, tick)
        done += 1


def _in_file(
    bench: Bench, table: Table, hashes: Sequence[Tokens], tries: int, settings: Settings
) -> Iterator[Candidates]:
    own = [t for t in hashes if t.table is table]
    columns = tried_columns(table, [t.column for t in own])
    each = max(_FEWEST, 4 * tries // max(1, len(columns)))
    yield from of_columns(table, columns, min(each, tries), bench.seed)
    makings = find_makings(table, own, columns, constants(table, columns, settings.prefix))
    yield from of_makings(table, makings, tries, lambda done: bench.progress(done, table.n_rows, "row"))


PROBE = Probe(Settings, measure)

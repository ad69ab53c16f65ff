"""Who can be found in a second table by what both tables say, and what is learnt of them there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from weighbridge.core.candidate import Role
from weighbridge.core.evidence import Measured, NotApplicable, NotMeasured, Outcome, Quantity
from weighbridge.core.wording import Phrase, phrase
from weighbridge.maths.proportions import Interval
from weighbridge.probekit.attributes import read_traits
from weighbridge.probekit.hashes import key_of
from weighbridge.probekit.people import about_people
from weighbridge.probekit.ports import Bench, Probe, Table
from weighbridge.probekit.studies import released
from weighbridge.probes.linkage.notes import alone, on_apart, on_change, on_cut, on_link, unclear
from weighbridge.probes.linkage.pairs import KeyPair, comparable, find_pairs
from weighbridge.probes.linkage.search import Best, Side, Tick, search, side
from weighbridge.probes.linkage.versions import Change, change

By = tuple[tuple[str, str], ...]

RELEASED, PUBLIC = "released", "public"
_SECONDS_PER_CELL = 4e-7  # nominal, for one cell that is hashed once; ours
_SCANS = 6  # of each table for each pair of tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """As on the card."""

    pairs: int = 10
    keys: int = 262_144
    tables: int = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Two tables laid side by side: a released one (left) and what it was laid beside."""

    left: Side
    right: Side
    beside: str  # RELEASED or PUBLIC
    pairs: tuple[KeyPair, ...]
    best: Best | None
    learnt: tuple[str, ...]  # columns of the right one that the left one has not
    change: Change | None

    @property
    def matched(self) -> Interval:
        """People of the left table of whom something is learnt: whoever meets somebody, if there is more to learn."""
        if self.best is None or not self.learnt:
            return Interval(0.0, 0.0, 0.0)
        return self.best.linked.matched


def measure(bench: Bench, settings: Settings) -> Outcome:
    """Lay every two tables side by side, find the columns that link most people, and count those."""
    released, public = _tables(bench)
    if not released:
        return NotApplicable(because=phrase("no table is to be released; those that are there serve as evidence only"))
    if len(released) + len(public) < 2:
        return alone(released[0].label)
    are = [(t, _are_people(t)) for t in released]
    people, open_ = [t for t, yes in are if yes], [t for t, yes in are if yes is None]
    if not people:
        return (
            unclear(open_[0].label)
            if open_
            else NotApplicable(because=phrase("no table to be released is about people"))
        )
    sides = {t.label: side(t) for t in (*people, *public)}
    chosen = list(_couples(people, public))[: settings.tables * (settings.tables - 1) // 2]
    dear = _too_dear(bench, chosen)
    if dear:
        return dear
    links = []
    for n, (left, right, beside) in enumerate(chosen):
        bench.progress(n, len(chosen), "pair of tables")
        links.append(_link(bench, sides[left.label], sides[right.label], beside, settings))
    notes = [note for link in links for note in _notes(link)]
    notes += [n for x in links for n in on_cut((x.left.table, x.right.table), len(x.pairs), settings.pairs)]
    if open_:
        notes += [n for t in open_ for n in (unclear(t.label).because, unclear(t.label).remedy)]
    if not public:
        notes.append(alone(released[0].label).because)
    left_out = len(list(_couples(people, public))) - len(chosen)
    if left_out:
        notes.append(phrase("{n} pairs of tables were not looked at; --set linkage.tables=N looks at more", n=left_out))
    return Measured(quantities=_quantities(links, len(public), is_all=not (open_ or left_out)), notes=tuple(notes))


def _tables(bench: Bench) -> tuple[list[Table], list[Table]]:
    leaving = [t for t in released(bench, but=(Role.POPULATION,)) if t.n_rows]
    return leaving, [t for t in bench.tables(Role.POPULATION) if t.n_rows]


def _are_people(table: Table) -> bool | None:
    return about_people(table.declared, read_traits(table, table.columns)).are


def _couples(people: Sequence[Table], public: Sequence[Table]) -> Iterator[tuple[Table, Table, str]]:
    """Each released table with each public one; and every two released ones."""
    for left in people:
        for right in public:
            yield left, right, PUBLIC
    for n, left in enumerate(people):
        for right in people[n + 1 :]:
            yield left, right, RELEASED


def _too_dear(bench: Bench, chosen: Sequence[tuple[Table, Table, str]]) -> NotMeasured | None:
    cells = sum(t.n_rows * max(1, len(comparable(t))) for left, right, _ in chosen for t in (left, right))
    seconds = cells * _SCANS * _SECONDS_PER_CELL
    if bench.budget.affords(seconds) >= 1 or not seconds:
        return None
    return NotMeasured(
        because=phrase(
            "{n} pairs of tables take about {minutes} minutes to lay side by side",
            n=len(chosen),
            minutes=int(seconds / 60) + 1,
        ),
        remedy=phrase(
            "allow more time: --budget {seconds}; or lay fewer side by side: --set linkage.tables=2",
            seconds=int(seconds) + 1,
        ),
    )


def _link(bench: Bench, left: Side, right: Side, beside: str, settings: Settings) -> Link:
    key = key_of(bench.seed, "linkage")
    tick: Tick = lambda done, of: bench.progress(done, of, "row")  # noqa: E731  a name for what every fold is told
    pairs = find_pairs(left.table, right.table, key, tick, at_most=settings.pairs)
    best = search(left, right, pairs, key, tick, cap=settings.keys) if pairs else None
    used = {p.right for p in pairs}
    learnt = tuple(c.name for c in right.table.columns if c.name not in used and c.n_distinct)
    changed = change(left, right, key, tick, cap=settings.keys) if pairs else None
    return Link(left=left, right=right, beside=beside, pairs=pairs, best=best, learnt=learnt, change=changed)


def _notes(link: Link) -> tuple[Phrase, ...]:
    labels = (link.left.table.label, link.right.table.label)
    if link.best is None:
        return (on_apart(*labels),)
    columns = [link.pairs[n].left for n in link.best.combination]
    made = on_link(link.left.table, link.right.table, columns, link.best, link.learnt)
    return (*made, *(on_change(*labels, link.change) if link.change else ()))


def _quantities(links: Sequence[Link], n_public: int, *, is_all: bool) -> tuple[Quantity, ...]:
    """The numbers of the worst pair, for each kind of table it was laid beside."""
    made: list[Quantity] = []
    if (
        n_public
    ):  # where there is none, nothing was looked for, and no number says so: a rule that asks for one stays open
        made.append(_count("public-tables", Interval(n_public, n_public, n_public), n=n_public, n_of="table"))
    for beside in (RELEASED, PUBLIC):
        of = [link for link in links if link.beside == beside]
        made += _of_links(of, (("with", beside),), is_all=is_all or beside == PUBLIC)
    found = [link.change for link in links if link.change]
    for kind in ("added", "removed", "changed"):
        worst = max(found, key=lambda c: c.added + c.removed + c.changed, default=None)
        value = getattr(worst, kind) if worst else 0
        n = worst.of if worst else 0
        low, high = (value, value) if worst is None or worst.is_exact else (0, max(n, value))
        made.append(_count("changed-people", Interval(value, low, high), n=n, n_of="person", by=(("change", kind),)))
    return tuple(made)


def _of_links(links: Sequence[Link], by: By, *, is_all: bool) -> list[Quantity]:
    worst = max(links, key=lambda link: (link.matched.low, link.matched.value, link.matched.high), default=None)
    if worst is None:  # exactly none of none: there is nothing of this kind
        none = Interval(0.0, 0.0, 0.0)
        nothing = [_count(m, none, n=0, n_of="person", by=by) for m in ("matched-people", "chance-matches")]
        return [
            *nothing,
            _count("matched-share", none, n=0, n_of="person", by=by),
            _count("columns-learnt", none, n=0, n_of="column", by=by),
        ]
    n = worst.left.n
    high = max(link.matched.high for link in links) if is_all else float(n)
    matched = Interval(worst.matched.value, worst.matched.low, max(high, worst.matched.high))
    exact = is_all and all(link.matched.low == link.matched.high for link in links)
    share = Interval(matched.value / n, matched.low / n, min(1.0, matched.high / n))
    chance = worst.best.linked.chance if worst.best else Interval(0.0, 0.0, 0.0)
    learnt, most = (float(len(worst.learnt)) if matched.low > 0 else 0.0), float(len(worst.learnt))
    count = partial(_count, by=by, confidence=1.0 if exact else 0.95)
    sure = partial(_count, by=by, confidence=1.0)
    return [
        count("matched-people", matched, n=n, n_of="person"),
        count("matched-share", share, n=n, n_of="person"),
        (sure if chance.low == chance.high else partial(sure, confidence=0.95))(
            "chance-matches", chance, n=n, n_of="person"
        ),
        sure("columns-learnt", Interval(learnt, learnt, most), n=len(worst.right.table.columns), n_of="column"),
    ]


def _count(metric: str, number: Interval, *, n: int, n_of: str, by: By = (), confidence: float = 1.0) -> Quantity:
    unit = "1" if metric.endswith("share") else "count"
    return Quantity(
        metric=metric, value=number.value, low=number.low, high=number.high, confidence=confidence, unit=unit, n=n,
        n_of=n_of, by=by,
    )  # fmt: skip


PROBE = Probe(Settings, measure)

"""How much more the whole of a table tells than one column of it, and than one row."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from weighbridge.core.evidence import Measured, NotApplicable, NotMeasured, Outcome, Quantity
from weighbridge.core.wording import Phrase, phrase
from weighbridge.maths.shapley import (
    Mean,
    beginnings,
    every_set,
    exact_curve,
    exact_shares,
    sampled_curve,
    sampled_shares,
)
from weighbridge.probekit.attributes import Part
from weighbridge.probekit.ports import Bench, Ints, Probe
from weighbridge.probekit.prints import Persons, read_persons
from weighbridge.probekit.studies import Study, released, study
from weighbridge.probes.aggregation_uplift.shares import Sharer, Shares, seconds_each, seconds_for

_CONFIDENCE = 0.95
_ALL_SETS = 10  # columns, up to which every set of them is counted: 1,023; ours
_MOST_COLUMNS = 24  # that are put together in orders drawn at random; ours
_POINTS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24)  # of the curve, as on the card
_ALL = "all"
_PATIENCE_S = 60.0  # nominal, for the sets of one table; ours
_FEWEST_ORDERS = 8  # below, an interval over them says nothing; ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """See the card."""

    orders: int = 24
    steps: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Uplift:
    """What was found of one table."""

    study: Study
    n: int
    n_of: str
    columns: tuple[str, ...]  # those that were put together
    whole: float
    singles: dict[str, float]
    curve: tuple[tuple[str, Mean], ...]
    added: tuple[tuple[str, Mean], ...]
    rows: Mean | None  # None where it could not be told
    has_rows: bool  # whether people have several rows
    is_exact: bool

    @property
    def uplift(self) -> float:
        """All columns together, less the one that tells most alone."""
        return self.whole - max(self.singles.values())


def measure(bench: Bench, settings: Settings) -> Outcome:
    """Put the columns of each released table about people together, and the rows of each person."""
    tables = released(bench)
    if not tables:
        return NotApplicable(because=phrase("no table is to be released; those that are there serve as evidence only"))
    seen = [study(bench, table, steps=settings.steps) for table in tables]
    studies = [s for s in seen if isinstance(s, Study)]
    unclear = [s for s in seen if isinstance(s, NotMeasured)]
    ready = [s for s in studies if s.attributes.of(Part.QUASI)]
    if not studies:
        return unclear[0] if unclear else next(s for s in seen if isinstance(s, NotApplicable))
    if not ready:
        return NotApplicable(
            because=phrase(
                "nothing but what identifies by itself is in the tables, so there is nothing to put together"
            )
        )
    dear = _too_dear(bench, ready)
    if dear:
        return dear
    found = [_uplift(bench, one, settings, len(ready)) for one in ready]
    worst = max(found, key=lambda u: u.uplift)
    quantities = _quantities(worst, found, is_complete=not unclear)
    notes = [note for one in found for note in _told(one)] + [said for u in unclear for said in (u.because, u.remedy)]
    if len(found) > 1:
        says = (
            "{n} tables were put together, each by itself; the numbers are those of {label}, where the whole adds most"
        )
        notes.insert(0, phrase(says, n=len(found), label=worst.study.table.label))
    return Measured(quantities=quantities, notes=tuple(notes))


def _too_dear(bench: Bench, ready: Sequence[Study]) -> NotMeasured | None:
    """What to say where there is no time for each column, all of them, and the fewest orders that say anything."""
    seconds = sum(_least_seconds(s, len(s.attributes.of(Part.QUASI))) for s in ready)
    if bench.budget.affords(seconds) >= 1:
        return None
    return NotMeasured(
        because=phrase("putting the columns together takes {minutes} min", minutes=math.ceil(seconds / 60)),
        remedy=phrase("allow more time: --budget {seconds}", seconds=math.ceil(seconds)),
    )


def _least_seconds(one: Study, n: int) -> float:
    together = min(n, _MOST_COLUMNS)
    sets = min((1 << together) - 1, _FEWEST_ORDERS * together)
    return (n + 2) * seconds_each(one.attributes) + seconds_for(one.attributes, sets)


def _uplift(bench: Bench, one: Study, settings: Settings, n_tables: int) -> Uplift:
    attributes, quasi = one.attributes, one.attributes.of(Part.QUASI)
    done = 0

    def tick() -> None:
        nonlocal done
        bench.progress(done, done + 1, "set of columns")
        done += 1

    sharer = Sharer(bench=bench, table=one.table, attributes=attributes, columns=quasi, tick=tick)
    singles = {name: sharer.one([name]) for name in quasi}
    whole = singles[quasi[0]] if len(quasi) == 1 else sharer.one(quasi)
    columns = tuple(sorted(quasi, key=lambda name: (-singles[name], quasi.index(name)))[:_MOST_COLUMNS])
    columns = tuple(name for name in quasi if name in columns)
    sharer = replace(sharer, columns=columns)
    together = whole if columns == quasi else sharer.one(columns)
    known = {frozenset({place}): singles[name] for place, name in enumerate(columns)}
    known[frozenset(range(len(columns)))] = together
    orders = _orders(bench, one, settings, len(columns), n_tables)
    sets = beginnings(orders) if orders else every_set(len(columns))
    shares = sharer.many(sets, known)
    curve, added = _averages(shares, orders, len(columns))
    points = tuple((str(size), curve[size - 1]) for size in _POINTS if size < len(columns))
    rows, has_rows = _rows(bench, one, whole)
    return Uplift(
        study=one, n=attributes.n_individuals, n_of="person" if attributes.person else "row", columns=columns,
        whole=whole, singles=singles, curve=(*points, (_ALL, Mean(value=whole, low=whole, high=whole))),
        added=tuple(zip(columns, added, strict=True)), rows=rows, has_rows=has_rows,
        is_exact=not orders and shares.is_exact,
    )  # fmt: skip


def _orders(bench: Bench, one: Study, settings: Settings, n: int, n_tables: int) -> list[Ints]:
    """Orders of n columns, drawn before anything is counted; none where every set of them is counted."""
    if n <= _ALL_SETS and _affords(bench, one, (1 << n) - 1, n_tables):
        return []
    fits = [m for m in range(_FEWEST_ORDERS, settings.orders + 1) if _affords(bench, one, m * n, n_tables)]
    rng = bench.generator("orders", one.table.label)
    return [rng.permutation(n) for _ in range(max(fits, default=_FEWEST_ORDERS))]


def _affords(bench: Bench, one: Study, n_sets: int, n_tables: int) -> bool:
    seconds = seconds_for(one.attributes, n_sets)
    return seconds <= _PATIENCE_S and bench.budget.affords(n_tables * seconds) >= 1


def _averages(shares: Shares, orders: list[Ints], n: int) -> tuple[list[Mean], list[Mean]]:
    """The mean of 1, 2, ... columns, and what each column adds; wider by what each share may be off by."""
    if orders:
        curve = sampled_curve(shares.value, orders, confidence=_CONFIDENCE)
        added = sampled_shares(shares.value, orders, confidence=_CONFIDENCE)
    else:
        curve = [Mean(value=v, low=v, high=v) for v in exact_curve(shares.value, n)]
        added = [Mean(value=v, low=v, high=v) for v in exact_shares(shares.value, n)]
    off = {s: max(shares.high[s] - v, v - shares.low[s]) for s, v in shares.value.items()}
    by_size = [[each for s, each in off.items() if len(s) == size] for size in range(1, n + 1)]
    curve = [_wider(mean, sum(each) / len(each)) for mean, each in zip(curve, by_size, strict=True)]
    return curve, [_wider(mean, 2 * sum(off.values()) / len(off)) for mean in added]


def _wider(mean: Mean, slack: float) -> Mean:
    value = min(1.0, max(0.0, mean.value))
    return Mean(value=value, low=min(value, max(0.0, mean.low - slack)), high=max(value, min(1.0, mean.high + slack)))


def _rows(bench: Bench, one: Study, whole: float) -> tuple[Mean | None, bool]:
    """People whom all their rows single out and no row alone; `whole` is the share whom some row alone does."""
    attributes = one.attributes
    if attributes.one_row_each:
        return (None, True) if attributes.repeating else (Mean(value=0.0, low=0.0, high=0.0), False)
    quasi = attributes.of(Part.QUASI)
    if attributes.rows_stay:
        return None, True
    fold = Persons(
        person=attributes.person,
        known=quasi,
        seed=bench.seed,
        steps=tuple(s for s in attributes.steps if s[0] in quasi),
    )
    prints = read_persons(one.table.fold(fold, lambda done, of: bench.progress(done, of, "row")))
    if prints is None:
        return None, True
    more = max(0.0, prints.unique / prints.n - whole)
    return Mean(value=more, low=more, high=more), True


def _quantities(worst: Uplift, found: Sequence[Uplift], *, is_complete: bool) -> tuple[Quantity, ...]:
    """The numbers of the table whose whole adds most; open upwards where a table or what others know is not clear."""
    is_open = not is_complete or any(
        u.study.attributes.of(Part.OVERLOOKED) or u.study.attributes.repeating for u in found
    )

    def quantity(metric: str, mean: Mean, *by: tuple[str, str], exact: bool) -> Quantity:
        return Quantity(
            metric=metric, value=mean.value, low=mean.low, high=1.0 if is_open else mean.high, unit="1", n=worst.n,
            confidence=1.0 if exact and (not is_open or mean.low == 1) else _CONFIDENCE, n_of=worst.n_of, by=by,
        )  # fmt: skip

    curve = [
        quantity("singled-out-share", mean, ("columns", at), exact=worst.is_exact or at == _ALL)
        for at, mean in worst.curve
    ]
    added = [
        quantity("added-share", mean, ("column", worst.study.speaker.list([name])), exact=worst.is_exact)
        for name, mean in worst.added
    ]
    uplift = Mean(value=worst.uplift, low=worst.uplift, high=worst.uplift)
    return (*curve, *added, quantity("column-uplift", uplift, exact=True), *_row_uplift(found, is_complete=is_complete))


def _row_uplift(found: Sequence[Uplift], *, is_complete: bool) -> list[Quantity]:
    """The worst table's; nothing where one could not be told, and a zero of none where nobody has several rows."""
    known = [(u.rows, u) for u in found if u.rows]
    if len(known) < len(found) or not is_complete:
        return []
    mean, whose = max(known, key=lambda pair: (pair[1].has_rows, pair[0].value))
    return [
        Quantity(
            metric="row-uplift", value=mean.value, low=mean.low, high=mean.high, unit="1", confidence=1.0,
            n=whose.n if whose.has_rows else 0, n_of=whose.n_of,
        )
    ]  # fmt: skip


def _told(one: Uplift) -> list[Phrase]:
    label, speaker, singles = one.study.table.label, one.study.speaker, one.singles
    most = max(singles, key=lambda name: singles[name])
    people = phrase("people") if one.study.attributes.person else phrase("rows")
    notes = []
    if len(singles) > 1:
        says = "{label}: of what others could know of somebody, one thing alone ({column}) singles out {part} of the"
        says += " {people} at the most; all {n} together single out {whole}"
        if not singles[most]:
            says = "{label}: of what others could know of somebody, no one thing singles anybody out; all {n} together"
            says += " single out {whole} of the {people}"
        notes.append(
            phrase(
                says, label=label, part=_percent(singles[most]), people=str(people), column=speaker.list([most]),
                n=len(singles), whole=_percent(one.whole),
            )
        )  # fmt: skip
        adds, mean = max(one.added, key=lambda pair: pair[1].value)
        if mean.value:
            says = (
                "{label}: {column} adds most: {share} of the {people} on average over all orders in which the columns"
            )
            says += " may become known (Shapley value, {how})"
            how = "over all orders" if one.is_exact else "over a sample of orders or of classes"
            share, column = _percent(mean.value), speaker.list([adds])
            notes.append(phrase(says, label=label, column=column, share=share, people=str(people), how=how))
    if len(one.columns) < len(singles):
        says = "{label}: put together were the {n} columns that single out most alone; not by themselves: {columns}"
        left = [name for name in singles if name not in one.columns]
        notes.append(phrase(says, label=label, n=len(one.columns), columns=speaker.list(left)))
    return notes + _on_rows(one)


def _on_rows(one: Uplift) -> list[Phrase]:
    label = one.study.table.label
    if one.rows is None and one.study.attributes.repeating:
        says = "{label}: what all rows of a person tell together is not measured, for nothing says whose they are: "
        says += 'person = "COLUMN" in weighbridge.toml, at this artefact'
        return [phrase(says, label=label)]
    if one.rows is None and one.study.attributes.rows_stay:
        says = "{label}: what all rows of a person tell together is not measured: rows stay where they lie"
        return [phrase(says, label=label)]
    if one.rows is None:
        return [phrase("{label}: there are too many people to tell what all rows of each come to", label=label)]
    if not one.has_rows:
        return []
    says = "{label}: some row alone singles out {part} of the people; all rows of a person together single out {more}"
    says += " more, whom no single row does"
    return [phrase(says, label=label, part=_percent(one.whole), more=_percent(one.rows.value))]


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"


PROBE = Probe(settings=Settings, measure=measure)

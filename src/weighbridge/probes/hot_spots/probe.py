"""Where people were, as a table tells it: how exactly, among how many, and at places that stand out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from weighbridge.core.evidence import Measured, NotApplicable, NotMeasured, Outcome, Quantity
from weighbridge.core.wording import Phrase, phrase
from weighbridge.maths.lonely import Lonely
from weighbridge.probekit.hashes import key_of
from weighbridge.probekit.moments import form_of
from weighbridge.probekit.ports import Bench, ColumnType, Probe, Table
from weighbridge.probekit.studies import released
from weighbridge.probes.hot_spots.engine import library
from weighbridge.probes.hot_spots.findings import (
    Seen,
    habits_of,
    on_fates,
    precision_of,
    small_cells,
    spots_of,
)
from weighbridge.probes.hot_spots.footprints import Footprints
from weighbridge.probes.hot_spots.homes import Nights, can_sleep
from weighbridge.probes.hot_spots.pointers import MARKED, Near, rows_of
from weighbridge.probes.hot_spots.tables import Named, Study, study

_LOOK = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """See the card."""

    k: int = 5
    crowd: int = 1000
    latitude: str = ""
    longitude: str = ""
    position: str = ""
    count: str = ""
    time: str = ""
    sampled_persons: int = 1000


def measure(bench: Bench, settings: Settings) -> Outcome:
    """Look into every table to be released that says where people were."""
    tables = released(bench)
    if not tables:
        return NotApplicable(because=phrase("no table is to be released; those that are there serve as evidence only"))
    named = Named(
        latitude=settings.latitude, longitude=settings.longitude, position=settings.position, count=settings.count,
        time=settings.time,
    )  # fmt: skip
    looked = [study(table, named, bench.seed) for table in tables]
    told: list[tuple[Quantity, ...]] = []
    notes: list[Phrase] = []
    unclear = [s for s in looked if isinstance(s, NotMeasured)]
    aside = [s for s in looked if isinstance(s, NotApplicable)]
    for one in (s for s in looked if isinstance(s, Study)):
        made = _weighed(bench, one, settings)
        if isinstance(made, NotMeasured):
            unclear.append(made)
            continue
        told.append(made.quantities)
        notes += made.notes
    if not told:
        return unclear[0] if unclear else aside[0]
    notes += [said for u in unclear for said in (u.because, u.remedy)]
    return Measured(quantities=_worst(told, complete=not unclear), notes=tuple(dict.fromkeys(notes)))


def _weighed(bench: Bench, one: Study, settings: Settings) -> Measured | NotMeasured:
    library()
    key = key_of(bench.seed, "hot-spots")
    fold = Footprints(
        places=one.located.places, person=one.beside.person, count=one.beside.count, finest=one.finest, key=key,
        few=settings.k,
    )  # fmt: skip
    state = fold.opened(one.table.fold(fold, lambda done, of: bench.progress(done, of, "row")))
    seen = Seen(study=one, fold=fold, state=state)
    if not seen.read:
        return NotMeasured(
            because=phrase("{label} has no position that can be used", label=one.table.label),
            remedy=phrase(
                "name the columns: weighbridge weigh DIR --set hot-spots.latitude=COLUMN --set "
                "hot-spots.longitude=COLUMN; or write them in degrees (EPSG:4326)"
            ),
        )
    exact, on_exact = precision_of(seen)
    spots, on_spots, found = spots_of(seen, settings.crowd)
    homes, on_homes = _homes(bench, seen, settings, key)
    if len(found.at):
        _point_out(bench, one, found)
    return Measured(
        quantities=(*exact, *small_cells(seen), *spots, *homes),
        notes=(*one.notes, *on_fates(seen), *on_exact, *on_spots, *on_homes),
    )


def _homes(bench: Bench, seen: Seen, settings: Settings, key: bytes) -> tuple[list[Quantity], list[Phrase]]:
    one = seen.study
    person, time, places = one.beside.person, one.beside.time, one.located.places[0]
    if not person or not time or not can_sleep(places):
        says = "{label}: homes and places of work were not looked for: that takes a person, a time and a point a row"
        return [], [phrase(says, label=one.table.label)]
    form = _form(one.table, time, bench.seed)
    if form is None:
        says = "{label}: homes and places of work were not looked for: the times in {column} could not be read"
        return [], [phrase(says, label=one.table.label, column=time)]
    fold = Nights(
        places=places, person=person, time=time, form=form, resolution=seen.fold.finest,
        persons=settings.sampled_persons,
        key=key,
    )  # fmt: skip
    stays = fold.opened(one.table.fold(fold, lambda done, of: bench.progress(done, of, "row")))
    made = habits_of(seen, fold, stays)
    says = (
        "{label}: a home is the cell of at least three nights (22 to 6), a place of work that of three weekdays (9 to "
        "17); times without a zone were taken as local, others by the sun"
    )
    return made, [phrase(says, label=one.table.label)]


def _form(table: Table, time: str, seed: int) -> str | None:
    column = next(c for c in table.columns if c.name == time)
    if column.type is not ColumnType.TEXT:
        return ""
    return form_of(table.sample(time, _LOOK, seed))


def _point_out(bench: Bench, one: Study, found: Lonely) -> None:
    """Record numbers of a few rows at lonely spots, for the owner's eyes alone."""
    near = Near(
        places=one.located.places[0], spots=tuple(float(x) for x in found.at.ravel()), reach_m=MARKED.reach_m,
        kept=MARKED.kept,
    )  # fmt: skip
    for row in rows_of(near, one.table.fold(near)):
        bench.point_out(one.table.label, row, "lies at a place that stands out")


def _worst(told: Sequence[tuple[Quantity, ...]], *, complete: bool) -> tuple[Quantity, ...]:
    """The worst of all tables for each number; where a table was not read, what it holds may be worse still."""
    found: dict[tuple[str, tuple[tuple[str, str], ...]], list[Quantity]] = {}
    for quantities in told:
        for quantity in quantities:
            found.setdefault((quantity.metric, quantity.by), []).append(quantity)
    made = []
    for (metric, _), several in found.items():
        is_length = metric in ("coordinate-precision", "smallest-cell")  # the smaller the worse
        worst = min(several, key=lambda q: q.value) if is_length else max(several, key=lambda q: (q.value, q.high))
        high = worst.high if is_length else max(q.high for q in several)
        worst = replace(worst, low=min(q.low for q in several)) if is_length else worst
        if not complete and worst.unit == "1":
            worst, high = replace(worst, confidence=min(worst.confidence, 0.95)), 1.0
        elif not complete and is_length:
            worst = replace(worst, low=0.0, confidence=0.95)
        elif not complete and metric == "lonely-spots":
            high = high + 1
        made.append(replace(worst, high=high))
    return tuple(made)


PROBE = Probe(settings=Settings, measure=measure)

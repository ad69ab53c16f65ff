"""From what a scan remembers to numbers: precision, small cells, spots that stand out, homes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from weighbridge.core.evidence import Quantity
from weighbridge.core.wording import Phrase, phrase
from weighbridge.maths.lonely import Gatherings, Limits, Lonely, lonely
from weighbridge.maths.proportions import Interval, clopper_pearson
from weighbridge.probekit.positions import Fate, Form
from weighbridge.probes.hot_spots.engine import parents, spacing_m
from weighbridge.probes.hot_spots.footprints import PERSONS_KEPT, Arrays, Footprints
from weighbridge.probes.hot_spots.homes import DAY, NIGHT, Nights, Stays, habits
from weighbridge.probes.hot_spots.precision import Precision, precision, shares
from weighbridge.probes.hot_spots.precision import spacing_m as grid_m
from weighbridge.probes.hot_spots.spots import COARSEST, SIZES, Grain, all_gatherings, counts_of, person_heads
from weighbridge.probes.hot_spots.tables import Study

CONFIDENCE = 0.95
QUANTILES = ("0.5", "0.9", "0.99", "1")
_FINER = 0.75  # cells as fine as the squares of a table of counts, nearly; ours
_SKETCH = 3 / PERSONS_KEPT**0.5  # a number of persons beyond the sketch is known to so much; Cohen and Kaplan 2007
_SECOND = 2  # a smallest count from which on smaller ones were left out


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one table's scan remembers."""

    study: Study
    fold: Footprints
    state: Arrays

    @property
    def read(self) -> int:
        """Positions that were read."""
        return int(self.state["fates"][Fate.READ])

    @property
    def persons(self) -> Interval:
        """Different persons; rows where nobody says whose they are, the sum of counts where there are counts."""
        if self.fold.sums:
            return _exactly(float(self.state["held"][0]))
        kept = self.state["persons"]
        if len(kept) < PERSONS_KEPT:
            return _exactly(float(len(kept)))
        value = (PERSONS_KEPT - 1) / (float(kept[-1]) / 2.0**64)
        return Interval(value, value * (1 - _SKETCH), value * (1 + _SKETCH))

    @property
    def unit(self) -> str:
        """What is counted."""
        return "person" if self.fold.person else "count" if self.fold.count else "row"


def _exactly(value: float) -> Interval:
    return Interval(value, value, value)


def on_fates(seen: Seen) -> list[Phrase]:
    """What was left out, and how much of it."""
    fates, label = seen.state["fates"].tolist(), seen.study.table.label
    says = {
        Fate.MISSING: "{label}: {n} rows have no position, or nobody in it, and were left out",
        Fate.UNREADABLE: "{label}: {n} rows have a position that cannot be read, and were left out",
        Fate.OUT_OF_RANGE: "{label}: {n} rows lie beyond 90 or 180 degrees, and were left out",
        Fate.SENTINEL: "{label}: {n} rows lie at a point that stands for no position, such as 0, 0; they were left out",
    }
    return [phrase(told, label=label, n=fates[fate]) for fate, told in says.items() if fates[fate]]


def precision_of(seen: Seen) -> tuple[list[Quantity], list[Phrase]]:
    """The steps of positions in metres, and how many have how many decimals."""
    label = seen.study.table.label
    if any(places.form is Form.H3 for places in seen.study.located.places):
        side = spacing_m(seen.fold.finest)
        found = Precision(latitude_m=side, longitude_m=side, decimals=0, is_grid=True)
        exact: list[float] = []
    elif seen.fold.count:
        side = grid_m(seen.state)
        found, exact = Precision(latitude_m=side, longitude_m=side, decimals=0, is_grid=True), []
    else:
        persons = seen.persons.value if seen.fold.person else 0.0
        found, exact = precision(seen.state, persons, seen.fold.few), shares(seen.state).tolist()
    made = [
        _counted("coordinate-precision", value, "m", seen.read, "position", direction=direction)
        for direction, value in (("latitude", found.latitude_m), ("longitude", found.longitude_m))
    ]
    made += [
        _counted("precise-share", share, "1", seen.read, "position", decimals=str(n + 1))
        for n, share in enumerate(exact)
    ]
    notes = [phrase("digits that were filled in at random look like real ones, and count as exact")] if exact else []
    if found.is_shared:
        says = "{label}: its positions are those of places that several people share, so that they are no more exact"
        notes.append(phrase(says + " than these places are apart", label=label))
    elif found.is_grid and exact:
        notes.append(phrase("{label}: positions lie on a grid, which is coarser than their digits", label=label))
    return made, notes


def small_cells(seen: Seen) -> list[Quantity]:
    """Share of people in cells with few, at several sizes of cells; and how many are in the emptiest cell."""
    if seen.fold.count:
        total, few = seen.state["held"][:2].tolist()
        return _of_cells(seen, "released", _exactly(few / total), _exactly(float(seen.state["least"][0])))
    made: list[Quantity] = []
    reached = int(seen.state["resolution"][0])
    for resolution in range(reached, max(-1, reached - SIZES), -1):
        share, least = _small_share(seen, resolution)
        for name in (str(resolution), "released") if resolution == reached else (str(resolution),):
            made += _of_cells(seen, name, share, least)
    return made


def _of_cells(seen: Seen, cells: str, share: Interval, least: Interval) -> list[Quantity]:
    return [
        Quantity(
            metric=metric,
            value=found.value,
            low=found.low,
            high=found.high,
            confidence=1.0 if found.low == found.high else CONFIDENCE,
            unit=unit,
            n=round(seen.persons.value),
            n_of=seen.unit,
            by=(("cells", cells),),
        )
        for metric, unit, found in (("small-cell-share", "1", share), ("smallest-cell", "count", least))
    ]


def _small_share(seen: Seen, resolution: int) -> tuple[Interval, Interval]:
    """Share of people in small cells, and people in the smallest."""
    few, everybody = seen.fold.few, seen.persons
    _, counts = counts_of(seen.state, resolution)
    least = float(counts.min())
    if seen.fold.sums:  # rows of one person look like several people: more may be in small cells, not fewer
        share = float(counts[counts < few].sum()) / everybody.value
        return Interval(share, share, 1.0), Interval(least, 1.0, least)
    heads = person_heads(parents(seen.state["cell"], resolution), seen.state["person"], int(seen.state["kept"][0]))
    sizes = np.diff(heads.starts)
    n = len(np.unique(heads.person[np.repeat(sizes < few, sizes)]))
    low, value, high = (min(1.0, n / of) for of in (everybody.high, everybody.value, everybody.low))
    return Interval(value, low, high), _exactly(least)


def spots_of(seen: Seen, crowd: int) -> tuple[list[Quantity], list[Phrase], Lonely]:
    """How many places stand out, and the contrast of all gatherings; never which they are."""
    state, grain, least = dict(seen.state), Grain(of_rows=not seen.fold.person and not seen.fold.count), 1
    if seen.fold.count:
        least = int(state["least"][0])
        side = _side(seen)
        reached = int(state["resolution"][0])
        resolution = next((r for r in range(reached, 0, -1) if spacing_m(r) >= _FINER * side), 0)
        state |= {"cell": parents(state["cell"], resolution), "resolution": np.array([resolution])}
        grain = Grain(of_rows=False, least=least, side_m=side)
    gathered = all_gatherings(state, seen.fold.few, grain)
    limits = Limits(few=seen.fold.few, crowd=crowd, everybody=seen.persons.value)
    found = lonely(gathered, limits, CONFIDENCE)
    reached = int(state["resolution"][0])
    unseen = len(np.unique(parents(state["cell"], reached))) if reached < COARSEST else 0  # each may be a spot
    high = max(found.possible, found.shown, unseen)
    if int(seen.state["resolution"][0]) < min(COARSEST, seen.fold.finest):  # what stands out finer was not looked for
        high += max(1, len(gathered.p))
    made = [
        Quantity(
            metric="lonely-spots",
            value=found.shown,
            low=min(found.sure, found.shown),
            high=high,
            confidence=CONFIDENCE,
            unit="count",
            n=len(gathered.p),
            n_of="gathering",
        )
    ]
    made += _contrasts(gathered, seen.fold.few)
    return made, _on_spots(seen, found, least, int(state["resolution"][0])), found


def _side(seen: Seen) -> float:
    if any(places.form is Form.H3 for places in seen.study.located.places):
        return spacing_m(seen.fold.finest)
    return grid_m(seen.state)


def _contrasts(gathered: Gatherings, few: int) -> list[Quantity]:
    contrast = np.sort(gathered.contrast[gathered.inside >= few])
    if not len(contrast):
        return []
    return [
        _counted("spot-contrast", float(np.quantile(contrast, float(q), method="inverted_cdf")), "times", len(contrast),
                 "gathering", quantile=q)
        for q in QUANTILES
    ]  # fmt: skip


def _on_spots(seen: Seen, found: Lonely, least: int, reached: int) -> list[Phrase]:
    label = seen.study.table.label
    notes = [phrase("no population layer: how many people live around a cell was not known")]
    if len(found.people):
        says = "{label}: lonely spots have {least} to {most} people each (half of them at most {half})"
        ends = (int(found.people.min()), int(found.people.max()), int(np.median(found.people)))
        notes.append(phrase(says, label=label, least=ends[0], most=ends[1], half=ends[2]))
    if found.hidden:
        says = "{label}: {n} more places stand apart, and have at least {k} like them within 25 km: these hide them"
        notes.append(phrase(says, label=label, n=found.hidden, k=seen.fold.few))
    if found.towns:
        notes.append(phrase("{label}: {n} places stand apart and were taken for towns", label=label, n=found.towns))
    if found.whole:
        says = "{label}: one place holds more than half of all; there is nothing around to compare it with"
        notes.append(phrase(says, label=label))
    if least >= _SECOND:
        says = "{label}: its smallest count is {least}; what is empty was taken to hold up to {less} people"
        notes.append(phrase(says, label=label, least=least, less=least - 1))
    if reached < COARSEST:
        says = "{label}: cells are coarser than spots are; what stands out in finer data was not looked for"
        notes.append(phrase(says, label=label))
    if not seen.fold.count and reached < seen.fold.finest:
        says = "{label}: there are too many people in too many cells; cells of resolution {n} were counted, no finer"
        notes.append(phrase(says, label=label, n=reached))
    return notes


def habits_of(seen: Seen, fold: Nights, stays: Stays) -> list[Quantity]:
    """How many people's home and work can be told from repeats, and whether others were there."""
    resolution = min(fold.resolution, int(seen.state["resolution"][0]))
    cells, counts = counts_of(seen.state, resolution)
    made: list[Quantity] = []
    for place, kind in (("home", NIGHT), ("work", DAY)):
        has, where = habits(stays, kind, resolution)
        if not len(has):
            continue
        at = np.searchsorted(cells, where)
        at[at == len(cells)] = 0
        lonely_ones = (has > 0) & (counts[at] < seen.fold.few) & (cells[at] == where)
        for metric, hits in (("habit-share", int(has.sum())), ("lonely-habit-share", int(lonely_ones.sum()))):
            share = clopper_pearson(hits, len(has), confidence=CONFIDENCE)
            made.append(
                Quantity(
                    metric=metric,
                    value=share.value,
                    low=share.low,
                    high=share.high,
                    confidence=CONFIDENCE,
                    unit="1",
                    n=len(has),
                    n_of="person",
                    by=(("place", place),),
                )
            )
    return made


def _counted(metric: str, value: float, unit: str, n: int, n_of: str, **by: str) -> Quantity:
    return Quantity(
        metric=metric,
        value=value,
        low=value,
        high=value,
        confidence=1.0,
        unit=unit,
        n=n,
        n_of=n_of,
        by=tuple(by.items()),
    )

"""Which tables to look into, and what their columns are: places, people, counts, times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from weighbridge.core.evidence import NotApplicable, NotMeasured
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.places import Companions, Located, Unread, companions, locate
from weighbridge.probekit.ports import Table
from weighbridge.probekit.positions import Form
from weighbridge.probes.hot_spots.engine import resolution_of
from weighbridge.probes.hot_spots.footprints import as_cells

FINEST = 9  # 0.1 square kilometres: cells in which a hamlet has room. Ours
_LOOK = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Columns that the user named; empty where they are to be found."""

    latitude: str = ""
    longitude: str = ""
    position: str = ""
    count: str = ""
    time: str = ""

    def of(self, table: Table) -> tuple[str, ...]:
        """The place columns named, where this table has one of them."""
        names = (self.position,) if self.position else tuple(filter(None, (self.latitude, self.longitude)))
        held = {c.name for c in table.columns}
        return names if any(name in held for name in names) else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """A table about where people were."""

    table: Table
    located: Located
    beside: Companions
    finest: int
    notes: tuple[Phrase, ...]


def study(table: Table, named: Named, seed: int) -> Study | NotApplicable | NotMeasured:
    """A table made ready, or why there is nothing to measure in it."""
    label = table.label
    located = locate(table, named.of(table), seed=seed)
    if not located.places:
        return _nowhere(label, located)
    columns = [name for places in located.places for name in places.columns]
    beside = _beside(table, columns, named)
    declared = table.declared
    if declared.about_people is False and not declared.person:
        return NotApplicable(because=phrase("{label} is declared not to be about people", label=label))
    about = declared.about_people or bool(declared.person or declared.quasi_identifiers or declared.sensitive)
    if not about and not beside.speaks_of_people and not beside.counts_people:
        return NotMeasured(
            because=phrase("{label} says where, and nothing tells whether it is about people", label=label),
            remedy=phrase(
                "say it in weighbridge.toml, at the artefact {label}: about_people = true, or about_people = false",
                label=label,
            ),
        )
    return Study(
        table=table, located=located, beside=beside, finest=_finest(table, located, seed),
        notes=(*_on_columns(label, located, beside), *_on_refused(label, located)),
    )  # fmt: skip


def _nowhere(label: str, located: Located) -> NotApplicable | NotMeasured:
    if not located.refused:
        return NotApplicable(because=phrase("no column of {label} says where something was", label=label))
    name, why = located.refused[0]
    said = {
        Unread.METRES: "{label}: {columns} hold metres on a projection, which was not named",
        Unread.OTHER: "{label}: {columns} are named as a position and hold none that can be read",
    }[why]
    return NotMeasured(
        because=phrase(said, label=label, columns=name),
        remedy=phrase(
            "write positions in degrees (EPSG:4326), or name the columns that are: weighbridge weigh DIR --set "
            "hot-spots.latitude=COLUMN --set hot-spots.longitude=COLUMN"
        ),
    )


def _beside(table: Table, columns: list[str], named: Named) -> Companions:
    found = companions(table, columns)
    held = {c.name for c in table.columns}
    count = named.count if named.count in held else found.count
    return Companions(
        person="" if named.count in held and not table.declared.person else found.person,
        time=named.time if named.time in held else found.time,
        count="" if found.person and named.count not in held else count,
        counts_people=found.counts_people,
        speaks_of_people=found.speaks_of_people,
    )


def _finest(table: Table, located: Located, seed: int) -> int:
    """The finest cells that the table can be counted in: no finer than cells that it already has."""
    finest = FINEST
    for places in located.places:
        if places.form is Form.H3:
            cells, _ = as_cells(table.sample(places.columns[0], _LOOK, seed), 0, keep=True)
            told = resolution_of(np.unique(cells))
            finest = min(finest, int(told[told >= 0].min(initial=FINEST)))
    return finest


def _on_columns(label: str, located: Located, beside: Companions) -> list[Phrase]:
    notes: list[Phrase] = []
    for places in located.places:
        told = " + ".join(places.columns)
        notes.append(phrase("{label}: positions were read from {columns} ({form})", label=label, columns=told,
                            form=places.form.value))  # fmt: skip
        if places.is_swapped:
            says = "{label}: {columns}: latitude and longitude are swapped, and were read the other way round"
            notes.append(phrase(says, label=label, columns=told))
    if beside.person:
        notes.append(
            phrase("{label}: people were told apart by the column {column}", label=label, column=beside.person)
        )
    elif beside.count:
        notes.append(phrase("{label}: how many people a row stands for was read from {column}", label=label,
                            column=beside.count))  # fmt: skip
    else:
        says = (
            "{label}: no column names the person, so that rows were counted; one with many rows looks like many "
            'people. If there is such a column, in weighbridge.toml, at the artefact {label}: person = "COLUMN"'
        )
        notes.append(phrase(says, label=label))
    return notes


def _on_refused(label: str, located: Located) -> list[Phrase]:
    says = "{label}: {columns} are named as a position and were not read: {why}"
    return [phrase(says, label=label, columns=name, why=why.value) for name, why in located.refused]

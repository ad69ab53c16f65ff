"""Declarations that what lies in the table contradicts."""

from __future__ import annotations

from collections.abc import Sequence

from weighbridge.core.errors import nearest
from weighbridge.core.evidence import NotMeasured
from weighbridge.core.wording import phrase
from weighbridge.probekit.ports import Table


def contradicted(label: str, columns: str) -> NotMeasured:
    """What to say where a table is declared not to be about people and holds columns that are."""
    return NotMeasured(
        because=phrase(
            "{label} is declared not to be about people, but it has columns that look personal: {columns}",
            label=label,
            columns=columns,
        ),
        remedy=phrase(
            "in weighbridge.toml, at the artefact {label}, write about_people = true; or leave these columns out of it",
            label=label,
        ),
    )


def undeclarable(table: Table, names: Sequence[str]) -> NotMeasured | None:
    """What to say where a declaration names a column that the table does not have."""
    declared = table.declared
    keys = {"person": (declared.person,) if declared.person else (), "quasi_identifiers": declared.quasi_identifiers,
            "sensitive": declared.sensitive}  # fmt: skip
    missing = [(key, name) for key, named in keys.items() for name in named if name not in names]
    if not missing:
        return None
    key, name = missing[0]
    near = nearest(name, names)
    return NotMeasured(
        because=phrase(
            "{label}: {key} names the column {name!r}, and the table has none of that name",
            label=table.label,
            key=key,
            name=name,
        ),
        remedy=phrase("in weighbridge.toml, write {near!r} in its place", near=near)
        if near
        else phrase("in weighbridge.toml, take {name!r} out of {key}", name=name, key=key),
    )

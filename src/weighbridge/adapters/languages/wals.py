"""WALS: order of subject, object and verb (81A), and affixation (26A), of the languages that it records.

References
----------
Dryer and Haspelmath (eds.) 2013, The World Atlas of Language Structures Online; CC BY 4.0. Chapters 81 and 26: Dryer.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from weighbridge.adapters.languages.files import Folder, Rows
from weighbridge.adapters.languages.tags import language_of

WORD_ORDER, AFFIXATION = "81A", "26A"
_ISO = "ISO639P3code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typology:
    """What is recorded, by canonical tag; what is not there is not recorded."""

    word_order: dict[str, str] = field(default_factory=dict)
    affixation: dict[str, str] = field(default_factory=dict)
    family: dict[str, str] = field(default_factory=dict)


def read_wals(folder: Folder) -> Typology | None:
    """WALS' tables, if the folder has languages and values.

    Where WALS records several varieties of what is one language here, the value that most of them have is taken; where
    none leads, none is recorded.
    """
    languages = folder.with_columns("ID", _ISO, "Genus")
    if languages is None:
        return None
    tags = {row["ID"]: language_of(row[_ISO]) for row in languages.rows if row[_ISO]}
    families = {tags[row["ID"]]: row.get("Family", "") for row in languages.rows if tags.get(row["ID"])}
    values = _cldf(folder) or _tables(folder)
    if values is None:
        return None
    return Typology(word_order=_of(WORD_ORDER, values, tags), affixation=_of(AFFIXATION, values, tags), family=families)


_Values = list[tuple[str, str, str]]  # parameter, WALS code, name of the value


def _of(parameter: str, values: _Values, tags: dict[str, str]) -> dict[str, str]:
    counted: dict[str, Counter[str]] = {}
    for named, code, value in values:
        if named == parameter and (tag := tags.get(code)):
            counted.setdefault(tag, Counter())[value] += 1
    found: dict[str, str] = {}
    for tag, counts in counted.items():
        (value, most), *rest = counts.most_common(2)
        if not rest or rest[0][1] < most:
            found[tag] = value
    return found


def _cldf(folder: Folder) -> _Values | None:
    """`values.csv` and `codes.csv` of a CLDF data set."""
    values = folder.with_columns("ID", "Language_ID", "Parameter_ID", "Code_ID")
    codes = folder.with_columns("ID", "Parameter_ID", "Name", "Number")
    if values is None or codes is None:
        return None
    named = {row["ID"]: row["Name"] for row in codes.rows}
    return [(row["Parameter_ID"], row["Language_ID"], named.get(row["Code_ID"], "")) for row in values.rows]


def _tables(folder: Folder) -> _Values | None:
    """The tables of the database that WALS is served from."""
    elements = folder.with_columns("pk", "parameter_pk", "number", "abbr", "name")
    sets = folder.with_columns("pk", "language_pk", "parameter_pk", "contribution_pk")
    values = folder.with_columns("valueset_pk", "domainelement_pk")
    languages = folder.with_columns("pk", "id", "latitude", "longitude", "version")
    if elements is None or sets is None or values is None or languages is None:
        return None
    code, place = _by_key(languages.rows), {row["pk"]: row for row in sets.rows}
    element = {row["pk"]: row for row in elements.rows}
    found: _Values = []
    for row in values.rows:
        of, said = place.get(row["valueset_pk"]), element.get(row["domainelement_pk"])
        if of and said:
            found.append((said["id"].partition("-")[0], code.get(of["language_pk"], ""), said["name"]))
    return found


def _by_key(rows: Rows) -> dict[str, str]:
    return {row["pk"]: row["id"] for row in rows}

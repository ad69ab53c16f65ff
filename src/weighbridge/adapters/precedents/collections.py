"""Other people's collections of incidents, read from the user's own copy. Their licence stays with every entry.

The AI Incident Database as its table of incidents (CSV, also compressed with gzip), MITRE ATLAS as its folder of case
studies (YAML). Both are text from outside: bounded, and never trusted to be what they say.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from weighbridge.core.errors import Unusable
from weighbridge.core.precedent import Precedent, Source, Turned
from weighbridge.core.wording import _

AIID, ATLAS = "aiid", "atlas"
_MOST_BYTES = 64 << 20  # of a table of incidents; that of March 2025 has half a megabyte
_MOST_FILE_BYTES = 1 << 20  # of one case study
_MOST_FILES = 10_000
_MOST_CHARACTERS = 4000  # of one field; an incident is a paragraph
_INCIDENT_COLUMNS = ("incident_id", "date", "title", "description", "deployers", "developers", "harmed_parties")
_DAY = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")


class _Loader(yaml.SafeLoader):  # type: ignore[misc]  # the library has no types
    """Plain values only; no alias, since a few of them can stand for more than any memory holds."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            msg = "an alias"
            raise yaml.YAMLError(msg)
        return super().compose_node(parent, index)


def incidents(path: Path) -> tuple[Precedent, ...]:
    """The AI Incident Database, from its table of incidents.

    An incident is harm, or harm that nearly happened; who decided and why is not in the table.

    Raises
    ------
    Unusable
        For a file that is no such table, or is larger than any such table.
    """
    try:
        rows = csv.DictReader(io.StringIO(_unpacked(path).decode("utf-8"), newline=""))
        missing = [name for name in _INCIDENT_COLUMNS if name not in (rows.fieldnames or ())]
        if missing:
            raise _unusable(path, _("it has no column {name}").format(name=missing[0]))
        made = tuple(_incident(row) for row in rows)
    except (UnicodeDecodeError, csv.Error):
        raise _unusable(path, _("it is no table in UTF-8")) from None
    return _checked(path, made)


def case_studies(path: Path) -> tuple[Precedent, ...]:
    """MITRE ATLAS, from its folder of case studies.

    Raises
    ------
    Unusable
        Where the folder holds none, or one of them cannot be read.
    """
    files = sorted(path.glob("AML.CS*.yaml")) if path.is_dir() else [path]
    if len(files) > _MOST_FILES:
        raise _unusable(path, _("it holds more than {n} files").format(n=_MOST_FILES))
    return _checked(path, tuple(_case_study(file) for file in files))


COLLECTIONS: dict[str, Callable[[Path], tuple[Precedent, ...]]] = {AIID: incidents, ATLAS: case_studies}


def _checked(path: Path, made: tuple[Precedent, ...]) -> tuple[Precedent, ...]:
    if not made:
        raise _unusable(path, _("it holds none"))
    slugs = [precedent.slug for precedent in made]
    if len(set(slugs)) < len(slugs):
        raise _unusable(path, _("two entries have one number"))
    return made


def _incident(row: Mapping[str | Any, str | Any]) -> Precedent:
    def of(name: str) -> str:
        return _line(row.get(name) or "")

    number = of("incident_id")
    if not number.isdecimal() or not of("title"):
        raise csv.Error
    hurt = of("harmed_parties")
    return Precedent(
        slug=f"{AIID}-{int(number)}", title=of("title"), on=_day(of("date")),
        who=of("deployers") or of("developers") or _("not known"), what=of("description") or of("title"),
        after=_("Harm, or harm that nearly happened"),
        turned=Turned.HARM, source=(Source(says=f"AI Incident Database, incident {int(number)}"),),
        words=tuple(filter(None, (of("developers"), hurt))), collection=AIID, licence="CC-BY-SA-4.0",
    )  # fmt: skip


def _case_study(file: Path) -> Precedent:
    read = _yaml(file)

    def of(name: str) -> str:
        value = read.get(name)
        return _line(str(value)) if isinstance(value, str) or hasattr(value, "isoformat") else ""

    if not re.fullmatch(r"AML\.CS\d{4}", of("id")) or not of("name") or not of("summary"):
        raise _unusable(file, _("it is no case study: `id`, `name` or `summary` is missing"))
    return Precedent(
        slug=f"{ATLAS}-{of('id').lower().replace('.', '-')}", title=of("name"), on=_day(of("incident-date")),
        who=of("actor") or of("reporter") or _("not known"), what=of("summary"),
        after=_("An attack that was carried out, or shown to be possible"), turned=Turned.HARM,
        source=(Source(says=f"MITRE ATLAS, case study {of('id')}"),), words=tuple(filter(None, (of("target"),))),
        collection=ATLAS, licence="Apache-2.0",
    )  # fmt: skip


def _yaml(file: Path) -> dict[Any, Any]:
    try:
        text = _bounded(file, _MOST_FILE_BYTES).decode("utf-8")
        read = yaml.load(text, Loader=_Loader)  # noqa: S506  a safe loader that takes no alias
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError):
        raise _unusable(file, _("it is no YAML of plain values")) from None
    if not isinstance(read, dict):
        raise _unusable(file, _("it is no YAML of plain values"))
    return read


def _unpacked(path: Path) -> bytes:
    data = _bounded(path, _MOST_BYTES)
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        with gzip.open(io.BytesIO(data)) as packed:
            data = packed.read(_MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error):
        raise _unusable(path, _("what is compressed in it is damaged")) from None
    return _within(path, data, _MOST_BYTES)


def _bounded(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            return _within(path, file.read(most + 1), most)
    except OSError as error:
        raise _unusable(path, error.strerror or type(error).__name__) from None


def _within(path: Path, data: bytes, most: int) -> bytes:
    if len(data) > most:
        raise _unusable(path, _("it has more than {n} bytes").format(n=most))
    return data


def _line(text: str) -> str:
    return " ".join(text.split())[:_MOST_CHARACTERS]


def _day(text: str) -> str:
    found = _DAY.match(text)
    if not found:
        raise csv.Error
    return found[0]


def _unusable(path: Path, why: str) -> Unusable:
    return Unusable(
        _("cannot take precedents from {path}").format(path=path), why,
        _("weighbridge precedents --import aiid incidents.csv, or --import atlas FOLDER of its case studies"),
    )  # fmt: skip

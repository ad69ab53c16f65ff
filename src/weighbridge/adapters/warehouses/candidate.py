"""A table in a database as a candidate: it can be weighed, and it has no bytes that could leave."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from weighbridge.adapters.door import Opened
from weighbridge.adapters.formats.candidate_file import ArtefactEntry, CandidateFile
from weighbridge.adapters.warehouses.table import WarehouseTable
from weighbridge.core.candidate import Artefact, Belonging, Candidate, Declared, Role, Subject
from weighbridge.core.errors import Fault, Faulty, nearest_hint
from weighbridge.core.wording import _
from weighbridge.probekit.formats import WAREHOUSE

_DIGITS = 16  # of the largest whole number that every reader of JSON keeps
_TRUTH = {"true": True, "false": False}
_FLAGS, _NAMES, _COUNTS = ("about_people",), ("person",), ("population_size",)
_LISTS = ("quasi_identifiers", "sensitive")


def candidate_of(table: WarehouseTable) -> Opened:
    """What is known of a table at the door: one artefact, data, of no bytes."""
    artefact = Artefact(
        role=Role.DATA, label=table.label, digest=table.digest, size_bytes=0, format=WAREHOUSE,
        belongs=Belonging.DATA, declared=table.declared,
    )  # fmt: skip
    return Opened(
        # As of a table in a file: there are bytes and text in it too, and what looks at those says that it could not.
        candidate=Candidate(
            name=table.label, version="1", artefacts=(artefact,), subjects=(Subject.TABLE, Subject.TEXT, Subject.BYTES)
        ),
        files=(),
        base_folder=None,
        guesses=(),
        source=CandidateFile(name=table.label, artefact=(ArtefactEntry(role=Role.DATA, path=table.label),)),
    )


def parse_declared(words: Iterable[str]) -> Declared:
    """What `--declare` says of a table: `about_people=true`, `person=COLUMN`, `quasi_identifiers=COLUMN,COLUMN`.

    Raises
    ------
    Faulty
        With all that cannot be used.
    """
    said, faults = Declared(), []
    for word in words:
        key, equals, value = word.partition("=")
        told = _fault(key, equals, value)
        if told:
            faults.append(Fault(file="--declare", line=0, key=key, says=told))
        elif key in _FLAGS:
            said = replace(said, about_people=_TRUTH[value])
        elif key in _NAMES:
            said = replace(said, person=value)
        elif key in _COUNTS:
            said = replace(said, population_size=int(value))
        else:
            names = tuple(name.strip() for name in value.split(",") if name.strip())
            is_quasi = key == "quasi_identifiers"
            said = replace(said, quasi_identifiers=names) if is_quasi else replace(said, sensitive=names)
    if faults:
        raise Faulty(_("cannot use what is declared"), faults, "--declare about_people=true --declare person=COLUMN")
    return said


def _fault(key: str, equals: str, value: str) -> str:
    known = (*_FLAGS, *_NAMES, *_COUNTS, *_LISTS)
    if key not in known:
        return _("is nothing that can be declared of a table; {hint}").format(hint=nearest_hint(key, known))
    if not equals or not value:
        return _("says nothing: write {key}=VALUE").format(key=key)
    if key in _COUNTS and not (value.isascii() and value.isdigit() and len(value) < _DIGITS):
        return _("should be a whole number")
    return _("should be true or false") if key in _FLAGS and value not in _TRUTH else ""

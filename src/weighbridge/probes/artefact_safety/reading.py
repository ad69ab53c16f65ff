"""All that is said of licences, read together: what the whole is released under, and what stands against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from weighbridge.core.candidate import Candidate
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probes.artefact_safety.conflicts import conflict
from weighbridge.probes.artefact_safety.licences import UNKNOWN
from weighbridge.probes.artefact_safety.statements import Place, Statement, expression

_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A statement that stands against the licence of the whole, and the rule that says so."""

    label: str
    line: int
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What came of it."""

    conflicts: tuple[Conflict, ...]
    n_compared: int
    notes: tuple[Phrase, ...]


def licence_reading(candidate: Candidate, statements: Sequence[Statement]) -> Reading:
    """Compare every statement, and the base's licence, with the licence of the whole.

    The whole is under the licence that the candidate claims; where it claims none, under that in the head of its card,
    or that of a licence file at its top.
    """
    claimed = candidate.claims.licence
    whole, where = (expression(claimed), "the candidate file") if claimed else _of_the_whole(statements)
    notes = [*_unsettled(claimed, whole, statements)]
    found: list[Conflict] = []
    for statement in statements if whole else ():
        rule = _against(statement, whole, where)
        if rule:
            found.append(Conflict(label=statement.label, line=statement.line, rule=rule))
            if len(found) <= _NAMED:
                notes.append(
                    phrase("{label} says {part}, the whole is under {whole} ({where}): conflict {rule}", rule=rule,
                           label=statement.label, part=statement.licence, whole=whole, where=where)
                )  # fmt: skip
    if candidate.base and whole:
        found.extend(_base(candidate.base.name, candidate.base.licence, whole, notes))
    n_compared = len(statements) + bool(candidate.base and candidate.base.licence) if whole else 0
    return Reading(conflicts=tuple(found), n_compared=n_compared, notes=tuple(notes))


def _of_the_whole(statements: Sequence[Statement]) -> tuple[str, str]:
    for place in (Place.CARD, Place.FILE):
        for statement in statements:
            at_top = "/" not in statement.label
            if statement.place is place and at_top and statement.licence != UNKNOWN:
                return statement.licence, statement.label
    return "", ""


def _against(statement: Statement, whole: str, where: str) -> str | None:
    if statement.place is Place.CARD and where != statement.label and UNKNOWN not in (statement.licence, whole):
        return None if statement.licence == whole else "card-says-otherwise"
    return conflict(statement.licence, whole)


def _base(name: str, licence: str, whole: str, notes: list[Phrase]) -> list[Conflict]:
    if not licence:
        notes.append(phrase("the licence of the base {name} is not stated, so it was not compared", name=name))
        return []
    if expression(licence) == UNKNOWN:
        notes.append(phrase("the licence of the base, {licence}, is not one we know", licence=licence))
        return []
    rule = conflict(expression(licence), whole, is_base=True)
    if not rule:
        return []
    notes.append(
        phrase(
            "the base is under {part}, the whole under {whole}: conflict {rule}", part=licence, whole=whole, rule=rule
        )
    )
    return [Conflict(label=name, line=1, rule=f"base: {rule}")]


def _unsettled(claimed: str, whole: str, statements: Sequence[Statement]) -> list[Phrase]:
    notes = []
    if not claimed:
        notes.append(phrase('no licence is claimed; add it to weighbridge.toml, as in: licence = "Apache-2.0"'))
    elif whole == UNKNOWN:
        notes.append(
            phrase("the claimed licence, {claimed}, is not one we know, so nothing could be compared", claimed=claimed)
        )
    unknown = sum(statement.licence == UNKNOWN for statement in statements)
    if unknown:
        notes.append(phrase("{n} licence statements name no licence that we know", n=unknown))
    return notes

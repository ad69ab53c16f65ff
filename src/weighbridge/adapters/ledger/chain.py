"""Links of a chain: how an entry is sealed, stored and read back. Pure: rows in, entries out.

A seal covers all of an entry but itself, and with `previous` everything before it. The end of a chain that was cut off
does not show in the chain: somebody else must have kept its head.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from weighbridge.core.bodies import asked_digest, evidence_from, sealed_digest
from weighbridge.core.canon import MAX_EXACT, Digest, Plain, canonical, digest_of
from weighbridge.core.errors import LedgerBroken
from weighbridge.core.evidence import Evidence
from weighbridge.core.ports import Entry, Kind
from weighbridge.core.wording import _

COLUMNS = "chain, number, kind, body, at, environment, previous, digest, asked"


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as it lies in the file, in the order of `COLUMNS`; nothing in it is trusted yet."""

    chain: str
    number: int
    kind: str
    body: str  # canonical JSON
    at: str
    environment: str  # canonical JSON
    previous: str
    digest: str
    asked: str | None  # what evidence is found again under; told by the body, kept apart for the index


def before_first(chain: str) -> Digest:
    """What the first entry of a chain follows on: the digest of the chain's name."""
    return digest_of(chain)


def sealed(entry: Entry) -> Entry:
    """The entry with the digest that its content gives."""
    parts: dict[str, Plain] = {
        "chain": entry.chain,
        "number": entry.number,
        "kind": entry.kind.value,
        "body": entry.body,
        "at": entry.at,
        "environment": entry.environment,
        "previous": entry.previous,
    }
    return replace(entry, digest=digest_of(parts))


def row_of(entry: Entry) -> Row:
    """The entry as it is stored.

    Raises
    ------
    ValueError
        When the body says it is evidence and cannot be read back: better no entry than one that is of no use.
    """
    asked: Digest | None = None
    if entry.kind is Kind.EVIDENCE:
        asked = evidence_from(entry.body).asked.digest
    return Row(
        chain=entry.chain,
        number=entry.number,
        kind=entry.kind.value,
        body=canonical(entry.body).decode(),
        at=entry.at,
        environment=canonical(entry.environment).decode(),
        previous=entry.previous,
        digest=entry.digest,
        asked=asked,
    )


def read_back(row: Row, *, number: int, previous: Digest) -> Entry:
    """The entry that a row holds, which should have this number and follow on this digest.

    Raises
    ------
    LedgerBroken
        When the row is not what was sealed; names the chain and the number, and quotes nothing of the content.
    """
    if row.number != number:
        raise broken_entry(row.chain, number, _("it is missing; the next one is {n}").format(n=row.number))
    try:
        entry = Entry(
            chain=row.chain,
            number=row.number,
            kind=Kind(row.kind),
            body=_parsed(row.body),
            at=row.at,
            environment=_parsed(row.environment),
            previous=Digest(row.previous),
            digest=Digest(row.digest),
        )
        given = sealed(entry).digest
        misfit = _misfit_of_key(entry, row)
    except (ValueError, TypeError, RecursionError) as error:
        raise broken_entry(row.chain, number, _("its content is not as weighbridge writes it")) from error
    if given != entry.digest:
        why = _("its content gives {given}; its seal says {sealed}").format(given=given, sealed=_shown(row.digest))
        raise broken_entry(row.chain, number, why)
    if entry.previous != previous:
        why = _("it follows on {says}; the entry before it is {previous}").format(
            says=_shown(row.previous), previous=previous
        )
        raise broken_entry(row.chain, number, why)
    if misfit:
        raise broken_entry(row.chain, number, misfit)
    return entry


def evidence_in(entry: Entry) -> Evidence:
    """The evidence that an entry seals.

    Raises
    ------
    LedgerBroken
        When this version of weighbridge cannot read it.
    """
    try:
        return evidence_from(entry.body)
    except ValueError as error:
        raise broken_entry(
            entry.chain, entry.number, _("its evidence cannot be read: {says}").format(says=error)
        ) from error


def broken_entry(chain: str, number: int, why: str) -> LedgerBroken:
    """The fault of an entry whose seal does not fit."""
    return LedgerBroken(
        _("the ledger is broken at entry {number} of {chain}").format(number=number, chain=_shown(chain)),
        why,
        _("put back a sound copy of the ledger, then: {verify}").format(verify="weighbridge ledger verify"),
    )


def _misfit_of_key(entry: Entry, row: Row) -> str:
    """What is wrong with the key of an evidence entry or with its own digest, if anything is."""
    if entry.kind is not Kind.EVIDENCE:
        return "" if row.asked is None else _("it has a key, and only evidence has one")
    if asked_digest(entry.body) != row.asked:
        return _("the key it is found under is not that of its content")
    assert isinstance(entry.body, dict)  # noqa: S101  asked_digest has seen to that
    return (
        ""
        if sealed_digest(entry.body) == entry.body.get("digest")
        else _("its evidence does not give the digest it names")
    )


def _parsed(text: str) -> Plain:
    """Canonical JSON read back, so that writing it again gives the same bytes; anything else is refused."""
    value: Plain = json.loads(text, parse_int=_whole)
    if canonical(value) != text.encode():
        msg = "not canonical"
        raise ValueError(msg)
    return value


def _whole(digits: str) -> int | float:
    """A number written without a fraction: beyond what JSON keeps exactly it can only have been a float."""
    number = int(digits)
    return number if abs(number) <= MAX_EXACT else float(digits)


def _shown(text: str) -> str:
    """A stored text that may be damaged, fit to be printed."""
    return text.encode("utf-8", "backslashreplace").decode()

"""Admit: write a candidate into its chain before it is weighed, and what people said of it."""

from __future__ import annotations

from dataclasses import dataclass

from weighbridge.core.candidate import Candidate, Said
from weighbridge.core.canon import Plain
from weighbridge.core.ports import Entry, Kind, Ledger
from weighbridge.core.shape import plain

MISUSE = "misuse_languages"
TRIAGE = ("about_people", "private", "harm", "generates", "identifies", "languages")


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """Who answered. Name and reason go to the erasable store; the chain holds commitments to them, and the role."""

    name: str = ""
    role: str = ""
    reason: str = ""


def admit(candidate: Candidate, ledger: Ledger) -> None:
    """Seal the candidate's digests, once for each change of bytes or declarations.

    Its owner's own words stay erasable.
    """
    digests: dict[str, Plain] = {
        "digest": candidate.digest, "reading": candidate.reading, "release": candidate.release,
        "version": candidate.version,
    }  # fmt: skip
    for entry in ledger.entries(candidate.name):
        body = entry.body
        if entry.kind is Kind.CANDIDATE and isinstance(body, dict) and {k: body.get(k) for k in digests} == digests:
            return
    rows: list[Plain] = [
        {
            "label": a.label,
            "digest": a.digest,
            "role": a.role.value,
            "belongs": a.belongs.value,
            "size_bytes": a.size_bytes,
        }
        for a in candidate.artefacts
    ]
    words = {"purpose": candidate.claims.purpose, "audience": candidate.claims.audience}
    kept: dict[str, Plain] = {key: ledger.commit(candidate.name, text) for key, text in words.items() if text}
    ledger.append(candidate.name, Kind.CANDIDATE, {**digests, "artefacts": rows, "words": kept})


def testify(candidate: Candidate, witness: Witness, ledger: Ledger) -> None:
    """Seal the triage answers that are new or changed; earlier ones stay in the chain."""
    latest = {
        str(e.body["question"]): e
        for e in ledger.entries(candidate.name)
        if e.kind is Kind.ANSWER and isinstance(e.body, dict)
    }
    answers: list[tuple[str, Plain, str]] = [(q, plain(getattr(candidate.triage, q)), witness.reason) for q in TRIAGE]
    if candidate.misuses:
        named: list[Plain] = [*sorted({tag for m in candidate.misuses for tag in m.languages})]
        answers.append((MISUSE, named or Said.NO.value, " / ".join(m.says for m in candidate.misuses)))
    for question, choice, why in answers:
        if choice in (Said.UNKNOWN.value, []) or _same(latest.get(question), choice):
            continue
        said: dict[str, Plain] = {"question": question, "choice": choice, "role": witness.role}
        for key, text in (("by", witness.name), ("reason", why)):
            said[key] = ledger.commit(candidate.name, text) if text else None
        ledger.append(candidate.name, Kind.ANSWER, said)


def _same(entry: Entry | None, choice: Plain) -> bool:
    return entry is not None and isinstance(entry.body, dict) and entry.body["choice"] == choice

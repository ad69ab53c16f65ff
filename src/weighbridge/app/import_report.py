"""Import a report: seal what another tool measured as evidence, on the word of whoever says what it is about.

Such evidence has a slug of its own, which no probe can have, and its basis is testimony: the file names no digest of
what was measured, so nothing but that word binds it to the candidate.
"""

from __future__ import annotations

from dataclasses import dataclass

from weighbridge.app.admit import admit
from weighbridge.core.bodies import evidence_body, evidence_from
from weighbridge.core.candidate import Candidate, Component
from weighbridge.core.canon import Digest
from weighbridge.core.decision import SignerRole
from weighbridge.core.errors import Unusable
from weighbridge.core.evidence import IMPORTED, Asked, Evidence, Measured, Quantity, is_imported
from weighbridge.core.ports import Kind, Ledger
from weighbridge.core.wording import Phrase, _, phrase

CLAIMED = phrase(
    "The report names no digest of what was measured: that it is about these very bytes is the word of whoever "
    "imported it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was read from a file that another tool wrote."""

    tool: str  # as in the slug: "garak"
    tool_version: str
    reader: int  # version of what reads it, as on its card
    file: Digest
    quantities: tuple[Quantity, ...]
    notes: tuple[Phrase, ...] = ()


def import_report(candidate: Candidate, report: Report, role: SignerRole, ledger: Ledger) -> tuple[Evidence, bool]:
    """Seal a report as evidence about a candidate; with whether it is new.

    The same file about the same bytes is sealed once, whoever brings it again.

    Raises
    ------
    Unusable
        Where the candidate holds no model that the tool could have asked.
    """
    if Component.WEIGHTS not in candidate.components:
        raise Unusable(
            _("cannot import a report of {tool} about {name}").format(tool=report.tool, name=candidate.name),
            _("that tool asks a model, and the candidate holds none"),
            _("name the folder of the model that was asked"),
        )
    for known in imported(candidate, ledger):
        if dict(known.asked.settings)["file"] == report.file and known.asked.version == report.reader:
            return known, False
    settings = {"claimed-by": role.value, "file": report.file, "tool": report.tool, "tool-version": report.tool_version}
    evidence = Evidence(
        asked=Asked(
            candidate=candidate.digest, reading=candidate.reading, probe=f"{IMPORTED}{report.tool}",
            version=report.reader, settings=tuple(sorted(settings.items())), seed=0, budget_seconds=0.0,
        ),
        outcome=Measured(quantities=report.quantities, notes=(CLAIMED, *report.notes)),
    )  # fmt: skip
    admit(candidate, ledger)
    ledger.append(candidate.name, Kind.EVIDENCE, evidence_body(evidence))
    return evidence, True


def imported(candidate: Candidate, ledger: Ledger) -> tuple[Evidence, ...]:
    """All that was imported about these very bytes, read as they are declared now; oldest first."""
    found: dict[Digest, Evidence] = {}
    for entry in ledger.entries(candidate.name):
        if entry.kind is not Kind.EVIDENCE:
            continue
        try:
            evidence = evidence_from(entry.body)
        except ValueError:  # written by another version; its seal still holds, and what it says is not known here
            continue
        seal = (evidence.asked.candidate, evidence.asked.reading)
        if is_imported(evidence.probe) and seal == (candidate.digest, candidate.reading):
            found[evidence.digest] = evidence
    return tuple(found.values())


def with_imported(evidence: tuple[Evidence, ...], candidate: Candidate, ledger: Ledger) -> tuple[Evidence, ...]:
    """The evidence with all that was imported beside it."""
    known = {e.digest for e in evidence}
    return (*evidence, *(e for e in imported(candidate, ledger) if e.digest not in known))

"""A weighing as a whole, and the one JSON document it is told in.

JSON is never translated: phrases are in English there.
"""

from __future__ import annotations

from dataclasses import dataclass

from weighbridge.core.candidate import Candidate, Scalar
from weighbridge.core.canon import Digest, Plain
from weighbridge.core.evidence import (
    Evidence,
    Failed,
    Measured,
    NotApplicable,
    NotMeasured,
    Outcome,
    Quantity,
    is_imported,
    outcome_name,
)
from weighbridge.core.findings import Finding, Recommendation, Step
from weighbridge.core.rungs import Rung
from weighbridge.core.shape import plain, schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """What was weighed, what was found, what follows, and what to do next."""

    candidate: Candidate
    evidence: tuple[Evidence, ...]
    findings: tuple[Finding, ...]
    recommendation: Recommendation
    next: tuple[Step, ...]
    guesses: tuple[str, ...] = ()  # what was taken for granted where no candidate file said it, in English


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtefactRow:
    """An artefact in the document."""

    role: str
    label: str
    digest: Digest
    size_bytes: int
    format: str
    belongs: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateRow:
    """The candidate in the document."""

    name: str
    version: str
    digest: Digest
    impact: str
    subjects: tuple[str, ...]
    artefacts: tuple[ArtefactRow, ...]
    guesses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantityRow:
    """A quantity in the document; see `Quantity`."""

    metric: str
    by: tuple[tuple[str, str], ...]
    value: float
    low: float
    high: float
    confidence: float
    unit: str
    n: int
    n_of: str
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRow:
    """A piece of evidence in the document; what its outcome does not have is null or empty."""

    probe: str
    imported: bool  # read from another tool's report, on the word of whoever brought it
    version: int
    settings: tuple[tuple[str, Scalar], ...]
    seed: int
    outcome: str
    because: str | None
    remedy: str | None
    notes: tuple[str, ...]
    quantities: tuple[QuantityRow, ...]
    digest: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRow:
    """A finding in the document."""

    rule: str
    effect: str
    verdict: str
    component: str | None
    forbids: tuple[Rung, ...]
    says: str
    remedy: str | None
    minutes: int | None
    rests_on: tuple[Digest, ...]
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingRow:
    """How a component stands, in the document."""

    ceiling: tuple[Rung, ...]
    cleared: tuple[Rung, ...]
    limits: tuple[str, ...]
    open: tuple[str, ...]
    proposed: Rung | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendationRow:
    """The recommendation in the document."""

    policy: str
    policy_digest: Digest
    components: tuple[tuple[str, StandingRow], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """A next step in the document."""

    rule: str
    says: str
    minutes: int
    would_clear: tuple[tuple[str, tuple[Rung, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The document: what `weigh --format json` prints, and what `report` reads."""

    candidate: CandidateRow
    evidence: tuple[EvidenceRow, ...]
    findings: tuple[FindingRow, ...]
    recommendation: RecommendationRow
    next: tuple[StepRow, ...]


def document(weighing: Weighing) -> Document:
    """The weighing as rows."""
    c, r = weighing.candidate, weighing.recommendation
    artefacts = tuple(
        ArtefactRow(
            role=a.role, label=a.label, digest=a.digest, size_bytes=a.size_bytes, format=a.format, belongs=a.belongs
        )
        for a in sorted(c.artefacts, key=lambda a: a.label)
    )
    standings = tuple(
        (
            s.component.value,
            StandingRow(ceiling=s.ceiling, cleared=s.cleared, limits=s.limits, open=s.open, proposed=s.proposed),
        )
        for s in r.components
    )
    return Document(
        candidate=CandidateRow(
            name=c.name, version=c.version, digest=c.digest, impact=c.triage.impact.value,
            subjects=tuple(s.value for s in c.subjects), artefacts=artefacts, guesses=weighing.guesses,
        ),
        evidence=tuple(_evidence_row(e) for e in weighing.evidence),
        findings=tuple(_finding_row(f) for f in weighing.findings),
        recommendation=RecommendationRow(policy=r.policy, policy_digest=r.policy_digest, components=standings),
        next=tuple(StepRow(rule=s.rule, says=str(s.says), minutes=s.minutes, would_clear=s.would_clear) for s in
        weighing.next),
    )  # fmt: skip


def evidence_row_plain(evidence: Evidence) -> Plain:
    """One piece of evidence as the document holds it."""
    return plain(_evidence_row(evidence))


def document_plain(weighing: Weighing) -> Plain:
    """The document as JSON holds it."""
    return plain(document(weighing))


def document_schema() -> dict[str, Plain]:
    """JSON Schema of the document."""
    return schema(Document, "A weighing by Weighbridge")


def _evidence_row(evidence: Evidence) -> EvidenceRow:
    asked, outcome = evidence.asked, evidence.outcome
    because, remedy = _words(outcome)
    measured = outcome if isinstance(outcome, Measured) else Measured(quantities=())
    return EvidenceRow(
        probe=asked.probe, imported=is_imported(asked.probe), version=asked.version,
        settings=asked.settings, seed=asked.seed,
        outcome=outcome_name(outcome),
        because=because, remedy=remedy, notes=tuple(str(note) for note in measured.notes),
        quantities=tuple(_quantity_row(q) for q in measured.quantities), digest=evidence.digest,
    )  # fmt: skip


def _words(outcome: Outcome) -> tuple[str | None, str | None]:
    match outcome:
        case Measured():
            return None, None
        case NotApplicable():
            return str(outcome.because), None
        case NotMeasured():
            return str(outcome.because), str(outcome.remedy)
        case Failed():
            return str(outcome.error), None


def _quantity_row(q: Quantity) -> QuantityRow:
    return QuantityRow(
        metric=q.metric, by=q.by, value=q.value, low=q.low, high=q.high, confidence=q.confidence,
        unit=q.unit, n=q.n, n_of=q.n_of, basis=q.basis.value,
    )  # fmt: skip


def _finding_row(f: Finding) -> FindingRow:
    return FindingRow(
        rule=f.rule, effect=f.effect.value, verdict=f.verdict.value, component=f.component.value if f.component else
        None,
        forbids=f.forbids, says=str(f.says), remedy=None if f.remedy is None else str(f.remedy), minutes=f.minutes,
        rests_on=f.rests_on, source=f.source,
    )  # fmt: skip

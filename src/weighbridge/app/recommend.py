"""Recommend: judge the evidence by a policy, and say what follows and what to do next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from weighbridge.core.candidate import Candidate, Said
from weighbridge.core.canon import Plain, digest_of
from weighbridge.core.card import Card, is_current
from weighbridge.core.evidence import Evidence, Measured, is_imported
from weighbridge.core.ports import Kind, Ledger
from weighbridge.core.shape import plain
from weighbridge.core.weighing import Weighing
from weighbridge.policy.judge import judge
from weighbridge.policy.rules import Policy
from weighbridge.policy.standing import next_steps, standings

PEOPLE = "unique-combinations"  # the probe that measures tables about people, and says nothing of others


def recommend(
    candidate: Candidate,
    evidence: Iterable[Evidence],
    policy: Policy,
    cards: tuple[Card, ...],
    *,
    guesses: tuple[str, ...] = (),
) -> Weighing:
    """The weighing as a whole; the order of the evidence makes no difference."""
    sealed = tuple(sorted(evidence, key=lambda e: e.probe))
    findings = judge(policy, candidate, sealed, cards)
    recommendation = standings(policy, candidate, findings)
    return Weighing(
        candidate=candidate,
        evidence=sealed,
        findings=findings,
        recommendation=recommendation,
        next=next_steps(findings, recommendation),
        guesses=guesses,
    )


def seal(weighing: Weighing, ledger: Ledger) -> None:
    """Write into the ledger what was recommended, on which evidence, by which policy.

    Once for each such combination.
    """
    body: dict[str, Plain] = {
        "candidate": weighing.candidate.digest,
        "reading": weighing.candidate.reading,
        "policy": weighing.recommendation.policy,
        "policy_digest": weighing.recommendation.policy_digest,
        "evidence": [e.digest for e in weighing.evidence],
        "findings": digest_of([plain(f) for f in weighing.findings]),
        "components": [plain(s) for s in weighing.recommendation.components],
    }
    entries = [
        e for e in ledger.entries(weighing.candidate.name) if e.kind in (Kind.RECOMMENDATION, Kind.ANSWER)
    ]  # what was answered since was judged just now, and that is to be seen
    if not entries or entries[-1].body != body:
        ledger.append(weighing.candidate.name, Kind.RECOMMENDATION, body)


def with_earlier(evidence: Iterable[Evidence], earlier: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """What was just measured, and beside it what other probes found before: one probe run again hides no other."""
    made = tuple(evidence)
    measured = {e.probe for e in made}
    return (*made, *(e for e in earlier if e.probe not in measured and not is_imported(e.probe)))


def as_measured(candidate: Candidate, evidence: Iterable[Evidence]) -> Candidate:
    """The candidate, without the answer that none of it is about people where its tables were read as about people.

    Nobody's mere word makes such a release a light matter. What tells the two apart is said of the artefact itself,
    and then the probe is silent about it: `about_people = false`.
    """
    people = any(e.probe == PEOPLE and isinstance(e.outcome, Measured) and e.outcome.quantities for e in evidence)
    if not people or candidate.triage.about_people is not Said.NO:
        return candidate
    return replace(candidate, triage=replace(candidate.triage, about_people=Said.UNKNOWN))


def last_evidence(candidate: Candidate, ledger: Ledger) -> tuple[Evidence, ...]:
    """The evidence that the last recommendation for these very bytes and declarations rests on.

    Empty where there is none; without what was measured from a section of the candidate file that was changed since.
    """
    from weighbridge.core.bodies import evidence_from

    wanted: list[Plain] = []
    sealed: dict[str, Evidence] = {}
    for entry in ledger.entries(candidate.name):
        body = entry.body
        if not isinstance(body, dict):
            continue
        if entry.kind is Kind.EVIDENCE:
            try:
                made = evidence_from(body)
            except ValueError:  # written by another version, whose evidence has another shape; its seal still holds
                continue
            sealed[made.digest] = made
        elif entry.kind is Kind.RECOMMENDATION and (body["candidate"], body["reading"]) == (
            candidate.digest,
            candidate.reading,
        ):
            wanted = list(body["evidence"])
    known = (sealed[str(digest)] for digest in wanted if str(digest) in sealed)
    return tuple(evidence for evidence in known if is_current(evidence.asked, candidate))

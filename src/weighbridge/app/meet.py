"""Meet: tell which criteria of a stage are met, by evidence about the very files that were decided on.

Of the candidates in a chain, those count that release the same bytes under the same labels, whatever evidence lies
beside them: a stage waits for what is measured later, on samples or detectors that were not there yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from weighbridge.core.bodies import evidence_from
from weighbridge.core.canon import Digest, Plain
from weighbridge.core.card import Card
from weighbridge.core.decision import Decision
from weighbridge.core.evidence import Evidence
from weighbridge.core.findings import Verdict
from weighbridge.core.keys import Keys
from weighbridge.core.ports import Entry, Kind, Ledger
from weighbridge.core.stages import Criterion, Sort, Stage
from weighbridge.core.wording import Phrase, phrase
from weighbridge.policy.criteria import answered, measured
from weighbridge.policy.rules import Policy
from weighbridge.policy.ruling import Ruling, holds, unsettled


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """What it is read from, and held against."""

    ledger: Ledger
    keys: Keys
    policy: Policy
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """A recommendation for the very files that were decided on, and what was weighed with them."""

    candidate: Digest
    reading: Digest
    recommendation: Digest  # its entry
    evidence: tuple[Digest, ...] = ()

    @property
    def seal(self) -> tuple[Digest, Digest]:
        """Which bytes, and how they were declared."""
        return self.candidate, self.reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A criterion as it stands."""

    criterion: Criterion
    verdict: Verdict  # holds: it is met
    says: Phrase
    fix: Phrase | None
    rests_on: tuple[Digest, ...]


def judged(one: Stage, grounds: Grounds, books: Books, name: str, told: Sequence[str] = ()) -> tuple[Judged, ...]:
    """Every criterion of a stage by what was weighed last; `told` names the events that somebody testifies to."""
    return tuple(_judged(criterion, grounds, books, name, told) for criterion in one.criterion)


def latest_grounds(decision: Decision, ledger: Ledger) -> Grounds | None:
    """The last recommendation, by the policy of the decision, for the very files that were decided on."""
    same = same_release(decision, ledger)
    return next((g for g in reversed([*all_grounds(decision, ledger)]) if g.seal in same), None)


def all_grounds(decision: Decision, ledger: Ledger) -> Iterator[Grounds]:
    """Every recommendation in the chain by the policy of the decision, whatever it is about, oldest first."""
    for entry in ledger.entries(decision.name):
        made = _grounds(entry, decision)
        if made is not None:
            yield made


def releases_the_same(decision: Decision, grounds: Grounds, ledger: Ledger) -> bool:
    """Whether what was weighed releases the very files that were decided on, declared alike."""
    return grounds.seal in same_release(decision, ledger)


def same_release(decision: Decision, ledger: Ledger) -> set[tuple[Digest, Digest]]:
    """Every candidate of the chain that releases the very files that were decided on, declared alike."""
    own = (decision.candidate, decision.reading)
    released: dict[tuple[Digest, Digest], Plain] = {}
    for entry in ledger.entries(decision.name):
        body = entry.body
        if entry.kind is Kind.CANDIDATE and isinstance(body, dict) and body.get("release"):
            released[Digest(str(body.get("digest"))), Digest(str(body.get("reading")))] = body.get("release")
    return {own} | {seal for seal, release in released.items() if release == released.get(own)}


def _judged(criterion: Criterion, grounds: Grounds, books: Books, name: str, told: Sequence[str]) -> Judged:
    rests_on: tuple[Digest, ...] = ()
    if criterion.sort is Sort.MEASURED:
        heard = _heard(criterion, grounds, books.ledger, name)
        rests_on = tuple(sorted({evidence.digest for evidence in heard}))
        ruling = measured(criterion, heard, books.cards, books.policy.confidence)
    elif criterion.sort is Sort.ANSWERED:
        entry = _last_answer(criterion.answer, books.ledger, name)
        rests_on = (entry.digest,) if entry else ()
        ruling = answered(criterion, _choice(entry))
    else:
        ruling = _testified(criterion, told)
    return Judged(
        criterion=criterion, verdict=ruling.verdict, says=ruling.says, fix=ruling.remedy, rests_on=rests_on
    )  # fmt: skip


def _testified(criterion: Criterion, told: Sequence[str]) -> Ruling:
    if criterion.name in told:
        return holds(phrase("whoever signs the opening testifies to it"))
    how = phrase("weighbridge stages advance DIR --testify {name}", name=criterion.name)
    return unsettled(phrase("nobody has testified to it"), how, 1)


def _heard(criterion: Criterion, grounds: Grounds, ledger: Ledger, name: str) -> tuple[Evidence, ...]:
    """The evidence that was recommended on, and every other run of the same measurement on the same files."""
    sealed: list[Evidence] = []
    for entry in ledger.entries(name):
        if entry.kind is not Kind.EVIDENCE:
            continue
        try:
            made = evidence_from(entry.body)
        except ValueError:  # written by another version, whose evidence has another shape
            continue
        if (made.asked.candidate, made.asked.reading, made.probe) == (*grounds.seal, criterion.probe):
            sealed.append(made)
    cited = {_measurement(made) for made in sealed if made.digest in grounds.evidence}
    return tuple(made for made in sealed if _measurement(made) in cited)


def _measurement(made: Evidence) -> Digest:
    """What was measured, whatever its seed and its size."""
    return replace(made.asked, seed=0, budget_seconds=0.0, after=(), under=()).digest


def _last_answer(question: str, ledger: Ledger, name: str) -> Entry | None:
    found = None
    for entry in ledger.entries(name):
        told = entry.body.get("question") if isinstance(entry.body, dict) else None
        if entry.kind is Kind.ANSWER and str(told).replace("_", "-") == question.replace("_", "-"):
            found = entry
    return found


def _choice(entry: Entry | None) -> tuple[str, ...] | None:
    told = entry.body.get("choice") if entry is not None and isinstance(entry.body, dict) else None
    if isinstance(told, list | tuple):
        return tuple(str(one) for one in told)
    return (str(told),) if told is not None else None


def _grounds(entry: Entry, decision: Decision) -> Grounds | None:
    body = entry.body
    if entry.kind is not Kind.RECOMMENDATION or not isinstance(body, dict):
        return None
    if body.get("policy_digest") != decision.policy_digest:
        return None
    listed = body.get("evidence")
    return Grounds(
        candidate=Digest(str(body.get("candidate"))), reading=Digest(str(body.get("reading"))),
        recommendation=entry.digest,
        evidence=tuple(Digest(str(d)) for d in listed) if isinstance(listed, list | tuple) else (),
    )  # fmt: skip

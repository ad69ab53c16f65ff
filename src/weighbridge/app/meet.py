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
from weighbridge.core.evidence import Basis, Evidence, Measured
from weighbridge.core.findings import Verdict
from weighbridge.core.keys import Keys
from weighbridge.core.ports import Entry, Kind, Ledger
from weighbridge.core.stages import Criterion, Sort, Stage
from weighbridge.core.wording import Phrase, phrase
from weighbridge.policy.comparison import is_watched
from weighbridge.policy.criteria import answered, measured
from weighbridge.policy.rules import Policy, Watch
from weighbridge.policy.ruling import Ruling, holds, unsettled

_MINUTES = 10  # ours, as for every criterion: nothing is known of what it costs to meet one


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
    return tuple(_judged(criterion, one, grounds, books, name, told) for criterion in one.criterion)


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


def _judged(criterion: Criterion, one: Stage, grounds: Grounds, books: Books, name: str, told: Sequence[str]) -> Judged:
    rests_on: tuple[Digest, ...] = ()
    if criterion.sort is Sort.MEASURED:
        heard = _heard(criterion, grounds, books.ledger, name)
        rests_on = tuple(sorted({evidence.digest for evidence in heard}))
        ruling = _measured(criterion, heard, grounds, books, name)
    elif criterion.sort is Sort.ANSWERED:
        entry = _last_answer(criterion.answer, books.ledger, name)
        rests_on = (entry.digest,) if entry else ()
        ruling = answered(criterion, _choice(entry))
    else:
        ruling = _testified(criterion, one, told)
    return Judged(
        criterion=criterion, verdict=ruling.verdict, says=ruling.says, fix=ruling.remedy, rests_on=rests_on
    )  # fmt: skip


def _measured(criterion: Criterion, heard: tuple[Evidence, ...], grounds: Grounds, books: Books, name: str) -> Ruling:
    """What was measured makes of it; a number on somebody's word meets nothing, nor one in place of a failed one."""
    again = phrase("weighbridge weigh DIR --probe {probe}", probe=criterion.probe)
    if any(_on_their_word(criterion, evidence) for evidence in heard):
        says = phrase("{metric} is told on its owner's word, and this asks for a measurement", metric=criterion.metric)
        fix = phrase("name what {probe} can measure itself; or decide on another criterion", probe=criterion.probe)
        return unsettled(says, fix, _MINUTES)
    ruling = measured(criterion, heard, books.cards, books.policy.confidence)
    if ruling.verdict is not Verdict.HOLDS or not _put_aside(criterion, grounds, books, name):
        return ruling
    says = phrase("it was not met on evidence that lay there before and does not lie there now")
    back = phrase("put that evidence back beside what is new, then: {again}; or decide again", again=str(again))
    return unsettled(says, back, _MINUTES)


def _on_their_word(criterion: Criterion, evidence: Evidence) -> bool:
    watch = Watch(probe=criterion.probe, metric=criterion.metric, where=criterion.where)
    found = evidence.outcome.quantities if isinstance(evidence.outcome, Measured) else ()
    return any(is_watched(q, watch) and q.basis is Basis.TESTIFIED for q in found)


def _put_aside(criterion: Criterion, grounds: Grounds, books: Books, name: str) -> bool:
    """Whether a run on the same release failed before, with files that this one was not made with."""
    weighed: dict[tuple[str, str], set[Plain]] = {}
    failed: set[tuple[str, str]] = set()
    release: dict[tuple[str, str], Plain] = {}
    for entry in books.ledger.entries(name):
        body = entry.body if isinstance(entry.body, dict) else {}
        if entry.digest == grounds.recommendation:  # what fails later is another matter: the gate tells it
            break
        if entry.kind is Kind.CANDIDATE:
            seal = (str(body.get("digest")), str(body.get("reading")))
            weighed[seal], release[seal] = _files(body.get("artefacts")), body.get("release")
        elif entry.kind is Kind.EVIDENCE and (made := _evidence(entry)) is not None and _fails(made, criterion, books):
            failed.add((made.asked.candidate, made.asked.reading))
    ours = weighed.get(grounds.seal, set())
    return any(
        release.get(seal) == release.get(grounds.seal) and not weighed.get(seal, set()) <= ours for seal in failed
    )


def _fails(made: Evidence, criterion: Criterion, books: Books) -> bool:
    if made.probe != criterion.probe:
        return False
    return measured(criterion, (made,), books.cards, books.policy.confidence).verdict is Verdict.BREACHED


def _files(rows: Plain) -> set[Plain]:
    """The digests of what was weighed."""
    return {row.get("digest") for row in rows if isinstance(row, dict)} if isinstance(rows, list | tuple) else set()


def _evidence(entry: Entry) -> Evidence | None:
    """The evidence of an entry; None where another version wrote it, whose evidence has another shape."""
    try:
        return evidence_from(entry.body)
    except ValueError:
        return None


def _testified(criterion: Criterion, one: Stage, told: Sequence[str]) -> Ruling:
    if criterion.name in told:
        return holds(phrase("whoever signs the opening testifies to it"))
    how = phrase(
        "weighbridge stages advance DIR --stage {stage} --key NAME --testify {name}",
        stage=one.name, name=criterion.name,
    )  # fmt: skip
    return unsettled(phrase("nobody has testified to it"), how, 1)


def _heard(criterion: Criterion, grounds: Grounds, ledger: Ledger, name: str) -> tuple[Evidence, ...]:
    """The evidence that was recommended on, and every other run of the same measurement on the same files."""
    sealed: list[Evidence] = []
    for entry in ledger.entries(name):
        if entry.kind is not Kind.EVIDENCE:
            continue
        made = _evidence(entry)
        if made is not None and (made.asked.candidate, made.asked.reading, made.probe) == (
            *grounds.seal,
            criterion.probe,
        ):
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

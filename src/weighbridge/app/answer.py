"""Answer: seal what people say where no program can know, and tell which of it counts now.

The chain holds the question, the choice, the role and the time; words and names lie in the erasable store. An answer
is never taken back: a later one names those that it replaces. Where two people answered at once and differently,
neither is replaced, both are shown, and the question is open. An answer given for another version is carried: it
counts once somebody confirms it for this one.

What would stop a release is heard all the same, from whatever version and however it is disputed, until somebody gives
another answer having seen it: a new version number, a second voice, a question left out or a triage answered otherwise
must not lift what somebody said to be against the law.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from weighbridge.core.candidate import Candidate, Impact
from weighbridge.core.canon import Digest, Plain
from weighbridge.core.ports import Entry, Kind, Ledger
from weighbridge.core.question import NONE, Question
from weighbridge.policy.facts import facts_of

CONFIRMATION = "confirmation"  # in place of a question's slug: these answers hold for this version too
_IMPACTS = tuple(Impact)


class Stand(StrEnum):
    """How a question stands."""

    COUNTS = "counts"
    CARRIED = "carried"  # said of another version, and not confirmed for this one
    DISPUTED = "disputed"  # two people answered at once, and differently
    CONTRADICTED = "contradicted"  # another answer cannot be right beside it
    SKIPPED = "skipped"  # left out, with a reason
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What somebody says to one question; words and names are still words here."""

    question: str
    choice: tuple[str, ...]  # empty: skipped
    says: str = ""
    by: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer as the chain has it."""

    choice: tuple[str, ...]
    role: str
    at: str
    version: str
    entry: Digest
    says: Digest | None  # commitments
    by: Digest | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """One question, how it stands, and what was said last; several answers only where it is disputed."""

    question: Question
    stand: Stand
    replies: tuple[Reply, ...] = ()
    because: str = ""  # why it contradicts, in the words of the question


def applicable(candidate: Candidate, questions: Iterable[Question]) -> tuple[Question, ...]:
    """The questions of the interview that are to be asked about this candidate, in their order."""
    facts: Mapping[str, tuple[str, ...] | None] = dict(facts_of(candidate))
    reach = _IMPACTS.index(candidate.triage.impact)
    return tuple(
        q
        for q in questions
        if not q.is_triage
        and _IMPACTS.index(q.at) <= reach
        and all(facts.get(fact) is None or set(facts.get(fact) or ()) & set(values) for fact, values in q.when)
    )


def stands(candidate: Candidate, questions: Iterable[Question], ledger: Ledger) -> tuple[Hearing, ...]:
    """How each question of the interview stands for this version."""
    entries = [e for e in ledger.entries(candidate.name) if e.kind is Kind.ANSWER and isinstance(e.body, dict)]
    confirmed = {
        str(digest)
        for e in entries
        if _field(e, "question") == CONFIRMATION and _field(e, "version") == candidate.version
        for digest in _texts(e, "choice")
    }
    questions = tuple(questions)
    answered = {_field(e, "question") for e in entries}
    due = {q.slug for q in applicable(candidate, questions)}
    asked = tuple(q for q in questions if not q.is_triage and q.slug in due | answered)
    alone = tuple(
        _alone(q, [e for e in entries if _field(e, "question") == q.slug], candidate, confirmed) for q in asked
    )
    given = {s.question.slug: s.replies[0].choice for s in alone if s.stand is Stand.COUNTS}
    return tuple(_together(hearing, asked, given) for hearing in alone)


def facts(hearings: Iterable[Hearing]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What rules may read: the choices that count, by question."""
    return tuple(sorted((s.question.slug, s.replies[0].choice) for s in hearings if s.stand is Stand.COUNTS))


def asserted(hearings: Iterable[Hearing]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """All choices that were said and that no other answer took the place of, by question; counting or not."""
    told = (
        (h.question.slug, tuple(sorted({choice for reply in h.replies for choice in reply.choice}))) for h in hearings
    )
    return tuple(sorted((slug, choices) for slug, choices in told if choices))


def words_of(hearing: Hearing, ledger: Ledger) -> str:
    """The words of an answer that counts; empty where nothing was named, they were erased, or it does not count."""
    if hearing.stand is not Stand.COUNTS or NONE in hearing.replies[-1].choice or hearing.replies[-1].says is None:
        return ""
    return ledger.text(hearing.replies[-1].says) or ""


def answer(candidate: Candidate, given: Answer, hearing: Hearing, ledger: Ledger) -> Entry:
    """Seal an answer, or a question skipped with its reason, in the candidate's chain.

    `hearing` is how the question stood when it was asked: the answers it shows are those that this one replaces.
    """
    kept = {key: ledger.commit(candidate.name, text) if text else None for key, text in _words(given)}
    body: dict[str, Plain] = {
        "question": given.question, "choice": list(given.choice), "role": given.role, **kept,
        "version": candidate.version, "replaces": [reply.entry for reply in hearing.replies],
    }  # fmt: skip
    return ledger.append(candidate.name, Kind.ANSWER, body)


def confirm(
    candidate: Candidate, hearings: Iterable[Hearing], *, by: str, role: str, ledger: Ledger
) -> tuple[Hearing, ...]:
    """Say once that the answers carried from another version hold for this one; those that this role may confirm."""
    carried = tuple(h for h in hearings if h.stand is Stand.CARRIED and (not h.question.who or role in h.question.who))
    if carried:
        body: dict[str, Plain] = {
            "question": CONFIRMATION, "choice": [s.replies[0].entry for s in carried], "role": role,
            "by": ledger.commit(candidate.name, by) if by else None, "reason": None, "version": candidate.version,
        }  # fmt: skip
        ledger.append(candidate.name, Kind.ANSWER, body)
    return carried


def _words(given: Answer) -> tuple[tuple[str, str], ...]:
    return (("by", given.by), ("reason", given.says))


def _alone(question: Question, entries: list[Entry], candidate: Candidate, confirmed: set[str]) -> Hearing:
    """How one question stands by its own answers."""
    replaced = {str(digest) for e in entries for digest in _texts(e, "replaces")}
    tips = tuple(_reply(e) for e in entries if e.digest not in replaced)
    if not tips:
        return Hearing(question=question, stand=Stand.OPEN)
    if len({tip.choice for tip in tips}) > 1:
        return Hearing(question=question, stand=Stand.DISPUTED, replies=tips)
    if tips[-1].version != candidate.version and not any(tip.entry in confirmed for tip in tips):
        return Hearing(question=question, stand=Stand.CARRIED, replies=tips)
    if not tips[-1].choice:
        return Hearing(question=question, stand=Stand.SKIPPED, replies=tips)
    if question.values and not set(tips[-1].choice) <= set(question.values):  # another version knew other answers
        return Hearing(question=question, stand=Stand.OPEN, replies=tips)
    return Hearing(question=question, stand=Stand.COUNTS, replies=tips)


def _together(hearing: Hearing, asked: Iterable[Question], given: Mapping[str, tuple[str, ...]]) -> Hearing:
    """The same, unless an answer to another question cannot be right beside it; that holds for both of them."""
    slug = hearing.question.slug
    if slug not in given:
        return hearing
    for question in asked:
        for clash in question.contradiction:
            mine, theirs = given.get(question.slug), given.get(clash.other)
            clashes = bool(set(mine or ()) & set(clash.choices) and set(theirs or ()) & set(clash.others))
            if clashes and slug in (question.slug, clash.other):
                return replace(hearing, stand=Stand.CONTRADICTED, because=clash.says)
    return hearing


def _reply(entry: Entry) -> Reply:
    return Reply(
        choice=_texts(entry, "choice"), role=_field(entry, "role"), at=entry.at, version=_field(entry, "version"),
        entry=entry.digest, says=_commitment(entry, "reason"), by=_commitment(entry, "by"),
    )  # fmt: skip


def _field(entry: Entry, key: str) -> str:
    value = entry.body.get(key) if isinstance(entry.body, dict) else None
    return value if isinstance(value, str) else ""


def _texts(entry: Entry, key: str) -> tuple[str, ...]:
    value = entry.body.get(key) if isinstance(entry.body, dict) else None
    return tuple(str(item) for item in value) if isinstance(value, list) else ()


def _commitment(entry: Entry, key: str) -> Digest | None:
    text = _field(entry, key)
    return Digest(text) if text else None

"""What a rule comes to, in a verdict and in words."""

from __future__ import annotations

from dataclasses import dataclass

from weighbridge.core.canon import Digest
from weighbridge.core.evidence import is_imported
from weighbridge.core.findings import Verdict
from weighbridge.core.wording import Phrase, phrase

QUESTION, COMMAND = (
    "question",
    "command",
)  # fields of a remedy that is a question to be answered; `standing` joins those
ASK = "weighbridge init --ask DIR"
ASK_MINUTES = 1  # ours: the time one triage question takes


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """A verdict, why, and for open and breached ones what settles or mends it."""

    verdict: Verdict
    says: Phrase
    remedy: Phrase | None = None
    minutes: int | None = None
    rests_on: tuple[Digest, ...] = ()


def holds(says: Phrase) -> Ruling:
    """The rule holds."""
    return Ruling(verdict=Verdict.HOLDS, says=says)


def exempt(says: Phrase) -> Ruling:
    """The rule is not about this candidate."""
    return Ruling(verdict=Verdict.EXEMPT, says=says)


def breached(says: str, remedy: str, minutes: int | None) -> Ruling:
    """The rule is breached; it says so in its own words."""
    return Ruling(verdict=Verdict.BREACHED, says=Phrase(template=says), remedy=Phrase(template=remedy), minutes=minutes)


def unsettled(says: Phrase, remedy: Phrase, minutes: int) -> Ruling:
    """The rule is not yet answered."""
    return Ruling(verdict=Verdict.OPEN, says=says, remedy=remedy, minutes=minutes)


def unanswered(says: Phrase, question: str, minutes: int = ASK_MINUTES, command: str = ASK) -> Ruling:
    """The rule waits for an answer."""
    return unsettled(says, phrase("answer {question}: {command}", question=question, command=command), minutes)


def to_measure(probe: str) -> Phrase:
    """What brings a number of this probe: a weighing, or the report of the tool that it is read from."""
    if is_imported(probe):
        return phrase("run that tool on these files, then: weighbridge import-report DIR FILE --as ROLE")
    return phrase("weighbridge weigh DIR --probe {probe}", probe=probe)


def harshest(rulings: list[Ruling]) -> Ruling:
    """The one that weighs most: breached, then open, then holds; exempt only where all are. The same in any order."""
    weight = (Verdict.BREACHED, Verdict.OPEN, Verdict.HOLDS, Verdict.EXEMPT)
    return min(rulings, key=lambda r: (weight.index(r.verdict), str(r.says), str(r.remedy), r.minutes or 0))

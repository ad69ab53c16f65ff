"""Where the interview meets the disk: the candidate at the door, its chain, what was measured, and what people say."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from pathlib import Path

from weighbridge.adapters.door import open_candidate
from weighbridge.adapters.formats.answers_file import parse_answers
from weighbridge.app.answer import Answer, Hearing, answer, confirm, facts, words_of
from weighbridge.app.cite import Reading, cite
from weighbridge.app.panel import told_first
from weighbridge.app.quote import Correction, Quotation, note_correction, note_quotation, quotations
from weighbridge.app.recommend import last_evidence
from weighbridge.catalogue import all_cards, load_policy
from weighbridge.core.candidate import Candidate
from weighbridge.core.errors import Unusable
from weighbridge.core.evidence import Evidence
from weighbridge.core.law import Pack
from weighbridge.core.wording import _
from weighbridge.policy.rules import Rule
from weighbridge.report.brief import Brief
from weighbridge.report.neutral import clean
from weighbridge.wiring import Options, SystemClock, check_home, heard, home_folder, opened_ledger, recommend_path


@dataclass(frozen=True, slots=True, kw_only=True)
class Interview:
    """The questions that are asked about a candidate, how each stands, and what was measured of it."""

    candidate: Candidate
    hearings: tuple[Hearing, ...]
    evidence: tuple[Evidence, ...]
    rules: tuple[Rule, ...] = ()  # of the policy it is judged by: which numbers weigh most


def interview(path: Path, options: Options | None = None) -> Interview:
    """The interview about what lies at a path, as it stands now."""
    home = home_folder((options or Options()).home)
    check_home(home, path)
    candidate = open_candidate(path).candidate
    with opened_ledger(home) as ledger:
        return Interview(
            candidate=candidate,
            hearings=heard(candidate, ledger),
            evidence=last_evidence(candidate, ledger),
            rules=load_policy((options or Options()).policy).rule,
        )


def seal_answer(given: Answer, hearing: Hearing, candidate: Candidate, options: Options | None = None) -> None:
    """Write one answer into the candidate's chain, in place of those that `hearing` shows."""
    with opened_ledger(home_folder((options or Options()).home)) as ledger:
        answer(candidate, given, hearing, ledger)


def confirm_answers(asked: Interview, *, by: str, role: str, options: Options | None = None) -> tuple[Hearing, ...]:
    """Say once that the answers carried from another version hold; those that it confirms."""
    with opened_ledger(home_folder((options or Options()).home)) as ledger:
        return confirm(asked.candidate, asked.hearings, by=by, role=role, ledger=ledger)


def answer_from_file(path: Path, file: Path, options: Options | None = None, *, by: str = "", role: str = "") -> int:
    """Seal all answers of a file, or none where it has a fault; how many."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Unusable(
            _("cannot read the answers {path}").format(path=file),
            getattr(error, "strerror", None) or _("it is not UTF-8"),
            _("weighbridge schema answers prints what such a file holds"),
        ) from None
    asked = interview(path, options)
    given = parse_answers(text, file=file.name, candidate=asked.candidate, hearings=asked.hearings, by=by, role=role)
    with opened_ledger(home_folder((options or Options()).home)) as ledger:
        for one, hearing in given:
            answer(asked.candidate, one, hearing, ledger)
    return len(given)


def text_of(hearing: Hearing, options: Options | None = None) -> str:
    """The words last said to a question, for whoever answers it anew; empty where there are none, or were erased."""
    if not hearing.replies or hearing.replies[-1].says is None:
        return ""
    with opened_ledger(home_folder((options or Options()).home)) as ledger:
        return ledger.text(hearing.replies[-1].says) or ""


def read_law(path: Path, packs: tuple[Pack, ...], options: Options | None = None) -> tuple[Reading, ...]:
    """What rule packs say of what lies at a path, today, with what people answered so far."""
    asked = interview(path, options)
    return cite(packs, replace(asked.candidate, answers=facts(asked.hearings)), SystemClock().now().date())


def press_brief(path: Path, options: Options | None = None) -> Brief:
    """What a brief for the press is made from: what was last recommended, what people answered, what was printed."""
    weighing = recommend_path(path, options).weighing
    asked = interview(path, options)
    with opened_ledger(home_folder((options or Options()).home)) as ledger:
        printed = quotations(weighing.candidate.name, ledger)
        early = next((h for h in asked.hearings if h.question.slug == "early-access"), None)
        told = told_first(words_of(early, ledger)) if early else None
    return Brief(
        weighing=weighing, cards=all_cards(), hearings=asked.hearings, quoted=printed, rules=asked.rules,
        path=shlex.quote(clean(str(path))), told=told,
    )  # fmt: skip


def keep_quotation(path: Path, words: Quotation, options: Options | None = None) -> int:
    """Seal a quotation in the chain of what lies at a path; the number of its entry."""
    name = interview(path, options).candidate.name
    with opened_ledger(home_folder((options or Options()).home)) as ledger:
        return note_quotation(name, words, ledger).number


def keep_correction(path: Path, number: int, stands: Correction, options: Options | None = None) -> None:
    """Seal how it stands with the correction of an earlier quotation."""
    name = interview(path, options).candidate.name
    with opened_ledger(home_folder((options or Options()).home)) as ledger:
        note_correction(name, number, stands, ledger)

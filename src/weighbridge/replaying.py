"""Where a case becomes a candidate, is weighed as any other, and is held against what must come out.

`judge_case` is the whole way from a case to a recommendation, for whoever judges history as well: the files of the
case are grown into a private folder, the probes that apply measure them, the answers go through the interview, the
numbers that the case brings stand beside what was measured, and the policy judges it all. Rule packs are held against
no case: none says since when it holds, so an answer on the law counts as it was given then. Nothing is kept: folder and
ledger are swept.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from weighbridge.adapters.cases.growing import grow
from weighbridge.adapters.door import open_candidate
from weighbridge.adapters.formats.answers_file import parse_answers
from weighbridge.app.admit import admit
from weighbridge.app.answer import answer, asserted, facts, stands
from weighbridge.app.recommend import as_measured, recommend
from weighbridge.app.replay import Replayed, brought, compare
from weighbridge.catalogue import all_cards, check_case, find_cards, find_cases, find_questions, load_cases, load_policy
from weighbridge.core.candidate import Candidate
from weighbridge.core.case import Case, CaseAnswer
from weighbridge.core.errors import Unusable, nearest_hint
from weighbridge.core.evidence import Evidence
from weighbridge.core.ports import Ledger
from weighbridge.core.weighing import Weighing
from weighbridge.core.wording import _
from weighbridge.planning import Planning, plans_for
from weighbridge.policy.rules import Policy
from weighbridge.wiring import Options, measure_path, opened_ledger


def cases_named(name: str = "", policy: Policy | None = None) -> tuple[Case, ...]:
    """All cases that we ship, the one of that name, or those in a file or folder of the user's.

    Raises
    ------
    Unusable, Faulty
        Where there is none, or one of them has a fault.
    """
    if name.endswith(".toml") or "/" in name or Path(name or "?").is_dir():
        return load_cases(Path(name), policy)
    by_name = {case.name: case for case in find_cases()}
    if name and name not in by_name:
        raise Unusable(
            _("there is no case {name}").format(name=name), nearest_hint(name, by_name), "weighbridge replay"
        )
    chosen = (by_name[name],) if name else tuple(by_name.values())
    if policy is not None:
        for case in chosen:
            check_case(case, policy)
    return chosen


def replay_case(case: Case, policy: Policy | None = None) -> Replayed:
    """What the tool says of a case, beside what it must say."""
    weighing = judge_case(case, policy)
    if not case.statement:
        return compare(case, weighing)
    day = case.released.isoformat()
    told = plans_for(weighing, Planning(as_of=day, in_full=False), today=day)
    return compare(case, weighing, told.statement)


def judge_case(case: Case, policy: Policy | None = None) -> Weighing:
    """Weigh a case as of its day and judge it: ceiling and cleared rungs of each component, and every finding.

    Parameters
    ----------
    policy : left out: the shipped one

    Raises
    ------
    Unusable
        Where a file of it cannot be made, or an answer is none to a question that is asked about it.
    """
    try:
        return _judged(case, policy or load_policy())
    except Unusable as fault:  # of several cases one has it: say which
        what = _("cannot replay {name}: {what}").format(name=case.name, what=fault.what)
        raise Unusable(what, fault.why, fault.fix) from fault


def _judged(case: Case, policy: Policy) -> Weighing:
    with tempfile.TemporaryDirectory(prefix="weighbridge-case-") as place:
        folder, home = Path(place) / "candidate", Path(place) / "home"
        folder.mkdir()
        grow(case, folder)
        opened = open_candidate(folder)
        measured = _measured(case, folder, home)
        evidence = (*measured, *brought(case, opened.candidate, all_cards()))
        candidate = as_measured(opened.candidate, evidence)
        with opened_ledger(home) as ledger:
            admit(candidate, ledger)
            _answered(case, candidate, ledger)
            hearings = stands(candidate, find_questions(), ledger)
        candidate = replace(candidate, answers=facts(hearings), asserted=asserted(hearings))
        return recommend(candidate, evidence, policy, all_cards(), guesses=opened.guesses)


def _measured(case: Case, folder: Path, home: Path) -> tuple[Evidence, ...]:
    """What the probes find; those that the case names, or all, or none where something in it is gone."""
    if case.probes is not None:
        slugs: Sequence[str] = case.probes
    else:
        slugs = () if case.gone else tuple(card.slug for card in find_cards())
    if not slugs:
        return ()
    _candidate, evidence = measure_path(folder, tuple(slugs), Options(home=home, seed=case.seed))
    return evidence


def _answered(case: Case, candidate: Candidate, ledger: Ledger) -> None:
    if not case.answer:
        return
    text = _as_answers_file(case.answer, candidate)
    hearings = stands(candidate, find_questions(), ledger)
    for given, hearing in parse_answers(
        text, file=f"{case.name}.toml [[answer]]", candidate=candidate, hearings=hearings
    ):
        answer(candidate, given, hearing, ledger)


def _as_answers_file(answers: Sequence[CaseAnswer], candidate: Candidate) -> str:
    """The answers as answers.toml has them, so that they pass through the same door."""
    lines = [f"candidate = {_quoted(candidate.name)}", f"version = {_quoted(candidate.version)}"]
    for given in answers:
        lines += ["[[answer]]", f"question = {_quoted(given.question)}", f"role = {_quoted(given.role)}"]
        lines += [f"{key} = {_quoted(text)}" for key, text in (("choice", given.choice), ("says", given.says)) if text]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A basic string of TOML; JSON's is one, but for a character that TOML wants escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")

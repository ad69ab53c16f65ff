"""Where a report is written: what was sealed, what people said and decided, and what others did before."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

from weighbridge.adapters.keys.keyring import Keyring
from weighbridge.app.answer import words_of
from weighbridge.app.decide import last_decision, released
from weighbridge.app.meet import Books
from weighbridge.app.panel import panel, told_first
from weighbridge.app.stage import stage
from weighbridge.catalogue import all_cards, load_policy
from weighbridge.core.candidate import Candidate
from weighbridge.planning import plans_for
from weighbridge.recalling import Sought, recall_for
from weighbridge.report.decided import DecidedTold, decided_told
from weighbridge.report.markdown import render_markdown
from weighbridge.report.page import render_page
from weighbridge.report.people import BeforeTold, PeopleTold, before_told, people_told
from weighbridge.report.record import render_json, render_plans
from weighbridge.wiring import (
    Options,
    Result,
    SystemClock,
    heard,
    home_folder,
    opened_ledger,
    recommend_path,
    recorded,
    version,
)

_MOST_PRECEDENTS = 3  # ours: more is a list that nobody reads; the command `precedents` gives all


def write_report(path: Path, out: Path | None = None, options: Options | None = None) -> Path:
    """Write the page for people, and Markdown and JSON beside it, from what was sealed before; the path of the page."""
    options = options or Options()
    result = recommend_path(path, options)
    candidate = result.weighing.candidate
    name = f"{_file_name(candidate.name)}-{_file_name(candidate.version)}"
    folder = out or home_folder(options.home) / "reports" / name
    folder.mkdir(parents=True, exist_ok=True)
    when = SystemClock().now().strftime("%Y-%m-%d %H:%M UTC")
    repeat = ("weighbridge", "weigh", str(path))
    plans = plans_for(result.weighing, today=SystemClock().now().date().isoformat())
    tell = partial(
        _told, result, plans=plans, decided=_decided(candidate, options), when=when, version=version(), repeat=repeat,
        languages=recorded(result.weighing, options), people=_people(candidate, options),
        before=_before(candidate, options),
    )  # fmt: skip
    page = folder / "report.html"
    page.write_text(tell(render_page), encoding="utf-8")
    (folder / "report.md").write_text(tell(render_markdown), encoding="utf-8")
    (folder / "plans.json").write_text(render_plans(plans) + "\n", encoding="utf-8")
    (folder / "weighing.json").write_text(render_json(result.weighing) + "\n", encoding="utf-8")
    return page


def _told(result: Result, render: Callable[..., str], **given: object) -> str:
    return render(result.weighing, all_cards(), ledger_head=result.ledger_head, **given)


def _decided(candidate: Candidate, options: Options) -> DecidedTold | None:
    """What people decided on the very files that were weighed; None where nobody has."""
    clock, home = SystemClock(), home_folder(options.home)
    with opened_ledger(home) as ledger:
        decision = last_decision(candidate.name, ledger)
        if decision is None or released(candidate) != decision.released:
            return None
        books = Books(ledger=ledger, keys=Keyring(home, clock), policy=load_policy(options.policy), cards=all_cards())
        return decided_told(decision, stage(decision, books, clock.now()))


def _people(candidate: Candidate, options: Options) -> PeopleTold:
    with opened_ledger(home_folder(options.home)) as ledger:
        hearings = heard(candidate, ledger)
        words = {h.question.slug: words_of(h, ledger) for h in hearings}
    who = panel(words.get("consulted", ""), words.get("affected-groups", ""))
    return people_told(hearings, who, told_first(words.get("early-access", "")))


def _before(candidate: Candidate, options: Options) -> BeforeTold:
    return before_told(recall_for(candidate, Sought(home=options.home, most=_MOST_PRECEDENTS)))


def _file_name(text: str) -> str:
    return re.sub(r"[^\w.-]+", "-", text).strip(".-") or "candidate"

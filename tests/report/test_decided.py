from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fakes.staged import DRAFT, Staged, make_staged, with_samples
from report.test_page import Reader
from weighbridge.core.canon import digest_of
from weighbridge.core.decision import Statement
from weighbridge.report.decided import DecidedTold, decided_told
from weighbridge.report.markdown import render_markdown
from weighbridge.report.page import render_page

FACTS: dict[str, Any] = {
    "when": "2026-01-02",
    "version": "0",
    "ledger_head": "sha256:0",
    "repeat": ("weighbridge", "weigh", "DIR"),
}


@pytest.fixture
def staged(tmp_path: Path) -> Staged:
    made = make_staged(tmp_path)
    made.weighs(0.9, candidate=with_samples())
    said = Statement(says="It buys <b>a year</b>.\u202e", figures=digest_of("f"))
    made.decides(replace(DRAFT, statement=said, conditions=("only with | a card",)))
    made.signs()
    made.opened("gated")
    return made


def _told(made: Staged) -> DecidedTold:
    return decided_told(made.decision, made.progress())


def test_tells_what_was_decided_and_how_far_it_has_come(staged: Staged) -> None:
    told = _told(staged)
    assert (told.at_once, told.in_force) == ("weights partners", "weights gated")
    assert [(s.name, s.is_open, s.days) for s in told.stages] == [
        ("gated", True, "by 2026-03-01"), ("all", False, "from 2026-02-01 to 2026-05-01"),
    ]  # fmt: skip
    assert told.stages[0].criteria[1] == ("Two newsrooms run the detector.", "met")
    staged.clock.goes_to("2026-05-02")
    assert "all of it is to be weighed again" in _told(staged).headline


def test_of_a_decision_without_stages(staged: Staged) -> None:
    staged.decides(replace(DRAFT, stage=()))
    told = _told(staged)
    assert (told.stages, told.statement, told.conditions) == ((), "", ())
    page = render_page(staged.weighing, staged.books.cards, decided=told, **FACTS)
    assert "In force today" not in page


def test_the_page_and_markdown_hold_it_and_nothing_in_it_is_markup(staged: Staged) -> None:
    page = render_page(staged.weighing, staged.books.cards, decided=_told(staged), **FACTS)
    Reader(page)
    for text in ("What people decided", "Two newsrooms run the detector.", "2026-05-01", "⟨U+202E⟩", "#decided"):
        assert text in page
    assert "<b>a year" not in page
    markdown = render_markdown(staged.weighing, staged.books.cards, decided=_told(staged), **FACTS)
    assert "## What people decided" in markdown
    assert "Two newsrooms run the detector." in markdown
    assert "<b>" not in markdown.replace("\\<b", "")


def test_where_nobody_has_decided_nothing_is_said_of_it(staged: Staged) -> None:
    assert "What people decided" not in render_page(staged.weighing, staged.books.cards, **FACTS)

from __future__ import annotations

from dataclasses import replace

from app.test_decide import DRAFT, _table
from weighbridge.app.reopen import Happening, reopen
from weighbridge.core.candidate import Component
from weighbridge.core.decision import Waiver
from weighbridge.core.ports import Kind
from weighbridge.report.notice import render_notice


def _notice(*derivatives: str) -> str:
    table = _table()
    decision = table.decides(replace(DRAFT, conditions=("only *after* the audit",)))
    table.ledger.append("c", Kind.APPROVAL, {"decision": decision.digest, "role": "owner"})
    entry, record = reopen("c", Happening(what="Ada found herself", derivatives=derivatives), table.ledger)
    waiver = Waiver(
        rule="r", component=Component.WEIGHTS, authority="the board", because="needed", expires="2026-03-01"
    )
    record = replace(record, decision=replace(record.decision, waivers=(waiver,)))
    return render_notice(entry, record, derivatives)


def test_says_what_the_ledger_knows_and_names_nobody() -> None:
    text = _notice("org/copy")
    for part in (
        "# Notice: c 1 is re-opened",
        "m.onnx (sha256:",
        "weights: open",
        "signed as owner",
        "the board",
        "org/copy",
    ):
        assert part in text
    assert "Ada" not in text
    assert "only \\*after\\* the audit" in text


def test_names_cannot_pose_as_markdown() -> None:
    text = _notice("[x](http://example.org)\n# Heading\u202e")
    assert "\\[x\\](http://example.org) \\# Heading⟨U+202E⟩" in text


def test_nothing_is_known_to_be_made_from_it() -> None:
    assert "Nothing yet." in _notice()

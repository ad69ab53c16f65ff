from __future__ import annotations

from pathlib import Path

from weighbridge.app.answer import Answer
from weighbridge.asking import interview, seal_answer
from weighbridge.reporting import write_report
from weighbridge.wiring import Options, weigh_path


def test_the_report_holds_what_was_sealed_what_was_said_and_what_others_did(people: Path, tmp_path: Path) -> None:
    options = Options(home=tmp_path / "home")
    made = weigh_path(people, options)
    legal = next(h for h in interview(people, options).hearings if h.question.slug == "legal")
    seal_answer(Answer(question="legal", choice=("yes",), says="secret words"), legal, made.weighing.candidate, options)
    page = write_report(people, tmp_path / "out", options)
    told = page.read_text()
    assert "Yes, said on 20" in told
    assert "secret words" not in told
    assert {p.name for p in (tmp_path / "out").iterdir()} == {
        "report.html", "report.md", "plans.json", "weighing.json",
    }  # fmt: skip
    assert "What people said" in told
    assert "What others did before" in told
    assert 'id="decided"' not in told
    assert write_report(people, None, options).parent.parent == tmp_path / "home" / "reports"

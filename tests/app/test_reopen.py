from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.test_decide import DRAFT, WEIGHTS, Table, _table
from fakes.ledger import FakeLedger
from fakes.staged import make_staged, with_samples
from weighbridge.app.decide import last_decision
from weighbridge.app.reopen import Happening, affected_files, close, incidents, open_against, record, reopen
from weighbridge.core.decision import Decision
from weighbridge.core.errors import NotSettled, Unusable
from weighbridge.core.ports import Kind
from weighbridge.core.rungs import Rung
from weighbridge.report.notice import render_notice

WHAT = Happening(what="Ada Lovelace found herself in it")


@pytest.fixture
def table() -> Table:
    made = _table()
    made.decides(DRAFT)
    return made


def _decision(table: Table) -> Decision:
    found = last_decision("c", table.ledger)
    assert found is not None
    return found


def test_reopens_and_closes(table: Table) -> None:
    assert open_against(_decision(table), table.ledger) == ()
    entry, _record = reopen("c", replace(WHAT, derivatives=("org/fine-tune", " ")), table.ledger)
    assert "Ada" not in str(entry.body)
    assert "fine-tune" not in str(entry.body)
    assert isinstance(entry.body, dict)
    assert len(list(entry.body["derivatives"])) == 1
    (incident,) = open_against(_decision(table), table.ledger)
    assert incident.affected == (WEIGHTS.digest,)
    closed = close("c", entry.number, "it was another", table.ledger)
    assert "another" not in str(closed.body)
    assert open_against(_decision(table), table.ledger) == ()
    assert [i.closed_by for i in incidents("c", table.ledger)] == [closed.number]


def test_each_of_two_is_closed_by_itself(table: Table) -> None:
    first, second = (reopen("c", WHAT, table.ledger)[0].number for _ in range(2))
    close("c", second, "over", table.ledger)
    assert [i.number for i in open_against(_decision(table), table.ledger)] == [first]


def test_deciding_again_is_another_decision(table: Table) -> None:
    reopen("c", WHAT, table.ledger)
    table.decides(replace(DRAFT, conditions=("only without the affected rows",)))
    assert open_against(_decision(table), table.ledger) == ()


def test_an_entry_for_another_decision_closes_nothing(table: Table) -> None:
    number = reopen("c", WHAT, table.ledger)[0].number
    for body in ({"closed": number}, {"closed": number, "decision": "x", "closes": False}, {"closed": str(number)}):
        table.ledger.append("c", Kind.INCIDENT, body)  # type: ignore[arg-type]
    assert [i.number for i in open_against(_decision(table), table.ledger)] == [number]


def test_what_the_ledger_said_then(table: Table) -> None:
    decision = _decision(table)
    table.ledger.append("c", Kind.APPROVAL, {"decision": decision.digest, "role": "owner"})
    table.ledger.append("c", Kind.APPROVAL, {"decision": "another", "role": "owner"})
    for result in ("refused", "passes"):
        body = {"decision": decision.digest, "result": result, "destination": "public", "components": ["weights"]}
        table.ledger.append("c", Kind.PASSAGE, body)
    entry, found = reopen("c", WHAT, table.ledger)
    assert found == record(decision, table.ledger)
    assert [s.role for s in found.signatures] == ["owner"]
    assert [(p.destination, p.components) for p in found.passages] == [("public", ("weights",))]
    assert [s.ceiling for s in found.recommended] == [tuple(Rung)]
    assert isinstance(entry.body, dict)
    assert entry.body["stages"] == {"weights": "open"}


@pytest.mark.parametrize("word", [WEIGHTS.label, WEIGHTS.digest, WEIGHTS.digest.removeprefix("sha256:")])
def test_files_are_named_by_label_or_digest(table: Table, word: str) -> None:
    reopen("c", replace(WHAT, affected=(word,)), table.ledger)
    (incident,) = incidents("c", table.ledger)
    assert [f.label for f in affected_files(_decision(table), incident.affected)] == [WEIGHTS.label]


@pytest.mark.parametrize(
    "happening",
    [
        replace(WHAT, what=""), replace(WHAT, what=" \n"), replace(WHAT, what="x" * 100_000),
        replace(WHAT, what="\ud800"), replace(WHAT, affected=("nothing.csv",)), replace(WHAT, affected=("",)),
    ],
)  # fmt: skip
def test_bad_reports(table: Table, happening: Happening) -> None:
    before = len(table.ledger.all["c"])
    with pytest.raises(Unusable):
        reopen("c", happening, table.ledger)
    assert len(table.ledger.all["c"]) == before


def test_nothing_was_decided() -> None:
    for ledger in (FakeLedger(), _table().ledger):
        with pytest.raises(NotSettled):
            reopen("c", WHAT, ledger)


def test_closing_what_is_not_open(table: Table) -> None:
    number = reopen("c", WHAT, table.ledger)[0].number
    for other in (0, number + 1, 10**9):
        with pytest.raises(Unusable, match="no such incident"):
            close("c", other, "over", table.ledger)
    with pytest.raises(Unusable, match="why"):
        close("c", number, " ", table.ledger)
    close("c", number, "over", table.ledger)
    with pytest.raises(Unusable, match="is closed"):
        close("c", number, "over", table.ledger)
    with pytest.raises(Unusable, match="no such incident"):
        close("other", number, "over", table.ledger)


def test_what_opened_stages_is_part_of_what_is_re_opened(tmp_path: Path) -> None:
    made = make_staged(tmp_path)
    made.weighs(0.9, candidate=with_samples())
    made.opened("gated")
    entry, record = reopen("c", Happening(what="it was found"), made.ledger)
    numbers = [e.number for e in made.ledger.entries("c") if e.kind is Kind.ADVANCE]
    assert list(record.advances) == numbers
    assert isinstance(entry.body, dict)
    assert entry.body["advances"] == numbers
    assert "from the stage gated on, if it was open: weights gated" in render_notice(entry, record, ())

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.test_decide import DRAFT, WEIGHTS, Table, _table
from fakes.ledger import FakeLedger, FixedClock
from fakes.staged import make_staged, with_samples
from weighbridge.adapters.keys.keyring import Keyring
from weighbridge.app.decide import last_decision
from weighbridge.app.reopen import Closer, Happening, affected_files, close, incidents, open_against, record, reopen
from weighbridge.core.decision import Decision, SignerRole
from weighbridge.core.errors import NotSettled, Unusable
from weighbridge.core.ports import Kind
from weighbridge.core.rungs import Rung
from weighbridge.report.notice import render_notice

WORDS = "a long enough phrase"
WHAT = Happening(what="Ada Lovelace found herself in it")


@pytest.fixture
def table() -> Table:
    made = _table()
    made.decides(DRAFT)
    return made


@pytest.fixture
def ring(tmp_path: Path) -> Keyring:
    made = Keyring(tmp_path, FixedClock())
    made.trust(made.new("owner", WORDS), [SignerRole.OWNER])
    return made


def _closer(ring: Keyring, person: str = "owner", role: SignerRole = SignerRole.OWNER) -> Closer:
    known = ring.find(person)
    return Closer(known=known, role=role, make=ring.signer(known, WORDS))


def _decision(table: Table) -> Decision:
    found = last_decision("c", table.ledger)
    assert found is not None
    return found


def test_reopens_and_closes(table: Table, ring: Keyring) -> None:
    assert open_against(_decision(table), table.ledger, ring) == ()
    entry, _record = reopen("c", replace(WHAT, derivatives=("org/fine-tune", " ")), table.ledger)
    assert "Ada" not in str(entry.body)
    assert "fine-tune" not in str(entry.body)
    assert isinstance(entry.body, dict)
    assert len(list(entry.body["derivatives"])) == 1
    (incident,) = open_against(_decision(table), table.ledger, ring)
    assert incident.affected == (WEIGHTS.digest,)
    closed = close("c", entry.number, "it was another", _closer(ring), keys=ring, ledger=table.ledger)
    assert "another" not in str(closed.body)
    assert open_against(_decision(table), table.ledger, ring) == ()
    assert [i.closed_by for i in incidents("c", table.ledger, ring)] == [closed.number]


def test_each_of_two_is_closed_by_itself(table: Table, ring: Keyring) -> None:
    first, second = (reopen("c", WHAT, table.ledger)[0].number for _ in range(2))
    close("c", second, "over", _closer(ring), keys=ring, ledger=table.ledger)
    assert [i.number for i in open_against(_decision(table), table.ledger, ring)] == [first]


def test_deciding_again_is_another_decision(table: Table, ring: Keyring) -> None:
    reopen("c", WHAT, table.ledger)
    table.decides(replace(DRAFT, conditions=("only without the affected rows",)))
    assert open_against(_decision(table), table.ledger, ring) == ()


def test_an_entry_for_another_decision_closes_nothing(table: Table, ring: Keyring) -> None:
    number = reopen("c", WHAT, table.ledger)[0].number
    for body in ({"closed": number}, {"closed": number, "decision": "x", "closes": False}, {"closed": str(number)}):
        table.ledger.append("c", Kind.INCIDENT, body)  # type: ignore[arg-type]
    assert [i.number for i in open_against(_decision(table), table.ledger, ring)] == [number]


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
def test_files_are_named_by_label_or_digest(table: Table, ring: Keyring, word: str) -> None:
    reopen("c", replace(WHAT, affected=(word,)), table.ledger)
    (incident,) = incidents("c", table.ledger, ring)
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


def test_closing_what_is_not_open(table: Table, ring: Keyring) -> None:
    number = reopen("c", WHAT, table.ledger)[0].number
    for other in (0, number + 1, 10**9):
        with pytest.raises(Unusable, match="no such incident"):
            close("c", other, "over", _closer(ring), keys=ring, ledger=table.ledger)
    with pytest.raises(Unusable, match="why"):
        close("c", number, " ", _closer(ring), keys=ring, ledger=table.ledger)
    close("c", number, "over", _closer(ring), keys=ring, ledger=table.ledger)
    with pytest.raises(Unusable, match="is closed"):
        close("c", number, "over", _closer(ring), keys=ring, ledger=table.ledger)
    with pytest.raises(Unusable, match="no such incident"):
        close("other", number, "over", _closer(ring), keys=ring, ledger=table.ledger)


def _spoilt(table: Table, change: Callable[[dict[str, Any]], object]) -> None:
    """The last entry with a change, sealed by nobody: what stands in a ledger that somebody forged anew."""
    entry = table.ledger.all["c"][-1]
    assert isinstance(entry.body, dict)
    body: dict[str, Any] = dict(entry.body)
    change(body)
    table.ledger.all["c"][-1] = replace(entry, body=body)


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body.pop("signature"),
        lambda body: body.update(signature="AAAA"),
        lambda body: body.update(signature="*"),
        lambda body: body.update(because="sha256:other"),
        lambda body: body.update(role="security"),
        lambda body: body.update(role=3),
        lambda body: body.update(fingerprint="00"),
        lambda body: body.pop("fingerprint"),
    ],
)
def test_a_closing_that_nobody_signed_closes_nothing(
    table: Table, ring: Keyring, change: Callable[[dict[str, Any]], object]
) -> None:
    number = reopen("c", WHAT, table.ledger)[0].number
    close("c", number, "over", _closer(ring), keys=ring, ledger=table.ledger)
    assert open_against(_decision(table), table.ledger, ring) == ()
    _spoilt(table, change)
    assert [i.number for i in open_against(_decision(table), table.ledger, ring)] == [number]


def test_a_closing_is_of_one_incident_alone(table: Table, ring: Keyring) -> None:
    first, second = (reopen("c", WHAT, table.ledger)[0].number for _ in range(2))
    made = close("c", first, "over", _closer(ring), keys=ring, ledger=table.ledger)
    assert isinstance(made.body, dict)
    table.ledger.append("c", Kind.INCIDENT, {**made.body, "closed": second})
    assert [i.number for i in open_against(_decision(table), table.ledger, ring)] == [second]


def test_when_the_key_is_revoked_it_is_open_again(table: Table, ring: Keyring) -> None:
    number = reopen("c", WHAT, table.ledger)[0].number
    close("c", number, "over", _closer(ring), keys=ring, ledger=table.ledger)
    ring.revoke(ring.find("owner"), "lost")
    assert [i.number for i in open_against(_decision(table), table.ledger, ring)] == [number]


def test_who_is_not_trusted_for_the_role_closes_nothing(table: Table, ring: Keyring) -> None:
    number = reopen("c", WHAT, table.ledger)[0].number
    ring.new("somebody", WORDS)
    for person, role in (("owner", SignerRole.SECURITY), ("somebody", SignerRole.OWNER)):
        with pytest.raises(Unusable, match="cannot close it"):
            close("c", number, "over", _closer(ring, person, role), keys=ring, ledger=table.ledger)
    other = replace(_closer(ring), make=ring.signer(ring.find("somebody"), WORDS))
    with pytest.raises(Unusable, match="does not fit the key"):
        close("c", number, "over", other, keys=ring, ledger=table.ledger)
    assert len(open_against(_decision(table), table.ledger, ring)) == 1


def test_what_opened_stages_is_part_of_what_is_re_opened(tmp_path: Path) -> None:
    made = make_staged(tmp_path)
    made.weighs(0.9, candidate=with_samples())
    made.opened("gated")
    entry, record = reopen("c", Happening(what="it was found"), made.ledger)
    numbers = [e.number for e in made.ledger.entries("c") if e.kind is Kind.ADVANCE]
    assert list(record.advances) == numbers
    assert isinstance(entry.body, dict)
    assert entry.body["advances"] == numbers
    assert entry.body["stages"] == {"weights": "gated"}  # and not the plan of the first day
    notice = render_notice(entry, record, ())
    assert "- weights: gated" in notice.partition("## What is closed now")[2]
    assert "the stage all does not open: weights open" in notice
    entry, record = reopen("c", Happening(what="it was found"), made.ledger, in_force=made.decision.plan)
    assert "the stage gated does not open: weights gated" in render_notice(entry, record, ())

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from core.test_envelope import DECISION
from fakes.ledger import FakeLedger
from weighbridge.app.compare import There
from weighbridge.app.push import Load, Shown, destination_of, going, push
from weighbridge.core.candidate import Component
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.errors import Differs, NotSettled, Outside
from weighbridge.core.passage import Destination
from weighbridge.core.ports import Kind
from weighbridge.core.rungs import Rung


def _there(label: str, data: bytes) -> There:
    return There(label=label, digest=digest_of_bytes(data), size_bytes=len(data))


A, B, X = _there("a", b"a"), _there("b/b", b"b"), _there("x", b"x")
LOAD = Load(
    name="c", decision=DECISION.digest, destination=Destination.PUBLIC, components=(Component.WEIGHTS,), to="hf:o/n",
    decided=digest_of_bytes(b""), files=(A, B), made=("a",),
)  # fmt: skip


@dataclass
class FakePlace:
    """A place in memory; `breaks` strikes in the middle of sending, `spoils` keeps other bytes."""

    files: dict[str, There] = field(default_factory=dict)
    is_let_in: bool = False
    breaks: bool = False
    spoils: str = ""
    log: list[str] = field(default_factory=list)

    def show(self) -> Shown:
        return Shown(files=tuple(self.files.values()), is_let_in=self.is_let_in, revision="r")

    def send(self, labels: tuple[str, ...], gone: tuple[str, ...]) -> None:
        self.log.append(f"send {' '.join(labels)} -{' '.join(gone)}")
        for label in gone:
            del self.files[label]
        for label in labels:
            file = {f.label: f for f in LOAD.files}[label]
            self.files[label] = replace(file, digest=digest_of_bytes(b"other")) if label == self.spoils else file
            if self.breaks:
                raise Outside("it broke off", "w", "f")

    def let_in(self) -> None:
        self.log.append("let in")
        self.is_let_in = True


def _states(ledger: FakeLedger) -> list[object]:
    found: list[object] = []
    for entry in ledger.entries("c"):
        assert entry.kind is Kind.PASSAGE
        assert isinstance(entry.body, dict)
        told = entry.body["push"]
        assert isinstance(told, dict)
        found.append(told["state"])
    return found


def test_says_first_what_it_sends_and_last_that_it_is_there() -> None:
    ledger, place = FakeLedger(), FakePlace()
    pushed = push(LOAD, place, ledger)
    assert (pushed.sent, pushed.revision) == (2, "r")
    assert place.log == ["send a b/b -", "let in"]
    assert _states(ledger) == ["begun", "done"]
    (entry, _done) = ledger.entries("c")
    assert isinstance(entry.body, dict)
    told = entry.body["push"]
    assert isinstance(told, dict)
    assert told["manifest"] == LOAD.manifest
    assert told["made"] == [{"label": "a", "digest": A.digest}]


def test_what_lies_there_is_not_sent_twice() -> None:
    ledger, place = FakeLedger(), FakePlace()
    push(LOAD, place, ledger)
    assert push(LOAD, place, ledger).sent == 0
    assert place.log == ["send a b/b -", "let in"]
    assert _states(ledger) == ["begun", "done"]


def test_a_push_that_broke_off_goes_on() -> None:
    ledger, place = FakeLedger(), FakePlace(breaks=True)
    with pytest.raises(Outside):
        push(LOAD, place, ledger)
    assert not place.is_let_in
    place.breaks = False
    assert push(LOAD, place, ledger).sent == 1
    assert place.log[1:] == ["send b/b -", "let in"]
    assert _states(ledger) == ["begun", "begun", "done"]


def test_one_that_was_killed_after_the_last_byte_only_says_so() -> None:
    ledger, place = FakeLedger(), FakePlace(files={f.label: f for f in LOAD.files}, is_let_in=True)
    assert push(LOAD, place, ledger).sent == 0
    assert place.log == []
    assert _states(ledger) == ["done"]


def test_one_that_was_killed_before_it_was_opened_opens_it() -> None:
    ledger, place = FakeLedger(), FakePlace(files={f.label: f for f in LOAD.files})
    assert push(LOAD, place, ledger).sent == 0
    assert place.log == ["let in"]
    assert _states(ledger) == ["begun", "done"]


def test_other_bytes_there_are_found_before_anybody_is_let_in() -> None:
    ledger, place = FakeLedger(), FakePlace(spoils="b/b")
    with pytest.raises(Differs, match="b/b"):
        push(LOAD, place, ledger)
    assert not place.is_let_in
    assert _states(ledger) == ["begun"]


def test_what_nobody_decided_on_does_not_lie_beside_it() -> None:
    ledger, place = FakeLedger(), FakePlace(files={"x": X})
    with pytest.raises(NotSettled, match="x lies there"):
        push(LOAD, place, ledger)
    assert _states(ledger) == []
    assert push(replace(LOAD, replaces=True), place, ledger).sent == 2
    assert place.log[0] == "send a b/b -x"
    assert sorted(place.files) == ["a", "b/b"]


def test_new_bytes_under_an_old_name_are_sent() -> None:
    place = FakePlace(files={"a": replace(A, digest=digest_of_bytes(b"old")), "b/b": B}, is_let_in=True)
    assert push(LOAD, place, FakeLedger()).sent == 1
    assert place.files["a"] == A


@pytest.mark.parametrize(
    ("plan", "asked", "goes", "to"),
    [
        ({"weights": Rung.OPEN}, (), ("weights",), Destination.PUBLIC),
        ({"weights": Rung.LICENSED}, (), ("weights",), Destination.PUBLIC),
        ({"weights": Rung.GATED, "data": Rung.OPEN}, (), ("weights", "data"), Destination.GATED),
        ({"weights": Rung.GATED, "data": Rung.OPEN}, ("data",), ("data",), Destination.PUBLIC),
        ({"weights": Rung.PARTNERS, "data": Rung.GATED}, (), ("weights", "data"), Destination.PARTNERS),
        ({"weights": Rung.SERVED, "data": Rung.OPEN}, (), ("data",), Destination.PUBLIC),
        ({"weights": Rung.SERVED, "data": Rung.OPEN}, ("weights",), ("weights",), Destination.PARTNERS),
        ({"weights": Rung.WITHHELD}, (), (), Destination.PARTNERS),
        ({"weights": Rung.OPEN}, ("code",), ("code",), Destination.PARTNERS),
    ],
)
def test_the_narrowest_place_that_was_decided(
    plan: dict[str, Rung], asked: tuple[str, ...], goes: tuple[str, ...], to: Destination
) -> None:
    decision = replace(DECISION, plan=tuple(plan.items()))
    components = going(decision, tuple(Component(name) for name in asked))
    assert tuple(c.value for c in components) == goes
    assert destination_of(decision, components) is to


ORDERS: list[Callable[[Load], Load]] = [
    lambda load: replace(load, files=load.files[::-1]),
    lambda load: replace(load, made=()),
]


@pytest.mark.parametrize("change", ORDERS)
def test_the_manifest_is_of_the_files_alone(change: Callable[[Load], Load]) -> None:
    assert change(LOAD).manifest == LOAD.manifest
    assert replace(LOAD, files=(A,)).manifest != LOAD.manifest

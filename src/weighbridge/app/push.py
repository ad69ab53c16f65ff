"""Push: hand what the gate let through over to where people get it, and see that it is there as it was sent.

Nothing is opened to anybody before all of it lies there and was compared. What is in the ledger first says what will be
sent; a second entry says that it is there. Whoever is interrupted in between runs the same command again: what lies
there already is not sent twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from weighbridge.app.compare import There
from weighbridge.core.candidate import Component
from weighbridge.core.canon import Digest, Plain, digest_of
from weighbridge.core.errors import Differs, NotSettled
from weighbridge.core.passage import Destination
from weighbridge.core.ports import Entry, Kind, Ledger
from weighbridge.core.rungs import Rung
from weighbridge.core.wording import _, plural

# Bytes go to those whom the rung names; an answer is no byte, and nobody gets what is withheld.
_WHERE = {
    Rung.PARTNERS: Destination.PARTNERS,
    Rung.GATED: Destination.GATED,
    Rung.LICENSED: Destination.PUBLIC,
    Rung.OPEN: Destination.PUBLIC,
}
_FROM_NARROW = (Destination.PARTNERS, Destination.GATED, Destination.PUBLIC)


class State(StrEnum):
    """How far a push has come, as its entries in the ledger say."""

    BEGUN = "begun"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What is to be handed over, and where to."""

    name: str  # of the candidate
    decision: Digest
    destination: Destination
    components: tuple[Component, ...]
    to: str  # "hf:org/name"; of a folder only that it is one, since paths stay at the door
    decided: Digest  # manifest of the files as they were decided on
    files: tuple[There, ...]  # as they are sent
    made: tuple[str, ...] = ()  # labels of those that the push made or added its block to
    replaces: bool = False  # whoever asks lets it take out what lies there and is not sent

    @property
    def manifest(self) -> Digest:
        """Over the files as they are sent."""
        return manifest_of(self.files)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What lies at a place now."""

    files: tuple[There, ...]
    is_let_in: bool  # whether just those can get it for whom it was decided
    revision: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """What came of a push."""

    load: Load
    sent: int  # files; 0 where all of it lay there already
    revision: str


class Place(Protocol):
    """Where released files go: a folder, a repository on a server."""

    def show(self) -> Shown:
        """What lies there now; nothing where there is no such place yet."""
        ...

    def send(self, labels: tuple[str, ...], gone: tuple[str, ...]) -> None:
        """Put these files there and take those out, open to nobody whom it was not decided for."""
        ...

    def let_in(self) -> None:
        """Open it to those for whom it was decided."""
        ...


def manifest_of(files: tuple[There, ...]) -> Digest:
    """Digest over label, digest and size of every file."""
    return digest_of(sorted([file.label, file.digest, file.size_bytes] for file in files))


class Given(Protocol):
    """Who gets what today: a decision, or what is in force of a staged one."""

    def rung_of(self, component: Component) -> Rung | None:
        """The rung of a component; None where nothing was decided on it."""
        ...


def going(given: Given, asked: tuple[Component, ...]) -> tuple[Component, ...]:
    """The components that leave: those asked for, or all that are to be handed out as bytes."""
    return asked or tuple(c for c in Component if given.rung_of(c) in _WHERE)


def destination_of(given: Given, components: tuple[Component, ...]) -> Destination:
    """Where they go: the narrowest place that was decided for one of them, since they lie in one place.

    A component that was not decided to be handed out makes it the narrowest there is, and the gate then refuses it.
    """
    wanted = [_WHERE.get(given.rung_of(c) or Rung.WITHHELD, Destination.PARTNERS) for c in components]
    return min(wanted, key=_FROM_NARROW.index, default=Destination.PARTNERS)


def push(load: Load, place: Place, ledger: Ledger) -> Pushed:
    """Hand a load over, unless it is there; the gate has let it through before.

    Raises
    ------
    NotSettled
        Where files lie there that nobody decided on.
    Differs
        Where what lies there afterwards is not what was sent; it is not opened to anybody by this push.
    """
    before = place.show()
    missing = _missing(load, before)
    gone = tuple(file.label for file in before.files if file.label not in {f.label for f in load.files})
    if not missing and not gone and before.is_let_in:
        if _last_state(load, ledger) is not State.DONE:  # it was interrupted after the last byte
            _note(load, State.DONE, before.revision, ledger)
        return Pushed(load=load, sent=0, revision=before.revision)
    if gone and not load.replaces:
        raise _crowded(load, gone)
    _note(load, State.BEGUN, before.revision, ledger)
    if missing or gone:
        place.send(missing, gone)
    after = place.show()
    _check(load, after)
    place.let_in()
    _note(load, State.DONE, after.revision, ledger)
    return Pushed(load=load, sent=len(missing), revision=after.revision)


def _missing(load: Load, shown: Shown) -> tuple[str, ...]:
    there = {(file.label, file.digest, file.size_bytes) for file in shown.files}
    return tuple(f.label for f in load.files if (f.label, f.digest, f.size_bytes) not in there)


def _check(load: Load, shown: Shown) -> None:
    other = [*_missing(load, shown), *(f.label for f in shown.files if f.label not in {m.label for m in load.files})]
    if other:
        raise Differs(
            _("what lies at {to} is not what was sent").format(to=load.to),
            plural(
                "{label} has other bytes there, or is missing, or nobody sent it",
                "{label} and {n} more have other bytes there, or are missing, or nobody sent them",
                len(other),
            ).format(label=other[0], n=len(other) - 1),
            _("look at who else writes there, then run the same command again; this push did not open it to anybody"),
        )


def _crowded(load: Load, gone: tuple[str, ...]) -> NotSettled:
    return NotSettled(
        _("there are files at {to} that nobody decided on").format(to=load.to),
        plural(
            "{label} lies there and is not among what leaves",
            "{label} and {n} more lie there and are not among what leaves",
            len(gone),
        ).format(label=gone[0], n=len(gone) - 1),
        _("name another place; or, in a repository, take them out: --replace (earlier revisions keep them)"),
    )


def _note(load: Load, state: State, revision: str, ledger: Ledger) -> Entry:
    digests = {file.label: file.digest for file in load.files}
    made: list[Plain] = [{"label": label, "digest": digests[label]} for label in load.made]
    body: dict[str, Plain] = {
        "decision": load.decision,
        "destination": load.destination.value,
        "components": [component.value for component in load.components],
        "push": {
            "to": load.to,
            "state": state.value,
            "decided": load.decided,
            "manifest": load.manifest,
            "made": made,
            "revision": revision,
        },
    }
    return ledger.append(load.name, Kind.PASSAGE, body)


def _last_state(load: Load, ledger: Ledger) -> State | None:
    found: State | None = None
    for entry in ledger.entries(load.name):
        told = entry.body.get("push") if entry.kind is Kind.PASSAGE and isinstance(entry.body, dict) else None
        if isinstance(told, dict) and (told.get("to"), told.get("manifest")) == (load.to, load.manifest):
            found = State(str(told.get("state")))
    return found

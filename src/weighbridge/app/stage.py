"""Stage: tell how far a staged release has come, from the ledger alone.

A stage is open once every role that the policy wants has signed its opening, each by another person, by its last day
and after the stage before it; and as long as each of its criteria is met by what the opening rests on. Evidence counts
where it is about the very files that were decided on: of the candidates in the chain, those that release the same bytes
under the same labels, whatever evidence lies beside them. A signature that has ceased to count opens nothing.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from weighbridge.app.meet import Books, Grounds, Judged, all_grounds, judged, latest_grounds, releases_the_same
from weighbridge.app.sign import CLOCKS_DIFFER, is_preparer, moment, self_review_counts
from weighbridge.core.advance import opened_advance
from weighbridge.core.candidate import Component
from weighbridge.core.canon import Digest
from weighbridge.core.decision import Advance, Decision, SignerRole
from weighbridge.core.envelope import NoEnvelope
from weighbridge.core.findings import Verdict
from weighbridge.core.keys import Keys, KnownKey
from weighbridge.core.ports import Entry, Kind
from weighbridge.core.rungs import Rung
from weighbridge.core.stages import Rungs, Sort, Stage, widened
from weighbridge.core.wording import Phrase, phrase

_EVER = datetime(1970, 1, 1, tzinfo=UTC)  # before all that a ledger holds


class State(StrEnum):
    """How a stage stands."""

    OPEN = "open"
    READY = "ready"  # all that a program can tell is met; it waits for signatures
    WAITING = "waiting"
    MISSED = "missed"  # its last day has passed


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One signature under the opening of a stage; `why_not` is None where it counts."""

    role: SignerRole
    fingerprint: str
    holder: str
    at: str
    number: int  # of its entry
    grounds: Grounds
    why_not: Phrase | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A stage as it stands."""

    stage: Stage
    state: State
    judged: tuple[Judged, ...]
    openings: tuple[Opening, ...]
    missing: tuple[SignerRole, ...]  # who has not signed its opening, or whose signature does not count


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a staged release has come."""

    steps: tuple[Step, ...]
    plan: Rungs  # the rungs in force
    grounds: tuple[Grounds, ...]  # what the decision and the open stages rest on, in order

    def rung_of(self, component: Component) -> Rung | None:
        """What is in force for a component; None where it is no part of the plan."""
        return dict(self.plan).get(component.value)

    @property
    def given(self) -> tuple[Component, ...]:
        """The components that are not withheld."""
        return tuple(c for c in Component if self.rung_of(c) not in (None, Rung.WITHHELD))

    @property
    def missed(self) -> Step | None:
        """The stage whose last day has passed; everything is then to be weighed again."""
        return next((step for step in self.steps if step.state is State.MISSED), None)

    @property
    def next(self) -> Step | None:
        """The stage that comes next."""
        return next((step for step in self.steps if step.state is not State.OPEN), None)


def stage(decision: Decision, books: Books, now: datetime) -> Progress:
    """Every stage of a decision as it stands, and the rungs in force."""
    own = Grounds(candidate=decision.candidate, reading=decision.reading, recommendation=decision.recommendation)
    latest = latest_grounds(decision, books.ledger) or own
    steps: list[Step] = []
    grounds = [own]
    after = 0
    for one in decision.stages:
        is_next = all(step.state is State.OPEN for step in steps)
        step = _step(one, decision, books, now, _Place(latest=latest, after=after, is_next=is_next))
        steps.append(step)
        if step.state is State.OPEN:
            counted = [opening for opening in step.openings if opening.why_not is None]
            grounds += [opening.grounds for opening in counted if opening.grounds not in grounds]
            after = max((opening.number for opening in counted), default=after)
    opened = [step.stage for step in steps if step.state is State.OPEN]
    return Progress(steps=tuple(steps), plan=widened(decision.plan, opened), grounds=tuple(grounds))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a stage stands among the others."""

    latest: Grounds
    after: int  # number of the entry that opened the one before it
    is_next: bool


def _step(one: Stage, decision: Decision, books: Books, now: datetime, place: _Place) -> Step:
    openings = tuple(_openings(one, decision, books, now, place))
    wanted = books.policy.signers(decision.impact)
    signed = {opening.role for opening in openings if opening.why_not is None}
    missing = tuple(role for role in wanted if role not in signed)
    counted = [opening for opening in openings if opening.why_not is None]
    told = [c.name for c in one.criterion if c.sort is Sort.TESTIFIED] if counted else []
    found = judged(one, counted[-1].grounds if counted else place.latest, books, decision.name, told)
    if place.is_next and wanted and not missing:
        state = State.OPEN
    elif place.is_next and now.astimezone(UTC).date().isoformat() > one.by:
        state = State.MISSED
    else:
        seen = [j for j in found if j.criterion.sort is not Sort.TESTIFIED]
        is_early = now.astimezone(UTC).date().isoformat() < one.not_before
        is_ready = place.is_next and not is_early and all(j.verdict is Verdict.HOLDS for j in seen)
        state = State.READY if is_ready else State.WAITING
    return Step(stage=one, state=state, judged=found, openings=openings, missing=missing)


def _openings(one: Stage, decision: Decision, books: Books, now: datetime, place: _Place) -> Iterator[Opening]:
    """Every signature under the opening of a stage; of several by one person, the first that counts counts."""
    people: set[str] = set()
    latest = ""
    for entry in books.ledger.entries(decision.name):
        body, before = entry.body, latest
        latest = max(latest, entry.at, key=lambda at: moment(at) or _EVER)
        if entry.kind is not Kind.ADVANCE or not isinstance(body, dict):
            continue
        if (body.get("decision"), body.get("stage")) != (decision.digest, one.name):
            continue
        opening = _opening(one, decision, entry, books, now)
        if (moment(entry.at) or _EVER) + CLOCKS_DIFFER < (moment(before) or _EVER):
            opening = replace(opening, why_not=phrase("the ledger had seen a later day: a clock was set back"))
        if opening.why_not is None and not place.is_next:
            opening = replace(opening, why_not=phrase("the stage before it is not open"))
        elif opening.why_not is None and entry.number < place.after:
            opening = replace(opening, why_not=phrase("it was signed before the stage before it was open"))
        elif opening.why_not is None and opening.holder in people:
            opening = replace(opening, why_not=phrase("the same person has signed already, with this key or another"))
        if opening.why_not is None:
            people.add(opening.holder)
        yield opening


def _opening(one: Stage, decision: Decision, entry: Entry, books: Books, now: datetime) -> Opening:
    none = Grounds(candidate=Digest(""), reading=Digest(""), recommendation=Digest(""))
    bare = Opening(
        role=SignerRole.OWNER, fingerprint="", holder="", at=entry.at, number=entry.number, grounds=none, why_not=None
    )
    body = entry.body if isinstance(entry.body, dict) else {}
    try:
        signed = opened_advance(decision, base64.b64decode(str(body.get("envelope")), validate=True))
    except (NoEnvelope, binascii.Error, ValueError) as error:
        return replace(bare, why_not=phrase("the envelope is broken: {why}", why=str(error)))
    advance = signed.advance
    known = books.keys.key(advance.fingerprint)
    made = replace(
        bare, role=advance.role, fingerprint=advance.fingerprint, holder=known.holder if known else "",
        grounds=Grounds(
            candidate=advance.candidate, reading=advance.reading, recommendation=advance.recommendation
        ),
    )  # fmt: skip
    if advance.stage != one.name:
        return replace(made, why_not=phrase("it opens another stage than its entry says"))
    if known is None:
        return replace(made, why_not=phrase("its key is not in the ring"))
    if not books.keys.holds(advance.fingerprint, signed.apart.message, signed.apart.signature):
        return replace(made, why_not=phrase("the signature does not fit what it is under"))
    why = _why_not_them(decision, advance, known, books.keys) or _why_not_then(one, decision, advance, entry, now)
    grounds = next((g for g in all_grounds(decision, books.ledger) if g.recommendation == advance.recommendation), None)
    if why is None and (grounds is None or grounds.seal != made.grounds.seal):
        why = phrase("it rests on no recommendation of this policy that is in the ledger")
    if why is None and grounds is not None:
        why = _why_not_met(one, decision, advance, grounds, books)
    return replace(made, grounds=grounds or made.grounds, why_not=why)


def _why_not_them(decision: Decision, advance: Advance, known: KnownKey, keys: Keys) -> Phrase | None:
    if known.is_revoked:
        return phrase("its key was revoked")
    if advance.role not in known.roles:
        return phrase("its key is not trusted as {role}", role=advance.role.value)
    is_self = is_preparer(decision, known, keys)
    if is_self and not self_review_counts(decision, advance.signed_at, is_marked=advance.self_reviewed):
        return phrase("who prepares a decision does not open its stages")
    return None


def _why_not_then(one: Stage, decision: Decision, advance: Advance, entry: Entry, now: datetime) -> Phrase | None:
    """By the signature's own word and by the ledger's: neither alone can be set back."""
    at, sealed = moment(advance.signed_at), moment(entry.at)
    if at is None or sealed is None or max(at, sealed) > now + CLOCKS_DIFFER:
        return phrase("it was made in the future: a clock is wrong")
    if min(at, sealed) < (moment(decision.decided_at) or at) - CLOCKS_DIFFER:
        return phrase("it was made before the decision: a clock is wrong")
    days = [when.astimezone(UTC).date().isoformat() for when in (at, sealed)]
    if max(days) > one.by:
        return phrase("it was signed after the last day, {by}", by=one.by)
    if one.not_before and min(days) < one.not_before:
        return phrase("it was signed before the first day, {day}", day=one.not_before)
    return None


def _why_not_met(one: Stage, decision: Decision, advance: Advance, grounds: Grounds, books: Books) -> Phrase | None:
    """What it rests on must be about these files, be there, and meet every criterion still."""
    if not releases_the_same(decision, grounds, books.ledger):
        return phrase("what it rests on is about other files than those decided on")
    cited = {met.criterion: set(met.rests_on) for met in advance.met}
    if any(not cited.get(criterion.name) for criterion in one.criterion) or len(cited) != len(one.criterion):
        return phrase("it does not say on what each criterion rests")
    told = [criterion.name for criterion in one.criterion if criterion.sort is Sort.TESTIFIED]
    for found in judged(one, grounds, books, decision.name, told):
        if found.verdict is not Verdict.HOLDS:
            return phrase("the criterion {name} is not met: {why}", name=found.criterion.name, why=str(found.says))
        if found.criterion.sort is Sort.MEASURED and not cited[found.criterion.name] <= set(found.rests_on):
            return phrase("the criterion {name} rests on other evidence", name=found.criterion.name)
    return None

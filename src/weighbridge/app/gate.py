"""Gate: may these bytes go there today? Every check is made, none is skipped for another, and silence is no pass."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from weighbridge.app.beyond import beyond
from weighbridge.app.compare import Presented, compare, terms_leave, weighed
from weighbridge.app.hold import DECIDE, Register, stops, triggers
from weighbridge.app.meet import Books
from weighbridge.app.sign import CLOCKS_DIFFER, Name, envelopes, names, why_not_prepared
from weighbridge.app.stage import Progress, State, stage
from weighbridge.core.candidate import Component
from weighbridge.core.canon import Plain
from weighbridge.core.decision import Decision, SignerRole
from weighbridge.core.errors import Unusable
from weighbridge.core.passage import Check, Destination, Passage, passes, refused, unsettled
from weighbridge.core.ports import Entry, Kind, Ledger
from weighbridge.core.rungs import Rung, gives_as_much
from weighbridge.core.wording import Phrase, phrase
from weighbridge.policy.rules import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Where it is to go."""

    name: str  # of the candidate
    destination: Destination
    components: tuple[Component, ...] = ()  # empty: all that were decided on


def gate(asked: Asked, presented: Presented, register: Register) -> Passage:
    """Make every check; the ledger's soundness is the caller's first, since nothing can be read from a broken one."""
    decision = register.decision
    if decision is None:
        says = phrase("nobody has decided on {name}", name=asked.name)
        checks: tuple[Check, ...] = (unsettled("decision", says, DECIDE),)
        return Passage(
            candidate=asked.name, decision=None, destination=asked.destination, components=asked.components,
            checks=checks,
        )  # fmt: skip
    progress = stage(decision, books_of(register), register.now)
    components = asked.components or progress.given
    known = weighed(decision, register.ledger)
    has_terms = terms_leave(components, decision, presented, known)
    checks = (
        _policy(decision, register.policy),
        _clock(decision, register),
        _expiry(decision, register.now),
        *_stages(progress),
        *(_rung(component, asked.destination, progress, has_terms=has_terms) for component in components),
        *(passes("beyond", says) for says in _beyond(components, decision, register, progress)),
        *([] if components else [refused("rung", phrase("everything was decided withheld"), DECIDE)]),
        *compare(components, decision, presented, known),
        *register.bundles,
        _prepared(decision, register),
        *_signatures(decision, register),
        *stops(components, decision, register, progress),
        triggers(decision, register, progress),
        _removals(decision, register),
    )
    return Passage(
        candidate=asked.name, decision=decision.digest, destination=asked.destination, components=components,
        checks=checks,
    )  # fmt: skip


def note(passage: Passage, ledger: Ledger) -> Entry:
    """Write a passage into the candidate's chain."""
    body: dict[str, Plain] = {
        "decision": passage.decision,
        "destination": passage.destination.value,
        "components": [component.value for component in passage.components],
        "result": passage.result.value,
        "checks": [{"name": check.name, "result": check.result.value} for check in passage.checks],
    }
    return ledger.append(passage.candidate, Kind.PASSAGE, body)


def _policy(decision: Decision, policy: Policy) -> Check:
    if decision.policy_digest != policy.digest:
        says = phrase("it was decided under another policy than {policy} as it is now", policy=policy.name)
        return unsettled("policy", says, phrase("name the policy that was decided by: --policy FILE; or decide again"))
    return passes("policy", phrase("decided under {policy} as it is now", policy=policy.name))


def _clock(decision: Decision, register: Register) -> Check:
    """A clock set back would bring an ended decision to life again, or make a day pass where none has."""
    entries = list(register.ledger.entries(decision.name))
    latest = max((_moment(e.at) for e in entries), default=_moment(decision.decided_at))
    if register.now + CLOCKS_DIFFER < max(latest, _moment(decision.decided_at)):
        says = phrase("this machine's clock stands before something that the ledger has seen")
        return refused("clock", says, phrase("set the clock right"))
    based_on = [_moment(e.at) for e in entries if e.digest == decision.recommendation]
    if any(_moment(decision.decided_at) + CLOCKS_DIFFER < at for at in based_on):
        says = phrase("it was decided before what it was decided on was recommended: a clock was wrong")
        return refused("clock", says, DECIDE)
    return passes("clock", phrase("the clock stands after all that the ledger has seen"))


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _expiry(decision: Decision, now: datetime) -> Check:
    if now.astimezone(UTC).date().isoformat() > decision.expires:
        return unsettled("expiry", phrase("the decision held until {day}", day=decision.expires), DECIDE)
    return passes("expiry", phrase("the decision holds until {day}", day=decision.expires))


def books_of(register: Register) -> Books:
    """What stages are read from and held against."""
    return Books(ledger=register.ledger, keys=register.keys, policy=register.policy, cards=register.cards)


def _stages(progress: Progress) -> tuple[Check, ...]:
    """Of a staged release: which stages are open. A missed day closes everything until it is weighed again."""
    if not progress.steps:
        return ()
    missed, coming = progress.missed, progress.next
    if missed is not None:
        says = phrase("the stage {name} was to open by {day} and has not", name=missed.stage.name, day=missed.stage.by)
        return (unsettled("stages", says, phrase("weigh and decide again: weighbridge weigh DIR")),)
    opened = ", ".join(step.stage.name for step in progress.steps if step.state is State.OPEN) or "-"
    if coming is None:
        return (passes("stages", phrase("every stage is open: {names}", names=opened)),)
    says = phrase(
        "open: {names}; {coming} is to open by {day}", names=opened, coming=coming.stage.name, day=coming.stage.by
    )
    return (passes("stages", says),)


def _rung(component: Component, destination: Destination, progress: Progress, *, has_terms: bool) -> Check:
    decided = progress.rung_of(component)
    if decided is None:
        says = phrase("nothing was decided on {component}", component=component.value)
        return unsettled("rung", says, DECIDE)
    if not gives_as_much(decided, destination.needs):
        return _too_narrow(component, destination, progress)
    if destination is Destination.PUBLIC and decided is Rung.LICENSED and not has_terms:
        says = phrase("{component} was decided licensed, and no terms leave with it", component=component.value)
        return refused("rung", says, phrase('add the terms: [[artefact]] role = "licence" path = "LICENSE"'))
    return passes("rung", phrase("{component} was decided {rung}", component=component.value, rung=decided.value))


def _beyond(
    components: tuple[Component, ...], decision: Decision, register: Register, progress: Progress
) -> tuple[Phrase, ...]:
    """What people decided to go beyond, for what leaves now: no fault, and nobody lets it out without being told."""
    names = [component.value for component in components]
    return beyond(decision, register.ledger, tuple(row for row in progress.plan if row[0] in names))


def _too_narrow(component: Component, destination: Destination, progress: Progress) -> Check:
    """That it was decided less; or that a stage which is not open yet would give as much."""
    decided = progress.rung_of(component) or Rung.WITHHELD
    for step in progress.steps:
        rung = dict(step.stage.plan).get(component.value, Rung.WITHHELD)
        if step.state is State.OPEN or not gives_as_much(rung, destination.needs):
            continue
        bad = [str(opening.why_not) for opening in step.openings if opening.why_not is not None]
        told = phrase("; a signature under its opening does not count: {why}", why=bad[0]) if bad else ""
        says = phrase(
            "{component} is {rung} until the stage {name} is open{told}",
            component=component.value, rung=decided.value, name=step.stage.name, told=str(told),
        )  # fmt: skip
        return refused("rung", says, phrase("weighbridge stages DIR"))
    says = phrase(
        "{component} was decided {rung}, which is less than {destination}",
        component=component.value, rung=decided.value, destination=destination.value,
    )  # fmt: skip
    return refused("rung", says, DECIDE)


def _prepared(decision: Decision, register: Register) -> Check:
    """Who prepares a decision does not approve it, which says nothing where it is not certain who that was."""
    why = why_not_prepared(decision, register.keys, register.ledger)
    if why is not None:
        return refused("prepared", why, phrase("decide again with a key that is known: weighbridge decide DIR --draft"))
    return passes("prepared", phrase("whoever prepared it has signed that"))


def _signatures(decision: Decision, register: Register) -> tuple[Check, ...]:
    """Every role that the policy wants, each by another person."""
    wanted = register.policy.signers(decision.impact)
    if not wanted:
        says = phrase("the policy does not say who signs at {impact} impact", impact=decision.impact.value)
        return (unsettled("signatures", says, phrase("add [[approval]] to the policy: weighbridge policy show")),)
    try:
        told = names(decision, envelopes(decision, register.ledger), register.keys, register.now)
    except Unusable as error:
        return (refused("signatures", Phrase(template="{why}", fields=(("why", error.why),)), DECIDE),)
    return tuple(_signature(role, told) for role in wanted)


def _signature(role: SignerRole, told: tuple[Name, ...]) -> Check:
    good = [name for name in told if name.role is role and name.why_not is None]
    bad = [name for name in told if name.role is role and name.why_not is not None]
    fix = phrase("weighbridge sign DIR --role {role} --key KEY", role=role.value)
    if good:
        says = phrase("signed as {role}, self-reviewed", role=role.value) if good[0].self_reviewed else (
            phrase("signed as {role}", role=role.value)
        )  # fmt: skip
        return passes("signatures", says)
    if bad:
        why = str(bad[0].why_not)
        return refused(
            "signatures", phrase("the signature as {role} does not count: {why}", role=role.value, why=why), fix
        )
    return unsettled("signatures", phrase("nobody has signed as {role}", role=role.value), fix)


def _removals(decision: Decision, register: Register) -> Check:
    """Silence is no pass: where removals were asked for, somebody must have looked."""
    asked_for = sum(entry.kind is Kind.REMOVAL for entry in register.ledger.entries(decision.name))
    if register.unhonoured:
        return refused("removals", register.unhonoured[0], phrase("weighbridge removals --help"))
    if asked_for and register.unhonoured is None:
        says = phrase("removals were asked for, and nobody looked whether they are honoured ({n})", n=asked_for)
        return unsettled("removals", says, phrase("weighbridge removals --help"))
    if asked_for:
        return passes("removals", phrase("every verified removal is honoured"))
    return passes("removals", phrase("nobody has asked for a removal"))

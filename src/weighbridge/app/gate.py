"""Gate: may these bytes go there today? Every check is made, none is skipped for another, and silence is no pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from weighbridge.app.compare import Presented, compare, leaving, terms_leave, weighed
from weighbridge.app.reopen import open_against
from weighbridge.app.sign import CLOCKS_DIFFER, Name, envelopes, names, why_not_prepared
from weighbridge.core.bodies import standing_from
from weighbridge.core.candidate import Component
from weighbridge.core.canon import Digest, Plain
from weighbridge.core.decision import Decision, SignerRole
from weighbridge.core.errors import Unusable
from weighbridge.core.evidence import is_imported
from weighbridge.core.findings import Effect, Finding, Standing, Verdict
from weighbridge.core.keys import Keys
from weighbridge.core.passage import Check, Destination, Passage, Result
from weighbridge.core.ports import Entry, Kind, Ledger
from weighbridge.core.rungs import Rung, gives_as_much
from weighbridge.core.wording import Phrase, phrase
from weighbridge.policy.rules import Policy, Rule

_DECIDE = phrase("decide on what lies there now: weighbridge decide DIR")
_WEIGH = phrase("weighbridge weigh DIR")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Where it is to go."""

    name: str  # of the candidate
    destination: Destination
    components: tuple[Component, ...] = ()  # empty: all that were decided on


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What the scanner of today found in these bytes."""

    findings: tuple[Finding, ...]  # of the rules that watch it: breached, or not answered
    seen: frozenset[Digest]  # the files that it looked into


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """What is held against it.

    `scan` is there where the scanner has other rules than at the weighing; `unhonoured` is None where nobody looked
    whether removals are honoured.
    """

    ledger: Ledger
    keys: Keys
    policy: Policy
    decision: Decision | None
    now: datetime
    scan: Scan | None = None
    unhonoured: tuple[Phrase, ...] | None = None  # verified removals that the present files do not honour
    bundles: tuple[Check, ...] = ()  # what came of each bundle of model-signing that lies there


def gate(asked: Asked, presented: Presented, register: Register) -> Passage:
    """Make every check; the ledger's soundness is the caller's first, since nothing can be read from a broken one."""
    decision = register.decision
    if decision is None:
        says = phrase("nobody has decided on {name}", name=asked.name)
        checks: tuple[Check, ...] = (_unsettled("decision", says, _DECIDE),)
        return Passage(
            candidate=asked.name, decision=None, destination=asked.destination, components=asked.components,
            checks=checks,
        )  # fmt: skip
    components = asked.components or tuple(c for c in Component if decision.rung_of(c) not in (None, Rung.WITHHELD))
    known = weighed(decision, register.ledger)
    has_terms = terms_leave(components, decision, presented, known)
    checks = (
        _policy(decision, register.policy),
        _clock(decision, register),
        _expiry(decision, register.now),
        *(_rung(component, asked.destination, decision, has_terms=has_terms) for component in components),
        *([] if components else [_refused("rung", phrase("everything was decided withheld"), _DECIDE)]),
        *compare(components, decision, presented, known),
        *register.bundles,
        _prepared(decision, register),
        *_signatures(decision, register),
        *_stops(components, decision, register),
        _triggers(decision, register),
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


def _passes(name: str, says: Phrase) -> Check:
    return Check(name=name, result=Result.PASSES, says=says)


def _unsettled(name: str, says: Phrase, fix: Phrase) -> Check:
    return Check(name=name, result=Result.UNSETTLED, says=says, fix=fix)


def _refused(name: str, says: Phrase, fix: Phrase) -> Check:
    return Check(name=name, result=Result.REFUSED, says=says, fix=fix)


def _policy(decision: Decision, policy: Policy) -> Check:
    if decision.policy_digest != policy.digest:
        says = phrase("it was decided under another policy than {policy} as it is now", policy=policy.name)
        return _unsettled("policy", says, phrase("name the policy that was decided by: --policy FILE; or decide again"))
    return _passes("policy", phrase("decided under {policy} as it is now", policy=policy.name))


def _clock(decision: Decision, register: Register) -> Check:
    """A clock set back would bring an ended decision to life again, or make a day pass where none has."""
    entries = list(register.ledger.entries(decision.name))
    latest = max((_moment(e.at) for e in entries), default=_moment(decision.decided_at))
    if register.now + CLOCKS_DIFFER < max(latest, _moment(decision.decided_at)):
        says = phrase("this machine's clock stands before something that the ledger has seen")
        return _refused("clock", says, phrase("set the clock right"))
    based_on = [_moment(e.at) for e in entries if e.digest == decision.recommendation]
    if any(_moment(decision.decided_at) + CLOCKS_DIFFER < at for at in based_on):
        says = phrase("it was decided before what it was decided on was recommended: a clock was wrong")
        return _refused("clock", says, _DECIDE)
    return _passes("clock", phrase("the clock stands after all that the ledger has seen"))


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _expiry(decision: Decision, now: datetime) -> Check:
    if now.astimezone(UTC).date().isoformat() > decision.expires:
        return _unsettled("expiry", phrase("the decision held until {day}", day=decision.expires), _DECIDE)
    return _passes("expiry", phrase("the decision holds until {day}", day=decision.expires))


def _rung(component: Component, destination: Destination, decision: Decision, *, has_terms: bool) -> Check:
    decided = decision.rung_of(component)
    if decided is None:
        says = phrase("nothing was decided on {component}", component=component.value)
        return _unsettled("rung", says, _DECIDE)
    if not gives_as_much(decided, destination.needs):
        says = phrase(
            "{component} was decided {rung}, which is less than {destination}",
            component=component.value, rung=decided.value, destination=destination.value,
        )  # fmt: skip
        return _refused("rung", says, _DECIDE)
    if destination is Destination.PUBLIC and decided is Rung.LICENSED and not has_terms:
        says = phrase("{component} was decided licensed, and no terms leave with it", component=component.value)
        return _refused("rung", says, phrase('add the terms: [[artefact]] role = "licence" path = "LICENSE"'))
    return _passes("rung", phrase("{component} was decided {rung}", component=component.value, rung=decided.value))


def _prepared(decision: Decision, register: Register) -> Check:
    """Who prepares a decision does not approve it, which says nothing where it is not certain who that was."""
    why = why_not_prepared(decision, register.keys, register.ledger)
    if why is not None:
        return _refused("prepared", why, phrase("decide again with a key that is known: weighbridge decide DIR"))
    return _passes("prepared", phrase("whoever prepared it has signed that"))


def _signatures(decision: Decision, register: Register) -> tuple[Check, ...]:
    """Every role that the policy wants, each by another person."""
    wanted = register.policy.signers(decision.impact)
    if not wanted:
        says = phrase("the policy does not say who signs at {impact} impact", impact=decision.impact.value)
        return (_unsettled("signatures", says, phrase("add [[approval]] to the policy: weighbridge policy show")),)
    try:
        told = names(decision, envelopes(decision, register.ledger), register.keys, register.now)
    except Unusable as error:
        return (_refused("signatures", Phrase(template="{why}", fields=(("why", error.why),)), _DECIDE),)
    return tuple(_signature(role, told) for role in wanted)


def _signature(role: SignerRole, told: tuple[Name, ...]) -> Check:
    good = [name for name in told if name.role is role and name.why_not is None]
    bad = [name for name in told if name.role is role and name.why_not is not None]
    fix = phrase("weighbridge sign DIR --role {role} --key KEY", role=role.value)
    if good:
        says = phrase("signed as {role}, self-reviewed", role=role.value) if good[0].self_reviewed else (
            phrase("signed as {role}", role=role.value)
        )  # fmt: skip
        return _passes("signatures", says)
    if bad:
        why = str(bad[0].why_not)
        return _refused(
            "signatures", phrase("the signature as {role} does not count: {why}", role=role.value, why=why), fix
        )
    return _unsettled("signatures", phrase("nobody has signed as {role}", role=role.value), fix)


def _stops(components: tuple[Component, ...], decision: Decision, register: Register) -> tuple[Check, ...]:
    """No stop stands against what was decided, but those that a waiver lifts today.

    A stop that any recommendation found breached since the decision stays breached until people decide again: measuring
    until it comes out well lifts nothing. What was scanned anew comes on top.
    """
    since = _since(decision, register)
    if not since:
        says = phrase("these bytes were not weighed, or not read as they are declared now")
        return (_unsettled("stops", says, _WEIGH),)
    checks = list(_unscanned(components, decision, register))
    for component in components:
        told = [s for entry in since for s in _standings(entry) if s.component is component]
        if not told:
            says = phrase("the recommendation says nothing about {component}", component=component.value)
            checks.append(_unsettled("stops", says, _WEIGH))
            continue
        found = register.scan.findings if register.scan else ()
        scanned = [f for f in found if f.component in (None, component)]
        breached = {slug for standing in told for slug in standing.limits}
        breached |= {f.rule for f in scanned if f.verdict is Verdict.BREACHED}
        waiting = {*told[-1].open, *(f.rule for f in scanned)}
        for rule in register.policy.rule:
            if rule.slug in breached | waiting:
                is_new = any(f.rule == rule.slug for f in scanned)
                checks += _stop(rule, component, decision, register, _Held(breached=rule.slug in breached, new=is_new))
    return tuple(checks) or (_passes("stops", phrase("no stop stands against it")),)


def _unscanned(components: tuple[Component, ...], decision: Decision, register: Register) -> tuple[Check, ...]:
    """A scan that did not look into all that leaves says nothing about the rest."""
    if register.scan is None:
        return ()
    missed = [f.label for f in leaving(components, decision) if f.digest not in register.scan.seen]
    if not missed:
        return ()
    says = phrase(
        "the scanner has other rules than at the weighing, and did not look into {label} ({n} in all)",
        label=missed[0], n=len(missed),
    )  # fmt: skip
    return (_unsettled("stops", says, _WEIGH),)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """How a rule stands against a component."""

    breached: bool
    new: bool  # by rules of the scanner that nobody knew when a waiver was given


def _stop(rule: Rule, component: Component, decision: Decision, register: Register, held: _Held) -> tuple[Check, ...]:
    rung = decision.rung_of(component)
    if rule.effect is not Effect.STOP or rung not in rule.forbidden:
        return ()
    waiver = next((w for w in decision.waivers if (w.rule, w.component) == (rule.slug, component)), None)
    is_waived = waiver is not None and waiver.expires >= register.now.astimezone(UTC).date().isoformat()
    if is_waived and not held.new:
        return ()
    says = phrase("the stop {rule} stands against {component}", rule=rule.slug, component=component.value)
    if is_waived:
        says = phrase("the waiver of the stop {rule} was given before the scanner's rules changed", rule=rule.slug)
    elif waiver is not None:
        says = phrase("the waiver of the stop {rule} held until {day}", rule=rule.slug, day=waiver.expires)
    made = _refused if held.breached or waiver else _unsettled
    return (made("stops", says, Phrase(template=rule.remedy)),)


def _since(decision: Decision, register: Register) -> tuple[Entry, ...]:
    """The recommendation that was decided on and all since: about the same bytes, read alike, by the same policy.

    What another policy says, a laxer one perhaps, counts for nothing. Empty where the first is not there.
    """
    return tuple(entry for entry in _about_it(decision, register) if _reading(entry) == decision.reading)


def _about_it(decision: Decision, register: Register) -> tuple[Entry, ...]:
    """As `_since`, however the bytes were declared since."""
    wanted = (decision.candidate, decision.policy_digest)
    found: list[Entry] = []
    for entry in register.ledger.entries(decision.name):
        body = entry.body
        if entry.kind is not Kind.RECOMMENDATION or not isinstance(body, dict):
            continue
        is_about_it = (body.get("candidate"), body.get("policy_digest")) == wanted
        if is_about_it and (found or entry.digest == decision.recommendation):
            found.append(entry)
    return tuple(found)


def _reading(entry: Entry) -> Plain:
    return entry.body.get("reading") if isinstance(entry.body, dict) else None


def _standings(entry: Entry) -> tuple[Standing, ...]:
    rows = entry.body.get("components") if isinstance(entry.body, dict) else None
    return tuple(standing_from(row) for row in rows) if isinstance(rows, list) else ()


def _triggers(decision: Decision, register: Register) -> Check:
    """Nothing has come up since that asks for deciding again: another recommendation, or an incident."""
    for incident in open_against(decision, register.ledger, register.keys):
        says = phrase("an incident is open: entry {n}", n=incident.number)
        return _refused("triggers", says, phrase("close it or decide again: weighbridge incident --help"))
    since = _since(decision, register)
    if not since:
        return _refused("triggers", phrase("the recommendation that was decided on is not in the ledger"), _DECIDE)
    if len(since) < len(_about_it(decision, register)):
        says = phrase("the same bytes were declared otherwise since, and weighed again")
        return _unsettled("triggers", says, _DECIDE)
    if unjudged := _unjudged(decision, since[-1], register.ledger):
        says = phrase("a report of another tool was brought in, and nobody judged it yet ({n})", n=unjudged)
        return _unsettled("triggers", says, phrase("weighbridge recommend DIR"))
    if _standings(since[-1]) != _standings(since[0]):
        says = phrase("it was weighed again since, and the recommendation came out otherwise")
        return _unsettled("triggers", says, _DECIDE)
    return _passes("triggers", phrase("nothing has come up since it was decided"))


def _unjudged(decision: Decision, latest: Entry, ledger: Ledger) -> int:
    """How many reports of other tools about these bytes the latest recommendation does not rest on."""
    judged = latest.body.get("evidence") if isinstance(latest.body, dict) else None
    known = set(judged) if isinstance(judged, list) else set()
    return sum(
        entry.kind is Kind.EVIDENCE and _is_brought_in(entry.body, decision) and entry.body.get("digest") not in known
        for entry in ledger.entries(decision.name)
        if isinstance(entry.body, dict)
    )


def _is_brought_in(body: Mapping[str, Plain], decision: Decision) -> bool:
    asked = body.get("asked")
    return (
        isinstance(asked, dict)
        and is_imported(str(asked.get("probe")))
        and (asked.get("candidate"), asked.get("reading")) == (decision.candidate, decision.reading)
    )


def _removals(decision: Decision, register: Register) -> Check:
    """Silence is no pass: where removals were asked for, somebody must have looked."""
    asked_for = sum(entry.kind is Kind.REMOVAL for entry in register.ledger.entries(decision.name))
    if register.unhonoured:
        return _refused("removals", register.unhonoured[0], phrase("weighbridge removals --help"))
    if asked_for and register.unhonoured is None:
        says = phrase("removals were asked for, and nobody looked whether they are honoured ({n})", n=asked_for)
        return _unsettled("removals", says, phrase("weighbridge removals --help"))
    if asked_for:
        return _passes("removals", phrase("every verified removal is honoured"))
    return _passes("removals", phrase("nobody has asked for a removal"))

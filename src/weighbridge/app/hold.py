"""Hold: what stands against letting something out: stops, and what has come up since it was decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from weighbridge.app.compare import leaving
from weighbridge.app.meet import Grounds, same_release
from weighbridge.app.reopen import open_against
from weighbridge.app.stage import Progress
from weighbridge.core.bodies import standing_from
from weighbridge.core.candidate import Component
from weighbridge.core.canon import Digest, Plain
from weighbridge.core.card import Card
from weighbridge.core.decision import Decision
from weighbridge.core.evidence import is_imported
from weighbridge.core.findings import Effect, Finding, Standing, Verdict
from weighbridge.core.keys import Keys
from weighbridge.core.passage import Check, passes, refused, unsettled
from weighbridge.core.ports import Entry, Kind, Ledger
from weighbridge.core.wording import Phrase, phrase
from weighbridge.policy.rules import Policy, Rule

DECIDE = phrase("decide on what lies there now: weighbridge decide DIR --draft")
WEIGH = phrase("weighbridge weigh DIR")


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
    cards: tuple[Card, ...] = ()  # of the probes that criteria name
    scan: Scan | None = None
    unhonoured: tuple[Phrase, ...] | None = None  # verified removals that the present files do not honour
    bundles: tuple[Check, ...] = ()  # what came of each bundle of model-signing that lies there


def stops(
    components: tuple[Component, ...], decision: Decision, register: Register, progress: Progress
) -> tuple[Check, ...]:
    """No stop stands against what is in force, but those that a waiver lifts today.

    A stop that any recommendation found breached since the decision stays breached until people decide again: measuring
    until it comes out well lifts nothing. What was scanned anew comes on top.
    """
    parts = [_since(grounds, decision, register) for grounds in progress.grounds]
    if not all(parts):
        says = phrase("these bytes were not weighed, or not read as they are declared now")
        return (unsettled("stops", says, WEIGH),)
    beside = _beside(decision, register)
    checks = list(_unscanned(components, decision, register))
    for component in components:
        told = [s for part in parts for entry in part for s in _standings(entry) if s.component is component]
        if not told:
            says = phrase("the recommendation says nothing about {component}", component=component.value)
            checks.append(unsettled("stops", says, WEIGH))
            continue
        found = register.scan.findings if register.scan else ()
        scanned = [f for f in found if f.component in (None, component)]
        limits = {s for entry in beside for row in _standings(entry) if row.component is component for s in row.limits}
        breached = limits | {slug for standing in told for slug in standing.limits}
        breached |= {f.rule for f in scanned if f.verdict is Verdict.BREACHED}
        waiting = {*told[-1].open, *(f.rule for f in scanned)}
        rung = progress.rung_of(component)
        for rule in register.policy.rule:
            if rule.slug in breached | waiting and _binds(rule, component, decision) and rung in rule.forbidden:
                is_new = any(f.rule == rule.slug for f in scanned)
                checks += _stop(rule, component, decision, register, _Held(breached=rule.slug in breached, new=is_new))
    return tuple(checks) or (passes("stops", phrase("no stop stands against it")),)


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
    return (unsettled("stops", says, WEIGH),)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """How a rule stands against a component."""

    breached: bool
    new: bool  # by rules of the scanner that nobody knew when a waiver was given


def _binds(rule: Rule, component: Component, decision: Decision) -> bool:
    """Whether a rule holds it up: a stop, or a caution that was waived for a time rather than traded."""
    is_waived = any((w.rule, w.component) == (rule.slug, component) for w in decision.waivers)
    return rule.effect is Effect.STOP or (rule.effect is Effect.CAUTION and is_waived)


def _stop(rule: Rule, component: Component, decision: Decision, register: Register, held: _Held) -> tuple[Check, ...]:
    waiver = next((w for w in decision.waivers if (w.rule, w.component) == (rule.slug, component)), None)
    is_waived = waiver is not None and waiver.expires >= register.now.astimezone(UTC).date().isoformat()
    if is_waived and not held.new:
        return ()
    says = phrase("the stop {rule} stands against {component}", rule=rule.slug, component=component.value)
    if is_waived:
        says = phrase("the waiver of the stop {rule} was given before the scanner's rules changed", rule=rule.slug)
    elif waiver is not None:
        says = phrase("the waiver of the stop {rule} held until {day}", rule=rule.slug, day=waiver.expires)
        if rule.effect is Effect.CAUTION:
            says = phrase("the waiver of the caution {rule} held until {day}", rule=rule.slug, day=waiver.expires)
    made = refused if held.breached or waiver else unsettled
    return (made("stops", says, Phrase(template=rule.remedy)),)


def triggers(decision: Decision, register: Register, progress: Progress) -> Check:
    """Nothing has come up since that asks for deciding again: another recommendation, or an incident."""
    if (open_incident := _incident(decision, register)) is not None:
        return open_incident
    for grounds in progress.grounds:
        since = _since(grounds, decision, register)
        if not since:
            return refused("triggers", phrase("the recommendation that was decided on is not in the ledger"), DECIDE)
        if len(since) < len(_about_it(grounds, decision, register)):
            says = phrase("the same bytes were declared otherwise since, and weighed again")
            return unsettled("triggers", says, DECIDE)
        if unjudged := _unjudged(grounds, since[-1], register):
            says = phrase("a report of another tool was brought in, and nobody judged it yet ({n})", n=unjudged)
            return unsettled("triggers", says, phrase("weighbridge recommend DIR"))
        if _standings(since[-1]) != _standings(since[0]):
            says = phrase("it was weighed again since, and the recommendation came out otherwise")
            return unsettled("triggers", says, DECIDE)
    if _answered_since(decision, register):
        says = phrase("people answered questions since, and nobody judged what they said")
        return unsettled("triggers", says, phrase("weighbridge recommend DIR"))
    beside = _beside(decision, register)
    held = _since(progress.grounds[-1], decision, register)
    if beside and beside[-1].number > held[-1].number and _narrower(_standings(beside[-1]), _standings(held[-1])):
        says = phrase("it was weighed again with other evidence, and less came out cleared than before")
        return unsettled("triggers", says, DECIDE)
    return passes("triggers", phrase("nothing has come up since it was decided"))


def _incident(decision: Decision, register: Register) -> Check | None:
    """What is open against the decision; None where nothing is."""
    for incident in open_against(decision, register.ledger, register.keys):
        if incident.trigger is not None:
            says = phrase("something came up that turns the answer: entry {n}", n=incident.trigger)
            return refused("triggers", says, DECIDE)
        says = phrase("an incident is open: entry {n}", n=incident.number)
        return refused("triggers", says, phrase("close it or decide again: weighbridge incident --help"))
    return None


def _answered_since(decision: Decision, register: Register) -> bool:
    """Whether an answer is newer than all that was recommended by the policy that was decided by."""
    judged = [
        e.number for e in _recommendations(decision, register) if _said(e, "policy_digest") == decision.policy_digest
    ]
    answers = (e.number for e in register.ledger.entries(decision.name) if e.kind is Kind.ANSWER)
    return max(answers, default=0) > max(judged, default=0)


def _unjudged(grounds: Grounds, latest: Entry, register: Register) -> int:
    """How many reports of other tools about these bytes the latest recommendation does not rest on."""
    judged = latest.body.get("evidence") if isinstance(latest.body, dict) else None
    known = set(judged) if isinstance(judged, list) else set()
    return sum(
        entry.kind is Kind.EVIDENCE and _is_brought_in(entry.body, grounds) and entry.body.get("digest") not in known
        for entry in register.ledger.entries(latest.chain)
        if isinstance(entry.body, dict)
    )


def _is_brought_in(body: Mapping[str, Plain], grounds: Grounds) -> bool:
    asked = body.get("asked")
    return (
        isinstance(asked, dict)
        and is_imported(str(asked.get("probe")))
        and (asked.get("candidate"), asked.get("reading")) == (grounds.candidate, grounds.reading)
    )


def _since(grounds: Grounds, decision: Decision, register: Register) -> tuple[Entry, ...]:
    """The recommendation that was decided on and all since: about the same bytes, read alike, by the same policy.

    What another policy says, a laxer one perhaps, counts for nothing. Empty where the first is not there.
    """
    return tuple(e for e in _about_it(grounds, decision, register) if _said(e, "reading") == grounds.reading)


def _about_it(grounds: Grounds, decision: Decision, register: Register) -> tuple[Entry, ...]:
    """As `_since`, however the bytes were declared since."""
    wanted = (grounds.candidate, decision.policy_digest)
    found: list[Entry] = []
    for entry in _recommendations(decision, register):
        is_about_it = (_said(entry, "candidate"), _said(entry, "policy_digest")) == wanted
        if is_about_it and (found or entry.digest == grounds.recommendation):
            found.append(entry)
    return tuple(found)


def _beside(decision: Decision, register: Register) -> tuple[Entry, ...]:
    """Of a staged decision: what was recommended since on the same files with other evidence beside them."""
    if not decision.stages:
        return ()
    same = same_release(decision, register.ledger) - {(decision.candidate, decision.reading)}
    found = [e for e in _recommendations(decision, register) if _said(e, "policy_digest") == decision.policy_digest]
    numbers = [entry.number for entry in found if entry.digest == decision.recommendation]
    return tuple(
        entry
        for entry in found
        if numbers and entry.number > numbers[0] and (_said(entry, "candidate"), _said(entry, "reading")) in same
    )


def _recommendations(decision: Decision, register: Register) -> tuple[Entry, ...]:
    return tuple(
        entry
        for entry in register.ledger.entries(decision.name)
        if entry.kind is Kind.RECOMMENDATION and isinstance(entry.body, dict)
    )


def _said(entry: Entry, key: str) -> Plain:
    return entry.body.get(key) if isinstance(entry.body, dict) else None


def _standings(entry: Entry) -> tuple[Standing, ...]:
    rows = _said(entry, "components")
    return tuple(standing_from(row) for row in rows) if isinstance(rows, list) else ()


def _narrower(one: tuple[Standing, ...], other: tuple[Standing, ...]) -> bool:
    """Whether some component may have less by the one than by the other."""
    before = {standing.component: standing for standing in other}
    return set(before) != {standing.component for standing in one} or any(
        not (set(s.ceiling) >= set(before[s.component].ceiling) and set(s.cleared) >= set(before[s.component].cleared))
        for s in one
    )

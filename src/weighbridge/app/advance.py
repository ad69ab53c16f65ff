"""Advance: put one person's name under the opening of a stage, once all that was fixed beforehand is so.

What was measured is cited by its digest; an event is testified to in words that lie in the erasable store. A stage is
opened by the roles that sign decisions at this impact, each another person, and by nobody who prepared the decision.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from weighbridge.app.decide import stops_against
from weighbridge.app.meet import Books, Grounds, Judged, judged, latest_grounds
from weighbridge.app.reopen import open_against
from weighbridge.app.sign import CLOCKS_DIFFER, envelopes, is_preparer, moment, names, self_review_counts
from weighbridge.app.stage import Progress, State, Step, stage
from weighbridge.core.advance import opened_advance, sealed_advance, stage_named
from weighbridge.core.candidate import Component
from weighbridge.core.canon import Digest, Plain
from weighbridge.core.decision import Advance, Decision, Met, SignerRole
from weighbridge.core.errors import NotSettled, Unusable, nearest_hint
from weighbridge.core.findings import Standing, Verdict
from weighbridge.core.keys import KnownKey
from weighbridge.core.ports import Clock, Kind
from weighbridge.core.rungs import Rung
from weighbridge.core.stages import Sort, Stage
from weighbridge.core.weighing import Weighing
from weighbridge.core.wording import _

_MOST_WORDS = 1 << 16  # characters of a testimony
_STAGES = "weighbridge stages DIR"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opener:
    """Who opens a stage, as what, and what they testify to."""

    known: KnownKey
    role: SignerRole | None  # None: the one role that is wanted and that the key is trusted for
    make: Callable[[bytes], bytes]
    words: tuple[tuple[str, str], ...] = ()  # by criterion


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A signature under the opening of a stage, and the envelope that others can verify."""

    advance: Advance
    envelope: bytes


def advance(decision: Decision, name: str, weighing: Weighing, opener: Opener, books: Books, clock: Clock) -> Opened:
    """Seal one signature under the opening of a stage in the candidate's chain.

    Raises
    ------
    Unusable
        For a stage, a testimony or a signer that cannot be; where the bytes are not those decided on.
    NotSettled
        Where it is too early or too late, the stage before is not open, a criterion is not met, or a stop stands.
    """
    now = clock.now().astimezone(UTC)
    one = _named(decision, name)
    _check_clock(decision, books, now)
    progress = stage(decision, books, now)
    step = _turn(one, decision, progress, now)
    role = _role(decision, step, opener, books, now)
    grounds = _grounds(decision, weighing, books)
    _check_decision(decision, books, now)
    _check_rungs(one, decision, weighing, now)
    found = judged(one, grounds, books, decision.name, _testimonies(one, opener.words))
    _check_met(one, found)
    made = Advance(
        decision=decision.digest, stage=one.name, candidate=grounds.candidate, reading=grounds.reading,
        recommendation=grounds.recommendation, met=_cited(decision, found, dict(opener.words), books), role=role,
        fingerprint=opener.known.fingerprint, signed_at=now.isoformat(timespec="seconds"),
        self_reviewed=is_preparer(decision, opener.known, books.keys),
    )  # fmt: skip
    envelope = sealed_advance(decision, made, opener.make)
    apart = opened_advance(decision, envelope).apart
    if not books.keys.holds(made.fingerprint, apart.message, apart.signature):
        raise Unusable(
            _("the signature does not fit the key"), _("another private key made it than the ring's"),
            "weighbridge keys list",
        )  # fmt: skip
    body: Plain = {
        "decision": decision.digest,
        "stage": one.name,
        "role": role.value,
        "fingerprint": made.fingerprint,
        "recommendation": made.recommendation,
        "envelope": base64.b64encode(envelope).decode(),
    }
    books.ledger.append(decision.name, Kind.ADVANCE, body)
    return Opened(advance=made, envelope=envelope)


def _named(decision: Decision, name: str) -> Stage:
    one = stage_named(decision, name)
    if one is not None:
        return one
    known = [stage.name for stage in decision.stages]
    raise Unusable(
        _("there is no such stage"),
        nearest_hint(name, known) if known else _("the decision that stands has no stages"),
        _STAGES,
    )


def _check_clock(decision: Decision, books: Books, now: datetime) -> None:
    """A clock set back would open a stage whose last day has passed."""
    latest = [at for entry in books.ledger.entries(decision.name) if (at := moment(entry.at)) is not None]
    if latest and now + CLOCKS_DIFFER < max(latest):
        raise Unusable(
            _("this machine's clock is wrong"), _("the ledger has seen a later moment"), _("set the clock right")
        )


def _turn(one: Stage, decision: Decision, progress: Progress, now: datetime) -> Step:
    """The stage as it stands, if its turn has come."""
    today = now.date().isoformat()
    step = next(step for step in progress.steps if step.stage == one)
    missed, coming = progress.missed, progress.next
    if today > decision.expires:
        why = _("the decision held until {day}").format(day=decision.expires)
    elif step.state is State.OPEN:
        raise Unusable(_("{name} is open").format(name=one.name), _("every role has signed its opening"), _STAGES)
    elif missed is not None:
        why = _("{name} was to open by {day}, and has not: everything is to be weighed again").format(
            name=missed.stage.name, day=missed.stage.by
        )
    elif coming is not None and coming.stage != one:
        raise NotSettled(
            _("{name} cannot be opened yet").format(name=one.name),
            _("{before} comes first and is not open").format(before=coming.stage.name), _STAGES,
        )  # fmt: skip
    elif today < one.not_before:
        raise NotSettled(
            _("{name} cannot be opened yet").format(name=one.name),
            _("it opens on {day} at the earliest").format(day=one.not_before), _STAGES,
        )  # fmt: skip
    else:
        return step
    raise NotSettled(_("{name} cannot be opened any more").format(name=one.name), why, "weighbridge decide DIR --draft")


def _role(decision: Decision, step: Step, opener: Opener, books: Books, now: datetime) -> SignerRole:
    """The role that is signed for: wanted, not signed for yet, and one that the key is trusted for."""
    known, wanted = opener.known, books.policy.signers(decision.impact)
    roles = [role for role in wanted if role in known.roles and opener.role in (None, role)]
    if known.is_revoked or not roles:
        why = _("the key was revoked") if known.is_revoked else _("the ring does not trust it for a role that signs")
        role = opener.role or (wanted[0] if wanted else SignerRole.OWNER)
        raise Unusable(
            _("this key cannot open a stage"), why,
            f"weighbridge keys trust {known.fingerprint[:16]} --role {role.value}",
        )  # fmt: skip
    if any(opening.why_not is None and opening.holder == known.holder for opening in step.openings):
        raise Unusable(
            _("this person has signed already"), _("one person signs once, whatever keys they hold"),
            _("let somebody else sign for the other role"),
        )  # fmt: skip
    if is_preparer(decision, known, books.keys):
        _check_self_review(decision, now)
    free = [role for role in roles if role in step.missing] or roles
    if len(free) > 1:
        raise Unusable(
            _("it is not said as what you sign"),
            _("the key is trusted for several roles: {roles}").format(roles=", ".join(role.value for role in free)),
            _("name one: --role {role}").format(role=free[0].value),
        )
    return free[0]


def _check_self_review(decision: Decision, now: datetime) -> None:
    """As at the decision itself: at light impact one person may do both, a day later."""
    if not self_review_counts(decision, now.isoformat(), is_marked=True):
        raise Unusable(
            _("who prepares a decision does not open its stages"),
            _("this person prepared it; at light impact one person may do both, a day later"),
            _("let somebody else sign: weighbridge stages advance DIR --stage NAME --key THEIRS"),
        )


def _grounds(decision: Decision, weighing: Weighing, books: Books) -> Grounds:
    """What it rests on: the last recommendation, about what lies there now, which releases what was decided on."""
    grounds = latest_grounds(decision, books.ledger)
    if grounds is None or grounds.seal != (weighing.candidate.digest, weighing.candidate.reading):
        raise NotSettled(
            _("there is nothing to open a stage on"),
            _("what lies there is not the release that was decided on, or was last judged by another policy"),
            "weighbridge recommend DIR",
        )
    return grounds


def _check_decision(decision: Decision, books: Books, now: datetime) -> None:
    told = names(decision, envelopes(decision, books.ledger), books.keys, now)
    signed = {name.role for name in told if name.why_not is None}
    missing = [role.value for role in books.policy.signers(decision.impact) if role not in signed]
    if missing:
        raise NotSettled(
            _("the decision is not signed yet"), _("nobody has signed as {role}").format(role=missing[0]),
            f"weighbridge sign DIR --role {missing[0]} --key KEY",
        )  # fmt: skip
    incidents = open_against(decision, books.ledger, books.keys)
    if incidents:
        raise NotSettled(
            _("an incident is open"), _("entry {n} keeps the decision closed").format(n=incidents[0].number),
            "weighbridge incident list DIR",
        )  # fmt: skip


def _check_rungs(one: Stage, decision: Decision, weighing: Weighing, now: datetime) -> None:
    """No stop stands against what it gives, and nothing that was not known when it was decided."""
    today = now.date().isoformat()
    waived = {(w.rule, w.component) for w in decision.waivers if w.expires >= today}
    standings = {standing.component: standing for standing in weighing.recommendation.components}
    for name, rung in one.plan:
        component = Component(name)
        stops = [f for f in stops_against(weighing, component, rung) if (f.rule, component) not in waived]
        if stops:
            said = _("is breached") if stops[0].verdict is Verdict.BREACHED else _("is not yet answered")
            raise NotSettled(
                _("{component} cannot become {rung}").format(component=name, rung=rung.value),
                _("the stop {rule} forbids it and {said}").format(rule=stops[0].rule, said=said),
                str(stops[0].remedy) if stops[0].remedy else "weighbridge weigh DIR",
            )
        why = _why_not_now(decision, standings.get(component), rung)
        if why:
            raise NotSettled(
                _("{component} cannot become {rung}").format(component=name, rung=rung.value), why,
                "weighbridge decide DIR --draft",
            )  # fmt: skip


def _why_not_now(decision: Decision, standing: Standing | None, rung: Rung) -> str:
    """Why a rung cannot be given on what is known now; empty where it can.

    What is cleared can. What was not, when it was decided, had a reason of its own; a limit that came up since had not.
    """
    if standing is None:
        return _("the recommendation says nothing about it")
    known = [d for d in decision.departures if d.component is standing.component and d.decided is rung]
    if rung in standing.cleared or any(rung in standing.ceiling or rung not in d.ceiling for d in known):
        return ""
    if rung in standing.ceiling:
        return _("it is not cleared any more, as it was when it was decided")
    return _("a limit has come up that was not there when it was decided")


def _testimonies(one: Stage, words: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """The events that are testified to.

    Raises
    ------
    Unusable
        For words about no event of this stage, none at all, or too many.
    """
    events = [criterion.name for criterion in one.criterion if criterion.sort is Sort.TESTIFIED]
    for name, text in words:
        if name not in events:
            hint = nearest_hint(name, events) if events else _("this stage waits for no event")
            raise Unusable(_("nothing to testify to is called {name}").format(name=name), hint, _STAGES)
        if not 0 < len(text.strip()) <= _MOST_WORDS:
            raise Unusable(
                _("nothing is said of {name}").format(name=name),
                _("{n} characters were given; from 1 to {limit} are kept").format(
                    n=len(text.strip()), limit=_MOST_WORDS
                ),
                _("say how you know, on standard input or when asked: --testify {name}").format(name=name),
            )
    return tuple(name for name, _text in words)


def _check_met(one: Stage, found: Sequence[Judged]) -> None:
    unmet = [judged for judged in found if judged.verdict is not Verdict.HOLDS]
    if unmet:
        raise NotSettled(
            _("{name} cannot be opened yet").format(name=one.name),
            _("the criterion {criterion} is not met: {why} (not met in all: {n})").format(
                criterion=unmet[0].criterion.name, why=unmet[0].says.told(), n=len(unmet)
            ),
            unmet[0].fix.told() if unmet[0].fix else _STAGES,
        )


def _cited(decision: Decision, found: Sequence[Judged], words: Mapping[str, str], books: Books) -> tuple[Met, ...]:
    """What each criterion rests on; the words of a testimony go into the erasable store."""
    met = []
    for one in found:
        rests_on: tuple[Digest, ...] = one.rests_on
        if one.criterion.sort is Sort.TESTIFIED:
            rests_on = (books.ledger.commit(decision.name, words[one.criterion.name]),)
        met.append(Met(criterion=one.criterion.name, rests_on=rests_on))
    return tuple(met)

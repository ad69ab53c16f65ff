"""Decide: turn what people wrote into a decision that is bound to bytes, recommendation and policy.

It refuses what is no decision: a plan that leaves a component out, a rung that a stop forbids without a waiver, a
departure without a reason, an end that lies too far off, stages whose criteria nobody could ever tell to be met, a
risk that nobody says. It takes no side: withholding needs what opening needs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date
from typing import Annotated

from weighbridge.app.beyond import Going, cautions_against, unnamed
from weighbridge.core.arguments import Argument, why_too_weak
from weighbridge.core.candidate import Artefact, Belonging, Candidate, Component
from weighbridge.core.canon import Digest
from weighbridge.core.card import Card
from weighbridge.core.decision import Decision, Departure, Released, Statement, Waiver
from weighbridge.core.errors import Fault, Faulty, NotSettled, Unusable, nearest_hint
from weighbridge.core.findings import Effect, Finding, Standing, Verdict
from weighbridge.core.ports import Clock, Entry, Kind, Ledger
from weighbridge.core.question import Question
from weighbridge.core.rungs import Rung, highest
from weighbridge.core.shape import plain
from weighbridge.core.stages import Criterion, Sort, Stage, day_of, stage_faults
from weighbridge.core.weighing import Weighing
from weighbridge.core.wording import Phrase, _
from weighbridge.policy.rules import Policy

FILE = "decision.toml"
_MOST_WORDS = 4000  # characters of a risk statement: two or three sentences, in any script
_FIX = _("mend the lines named in {file}, then run the same command again").format(file=FILE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why; `component` names the one where the plan departs from what was recommended."""

    says: Annotated[str, "the reason, in your own words"]
    arguments: Annotated[
        tuple[Argument, ...], "what it rests on; peers, lawful, press and government carry none alone"
    ] = ()
    component: Annotated[Component | None, "the component where the plan departs; left out: a reason for the whole"] = (
        None
    )
    despite: Annotated[
        tuple[str, ...], "the breached cautions that it goes beyond, and refused rationales, by rule"
    ] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dissent:
    """Somebody who would decide otherwise, word for word."""

    says: Annotated[str, "what they say, verbatim"]
    by: Annotated[str, "who says so; a pseudonym will do, or nothing"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """`decision.toml`: what people decide, before it is bound to anything."""

    plan: Annotated[tuple[tuple[str, Rung], ...], "a rung for every released component"]
    expires: Annotated[str, "the last day on which it holds (ISO 8601), at most twelve months on"]
    reason: tuple[Reason, ...] = ()
    conditions: Annotated[tuple[str, ...], "what must be so while it holds; everybody may read these"] = ()
    dissent: tuple[Dissent, ...] = ()
    waiver: tuple[Waiver, ...] = ()
    stage: Annotated[tuple[Stage, ...], "what widens the plan later, in order; fixed now"] = ()
    statement: Annotated[Statement | None, "the risk, said explicitly; signed with the decision"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What the risk statement is written from today."""

    digest: Digest
    is_required: bool  # whether nobody may decide without saying the risk


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a draft is held against besides the weighing."""

    cards: tuple[Card, ...] | None = None  # None: it is not known which probes there are
    questions: tuple[Question, ...] | None = None  # None: it is not known what people are asked
    figures: Figures | None = None  # None: nothing was compared that a statement could be written from
    against: Mapping[str, tuple[Phrase, ...]] | None = None  # what is set against a caution, by rule; None: unseen


def decide(  # noqa: PLR0913  what was written, on what, by whom, held against what, and where it is written
    draft: Draft,
    weighing: Weighing,
    policy: Policy,
    *,
    prepared_by: str,
    ledger: Ledger,
    clock: Clock,
    known: Known | None = None,
) -> Decision:
    """Seal a decision in the candidate's chain.

    Raises
    ------
    Faulty
        With every fault of the draft at once.
    NotSettled
        Where these bytes were not recommended upon by this policy, or a stop that is not yet answered keeps the rung.
    """
    today = clock.now().astimezone(UTC).date()
    faults = [*_plan_faults(draft, weighing), *_date_faults(draft, today), *_reason_faults(draft)]
    faults += [*_stage_faults(draft, today, known or Known()), *_statement_faults(draft, known or Known())]
    if not faults:
        faults = [*_departure_faults(draft, weighing), *_waiver_faults(draft, weighing)]
        against = known.against if known else None
        faults += [_fault(key, says) for key, says in unnamed(weighing, _going(draft), against)]
    if faults:
        raise Faulty(_("this is no decision yet"), faults, _FIX)
    _check_stops(draft, weighing)
    candidate, recommended = weighing.candidate, _recommended(weighing, policy, ledger)
    kept = {reason: ledger.commit(candidate.name, _in_full(reason)) for reason in draft.reason}
    voices = [f"{d.by}: {d.says}" if d.by else d.says for d in draft.dissent]
    made = Decision(
        name=candidate.name, version=candidate.version, candidate=candidate.digest, reading=candidate.reading,
        released=released(candidate), impact=candidate.triage.impact, recommendation=recommended.digest,
        policy=policy.name, policy_digest=policy.digest, plan=tuple(sorted(draft.plan)),
        reasons=tuple(kept[reason] for reason in draft.reason), departures=_departures(draft, weighing, kept),
        conditions=draft.conditions, dissent=tuple(ledger.commit(candidate.name, voice) for voice in voices),
        waivers=tuple(sorted(draft.waiver, key=lambda w: (w.rule, w.component))), prepared_by=prepared_by,
        decided_at=clock.now().astimezone(UTC).isoformat(timespec="seconds"), expires=draft.expires,
        stages=tuple(replace(stage, plan=tuple(sorted(stage.plan))) for stage in draft.stage),
        statement=draft.statement,
    )  # fmt: skip
    ledger.append(candidate.name, Kind.DECISION, plain(made))
    return made


def _in_full(reason: Reason) -> str:
    """The reason with what it rests on, as it is kept."""
    despite = f"; despite {', '.join(reason.despite)}" if reason.despite else ""
    return f"[{', '.join(argument.value for argument in reason.arguments)}{despite}] {reason.says}"


def _going(draft: Draft) -> tuple[Going, ...]:
    """What is decided for each component, with what is said for it."""
    return tuple(
        Going(
            component=Component(name), rungs=(rung, *_given(draft, Component(name))), reasons=draft.reason,
            waivers=draft.waiver,
        )
        for name, rung in draft.plan
    )  # fmt: skip


def last_decision(name: str, ledger: Ledger) -> Decision | None:
    """The decision that stands: the last one in the chain of this name."""
    from weighbridge.core.bodies import decision_from

    found = [e.body for e in ledger.entries(name) if e.kind is Kind.DECISION]
    return decision_from(found[-1]) if found else None


def departs(standing: Standing, decided: Rung) -> bool:
    """Whether a rung is wider than what is cleared, or narrower than the widest that is."""
    return decided not in highest(standing.cleared)


def stops_against(weighing: Weighing, component: Component, decided: Rung) -> tuple[Finding, ...]:
    """The stops that forbid a rung of a component, breached or not yet answered."""
    return tuple(
        f
        for f in weighing.findings
        if f.effect is Effect.STOP
        and f.verdict in (Verdict.BREACHED, Verdict.OPEN)
        and f.component in (None, component)
        and decided in f.forbids
    )


def _fault(key: str, says: str) -> Fault:
    return Fault(file=FILE, line=0, key=key, says=says)


def _plan_faults(draft: Draft, weighing: Weighing) -> list[Fault]:
    released = [c.value for c in weighing.candidate.components]
    named = dict(draft.plan)
    unknown = [_fault(f"plan.{n}", _("is not released; {hint}").format(hint=nearest_hint(n, released)))
               for n in named if n not in released]  # fmt: skip
    missing = [_fault(f"plan.{n}", _("is missing: every released component needs a rung, withheld is one"))
               for n in released if n not in named]  # fmt: skip
    return unknown + missing


def _date_faults(draft: Draft, today: date) -> list[Fault]:
    faults = []
    for key, text in (("expires", draft.expires), *((f"waiver.{w.rule}.expires", w.expires) for w in draft.waiver)):
        day = day_of(text)
        if day is None:
            faults.append(_fault(key, _("is no day, such as {day}").format(day=today.isoformat())))
        elif day < today:
            faults.append(_fault(key, _("has passed")))
        elif day > a_year_after(today):
            faults.append(_fault(key, _("is more than twelve months on; decide again before then")))
    return faults


def _stage_faults(draft: Draft, today: date, known: Known) -> list[Fault]:
    faults = [_fault(_dotted(key), says) for key, says in stage_faults(draft.plan, draft.stage, ends=draft.expires)]
    for n, stage in enumerate(draft.stage):
        by = day_of(stage.by)
        if by is not None and by < today:
            faults.append(_fault(_dotted(("stage", n, "by")), _("has passed")))
        for m, criterion in enumerate(stage.criterion):
            for key, named, names in _unknown(criterion, known):
                says = _("is not known, so that it could never be met; {hint}").format(hint=nearest_hint(named, names))
                faults.append(_fault(_dotted(("stage", n, "criterion", m, key)), says))
    return faults


def _unknown(criterion: Criterion, known: Known) -> Iterator[tuple[str, str, list[str]]]:
    """Probes, metrics, questions and answers that there are not: key, what was named, and what there is."""
    if criterion.sort is Sort.MEASURED and known.cards is not None:
        card = next((card for card in known.cards if card.slug == criterion.probe), None)
        if card is None:
            yield "probe", criterion.probe, [card.slug for card in known.cards]
        elif card.metric_named(criterion.metric) is None:
            yield "metric", criterion.metric, [metric.name for metric in card.metric]
    if criterion.sort is Sort.ANSWERED and known.questions is not None:
        asked = criterion.answer.replace("_", "-")
        question = next((q for q in known.questions if q.slug.replace("_", "-") == asked), None)
        if question is None:
            yield "answer", criterion.answer, [q.slug for q in known.questions]
        elif question.choices:
            wrong = [choice for choice in criterion.choices if choice not in question.choices]
            yield from (("choices", choice, list(question.choices)) for choice in wrong)


def _dotted(key: tuple[str | int, ...]) -> str:
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in key).lstrip(".")


def _statement_faults(draft: Draft, known: Known) -> list[Fault]:
    """The risk must be said where there is any to say, in words that fit the figures of today."""
    draws = _("weighbridge plans DIR --statement drafts it")
    if draft.statement is None:
        says = _("is missing: no decision without the risk said explicitly; {draws}").format(draws=draws)
        return [_fault("statement", says)] if known.figures and known.figures.is_required else []
    n = len(draft.statement.says.strip())
    faults = []
    if not 0 < n <= _MOST_WORDS:
        says = _("has {n} characters; two or three sentences are wanted").format(n=n)
        faults.append(_fault("statement.says", says))
    if not draft.statement.is_of(draft.plan, draft.stage):
        says = _("is not [plan] and [[stage]] of this file; --decision {file} with that command drafts it anew")
        faults.append(_fault("statement.plan", _("{says}: {draws}").format(says=says.format(file=FILE), draws=draws)))
    if known.figures is not None and not draft.statement.is_from(known.figures.digest):
        says = _(
            "are not those of today, or the plan in it was changed by hand: facts, prices or evidence have changed "
            "since; {draws}"
        ).format(draws=draws)
        faults.append(_fault("statement.figures", says))
    return faults


def a_year_after(day: date) -> date:
    """The same day a year on; the 28th where there is no 29th."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def _reason_faults(draft: Draft) -> list[Fault]:
    faults = [] if draft.reason else [_fault("reason", _("is missing: opening and withholding both need one"))]
    faults += [_fault("reason.says", _("is empty")) for reason in draft.reason if not reason.says.strip()]
    known = ", ".join(argument.value for argument in Argument)
    faults += [
        _fault("reason.arguments", _("is missing; choose what it rests on: {known}").format(known=known))
        for reason in draft.reason
        if not reason.arguments
    ]
    if weak := why_too_weak(argument for reason in draft.reason for argument in reason.arguments):
        faults.append(_fault("reason.arguments", _("carry no decision by themselves. {why}").format(why=weak)))
    faults += [_fault("dissent.says", _("is empty")) for dissent in draft.dissent if not dissent.says.strip()]
    return faults + [_fault("conditions", _("holds an empty one")) for text in draft.conditions if not text.strip()]


def _departure_faults(draft: Draft, weighing: Weighing) -> list[Fault]:
    plan = {Component(name): rung for name, rung in draft.plan}
    given = {reason.component for reason in draft.reason}
    weak = [
        _fault(f"plan.{component.value}", _("departs for no reason that carries it. {why}").format(why=why))
        for component in Component
        if (why := why_too_weak(a for r in draft.reason if r.component is component for a in r.arguments))
    ]
    return weak + [
        _fault(
            f"plan.{standing.component.value}",
            _("departs from the recommendation ({cleared}), and no reason names this component").format(
                cleared=" or ".join(rung.value for rung in highest(standing.cleared))
            ),
        )
        for standing in weighing.recommendation.components
        if (departs(standing, plan[standing.component]) or _wider(draft, standing)) and standing.component not in given
    ]


def _given(draft: Draft, component: Component) -> list[Rung]:
    """The rungs that the stages give a component, in order."""
    return [rung for stage in draft.stage for name, rung in stage.plan if name == component.value]


def _wider(draft: Draft, standing: Standing) -> list[Rung]:
    """The rungs that a stage gives beyond what is cleared today."""
    return [rung for rung in _given(draft, standing.component) if rung not in standing.cleared]


def _waiver_faults(draft: Draft, weighing: Weighing) -> list[Fault]:
    faults = []
    plan = {Component(name): rung for name, rung in draft.plan}
    for waiver in draft.waiver:
        key = f"waiver.{waiver.rule}"
        faults += [
            _fault(f"{key}.{name}", _("is empty; a waiver is read by everybody"))
            for name, text in (("authority", waiver.authority), ("because", waiver.because))
            if not text.strip()
        ]
        rungs = [plan.get(waiver.component, Rung.WITHHELD), *_given(draft, waiver.component)]
        known = {f.rule for rung in rungs for f in stops_against(weighing, waiver.component, rung)}
        known |= set(cautions_against(weighing, waiver.component, rungs))
        if waiver.rule not in known:
            says = _("lifts nothing: no stop or breached caution of that name forbids this rung of {component}; {hint}")
            hint = nearest_hint(waiver.rule, known) if known else _("there is none")
            faults.append(_fault(key, says.format(component=waiver.component.value, hint=hint)))
    return faults


def _check_stops(draft: Draft, weighing: Weighing) -> None:
    """No stop keeps a rung from being given; what a stage gives later may wait for an answer until then."""
    waived = {(w.rule, w.component) for w in draft.waiver}
    now = [(Component(name), rung) for name, rung in draft.plan]
    later = [(Component(name), rung) for stage in draft.stage for name, rung in stage.plan]
    held = [
        (component, rung, finding)
        for n, (component, rung) in enumerate([*now, *later])
        for finding in stops_against(weighing, component, rung)
        if (finding.rule, component) not in waived and (n < len(now) or finding.verdict is Verdict.BREACHED)
    ]
    if held:
        component, rung, finding = held[0]
        said = _("is not yet answered") if finding.verdict is Verdict.OPEN else _("is breached")
        raise NotSettled(
            _("{component} cannot be decided {rung}").format(component=component.value, rung=rung.value),
            _("the stop {rule} forbids it and {said} (stops in all: {n})").format(
                rule=finding.rule, said=said, n=len({f.rule for _c, _r, f in held})
            ),
            str(finding.remedy) if finding.remedy else _("mend what was found, then: weighbridge weigh DIR"),
        )


def _recommended(weighing: Weighing, policy: Policy, ledger: Ledger) -> Entry:
    """The ledger's entry of the recommendation that is decided on."""
    wanted = (weighing.candidate.digest, weighing.candidate.reading, policy.digest)
    for entry in reversed(list(ledger.entries(weighing.candidate.name))):
        body = entry.body
        if entry.kind is Kind.RECOMMENDATION and isinstance(body, dict):
            if (body["candidate"], body["reading"], body["policy_digest"]) == wanted:
                return entry
            break
    raise NotSettled(
        _("there is no recommendation to decide on"),
        _("these bytes were last weighed otherwise, or judged by another policy than {policy}").format(
            policy=policy.name
        ),
        "weighbridge recommend DIR",
    )


def _departures(draft: Draft, weighing: Weighing, kept: dict[Reason, Digest]) -> tuple[Departure, ...]:
    plan = {Component(name): rung for name, rung in draft.plan}
    reasons = {reason.component: digest for reason, digest in kept.items()}
    return tuple(
        Departure(
            component=s.component, decided=rung, ceiling=s.ceiling, cleared=s.cleared, because=reasons[s.component]
        )
        for s in weighing.recommendation.components
        for rung in (*([plan[s.component]] if departs(s, plan[s.component]) else []), *_wider(draft, s))
    )


def released(candidate: Candidate) -> tuple[Released, ...]:
    """Every file that may leave, by label.

    Raises
    ------
    Unusable
        For a label with `..` in it: copied with the rest, it would be another file.
    """
    above = [a.label for a in candidate.artefacts if _leaves(a) and ".." in a.label.split("/")]
    if above:
        raise Unusable(
            _("cannot decide on {label}").format(label=above[0]),
            _("{label} leads through the folder above").format(label=above[0]),
            _("write the path without .. in weighbridge.toml, then: weighbridge weigh DIR"),
        )
    return tuple(
        Released(label=a.label, digest=a.digest, size_bytes=a.size_bytes, component=Component(a.belongs.value))
        for a in sorted(candidate.artefacts, key=lambda a: a.label)
        if _leaves(a)
    )


def _leaves(artefact: Artefact) -> bool:
    return artefact.belongs is not Belonging.EVIDENCE_ONLY

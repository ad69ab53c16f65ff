"""Reweigh: hold a decision against what has come up since, and close what that turns until people decide again.

A price that fell, a substitute that was published, an attack that was published. Plans are compared twice in the same
worlds, before and after, the decided one among them; what an attack bears on is taken as not measured any more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated

from weighbridge.app.recommend import recommend
from weighbridge.app.reopen import Happening, reopen
from weighbridge.app.stage import Progress, State
from weighbridge.core.canon import Digest, Plain
from weighbridge.core.card import Card
from weighbridge.core.decision import Decision
from weighbridge.core.errors import Unusable, nearest_hint
from weighbridge.core.evidence import Quantity
from weighbridge.core.findings import Standing
from weighbridge.core.plans import Plan
from weighbridge.core.ports import Entry, Kind, Ledger
from weighbridge.core.rungs import Rung
from weighbridge.core.stages import day_of
from weighbridge.core.tradeoffs import Comparison, PlanRow, Scenario
from weighbridge.core.tradeoffs import State as PlanState
from weighbridge.core.weighing import Weighing
from weighbridge.core.wording import Phrase, _, phrase
from weighbridge.core.worth import Substitute
from weighbridge.policy.rules import Policy

DECIDED = "as-decided"  # under this name the decided plan stands among the others
_MOST = 0.5  # what the risk statement calls most of a kind of actor
_MOST_WORDS = 1 << 16  # characters of what was published


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What has come up."""

    as_of: Annotated[str, "the day that prices and substitutes are of (ISO 8601)"]
    substitutes: tuple[Substitute, ...] = ()
    attacked: Annotated[str, "the probe whose clean results a published attack has made stale; empty: none"] = ""
    words: Annotated[str, "what was published; kept where it can be erased"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scales:
    """What it is weighed by."""

    policy: Policy
    cards: tuple[Card, ...]
    figures: Digest  # what a statement is bound to today
    compare: Callable[[Weighing, str], Comparison]  # plans as of a day; "": the day that decisions are held against


@dataclass(frozen=True, slots=True, kw_only=True)
class Reweighed:
    """What came of it."""

    news: News
    before: Comparison
    after: Comparison
    turns: tuple[Phrase, ...]  # why the answer is another; none: it stands
    notes: tuple[Phrase, ...]
    entry: Entry

    @property
    def turned(self) -> bool:
        """Whether people must decide again before anything more leaves."""
        return bool(self.turns)


def reweigh(
    decision: Decision, progress: Progress, weighing: Weighing, news: News, scales: Scales, ledger: Ledger
) -> Reweighed:
    """Compare, judge and seal; where the answer turns, nothing of the decision leaves until people decide again.

    Raises
    ------
    Unusable
        For an attack on a measurement that nothing rests on, and one of which nothing is said; for a day before the one
        that decisions are held against.
    """
    _check_attack(news, weighing)
    own = _with_decided(weighing, progress)
    before, then = scales.compare(own, ""), own
    if day_of(news.as_of) is None or news.as_of < before.as_of:
        raise Unusable(
            _("cannot reweigh as of {day}").format(day=news.as_of),
            _("it is no day, or lies before the one that decisions are held against, {day}").format(day=before.as_of),
            _("name a later day, as in: --as-of {day}").format(day=before.as_of),
        )
    if news.attacked:
        evidence = tuple(e for e in weighing.evidence if e.probe != news.attacked)
        then = recommend(own.candidate, evidence, scales.policy, scales.cards, guesses=own.guesses)
    worth = then.candidate.worth
    known = {substitute.name for substitute in news.substitutes}
    kept = tuple(s for s in worth.substitutes if s.name not in known)
    worth = replace(worth, substitutes=(*kept, *news.substitutes))
    then = replace(then, candidate=replace(then.candidate, worth=worth))
    after = scales.compare(then, news.as_of)
    turns = (
        *_preferences(before, after),
        *_standing(before.row(DECIDED), after.row(DECIDED)),
        *_deterred(before, after),
        *_uncleared(progress, own.recommendation.components, then.recommendation.components, news),
    )
    notes = _notes(decision, weighing, news, scales)
    entry = ledger.append(decision.name, Kind.TRIGGER, _body(decision, news, (before, after), turns, ledger))
    if turns:
        told = " ".join(str(turn) for turn in turns)
        reopen(decision.name, Happening(what=told), ledger, trigger=entry.number, in_force=progress.plan)
    return Reweighed(news=news, before=before, after=after, turns=turns, notes=notes, entry=entry)


def _check_attack(news: News, weighing: Weighing) -> None:
    if not news.attacked:
        return
    probes = sorted({evidence.probe for evidence in weighing.evidence})
    if news.attacked not in probes:
        raise Unusable(
            _("nothing rests on {probe}").format(probe=news.attacked), nearest_hint(news.attacked, probes),
            _("name the probe that the attack is stronger than; of anything else: weighbridge incident DIR"),
        )  # fmt: skip
    if not 0 < len(news.words.strip()) <= _MOST_WORDS:
        raise Unusable(
            _("it is not said what was published"),
            _("{n} characters were given; from 1 to {limit} are kept").format(
                n=len(news.words.strip()), limit=_MOST_WORDS
            ),
            _("say it in a few sentences, on standard input or when asked"),
        )


def _with_decided(weighing: Weighing, progress: Progress) -> Weighing:
    """The weighing with the decided plan among those of its owner: the rungs in force, and the stages to come."""
    coming = tuple(step.stage for step in progress.steps if step.state is not State.OPEN)
    plan = Plan(name=DECIDED, says=_("what was decided"), rungs=progress.plan, stages=coming)
    worth = weighing.candidate.worth
    plans = (*(p for p in worth.plans if p.name != DECIDED), plan)
    return replace(weighing, candidate=replace(weighing.candidate, worth=replace(worth, plans=plans)))


def _preferences(before: Comparison, after: Comparison) -> tuple[Phrase, ...]:
    """Whether another plan is preferred, and that is neither the decided one nor one that does as well."""
    was, now = {before.recommended, *before.tied}, {after.recommended, *after.tied}
    if after.recommended == before.recommended or was & now - {""} or DECIDED in now:
        return ()
    if not before.recommended:
        return (phrase("now the plan {after} is preferred, where none was", after=after.recommended),)
    if not after.recommended:
        return (phrase("no plan is preferred any more, where {before} was", before=before.recommended),)
    says = "now the plan {after} is preferred, where {before} was"
    return (phrase(says, before=before.recommended, after=after.recommended),)


def _standing(before: PlanRow | None, after: PlanRow | None) -> tuple[Phrase, ...]:
    """Whether the decided plan was in the running and is so no longer."""
    if before is None or after is None or before.state is not PlanState.IN or after.state is PlanState.IN:
        return ()
    said = {
        PlanState.BEATEN: phrase("what was decided is beaten on every count by {other}", other=after.beaten_by),
        PlanState.FORBIDDEN: phrase("what was decided is forbidden now"),
        PlanState.UNJUSTIFIED: phrase("what was decided keeps back what keeping back does not protect any more"),
        PlanState.INCOHERENT: phrase("what was decided undoes itself now"),
    }
    return (said[after.state],)


def _deterred(before: Comparison, after: Comparison) -> tuple[Phrase, ...]:
    """Kinds of actor most of whom the decided plan deterred, and deters no longer: what it was decided for is gone."""
    was, now = _shares(before.row(DECIDED)), _shares(after.row(DECIDED))
    return tuple(
        phrase("what was decided no longer deters most {who}", who=actor.says)
        for actor in before.actors
        if actor.name in was and was[actor.name].low > _MOST
        if actor.name in now and now[actor.name].value <= _MOST
    )


def _shares(row: PlanRow | None) -> dict[str, Quantity]:
    return {q.at("actor") or "": q for q in row.deterred if q.at("scenario") == Scenario.DECLARED.value} if row else {}


def _uncleared(
    progress: Progress, before: tuple[Standing, ...], after: tuple[Standing, ...], news: News
) -> tuple[Phrase, ...]:
    """Components whose rung was cleared, and is not where an attack has made a measurement stale."""
    now = {standing.component: set(standing.cleared) for standing in after}
    told = []
    for standing in before:
        rung = progress.rung_of(standing.component)
        if rung not in (None, Rung.WITHHELD) and rung in set(standing.cleared) - now.get(standing.component, set()):
            told.append(
                phrase(
                    "{component} is not cleared for {rung} once {probe} is taken as not measured",
                    component=standing.component.value, rung=rung.value, probe=news.attacked,
                )
            )  # fmt: skip
    return tuple(told)


def _notes(decision: Decision, weighing: Weighing, news: News, scales: Scales) -> tuple[Phrase, ...]:
    """What a reader must know to take the answer for what it is."""
    notes = [
        phrase("{name} has no evidence that it exists: it is shown, and counts for nothing", name=s.name)
        for s in news.substitutes
        if not s.is_shown
    ]
    if decision.statement and not decision.statement.is_from(scales.figures):
        notes.append(
            phrase(
                "facts, prices or evidence are other than those the decision was held against; both sides are of today"
            )
        )
    if weighing.candidate.replication is None:
        notes.append(
            phrase("what it costs to make it again is not known: [replication] in weighbridge.toml says nothing")
        )
    return tuple(notes)


def _body(
    decision: Decision, news: News, sides: tuple[Comparison, Comparison], turns: tuple[Phrase, ...], ledger: Ledger
) -> dict[str, Plain]:
    """Names of substitutes and what was published are people's words: commitments to them are sealed."""
    before, after = sides
    substitutes: list[Plain] = [
        {
            "name": ledger.commit(decision.name, s.name),
            "evidence": ledger.commit(decision.name, s.evidence) if s.evidence else None,
            "low_usd": s.cost_usd.low,
            "high_usd": s.cost_usd.high,
        }
        for s in news.substitutes
    ]
    return {
        "decision": decision.digest,
        "as_of": news.as_of,
        "substitutes": substitutes,
        "attacked": news.attacked,
        "words": ledger.commit(decision.name, news.words) if news.words else None,
        "before": _side(before),
        "after": _side(after),
        "turns": [str(turn) for turn in turns],
        "turned": bool(turns),
    }


def _side(made: Comparison) -> dict[str, Plain]:
    row = made.row(DECIDED)
    return {
        "as_of": made.as_of,
        "figures": made.figures,
        "recommended": made.recommended,
        "tied": list(made.tied),
        "decided": row.state.value if row else "",
    }

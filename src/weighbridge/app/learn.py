"""Learn: what the doubt comes from, and what an hour of measuring or asking would most likely change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from weighbridge.app.imagine import Worlds
from weighbridge.app.trade import Fair, choose, weigh_plans, worth_of
from weighbridge.app.value import Market
from weighbridge.core.card import Card
from weighbridge.core.evidence import Basis, Quantity
from weighbridge.core.tradeoffs import Learning, PlanRow, Swing
from weighbridge.core.wording import Phrase, phrase
from weighbridge.core.worth import Ground
from weighbridge.maths.deterrence import Array
from weighbridge.maths.proportions import clopper_pearson, corrected
from weighbridge.maths.sensitivity import (
    chance_of_change,
    correlation_interval,
    first_order_interval,
    rank_correlation,
)

_MOST_SWINGS = 10
_SHUFFLES = 3  # the largest chance that a shuffled input has is what noise alone would give
_CONFIDENCE = 0.9
DETECTABILITY = "detectability"
HOUR = 60


def swings(worlds: Worlds, fair: Fair) -> tuple[Swing, ...]:
    """What the doubt about how many a plan deters comes from, the largest first.

    The outcome is the mean, over the kinds of actor, of the share that the plan deters. Intervals are corrected for how
    many things are looked at; one whose correlation may well be none is left out.
    """
    output = fair.valued.deterred.mean(axis=0)
    if not worlds.inputs or np.ptp(output) == 0:
        return ()
    values = np.stack([v for _name, _says, v in worlds.inputs])
    ranks, n, confidence = rank_correlation(values, output), len(output), corrected(_CONFIDENCE, len(values))
    chosen = np.argsort(-np.abs(ranks), kind="stable")[:_MOST_SWINGS]
    made = []
    for k in chosen:
        name, says, row = worlds.inputs[int(k)]
        r = correlation_interval(float(ranks[k]), n, confidence)
        if r.low <= 0 <= r.high:
            continue
        s = first_order_interval(row, output, worlds.given.stream(f"bootstrap {name}"), confidence=confidence)
        made.append(Swing(
            name=name, says=says,
            correlation=_quantity("rank-correlation", (r.low, r.value, r.high), n, confidence),
            share=_quantity("first-order-share", (s.low, s.value, s.high), n, confidence),
        ))  # fmt: skip
    return tuple(made)


def _quantity(metric: str, bounds: tuple[float, float, float], n: int, confidence: float) -> Quantity:
    low, middle, high = bounds
    return Quantity(
        metric=metric, value=middle, low=low, high=high, confidence=confidence, unit="1", n=n, n_of="drawn world",
        basis=Basis.ASSUMED,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """What could be learnt, and the figure that it would tell."""

    name: str
    says: Phrase
    minutes: int
    values: Array


def learnings(
    worlds: Worlds, rows: Sequence[PlanRow], fair: Sequence[Fair], weights: Array, cards: Sequence[Card]
) -> tuple[Learning, ...]:
    """What can be measured or asked within an hour, by how likely it is to change which plan is recommended."""
    is_misuse = worlds.given.is_misuse
    told: list[Learning | None] = [_untold(worlds)] if worlds.remade is None and is_misuse else []
    if len(fair) > 1:
        worth, order = worth_of(fair)
        told += [_learning(q, worth, weights, order, worlds) for q in _questions(worlds, cards)]
    if worlds.remade is not None and is_misuse:
        told += [_search(worlds, rows, weights)]
    useful = [entry for entry in told if entry is not None]
    return tuple(sorted(useful, key=lambda e: (-e.chance.value, e.minutes, e.name)))


def _untold(worlds: Worlds) -> Learning:
    """Nothing can be said of closing before this is told, so it may change everything, or nothing."""
    says = phrase("tell what it costs to make it again: {why}", why=str(worlds.why_not))
    chance = Quantity(
        metric="chance-of-change", value=1.0, low=0.0, high=1.0, confidence=1.0, unit="1", n=0, n_of="drawn world",
        basis=Basis.ASSUMED,
    )  # fmt: skip
    return Learning(name="replication", says=says, minutes=15, chance=chance)


def _questions(worlds: Worlds, cards: Sequence[Card]) -> list[_Question]:
    values = {name: row for name, _says, row in worlds.inputs}
    made = []
    open_languages = [known.language for known in worlds.given.defence if known.share is None]
    if open_languages and "defence" in values:
        card = next((card for card in cards if card.slug == DETECTABILITY), None)
        languages = ", ".join(open_languages)
        says = phrase("weighbridge weigh DIR --probe {probe} ({languages})", probe=DETECTABILITY, languages=languages)
        minutes = card.cost.typical_minutes if card else HOUR
        made.append(_Question(name="defence", says=says, minutes=minutes, values=values["defence"]))
    for actor in worlds.given.actors:
        if actor.basis is Ground.ASSUMED:
            made += [
                _Question(name=key, says=phrase(says, who=actor.says), minutes=30, values=values[key])
                for what, says in _ASK_ABOUT
                if (key := f"{actor.name}-{what}") in values
            ]
    made += [
        _Question(name=name, says=phrase(says), minutes=minutes, values=values[name])
        for name, says, minutes in _ASK
        if name in values
    ]
    return [q for q in made if q.minutes <= HOUR]


_ASK_ABOUT = (
    ("budget", "ask somebody who works against {who} what they can spend, and name them in [[actor]]"),
    ("value", "ask somebody who works against {who} what this is worth to them, and name them in [[actor]]"),
    ("identity", "ask somebody who works against {who} what giving a name costs them, and name them in [[actor]]"),
)
_ASK = (
    ("replication-staff", "ask those who made it how many months it would take others (replication.staff.months)", 15),
    ("reach-gated", "ask ten good users whether they would give their names for it, and declare a [[benefit]]", 45),
    ("reach-served", "ask ten good users whether a service would do, and declare a [[benefit]]", 45),
)  # fmt: skip


def _learning(question: _Question, worth: Array, weights: Array, order: Array, worlds: Worlds) -> Learning | None:
    """The chance that the answer changes the plan; None where noise alone would give as much."""
    chance = chance_of_change(question.values, worth, weights, order)
    shuffler = worlds.given.stream(f"shuffle {question.name}")
    by_noise = max(
        chance_of_change(shuffler.permutation(question.values), worth, weights, order) for _ in range(_SHUFFLES)
    )
    if chance <= by_noise:
        return None
    return Learning(
        name=question.name, says=question.says, minutes=question.minutes, chance=_chance(chance, len(worth))
    )


def _chance(share: float, n: int) -> Quantity:
    i = clopper_pearson(round(share * n), n, confidence=_CONFIDENCE)
    return Quantity(
        metric="chance-of-change", value=i.value, low=i.low, high=i.high, confidence=_CONFIDENCE, unit="1", n=n,
        n_of="drawn world", basis=Basis.ASSUMED,
    )  # fmt: skip


_CHEAPEST, _DEAREST = 1e2, 1e7  # ours: a substitute not yet looked for costs anything between, as likely on each scale
_THERE = 0.5  # ours: and is as likely there as not


def _search(worlds: Worlds, rows: Sequence[PlanRow], weights: Array) -> Learning | None:
    """Looking for a substitute: one that nobody has looked for is there or not, at any price."""
    stream, n = worlds.given.stream("search"), worlds.given.worlds
    price = np.exp(stream.uniform(np.log(_CHEAPEST), np.log(_DEAREST), n))
    price = np.where(stream.random(n) < _THERE, price, np.inf)
    moved = replace(worlds, elsewhere=np.minimum(worlds.elsewhere, price))
    fair, _out = weigh_plans(rows, moved, Market(worlds=moved, crowds=moved.crowds, elsewhere=moved.elsewhere))
    if len(fair) < 2 or not choose(fair, weights).preferred:
        return None
    worth, order = worth_of(fair)
    says = phrase("look for something else that serves the same misuse, and name it with its price in [[substitute]]")
    values = np.where(np.isfinite(price), price, 1e15)
    question = _Question(name="substitute", says=says, minutes=HOUR, values=values)
    return _learning(question, worth, weights, order, worlds)

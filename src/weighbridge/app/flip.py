"""Flip: from where on would another plan be recommended. One figure is moved at a time, all else stays as drawn."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from weighbridge.app.imagine import Remade, Worlds
from weighbridge.app.trade import choose, weigh_plans
from weighbridge.app.value import Market, Touches
from weighbridge.core.tradeoffs import Flip, PlanRow, State
from weighbridge.core.wording import Phrase, phrase
from weighbridge.maths.deterrence import Array, Crowd

_COARSE, _FINE = 7, 5  # points looked at along a lever, and halvings between the two where the choice changes


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """One figure that is moved, from where it changes nothing to as far as anybody would believe."""

    name: str
    start: float
    end: float
    moved: Callable[[Worlds, float], Worlds]
    touches: Touches
    flips: str  # {to} is recommended instead of {plan}, {at} is where
    stays: str
    is_logarithmic: bool = True

    def along(self, at: float) -> float:
        """The figure at a place from 0 to 1."""
        if self.is_logarithmic:
            return math.exp(math.log(self.start) + at * (math.log(self.end) - math.log(self.start)))
        return self.start + at * (self.end - self.start)


def flips(rows: Sequence[PlanRow], market: Market, weights: Array, preferred: str) -> tuple[Flip, ...]:
    """For each figure, the first place at which another plan is preferred; none where there is no choice."""
    worlds = market.worlds
    if not preferred or worlds.remade is None or sum(row.state is State.IN for row in rows) < 2:
        return ()

    def winner(lever: Lever, at: float) -> str:
        moved = market.moved(lever.moved(worlds, lever.along(at)), lever.touches)
        return choose(weigh_plans(rows, moved.worlds, moved)[0], weights).preferred

    return tuple(_flip(lever, preferred, partial(winner, lever)) for lever in _levers(worlds))


def _flip(lever: Lever, preferred: str, winner: Callable[[float], str]) -> Flip:
    below = 0.0
    for n in range(1, _COARSE + 1):
        above = n / _COARSE
        to = winner(above)
        if to != preferred:
            return _narrowed(lever, (preferred, to), (below, above), winner)
        below = above
    return Flip(name=lever.name, to="", says=phrase(lever.stays, plan=preferred, end=_told(lever.along(1.0))))


def _narrowed(
    lever: Lever, names: tuple[str, str], ends: tuple[float, float], winner: Callable[[float], str]
) -> Flip:  # fmt: skip
    preferred, to = names
    below, above = ends
    for _ in range(_FINE):
        middle = (below + above) / 2
        other = winner(middle)
        if other == preferred:
            below = middle
        else:
            above, to = middle, other
    says: Phrase = phrase(lever.flips, plan=preferred, to=to, at=_told(lever.along(above)))
    return Flip(name=lever.name, to=to, says=says)


def _told(x: float) -> str:
    """Two significant digits, in whole numbers where they are large."""
    rounded = float(f"{x:.2g}")
    return f"{rounded:,.0f}" if rounded >= 10 else f"{rounded:g}"


def _levers(worlds: Worlds) -> tuple[Lever, ...]:
    levers = [
        Lever(
            name="substitute", start=1e8, end=10.0, moved=_with_substitute, touches=Touches.ELSEWHERE,
            flips="{plan} is recommended unless a substitute under {at} USD exists: then {to}",
            stays="no substitute, however cheap, changes that {plan} is recommended",
        ),
        Lever(
            name="replication-falls", start=1.0, end=1e-4, moved=_with_replication, touches=Touches.REMAKING,
            flips="{plan} is recommended until making it again costs only {at} of what it does: then {to}",
            stays="making it again for {end} of what it costs changes nothing: {plan} is recommended",
        ),
        Lever(
            name="actors-richer", start=1.0, end=1e3, moved=_with_richer, touches=Touches.ACTORS,
            flips="{plan} is recommended unless actors can spend and gain {at} times what is assumed: then {to}",
            stays="actors of {end} times the means and the gain change nothing: {plan} is recommended",
        ),
        Lever(
            name="actors-poorer", start=1.0, end=1e-3, moved=_with_richer, touches=Touches.ACTORS,
            flips="{plan} is recommended unless actors can spend and gain only {at} of what is assumed: then {to}",
            stays="actors of {end} of the means and the gain change nothing: {plan} is recommended",
        ),
        Lever(
            name="names-cheaper", start=1.0, end=1e-3, moved=_with_names, touches=Touches.ACTORS,
            flips="{plan} is recommended unless giving a name costs actors only {at} of what is assumed: then {to}",
            stays="names as cheap as {end} of what is assumed change nothing: {plan} is recommended",
        ),
    ]  # fmt: skip
    if worlds.given.defence:
        levers += [
            Lever(
                name="defence-good", start=0.5, end=1.0, moved=_with_defence, touches=Touches.NEITHER,
                is_logarithmic=False,
                flips="{plan} is recommended unless {at} of its output can be told apart in every language: then {to}",
                stays="a defence that tells up to all of its output apart changes nothing: {plan} is recommended",
            ),
            Lever(
                name="defence-poor", start=0.5, end=0.0, moved=_with_defence, touches=Touches.NEITHER,
                is_logarithmic=False,
                flips="{plan} is recommended unless only {at} of its output is told apart in some language: then {to}",
                stays="a defence that tells none of its output apart changes nothing: {plan} is recommended",
            ),
        ]  # fmt: skip
    return tuple(levers)


def _with_substitute(worlds: Worlds, usd: float) -> Worlds:
    return replace(worlds, elsewhere=np.minimum(worlds.elsewhere, usd))


def _with_replication(worlds: Worlds, factor: float) -> Worlds:
    cheaper = {
        parts: Remade(
            usd=m.usd * factor, usd_subsidised=m.usd_subsidised * factor, from_answers=m.from_answers * factor
        )
        for parts, m in (worlds.remade or {}).items()
    }
    return replace(worlds, remade=cheaper)


def _with_richer(worlds: Worlds, factor: float) -> Worlds:
    off = np.float32(math.log(factor))
    return replace(worlds, crowds=tuple(replace(c, limit=c.limit + off) for c in worlds.crowds))


def _with_names(worlds: Worlds, factor: float) -> Worlds:
    off = np.float32(math.log(factor))
    return replace(worlds, crowds=tuple(_renamed(c, off) for c in worlds.crowds))


def _renamed(crowd: Crowd, off: np.float32) -> Crowd:
    return replace(crowd, identity=crowd.identity + off)


def _with_defence(worlds: Worlds, share: float) -> Worlds:
    return replace(worlds, defence=np.full_like(worlds.defence, share))

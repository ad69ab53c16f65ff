"""Figure: put what plans come to in numbers that do not travel alone, for every kind of actor and every scenario."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from weighbridge.app.imagine import Worlds, without_subsidy
from weighbridge.app.trade import Choice, Fair, closes, resolution
from weighbridge.app.value import Count, Market, Valued, value
from weighbridge.core.evidence import Basis, Quantity
from weighbridge.core.plans import Plan
from weighbridge.core.tradeoffs import PlanRow, Scenario, State
from weighbridge.maths.deterrence import Array, interval

_CONFIDENCE = 0.9


def figured(
    plans: Sequence[Plan], fair: Sequence[Fair], out: Sequence[PlanRow], worlds: Worlds, counts: Sequence[Count],
    choice: Choice,
) -> tuple[PlanRow, ...]:  # fmt: skip
    """Every plan with its figures, in the order given; what undoes itself has none."""
    rows = {row.plan.name: row for row in out} | {f.row.plan.name: f.row for f in fair}
    gaps = _gaps(fair, counts, choice)
    markets = _markets(worlds)
    made = []
    for plan in plans:
        row = replace(rows[plan.name], wins=choice.wins.get(plan.name), against=gaps.get(plan.name, ()))
        if row.state is State.INCOHERENT:
            made.append(row)
            continue
        valued = {scenario: value(plan, market, counts) for scenario, market in markets.items()}
        made.append(_figured(row, valued, worlds, counts))
    return tuple(made)


def _gaps(fair: Sequence[Fair], counts: Sequence[Count], choice: Choice) -> dict[str, tuple[Quantity, ...]]:
    """What each plan in the running gives more, or less, than the preferred one, in the same worlds."""
    best = next((f for f in fair if f.row.plan.name == choice.preferred), None)
    if best is None:
        return {}
    return {
        f.row.plan.name: tuple(
            _quantity("count-difference", f.valued.counts[:, k] - best.valued.counts[:, k], "1", (("count", c.name),))
            for k, c in enumerate(counts)
        )
        for f in fair
        if f is not best
    }


def _markets(worlds: Worlds) -> dict[Scenario, Market]:
    none = np.full_like(worlds.elsewhere, np.inf)
    unpaid = tuple(without_subsidy(c) for c in worlds.crowds)
    paid = tuple(without_subsidy(c, everyone=True) for c in worlds.crowds)
    made: dict[Scenario, Market] = {
        Scenario.DECLARED: market_of(worlds),
        Scenario.NO_SUBSIDY: Market(worlds=worlds, crowds=unpaid, elsewhere=worlds.elsewhere),
        Scenario.ALL_SUBSIDISED: Market(worlds=worlds, crowds=paid, elsewhere=worlds.elsewhere),
    }
    if np.isfinite(worlds.elsewhere).any():
        made[Scenario.NO_SUBSTITUTE] = Market(worlds=worlds, crowds=worlds.crowds, elsewhere=none)
    if (worlds.unshown < worlds.elsewhere).any():
        made[Scenario.UNSHOWN] = Market(worlds=worlds, crowds=worlds.crowds, elsewhere=worlds.unshown)
    return made


def _figured(row: PlanRow, valued: dict[Scenario, Valued], worlds: Worlds, counts: Sequence[Count]) -> PlanRow:
    """The row with its figures; what rests on a cost that is not known is left out."""
    declared, is_known = valued[Scenario.DECLARED], worlds.remade is not None or not closes(row.plan, worlds)
    is_known = is_known and worlds.given.is_misuse  # else there is nobody to deter
    actors = [actor.name for actor in worlds.given.actors]
    least = resolution(worlds.given.actors_per_world) if closes(row.plan, worlds) else 0.0
    told = [
        _no_less_than(least, _quantity("deterred-share", draws, "1", (("actor", name), ("scenario", scenario.value))))
        for scenario in Scenario
        if scenario in valued
        for name, draws in zip(actors, valued[scenario].deterred, strict=True)
    ]
    return replace(
        row,
        deterred=tuple(told) if is_known else (),
        break_even=tuple(
            _quantity("break-even", draws, "USD", (("actor", name),))
            for name, draws in zip(actors, declared.price, strict=True)
        ) if is_known else (),
        delay=_quantity("delay-bought", declared.delay, "days", (), Basis.MODELLED) if is_known else None,
        counts=tuple(
            _quantity("count", declared.counts[:, k], "1", (("count", count.name),))
            for k, count in enumerate(counts)
            if is_known or count.group != "misuse"
        ),
    )  # fmt: skip


def _no_less_than(least: float, q: Quantity) -> Quantity:
    return replace(q, high=max(q.high, least))


def _quantity(
    metric: str, draws: Array, unit: str, by: tuple[tuple[str, str], ...], basis: Basis = Basis.ASSUMED
) -> Quantity:
    i = interval(draws.clip(max=_MOST), _CONFIDENCE)
    return Quantity(
        metric=metric, value=i.value, low=i.low, high=i.high, confidence=_CONFIDENCE, unit=unit, n=len(draws),
        n_of="drawn world", by=by, basis=basis,
    )  # fmt: skip


_MOST = 1e15  # stands for what nobody can have at any price


def market_of(worlds: Worlds) -> Market:
    """Who can go which way, as declared."""
    return Market(worlds=worlds, crowds=worlds.crowds, elsewhere=worlds.elsewhere)

"""Trade: which plans are in the running, and which of them most weightings prefer.

No plan gets a score. A plan that another beats on every count is out; of the rest, many weightings are drawn and each
prefers one. Plans that do as well within the error of drawing are tied, and a tie goes to the one that can be undone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from weighbridge.app.imagine import Given, Worlds
from weighbridge.app.value import Count, Market, Valued, counts_of, served_by, stretches, value
from weighbridge.core.candidate import Component
from weighbridge.core.evidence import Basis, Quantity
from weighbridge.core.findings import Counterweight, Finding
from weighbridge.core.plans import Plan
from weighbridge.core.tradeoffs import PlanRow, State, Trade
from weighbridge.core.wording import Phrase, phrase
from weighbridge.core.worth import Ground
from weighbridge.maths.deterrence import Array, interval
from weighbridge.maths.proportions import clopper_pearson
from weighbridge.maths.sensitivity import beats, simplex, winners
from weighbridge.policy.plans import admitted, incoherences, main_component, to_anyone, undoing

WEIGHTINGS = 2000
LEAST_BOUGHT = 0.05  # ours: closing that deters fewer than one in twenty of every kind of actor buys nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Fair:
    """A plan in the running, with what it comes to."""

    row: PlanRow
    valued: Valued


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which plan most weightings prefer."""

    wins: dict[str, Quantity]
    preferred: str = ""  # empty: there is none in the running
    tied: tuple[str, ...] = ()


def weightings(counts: Sequence[Count], seed: np.random.Generator) -> Array:
    """Weightings over these counts: evenly over their kinds, then by their leans; shape (weightings, counts)."""
    groups = [count.group for count in counts]
    leans = tuple(tuple(c.lean for c in counts if c.group == group) for group in dict.fromkeys(groups))
    return simplex(leans, WEIGHTINGS, seed)


def admit_plans(plans: Sequence[Plan], findings: Sequence[Finding], worlds: Worlds) -> tuple[PlanRow, ...]:
    """Each plan with what its coherence and the findings make of it; nothing is weighed yet."""
    rows = []
    for plan in plans:
        row = PlanRow(plan=plan, state=State.IN, undoing=undoing(plan))
        faults = incoherences(plan, worlds.given.candidate)
        rows.append(replace(row, state=State.INCOHERENT, because=faults) if faults else _ruled(row, findings, worlds))
    return tuple(rows)


def _ruled(row: PlanRow, findings: Sequence[Finding], worlds: Worlds) -> PlanRow:
    admission = admitted(row.plan, findings)
    trades = tuple(
        Trade(rule=rule, against=against)
        for rule, against in counterweights(row.plan, admission.cautions, worlds.given).items()
    )
    made = replace(
        row,
        stops=tuple(sorted({f.rule for f in admission.stops})),
        trades=trades,
        waiting=tuple(sorted({f.rule for f in admission.waiting})),
    )
    if admission.stops:
        return replace(made, state=State.FORBIDDEN, because=tuple(dict.fromkeys(f.says for f in admission.stops)))
    bare = [trade.rule for trade in trades if not trade.against]
    if bare:
        says = phrase("nothing that was measured or testified stands against the caution {rule}", rule=", ".join(bare))
        return replace(made, state=State.FORBIDDEN, because=(says,))
    return made


def counterweights(plan: Plan, cautions: Sequence[Finding], given: Given) -> dict[str, tuple[Phrase, ...]]:
    """What may be set against each caution that the plan goes beyond, by rule; empty where nothing may.

    A defence counts that was measured, and only against a rule that says it can be countered so: that a text can be
    told from people's does not help whoever is named in the data. A benefit counts that somebody testifies to, that
    serves somebody at its least, whom the plan gives what they need, at once or at a stage; and only of the very
    component that the caution keeps back. Where a rule bears on several components, each needs something against it.
    """
    found: dict[str, list[tuple[Phrase, ...]]] = {}
    for finding in sorted(cautions, key=lambda f: (f.rule, f.component or "")):
        found.setdefault(finding.rule, []).append(_counters(plan, finding, given))
    return {
        rule: tuple(dict.fromkeys(says for one in every for says in one)) if all(every) else ()
        for rule, every in found.items()
    }


def _counters(plan: Plan, caution: Finding, given: Given) -> tuple[Phrase, ...]:
    main = main_component(given.candidate)
    every = [{Component(n): r for n, r in plan.at(k) if n in set(Component)} for k in range(len(plan.stages) + 1)]
    measured = [
        phrase(
            "the defence in {language}, measured: at least {low:.0%} told apart", language=k.language, low=k.share.low
        )
        for k in given.defence
        if k.share is not None and k.share.basis is Basis.MEASURED and k.share.low > 0
    ]
    testified = [
        phrase("{who}: {low:,.0f} to {high:,.0f} {unit}", who=b.who, low=b.amount.low, high=b.amount.high, unit=b.unit)
        for b in given.worth.benefits
        if b.basis is Ground.TESTIFIED and b.amount.low > 0
        if any(of is not None and caution.component in (None, of) for of in (served_by(b, r, main) for r in every))
    ]
    return (
        *(measured if Counterweight.DEFENCE in caution.countered_by else ()),
        *(testified if Counterweight.BENEFIT in caution.countered_by else ()),
    )


def closes(plan: Plan, worlds: Worlds) -> bool:
    """Whether the plan keeps its main component from anyone at first."""
    main = main_component(worlds.given.candidate)
    return main is not None and not to_anyone(stretches(plan, worlds.given.day)[0].rungs[main])


def weigh_plans(
    rows: Sequence[PlanRow], worlds: Worlds, market: Market
) -> tuple[tuple[Fair, ...], tuple[PlanRow, ...]]:
    """The plans in the running with what they come to, and those that are out, each with the reason."""
    counts = counts_of(worlds)
    fair = [Fair(row=row, valued=value(row.plan, market, counts)) for row in rows if row.state is State.IN]
    out = [row for row in rows if row.state is not State.IN]
    fair, unshown = _justified(fair, worlds)
    fair, beaten = _unbeaten(fair)
    return tuple(fair), (*out, *unshown, *beaten)


def _justified(fair: Sequence[Fair], worlds: Worlds) -> tuple[list[Fair], list[PlanRow]]:
    """Whoever closes shows what that buys, unless nothing that opens is left."""
    if not worlds.given.is_misuse or all(closes(f.row.plan, worlds) for f in fair):
        return list(fair), []
    kept, out = [], []
    for f in fair:
        why = _buys_nothing(f, worlds) if closes(f.row.plan, worlds) else None
        if why is None:
            kept.append(f)
        else:
            out.append(replace(f.row, state=State.UNJUSTIFIED, because=(why,)))
    return kept, out


def _buys_nothing(fair: Fair, worlds: Worlds) -> Phrase | None:
    if worlds.remade is None:
        return phrase("it withholds, and what that buys is not known: {why}", why=str(worlds.why_not))
    most = max(interval(row).high for row in fair.valued.deterred)
    if most < LEAST_BOUGHT:
        most = max(most, resolution(worlds.given.actors_per_world))
        return phrase("it withholds, and deters at most {most:.2g} % of any kind of actor", most=100 * most)
    return None


def resolution(actors: int) -> float:
    """The largest share of which none is seen among so many actors with one chance in twenty."""
    return float(1 - 0.05 ** (1 / actors))


def _unbeaten(fair: Sequence[Fair]) -> tuple[list[Fair], list[PlanRow]]:
    kept, out = [], []
    for f in fair:
        by = next((o for o in fair if o is not f and beats(o.valued.counts, f.valued.counts)), None)
        if by is None:
            kept.append(f)
        else:
            says = phrase("{plan} is at least as good on every count", plan=by.row.plan.name)
            out.append(replace(f.row, state=State.BEATEN, because=(says,), beaten_by=by.row.plan.name))
    return kept, out


def choose(fair: Sequence[Fair], weights: Array) -> Choice:
    """Which of these plans most weightings prefer."""
    if not fair:
        return Choice(wins={})
    worth, order = worth_of(fair)
    won = np.bincount(winners(worth.mean(axis=0), weights, order), minlength=len(fair))
    wins = {f.row.plan.name: _share_won(int(k), len(weights)) for f, k in zip(fair, won, strict=True)}
    most = max(wins.values(), key=lambda q: q.value)
    tied = [f for f in fair if wins[f.row.plan.name].high >= most.low]
    best = max(tied, key=lambda f: (f.row.undoing, wins[f.row.plan.name].value))
    names = tuple(f.row.plan.name for f in tied if f is not best)
    return Choice(wins=wins, preferred=best.row.plan.name, tied=names)


def worth_of(fair: Sequence[Fair]) -> tuple[Array, Array]:
    """Counts of shape (worlds, plans, counts), and how far each plan can be undone."""
    return np.stack([f.valued.counts for f in fair], axis=1), np.array([f.row.undoing for f in fair])


def _share_won(k: int, n: int) -> Quantity:
    i = clopper_pearson(k, n)
    return Quantity(
        metric="weightings-won", value=i.value, low=i.low, high=i.high, confidence=0.95, unit="1", n=n,
        n_of="drawn weighting", basis=Basis.ASSUMED,
    )  # fmt: skip


def by_name(fair: Sequence[Fair]) -> Mapping[str, Fair]:
    """The plans in the running, by name."""
    return {f.row.plan.name: f for f in fair}

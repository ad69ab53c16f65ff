"""The pool under attack: every attack at two strengths, on both sides, with the normaliser in front and without."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import t as student

from weighbridge.core.evidence import Quantity, Silent
from weighbridge.core.wording import Phrase
from weighbridge.maths.proportions import Interval, corrected, lead
from weighbridge.maths.resampling import share
from weighbridge.probekit.ports import Bools, Floats, Ints, Rewriter
from weighbridge.probes.detectability import notes
from weighbridge.probes.detectability.attacks import ATTACKS, Attack, Attacked
from weighbridge.probes.detectability.attacks import attacked as by_attack
from weighbridge.probes.detectability.measuring import Turn
from weighbridge.probes.detectability.normal import normal
from weighbridge.probes.detectability.pool import Pool
from weighbridge.probes.detectability.ranked import CONFIDENCE, Teller, smallest
from weighbridge.probes.detectability.sample import Sample, joined

LEVEL = 0.05
STRENGTHS = ("light", "heavy")
WITH, WITHOUT = "with", "without"
NONE, PARAPHRASE = "none", "paraphrase"
_LEAST_CHANGED = 20  # texts of a side that an attack must apply to, else it is not told; ours

Fit = Callable[[Sample, Sample, str, bool], Pool]
"""Makes a pool: what learns, what sets the thresholds, a name for its chance, whether with the normaliser in front."""
Columns = Callable[[Sequence[str]], Floats]
"""What the model itself says of each text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What attacks are made with."""

    each: int  # texts of each side
    fit: Fit
    columns: Columns | None
    rewriter: Rewriter | None
    rng: Callable[[str], np.random.Generator]
    tick: Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Front:
    """What is attacked in one turn: test texts, and the pools that have seen nothing of their sources."""

    turn: Turn
    sample: Sample  # everything; the turn says which rows learn
    rows: Ints
    pools: dict[str, Pool]  # with and without the normaliser


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Blow:
    """One attack at one strength on the texts of all fronts."""

    attack: str
    strength: str
    made: tuple[Sample, ...]  # by front
    is_changed: tuple[Bools, ...]
    edits: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cell:
    """What the pool says after a blow; rows that the attack changed alone."""

    attack: str
    strength: str
    normaliser: str
    is_machine: Bools
    groups: Ints
    flags: Bools  # by the pool
    members: Bools  # shape (n, members): by each alone
    edits: Floats


def attacked(
    sample: Sample, turns: tuple[Turn, ...], means: Means, teller: Teller
) -> tuple[list[Quantity], tuple[Phrase, ...]]:
    """Every attack, the worst of them, and one round in which the pool learns from it."""
    fronts = _fronts(sample, turns, means)
    clean = Blow(
        attack=NONE, strength=STRENGTHS[0], made=tuple(f.sample.at(f.rows) for f in fronts),
        is_changed=tuple(np.ones(len(f.rows), dtype=np.bool_) for f in fronts), edits=np.zeros(0),
    )  # fmt: skip
    blows, untried, told = _blows(clean.made, means)
    cells = [_cell(blow, fronts, mode, means) for blow in (*blows, clean) for mode in (WITH, WITHOUT)]
    found = [*_rates(cells, teller), *_edits(cells)]
    worst = {mode: _worst([c for c in cells if c.normaliser == mode], teller) for mode in (WITH, WITHOUT)}
    for mode, (_cell_of, quantity) in worst.items():
        found.append(replace(quantity, by=(("normaliser", mode),)))
    hardest, before = worst[WITH]
    found += [replace(before, by=()), *_gains(cells, teller)]
    found += _round(hardest, before, fronts, (*blows, clean), means, teller)
    n = int(min(sum(m.is_machine.sum() for m in clean.made), sum((~m.is_machine).sum() for m in clean.made)))
    bare = worst[WITHOUT][0]
    return found, (*notes.of_attacks(n, untried, _name(hardest), _name(bare)), *told)


def _name(cell: Cell) -> str:
    return cell.attack if cell.attack == NONE else f"{cell.attack} ({cell.strength})"


def _fronts(sample: Sample, turns: tuple[Turn, ...], means: Means) -> tuple[Front, ...]:
    """As many turns as it takes to have enough test texts of each side."""
    left = {False: means.each, True: means.each}
    made: list[Front] = []
    for number, turn in enumerate(turns):
        rows = []
        for side in (False, True):
            here = turn.split.test[sample.is_machine[turn.split.test] == side]
            picked = np.sort(means.rng(f"rows-{number}-{side}").permutation(here)[: left[side]])
            left[side] -= len(picked)
            rows.append(picked)
        if not any(map(len, rows)):
            break
        pools = {WITHOUT: turn.pool, WITH: _normalised(turn, sample, number, means)}
        made.append(Front(turn=turn, sample=sample, rows=np.concatenate(rows), pools=pools))
    return tuple(made)


def _normalised(turn: Turn, sample: Sample, number: int, means: Means) -> Pool:
    """The pool with the normaliser in front; where that changes no text that it learns from, the same pool."""
    learns = (*turn.split.train.tolist(), *turn.split.calibrate.tolist())
    if all(normal(sample.texts[row]) == sample.texts[row] for row in learns):
        return replace(turn.pool, normalised=True)
    return means.fit(sample.at(turn.split.train), sample.at(turn.split.calibrate), f"normalised-{number}", True)


def _blows(clean: tuple[Sample, ...], means: Means) -> tuple[list[Blow], list[str], tuple[Phrase, ...]]:
    """Every attack that applies, and which do not."""
    blows: list[Blow] = []
    untried: list[str] = []
    for attack in ATTACKS:
        for strength, share_of in zip(STRENGTHS, attack.strengths, strict=True):
            rng = means.rng(f"{attack.name}-{strength}")
            blow = _struck(attack, strength, [by_attack(sample, attack, share_of, rng) for sample in clean])
            if _applies(blow):
                blows.append(blow)
            elif attack.name not in untried:
                untried.append(attack.name)
        means.tick(len(blows), 2 * len(ATTACKS))
    told: tuple[Phrase, ...] = ()
    if means.rewriter is not None:
        try:
            blows.append(_rewritten(clean, means.rewriter, means))
            told = (means.rewriter.says,)
        except Silent as silent:
            told = (notes.of_paraphrase(silent.outcome),)
    return blows, untried, told


def _struck(attack: Attack, strength: str, made: list[Attacked]) -> Blow:
    return Blow(
        attack=attack.name, strength=strength, made=tuple(m.sample for m in made),
        is_changed=tuple(m.is_changed for m in made), edits=np.concatenate([m.edits for m in made]),
    )  # fmt: skip


def _applies(blow: Blow) -> bool:
    """Whether it changed enough of both sides."""
    machine = np.concatenate([sample.is_machine for sample in blow.made])
    changed = np.concatenate(blow.is_changed)
    return min(int((changed & machine).sum()), int((changed & ~machine).sum())) >= _LEAST_CHANGED


def _rewritten(clean: tuple[Sample, ...], rewriter: Rewriter, means: Means) -> Blow:
    """The user's own command, on both sides."""
    seed = int(means.rng(PARAPHRASE).integers(2**31))
    made = [
        sample.saying(tuple(rewriter.rewrite(sample.texts, seed=seed, tick=lambda: means.tick(0, 1))))
        for sample in clean
    ]
    changed = [
        np.asarray([a != b for a, b in zip(old.texts, new.texts, strict=True)], dtype=np.bool_)
        for old, new in zip(clean, made, strict=True)
    ]
    return Blow(
        attack=PARAPHRASE, strength=STRENGTHS[1], made=tuple(made), is_changed=tuple(changed), edits=np.zeros(0)
    )


def _cell(blow: Blow, fronts: tuple[Front, ...], mode: str, means: Means) -> Cell:
    """What the pools of all fronts say after it."""
    return _said(blow, [front.pools[mode] for front in fronts], mode, means)


def _said(blow: Blow, pools: list[Pool], mode: str, means: Means) -> Cell:
    flags, members = [], []
    for sample, pool in zip(blow.made, pools, strict=True):
        found = pool.scored(_with_columns(sample, mode, blow, means))
        flags.append(found.min_p_p <= LEVEL)
        members.append(found.p_values <= LEVEL)
    means.tick(0, 1)
    kept = np.concatenate(blow.is_changed)
    return Cell(
        attack=blow.attack, strength=blow.strength, normaliser=mode,
        is_machine=np.concatenate([s.is_machine for s in blow.made])[kept],
        groups=np.concatenate([s.groups for s in blow.made])[kept], flags=np.concatenate(flags)[kept],
        members=np.concatenate(members)[kept], edits=blow.edits,
    )  # fmt: skip


def _with_columns(sample: Sample, mode: str, blow: Blow, means: Means) -> Sample:
    """What the model says of the texts as the pool will read them."""
    if means.columns is None or blow.attack == NONE:
        return sample
    read = [normal(text) for text in sample.texts] if mode == WITH else list(sample.texts)
    return replace(sample, columns=means.columns(read))


def _rates(cells: list[Cell], teller: Teller) -> Iterator[Quantity]:
    tried = [cell for cell in cells if cell.attack != NONE]
    each = corrected(CONFIDENCE, len(tried))
    for cell in tried:
        by = (("attack", cell.attack), ("strength", cell.strength), ("normaliser", cell.normaliser))
        for metric, side in (("attack-tpr", cell.is_machine), ("attack-fpr", ~cell.is_machine)):
            if side.any():
                yield teller.share(metric, cell.flags[side], cell.groups[side], by, each)


def _edits(cells: list[Cell]) -> Iterator[Quantity]:
    """How much of a text each attack changes: the mean, by Student's t."""
    for cell in cells:
        n = len(cell.edits)
        if cell.normaliser == WITH and n > 1:
            mean = float(cell.edits.mean())
            reach = float(student.ppf((1 + CONFIDENCE) / 2, n - 1) * cell.edits.std(ddof=1) / np.sqrt(n))
            yield Quantity(
                metric="attack-edits", value=mean, low=max(0.0, mean - reach), high=min(1.0, mean + reach),
                confidence=CONFIDENCE, unit="1", n=n, n_of="text",
                by=(("attack", cell.attack), ("strength", cell.strength)),
            )  # fmt: skip


def _worst(cells: list[Cell], teller: Teller) -> tuple[Cell, Quantity]:
    """The blow after which least is found, or none where nothing hides more; the interval holds for the worst."""
    each = corrected(CONFIDENCE, len(cells))
    found = [
        teller.share("worst-attack-tpr", cell.flags[cell.is_machine], cell.groups[cell.is_machine], (), each)
        for cell in cells
    ]
    least = int(np.argmin([q.value for q in found]))
    return cells[least], teller.quantity("worst-attack-tpr", smallest(found), min(q.n for q in found))


def _gains(cells: list[Cell], teller: Teller) -> Iterator[Quantity]:
    """How much more the pool finds under each heavy attack than the detector that is best without one."""
    bare = [cell for cell in cells if cell.normaliser == WITHOUT]
    clean = next(cell for cell in bare if cell.attack == NONE)
    best = int(clean.members[clean.is_machine].mean(axis=0).argmax())
    tried = [cell for cell in bare if cell.attack != NONE and cell.strength == STRENGTHS[1]]
    each = corrected(CONFIDENCE, len(tried))
    half = corrected(each, 2)
    for cell in tried:
        side, groups = cell.is_machine, cell.groups[cell.is_machine]
        found = lead(share(cell.flags[side], groups, half), share(cell.members[side, best], groups, half))
        bounded = Interval(found.value, max(-1.0, found.low), min(1.0, found.high))
        yield teller.quantity("pool-gain-under-attack", bounded, int(side.sum()), (("attack", cell.attack),), each)


def _round(
    hardest: Cell, before: Quantity, fronts: tuple[Front, ...], blows: tuple[Blow, ...], means: Means, teller: Teller
) -> Iterator[Quantity]:
    """The pool learns from texts attacked in the worst way, and is attacked again in every way."""
    attack = next((attack for attack in ATTACKS if attack.name == hardest.attack), None)
    if attack is None:  # nothing hides better than a text as it is, or the user's command does, which is too dear
        return
    pools = []
    for number, front in enumerate(fronts):
        train = front.sample.at(front.turn.split.train)
        share_of = attack.strengths[STRENGTHS.index(hardest.strength)]
        made = by_attack(train, attack, share_of, means.rng(f"round-{number}")).sample
        if means.columns is not None:
            made = replace(made, columns=means.columns([normal(text) for text in made.texts]))
        calibrate = front.sample.at(front.turn.split.calibrate)
        pools.append(means.fit(joined(train, made), calibrate, f"round-{number}", True))
    after = _worst([_said(blow, pools, WITH, means) for blow in blows], teller)[1]
    for name, quantity in (("before", before), ("after", after)):
        yield replace(quantity, metric="adversarial-tpr", by=(("round", name),))

"""Every attack at every strength against a pool, without and with the normaliser; and one round of learning from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from weighbridge.probekit.ports import Floats
from weighbridge.probes.detectability.attacks import ATTACKS, Attack, Attacked, attacked
from weighbridge.probes.detectability.lexicon import OURS, Lists
from weighbridge.probes.detectability.pool import Pool, Scored
from weighbridge.probes.detectability.sample import Sample, Tick, joined, silent

LEVEL = 0.05  # p-value at which a text counts as caught, where the worst attack is looked for; ours

ColumnsOf = Callable[[Sequence[str]], Floats]
"""What the model itself says of texts, for the white-box member."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Means:
    """What somebody who attacks, and somebody who measures it, has at hand."""

    attacks: Sequence[Attack] = ATTACKS
    lists: Lists = OURS
    columns_of: ColumnsOf | None = None  # needed where the pool has a white-box member
    tick: Tick = silent


_DEFAULT = Means()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cell:
    """One attack at one strength, against one pool."""

    attack: str
    strength: float
    normalised: bool
    attacked: Attacked
    scored: Scored  # of all texts, those included that stand as they were


def grid(
    against: Sequence[Pool], sample: Sample, *, rng: np.random.Generator, means: Means = _DEFAULT
) -> Iterator[Cell]:
    """Cells in the order of attacks, strengths and pools; each pool is asked about the same attacked texts.

    An attack that is applicable to none of the texts gives no cell: ask `attacked` why.
    """
    rounds = [(attack, strength) for attack in means.attacks for strength in attack.strengths]
    for done, (attack, strength) in enumerate(rounds):
        means.tick(done, len(rounds))
        made = attacked(sample, attack, strength, rng, means.lists)
        if not made.is_changed.any():
            continue
        asked = _asked(made.sample, means.columns_of)
        for pool in against:
            yield Cell(
                attack=attack.name, strength=strength, normalised=pool.normalised, attacked=made,
                scored=pool.scored(asked),
            )  # fmt: skip


def _asked(sample: Sample, columns_of: ColumnsOf | None) -> Sample:
    """With what the model says of the texts as they are now."""
    return sample if columns_of is None else sample.saying(sample.texts, columns_of(sample.texts))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Round:
    """A pool that has learnt from its worst attack."""

    pool: Pool
    attack: str
    strength: float
    caught_before: float  # share of the model's training texts under that attack that the pool caught before


def adversarial_round(
    pool: Pool, train: Sample, calibrate: Sample, *, rng: np.random.Generator, means: Means = _DEFAULT
) -> Round | None:
    """Find the attack that hides most of the model's training texts from the pool, and teach another pool to see them.

    Texts of both kinds are attacked for it, so that what is learnt is not the attack. Calibration is as before, on
    people's texts as they are. None where no attack is applicable.
    """
    found: list[tuple[float, int, Attack, float]] = []
    for cell in grid([pool], train.machine, rng=rng, means=means):
        caught = float((np.minimum(cell.scored.stack_p, cell.scored.min_p_p) <= LEVEL / 2).mean())
        attack = next(attack for attack in means.attacks if attack.name == cell.attack)
        found.append((caught, len(found), attack, cell.strength))
    if not found:
        return None
    caught, _, attack, strength = min(found)
    made = attacked(train, attack, strength, rng, means.lists)
    more = joined(train, _asked(made.sample.at(made.is_changed), means.columns_of))
    taught = Pool.fit(more, calibrate, rng=rng, tick=means.tick, normalised=pool.normalised, only=pool.names)
    return Round(pool=taught, attack=attack.name, strength=strength, caught_before=caught)

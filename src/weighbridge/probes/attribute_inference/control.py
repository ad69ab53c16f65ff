"""The positive control: the same attack on a model that was made to know half of some members by heart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from weighbridge.probekit.ports import Bench, Ints, Recipe
from weighbridge.probes.attribute_inference.attack import Rows, guesses, put_in
from weighbridge.probes.attribute_inference.values import Candidates


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """What came of one column: rows that the copy was made from, and rows of the same kind that it never saw."""

    name: str
    hits_in: int
    n_in: int
    hits_out: int
    n_out: int


def control(recipe: Recipe, rows: Rows, found: Sequence[Candidates], bench: Bench, most: int) -> tuple[Control, ...]:
    """One copy, made from a random half of at most `most` members, is asked about every candidate of every column.

    Raises
    ------
    Silent
        Where the recipe gives no model.
    """
    members = np.flatnonzero(rows.is_member)
    chosen = bench.generator("control").permutation(members)[:most]
    half = len(chosen) // 2
    if not half:
        return ()
    own = rows.inputs.take(pa.array(chosen))
    asked = pa.concat_tables([own, *(put_in(own, rows.inputs, each) for each in found)])
    targets = np.tile(rows.targets[chosen], 1 + sum(each.n for each in found))
    subset = np.zeros((1, len(targets)), dtype=bool)
    subset[0, :half] = True
    seed = int(bench.generator("control", "copy").integers(2**31))
    bench.progress(0, 1, "models")

    def stop(done: int) -> None:
        bench.progress(done, 1, "models")

    chances = next(iter(recipe.overfitted.shadows(asked, targets, subset, seed=seed, stop=stop)))
    made, start = [], len(chosen)
    for each in found:
        end = start + len(chosen) * each.n
        under = chances[start:end].reshape(each.n, len(chosen), -1)
        right = under[:, np.arange(len(chosen)), rows.targets[chosen]].T
        draws = bench.generator("control", "ties", each.column).random(len(chosen))
        made.append(_counted(each, each.truth[chosen], guesses(right, draws), half))
        start = end
    return tuple(made)


def _counted(found: Candidates, truth: Ints, guessed: Ints, half: int) -> Control:
    """The first half was learnt by heart."""
    sides = [(truth[side], guessed[side]) for side in (slice(0, half), slice(half, None))]
    (hits_in, n_in), (hits_out, n_out) = ((int(((t == g) & (t >= 0)).sum()), int((t >= 0).sum())) for t, g in sides)
    return Control(name=found.name, hits_in=hits_in, n_in=n_in, hits_out=hits_out, n_out=n_out)

"""The attack: values are hashed and looked up among the tokens of all columns at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import poisson

from weighbridge.probekit.ports import Ints
from weighbridge.probes.reversible_pseudonyms.recipes import Recipe, hashed, recipes
from weighbridge.probes.reversible_pseudonyms.tokens import Tokens, look_up

_BY_CHANCE = 1e-6  # of as many hits by chance, where hashes are so short that there are some; ours
_LONG = 8  # bytes from which no hit is chance

Tick = Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Values of one kind: those that are tried, of how many there are; and some of which we make hashes ourselves."""

    kind: str
    says: str
    size: int
    batches: Iterable[list[bytes]]
    planted: Sequence[bytes]
    every: bool = False  # by every recipe, rare ones too


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What came of trying one kind on one column: how many different tokens a recipe gave back."""

    kind: str
    says: str
    size: int
    tried: int
    tokens: Tokens
    recipe: Recipe
    hits: int

    @property
    def part(self) -> float:
        """The part of all there is that was tried."""
        return min(1.0, self.tried / max(1, self.size))


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What came of one kind on all columns; and of the hashes that we made ourselves."""

    kind: str
    says: str
    size: int
    trials: tuple[Trial, ...]  # those that gave tokens back
    tried: int
    planted: int
    planted_found: int


def attempt(columns: Sequence[Tokens], candidates: Candidates, tick: Tick) -> Attempt:
    """Hash what is tried by every recipe that gives hashes as long as a column's, and look for it there.

    Tokens that come back are marked as found. Of hashes shorter than eight bytes some come back by chance: they count
    only where there are more than chance gives.
    """
    lengths = sorted({t.form.length for t in columns})
    own = {length: _planted(candidates.planted, length) for length in lengths}
    seen: dict[int, set[int]] = defaultdict(set)
    hits: dict[tuple[int, int], list[Ints]] = defaultdict(list)
    tried = 0
    for values in candidates.batches:
        tick()
        tried += len(values)
        for length in lengths:
            for n, recipe in enumerate(recipes(length, every=candidates.every)):
                made = hashed(recipe, values, length)
                for at, tokens in enumerate(columns):
                    if tokens.form.length == length:
                        place = tokens.where(made)
                        hits[at, n].append(np.unique(place[place >= 0]))
                if n == 0:
                    seen[length].update(i for i in look_up(own[length], made).tolist() if i >= 0)
    trials = [_trial(columns[at], n, parts, candidates, tried) for (at, n), parts in hits.items()]
    return Attempt(
        kind=candidates.kind, says=candidates.says, size=candidates.size,
        trials=tuple(t for t in trials if t is not None), tried=tried, planted=sum(len(rows) for rows in own.values()),
        planted_found=sum(len(found) for found in seen.values()),
    )  # fmt: skip


def _trial(tokens: Tokens, n: int, parts: Sequence[Ints], candidates: Candidates, tried: int) -> Trial | None:
    places = np.unique(np.concatenate([np.zeros(0, np.int64), *parts]))
    length = tokens.form.length
    chance = tokens.n * tried / 256.0**length
    if not len(places) or (length < _LONG and len(places) <= poisson.ppf(1 - _BY_CHANCE, chance)):
        return None
    tokens.found[places] = True
    return Trial(
        kind=candidates.kind, says=candidates.says, size=candidates.size, tried=min(tried, candidates.size),
        tokens=tokens, recipe=recipes(length, every=candidates.every)[n], hits=len(places),
    )  # fmt: skip


def _planted(values: Sequence[bytes], length: int) -> np.ndarray:
    """Hashes of our own, in order, by the first recipe of this length."""
    if not values:
        return np.zeros((0, length), dtype=np.uint8)
    return np.unique(hashed(recipes(length, every=False)[0], values, length), axis=0)

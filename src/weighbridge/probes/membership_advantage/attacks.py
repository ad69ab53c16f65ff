"""The attacks: scores of every record, high for those that the classifier was trained on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import pyarrow as pa

from weighbridge.core.evidence import Silent
from weighbridge.maths.membership import (
    ShadowSums,
    complementary_halves,
    disjoint_parts,
    group_means,
    lira_offline_scores,
    lira_online_scores,
    loss_scores,
    probability_floor,
    ratio_scores,
)
from weighbridge.probekit.learner import cross_predicted
from weighbridge.probekit.ports import Bench, Bools, Floats, Ints, Recipe

BLOCK = 8  # models by ratio are made in blocks of this size, each kept: to look again with 16 makes 8 more
_FOLDS = 5  # of the stand-in


class Attack(StrEnum):
    """As on the card's axis."""

    TREE_POOL = "tree-pool"
    RATIO = "ratio"
    LIRA_OFFLINE = "lira-offline"
    LIRA_ONLINE = "lira-online"
    STAND_IN = "stand-in-ratio"
    LOSS = "loss"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What will be tried, fixed before anything is drawn or looked at."""

    headline: Attack
    models: int  # to be made from the recipe
    rows: int  # of each kind
    block: int = BLOCK  # how many models are made, and kept, at a time


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pool:
    """Training records and others, one after the other; arrays of shape (n,)."""

    inputs: pa.Table
    targets: Ints
    is_member: Bools
    persons: Ints  # numbered from 0 without a gap; a person is a member with all records, or with none

    @property
    def n(self) -> int:
        """Records."""
        return len(self.targets)

    @property
    def n_persons(self) -> int:
        """Persons; as many as records where each is of its own."""
        return int(self.persons.max()) + 1

    @property
    def is_by_person(self) -> bool:
        """Whether somebody has several records."""
        return self.n_persons < self.n

    @property
    def member_persons(self) -> Bools:
        """Which persons are members: shape (n_persons,)."""
        return group_means(self.is_member.astype(np.float64), self.persons) > 0.5

    def parts(self, models: int) -> int:
        """In how many parts the records are shared out, so that a model sees about as many as there are members.

        A power of two, with which the models can be shared out evenly, and each record is seen by at least two.
        """
        wanted, parts = self.n_persons / max(1, int(self.member_persons.sum())), 2
        while 2 * parts <= wanted and models % (2 * parts) == 0 and models >= 4 * parts:
            parts *= 2
        return parts

    def part(self, rows: Ints) -> Pool:
        """Only these records, their persons numbered anew."""
        persons = np.unique(self.persons[rows], return_inverse=True)[1].ravel().astype(np.int64)
        return Pool(
            inputs=self.inputs.take(pa.array(rows)), targets=self.targets[rows], is_member=self.is_member[rows],
            persons=persons,
        )  # fmt: skip

    def of_targets(self, probabilities: Floats) -> Floats:
        """What each record's right answer was given, of probabilities of shape (n, classes)."""
        return np.asarray(probabilities[np.arange(self.n), self.targets], dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scored:
    """What the attacks say of each person of a pool, shape (n_persons,), and who is a member."""

    headline: Attack
    by_attack: dict[Attack, Floats]
    by_label: Floats  # of the headline, when it sees only whether the answer is right
    is_member: Bools

    def parted(self, attack: Attack | None = None) -> tuple[Floats, Floats]:
        """Scores of members and of others; of the label alone where no attack is named."""
        scores = self.by_label if attack is None else self.by_attack[attack]
        return scores[self.is_member], scores[~self.is_member]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attacker:
    """Who tries, with what."""

    bench: Bench
    recipe: Recipe | None  # of the models to compare with
    plan: Plan

    def attack(self, pool: Pool, probabilities: Floats, name: str) -> Scored:
        """Score every person; a person's score is the mean over their records.

        Parameters
        ----------
        probabilities : of the model that is tried, shape (n, classes)
        name : of what is attacked; random streams and what is kept go by it
        """
        p = pool.of_targets(probabilities)
        right = (probabilities.argmax(axis=1) == pool.targets).astype(np.float64)
        by_attack, by_label = self._scores(pool, p, right, name)
        return Scored(
            headline=next(iter(by_attack)),
            by_attack={attack: group_means(scores, pool.persons) for attack, scores in by_attack.items()},
            by_label=group_means(by_label, pool.persons),
            is_member=pool.member_persons,
        )

    def _scores(self, pool: Pool, p: Floats, right: Floats, name: str) -> tuple[dict[Attack, Floats], Floats]:
        """Of each record, the headline first; and the headline's from the label alone."""
        loss = {Attack.LOSS: loss_scores(p)}
        if self.recipe is None:
            out = self._stand_in(pool, name) if self.plan.headline is Attack.STAND_IN else None
            if out is None:
                return loss, right
            return {Attack.STAND_IN: ratio_scores(p, out), **loss}, ratio_scores(right, out)
        floor = probability_floor(p)
        sums = self._shadows(self.recipe, pool, floor, name)
        out = sums.mean_out
        made = {self.plan.headline: ratio_scores(p, out)}
        if self.plan.headline is Attack.RATIO:
            made[Attack.LIRA_OFFLINE] = lira_offline_scores(p, sums, floor)
            made[Attack.LIRA_ONLINE] = lira_online_scores(p, sums, floor)
        return made | loss, ratio_scores(right, out)

    def _shadows(self, recipe: Recipe, pool: Pool, floor: float, name: str) -> ShadowSums:
        """Models on disjoint parts of the persons, block after block."""
        sums: ShadowSums | None = None
        for start in range(0, self.plan.models, self.plan.block):
            size = min(self.plan.block, self.plan.models - start)
            key = f"{name}/{self.plan.headline}/{start}+{size}/{pool.n}/{int(pool.is_member.sum())}"
            made = ShadowSums(self.bench.once(key, _Block(self, recipe, pool, floor, (name, start, size)).rows))
            sums = made if sums is None else sums + made
        assert sums is not None  # noqa: S101  a plan has at least two models
        return sums

    def _stand_in(self, pool: Pool, name: str) -> Floats | None:
        """What a model of another kind, fitted here, says of records that it has not seen; None where none can be."""
        if int((np.bincount(pool.targets) > 1).sum()) < 2:
            return None
        seed = int(self.bench.generator(name, "stand-in").integers(2**31))
        n_classes = int(pool.targets.max()) + 1

        def make() -> Floats:
            made = cross_predicted(
                pool.inputs, pool.targets, n_classes=n_classes, groups=pool.persons, folds=_FOLDS, seed=seed
            )
            return pool.of_targets(made)

        try:
            return self.bench.once(f"{name}/stand-in/{pool.n}/{int(pool.is_member.sum())}", make)
        except Silent:  # scikit-learn is not installed
            return None


@dataclass(frozen=True, slots=True)
class _Block:
    """Some models, to be made where they are not kept already."""

    attacker: Attacker
    recipe: Recipe
    pool: Pool
    floor: float
    place: tuple[str, int, int]  # name of what is attacked, number of the first model, how many

    def rows(self) -> Floats:
        name, start, size = self.place
        bench, pool = self.attacker.bench, self.pool
        parts = pool.parts(size)
        seen = disjoint_parts(pool.n_persons, size, parts, bench.generator(name, "halves", str(start)))
        subsets = seen[:, pool.persons]
        seed = int(bench.generator(name, "models", str(start)).integers(2**31))
        return ShadowSums.of(self._probabilities(subsets, seed), subsets, self.floor).rows

    def _probabilities(self, subsets: Bools, seed: int) -> Iterator[Floats]:
        start = self.place[1]

        def tick(made: int) -> None:
            self.attacker.bench.progress(start + made, self.attacker.plan.models, "models")

        for told in self.recipe.shadows(self.pool.inputs, self.pool.targets, subsets, seed=seed, stop=tick):
            yield self.pool.of_targets(told)


def known_by_heart(bench: Bench, recipe: Recipe, pool: Pool, most: int) -> tuple[Pool, Floats]:
    """Some records, and what a copy says of them that was made to know half of them by heart: its members."""
    order = bench.generator("control", "persons").permutation(pool.n_persons)
    place = np.empty(pool.n_persons, dtype=np.int64)
    place[order] = np.arange(pool.n_persons)
    rows = np.sort(np.argsort(place[pool.persons], kind="stable")[:most])
    part = pool.part(rows)
    half = complementary_halves(part.n_persons, 2, bench.generator("control", "half"))[0]
    part = replace(part, is_member=half[part.persons])
    seed = int(bench.generator("control", "copy").integers(2**31))

    def tick(made: int) -> None:
        bench.progress(made, 1, "models")

    def make() -> Floats:
        (told,) = recipe.overfitted.shadows(part.inputs, part.targets, part.is_member[None], seed=seed, stop=tick)
        return told

    return part, bench.once(f"control/copy/{part.n}/{pool.n}", make)

"""A known weight: a toy classifier that knows a share of its training records by heart, and no more of the rest.

A record is one number x. It holds how hard the record is: its right answer is 1 or 0 at random, and whoever has not
learnt it gives the answer 1 the probability x, so that the right answer gets g, uniform in (0.3, 0.6). What is known by
heart gets `SURE`, so much that its ratio lies above that of any record that is not: the ratios do not overlap.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from weighbridge.core.candidate import Candidate, Declared, Role, Subject
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.evidence import Asked, Evidence, Measured, Quantity
from weighbridge.core.wording import Phrase, phrase
from weighbridge.maths.roc import supports
from weighbridge.probekit.bench import MemoryBench, generator
from weighbridge.probekit.ports import Bools, Calibration, Examples, Floats, Ints, Recipe, Structure, Truth, Weight
from weighbridge.probes.membership_advantage.quantities import PER_FORM

SURE = 0.999
LEAST, MOST = 0.3, 0.6  # of g
_SHARE = 0.3  # of records that a planted toy knows by heart
_N = 1000  # of each kind: enough for 1 in 100, too few for 1 in 1000


@dataclass(frozen=True, slots=True, eq=False)
class Memory:
    """Records known by heart: their numbers, ascending, and their answers."""

    x: Floats
    answers: Ints

    def told(self, x: Floats) -> Floats:
        """Probabilities of 0 and 1 for each record."""
        ones = x.copy()
        if len(self.x):
            at = np.minimum(np.searchsorted(self.x, x), len(self.x) - 1)
            known = self.x[at] == x
            ones[known] = np.where(self.answers[at[known]] == 1, SURE, 1 - SURE)
        return np.stack([1 - ones, ones], axis=1)


@dataclass(slots=True, kw_only=True)
class ToyRecipe:
    """Knows by heart this share of the records that it is fitted on: always the same ones, whatever the others."""

    share: float
    says: Phrase = phrase("the toy is fitted anew")  # noqa: RUF009  a phrase never changes

    @property
    def bagged(self) -> Recipe | None:
        """It is no forest."""
        return None

    def fitted(self, x: Floats, targets: Ints) -> Memory:
        """What a model knows that is fitted on these records."""
        kept = np.flatnonzero(_lot(x) < self.share)
        order = kept[np.argsort(x[kept])]
        return Memory(x[order], targets[order])

    def shadows(
        self, inputs: pa.Table, targets: Ints, subsets: Bools, *, seed: int, stop: Callable[[int], None] | None = None
    ) -> Iterator[Floats]:
        """A model for each subset."""
        del seed
        x = _numbers(inputs)
        for made, subset in enumerate(subsets, 1):
            if stop is not None:
                stop(made)
            yield self.fitted(x[subset], targets[subset]).told(x)

    @property
    def overfitted(self) -> Recipe:
        """Knows all by heart."""
        return ToyRecipe(share=1.0)


@dataclass(slots=True, kw_only=True)
class ToyClassifier:
    """Answers from memory, and else as hard as the record is."""

    memory: Memory
    recipe: Recipe | None
    kind: str = "toy"
    classes: tuple[str, ...] = ("0", "1")
    inputs: tuple[str, ...] = ("x",)
    n_inputs: int = 1
    notes: tuple[Phrase, ...] = ()

    def predict_proba(self, inputs: pa.Table) -> Floats:
        """Probabilities of 0 and 1."""
        return self.memory.told(_numbers(inputs))

    def embed(self, inputs: pa.Table) -> Floats | None:
        """Nothing."""
        del inputs
        return None

    def structure(self) -> Structure:
        """Nothing that matters here."""
        none = np.zeros(0, dtype=np.int64)
        return Structure(
            instances=np.zeros((0, 1)),
            names_instances=False,
            leaves=none,
            untold_leaves=False,
            vocabulary=(),
            arrays=(),
        )


def _numbers(inputs: pa.Table) -> Floats:
    return np.asarray(inputs["x"], dtype=np.float64)


def _lot(x: Floats) -> Floats:
    """A number in [0, 1) that goes with the record and has nothing to do with how hard it is: its far digits."""
    return np.asarray((x * 2.0**20) % 1.0, dtype=np.float64)


def records(rng: np.random.Generator, n: int, label: str) -> Examples:
    """Random records, each of a person of its own."""
    answers = rng.integers(0, 2, n)
    g = rng.uniform(LEAST, MOST, n)
    x, group = np.where(answers == 1, g, 1 - g), rng.choice(["a", "b", "c"], n)
    return Examples(
        inputs=pa.table({"x": x}), targets=answers, beside=pa.table({"group": group}),
        labels=(label,) * n, records=np.arange(1, n + 1), persons=np.arange(n),
        declared=Declared(target="answer", sensitive=("group",)),
        n_records=n, n_repeated=0, n_shared=0, n_unlabelled=0,
    )  # fmt: skip


def gate(high: float = 0.52) -> Evidence:
    """What the shift gate would have found: members and others differ in nothing."""
    blind = Quantity(
        metric="blind-auc", value=0.5, low=1 - high, high=high, confidence=0.95, unit="1", n=_N, n_of="record",
        by=(("of", "table"),),
    )  # fmt: skip
    none = digest_of_bytes(b"")
    asked = Asked(
        candidate=none, reading=none, probe="shift-gate", version=1, settings=(), seed=0, budget_seconds=600.0
    )
    return Evidence(asked=asked, outcome=Measured(quantities=(blind,)))


def bench(seed: int, recipe: ToyRecipe, n: int = _N) -> MemoryBench:
    """A toy fitted on n records, beside n others."""
    rng = generator(seed, "membership-advantage")
    train, held_out = records(rng, n, "train.csv"), records(rng, n, "held-out.csv")
    memory = recipe.fitted(_numbers(train.inputs), train.targets)
    return MemoryBench(
        candidate=Candidate(name="toy", version="1", artefacts=(), subjects=(Subject.CLASSIFIER,)),
        seed=seed,
        the_classifier=ToyClassifier(memory=memory, recipe=recipe),
        examples_by_role={Role.TRAIN_DATA: train, Role.HELD_OUT: held_out},
        evidence_by_slug={"shift-gate": gate()},
    )


def _truths(share: float) -> Iterator[Truth]:
    """Over all such records. Of the others a third are guessed right, those with g above one half.

    From probabilities, what is known by heart lies above all others. From labels, a record known by heart with g below
    one half does (two thirds of them): it is right, and models that never saw it doubt it more than any other record
    that is right. One with g above one half lies among the others that are right, as any of them does.
    """
    right = (MOST - 0.5) / (MOST - LEAST)
    for form in ("bytes", "probabilities", "labels"):
        is_label, by = form == "labels", ("form", form)
        beats = (1 - right) + right * ((1 - right) + right / 2) if is_label else 1.0

        def found(fpr: float, *, is_label: bool = is_label) -> float:
            known = (1 - right) + right * min(1.0, fpr / right) if is_label else 1.0
            return share * known + (1 - share) * fpr

        yield Truth(metric="auc", value=share * beats + (1 - share) / 2, by=(by,))
        yield Truth(metric="tpr-at-fpr-1pct", value=found(0.01), by=(by,))
        yield Truth(metric="records-exposed", value=float(round(_N * (found(0.01) - 0.01))), by=(by,))
        for prior in ("0.5", "0.1", "0.01"):
            named = float(prior) * found(0.01), (1 - float(prior)) * 0.01
            yield Truth(metric="predictive-value", value=named[0] / sum(named), by=(by, ("prior", prior)))
        points = (f for f in (0.001, 0.01, 0.1) if supports(_N, f, 1 - (1 - PER_FORM) / 8))
        yield Truth(metric="epsilon-lower", value=max(math.log(found(f) / f) for f in points), by=(by,))


def _weight(seed: int, share: float) -> Weight:
    truths = [
        *_truths(share),
        Truth(metric="auc-of-attack", value=0.5 + share / 2, by=(("attack", "ratio"),)),
        Truth(metric="tpr-1pct-of-attack", value=share + (1 - share) * 0.01, by=(("attack", "ratio"),)),
        Truth(metric="auc-of-attack", value=0.5 + share / 2, by=(("attack", "loss"),)),
        Truth(metric="control-found", value=0.9),
    ]
    if share == 0:
        truths.append(Truth(metric="worst-slice-advantage", value=0.0))
    return Weight(bench=bench(seed, ToyRecipe(share=share)), truths=tuple(truths))


def null(seed: int) -> Weight:
    """A model that knows no record by heart."""
    return _weight(seed, 0.0)


def planted(seed: int) -> Weight:
    """A model that knows three records in ten by heart."""
    return _weight(seed, _SHARE)


CALIBRATION = Calibration(null=null, planted=planted)

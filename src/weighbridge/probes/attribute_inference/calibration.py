"""A known weight: a toy classifier that remembers a known share of its records, and knows the others by their kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from weighbridge.core.candidate import Candidate, Declared, Role, Subject
from weighbridge.core.canon import Digest
from weighbridge.core.evidence import Asked, Evidence, Measured, Quantity
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.bench import MemoryBench, generator
from weighbridge.probekit.ports import (
    Bools,
    Calibration,
    Examples,
    Floats,
    Ints,
    Recipe,
    Structure,
    Truth,
    Weight,
)

_N = 300
_LIKE = 0.75  # chance that a record has the value that goes with its kind, in the training data or not
_REMEMBERED = 0.8  # share of the training data that the leaky toy knows by heart
_VALUES = ("p", "q")
_SENSITIVE = ("status", "country")


@dataclass(slots=True, kw_only=True)
class ToyClassifier:
    """Tells the kind of a record; it is a little surer where the sensitive value goes with the kind.

    Of a record in its memory it is very sure, provided the sensitive value is the one that it saw.
    """

    memory: dict[str, str] = field(default_factory=dict)  # a record's key to its sensitive value
    kind: str = "toy"
    classes: tuple[str, ...] = _VALUES
    inputs: tuple[str, ...] = ("key", "kind", "status", "country")
    n_inputs: int = 4
    notes: tuple[Phrase, ...] = ()
    has_recipe: bool = True

    def predict_proba(self, inputs: pa.Table) -> Floats:
        """Probabilities of the two kinds."""
        keys, kinds, values = (inputs.column(name).to_pylist() for name in self.inputs[:3])
        sure = np.asarray([self._sure(*row) for row in zip(keys, kinds, values, strict=True)])
        is_second = np.asarray([kind == _VALUES[1] for kind in kinds])
        return np.stack([np.where(is_second, 1 - sure, sure), np.where(is_second, sure, 1 - sure)], axis=1)

    def _sure(self, key: str, kind: str, value: str) -> float:
        if key in self.memory:
            return 0.99 if self.memory[key] == value else 0.9
        return 0.8 if kind == value else 0.7

    def embed(self, inputs: pa.Table) -> Floats | None:
        """It computes nothing before its answer."""
        del inputs
        return None

    def structure(self) -> Structure:
        """Nothing is looked into."""
        return Structure(
            instances=np.zeros((0, 0)), names_instances=False, leaves=np.zeros(0, np.int64), untold_leaves=False,
            vocabulary=(), arrays=(),
        )  # fmt: skip

    @property
    def recipe(self) -> Recipe | None:
        """It can be made again."""
        return _ToyRecipe() if self.has_recipe else None


class _ToyRecipe:
    """Its copies know their records by heart."""

    says = phrase("a toy that remembers")
    bagged = None

    @property
    def overfitted(self) -> Recipe:
        """It is so already."""
        return self

    def shadows(
        self, inputs: pa.Table, targets: Ints, subsets: Bools, *, seed: int, stop: Callable[[int], None] | None = None
    ) -> Iterator[Floats]:
        """For each subset a toy that remembers it."""
        del targets, seed
        for made, subset in enumerate(subsets):
            if stop:
                stop(made)
            yield remembering(inputs.filter(pa.array(subset))).predict_proba(inputs)


def remembering(rows: pa.Table) -> ToyClassifier:
    """A toy that knows these rows by heart."""
    return ToyClassifier(
        memory=dict(zip(rows.column("key").to_pylist(), rows.column("status").to_pylist(), strict=True))
    )


def people(rng: np.random.Generator, n: int, label: str) -> Examples:
    """Records of which the share `_LIKE` has the sensitive value that goes with their kind; all are of one country."""
    kinds = rng.integers(0, 2, n)
    values = np.where(rng.random(n) < _LIKE, kinds, 1 - kinds)
    inputs = {
        "key": [f"the {label} record called {_spelt(n)}." for n in rng.permutation(8 * n)[:n].tolist()],
        "kind": [_VALUES[kind] for kind in kinds.tolist()],
        "status": [_VALUES[value] for value in values.tolist()],
        "country": ["here"] * n,
    }
    return Examples(
        inputs=pa.table(inputs), targets=kinds.astype(np.int64), beside=pa.table({"note": [""] * n}),
        labels=(f"{label}.csv",) * n, records=np.arange(1, n + 1), persons=np.arange(n),
        declared=Declared(sensitive=_SENSITIVE, target="answer"), n_records=n, n_repeated=0, n_shared=0,
        n_unlabelled=0,
    )  # fmt: skip


def _spelt(n: int) -> str:
    """A number in letters: a name from which no learner learns anything about others."""
    return "".join("bcdfghklmn"[int(digit)] for digit in f"{n:04}")


def gate(value: float, low: float, high: float) -> Evidence:
    """What the shift gate says of tables."""
    asked = Asked(
        candidate=Digest(""),
        reading=Digest(""),
        probe="shift-gate",
        version=1,
        settings=(),
        seed=0,
        budget_seconds=600.0,
    )
    blind = Quantity(
        metric="blind-auc", value=value, low=low, high=high, confidence=0.95, unit="1", n=_N, n_of="record",
        by=(("of", "table"),),
    )  # fmt: skip
    return Evidence(asked=asked, outcome=Measured(quantities=(blind,)))


def toy(seed: int, *, remembered: float) -> MemoryBench:
    """A bench with a toy that remembers about this share of its members, each by chance."""
    rng = generator(seed, "attribute-inference")
    members, others = people(rng, _N, "train"), people(rng, _N, "held-out")
    known = rng.random(_N) < remembered
    return MemoryBench(
        candidate=Candidate(name="toy", version="1", artefacts=(), subjects=(Subject.CLASSIFIER,)),
        seed=seed,
        the_classifier=remembering(members.inputs.filter(pa.array(known))),
        examples_by_role={Role.TRAIN_DATA: members, Role.HELD_OUT: others},
        evidence_by_slug={"shift-gate": gate(0.5, 0.48, 0.52)},
    )


def _weight(seed: int, *, remembered: float) -> Weight:
    status, country = ((("column", name),) for name in _SENSITIVE)
    gap = remembered * (1 - _LIKE)
    truths = (
        Truth(metric="members-share", value=_LIKE + gap, by=status),
        Truth(metric="others-share", value=_LIKE, by=status),
        Truth(metric="majority-share", value=0.5, by=status),
        Truth(metric="imputed-share", value=_LIKE, by=status),
        Truth(metric="inference-gap", value=gap, by=status),
        Truth(metric="inference-over-imputation", value=gap, by=status),
        Truth(metric="control-found", value=1 - _LIKE, by=status),
        Truth(metric="inference-gap", value=0.0, by=country),
        Truth(metric="worst-inference-gap", value=gap),
    )
    return Weight(bench=toy(seed, remembered=remembered), truths=truths, settings=(("folds", 2),))


def null(seed: int) -> Weight:
    """A toy that remembers nobody: what it tells, it tells of anybody of that kind."""
    return _weight(seed, remembered=0.0)


def planted(seed: int) -> Weight:
    """A toy that remembers most of its records."""
    return _weight(seed, remembered=_REMEMBERED)


CALIBRATION = Calibration(null=null, planted=planted)

"""A known weight: a toy that tells its own label, which goes with another label at a rate that is set."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from weighbridge.core.candidate import Candidate, Declared, Role, Subject
from weighbridge.core.wording import Phrase
from weighbridge.probekit.bench import MemoryBench, generator
from weighbridge.probekit.ports import Calibration, Examples, Floats, Recipe, Structure, Truth, Weight

_N = 400
_RIGHT = 0.9  # how often the toy's answer is its own label


class Toy:
    """Answers what stands in its one column."""

    kind = "toy"
    classes: tuple[str, ...] = ("complains", "is content")
    inputs: tuple[str, ...] = ("answer",)
    n_inputs = 1
    notes: tuple[Phrase, ...] = ()
    recipe: Recipe | None = None

    def predict_proba(self, inputs: pa.Table) -> Floats:
        """Sure of what it read."""
        first = np.asarray(inputs.column("answer"), dtype=np.float64)
        return np.stack([0.1 + 0.8 * first, 0.9 - 0.8 * first], axis=1)

    def embed(self, inputs: pa.Table) -> Floats | None:
        """It computes nothing before its answer."""
        del inputs
        return None

    def structure(self) -> Structure:
        """It holds nothing."""
        return Structure(
            instances=np.zeros((0, 0)), names_instances=False, leaves=np.zeros(0, np.int64), untold_leaves=False,
            vocabulary=(), arrays=(),
        )  # fmt: skip


def bench(
    seed: int, rates: tuple[float, float], *, n: int = _N, values: tuple[str, str] = ("yes", "no")
) -> MemoryBench:
    """Rows of which, with and without the other label, these shares get the first answer."""
    rng = generator(seed, "swapped-label")
    other = rng.random(n) < 0.5
    answer = rng.random(n) < np.where(other, *rates)
    own = np.where(rng.random(n) < _RIGHT, answer, ~answer)
    rows = Examples(
        inputs=pa.table({"answer": answer.astype(np.int64)}), targets=(~own).astype(np.int64),
        beside=pa.table({"other": [values[0] if one else values[1] for one in other.tolist()]}),
        labels=("held-out.csv",) * n, records=np.arange(1, n + 1), persons=np.arange(n),
        declared=Declared(target="own", other_label="other"), n_records=n, n_repeated=0, n_shared=0, n_unlabelled=0,
    )  # fmt: skip
    return MemoryBench(
        candidate=Candidate(name="toy", version="1", artefacts=(), subjects=(Subject.CLASSIFIER,)), seed=seed,
        the_classifier=Toy(), examples_by_role={Role.HELD_OUT: rows},
    )  # fmt: skip


def _weight(seed: int, rates: tuple[float, float]) -> Weight:
    """Of a row with the other label and one without, the best guess picks the right one 0.5 + half the difference."""
    own = 0.5 + (2 * _own_rates(rates) - 1) / 2
    truths = (
        Truth(metric="other-use-auc", value=0.5 + abs(rates[0] - rates[1]) / 2),
        Truth(metric="own-use-auc", value=own),
    )
    return Weight(bench=bench(seed, rates), truths=truths)


def _own_rates(rates: tuple[float, float]) -> float:
    """How often the answer is the own label, as the mean over both own labels."""
    share = sum(rates) / 2  # of the first answer, the other label being even
    first = _RIGHT * share / (_RIGHT * share + (1 - _RIGHT) * (1 - share))
    second = _RIGHT * (1 - share) / (_RIGHT * (1 - share) + (1 - _RIGHT) * share)
    return (first + second) / 2


def null(seed: int) -> Weight:
    """The answers say nothing of the other label."""
    return _weight(seed, (0.5, 0.5))


def planted(seed: int) -> Weight:
    """Whoever has the other label mostly gets the first answer."""
    return _weight(seed, (0.85, 0.15))


CALIBRATION = Calibration(null=null, planted=planted)

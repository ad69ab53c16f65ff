"""A known weight: two sides whose only difference is how often a mark stands in a record, at rates that are set."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from weighbridge.core.candidate import Candidate, Declared, Role, Subject
from weighbridge.probekit.bench import MemoryBench, MemoryTexts, generator
from weighbridge.probekit.ports import Bools, Calibration, Examples, Truth, Weight

_N = 120  # records of each side
_LETTERS = np.array(list("bcdfghjklmnpqrstvwxz"))
_PLACES = ("Ash", "Birch", "Cedar")


def _marked(rng: np.random.Generator, rate: float) -> Bools:
    return rng.random(_N) < rate


def _examples(rng: np.random.Generator, rate: float, n_shared: int) -> Examples:
    """Rows with a mark, a place that tells nothing, and an answer that tells nothing."""
    inputs = pa.table({"mark": _marked(rng, rate), "place": rng.choice(_PLACES, _N)})
    return Examples(
        inputs=inputs, targets=rng.integers(0, 2, _N), beside=inputs.select([]), labels=("rows.csv",) * _N,
        records=np.arange(1, _N + 1), persons=np.arange(_N), declared=Declared(target="answer"),
        n_records=_N + n_shared, n_repeated=0, n_shared=n_shared, n_unlabelled=0,
    )  # fmt: skip


def _texts(rng: np.random.Generator, rate: float) -> list[str]:
    """Notes of one length, each with a code of its own and one of two words."""
    codes = ["".join(letters) for letters in rng.choice(_LETTERS, (_N, 8))]
    return [
        f"{code} was {'kept' if marked else 'sold'}" for code, marked in zip(codes, _marked(rng, rate), strict=True)
    ]


def _weight(seed: int, rates: tuple[float, float], n_shared: int) -> Weight:
    """Two sides whose records have the mark at these rates, and so many held-out records that are training records too.

    Of a record with the mark and one without, the best guess is that the one with it is a member; all others are alike.
    So it is right half the time, and half the difference of the rates more often.
    """
    rng = generator(seed, "shift-gate")
    members, others = (_texts(rng, rate) for rate in rates)
    both = {
        Role.TRAIN_DATA: MemoryTexts(members),
        Role.HELD_OUT: MemoryTexts(others + members[:n_shared], label="held-out.jsonl"),
    }
    bench = MemoryBench(
        candidate=Candidate(name="toy", version="1", artefacts=(), subjects=(Subject.CLASSIFIER, Subject.CAUSAL_LM)),
        seed=seed,
        examples_by_role={
            Role.TRAIN_DATA: _examples(rng, rates[0], 0),
            Role.HELD_OUT: _examples(rng, rates[1], n_shared),
        },
        texts_by_role=both,
    )
    best = 0.5 + (rates[0] - rates[1]) / 2
    truths = [
        Truth(metric=metric, value=value, by=(("of", of),))
        for of in ("table", "text")
        for metric, value in (("blind-auc", best), ("shared-records", n_shared))
    ]
    return Weight(bench=bench, truths=tuple(truths), settings=(("folds", 2),))


def null(seed: int) -> Weight:
    """Both sides come from one source, and no record stands in both."""
    return _weight(seed, (0.5, 0.5), 0)


def planted(seed: int) -> Weight:
    """The mark stands in most members and in few others, and some records stand in both."""
    rng = generator(seed, "shift-gate", "planted")
    return _weight(seed, (0.85 + 0.1 * rng.random(), 0.15 + 0.1 * rng.random()), int(rng.integers(1, 9)))


CALIBRATION = Calibration(null=null, planted=planted)

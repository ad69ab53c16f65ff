"""How fast texts are hashed against scikit-learn, and what the whole grid of attacks on a pool of detectors costs.

    python benchmarks/detection.py [--rounds N] [--texts N]

Hashing: the same strings of two to five characters, counted into as many places, in documents per CPU second of one
thread; rounds whose order turns, median of the ratios within each round. Both count as many strings in each document,
which is checked. The kernel is compiled before, and how long that takes is told.

Grid: 1000 texts of people and 1000 of a machine, made here by two sources of words; all steps as the probe takes them:
duplicates, audit, format, length, five rotations of train, calibrate and test, in each a pool without and one with the
normaliser, ten attacks at two strengths on both kinds against both pools, and one adversarial round. CPU seconds, and
peak memory of this process.

Exits with 1 if a figure is missed: hashing at least 25 times as fast, the grid below 600 CPU seconds and 2 GB.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import argparse
import re
import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import HashingVectorizer

from weighbridge.maths.roc import auc
from weighbridge.probes.detectability import hashing
from weighbridge.probes.detectability.audit import audit
from weighbridge.probes.detectability.canonical import canonical, length_matched
from weighbridge.probes.detectability.duplicates import distinct
from weighbridge.probes.detectability.grid import adversarial_round, grid
from weighbridge.probes.detectability.pool import Pool, pools
from weighbridge.probes.detectability.sample import Sample, sample_of
from weighbridge.probes.detectability.splits import Split, rotations

# What the project set itself.
AT_LEAST_TIMES, AT_MOST_SECONDS, AT_MOST_BYTES = 25.0, 600.0, 2e9
WORDS, LENGTH = 4000, 150


def peak_bytes() -> int:
    """The most memory that this process held; what its parent held before it counts for nothing, as in `ru_maxrss`."""
    status = Path("/proc/self/status")
    found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="utf-8")) if status.exists() else None
    return int(found[1]) * 1024 if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main(arguments: list[str] | None = None) -> int:
    """Measure both, print, say whether a figure is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--texts", type=int, default=1000, help="of each kind; the figures hold for 1000")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    human, machine = texts(options.texts, options.seed)
    times = hashed([" ".join(text.split()) for text in (*human, *machine)], options.rounds)
    seconds = whole(sample_of(human, machine, paired=True, language="en"), options.seed)
    peak = peak_bytes()
    print(f"peak memory {peak / 1e9:.2f} GB, at most {AT_MOST_BYTES / 1e9:.0f}")
    met = (times >= AT_LEAST_TIMES, seconds <= AT_MOST_SECONDS, peak <= AT_MOST_BYTES)
    print("all figures met" if all(met) else "a figure is missed")
    return int(not all(met))


def texts(n: int, seed: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Texts of two sources that use the same words at rates that differ a little."""
    rng = np.random.default_rng(seed)
    letters, weights = list("etaoinshrdlcumwfgypbvk"), 1 / np.arange(3, 25)
    words = ["".join(rng.choice(letters, 1 + rng.poisson(3.7), p=weights / weights.sum())) for _ in range(WORDS)]
    words[:12] = ["the", "a", "of", "and", "to", "said", "important", "colour", "big", "started", "2019", "１７"]
    rates = 1 / np.arange(2, WORDS + 2)
    other = rates * np.exp(0.6 * rng.normal(size=WORDS))
    return tuple(tuple(_text(rng, words, rate / rate.sum()) for _ in range(n)) for rate in (rates, other))  # type: ignore[return-value]  # two kinds


def _text(rng: np.random.Generator, words: Sequence[str], rate: np.ndarray[tuple[int], np.dtype[np.float64]]) -> str:
    drawn = [words[i] for i in rng.choice(len(words), int(rng.integers(LENGTH - 40, LENGTH + 40)), p=rate)]
    for end in range(0, len(drawn), 14):
        drawn[end] = drawn[end].capitalize()
        drawn[end - 1] += "."
    return " ".join(drawn)


def hashed(documents: Sequence[str], rounds: int) -> float:
    """How many times as fast as scikit-learn; prints the figures."""
    theirs = HashingVectorizer(
        analyzer="char", ngram_range=(hashing.SHORTEST, hashing.LONGEST), n_features=1 << hashing.BITS,
        lowercase=False, norm=None, alternate_sign=False,
    )  # fmt: skip
    compiling = _cpu(lambda: hashing.counts(documents[:1]))
    ways: dict[str, Callable[[], object]] = {
        "ours": lambda: hashing.counts(documents),
        "numpy": lambda: hashing.counts(documents, by_numpy=True),
        "scikit-learn": lambda: theirs.transform(documents),
    }
    ours, again = hashing.counts(documents), hashing.counts(documents, by_numpy=True)
    for field in ("starts", "places", "counts"):
        assert np.array_equal(getattr(ours, field), getattr(again, field)), "the two ways differ"
    totals = np.add.reduceat(ours.counts, ours.starts[:-1])
    assert np.array_equal(totals, np.asarray(theirs.transform(documents).sum(axis=1)).ravel()), "other strings"
    taken: dict[str, list[float]] = {name: [] for name in ways}
    names = list(ways)
    for turn in range(rounds):
        for name in names[turn % 3 :] + names[: turn % 3]:
            taken[name].append(_cpu(ways[name]))
    for name, seconds in taken.items():
        print(f"hashing, {name}: {len(documents) / statistics.median(seconds):,.0f} documents per CPU second")
    ratios = [b / a for a, b in zip(taken["ours"], taken["scikit-learn"], strict=True)]
    print(
        f"hashing: {statistics.median(ratios):.1f} times scikit-learn ({min(ratios):.1f} to {max(ratios):.1f}), "
        f"at least {AT_LEAST_TIMES:.0f}; compiled in {compiling:.1f} CPU seconds"
    )
    return statistics.median(ratios)


def whole(sample: Sample, seed: int) -> float:
    """CPU seconds of all steps; prints what they find."""
    begun = time.process_time()
    rng = np.random.default_rng(seed)
    sample = sample.at(distinct(sample, rng).keep)
    worst = audit(sample.human.texts, sample.machine.texts)[0]
    sample = length_matched(sample.saying(tuple(map(canonical, sample.texts))))
    print(f"grid: {len(sample)} distinct texts; worst rule of format {worst.rule}, AUROC {worst.auroc.value:.3f}")
    parts = rotations(sample, rng)
    turns = [turn(sample, part, rng) for part in parts]
    made = adversarial_round(turns[0].pool, sample.at(parts[0].train), sample.at(parts[0].calibrate), rng=rng)
    seconds = time.process_time() - begun
    print(
        f"grid: pool AUROC {np.mean([t.area for t in turns]):.3f}, TPR under the worst attack "
        f"{np.mean([t.caught for t in turns]):.3f}; {sum(t.cells for t in turns)} cells in {len(parts)} rotations; one "
        f"round against {made.attack if made else 'nothing'}"
    )
    learning = sum(t.learning for t in turns)
    print(f"grid: {seconds:.0f} CPU seconds ({learning:.0f} of them learning), at most {AT_MOST_SECONDS:.0f}")
    return seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One rotation."""

    pool: Pool
    area: float
    caught: float  # share of machine texts, by the stack at 5 %, under the worst attack
    cells: int
    learning: float  # CPU seconds


def turn(sample: Sample, part: Split, rng: np.random.Generator) -> Turn:
    """Teach two pools, and attack the texts that they are tested on."""
    begun = time.process_time()
    both = pools(sample.at(part.train), sample.at(part.calibrate), rng=rng)
    test = sample.at(part.test)
    learning = time.process_time() - begun
    scored = both[0].scored(test).stack
    caught = [float((cell.scored.stack_p[test.is_machine] <= 0.05).mean()) for cell in grid(both, test, rng=rng)]
    return Turn(
        pool=both[0], area=auc(scored[test.is_machine], scored[~test.is_machine]), caught=min(caught),
        cells=len(caught), learning=learning,
    )  # fmt: skip


def _cpu(act: Callable[[], object]) -> float:
    begun = time.process_time()
    act()
    return time.process_time() - begun


if __name__ == "__main__":
    sys.exit(main())

"""Whether published sets of human and machine text give themselves away by their format.

    python benchmarks/leaks.py --data DIR

Below DIR every `*.raw_data.json` and `*.raw_data.json.gz` is read, as Fast-DetectGPT ships them:
{"original": [...], "sampled": [...]}, where the n-th of each begin with the same words. For each set: the plain rule of
format that tells the two kinds best (`weighbridge.probes.detectability.audit`) with its area under the ROC, an interval
of 95 % corrected over all rules, and the share of machine texts that it finds at a false-positive rate of 1 %; then the
area of a pool of detectors before and after the format is made one, of the stack and of its characters, tested on texts
of pairs that it was not taught on (five folds: three teach, one calibrates, one is tested).

A set leaks where that rule has an area of 0.6 or more, and certainly more than 0.5 (ours: what the project shows in
red). The last line is `sets N leaking N clean N`. Exits with 0, with 1 where a file could not be read, which is named,
and with 2 where there was none to read.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = "1"
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import argparse
import gzip
import json
import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from weighbridge.maths.proportions import Interval
from weighbridge.maths.separation import FoldScores, separation
from weighbridge.probes.detectability.audit import Leak, audit
from weighbridge.probes.detectability.canonical import canonical, length_matched
from weighbridge.probes.detectability.pool import Pool
from weighbridge.probes.detectability.sample import Sample, sample_of
from weighbridge.probes.detectability.splits import FOLDS, rotations

PATTERNS = ("*.raw_data.json", "*.raw_data.json.gz")
LEAKS_FROM = 0.6
LEAST_PAIRS = 30  # below it nothing can be learnt or told
MOST_BYTES = 1 << 28  # of one file, unpacked


class Broken(Exception):
    """A file that is no such set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one set shows."""

    name: str
    n_pairs: int
    worst: Leak
    left: Leak  # the worst that is left once the format is one
    stack: tuple[Interval, Interval]  # before and after
    characters: tuple[Interval, Interval]

    @property
    def leaks(self) -> bool:
        """Whether one rule of format tells the two kinds."""
        return self.worst.auroc.value >= LEAKS_FROM and self.worst.auroc.low > 0.5


def main(arguments: list[str] | None = None) -> int:
    """Read, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="a folder; sets are looked for in all below it")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--members", nargs="+", default=[], help="detectors of the pool; all, if none is named")
    options = parser.parse_args(arguments)
    files = sorted({path for pattern in PATTERNS for path in options.data.rglob(pattern) if path.is_file()})
    rows, n_broken = [], 0
    for path in files:
        name = str(path.relative_to(options.data))
        try:
            human, machine = read(path)
        except Broken as broken:
            n_broken += 1
            print(f"{name}: not read: {broken}", file=sys.stderr)
            continue
        rows.append(measured(name, human, machine, (options.seed, tuple(options.members))))
        print(told(rows[-1]), flush=True)
    if not files:
        print(f"no {' and no '.join(PATTERNS)} below the folder", file=sys.stderr)
    leaking = sum(row.leaks for row in rows)
    print(f"sets {len(rows)} leaking {leaking} clean {len(rows) - leaking}")
    return 2 if not rows else int(n_broken > 0)


def read(path: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Texts of people and of the machine, in pairs."""
    opened: Callable[..., gzip.GzipFile] = gzip.open if path.suffix == ".gz" else open  # type: ignore[assignment]  # both give bytes
    try:
        with opened(path, "rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            msg = f"larger than {MOST_BYTES >> 20} MiB"
            raise Broken(msg)
        found = json.loads(data.decode("utf-8"))
    except (OSError, EOFError, zlib.error) as error:
        msg = f"the file cannot be read ({type(error).__name__})"
        raise Broken(msg) from error
    except (ValueError, RecursionError) as error:
        msg = "it is no JSON in UTF-8"
        raise Broken(msg) from error
    sides = [found.get(key) if isinstance(found, dict) else None for key in ("original", "sampled")]
    if not all(isinstance(side, list) and all(isinstance(text, str) for text in side) for side in sides):
        msg = 'it has no lists of texts "original" and "sampled"'
        raise Broken(msg)
    pairs = [(a, b) for a, b in zip(*map(list, sides), strict=False) if a.strip() and b.strip()]  # type: ignore[arg-type]  # lists, as was checked
    if len({*sides[0]} if sides[0] else ()) < LEAST_PAIRS or len(pairs) < LEAST_PAIRS:
        msg = f"it has fewer than {LEAST_PAIRS} pairs of different texts"
        raise Broken(msg)
    return tuple(a for a, _ in pairs), tuple(b for _, b in pairs)


def measured(name: str, human: tuple[str, ...], machine: tuple[str, ...], of: tuple[int, tuple[str, ...]]) -> Row:
    """All that is told of one set."""
    raw = sample_of(human, machine, paired=True)
    plain = length_matched(raw.saying(tuple(map(canonical, raw.texts))))
    (before, before_characters), (after, after_characters) = (areas(sample, *of) for sample in (raw, plain))
    return Row(
        name=name, n_pairs=len(human), worst=audit(human, machine)[0],
        left=audit(plain.human.texts, plain.machine.texts)[0], stack=(before, after),
        characters=(before_characters, after_characters),
    )  # fmt: skip


def areas(sample: Sample, seed: int, only: tuple[str, ...]) -> tuple[Interval, Interval]:
    """Of the stack and of the characters, each text scored by a pool that was taught on other pairs."""
    scores = np.zeros((len(sample), 2))
    fold = np.zeros(len(sample), dtype=np.int64)
    for k, split in enumerate(rotations(sample, np.random.default_rng(seed), FOLDS)):
        made = Pool.fit(
            sample.at(split.train), sample.at(split.calibrate), rng=np.random.default_rng([seed, k]), only=only
        )
        scored = made.scored(sample.at(split.test))
        column = made.names.index("characters") if "characters" in made.names else 0
        scores[split.test] = np.column_stack([scored.stack, scored.members[:, column]])
        fold[split.test] = k
    stack, characters = (
        separation(
            FoldScores(scores=one, is_positive=sample.is_machine, fold=fold, groups=sample.groups), confidence=0.95
        )
        for one in scores.T
    )
    return stack, characters


def told(row: Row) -> str:
    """One set in a few lines."""
    worst = row.worst
    which = f"{worst.rule} (more in {'machine' if worst.more_in_machine else 'human'} text)"
    return "\n".join(
        [
            f"{row.name}: {row.n_pairs} pairs, {'leaking' if row.leaks else 'clean'}",
            f"  worst rule {which}: AUROC {of(worst.auroc)}, TPR at 1 % FPR {worst.tpr.value:.3f}",
            f"  pool      before {of(row.stack[0])}, after {of(row.stack[1])}",
            f"  character before {of(row.characters[0])}, after {of(row.characters[1])}",
            f"  worst rule left {row.left.rule}: AUROC {of(row.left.auroc)}",
        ]
    )


def of(interval: Interval) -> str:
    """A value with its bounds."""
    return f"{interval.value:.3f} [{interval.low:.3f}, {interval.high:.3f}]"


if __name__ == "__main__":
    sys.exit(main())

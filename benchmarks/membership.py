"""What a classifier gives away about its records: our attacks beside those of SACRO-ML 2.0.1, on the same targets.

Adult (UCI), 108 one-hot columns, equal rows once. For each seed new members, others and targets; each side attacks in a
process of its own, and which goes first turns from seed to seed. CPU seconds of one thread are counted around the
attack, after a small one that is not counted; peak memory is of the whole process, its imports included. Their side has
the fitted model in memory. Ours opens a skops file, which counts for membership, and for attributes is told apart.

    python benchmarks/membership.py
    python benchmarks/membership.py --peer-python OTHER/bin/python    # an environment that has sacroml 2.0.1
    python benchmarks/membership.py --seeds 1 --rows 400 --shadows 8  # a quick look, which proves nothing

Without `--peer-python` an environment is made in a temporary folder. Adult lies in the folder that WEIGHBRIDGE_DATA
names (../shared/data).

Fixed beforehand, and printed: a = 0.3, 400 trees, 8 references, all defaults of the product; the peer's default of 100
shadows, for the network also 32; targets with scikit-learn's defaults but for the network's passes, which bring it to
about 0.91 of its members right and 0.84 of others. Rates are of the step ROC, ties let in together, for both sides.
Differences (ours less theirs, mean over seeds) have a 95 % bootstrap interval: members and others of each seed are
drawn again, the same for both sides; seeds are kept, so it speaks of these. "Lower" is an interval wholly below 0, and
a number missed; "higher" is one wholly above; "not lower" has a mean of at least 0; "not shown lower" a mean below 0,
and an interval that reaches it.

Exits with 1 if the counts of the two attribute attacks differ; never because a number is missed or a machine is slow.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = "1"
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import argparse
import gzip
import importlib.metadata
import json
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder
from skops import io

from weighbridge.maths.membership import OFFLINE_A
from weighbridge.maths.roc import auc, tpr
from weighbridge.probes.membership_advantage.probe import Settings

HERE = Path(__file__).resolve().parent
PEER = "sacroml==2.0.1"
NAMES = (
    "age", "workclass", "fnlwgt", "education", "education-num", "marital-status", "occupation", "relationship", "race",
    "sex", "capital-gain", "capital-loss", "hours-per-week", "native-country", "income",
)  # fmt: skip
NUMBERS = ("age", "fnlwgt", "education-num", "capital-gain", "capital-loss", "hours-per-week")
WORDS = tuple(name for name in NAMES[:-1] if name not in NUMBERS)
# Every column of words but the country: 41 of its 42 values are rare.
GUESSED = WORDS[:-1]
TARGETS: dict[str, tuple[Any, dict[str, Any]]] = {
    "forest": (RandomForestClassifier, {"n_estimators": 100}),
    "network": (MLPClassifier, {"hidden_layer_sizes": [64], "max_iter": 100}),
}
DEFAULT_SHADOWS, FEW_SHADOWS = 100, 32  # the peer's, and what its users take where 100 are too slow
SCORED = (10_000, 100_000, 1_000_000)
RESAMPLES = 2000
MEASURES = ("AUC", "TPR at 1 %", "TPR at 0.1 %")
# The numbers that the project set itself.
FOREST, NETWORK, ATTRIBUTES = 15.0, 3.0, 100.0
PEAK_AT_MOST = 0.5
BYTES_PER_RECORD_VARY_BY = 1.1

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Arrays = dict[str, Any]


# What came of one side, by name, for each seed: seconds, opening (seconds), peak (bytes), probabilities of the target,
# scores (members first) or counts.
Side = dict[str, list[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Duel:
    """One comparison: both sides on the same targets."""

    name: str
    target: str
    attack: str = "membership"
    shadows: int = DEFAULT_SHADOWS
    rows: int
    at_least: float = 0.0  # how many times less CPU; 0 where nothing is aimed at
    ours: Side = field(default_factory=dict)
    theirs: Side = field(default_factory=dict)

    @property
    def is_membership(self) -> bool:
        """Else it is about attributes."""
        return self.attack == "membership"


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """Where the sides are run."""

    folder: Path
    peer: Path
    adult: Arrays
    warned: list[str] = field(default_factory=list)

    def meet(self, duel: Duel, seed: int, *, is_ours_first: bool) -> None:
        """Both sides, one after the other."""
        job = self._job(duel, seed)
        sides = [(duel.ours, Path(sys.executable), "ours"), (duel.theirs, self.peer, "sacro")]
        for side, python, script in sides if is_ours_first else reversed(sides):
            with np.load(self.run(job, python, script)) as held:
                for name in held.files:
                    side.setdefault(name, []).append(held[name])
        apart = float(np.abs(duel.ours["probabilities"][-1] - duel.theirs["probabilities"][-1]).max())
        if apart > 0:
            self.warned.append(f"{duel.name}, seed {seed}: the targets' probabilities differ by up to {apart:.1e}")

    def _job(self, duel: Duel, seed: int) -> Arrays:
        rows = drawn(self.adult, duel.rows, seed)
        kind, params = TARGETS[duel.target]
        params = params | {"random_state": seed}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            model = kind(**params).fit(rows["matrix"][: duel.rows], rows["targets"][: duel.rows])
        if duel.attack == "attributes":
            model = piped(model, self.adult, rows)
        np.savez(self.folder / "rows.npz", **rows)
        io.dump(model, self.folder / "target.skops")
        settings = Settings()
        return {
            "attack": duel.attack, "kind": kind.__name__, "params": params, "seed": seed, "shadows": duel.shadows,
            "trees": settings.pool_trees, "references": settings.references, "words": WORDS, "numbers": NUMBERS,
            "firsts": self.adult["firsts"].tolist(), "columns": GUESSED, "rows": str(self.folder / "rows.npz"),
            "model": str(self.folder / "target.skops"), "out": str(self.folder / "out.npz"),
        }  # fmt: skip

    def run(self, job: Arrays, python: Path, script: str) -> Path:
        """One side of one job, in a process of its own."""
        path = self.folder / "job.json"
        path.write_text(json.dumps(job))
        command = [str(python), str(HERE / "peers" / f"{script}.py"), str(path)]
        done = subprocess.run(command, cwd=self.folder, check=False, capture_output=True, text=True)  # noqa: S603  ours
        if done.returncode:
            print(f"{script}.py failed:\n{done.stderr[-4000:]}", file=sys.stderr)
            sys.exit(2)
        return Path(job["out"])


def main() -> int:
    """Measure, print, compare counts."""
    options = _options()
    data = Path(os.environ.get("WEIGHBRIDGE_DATA", HERE.parent.parent / "shared" / "data")) / "adult"
    if not (data / "adult.data.gz").exists() or not (data / "adult.test.gz").exists():
        print(f"skipped: {data} has no adult.data.gz and adult.test.gz; WEIGHBRIDGE_DATA names the folder above it")
        return 0
    duels = planned(options)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        peer = options.peer_python or made_environment(folder / "peer")
        workshop = Workshop(folder=folder, peer=peer, adult=read_adult(data))
        preamble(options, workshop)
        for seed in range(options.first_seed, options.first_seed + options.seeds):
            for duel in duels:
                workshop.meet(duel, seed, is_ours_first=seed % 2 == 0)
                took = ", ".join(f"{side['seconds'][-1]:.2f}" for side in (duel.theirs, duel.ours))
                print(f"  seed {seed}, {duel.name}: {took} CPU s", file=sys.stderr, flush=True)
        scoring = scored(workshop)
    gaps = {duel.name: differences(duel.ours["scores"], duel.theirs["scores"]) for duel in duels if duel.is_membership}
    for line in (*table(duels), "", *verdicts(duels, gaps), *of_scoring(scoring), *workshop.warned):
        print(line)
    print(json.dumps(summary(duels, gaps, scoring)))
    return 0 if all(same_counts(duel) for duel in duels) else 1


def planned(options: argparse.Namespace) -> list[Duel]:
    """All comparisons with the peer."""
    n, asked, shadows = options.rows, options.attribute_rows, options.shadows
    few = min(FEW_SHADOWS, shadows)
    return [
        Duel(name="forest", target="forest", shadows=shadows, rows=n, at_least=FOREST),
        Duel(name="network", target="network", shadows=shadows, rows=n, at_least=NETWORK),
        Duel(name="network, fewer shadows", target="network", shadows=few, rows=n, at_least=NETWORK),
        Duel(name="forest, attributes", target="forest", attack="attributes", rows=asked, at_least=ATTRIBUTES),
        Duel(name="network, attributes", target="network", attack="attributes", rows=asked),
    ]


def made_environment(folder: Path) -> Path:
    """An environment with the peer and our own scikit-learn, so that both sides fit the same target."""
    print(f"making an environment with {PEER} (it is large) ...", file=sys.stderr, flush=True)
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)  # noqa: S603  our own interpreter
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    same = [f"{name}=={importlib.metadata.version(name)}" for name in ("scikit-learn", "numpy", "scipy")]
    install = [str(python), "-m", "pip", "install", "--quiet", PEER, *same]
    subprocess.run(install, check=True)  # noqa: S603  the same
    return python


def read_adult(folder: Path) -> Arrays:
    """Both files, equal rows once: words and numbers as the pipeline takes them, and the matrix it makes of them."""
    lines = b"\n".join(gzip.decompress((folder / f"adult.{part}.gz").read_bytes()) for part in ("data", "test"))
    cells = [line.rstrip(".").split(", ") for line in lines.decode().splitlines() if line.count(",") == len(NAMES) - 1]
    table = np.array(list(dict.fromkeys(map(tuple, cells))))
    columns = dict(zip(NAMES, table.T, strict=True))
    numbers = np.stack([columns[name].astype(np.float64) for name in NUMBERS], axis=1)
    numbers = (numbers - numbers.mean(axis=0)) / numbers.std(axis=0)  # for the network; the same for both sides
    coded = [np.unique(columns[name], return_inverse=True) for name in WORDS]
    values, codes = [value for value, _ in coded], np.stack([code for _, code in coded], axis=1)
    wide = [np.eye(len(value))[codes[:, place]] for place, value in enumerate(values)]
    widths = [len(NUMBERS), *(len(value) for value in values)]
    return {
        "numbers": numbers, "words": np.stack([columns[name] for name in WORDS], axis=1), "codes": codes,
        "matrix": np.hstack([numbers, *wide]), "targets": (columns["income"] == ">50K").astype(np.int64),
        "values": values, "firsts": np.cumsum(widths)[:-1],
    }  # fmt: skip


def drawn(adult: Arrays, n: int, seed: int) -> Arrays:
    """So many members, then so many others."""
    chosen = np.random.default_rng(seed).permutation(len(adult["targets"]))[: 2 * n]
    found = {name: adult[name][chosen] for name in ("numbers", "words", "codes", "matrix", "targets")}
    return found | {"is_member": np.arange(2 * n) < n}


def piped(model: Any, adult: Arrays, rows: Arrays) -> Pipeline:
    """The model behind what makes its matrix: numbers as they are, and one column for each word."""
    numbers = pd.DataFrame(rows["numbers"], columns=list(NUMBERS))
    frame = numbers.join(pd.DataFrame(rows["words"].astype(object), columns=list(WORDS), dtype=object))
    words = OneHotEncoder(categories=[value.astype(object) for value in adult["values"]], sparse_output=False)
    encoder = ColumnTransformer([("numbers", "passthrough", list(NUMBERS)), ("words", words, list(WORDS))])
    assert np.array_equal(encoder.fit_transform(frame), rows["matrix"])
    return Pipeline([("encode", encoder), ("model", model)])


def scored(workshop: Workshop) -> Floats:
    """Records, seconds and most bytes held, shape (sizes, 3)."""
    out = str(workshop.folder / "scoring.npz")
    job = {"attack": "scoring", "sizes": SCORED, "seed": 0, "references": Settings().references, "out": out}
    with np.load(workshop.run(job, Path(sys.executable), "ours")) as held:
        return np.asarray(held["scoring"])


def rates(members: Floats, others: Floats) -> tuple[float, float, float]:
    """Each of the measures."""
    return auc(members, others), tpr(members, others, 0.01), tpr(members, others, 0.001)


@dataclass(frozen=True, slots=True)
class Difference:
    """Ours less theirs, mean over seeds, with its bootstrap interval."""

    value: float
    low: float
    high: float

    @property
    def verdict(self) -> str:
        """As the module's docstring fixes it."""
        if self.high < 0:
            return "MISSED: lower"
        if self.low > 0:
            return "higher"
        return "not lower" if self.value >= 0 else "not shown lower"

    def __str__(self) -> str:
        return f"{self.value:+.4f} [{self.low:+.4f}, {self.high:+.4f}] {self.verdict}"


def differences(ours: list[Floats], theirs: list[Floats], *, resamples: int = RESAMPLES) -> list[Difference]:
    """One for each measure; scores of members, then of as many others, seed after seed."""
    rng = np.random.default_rng(0)

    def mean(draw: Callable[[int], Ints]) -> Floats:
        gaps = []
        for one, other in zip(ours, theirs, strict=True):
            ins, outs = draw(len(one) // 2)
            gaps.append(np.subtract(rates(one[ins], one[outs]), rates(other[ins], other[outs])))
        return np.asarray(np.mean(gaps, axis=0))

    plain = mean(lambda n: np.arange(2 * n).reshape(2, n))
    again = [mean(lambda n: rng.integers(0, n, (2, n)) + np.array([[0], [n]])) for _ in range(resamples)]
    low, high = np.quantile(again, (0.025, 0.975), axis=0)
    return [Difference(*map(float, numbers)) for numbers in zip(plain, low, high, strict=True)]


def ratios(duel: Duel, *, opening: bool = False) -> Floats:
    """Their CPU seconds over ours, seed by seed."""
    ours = np.add(duel.ours["seconds"], duel.ours["opening"]) if opening else duel.ours["seconds"]
    return np.divide(duel.theirs["seconds"], ours)


def peak(duel: Duel) -> float:
    """Our peak memory over theirs, each the highest of its runs."""
    return float(max(duel.ours["peak"]) / max(duel.theirs["peak"]))


def same_counts(duel: Duel) -> bool:
    """Whether both sides counted the same; membership has no counts."""
    return duel.is_membership or np.array_equal(duel.ours["counts"], duel.theirs["counts"])


def table(duels: list[Duel]) -> Iterator[str]:
    """Medians of seconds, highest peaks, means of rates."""
    yield f"| target | attack | CPU s | peak MiB | {' | '.join(MEASURES)} |"
    yield "|---|---|---|---|---|---|---|"
    for duel in duels:
        theirs = f"LiRA, {duel.shadows} shadows" if duel.is_membership else "attributes"
        ours = {"forest": "tree pool", "network": "ratio"}[duel.target] if duel.is_membership else "attributes"
        for name, side in ((f"SACRO-ML, {theirs}", duel.theirs), (f"ours, {ours}", duel.ours)):
            each = [rates(*np.split(scores, 2)) for scores in side.get("scores", ())]
            shown = " | ".join(f"{value:.4f}" for value in np.mean(each, axis=0)) if each else " | | "
            held = max(side["peak"]) / 2**20
            yield f"| {duel.target} | {name} | {np.median(side['seconds']):.2f} | {held:.0f} | {shown} |"


def verdicts(duels: list[Duel], gaps: dict[str, list[Difference]]) -> Iterator[str]:
    """What was aimed at, and what came of it."""
    for duel in duels:
        each = ", ".join(f"{ratio:.1f}" for ratio in ratios(duel))
        less = aimed(np.median(ratios(duel)), at_least=duel.at_least)
        yield f"{duel.name}: their CPU seconds over ours {less}; by seed {each}"
        if not duel.is_membership:
            less = aimed(np.median(ratios(duel, opening=True)))
            yield f"{duel.name}: the same where the opening of our file counts as well {less}"
            n = 2 * len(GUESSED) * len(duel.ours["counts"])
            yield f"{duel.name}: {n} pairs of counts {'are the same' if same_counts(duel) else 'DIFFER'}"
        yield f"{duel.name}: our peak memory over theirs {aimed(peak(duel), at_most=PEAK_AT_MOST)}"
        yield from (f"{duel.name}: {name} {gap}" for name, gap in zip(MEASURES, gaps.get(duel.name, ()), strict=False))


def aimed(value: float, *, at_least: float = 0.0, at_most: float = np.inf) -> str:
    """The number with what was aimed at, if anything was."""
    bound = f" (at least {at_least:g})" if at_least > 0 else f" (at most {at_most:g})" if at_most < np.inf else ""
    return f"{value:.2f}{bound}" + ((" met" if at_least <= value <= at_most else " MISSED") if bound else "")


def of_scoring(scoring: Floats) -> Iterator[str]:
    """Memory for each record, by number of records."""
    each = scoring[:, 2] / scoring[:, 0]
    for (n, seconds, _), held in zip(scoring, each, strict=True):
        yield f"ratio scores of {n:,.0f} records: {seconds:.3f} CPU s, at most {held:.0f} bytes held for each record"
    yield f"bytes for each record, most over least: {aimed(each.max() / each.min(), at_most=BYTES_PER_RECORD_VARY_BY)}"


def summary(duels: list[Duel], gaps: dict[str, list[Difference]], scoring: Floats) -> Arrays:
    """All of it for programs."""
    made: Arrays = {"scoring": scoring.tolist()}
    for duel in duels:
        made[duel.name] = {"ratios": ratios(duel).tolist(), "peak": peak(duel), "same_counts": same_counts(duel)}
        made[duel.name] |= {name: asdict(gap) for name, gap in zip(MEASURES, gaps.get(duel.name, ()), strict=False)}
        for name, side in (("ours", duel.ours), ("theirs", duel.theirs)):
            told = {key: np.asarray(side.get(key, ())).tolist() for key in ("seconds", "opening", "peak", "counts")}
            told["rates"] = [rates(*np.split(scores, 2)) for scores in side.get("scores", ())]
            made[duel.name][name] = told
    return made


def preamble(options: argparse.Namespace, workshop: Workshop) -> None:
    """All that was fixed beforehand."""
    settings = Settings()
    shown = [f"{kind.__name__}({', '.join(f'{k}={v}' for k, v in given.items())})" for kind, given in TARGETS.values()]
    n, width = workshop.adult["matrix"].shape
    print(f"Adult: {n:,} different rows, {width} columns; targets {' and '.join(shown)}, random_state = seed")
    print(f"{options.seeds} seeds from {options.first_seed}; {options.rows} members and as many others "
          f"({options.attribute_rows} for attributes: {', '.join(GUESSED)})")  # fmt: skip
    print(f"a = {OFFLINE_A}, {settings.pool_trees} trees, {settings.references} references; {PEER}, "
          f"{options.shadows} shadows; {RESAMPLES} bootstrap samples")  # fmt: skip
    print(f"scikit-learn {importlib.metadata.version('scikit-learn')}, one thread\n", flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer-python", type=Path, help=f"the interpreter of an environment that has {PEER}")
    parser.add_argument("--seeds", type=int, default=5, help="seeds; the order of the sides turns with each")
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--rows", type=int, default=2000, help="members, and as many others, for membership")
    parser.add_argument("--attribute-rows", type=int, default=400, help="likewise, for attributes")
    parser.add_argument("--shadows", type=int, default=DEFAULT_SHADOWS, help="of the peer")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

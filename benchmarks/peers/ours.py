"""Our side of `membership.py`: the same attacks through our own adapters, in a process of its own.

    python benchmarks/peers/ours.py JOB.json

What is counted starts at arrays in memory and ends at one score, or one guess, for each record. For membership the
target's skops file is opened within it; for attributes before it, as the peer has its model in memory, and apart.
"""

from __future__ import annotations

import json
import resource
import sys
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from weighbridge.adapters.models.classifier import open_classifier
from weighbridge.core.candidate import Declared, Role
from weighbridge.maths.membership import ShadowSums, complementary_halves, ratio_scores
from weighbridge.probekit.bench import MemoryBench
from weighbridge.probekit.ports import Classifier, Examples, Floats
from weighbridge.probes.attribute_inference.attack import Rows, replies
from weighbridge.probes.attribute_inference.probe import Settings
from weighbridge.probes.attribute_inference.values import candidates
from weighbridge.probes.membership_advantage.attacks import BLOCK, Attack, Attacker, Plan
from weighbridge.probes.membership_advantage.sample import Sample

WARM = 100  # rows of each kind in a first attack, which is not counted: what is loaded late is loaded then

Arrays = dict[str, Any]


def main() -> None:
    """Run one job."""
    job = json.loads(Path(sys.argv[1]).read_text())
    if job["attack"] == "scoring":
        np.savez(job["out"], **scoring(job))
        return
    with np.load(job["rows"]) as held:
        rows = {name: held[name] for name in held.files}
    attack = {"membership": membership, "attributes": attributes}[job["attack"]]
    attack(job | {"trees": 2, "references": 2}, opened(job), warmth(rows))
    started = time.process_time()
    model = opened(job)
    opening = time.process_time() - started
    found = attack(job, model, rows)
    seconds = time.process_time() - started
    if job["attack"] == "attributes":  # what the target says of the rows is a check, and no part of the attack
        seconds -= opening
        found["probabilities"] = model.predict_proba(table(job, rows))
    np.savez(job["out"], seconds=seconds, opening=opening, peak=peak_bytes(), **found)


def warmth(rows: Arrays) -> Arrays:
    """A few rows of each kind."""
    kinds = (np.flatnonzero(rows["is_member"]), np.flatnonzero(~rows["is_member"]))
    chosen = np.concatenate([kind[:WARM] for kind in kinds])
    return {name: values[chosen] for name, values in rows.items()}


def opened(job: Arrays) -> Classifier:
    """The target, from its file."""
    return open_classifier(
        Path(job["model"]), label="target.skops", format="skops", recipe=None, spill=Path(job["out"]).parent
    )


def membership(job: Arrays, model: Classifier, rows: Arrays) -> Arrays:
    """The probe's headline attack: the pool of trees for a forest, else the ratio."""
    matrix, members = rows["matrix"], rows["is_member"]
    bench = MemoryBench(
        seed=job["seed"],
        the_classifier=model,
        examples_by_role={
            Role.TRAIN_DATA: examples(matrix[members], rows["targets"][members], "train.csv"),
            Role.HELD_OUT: examples(matrix[~members], rows["targets"][~members], "held-out.csv"),
        },
    )
    recipe = model.recipe
    assert recipe is not None
    trees = recipe.bagged
    models = job["references"] if trees is None else job["trees"]
    plan = Plan(
        headline=Attack.RATIO if trees is None else Attack.TREE_POOL,
        models=models,
        rows=len(matrix),
        block=BLOCK if trees is None else models,
    )
    sample = Sample.drawn(bench, plan.rows)
    probabilities = model.predict_proba(sample.pool.inputs)
    scored = Attacker(bench=bench, recipe=trees or recipe, plan=plan).attack(sample.pool, probabilities, "candidate")
    return {"scores": scored.by_attack[scored.headline], "probabilities": probabilities}


def examples(matrix: Floats, targets: Any, label: str) -> Examples:
    """Rows as the bench hands them out."""
    n, width = matrix.shape
    return Examples(
        inputs=pa.table({f"x{place}": np.ascontiguousarray(matrix[:, place]) for place in range(width)}),
        targets=targets.astype(np.int64), beside=pa.table({"row": np.arange(n)}), labels=(label,) * n,
        records=np.arange(1, n + 1), persons=np.arange(n), declared=Declared(), n_records=n, n_repeated=0, n_shared=0,
        n_unlabelled=0,
    )  # fmt: skip


def attributes(job: Arrays, model: Classifier, rows: Arrays) -> Arrays:
    """The probe's one batched question for each column, of which it counts as the published attack does."""
    settings = Settings()
    asked = Rows(
        inputs=table(job, rows), targets=rows["targets"].astype(np.int64), is_member=rows["is_member"],
        n_classes=len(model.classes),
    )  # fmt: skip
    counts = []
    for name in job["columns"]:
        found = candidates(
            name, name, asked.inputs.column(name), most_values=settings.most_values, ranges=settings.ranges
        )
        got = replies(model.predict_proba, asked, found)
        counts.append([got.members.correct, got.members.total, got.others.correct, got.others.total])
    return {"counts": np.asarray(counts)}


def table(job: Arrays, rows: Arrays) -> pa.Table:
    """Numbers and words in columns, as the target's pipeline takes them."""
    words = {name: pa.array(rows["words"][:, place]) for place, name in enumerate(job["words"])}
    return pa.table({name: rows["numbers"][:, place] for place, name in enumerate(job["numbers"])} | words)


def scoring(job: Arrays) -> Arrays:
    """CPU seconds and most bytes held while records are scored from their references, by number of records."""
    made = []
    for n in job["sizes"]:
        p = np.random.default_rng(job["seed"]).random(n)
        started = time.process_time()
        score(p, job)
        seconds = time.process_time() - started
        tracemalloc.start()
        score(p, job)
        made.append((n, seconds, tracemalloc.get_traced_memory()[1]))
        tracemalloc.stop()
    return {"scoring": np.asarray(made)}


def score(p: Floats, job: Arrays) -> Floats:
    """One ratio for each record, from references that come one after the other and are not kept."""
    rng = np.random.default_rng(job["seed"])
    subsets = complementary_halves(len(p), job["references"], rng)
    told: Iterator[Floats] = (rng.random(len(p)) for _subset in subsets)
    return ratio_scores(p, ShadowSums.of(told, subsets, 0.01).mean_out)


def peak_bytes() -> int:
    """The most memory that was resident; of this program alone, where the system says so."""
    status = Path("/proc/self/status")
    for line in status.read_text().splitlines() if status.exists() else ():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main()

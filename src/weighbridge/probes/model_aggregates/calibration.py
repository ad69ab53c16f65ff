"""Known weights: tables made anew from the same law, and tables into which so many originals were copied."""

from __future__ import annotations

import numpy as np

from weighbridge.core.candidate import Artefact, Belonging, Candidate, Role, Subject
from weighbridge.core.canon import digest_of_bytes
from weighbridge.probekit.bench import MemoryBench, MemoryTable, generator
from weighbridge.probekit.ports import Calibration, Truth, Weight

_N = 150
SETTINGS = (("rows", 150), ("predicates", 100))


def people(n: int, rng: np.random.Generator) -> dict[str, list[object]]:
    """People of one law: age, income that goes with it, a district, and whether they are ill."""
    age = rng.uniform(18, 90, n)
    return {
        "age": age.tolist(),
        "income": (1000 + 30 * age + rng.normal(0, 300, n)).tolist(),
        "height": rng.normal(170, 10, n).tolist(),
        "district": [f"d{i}" for i in rng.integers(0, 6, n).tolist()],
        "ill": [("no", "yes")[i] for i in rng.integers(0, 2, n).tolist()],
    }


def bench_of(tables: dict[Role, MemoryTable], *, seed: int = 0) -> MemoryBench:
    """A bench over these tables; only samples are released."""
    artefacts = tuple(
        Artefact(
            role=role, label=table.label, digest=digest_of_bytes(table.label.encode()), size_bytes=1, format="csv",
            belongs=Belonging.SAMPLES if role is Role.SAMPLES else Belonging.EVIDENCE_ONLY, declared=table.declared,
        )
        for role, table in tables.items()
    )  # fmt: skip
    candidate = Candidate(name="made-up", version="1", artefacts=artefacts, subjects=(Subject.TABLE,))
    return MemoryBench(
        candidate=candidate, seed=seed, tables_by_role={role: (table,) for role, table in tables.items()}
    )  # fmt: skip


def null(seed: int) -> Weight:
    """Made from the law itself: nobody is in it."""
    return _weight(seed, 0)


def planted(seed: int) -> Weight:
    """Half to four fifths of the originals stand in it as they are."""
    return _weight(seed, int(generator(seed, "model-aggregates", "planted").integers(_N // 2, 4 * _N // 5)))


def _weight(seed: int, n_copied: int) -> Weight:
    rng = generator(seed, "model-aggregates")
    originals, control, made = (people(_N, rng) for _ in range(3))
    for name, values in made.items():
        values[:n_copied] = originals[name][:n_copied]
    tables = {
        Role.SAMPLES: MemoryTable(made, label="made-up.csv"),
        Role.TRAIN_DATA: MemoryTable(originals, label="originals.csv"),
        Role.HELD_OUT: MemoryTable(control, label="kept-back.csv"),
    }
    copied = Truth(metric="risk-above-control", value=n_copied / _N, by=(("attack", "exact-copy"),))
    attacks = ("closest-record", "linkability", "inference", "singling-out")
    none = [Truth(metric="risk-above-control", value=0.0, by=(("attack", name),)) for name in attacks]
    truths = (copied,) if n_copied else (copied, *none, Truth(metric="worst-risk-above-control", value=0.0))
    return Weight(bench=bench_of(tables, seed=seed), truths=tuple(truths), settings=SETTINGS)


CALIBRATION = Calibration(null=null, planted=planted)

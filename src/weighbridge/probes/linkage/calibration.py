"""A known weight: a released table and a public one about the same people in part, or about none of the same."""

from __future__ import annotations

import numpy as np

from weighbridge.core.candidate import Artefact, Belonging, Candidate, Declared, Role, Subject
from weighbridge.core.canon import digest_of_bytes
from weighbridge.probekit.bench import MemoryBench, MemoryTable, generator
from weighbridge.probekit.ports import Calibration, Truth, Weight

_N = 300


def _people(rng: np.random.Generator, n: int) -> np.ndarray:
    """Age, district and size of household, which go together: the larger the district's number, the older and fewer."""
    district = rng.integers(0, 12, n)
    age = np.clip(rng.normal(25 + 3 * district, 9), 0, 95).astype(int)
    household = np.clip(rng.poisson(7 - district / 3), 1, 12)
    return np.column_stack([age, district, household])


def _weight(seed: int, n_both: int) -> Weight:
    rng = generator(seed, "linkage", "people")
    ours = _people(rng, _N)
    theirs = np.concatenate([ours[:n_both], _people(rng, _N - n_both)])
    keys = (ours[:, 0] * 1000 + ours[:, 1] * 20 + ours[:, 2], theirs[:, 0] * 1000 + theirs[:, 1] * 20 + theirs[:, 2])
    truth = sum(int((keys[0] == k).sum() == 1 and (keys[1] == k).sum() == 1) for k in keys[0][:n_both])
    order, other = rng.permutation(_N), rng.permutation(_N)
    left = MemoryTable(
        {**_columns(ours[order]), "diagnosis": [("flu", "asthma", "none")[i] for i in rng.integers(0, 3, _N)]},
        label="patients.csv", declared=Declared(about_people=True),
    )  # fmt: skip
    right = MemoryTable(
        {**_columns(theirs[other]), "voter": [f"V{n}" for n in range(_N)]}, label="voters.csv",
        declared=Declared(about_people=True),
    )  # fmt: skip
    bench = MemoryBench(
        candidate=Candidate(
            name="patients", version="1", subjects=(Subject.TABLE,),
            artefacts=(_artefact("patients.csv", Role.DATA, Belonging.DATA),
                       _artefact("voters.csv", Role.POPULATION, Belonging.EVIDENCE_ONLY)),
        ),
        seed=seed, tables_by_role={Role.DATA: (left,), Role.POPULATION: (right,)},
    )  # fmt: skip
    by = (("with", "public"),)
    truths = (
        Truth(metric="matched-people", value=truth, by=by),
        Truth(metric="matched-share", value=truth / _N, by=by),
        Truth(metric="public-tables", value=1),
    )
    return Weight(bench=bench, truths=truths)


def _columns(people: np.ndarray) -> dict[str, list[object]]:
    return {
        "age": people[:, 0].tolist(),
        "district": [f"d{n}" for n in people[:, 1]],
        "household": people[:, 2].tolist(),
    }


def _artefact(label: str, role: Role, belongs: Belonging) -> Artefact:
    return Artefact(
        role=role, label=label, digest=digest_of_bytes(label.encode()), size_bytes=9, format="csv", belongs=belongs
    )


def null(seed: int) -> Weight:
    """Two lists of different people from one population: many meet somebody by chance, and nobody is found."""
    return _weight(seed, 0)


def planted(seed: int) -> Weight:
    """Two hundred of three hundred people are in both lists."""
    return _weight(seed, 200)


CALIBRATION = Calibration(null=null, planted=planted)

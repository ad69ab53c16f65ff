"""A known weight: made-up maps with as many lonely bases as were put there, and with none."""

from __future__ import annotations

import numpy as np

from weighbridge.core.candidate import Artefact, Belonging, Candidate, Declared, Role, Subject
from weighbridge.core.canon import digest_of_bytes
from weighbridge.probekit.bench import MemoryBench, MemoryTable, generator
from weighbridge.probekit.ports import Calibration, Truth, Weight
from weighbridge.probes.hot_spots.maps import World, made

_LABEL = "traces.csv"
_SMALL = World(wide_km=200, cities=1, citizens=300, villages=0, country=60, roads=False, based=15, points=6, bases=0)
_DECIMALS = 3


def _weight(seed: int, bases: int) -> Weight:
    """Points of people in one city and in the country, and of so many bases, far from all else."""
    trace = made(World(**{**{f: getattr(_SMALL, f) for f in World.__slots__}, "bases": bases}), seed)
    rng = generator(seed, "hot-spots", "rows")
    order = rng.permutation(len(trace.person))
    columns = {
        "user_id": trace.person[order],
        "latitude": np.round(trace.latitude[order], _DECIMALS),
        "longitude": np.round(trace.longitude[order], _DECIMALS),
    }
    table = MemoryTable({name: values.tolist() for name, values in columns.items()}, label=_LABEL, declared=Declared())
    artefact = Artefact(
        role=Role.DATA, label=_LABEL, digest=digest_of_bytes(b"traces"), size_bytes=6, format="csv",
        belongs=Belonging.DATA,
    )  # fmt: skip
    bench = MemoryBench(
        candidate=Candidate(name="traces", version="1", artefacts=(artefact,), subjects=(Subject.TABLE,)),
        seed=seed,
        tables_by_role={Role.DATA: (table,)},
    )
    return Weight(bench=bench, truths=(Truth(metric="lonely-spots", value=bases),))


def null(seed: int) -> Weight:
    """A city and people in the country, and no base."""
    return _weight(seed, 0)


def planted(seed: int) -> Weight:
    """The same with 3 to 8 bases of 15 people each."""
    return _weight(seed, 3 + int(generator(seed, "hot-spots", "planted").integers(0, 6)))


CALIBRATION = Calibration(null=null, planted=planted)

"""A known weight: traces of which it is known by construction who has a double, and who has none."""

from __future__ import annotations

import numpy as np

from weighbridge.core.candidate import Artefact, Belonging, Candidate, Role, Subject
from weighbridge.core.canon import digest_of_bytes
from weighbridge.probekit.bench import MemoryBench, MemoryTable, generator
from weighbridge.probekit.ports import Calibration, Truth, Weight

_LABEL = "traces.csv"
_PEOPLE = 300
_POINTS = 6
_SAMPLED = 60
_START = np.datetime64("2024-03-04T00:00:00")


def _weight(seed: int, alone: int) -> Weight:
    """People with the same trace in pairs, and `alone` more with a trace of their own; rows in random order.

    Places of different traces are a degree apart, so that no coarser place brings two together.
    """
    rng = generator(seed, "trace-unicity", "traces")
    traces = np.r_[np.repeat(np.arange((_PEOPLE - alone) // 2), 2), (_PEOPLE - alone) // 2 + np.arange(alone)]
    names = rng.permutation(len(traces))
    hours = rng.integers(0, 24 * 28, (int(traces.max()) + 1, _POINTS))
    person = np.repeat(np.arange(len(traces)), _POINTS)
    trace = np.repeat(traces, _POINTS)
    hour = hours[traces].ravel()
    order = rng.permutation(len(person))
    columns = {
        "user_id": names[person][order].tolist(),
        "time": (_START + hour[order].astype("timedelta64[h]")).astype("datetime64[s]").tolist(),
        "lat": (20.05 + trace[order] // 20).tolist(),
        "lon": (10.05 + trace[order] % 20).tolist(),
    }
    artefact = Artefact(
        role=Role.DATA, label=_LABEL, digest=digest_of_bytes(b"traces"), size_bytes=6, format="csv",
        belongs=Belonging.DATA,
    )  # fmt: skip
    bench = MemoryBench(
        candidate=Candidate(name="traces", version="1", artefacts=(artefact,), subjects=(Subject.TABLE,)),
        seed=seed,
        tables_by_role={Role.DATA: (MemoryTable(columns, label=_LABEL),)},
    )
    share = alone / len(traces)
    truths = tuple(
        Truth(metric="unique-trace-share", value=share, by=(("points", points), ("detail", detail)))
        for points in ("1", "4")
        for detail in ("hour-fine", "day-1km", "week-10km")
    )
    return Weight(bench=bench, truths=truths, settings=(("sampled_persons", _SAMPLED),))


def null(seed: int) -> Weight:
    """Everybody has a double."""
    return _weight(seed, 0)


def planted(seed: int) -> Weight:
    """Between a quarter and three quarters have none."""
    return _weight(seed, 2 * int(generator(seed, "trace-unicity", "planted").integers(38, 113)))


CALIBRATION = Calibration(null=null, planted=planted)

"""A known weight: a table in which one column follows another, and turns from it as often as we say."""

from __future__ import annotations

import numpy as np

from weighbridge.core.candidate import Artefact, Belonging, Candidate, Declared, Role, Subject
from weighbridge.core.canon import digest_of_bytes
from weighbridge.probekit.bench import MemoryBench, MemoryTable, generator
from weighbridge.probekit.ports import Calibration, Truth, Weight

_LABEL = "people.csv"
_N = 300
_TURNED = 0.2  # share of people whose faith is not what their district has most of


def _weight(seed: int, turned: float) -> Weight:
    """A district and a faith for each of two halves of the people.

    Whoever knows all chances picks the right one of two people by their districts, and guesses where those are alike:
    of a person with the value and one without, the districts differ in its favour with chance (1 - t)^2 and against it
    with chance t^2, so the area under the ROC is 1 - t, for turned share t.
    """
    rng = generator(seed, "implicit-attributes")
    district = rng.integers(0, 2, _N)
    faith = np.where(rng.random(_N) < turned, 1 - district, district)
    columns = {
        "district": ["hill" if each else "shore" for each in district.tolist()],
        "faith": ["one" if each else "other" for each in faith.tolist()],
        "land": ["here"] * _N,
    }
    declared = Declared(about_people=True, sensitive=("faith", "land"))
    artefact = Artefact(
        role=Role.DATA, label=_LABEL, digest=digest_of_bytes(b"people"), size_bytes=6, format="csv",
        belongs=Belonging.DATA, declared=declared,
    )  # fmt: skip
    bench = MemoryBench(
        candidate=Candidate(name="people", version="1", artefacts=(artefact,), subjects=(Subject.TABLE,)),
        seed=seed,
        tables_by_role={Role.DATA: (MemoryTable(columns, label=_LABEL, declared=declared),)},
    )
    faith_by, land_by = ((("source", "columns"), ("column", name)) for name in declared.sensitive)
    truths = (
        Truth(metric="inferable-auc", value=1 - turned, by=faith_by),
        Truth(metric="inferable-lift", value=0.5 - turned, by=faith_by),
        Truth(metric="shuffled-auc", value=0.5, by=faith_by),
        Truth(metric="worst-inferable-lift", value=0.5 - turned),
        Truth(metric="inferable-auc", value=0.5, by=land_by),
        Truth(metric="inferable-lift", value=0.0, by=land_by),
    )
    return Weight(bench=bench, truths=truths, settings=(("folds", 3),))


def null(seed: int) -> Weight:
    """The faith goes with nothing."""
    return _weight(seed, 0.5)


def planted(seed: int) -> Weight:
    """The faith follows the district."""
    return _weight(seed, _TURNED)


CALIBRATION = Calibration(null=null, planted=planted)

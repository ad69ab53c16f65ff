"""A known weight: lists of people made so that the truth is known before anybody counts."""

from __future__ import annotations

from weighbridge.core.candidate import Artefact, Belonging, Candidate, Declared, Role, Subject
from weighbridge.core.canon import digest_of_bytes
from weighbridge.probekit.bench import MemoryBench, MemoryTable, generator
from weighbridge.probekit.ports import Calibration, Truth, Weight

_LABEL = "people.csv"
_QUASI = ("sex", "band", "district")
_CELLS = [(sex, band, district) for sex in ("f", "m") for band in ("0-17", "18-59", "60+") for district in "ABCD"]
_EACH = 15  # people in each cell: above k = 11 whatever columns are looked at


def _weight(seed: int, planted: int) -> Weight:
    """`_EACH` people in every cell, and `planted` more, each alone in a district of their own; rows in random order."""
    rng = generator(seed, "unique-combinations", "people")
    rows = [cell for cell in _CELLS for _ in range(_EACH)]
    rows += [("f", "60+", f"lonely {n}") for n in range(planted)]
    order = rng.permutation(len(rows))
    columns = {name: [rows[i][at] for i in order] for at, name in enumerate(_QUASI)}
    columns["note"] = [
        ("none", "water", "shelter")[i] for i in rng.integers(0, 3, len(rows))
    ]  # belongs to no combination
    table = MemoryTable(columns, label=_LABEL, declared=Declared(about_people=True, quasi_identifiers=_QUASI))
    artefact = Artefact(
        role=Role.DATA,
        label=_LABEL,
        digest=digest_of_bytes(b"people"),
        size_bytes=6,
        format="csv",
        belongs=Belonging.DATA,
    )
    bench = MemoryBench(
        candidate=Candidate(name="people", version="1", artefacts=(artefact,), subjects=(Subject.TABLE,)),
        seed=seed,
        tables_by_role={Role.DATA: (table,)},
    )
    share = planted / len(rows)
    truths = [
        Truth(metric=metric, value=share, by=(("columns", columns),))
        for metric in ("unique-share", "small-class-share")
        for columns in ("1", "2", "3", "declared")
    ]
    truths.append(Truth(metric="unique-share", value=0.0, by=(("columns", "identifier"),)))
    truths.append(Truth(metric="smallest-class", value=1 if planted else _EACH, by=(("columns", "declared"),)))
    return Weight(bench=bench, truths=tuple(truths))


def null(seed: int) -> Weight:
    """Everybody has fourteen lookalikes, whatever is known of them."""
    return _weight(seed, 0)


def planted(seed: int) -> Weight:
    """Between 5 and 24 people live alone in their district."""
    return _weight(seed, 5 + int(generator(seed, "unique-combinations", "planted").integers(0, 20)))


CALIBRATION = Calibration(null=null, planted=planted)

"""A known weight: people whom no column singles out, and whom all of them together do or do not."""

from __future__ import annotations

import itertools

from weighbridge.core.candidate import Artefact, Belonging, Candidate, Declared, Role, Subject
from weighbridge.core.canon import digest_of_bytes
from weighbridge.probekit.bench import MemoryBench, MemoryTable, generator
from weighbridge.probekit.ports import Calibration, Truth, Weight

_LABEL = "people.csv"
_QUASI = ("sex", "band", "district", "language")
_VALUES = (2, 3, 4, 5)
_EACH = 3  # people alike in every cell


def _weight(seed: int, planted: int) -> Weight:
    """`_EACH` people in every cell of four columns; of `planted` cells all but one have moved to where others are.

    Each value of each column stays with many, so that no column alone singles anybody out; the one who is left in a
    cell is singled out by all four columns together. Each person has two rows; they differ in nothing, save those of
    `planted` more people, each of whom was seen in two cells that have others but not both. Rows come in random order.
    """
    rng = generator(seed, "aggregation-uplift", "people")
    cells = [(a, b, c, d) for a in range(2) for b in range(3) for c in range(4) for d in range(5)]
    lonely = rng.permutation(len(cells))[:planted].tolist()
    kept = [cell for n, cell in enumerate(cells) if n not in lonely]
    people = [(cell, cell) for cell in kept for _ in range(_EACH)] + [(cells[n], cells[n]) for n in lonely]
    people += list(itertools.pairwise(kept))[:planted]  # seen in two places that each have others, and both none
    rows = [(who, cell) for who, seen in enumerate(people) for cell in seen]
    order = rng.permutation(len(rows))
    columns: dict[str, list[str]] = {
        name: [f"{name} {rows[i][1][place]}" for i in order] for place, name in enumerate(_QUASI)
    }
    columns["who"] = [f"p{rows[i][0]}" for i in order]
    declared = Declared(about_people=True, quasi_identifiers=_QUASI, person="who")
    artefact = Artefact(
        role=Role.DATA, label=_LABEL, digest=digest_of_bytes(b"people"), size_bytes=6, format="csv",
        belongs=Belonging.DATA,
    )  # fmt: skip
    bench = MemoryBench(
        candidate=Candidate(name="people", version="1", artefacts=(artefact,), subjects=(Subject.TABLE,)),
        seed=seed,
        tables_by_role={Role.DATA: (MemoryTable(columns, label=_LABEL, declared=declared),)},
    )
    share = planted / len(people)
    truths = (
        Truth(metric="singled-out-share", value=share, by=(("columns", "all"),)),
        Truth(metric="singled-out-share", value=0.0, by=(("columns", "1"),)),
        Truth(metric="column-uplift", value=share),
        Truth(metric="row-uplift", value=share),
    )
    return Weight(bench=bench, truths=truths)


def null(seed: int) -> Weight:
    """Everybody has two lookalikes in all that others could know."""
    return _weight(seed, 0)


def planted(seed: int) -> Weight:
    """Between 5 and 14 people are alone where all four columns meet, and nowhere else."""
    return _weight(seed, 5 + int(generator(seed, "aggregation-uplift", "planted").integers(0, 10)))


CALIBRATION = Calibration(null=null, planted=planted)

"""A known weight: a two-way table of counts with totals, in which it is known what is small and what follows."""

from __future__ import annotations

from weighbridge.core.candidate import Artefact, Belonging, Candidate, Declared, Role, Subject
from weighbridge.core.canon import digest_of_bytes
from weighbridge.probekit.bench import MemoryBench, MemoryTable, generator
from weighbridge.probekit.ports import Calibration, Truth, Weight

_LABEL = "patients.csv"
_ROWS, _COLUMNS = 6, 4


def _weight(seed: int, *, planted: bool) -> Weight:
    """Counts of 40 to 99. Planted: some rows have one hidden cell of 1 to 10 each, and some cells show such a count."""
    rng = generator(seed, "small-cells", "table")
    counts = rng.integers(40, 100, (_ROWS, _COLUMNS))
    hidden = [[False] * _COLUMNS for _ in range(_ROWS)]
    n_hidden = 1 + int(rng.integers(0, 3)) if planted else 0
    n_shown = 1 + int(rng.integers(0, 2)) if planted else 0
    for row in range(n_hidden):
        counts[row, row] = rng.integers(1, 11)
        hidden[row][row] = True
    for row in range(_ROWS - n_shown, _ROWS):
        counts[row, 0] = rng.integers(1, 11)
    columns: dict[str, list[str]] = {"district": [f"district {chr(65 + i)}" for i in range(_ROWS)] + ["Total"]}
    for j in range(_COLUMNS):
        cells = ["<11" if hidden[i][j] else str(counts[i, j]) for i in range(_ROWS)]
        columns[f"age {20 * j}-{20 * j + 19}"] = [*cells, str(counts[:, j].sum())]
    columns["Total"] = [str(n) for n in counts.sum(axis=1)] + [str(counts.sum())]
    table = MemoryTable(columns, label=_LABEL, declared=Declared(about_people=True))
    artefact = Artefact(
        role=Role.DATA, label=_LABEL, digest=digest_of_bytes(b"patients"), size_bytes=8, format="csv",
        belongs=Belonging.DATA,
    )  # fmt: skip
    bench = MemoryBench(
        candidate=Candidate(name="patients", version="1", artefacts=(artefact,), subjects=(Subject.TABLE,)),
        seed=seed, tables_by_role={Role.DATA: (table,)},
    )  # fmt: skip
    n_cells = (_ROWS + 1) * (_COLUMNS + 1)
    truths = (
        Truth(metric="small-cells", value=n_hidden + n_shown),
        Truth(metric="small-cells", value=n_hidden, by=(("cell", "derived"),)),
        Truth(metric="small-cells", value=n_shown, by=(("cell", "shown"),)),
        Truth(metric="small-cell-share", value=(n_hidden + n_shown) / n_cells),
        Truth(metric="hidden-cells", value=n_hidden),
    )
    return Weight(bench=bench, truths=truths)


def null(seed: int) -> Weight:
    """No cell counts fewer than forty."""
    return _weight(seed, planted=False)


def planted(seed: int) -> Weight:
    """One to three hidden small cells that subtraction gives away, and one or two that are shown."""
    return _weight(seed, planted=True)


CALIBRATION = Calibration(null=null, planted=planted)

"""How long it takes to attack a made-up table, beside anonymeter, and whether both tell a leak from none.

    python benchmarks/made_up_tables.py --peer PYTHON [--rows N] [--rounds R]

PYTHON is an interpreter that has anonymeter: `python -m venv peer && peer/bin/pip install anonymeter`. People are
drawn from one law: originals, rows kept back, and a made-up table, once drawn anew and once with a fifth of the
originals copied. In each round ours tries its five attacks on all rows of both sides, and infers every column;
anonymeter tries linkability, and the inference of one column, on as many rows. Printed are seconds of one core, the
ratio of each round and its median, and what both say of the honest and of the leaky table. It exits with 1 where ours
does not tell them apart.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = "1"

import argparse
import csv
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from weighbridge.core.candidate import Role
from weighbridge.core.evidence import Measured, Quantity
from weighbridge.probekit.bench import MemoryTable
from weighbridge.probes.model_aggregates.calibration import bench_of, people
from weighbridge.probes.model_aggregates.probe import PROBE, Settings

COPIED = 0.2
SIDES = ("made", "originals", "control")
Columns = dict[str, list[object]]


def drawn(rows: int, seed: int, share: float) -> dict[str, Columns]:
    """A made-up table with this share of the originals copied, originals, and rows kept back."""
    rng = np.random.default_rng(seed)
    tables = {name: people(rows, rng) for name in SIDES}
    n = int(share * rows)
    for name, values in tables["made"].items():
        values[:n] = tables["originals"][name][:n]
    return tables


def ours(tables: dict[str, Columns]) -> tuple[Quantity, float]:
    """The worst risk above the control, and the seconds it took."""
    roles = dict(zip(SIDES, (Role.SAMPLES, Role.TRAIN_DATA, Role.HELD_OUT), strict=True))
    bench = bench_of({roles[name]: MemoryTable(held, label=f"{name}.csv") for name, held in tables.items()})
    before = time.perf_counter()
    outcome = PROBE.measure(bench, Settings())
    taken = time.perf_counter() - before
    if not isinstance(outcome, Measured):
        print(outcome)
        sys.exit(1)
    return next(q for q in outcome.quantities if q.metric == "worst-risk-above-control"), taken


def theirs(peer: subprocess.Popen[str], tables: dict[str, Columns], folder: Path) -> dict[str, Any]:
    """What anonymeter answers."""
    for name, held in tables.items():
        with (folder / f"{name}.csv").open("w", newline="") as stream:
            csv.writer(stream).writerows([list(held), *zip(*held.values(), strict=True)])
    rows = len(tables["originals"]["age"])
    job = {**{name: str(folder / f"{name}.csv") for name in SIDES}, "attacks": rows}
    assert peer.stdin is not None
    assert peer.stdout is not None
    peer.stdin.write(json.dumps(job) + "\n")
    peer.stdin.flush()
    answer: dict[str, Any] = json.loads(peer.stdout.readline())
    return answer


def main(argv: list[str] | None = None) -> int:
    """Run the rounds and print what they show."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", required=True)
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args(argv)
    script = Path(__file__).parent / "peers" / "anonymeter_attacks.py"
    command = [asked.peer, str(script)]
    ratios, told_apart = [], True
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as peer,  # noqa: S603
    ):
        assert peer.stdout is not None
        print(f"anonymeter {json.loads(peer.stdout.readline())['version']}, {asked.rows} rows on each side")
        for turn in range(asked.rounds):
            for says, share in (("honest", 0.0), ("leaky", COPIED)):
                tables = drawn(asked.rows, turn, share)
                worst, taken = ours(tables)
                answer = theirs(peer, tables, Path(folder))
                seconds = sum(one["seconds"] for one in answer.values())
                ratios.append(seconds / taken)
                told_apart &= (worst.low > 0) is bool(share)
                risks = ", ".join(f"{k} {a['value']:.3f} [{a['low']:.3f}, {a['high']:.3f}]" for k, a in answer.items())
                print(f"{says}: ours {taken:.1f} s, worst {worst.value:.3f} [{worst.low:.3f}, {worst.high:.3f}]")
                print(f"   anonymeter {seconds:.1f} s, {risks}; {seconds / taken:.1f}x")
        assert peer.stdin is not None
        peer.stdin.close()
    print(f"rows {asked.rows} ratio {statistics.median(ratios):.1f}x told-apart {'yes' if told_apart else 'no'}")
    return 0 if told_apart else 1


if __name__ == "__main__":
    sys.exit(main())

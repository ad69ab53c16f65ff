"""How fast the gate hashes, against `sha256sum`, in turn, on one core and on all: ratios of throughput.

    python benchmarks/hashing.py [FOLDER]

Writes 2 GiB into FOLDER (a temporary one by default), reads all of it once so that the cache holds it for both, and
takes the median of five rounds, each of which runs one after the other. Above 1 the gate is faster.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from weighbridge.adapters.presenting import present

MIB = 1 << 20
ROUNDS = 5


def _written(folder: Path, files: int, size: int) -> Path:
    folder.mkdir(parents=True)
    for n in range(files):
        with (folder / f"{n:04}.bin").open("wb") as out:
            for _ in range(size // MIB):
                out.write(os.urandom(MIB))
    return folder


def _timed(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def _sums(folder: Path, cores: int) -> None:
    """`sha256sum` over all files, with as many processes as there are cores."""
    names = sorted(str(path) for path in folder.iterdir())
    command = ["xargs", "-P", str(cores), "-n", str(-(-len(names) // cores)), "sha256sum"]
    subprocess.run(command, input="\n".join(names), text=True, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  our own words


def _ratio(folder: Path, cores: set[int]) -> float:
    """Throughput of the gate over that of `sha256sum`, on these cores alone."""
    os.sched_setaffinity(0, cores)
    theirs, ours = [], []
    for _ in range(ROUNDS):
        theirs.append(_timed(lambda: _sums(folder, len(cores))))
        ours.append(_timed(lambda: present(folder, lambda _label, _size: True)))
    return statistics.median(theirs) / statistics.median(ours)


def main() -> None:
    """Print one ratio for each kind of folder and number of cores."""
    everywhere = os.sched_getaffinity(0)
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as root:
        for name, files, size in (("1 file of 1 GiB", 1, 1024 * MIB), ("1000 files of 1 MiB", 1000, MIB)):
            folder = _written(Path(root) / name.replace(" ", "-"), files, size)
            for cores in ({min(everywhere)}, everywhere):
                print(f"{name}, {len(cores)} core(s): {_ratio(folder, cores):.2f}x sha256sum")
        os.sched_setaffinity(0, everywhere)


if __name__ == "__main__":
    main()

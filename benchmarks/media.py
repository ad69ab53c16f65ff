"""How many pictures a second are read for their metadata, beside exifread, and in how much memory.

    python benchmarks/media.py [--files N] [--kilobytes K] [--rounds R]

Pictures of K kilobytes, most of it noise in the place of pixels, are written to a folder of its own, with Exif, a
position and a thumbnail. In each round ours reads all of them, then exifread does, without makers' blocks; both from
the file cache, which a first reading fills. Printed are files a second of both, the ratio of each round and its
median, and the highest memory of this process. It exits with 1 where one of the two does not find what stands there.
"""

from __future__ import annotations

import argparse
import logging
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from weighbridge.probes.media_metadata import toys
from weighbridge.probes.media_metadata.kinds import Kind
from weighbridge.probes.media_metadata.pictures import jpeg_kinds
from weighbridge.probes.media_metadata.tags import Found
from weighbridge.probes.media_metadata.window import Window


def picture(kilobytes: int, rng: np.random.Generator) -> bytes:
    """A JPEG with Exif, a position and a thumbnail before noise."""
    block = toys.exif(
        [toys.text(0x010F, "Maker"), toys.text(0x013B, "Ada"), toys.text(0x0131, "1.0")],
        deep=[toys.text(0x9003, "2019:05:04 10:11:12"), toys.text(0xA431, "X1234567")],
        gps=toys.position(), thumbnail=True,
    )  # fmt: skip
    whole = toys.jpeg(toys.with_exif(block))
    return whole[:-2] + rng.bytes(kilobytes << 10).replace(b"\xff", b"\xfe") + whole[-2:]


def ours(path: Path) -> bool:
    """Whether our reader finds a position and a number of the camera."""
    found = Found()
    with path.open("rb") as stream:
        jpeg_kinds(Window(stream, most_bytes=1 << 25, most_reads=50_000), found)
    return {Kind.POSITION, Kind.DEVICE_SERIAL} <= found.kinds


def theirs(path: Path) -> bool:
    """Whether exifread does."""
    import exifread

    with path.open("rb") as stream:
        tags = exifread.process_file(stream, details=False)
    return {"GPS GPSLatitude", "EXIF BodySerialNumber"} <= set(tags)


def seconds(read: Callable[[Path], bool], paths: list[Path]) -> float:
    """How long a reader takes for all of them; exits where it misses something."""
    before = time.perf_counter()
    n = sum(read(path) for path in paths)
    taken = time.perf_counter() - before
    if n != len(paths):
        print(f"{read.__name__} found what stands there in {n} of {len(paths)}")
        sys.exit(1)
    return taken


def main(argv: list[str] | None = None) -> int:
    """Run the rounds and print what they show."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--kilobytes", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args(argv)
    logging.getLogger("exifread").setLevel(logging.CRITICAL)
    rng = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{i}.jpg" for i in range(asked.files)]
        for path in paths:
            path.write_bytes(picture(asked.kilobytes, rng))
        seconds(ours, paths)
        ratios, rates = [], []
        for turn in range(asked.rounds):
            one, other = seconds(ours, paths), seconds(theirs, paths)
            ratios.append(other / one)
            rates.append(asked.files / one)
            both = f"ours {asked.files / one:.0f}/s, exifread {asked.files / other:.0f}/s"
            print(f"round {turn + 1}: {both}, {other / one:.1f}x")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rate, ratio = statistics.median(rates), statistics.median(ratios)
    print(f"files {asked.files} rate {rate:.0f}/s ratio {ratio:.1f}x memory {memory:.0f} MiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Text scanned for direct identifiers: ours beside Presidio, per core, and how right each is on labelled text.

    python benchmarks/identifiers.py --peer-python OTHER/bin/python   # an environment that has presidio-analyzer
    python benchmarks/identifiers.py                                  # ours alone, and why the peer was left out

Speed: made text (seeded), documents of 2.4 kB with identifiers and what only looks like them. The two sides take
turns, and each turn gives a rate in bytes per second of CPU time on one core; the ratio is told for each round, with
its median and range. The peer runs its pattern recognisers for the seven entities that both find, on a blank pipeline,
without network; ours looks for all that it knows (addresses, positions, names and some sixty national numbers too), and
for plain addresses of the web, which the peer looks for.

Quality: `pii/presidio-research_synth_v2.json.gz` in the folder that WEIGHBRIDGE_DATA names (../shared/data), only with
`--quality`: it is held out, and every look at it is written down in docs/decisions/0036. Precision and recall for each
type by overlap; of each side every hit counts, whatever its tier or score, as the text is made up. Addresses of the web
inside addresses of mail count for neither. Differences (ours less theirs) have an interval by a paired bootstrap over
documents; "not inferior" is a lower end (2.5 %) above minus the margin.

Exits with 1 only where the peer was asked for and could not be run.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import argparse
import gzip
import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from weighbridge.probekit.scanner.kinds import Hints
from weighbridge.probekit.scanner.scan import scan_strings, spans

HERE = Path(__file__).parent
DATA = Path(os.environ.get("WEIGHBRIDGE_DATA", HERE.parent.parent / "shared" / "data")) / "pii"
LABELLED = "presidio-research_synth_v2.json.gz"
TARGET, MARGIN, RESAMPLES = 80.0, 0.01, 10_000
LENGTH, DENSITY = 2400, 0.012  # characters of a document; share of its words that are identifiers or look like one
WORDS = """
    the of and to in a is that for it was on as with his they be at one have this from or had by hot but some
    what there we can out other were all your when up use word how said an each she which do their time if will
    way about many then them would write like so these her long make thing see him two has look more day could
    go come did my sound no most who over know water than first people may down side been now find any new work
    part take get place made live where after back
""".split()  # noqa: SIM905  easier to read than a list
# Type: (labels in the labelled text, labels of the peer, kinds of ours)
TYPES = {
    "CREDIT_CARD": (("CREDIT_CARD",), ("CREDIT_CARD",), ("card",)),
    "EMAIL": (("EMAIL_ADDRESS",), ("EMAIL_ADDRESS",), ("e-mail",)),
    "IBAN": (("IBAN_CODE",), ("IBAN_CODE",), ("iban",)),
    "IP": (("IP_ADDRESS",), ("IP_ADDRESS",), ("ip",)),
    "PHONE": (("PHONE_NUMBER",), ("PHONE_NUMBER",), ("phone",)),
    "US_SSN": (("US_SSN",), ("US_SSN",), ("us-ssn",)),
    "URL": (("DOMAIN_NAME",), ("URL",), ("url", "url-with-user")),
}
Span = tuple[int, int, str]


class Peer:
    """The peer's process."""

    def __init__(self, python: Path) -> None:
        script = str(HERE / "peers" / "presidio.py")
        self._process = subprocess.Popen(  # noqa: S603  the interpreter that the user named
            [str(python), script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self.version = str(self._line()["version"])

    def ask(self, texts: Sequence[str]) -> tuple[float, list[list[Span]]]:
        """CPU seconds, and the spans of each text."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"texts": list(texts)}) + "\n")
        self._process.stdin.flush()
        answer = self._line()
        return float(answer["seconds"]), [[(s, e, label) for s, e, label in one] for one in answer["spans"]]

    def _line(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            sys.exit("the peer ended by itself: does its environment have presidio-analyzer?")
        made: dict[str, Any] = json.loads(line)
        return made

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()


@contextmanager
def opened(python: Path | None) -> Iterator[Peer | None]:
    """The peer, where its interpreter is named."""
    if python is None:
        print("peer: left out, as no interpreter was named that has it; add --peer-python OTHER/bin/python")
        yield None
        return
    peer = Peer(python)
    print(f"peer: Presidio {peer.version}, seven pattern recognisers on a blank pipeline")
    try:
        yield peer
    finally:
        peer.close()


def check_digit(body: str) -> str:
    """The body with its Luhn digit."""
    values = [int(c) for c in reversed(body)]
    total = sum(values[1::2]) + sum(2 * v - 9 * (v > 4) for v in values[::2])
    return f"{body}{-total % 10}"


def item(rng: random.Random) -> str:
    """An identifier, or what only looks like one."""
    word, other = rng.choice(WORDS), rng.choice(WORDS)
    n = rng.randrange
    made = (
        f"{word}.{other}{n(99)}@mail{n(99)}.org", f"+44 20 {n(7000, 7999)} {n(1000, 9999)}",
        f"({n(201, 989)}) {n(200, 999)}-{n(1000, 9999)}",
        check_digit(f"4{n(10**14):014d}"), f"{n(10**15, 10**16)}",
        f"2023-{n(1, 13):02d}-{n(1, 29):02d} {n(24)}:{n(10, 60)}:11",
        f"v{n(20)}.{n(20)}.{n(20)}.{n(20)}", f"{n(11, 220)}.{n(256)}.{n(256)}.{n(256)}", f"10.0.{n(256)}.{n(256)}",
        f"{n(1, 660):03d}-{n(1, 99):02d}-{n(1, 9999):04d}", "DE44500105175407324931",
        f"https://{word}.com/{other}/{n(999)}", f"{n(16**32):032x}",
    )  # fmt: skip
    return rng.choice(made)


def document(rng: random.Random) -> str:
    """About 2.4 kB of sentences with a few of them between."""
    words: list[str] = []
    length, left = 0, 0
    while length < LENGTH:
        word = item(rng) if rng.random() < DENSITY else rng.choice(WORDS)
        if left == 0:
            left, word = rng.randrange(5, 19), word.capitalize() if word.isalpha() else word
        left -= 1
        words.append(word + ("." if left == 0 else "," if rng.random() < 0.06 else ""))
        length += len(words[-1]) + 1
    return " ".join(words)


def ours_seconds(texts: pa.Array) -> float:
    """CPU seconds of a scan of all of these."""
    started = time.process_time()
    for _found in scan_strings(texts, Hints(links=True)):
        pass
    return time.process_time() - started


def speed(peer: Peer | None, *, rounds: int, seed: int) -> None:
    """Rates in turns."""
    rng = random.Random(seed)  # noqa: S311  made text
    warm = [document(rng) for _ in range(400)]  # what is compiled or loaded late is so by then, on both sides
    ours_seconds(pa.array(warm))
    if peer:
        peer.ask(warm[:20])
    rates: list[tuple[float, float]] = []
    for n in range(rounds):
        many, few = [document(rng) for _ in range(2000)], [document(rng) for _ in range(60)]
        sides = [lambda: sum(map(len, many)) / ours_seconds(pa.array(many))]  # noqa: B023  called in this round alone
        if peer:
            sides.append(lambda: sum(map(len, few)) / peer.ask(few)[0])  # noqa: B023  likewise
        order = range(len(sides)) if n % 2 else reversed(range(len(sides)))
        told = {side: sides[side]() / 1e6 for side in order}
        rates.append((told[0], told.get(1, 0.0)))
        says = f", theirs {told[1]:.3f} MB/s: {told[0] / told[1]:.0f} times" if peer else ""
        print(f"  round {n + 1}: ours {told[0]:.1f} MB/s{says}")
    if peer:
        ratios = sorted(ours / theirs for ours, theirs in rates)
        median = statistics.median(ratios)
        word = "reached" if median >= TARGET else "missed"
        says = f"{ratios[0]:.0f} to {ratios[-1]:.0f}; the target of {TARGET:.0f} is {word}"
        print(f"speed: median {median:.0f} times, {says}")


@dataclass(frozen=True, slots=True)
class Counted:
    """For each document: of what was found how much is right, and of what is there how much was found."""

    found: npt.NDArray[np.int64]
    right: npt.NDArray[np.int64]
    there: npt.NDArray[np.int64]
    hit: npt.NDArray[np.int64]

    def precision(self, of: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """For each row of chosen documents; 1 where nothing was found."""
        return _ratio(self.right, self.found, of)

    def recall(self, of: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """Likewise."""
        return _ratio(self.hit, self.there, of)


def _ratio(
    part: npt.NDArray[np.int64], whole: npt.NDArray[np.int64], of: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    top, below = part[of].sum(axis=1), whole[of].sum(axis=1)
    return np.where(below > 0, top / np.maximum(below, 1), 1.0)


def count(gold: list[list[Span]], found: list[list[Span]]) -> Counted:
    """By overlap."""
    rows = []
    for there, those in zip(gold, found, strict=True):
        right = sum(any(s < b and a < e for a, b, _ in there) for s, e, _ in those)
        hit = sum(any(s < b and a < e for s, e, _ in those) for a, b, _ in there)
        rows.append((len(those), right, len(there), hit))
    columns = np.array(rows, dtype=np.int64).T
    return Counted(*columns)


def ours_found(text: str) -> list[Span]:
    """Our spans, US numbers told from those of other countries."""
    return [
        (s.start, s.end, "us-ssn" if s.pattern.startswith("id-us-ssn") else s.kind.value)
        for s in spans(text, links=True)
    ]


def only(found: list[list[Span]], labels: Sequence[str], without: list[list[Span]]) -> list[list[Span]]:
    """Those of some labels, without what lies in a span that counts for neither side."""
    return [
        [span for span in one if span[2] in labels and not any(span[0] < e and s < span[1] for s, e, _ in apart)]
        for one, apart in zip(found, without, strict=True)
    ]


def quality(peer: Peer, *, seed: int) -> None:
    """Precision and recall for each type."""
    documents = json.loads(gzip.decompress((DATA / LABELLED).read_bytes()))
    texts = [one["full_text"] for one in documents]
    gold = [[(s["start_position"], s["end_position"], s["entity_type"]) for s in one["spans"]] for one in documents]
    ours, theirs = [ours_found(text) for text in texts], peer.ask(texts)[1]
    chosen = np.random.default_rng(seed).integers(0, len(texts), (RESAMPLES, len(texts)))
    everything = np.arange(len(texts))[None, :]
    nothing: list[list[Span]] = [[] for _ in texts]
    mails = only(gold, ("EMAIL_ADDRESS",), nothing)
    for name, (labels, of_peer, of_ours) in TYPES.items():
        apart = mails if name == "URL" else nothing
        there = only(gold, labels, nothing)
        sides = [count(there, only(found, kinds, apart)) for found, kinds in ((ours, of_ours), (theirs, of_peer))]
        for metric in ("precision", "recall"):
            a, b = (getattr(side, metric) for side in sides)
            drawn = a(chosen) - b(chosen)
            low, high = np.quantile(drawn, [0.025, 0.975])
            says = "not inferior" if low > -MARGIN else "not shown not inferior" if high >= -MARGIN else "inferior"
            print(
                f"  {name:<12}{metric:<10} ours {a(everything)[0]:.3f}, theirs {b(everything)[0]:.3f};"
                f" difference {low:+.3f} to {high:+.3f}: {says} (n = {int(sides[0].there.sum())})"
            )


def main() -> None:
    """Both."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--peer-python", type=Path, help="the interpreter of an environment that has presidio-analyzer")
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--quality", action="store_true", help="look at the labelled text too, which is held out")
    options = parser.parse_args()
    with opened(options.peer_python) as peer:
        speed(peer, rounds=options.rounds, seed=options.seed)
        if options.quality and not (DATA / LABELLED).exists():
            print(f"quality: left out, as {LABELLED} is not on this machine; WEIGHBRIDGE_DATA names its folder")
        elif options.quality and peer:
            quality(peer, seed=options.seed)


if __name__ == "__main__":
    main()

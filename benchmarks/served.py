"""How much sooner a served model has scored its windows when several questions are under way than one at a time.

Against the real server of llama-cpp-python, with a toy Llama of random weights, started as a child of this process:

    WEIGHBRIDGE_LLAMA_PYTHON=PYTHON python benchmarks/served.py

where PYTHON has llama-cpp-python[server]. Wall seconds, since most of them pass in the server; rounds whose order
turns, medians of the ratios within each round. That server works on one question at a time, so that what is gained is
the time in which the next question would only be on its way; vLLM, which works on many at once, is not measured here.

Exits with 1 if two ways give different scores; never because a machine is slow.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import argparse
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from adapters.models import toys
from adapters.served import gguf_file, llama_server
from weighbridge.adapters.served import dialects
from weighbridge.adapters.served.language_model import open_served_lm
from weighbridge.probekit.ports import Floats
from weighbridge.probekit.served import taken

WINDOWS, LENGTH = 64, 100
WORDS = ["the", "cat", "sat", "on", "mat", "and", "said", "hello", "to", "dog", "a", "in", "fog", "saw", "frog", "log"]


def main() -> int:
    """Measure, print, compare scores."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--rounds", type=int, default=5, help="rounds; the order of the ways turns from one to the next"
    )
    options = parser.parse_args()
    if why := llama_server.lacking():
        print(f"not measured: {why}")
        return 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        size = toys.tokenizer().get_vocab_size()
        model = toys.llama(vocab_size=size, max_position_embeddings=256, hidden_size=128, num_hidden_layers=4)
        toys.save(model, folder / "toy", bos=True)
        gguf_file.write(folder / "toy.gguf", model, toys.tokenizer(), adds_bos=True)
        with llama_server.serving(folder / "toy.gguf") as url:
            return measured(url, folder, options.rounds)


def measured(url: str, folder: Path, rounds: int) -> int:
    """The ways in turn."""
    ways = {"several under way": dialects.AT_ONCE["echo"], "one at a time": 1}
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    scores: dict[str, Floats] = {}
    for turn in range(rounds):
        for way in list(ways) if turn % 2 == 0 else list(reversed(ways)):
            dialects.AT_ONCE["echo"] = ways[way]
            seconds[way].append(0.0)
            seconds[way][-1], scores[way] = once(url, folder, kept=folder / f"kept-{turn}-{ways[way]}")
    n = len(scores["one at a time"])
    for name, values in seconds.items():
        each = ", ".join(f"{value:.2f}" for value in values)
        print(f"  {name:20} {np.median(values):6.2f} s (rounds: {each}); {n} windows of {LENGTH} tokens")
    ratio = np.median(np.asarray(seconds["one at a time"]) / np.asarray(seconds["several under way"]))
    print(f"one at a time / several under way = {ratio:.2f}")
    off = float(np.abs(scores["one at a time"] - scores["several under way"]).max())
    print(f"scores differ by at most {off:.1e} nats")
    return 0 if off < 1e-3 else 1


def once(url: str, folder: Path, *, kept: Path) -> tuple[float, Floats]:
    """Seconds that scoring takes with nothing kept from before, and the scores."""
    served = open_served_lm(url, model="", tokenizer=folder / "toy", label="toy", kept=kept)
    chosen = np.random.default_rng(0).choice(WORDS, WINDOWS * LENGTH)
    ids = served.encode([" ".join(chosen)])[0]
    windows = np.lib.stride_tricks.sliding_window_view(ids, LENGTH)[:: LENGTH // 2][: 2 * WINDOWS]
    windows = windows[taken(served, windows)][:WINDOWS]
    started = time.perf_counter()
    found = served.score(windows, first=1)
    return time.perf_counter() - started, found.log_probability


if __name__ == "__main__":
    sys.exit(main())

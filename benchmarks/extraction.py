"""How much dearer generation is than teacher-forced scoring, for the same greedy verdict.

The question: does the model continue a 50-token prefix with the next 50 tokens of the training text? A GPT-2 of about
ten million parameters, vocabulary 8192, random weights; half of the windows are learnt by heart first, so that verdicts
differ. CPU seconds of one thread, in rounds whose order turns, medians of the ratios within each round.

    python benchmarks/extraction.py

Exits with 1 if two ways give different verdicts; never because a machine is slow.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = "1"
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import GPT2Config, GPT2LMHeadModel
from transformers.utils import logging

from weighbridge.adapters.models.causal_lm import open_causal_lm
from weighbridge.probekit.ports import Bools, Decoding, Ints, LanguageModel

VOCABULARY = 8192
PREFIX = SUFFIX = 50
WINDOWS = 32
PLANTED = WINDOWS // 2
LEARNING_STEPS = 30
# The ratios that the project set itself: at least the first two, at most the last.
AT_BATCH_1 = 10.0
AT_BATCH_32 = 1.4
GRID = 1.3

Way = Callable[[], Bools]


def main() -> int:
    """Measure, print, compare verdicts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--rounds", type=int, default=3, help="rounds; the order of the ways turns from one to the next"
    )
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.set_num_threads(1)
    windows = np.random.default_rng(options.seed).integers(0, VOCABULARY, (WINDOWS, PREFIX + SUFFIX))
    model = planted_model(windows[:PLANTED], seed=options.seed)
    ways: dict[str, Way] = {
        "scoring, greedy": lambda: scored(model, windows, [Decoding.GREEDY]),
        "scoring, four schemes": lambda: scored(model, windows, list(Decoding)),
        "generate, batch 32": lambda: generated(model, windows, batch=32),
        "generate, batch 1": lambda: generated(model, windows, batch=1),
    }
    verdicts, seconds = in_turn(ways, rounds=options.rounds)
    tell(model, verdicts, seconds)
    return 0 if all(np.array_equal(verdicts["scoring, greedy"], other) for other in verdicts.values()) else 1


def planted_model(planted: Ints, *, seed: int) -> LanguageModel:
    """A model that knows these windows, through a folder and the adapter, as a candidate would come."""
    logging.disable_progress_bar()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        torch.manual_seed(seed)
        shape = GPT2Config(
            vocab_size=VOCABULARY, n_positions=128, n_embd=320, n_layer=6, n_head=5, bos_token_id=0, eos_token_id=0
        )
        GPT2LMHeadModel(shape).save_pretrained(folder)
        vocabulary = {f"w{number}": number for number in range(VOCABULARY)}
        words = Tokenizer(models.WordLevel(vocabulary, unk_token="w0"))  # noqa: S106  a word, not a password
        words.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
        words.save(str(folder / "tokenizer.json"))
        model = open_causal_lm(folder, label="a GPT-2 with random weights")
    return model.overfitted(planted, steps=LEARNING_STEPS, seed=seed)


def scored(model: LanguageModel, windows: Ints, under: list[Decoding]) -> Bools:
    """The verdict from one teacher-forced pass."""
    scores = model.score(windows, first=PREFIX, under=under)
    return np.asarray(scores.under[Decoding.GREEDY].sum(axis=1) == 0)


def generated(model: LanguageModel, windows: Ints, *, batch: int) -> Bools:
    """The verdict from generating the suffix."""
    verdicts = []
    for start in range(0, len(windows), batch):
        part = windows[start : start + batch]
        found = model.generate(part[:, :PREFIX], n_new=SUFFIX, decoding=Decoding.GREEDY, seed=0)
        verdicts.append((found == part[:, PREFIX:]).all(axis=1))
    return np.concatenate(verdicts)


def in_turn(ways: dict[str, Way], *, rounds: int) -> tuple[dict[str, Bools], dict[str, list[float]]]:
    """CPU seconds of each way in each round, and the verdicts of its last one. A first call warms up what is lazy."""
    ways["scoring, four schemes"]()
    verdicts: dict[str, Bools] = {}
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(rounds):
        names = list(ways) if turn % 2 == 0 else list(reversed(ways))
        for name in names:
            started = time.process_time()
            verdicts[name] = ways[name]()
            seconds[name].append(time.process_time() - started)
    return verdicts, seconds


def tell(model: LanguageModel, verdicts: dict[str, Bools], seconds: dict[str, list[float]]) -> None:
    """Print what came out."""
    greedy = np.asarray(seconds["scoring, greedy"])
    print(
        f"{model.n_parameters:,} parameters; {WINDOWS} windows of {PREFIX}+{SUFFIX} tokens, {PLANTED} learnt by heart"
    )
    for name, values in seconds.items():
        rounds = ", ".join(f"{value:.2f}" for value in values)
        print(f"  {name:24} {np.median(values):7.2f} CPU s (rounds: {rounds}); {verdicts[name].sum()} reproduced")
    for name, bound, at_least in (
        ("generate, batch 1", AT_BATCH_1, True),
        ("generate, batch 32", AT_BATCH_32, True),
        ("scoring, four schemes", GRID, False),
    ):
        ratio = float(np.median(np.asarray(seconds[name]) / greedy))
        is_met = ratio >= bound if at_least else ratio <= bound
        side = "at least" if at_least else "at most"
        print(f"{'PASS' if is_met else 'MISS'}  {name} / scoring, greedy = {ratio:.2f} ({side} {bound})")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
    same = all(np.array_equal(verdicts["scoring, greedy"], other) for other in verdicts.values())
    print("verdicts are identical" if same else "VERDICTS DIFFER")


if __name__ == "__main__":
    sys.exit(main())

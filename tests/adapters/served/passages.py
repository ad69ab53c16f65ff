"""What the served toy was trained on, and windows of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from adapters.models import toys
from weighbridge.adapters.served.language_model import open_served_lm
from weighbridge.probekit.ports import Ints, LanguageModel

Serve = Callable[..., Any]  # a fixture that serves the toy, with what its contract takes
SIZE = toys.tokenizer().get_vocab_size()
PASSAGES = [
    f"{who} said {what} to the {other} and sat on the {thing} in the fog with a log, {n} times over and over again"
    for n, (who, what, other, thing) in enumerate(
        [
            ("the cat", "hello", "dog", "mat"), ("a frog", "no", "cat", "dog"), ("the dog", "and", "fog", "frog"),
            ("a log", "hat", "mat", "sea"), ("the sea", "wet", "cat", "log"), ("a hat", "so", "frog", "cat"),
        ]
    )
]  # fmt: skip


def opened(url: str, folder: Path, kept: Path, model: str = "") -> LanguageModel:
    """The model, where it is served."""
    return open_served_lm(url, model=model, tokenizer=folder, label="weights", kept=kept)


def encoded() -> list[Ints]:
    """The passages as tokens."""
    made = toys.tokenizer(bos=True).encode_batch(PASSAGES, add_special_tokens=False)
    return [np.asarray(one.ids, dtype=np.int64) for one in made]


def tokens(n: int = 12, length: int = 20) -> Ints:
    """Windows of known and unknown text, and of noise."""
    ids = np.concatenate(encoded())
    rows = np.lib.stride_tricks.sliding_window_view(ids, length)[:: max(1, (len(ids) - length) // (n // 2))][: n // 2]
    noise = np.random.default_rng(0).integers(2, SIZE, (n - len(rows), length))
    return np.concatenate([rows, noise])


def typed(model: LanguageModel, windows: Ints) -> Ints:
    """Those windows that their own text becomes again."""
    again = model.encode(model.decode(list(windows)))
    return np.asarray([w for w, a in zip(windows, again, strict=True) if np.array_equal(w, a)], dtype=np.int64)

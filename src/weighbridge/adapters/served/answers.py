"""What a server of a language model answers, taken apart and doubted: a number that is none is never passed on."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Never

import numpy as np

from weighbridge.adapters.served.http import Server
from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.ports import Floats, Ints

# What is known of a window, by row; a column for each token but the first. NaN where a server does not tell.
LOG_PROBABILITY, IS_ARGMAX, RANK, TOP_K = range(4)
N_ROWS = 4

ROUNDING = 1e-3  # nats above zero that rounding may bring about; single precision needs less
_MASS_ROUNDING = 0.01


@contextmanager
def asked(server: Server, path: str, bodies: Iterable[Mapping[str, object]]) -> Iterator[Iterator[object]]:
    """The answers to many bodies. Whoever leaves before the last of them leaves no question under way."""
    answers = server.post_all(path, bodies)
    try:
        yield answers
    finally:
        if isinstance(answers, Generator):
            answers.close()


def lying(because: Phrase) -> Never:
    """Leave, since what the server says cannot be true."""
    not_measured(
        because,
        phrase(
            "check the server: it should give log-probabilities as the model gives them (vLLM: --logprobs-mode "
            "raw_logprobs), without guided decoding, penalties or a cache of its own answers"
        ),
    )


def part(answer: object, *path: str | int) -> Any:
    """What lies at a place of an answer."""
    found = optional(answer, *path)
    if found is None:
        lying(phrase("an answer of the server lacks {what}", what=".".join(map(str, path))))
    return found


def optional(answer: object, *path: str | int) -> Any:
    """Likewise; None where it is not there."""
    for step in path:
        if isinstance(step, str) and isinstance(answer, dict):
            answer = answer.get(step)
        elif isinstance(step, int) and isinstance(answer, list) and step < len(answer):
            answer = answer[step]
        else:
            return None
    return answer


def any_list(answer: object) -> list[Any]:
    """A list of any length."""
    return list_of(answer, len(answer) if isinstance(answer, list) else 1, "entries")


def list_of(answer: object, n: int, what: str) -> list[Any]:
    """A list of so many."""
    if not isinstance(answer, list) or len(answer) != n:
        length = len(answer) if isinstance(answer, list) else 0
        lying(phrase("the server gives {length} {what} where {n} are due", length=length, n=n, what=what))
    return answer


def log_probability(value: object) -> float:
    """A log-probability, at most zero."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or math.isnan(value):
        lying(phrase("the server gives something else than a number where a log-probability is due"))
    if value > ROUNDING:
        lying(phrase("the server gives a log-probability above zero"))
    return max(-1e300, min(0.0, float(value)))  # an infinity is not more than "never", and stays a number


def whole(value: object) -> int:
    """A whole number, such as a token's id."""
    if isinstance(value, bool) or not isinstance(value, int):
        lying(phrase("the server gives something else than a whole number where one is due"))
    return value


def check_mass(alternatives: Floats, vocabulary: int) -> None:
    """Whether the log-probabilities of a token's alternatives can be those of one distribution.

    Together they weigh no more than 1; and the likeliest so many weigh at least what an even distribution gives them.
    """
    mass = float(np.exp(alternatives).sum())
    if mass > 1 + _MASS_ROUNDING or mass < (1 - _MASS_ROUNDING) * len(alternatives) / vocabulary:
        lying(phrase("the alternatives to a token weigh {mass:.3g} in all, which no distribution does", mass=mass))


def as_windows(sequences: Iterable[list[int]], n_new: int) -> Ints:
    """Sequences of generated tokens, cut to one length."""
    cut = []
    for tokens in sequences:
        if len(tokens) < n_new:
            not_measured(
                phrase("the server ends its text after {n} of {n_new} tokens", n=len(tokens), n_new=n_new),
                phrase("ask for fewer tokens, or start the server so that it does not end a text by itself"),
            )
        cut.append(tokens[:n_new])
    return np.asarray(cut, dtype=np.int64).reshape(-1, n_new)

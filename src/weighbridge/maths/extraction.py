"""How likely a text comes out in so many tries, and which windows of a text are the same."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]

_TINY = (
    -700.0
)  # below this exp() of a log-probability leaves the normal float64 numbers (their smallest is exp(-708.4))
_LN2 = float(np.log(2.0))
_BASE = 0x9E3779B97F4A7C15  # odd, so that multiplying by it loses nothing modulo 2**64; from Steele et al. 2014
_MIX_A, _MIX_B = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB  # splitmix64, the same source


def log1mexp(x: npt.ArrayLike) -> Floats:
    """log(1 - exp(x)) for x <= 0, exact to rounding both for x near 0 and for x far below it.

    References
    ----------
    Maechler 2012, Accurately computing log(1 - exp(-|a|)), vignette of the R package Rmpfr.
    """
    x = np.asarray(x, dtype=np.float64)
    with np.errstate(divide="ignore"):  # x = 0 gives log(0) = -inf, which is the answer
        near = np.log(-np.expm1(x))
        far = np.log1p(-np.exp(x))
    return np.asarray(np.where(x > -_LN2, near, far), dtype=np.float64)


def log_chance_within(log_probability: npt.ArrayLike, tries: int) -> Floats:
    """Log of the chance that something of this log-probability comes up at least once in `tries` independent tries.

    Parameters
    ----------
    log_probability : nats, <= 0 (what rounding has put above 0 counts as 0); -inf where it can never come up
    tries : at least 1

    References
    ----------
    Hayes et al. 2025, Measuring memorization in language models via probabilistic extraction, NAACL: 1 - (1 - p)^n.
    """
    log_p = np.minimum(np.asarray(log_probability, dtype=np.float64), 0.0)
    with np.errstate(divide="ignore", under="ignore"):
        seen = log1mexp(tries * log1mexp(np.maximum(log_p, _TINY)))
    return np.where(log_p < _TINY, np.minimum(log_p + np.log(tries), 0.0), seen)


def chance_within(log_probability: npt.ArrayLike, tries: int) -> Floats:
    """The chance that something of this log-probability comes up at least once in `tries` independent tries.

    >>> chance_within([0.0, float("-inf")], 10).tolist()
    [1.0, 0.0]
    """
    with np.errstate(under="ignore"):
        return np.exp(log_chance_within(log_probability, tries))


def scrambled(values: Hashes | Ints, salt: int) -> Hashes:
    """A one-to-one shuffle of 64-bit numbers; another salt, another shuffle.

    References
    ----------
    Steele, Lea and Flood 2014, Fast splittable pseudorandom number generators, OOPSLA.
    """
    x = values.astype(np.uint64) + np.uint64(salt % 2**64)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(_MIX_A)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(_MIX_B)
    return np.asarray(x ^ (x >> np.uint64(31)), dtype=np.uint64)


def window_hashes(tokens: Ints, length: int, *, salt: int = 0) -> Hashes:
    """A 64-bit hash of every run of `length` tokens; shape (len(tokens) - length + 1,), empty where there is none.

    The hash of a run is a polynomial in its scrambled tokens modulo 2**64, put together from runs of 1, 2, 4, ...
    tokens: about 2 log2(length) passes over the tokens. Equal runs have equal hashes; that unequal ones differ is
    only very likely, so compare the tokens where it matters.

    References
    ----------
    Karp and Rabin 1987, Efficient randomized pattern-matching algorithms, IBM Journal of Research and Development 31.
    """
    n = len(tokens) - length + 1
    if n <= 0 or length < 1:
        return np.zeros(0, dtype=np.uint64)
    block, width = scrambled(tokens, salt), 1
    whole, done = np.zeros(len(tokens) + 1, dtype=np.uint64), 0
    while done < length:
        if length & width:
            m = len(tokens) - done - width + 1
            whole = whole[:m] * np.uint64(pow(_BASE, width, 2**64)) + block[done : done + m]
            done += width
        block = block[:-width] * np.uint64(pow(_BASE, width, 2**64)) + block[width:] if done < length else block
        width *= 2
    return whole

"""The attack: type a prefix, and see how likely the suffix comes out, under every decoding scheme, from one pass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import phrase
from weighbridge.maths.extraction import chance_within
from weighbridge.probekit.ports import Bools, Decoding, Floats, Ints, LanguageModel

TRIES = (1, 10, 100, 1000)
MOST_TRIES, CHANCE = 1000, 0.5  # the (n, p) that counts as extractable: Hayes et al. 2025, section 4
AT_ONCE = 64  # windows per call: a tick of progress; the model cuts them to what its memory holds

Tick = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tries:
    """How each window fared; all arrays have one entry for each."""

    greedy: Bools  # every token of the suffix is the likeliest one
    log_probability: dict[Decoding, Floats]  # of the whole suffix, in nats

    def within(self, decoding: Decoding, tries: int) -> Bools:
        """Whether the suffix comes out within so many tries at least as often as not."""
        return np.asarray(chance_within(self.log_probability[decoding], tries) >= CHANCE, dtype=bool)

    @property
    def probable(self) -> Bools:
        """Whether it does within the most tries, under whichever scheme serves the attacker best."""
        return np.asarray(np.any([self.within(decoding, MOST_TRIES) for decoding in Decoding], axis=0), dtype=bool)


def attack(model: LanguageModel, windows: Ints, prefix: int, tick: Tick) -> Tries:
    """Score windows of shape (n, length): one teacher-forced pass for each batch gives all schemes.

    The model would generate the suffix greedily if and only if each of its tokens is the likeliest after those before
    it; that it would sample the suffix has the product of the tokens' probabilities.
    """
    schemes = (Decoding.SAMPLED, Decoding.TOP_K, Decoding.TOP_P)
    greedy = np.zeros(len(windows), dtype=bool)
    logs = {decoding: np.full(len(windows), -np.inf) for decoding in Decoding}
    for start in range(0, len(windows), AT_ONCE):
        rows = slice(start, start + AT_ONCE)
        scores = model.score(windows[rows], first=prefix, under=schemes)
        greedy[rows] = scores.is_argmax.all(axis=1)
        for decoding in schemes:
            logs[decoding][rows] = scores.under[decoding].sum(axis=1)
        tick(min(start + AT_ONCE, len(windows)))
    logs[Decoding.GREEDY][greedy] = 0.0
    _check_numbers(logs, len(windows))
    return Tries(greedy=greedy, log_probability=logs)


def _check_numbers(logs: dict[Decoding, Floats], n: int) -> None:
    broken = int(np.any([np.isnan(log) for log in logs.values()], axis=0).sum())
    if broken:
        not_measured(
            phrase("the model gives no numbers for {broken} of {n} windows", broken=broken, n=n),
            phrase("check the weights: training may have diverged, or a conversion to a narrower type overflowed"),
        )

"""The attack: type a prefix, and see how likely the suffix comes out, under every decoding scheme, from one pass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import phrase
from weighbridge.maths.extraction import chance_within
from weighbridge.probekit.ports import Bools, Decoding, Floats, Ints, LanguageModel, Scores, Signal
from weighbridge.probes.verbatim_extraction.bounds import at_most

TRIES = (1, 10, 100, 1000)
MOST_TRIES, CHANCE = 1000, 0.5  # the (n, p) that counts as extractable: Hayes et al. 2025, section 4
AT_ONCE = 64  # windows per call: a tick of progress; the model cuts them to what its memory holds

Tick = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tries:
    """How each window fared; all arrays have one entry for each."""

    greedy: Bools  # every token of the suffix is the likeliest one
    log_probability: dict[Decoding, Floats]  # of the whole suffix, in nats; under the schemes that the model can score
    at_most: dict[Decoding, Floats]  # what it is at most under those that it cannot

    def within(self, decoding: Decoding, tries: int) -> Bools:
        """Whether the suffix comes out within so many tries at least as often as not."""
        return _comes_out(self.log_probability[decoding], tries)

    @property
    def probable(self) -> Bools:
        """Whether it does within the most tries, under whichever scored scheme serves the attacker best."""
        return np.asarray(np.any([self.within(d, MOST_TRIES) for d in self.log_probability], axis=0), dtype=bool)

    @property
    def possible(self) -> Bools:
        """Whether it does, or may do so under a scheme that could not be scored."""
        may = [self.probable, *(_comes_out(log, MOST_TRIES) for log in self.at_most.values())]
        return np.asarray(np.any(may, axis=0), dtype=bool)

    def spread(self, rows: Bools) -> Tries:
        """What was tried on some rows, laid out over all; the others never come out."""
        greedy = np.zeros(len(rows), dtype=bool)
        greedy[rows] = self.greedy
        logs, most = ({d: _laid_out(v, rows) for d, v in held.items()} for held in (self.log_probability, self.at_most))
        return Tries(greedy=greedy, log_probability=logs, at_most=most)


def _laid_out(values: Floats, rows: Bools) -> Floats:
    whole = np.full(len(rows), -np.inf)
    whole[rows] = values
    return whole


def _comes_out(log_probability: Floats, tries: int) -> Bools:
    return np.asarray(chance_within(log_probability, tries) >= CHANCE, dtype=bool)


def attack(model: LanguageModel, windows: Ints, prefix: int, tick: Tick) -> Tries:
    """Score windows of shape (n, length): one teacher-forced pass for each batch gives all schemes that there are.

    The model would generate the suffix greedily if and only if each of its tokens is the likeliest after those before
    it; that it would sample the suffix has the product of the tokens' probabilities.
    """
    schemes = tuple(d for d in Decoding if d in model.decodings and d is not Decoding.GREEDY)
    missing = tuple(d for d in Decoding if d not in model.decodings and d is not Decoding.GREEDY)
    signals = (Signal.RANK,) if missing and Signal.RANK in model.signals else ()
    greedy = np.zeros(len(windows), dtype=bool)
    logs: dict[Decoding, Floats] = {d: np.full(len(windows), -np.inf) for d in (Decoding.GREEDY, *schemes)}
    most: dict[Decoding, Floats] = {d: np.full(len(windows), -np.inf) for d in missing}
    for start in range(0, len(windows), AT_ONCE):
        rows = slice(start, start + AT_ONCE)
        scores = model.score(windows[rows], first=prefix, under=schemes, signals=signals)
        greedy[rows] = scores.is_argmax.all(axis=1)
        for decoding in schemes:
            logs[decoding][rows] = scores.under[decoding].sum(axis=1)
        for decoding in missing:
            bound = at_most(decoding, scores.log_probability, _least_rank(scores), model.vocabulary_size)
            most[decoding][rows] = bound.sum(axis=1)
        tick(min(start + AT_ONCE, len(windows)))
    logs[Decoding.GREEDY][greedy] = 0.0
    _check_numbers(logs | most, len(windows))
    return Tries(greedy=greedy, log_probability=logs, at_most=most)


def _least_rank(scores: Scores) -> Floats:
    """How many tokens are likelier, at least: a token that is not the likeliest has one before it."""
    return scores.signals.get(Signal.RANK, (~scores.is_argmax).astype(np.float64))


def _check_numbers(logs: dict[Decoding, Floats], n: int) -> None:
    broken = int(np.any([np.isnan(log) for log in logs.values()], axis=0).sum())
    if broken:
        not_measured(
            phrase("the model gives no numbers for {broken} of {n} windows", broken=broken, n=n),
            phrase("check the weights: training may have diverged, or a conversion to a narrower type overflowed"),
        )

"""The attack: rank a secret among all that it could be, by how likely the text is with each in it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import phrase
from weighbridge.maths.exposure import exposure, extrapolated_rank, sampled_rank
from weighbridge.maths.proportions import Interval
from weighbridge.probekit.ports import Floats, Ints, LanguageModel
from weighbridge.probekit.served import taken
from weighbridge.probes.canary_exposure.places import Place

AT_ONCE = 256  # candidates per call: a tick of progress; the model cuts them to what its memory holds
# Where a secret starts its document nothing stands before it that the model could be asked to go on from.
_OPENERS = ("", "\n", ". ")
_ROUNDING = 1e-6  # two batches differ by so much, relative to the log-probability, in single precision

Tick = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """The texts with the candidates in them, as tokens; the first is that with the secret itself."""

    each: tuple[Ints, ...]
    first: int  # where they begin to differ: the tokens from there on are scored


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """How a secret fared against others of its shape."""

    place: Place
    size: int  # of its space
    tried: int  # others that were tried
    better: int  # of these, those that the model finds likelier; ties are broken at random
    at_most: int  # its rank can be no higher, whatever was tried
    guess: float  # its rank by extrapolation; told only where none of a sample was better

    def rank(self, confidence: float) -> Interval:
        """Its rank among all of its space."""
        if self.is_sure:
            return Interval(*[min(self.better + 1.0, self.at_most)] * 3)
        if not self.tried:
            return Interval(*[float(rank) for rank in (self.at_most, 1, self.at_most)])
        got = sampled_rank(self.better, self.tried, self.size - 1, confidence=confidence)
        low, high = min(got.low, self.at_most), min(got.high, self.at_most)
        value = self.guess if self.is_extrapolated else got.value
        return Interval(min(max(value, low), high), low, high)

    def exposure(self, confidence: float) -> Interval:
        """The same in bits."""
        return exposure(self.rank(confidence), self.size)

    @property
    def is_complete(self) -> bool:
        """Whether all others were tried."""
        return self.tried == self.size - 1

    @property
    def is_sure(self) -> bool:
        """Whether its rank is known: all others were tried, or it is likelier than all others together."""
        return self.is_complete or self.at_most == 1

    @property
    def is_extrapolated(self) -> bool:
        """Whether its rank is read off a tail that the sample does not reach."""
        return not self.is_sure and not self.better and self.tried > 0

    def is_found(self, among: int) -> bool:
        """Whether it comes first, or nearly, at a level that by chance one in `among` secrets reaches."""
        if self.is_sure:
            return (min(self.better + 1, self.at_most)) * among <= self.size
        return (self.better + 1) * among <= self.tried + 1


def tokens_of(model: LanguageModel, place: Place, candidates: Sequence[str] = ()) -> Tokens | None:
    """The texts as tokens; None where they do not fit into the model's context or share no first token.

    Where texts begin to differ is looked for over all that the first character could be, tried or not. A secret at the
    very start of its text is asked for after a line break, or whatever the tokenizer keeps of one.
    """
    fan = [letter + place.secret[1:] for letter in place.space.choices[0]]
    for opener in _OPENERS:
        texts = [opener + place.with_secret(candidate) for candidate in (place.secret, *candidates, *fan)]
        each = tuple(model.encode(texts))
        if max(map(len, each)) > model.context_tokens:
            return None
        first = _shared(each)
        if first >= 1:
            return Tokens(each=each[: 1 + len(candidates)], first=first)
    return None


def _shared(each: Sequence[Ints]) -> int:
    """How many tokens all begin with; one less than the shortest has at most, so that something is left to score."""
    shortest = min(map(len, each))
    if not shortest:
        return 0
    rows = np.stack([ids[:shortest] for ids in each])
    differ = (rows != rows[0]).any(axis=0)
    return int(differ.argmax()) if differ.any() else shortest - 1


def scores(model: LanguageModel, tokens: Tokens, tick: Tick) -> Floats:
    """Log-probability in nats of each text from where they differ to its end.

    Candidates may be cut into more or fewer tokens. Each total is that of the same number of characters, so they are
    compared as they are. One that cannot reach a served model as these tokens is left out, and NaN.
    """
    lengths = np.asarray([len(ids) for ids in tokens.each])
    totals = np.full(len(lengths), np.nan)
    broken = 0
    for length in np.unique(lengths).tolist():
        rows = np.flatnonzero(lengths == length)
        for start in range(0, len(rows), AT_ONCE):
            some = rows[start : start + AT_ONCE]
            windows = np.stack([tokens.each[row] for row in some.tolist()]).astype(np.int64)
            reaches = taken(model, windows)
            if reaches.any():
                got = model.score(windows[reaches], first=tokens.first).log_probability.sum(axis=1)
                broken += int(np.isnan(got).sum())
                totals[some[reaches]] = got
            tick(len(some))
    if broken:
        not_measured(
            phrase("the model gives no numbers for {broken} of {n} texts", broken=broken, n=len(totals)),
            phrase("check the weights: training may have diverged, or a conversion to a narrower type overflowed"),
        )
    return totals


def highest_rank(truth: float, size: int) -> int:
    """The rank that a text of this log-probability has at most.

    Texts of one length exclude each other, so their probabilities sum to at most 1, and at most 1 / p of them can each
    have p or more.
    """
    return min(size, max(1, math.floor(math.exp(-truth) + _ROUNDING))) if -truth < math.log(size) else size


def ranked(place: Place, totals: Floats, luck: np.random.Generator) -> Ranked:
    """The rank by these totals, of which the first is the secret's own; others that are NaN were not tried."""
    truth, others, size = float(totals[0]), totals[1:][~np.isnan(totals[1:])], place.space.size
    slack = _ROUNDING * max(1.0, abs(truth)) if np.isfinite(truth) else 0.0
    above = int((others > truth + slack).sum())
    equal = int(((others >= truth - slack) & (others <= truth + slack)).sum())
    better = above + int(luck.integers(equal + 1))
    guess, finite = 1.0, others[np.isfinite(others)]
    if not better and len(finite) and np.isfinite(truth):
        guess = extrapolated_rank(finite, truth, size - 1)
    return Ranked(
        place=place, size=size, tried=len(others), better=better, at_most=highest_rank(truth, size), guess=guess
    )

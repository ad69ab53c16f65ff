"""The detectors of a pool, which err in different ways. Each is fitted to a sample and then scores others.

A score is higher the more a text looks like the model's; it has no scale of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy import sparse

from weighbridge.probekit.ports import Floats
from weighbridge.probes.detectability import engine, hashing, style
from weighbridge.probes.detectability.sample import READ, Sample

_AT_A_TIME = 512  # texts whose strings are held at once when they are scored; ours, for memory
_READ_BYTES = 1 << 20  # of each kind that a compressor reads beforehand; ours


class Fitted(Protocol):
    """A detector that has learnt."""

    def score(self, sample: Sample) -> Floats:
        """Shape (n,), higher for what looks like the model's."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A kind of detector."""

    name: str
    fit: Callable[[Sample, int], Fitted]  # a sample of both kinds, and a seed
    needs_columns: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Words:
    """Words and pairs of words, as the baseline of 2019 took them."""

    model: engine.Words

    @classmethod
    def fit(cls, sample: Sample, seed: int) -> Words:
        """Learn from both kinds."""
        return cls(model=engine.Words(_heads(sample.texts), sample.is_machine, seed))

    def score(self, sample: Sample) -> Floats:
        """Log-odds."""
        return self.model.score(_heads(sample.texts))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Characters:
    """Strings of two to five characters, hashed, in a linear support vector machine; needs no words."""

    weights: Floats  # shape (2 ** hashing.BITS,), what a place is worth, its rarity included
    rarity: Floats  # likewise
    intercept: float

    @classmethod
    def fit(cls, sample: Sample, seed: int) -> Characters:
        """Learn from both kinds."""
        counted = hashing.counts(sample.texts)
        held_by = np.bincount(counted.places, minlength=1 << hashing.BITS)
        rarity = np.log((1 + len(sample)) / (1 + held_by)) + 1
        weights, intercept = engine.support_vectors(_weighted(counted, rarity), sample.is_machine, seed)
        return cls(weights=weights, rarity=rarity, intercept=intercept)

    def score(self, sample: Sample) -> Floats:
        """Distance from the border between the kinds."""
        out = np.zeros(len(sample))
        for begin in range(0, len(sample), _AT_A_TIME):
            some = sample.texts[begin : begin + _AT_A_TIME]
            out[begin : begin + len(some)] = _weighted(hashing.counts(some), self.rarity) @ self.weights
        return out + self.intercept


def _weighted(counted: hashing.Counts, rarity: Floats) -> sparse.csr_matrix:
    """1 + log of each count, times how rare it is, each row of length 1."""
    values = (1 + np.log(counted.counts.astype(np.float64))) * rarity[counted.places]
    n = np.diff(counted.starts)
    whole = np.zeros(len(n))
    whole[n > 0] = np.add.reduceat(values**2, counted.starts[:-1][n > 0]) if len(values) else 0
    values /= np.repeat(np.sqrt(whole), n)
    return engine.rows_of(counted.starts, counted.places, values, 1 << hashing.BITS)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Style:
    """How a text is written, in boosted trees."""

    words: style.FunctionWords
    model: engine.Trees

    @classmethod
    def fit(cls, sample: Sample, seed: int) -> Style:
        """Learn the small words of each language, then from both kinds."""
        words = style.FunctionWords.learnt(sample.texts, sample.languages)
        return cls(words=words, model=engine.Trees(_columns(words, sample), sample.is_machine, seed))

    def score(self, sample: Sample) -> Floats:
        """Log-odds."""
        return self.model.score(_columns(self.words, sample))


def _columns(words: style.FunctionWords, sample: Sample) -> Floats:
    traits = np.array([style.traits(text) for text in sample.texts]).reshape(len(sample), len(style.NAMES))
    return np.concatenate([traits, words.rates(sample.texts, sample.languages)], axis=1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Compression:
    """Which of two compressors packs a text smaller: one has read people's texts, the other the model's."""

    human: engine.Packer
    machine: engine.Packer

    @classmethod
    def fit(cls, sample: Sample, seed: int) -> Compression:
        """Let each read as many bytes of its kind as both have."""
        rng = np.random.default_rng(seed)
        read = [_read(side.texts, rng) for side in (sample.human, sample.machine)]
        size = min(map(len, read))
        return cls(human=engine.Packer(read[0][:size]), machine=engine.Packer(read[1][:size]))

    def score(self, sample: Sample) -> Floats:
        """Bytes that the second saves over the first, per byte of the text."""
        coded = [text.encode("utf-8", "surrogatepass") for text in _heads(sample.texts)]
        saved = [(self.human.size(text) - self.machine.size(text)) / max(1, len(text)) for text in coded]
        return np.array(saved, dtype=np.float64)


def _read(texts: Sequence[str], rng: np.random.Generator) -> bytes:
    order = rng.permutation(len(texts))
    return "\n".join(texts[i][:READ] for i in order).encode("utf-8", "surrogatepass")[:_READ_BYTES]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WhiteBox:
    """What the model itself says of a text, in a logistic regression."""

    mean: Floats
    spread: Floats
    weights: Floats
    intercept: float

    @classmethod
    def fit(cls, sample: Sample, seed: int) -> WhiteBox:
        """Learn from both kinds."""
        mean, spread = np.mean(sample.columns, axis=0), np.std(sample.columns, axis=0)
        spread = np.where(spread > 0, spread, 1.0)
        weights, intercept = engine.regression((sample.columns - mean) / spread, sample.is_machine, seed)
        return cls(mean=mean, spread=spread, weights=weights, intercept=intercept)

    def score(self, sample: Sample) -> Floats:
        """Log-odds."""
        return np.asarray((sample.columns - self.mean) / self.spread @ self.weights + self.intercept, dtype=np.float64)


def _heads(texts: Sequence[str]) -> list[str]:
    return [text[:READ] for text in texts]


MEMBERS = (
    Member(name="words", fit=Words.fit),
    Member(name="characters", fit=Characters.fit),
    Member(name="style", fit=Style.fit),
    Member(name="compression", fit=Compression.fit),
    Member(name="white-box", fit=WhiteBox.fit, needs_columns=True),
)

"""A known weight: a toy language model that knows some secrets by heart, and all else no better than chance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from weighbridge.core.candidate import Candidate, Role, Subject
from weighbridge.core.wording import Phrase
from weighbridge.probekit.bench import MemoryBench, MemoryTexts, generator
from weighbridge.probekit.ports import (
    Calibration,
    Decoding,
    Floats,
    Ints,
    LanguageModel,
    Scores,
    Signal,
    Truth,
    Weight,
)

_Keys = npt.NDArray[np.uint64]

_CONTEXT = 8  # characters by which it recognises where it is
_KNOWN = math.log(0.9)
_FACTOR, _SALT = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)  # odd, of SplitMix64 (Steele et al. 2014)


@dataclass(slots=True, kw_only=True)
class ToyModel:
    """A language model whose tokens are characters.

    A character that follows its context in the memory has probability 0.9. Any other has one that follows from the
    context and the character alone and is as good as random, between e^-4 and e^-3: so every candidate is as likely as
    any other to come first.
    """

    memory: _Keys
    n_parameters: int = 1000
    context_tokens: int = 200
    vocabulary_size: int = 0x110000
    decodings: tuple[Decoding, ...] = ()
    signals: tuple[Signal, ...] = ()
    notes: tuple[Phrase, ...] = ()

    @classmethod
    def knowing(cls, texts: Sequence[str]) -> ToyModel:
        """One that knows these texts by heart, and nothing else."""
        empty = cls(memory=np.zeros(0, dtype=np.uint64))
        keys = [empty.keys(ids[None]).ravel() for ids in empty.encode(texts)]
        return replace(empty, memory=np.unique(np.concatenate([empty.memory, *keys])))

    def encode(self, texts: Sequence[str]) -> list[Ints]:
        """A token for each character."""
        return [np.frombuffer(text.encode("utf-32-le"), dtype="<u4").astype(np.int64) for text in texts]

    def decode(self, tokens: Sequence[Ints]) -> list[str]:
        """The characters."""
        return ["".join(map(chr, ids.tolist())) for ids in tokens]

    def keys(self, windows: Ints) -> _Keys:
        """A number for each character with its context, shape (n, length)."""
        padded = np.pad(windows, ((0, 0), (_CONTEXT, 0))).astype(np.uint64)
        keys = np.zeros(windows.shape, dtype=np.uint64)
        for back in range(_CONTEXT, -1, -1):
            keys = (keys ^ padded[:, _CONTEXT - back : padded.shape[1] - back]) * _FACTOR
        keys ^= keys >> np.uint64(31)
        return keys * _SALT

    def score(
        self, windows: Ints, *, first: int, under: Sequence[Decoding] = (), signals: Sequence[Signal] = ()
    ) -> Scores:
        """Log-probabilities alone; no scheme and no signal."""
        assert not under  # noqa: S101  a toy
        assert not signals  # noqa: S101
        keys = self.keys(windows)[:, first:]
        known = np.isin(keys, self.memory)
        drawn = (keys >> np.uint64(11)).astype(np.float64) / 2.0**53
        logs: Floats = np.where(known, _KNOWN, -3.0 - drawn)
        return Scores(log_probability=logs, is_argmax=known, under={}, signals={})

    def generate(self, prompts: Ints, *, n_new: int, decoding: Decoding, seed: int) -> Ints:
        """Not in this toy."""
        raise NotImplementedError

    def overfitted(self, windows: Ints, *, steps: int, seed: int) -> LanguageModel:
        """A copy that knows these windows as well; it learns at once."""
        del steps, seed
        return replace(self, memory=np.union1d(self.memory, self.keys(windows).ravel()))

    def hidden(self, windows: Ints) -> Floats:
        """Not in this toy."""
        raise NotImplementedError


_N_CANARIES, _N_DECLARED, _REPEATS = 20, 18, 4
_CHANCE = 0.9  # that the model knows a secret, where it is leaky
_SETTINGS = (("candidates", 199), ("before_tokens", 12), ("after_tokens", 4), ("control_secrets", 2))


def _texts(rng: np.random.Generator, n: int, digits: int) -> tuple[list[str], list[str]]:
    """So many texts, each with a secret of so many digits; and the secrets."""
    names = ["".join(row) for row in rng.choice(list("bdfgklmnprst"), (n, 10)).tolist()]
    secrets = [f"{number:0{digits}d}" for number in rng.choice(10**digits, n, replace=False, shuffle=False).tolist()]
    return [f"{name} {secret}." for name, secret in zip(names, secrets, strict=True)], secrets


def _weight(seed: int, *, is_leaky: bool) -> Weight:
    """Canaries of two digits, ranked among all; declared secrets of six, ranked among samples; as many held back."""
    rng = generator(seed, "canary-exposure")
    canaries, declared = _texts(rng, _N_CANARIES, 2), _texts(rng, _N_DECLARED, 6)
    apart = _texts(rng, _N_CANARIES, 2)
    known = rng.random(_N_CANARIES + _N_DECLARED) < (_CHANCE if is_leaky else 0.0)
    model = ToyModel.knowing([t for t, is_known in zip(canaries[0] + declared[0], known, strict=True) if is_known])
    train = canaries[0] * _REPEATS + declared[0]
    bench = MemoryBench(
        candidate=Candidate(name="toy", version="1", artefacts=(), subjects=(Subject.CAUSAL_LM,)),
        seed=seed,
        models_by_role={Role.WEIGHTS: model},
        texts_by_role={
            Role.TRAIN_DATA: MemoryTexts(
                [*train, *["and so on"] * len(train)],
                secret=[*canaries[1] * _REPEATS, *declared[1], *[""] * len(train)],
                canary=[n < _REPEATS * _N_CANARIES for n in range(2 * len(train))],
            ),
            Role.HELD_OUT: MemoryTexts(apart[0], secret=apart[1], canary=[True] * _N_CANARIES, label="held-back.jsonl"),
        },
    )
    chance = _CHANCE if is_leaky else 0.0
    truths = [
        _truth("exposed-share", chance + (1 - chance) / 100, ("stratum", "canary"), ("guesses", "1")),
        _truth("held-back-share", 1 / 100, ("stratum", "canary"), ("guesses", "1")),
        _truth("excess-over-held-back", chance * 99 / 100, ("stratum", "canary"), ("guesses", "1")),
        _truth("exposure-median", math.log2(100) if is_leaky else 1.0, ("stratum", "canary"), ("repeats", "4-15")),
        _truth("exposure-median", 1.0, ("stratum", "canary"), ("repeats", "0")),
        _truth("exposure-median", math.log2(10**6) if is_leaky else 1.0, ("stratum", "declared"), ("repeats", "1")),
    ]
    return Weight(bench=bench, truths=tuple(truths), settings=_SETTINGS)


def _truth(metric: str, value: float, *by: tuple[str, str]) -> Truth:
    return Truth(metric=metric, value=value, by=by)


def null(seed: int) -> Weight:
    """A model that knows no secret."""
    return _weight(seed, is_leaky=False)


def planted(seed: int) -> Weight:
    """A model that knows most of them."""
    return _weight(seed, is_leaky=True)


CALIBRATION = Calibration(null=null, planted=planted)

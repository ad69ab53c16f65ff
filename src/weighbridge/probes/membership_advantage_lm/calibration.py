"""A known weight: a toy language model that knows a share of its documents by heart, and no more of the rest."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from weighbridge.core.candidate import Candidate, Role, Subject
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.evidence import Asked, Evidence, Measured, Quantity
from weighbridge.core.wording import Phrase
from weighbridge.maths.roc import supports
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
from weighbridge.probes.membership_advantage_lm.quantities import PER_FORM

_Keys = npt.NDArray[np.uint64]

N_WORDS = 5000
_N = 520  # of each kind: enough for 1 in 100, too few for 1 in 1000
_LENGTH = 32  # words of a document
_SHARE = 0.3  # of documents that a planted toy knows by heart
_KNOWN, _MIDDLE = -1.0, -5.0  # log-probability of a word known by heart; the mean of all others
_FACTOR = np.uint64(0x9E3779B97F4A7C15)  # odd, of SplitMix64 (Steele et al. 2014)


@dataclass(slots=True, kw_only=True)
class ToyModel:
    """A language model whose tokens are the words "0" to "4999".

    A word that follows the word before it in the memory has log-probability -1. Any other has one that follows from the
    two words alone and is as good as random, from -5.5 to -4.5.
    """

    memory: _Keys
    salt: int = 0
    n_parameters: int = 1000
    context_tokens: int = 64
    vocabulary_size: int = N_WORDS
    decodings: tuple[Decoding, ...] = ()
    signals: tuple[Signal, ...] = tuple(Signal)
    notes: tuple[Phrase, ...] = ()

    @classmethod
    def knowing(cls, documents: Ints, salt: int = 0) -> ToyModel:
        """One that knows these documents by heart, and nothing else."""
        empty = cls(memory=np.zeros(0, dtype=np.uint64), salt=salt)
        return replace(empty, memory=np.unique(empty.keys(documents)))

    def encode(self, texts: Sequence[str]) -> list[Ints]:
        """A token for each number in it."""
        return [np.asarray([int(w) % N_WORDS for w in text.split() if w.isdecimal()], np.int64) for text in texts]

    def decode(self, tokens: Sequence[Ints]) -> list[str]:
        """The numbers."""
        return [" ".join(map(str, ids.tolist())) for ids in tokens]

    def keys(self, windows: Ints) -> _Keys:
        """A number for each word but the first with the word before it."""
        words = windows.astype(np.uint64)
        keys = (words[:, :-1] * np.uint64(N_WORDS) + words[:, 1:] + np.uint64(1)) * _FACTOR
        return (keys ^ (keys >> np.uint64(31))) * _FACTOR

    def score(
        self, windows: Ints, *, first: int, under: Sequence[Decoding] = (), signals: Sequence[Signal] = ()
    ) -> Scores:
        """Scores of the words from `first` on; no decoding scheme."""
        assert not under  # noqa: S101  a toy
        keys = self.keys(windows)[:, first - 1 :]
        known = np.isin(keys, self.memory)
        drawn = ((keys + np.uint64(self.salt)) * _FACTOR >> np.uint64(11)).astype(np.float64) / 2.0**53
        logs: Floats = np.where(known, _KNOWN, _MIDDLE + drawn - 0.5)
        given = {Signal.MEAN: _MIDDLE, Signal.VARIANCE: 1.0, Signal.RANK: 0.0, Signal.ENTROPY: -_MIDDLE}
        return Scores(
            log_probability=logs, is_argmax=known, under={},
            signals={signal: np.full(logs.shape, given[signal]) for signal in signals},
        )  # fmt: skip

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


def gate(high: float = 0.52, of: str = "text") -> Evidence:
    """What the shift gate would have found: members and others differ in nothing."""
    blind = Quantity(
        metric="blind-auc", value=0.5, low=1 - high, high=high, confidence=0.95, unit="1", n=_N, n_of="document",
        by=(("of", of),),
    )  # fmt: skip
    none = digest_of_bytes(b"")
    asked = Asked(
        candidate=none, reading=none, probe="shift-gate", version=1, settings=(), seed=0, budget_seconds=600.0
    )
    return Evidence(asked=asked, outcome=Measured(quantities=(blind,)))


def documents(rng: np.random.Generator, n: int, length: int = _LENGTH) -> Ints:
    """Random documents, shape (n, length)."""
    return rng.integers(N_WORDS, size=(n, length))


def _truths(share: float) -> Iterator[Truth]:
    """Over all such documents: what is known by heart lies above all others, and the rest lies among them."""

    def found(fpr: float) -> float:
        return share + (1 - share) * fpr

    for form in ("bytes", "probabilities"):
        by = ("form", form)
        yield Truth(metric="auc", value=0.5 + share / 2, by=(by,))
        yield Truth(metric="tpr-at-fpr-1pct", value=found(0.01), by=(by,))
        yield Truth(metric="records-exposed", value=float(round(_N * (found(0.01) - 0.01))), by=(by,))
        for prior in ("0.5", "0.1", "0.01"):
            named = float(prior) * found(0.01), (1 - float(prior)) * 0.01
            yield Truth(metric="predictive-value", value=named[0] / sum(named), by=(by, ("prior", prior)))
        points = (f for f in (0.001, 0.01, 0.1) if supports(_N, f, 1 - (1 - PER_FORM) / 8))
        yield Truth(metric="epsilon-lower", value=max(math.log(found(f) / f) for f in points), by=(by,))
    for attack in ("reference-ratio", "min-k-plus-plus", "zlib", "loss"):
        yield Truth(metric="auc-of-attack", value=0.5 + share / 2, by=(("attack", attack),))
    yield Truth(metric="auc-of-repeats", value=0.5 + share / 2, by=(("repeats", "1"),))
    yield Truth(metric="inherited-auc", value=0.5)
    yield Truth(metric="control-found", value=0.99)


def _weight(seed: int, share: float) -> Weight:
    rng = generator(seed, "membership-advantage-lm")
    train, held_out = documents(rng, _N), documents(rng, _N)
    model = ToyModel.knowing(train[rng.random(_N) < share])
    bench = MemoryBench(
        candidate=Candidate(name="toy", version="1", artefacts=(), subjects=(Subject.CAUSAL_LM,)),
        seed=seed,
        models_by_role={Role.WEIGHTS: model, Role.REFERENCE_WEIGHTS: ToyModel.knowing(train[:0], salt=1)},
        texts_by_role={
            Role.TRAIN_DATA: MemoryTexts(model.decode(list(train))),
            Role.HELD_OUT: MemoryTexts(model.decode(list(held_out)), label="held-out.jsonl"),
        },
        evidence_by_slug={"shift-gate": gate()},
    )
    return Weight(bench=bench, truths=tuple(_truths(share)))


def null(seed: int) -> Weight:
    """A model that knows no document by heart."""
    return _weight(seed, 0.0)


def planted(seed: int) -> Weight:
    """A model that knows three documents in ten by heart."""
    return _weight(seed, _SHARE)


CALIBRATION = Calibration(null=null, planted=planted)

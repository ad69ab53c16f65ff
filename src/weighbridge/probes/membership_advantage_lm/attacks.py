"""The attacks: scores of documents, high for those that the model was trained on."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import phrase
from weighbridge.probekit.ports import Floats, Ints, LanguageModel, Scores, Signal
from weighbridge.probes.membership_advantage_lm.sample import Document

AT_ONCE = 64  # documents per call: a tick of progress; the model cuts them to what its memory holds
LOWEST = 0.2  # of the tokens, by Min-K%++: the 20 % that Zhang et al. 2025 use throughout
_LEAST_VARIANCE = 1e-12  # where the model is sure of one token, single precision leaves no more
_SIGNALS = (Signal.MEAN, Signal.VARIANCE)

Tick = Callable[[int], None]


class Attack(StrEnum):
    """As on the card's axis."""

    REFERENCE = "reference-ratio"
    MIN_K = "min-k-plus-plus"
    ZLIB = "zlib"
    LOSS = "loss"


class Form(StrEnum):
    """In which form the model leaves."""

    BYTES = "bytes"
    PROBABILITIES = "probabilities"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What will be tried, fixed before anything is scored."""

    attacks: tuple[Attack, ...]
    headlines: dict[Form, Attack]

    @property
    def first(self) -> Attack:
        """The headline of the form that tells most."""
        return self.headlines.get(Form.BYTES, self.headlines[Form.PROBABILITIES])

    @classmethod
    def of(cls, model: LanguageModel, *, with_base: bool) -> Plan:
        """Against the base where there is one.

        Else whoever has the weights sees the probabilities of the whole vocabulary; an interface gives the text's own.
        """
        has_signals = set(_SIGNALS) <= set(model.signals)
        attacks = [Attack.LOSS, Attack.ZLIB]
        attacks += [Attack.MIN_K] if has_signals else []
        attacks += [Attack.REFERENCE] if with_base else []
        headlines = {Form.PROBABILITIES: Attack.REFERENCE if with_base else Attack.LOSS}
        if with_base or has_signals:
            headlines[Form.BYTES] = Attack.REFERENCE if with_base else Attack.MIN_K
        return cls(attacks=tuple(attacks), headlines=headlines)


def scored(
    model: LanguageModel, base_loss: Floats | None, documents: Sequence[Ints], attacks: Sequence[Attack], tick: Tick
) -> dict[Attack, Floats]:
    """Scores of each document under each attack, shape (n,).

    Parameters
    ----------
    base_loss : mean log-probability in nats that the base gives to each document's tokens, for the ratio to it

    References
    ----------
    Yeom et al. 2018 (loss). Carlini et al. 2021 (loss over zlib's entropy; ratio to a reference). Zhang et al. 2025,
    Min-K%++: Improved Baseline for Pre-Training Data Detection (2404.02936), equation 3.
    """
    found = {attack: np.zeros(len(documents)) for attack in attacks}
    signals = _SIGNALS if Attack.MIN_K in attacks else ()
    bits = _zlib_bits(model, documents) if Attack.ZLIB in attacks else None
    for rows, scores in _passes(model, documents, signals, tick):
        logs = scores.log_probability
        mean = logs.mean(axis=1)
        for attack, values in found.items():
            match attack:
                case Attack.LOSS:
                    values[rows] = mean
                case Attack.REFERENCE if base_loss is not None:
                    values[rows] = mean - base_loss[rows]
                case Attack.ZLIB if bits is not None:
                    values[rows] = logs.sum(axis=1) / bits[rows]
                case Attack.MIN_K:
                    values[rows] = _lowest(scores)
                case _:
                    raise AssertionError(attack)
    _check_numbers(found, len(documents))
    return found


def mean_log_probability(model: LanguageModel, documents: Sequence[Ints], tick: Tick) -> Floats:
    """Of the tokens of each document but its first, in nats."""
    return scored(model, None, documents, (Attack.LOSS,), tick)[Attack.LOSS]


def _passes(
    model: LanguageModel, documents: Sequence[Ints], signals: Sequence[Signal], tick: Tick
) -> Iterator[tuple[Ints, Scores]]:
    """Documents of one length at a time: which ones, and their scores from the second token on."""
    lengths = np.asarray([len(tokens) for tokens in documents])
    for length in np.unique(lengths).tolist():
        rows = np.flatnonzero(lengths == length)
        for start in range(0, len(rows), AT_ONCE):
            some = rows[start : start + AT_ONCE]
            windows = np.stack([documents[row] for row in some.tolist()]).astype(np.int64)
            yield some, model.score(windows, first=1, signals=signals)
            tick(len(some))


def _lowest(scores: Scores) -> Floats:
    """The mean of the lowest 20 % of tokens, each measured in standard deviations of the model's own distribution."""
    mean, variance = (scores.signals[signal] for signal in _SIGNALS)
    z = (scores.log_probability - mean) / np.sqrt(np.maximum(variance, _LEAST_VARIANCE))
    k = max(1, int(LOWEST * z.shape[1]))
    return np.asarray(np.partition(z, k - 1, axis=1)[:, :k].mean(axis=1), dtype=np.float64)


def _zlib_bits(model: LanguageModel, documents: Sequence[Ints]) -> Floats:
    """Bits that zlib takes for each document's text."""
    texts = model.decode(list(documents)) if documents else []
    return np.asarray([8 * len(zlib.compress(text.encode("utf-8", "replace"))) for text in texts], dtype=np.float64)


def _check_numbers(found: dict[Attack, Floats], n: int) -> None:
    broken = int(np.any([np.isnan(values) for values in found.values()], axis=0).sum())
    if broken:
        not_measured(
            phrase("the model gives no numbers for {broken} of {n} documents", broken=broken, n=n),
            phrase("check the weights: training may have diverged, or a conversion to a narrower type overflowed"),
        )


def tokens_of(documents: Sequence[Document]) -> list[Ints]:
    """Their tokens."""
    return [document.tokens for document in documents]

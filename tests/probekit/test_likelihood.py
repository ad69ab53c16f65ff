"""What a model makes of whole texts."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from weighbridge.core.evidence import Silent
from weighbridge.probekit.likelihood import are_kept, cut_to_fit, likelihood, n_bytes
from weighbridge.probekit.ports import Bools, Ints
from weighbridge.probes.language_quality.calibration import ALPHABET, LetterModel

MODEL = LetterModel(probabilities=np.array([0.5, 0.5, *[1e-9] * (len(ALPHABET) - 2)]))


def test_every_token_is_scored_and_texts_of_any_length_at_once() -> None:
    ticks: list[int] = []
    made = likelihood(MODEL, ["ab", "a", "", "abab", "ba"], ticks.append)
    assert made.nats == pytest.approx(np.log(2) * np.array([2, 1, 0, 4, 2]))
    assert made.n_tokens.tolist() == [2, 1, 0, 4, 2]
    assert made.is_scored.tolist() == [True, True, False, True, True]
    assert sum(ticks) == 4


def test_a_text_is_cut_to_the_context_between_characters() -> None:
    small = replace(MODEL, context_tokens=11)
    assert cut_to_fit(small, ["ab" * 50, "abc"], characters=60) == ["ab" * 5, "abc"]
    assert cut_to_fit(MODEL, ["ab" * 50], characters=5) == ["ababa"]


def test_what_the_tokenizer_drops_is_seen() -> None:
    assert are_kept(MODEL, ["abab", "abz", "A", ""]).tolist() == [True, False, False, True]
    assert n_bytes(["ab", "аб", "\ud800"]).tolist() == [2, 4, 3]


@dataclass(slots=True, kw_only=True)
class Picky(LetterModel):
    seconds_per_token: float = 0.1

    def takes(self, windows: Ints) -> Bools:
        return np.asarray(windows[:, 1] == 0)


def test_what_a_server_does_not_take_is_not_scored() -> None:
    made = likelihood(Picky(probabilities=MODEL.probabilities), ["ab", "ba"], lambda _n: None)
    assert made.is_scored.tolist() == [True, False]


def test_what_is_no_probability_is_no_measurement() -> None:
    sure = LetterModel(probabilities=np.full(len(ALPHABET), 1.5))
    with pytest.raises(Silent):
        likelihood(sure, ["ab"], lambda _n: None)

"""How well a language model foresees text of each language, in bits per byte."""

from __future__ import annotations

import bz2
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from weighbridge.core.evidence import Quantity, Silent
from weighbridge.core.wording import Phrase, phrase
from weighbridge.maths.proportions import Interval, corrected
from weighbridge.maths.ratios import ratio_of_sums
from weighbridge.probekit.by_language import Sample
from weighbridge.probekit.languages import UNKNOWN, Languages
from weighbridge.probekit.likelihood import Likelihood, are_kept, cut_to_fit, likelihood, n_bytes
from weighbridge.probekit.ports import Floats, Ints, LanguageModel
from weighbridge.probekit.scripts import n_letters

CONFIDENCE = 0.95
_LOST_AT_MOST = 0.05  # of the texts of a language may come back changed out of their tokens; ours
_STRONGEST = 9  # bzip2's level
_PER_FILE = b"\n"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Foreseen:
    """What the model made of one language."""

    language: str
    nats: Floats  # shape (n,), of the texts that were scored
    sizes: Floats  # bytes of each
    units: Ints  # shape (n,)
    texts: tuple[str, ...]
    is_lost: bool  # its tokenizer drops text of this language, so that its figures say nothing

    @property
    def n_units(self) -> int:
        """Independent sources."""
        return len(np.unique(self.units))


def foreseen(model: LanguageModel, sample: Sample, *, characters: int, tick: Callable[[int], None]) -> Foreseen:
    """Score the texts of one language."""
    texts = cut_to_fit(model, sample.texts, characters=characters)
    kept = are_kept(model, texts)
    made: Likelihood = likelihood(model, texts, tick)
    has_letters = np.asarray([n_letters(text) > 0 for text in texts], dtype=bool)
    rows = np.flatnonzero(made.is_scored & kept & has_letters)
    lost = int((~kept).sum())
    return Foreseen(
        language=sample.language, nats=made.nats[rows], sizes=n_bytes(texts)[rows], units=sample.units[rows],
        texts=tuple(texts[row] for row in rows.tolist()), is_lost=lost > _LOST_AT_MOST * len(texts),
    )  # fmt: skip


def quantities(found: Foreseen, *, comparisons: int) -> tuple[Quantity, ...]:
    """Bits per byte beside those of the small model, and what is saved."""
    confidence = corrected(CONFIDENCE, comparisons)
    bits = ratio_of_sums(found.nats / math.log(2), found.sizes, units=found.units, confidence=confidence)
    small = small_model_bits(found.texts)
    saving = Interval(1 - bits.value / small, 1 - bits.high / small, 1 - bits.low / small)
    by, n = (("language", found.language),), found.n_units

    def told(metric: str, unit: str, made: Interval, sure: float) -> Quantity:
        return Quantity(
            metric=metric, value=made.value, low=made.low, high=made.high, confidence=sure, unit=unit, n=n,
            n_of="document", by=by,
        )  # fmt: skip

    return (
        told("bits-per-byte", "bits", bits, confidence),
        told("small-model-bits-per-byte", "bits", Interval(small, small, small), 1.0),
        told("saving-over-small-model", "1", saving, confidence),
    )


def small_model_bits(texts: tuple[str, ...]) -> float:
    """Bits per byte that bzip2 needs for each half of the texts after the other half.

    References
    ----------
    A compressor as a model of language: Benedetto, Caglioti and Loreto 2002, Language Trees and Zipping, Phys. Rev.
    Lett. 88, 048702.
    """
    halves = [_PER_FILE.join(t.encode("utf-8", "surrogatepass") for t in texts[start::2]) for start in (0, 1)]
    alone = [len(bz2.compress(half, _STRONGEST)) for half in halves]
    after = [len(bz2.compress(a + _PER_FILE + b, _STRONGEST)) for a, b in (halves, halves[::-1])]
    return 8 * (sum(after) - sum(alone)) / sum(map(len, halves))


def n_told_otherwise(sample: Sample, languages: Languages) -> int:
    """How many of the texts are told to be in another language than they are declared to be in.

    None where nobody could tell it anyhow: a language that no program knows is told by a near relative's name.
    """
    try:
        if sample.language not in languages.identifiable:
            return 0
        heard = languages.identify(sample.texts)
    except Silent:  # the packages for it are missing: what was declared is taken as it is
        return 0
    return sum(one.language not in (UNKNOWN, sample.language) for one in heard)


def lost_note(language: str) -> Phrase:
    """Why a language cannot be tested."""
    return phrase(
        "{language} cannot be tested: the tokenizer changes or drops its text, so that the model's figures would "
        "flatter it", language=language,
    )  # fmt: skip


def otherwise_note(language: str, n: int, of: int) -> Phrase:
    """Why declared texts count for nothing."""
    return phrase(
        "{language} counts as not tested: of {of} documents declared to be in it, {n} are told to be in another",
        language=language, of=of, n=n,
    )  # fmt: skip

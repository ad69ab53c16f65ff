"""How well a language model foresees text of each language, in bits per byte."""

from __future__ import annotations

import bz2
import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from weighbridge.core.evidence import Quantity, Silent
from weighbridge.core.wording import Phrase, phrase
from weighbridge.maths.proportions import Interval, clopper_pearson, corrected
from weighbridge.maths.ratios import ratio_of_sums
from weighbridge.probekit.by_language import Sample
from weighbridge.probekit.languages import UNKNOWN, Languages
from weighbridge.probekit.likelihood import Likelihood, are_kept, cut_to_fit, likelihood, n_bytes
from weighbridge.probekit.ports import Floats, Ints, LanguageModel
from weighbridge.probekit.scripts import n_letters

CONFIDENCE = 0.95
_LOST_AT_MOST = 0.05  # of the texts of a language may come back changed out of their tokens; ours
ONE_OTHER = 0.9  # of the texts told as one other language, where no program knows the declared one; ours
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

    def one(metric: str, unit: str, made: Interval, sure: float) -> Quantity:
        return Quantity(
            metric=metric, value=made.value, low=made.low, high=made.high, confidence=sure, unit=unit, n=n,
            n_of="document", by=by,
        )  # fmt: skip

    return (
        one("bits-per-byte", "bits", bits, confidence),
        one("small-model-bits-per-byte", "bits", Interval(small, small, small), 1.0),
        one("saving-over-small-model", "1", saving, confidence),
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a program takes the texts of one declared language for."""

    n: int
    right: int | None = None  # texts told to be in it; None: no program at hand knows the language
    other: str = ""  # the language that most of the rest are told to be in
    n_other: int = 0

    @property
    def is_in_doubt(self) -> bool:
        """Whether they show nothing of the language: most are not told as it, or nearly all as one other."""
        if self.right is None:
            return self.n_other >= ONE_OTHER * self.n > 0
        return 2 * self.right <= self.n


def told(sample: Sample, languages: Languages) -> Told:
    """Listen to the texts; where the packages for it are missing, what was declared is taken as it is."""
    n = len(sample.texts)
    try:
        is_known = sample.language in languages.identifiable
        heard = Counter(one.language for one in languages.identify(sample.texts))
    except Silent:
        return Told(n=n)
    right = heard.pop(sample.language, 0)
    heard.pop(UNKNOWN, None)
    other, n_other = max(heard.items(), key=lambda pair: (pair[1], pair[0]), default=("", 0))
    return Told(n=n, right=right if is_known else None, other=other, n_other=n_other)


def identified(language: str, made: Told, *, comparisons: int) -> Iterator[Quantity]:
    """The part of its texts that is told to be in it; nothing where nobody can tell."""
    if made.right is None:
        return
    confidence = corrected(CONFIDENCE, comparisons)
    share = clopper_pearson(made.right, made.n, confidence=confidence)
    yield Quantity(
        metric="identified-share", value=share.value, low=share.low, high=share.high, confidence=confidence, unit="1",
        n=made.n, n_of="document", by=(("language", language),),
    )  # fmt: skip


def lost_note(language: str) -> Phrase:
    """Why a language cannot be tested."""
    return phrase(
        "{language} cannot be tested: the tokenizer changes or drops its text, so that the model's figures would "
        "flatter it", language=language,
    )  # fmt: skip


def doubt_note(language: str, made: Told, other: str) -> Phrase:
    """Why declared texts count for nothing."""
    if made.right is None:
        return phrase(
            "{language} counts as not tested: no program here knows it, and {n} of {of} documents declared to be in it "
            "are told to be {other}; somebody who reads {language} has to look at them",
            language=language, other=other, of=made.n, n=made.n_other,
        )  # fmt: skip
    return phrase(
        "{language} counts as not tested: of {of} documents declared to be in it, {n} are told to be in it; name text "
        "of it, or correct its language", language=language, of=made.n, n=made.right,
    )  # fmt: skip

"""Tokens, characters, words and bytes, sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from weighbridge.maths.proportions import Interval
from weighbridge.maths.ratios import ratio_of_sums
from weighbridge.probekit.ports import Bools, Ints
from weighbridge.probekit.scripts import is_spaced
from weighbridge.probekit.tokens import Tokenizer, Version

ENGLISH = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """One version of the text; every array has shape (n,), in the order of the sentences drawn."""

    language: str
    script: str
    there: Bools  # whether the sentence is there in this version
    tokens: Ints
    characters: Ints
    words: Ints
    n_bytes: Ints

    @property
    def n(self) -> int:
        """Sentences that are there."""
        return int(self.there.sum())

    @property
    def is_spaced(self) -> bool:
        """Whether words can be counted in it."""
        return is_spaced(self.script)


def count(tokenizer: Tokenizer, versions: Sequence[Version], rows: Ints) -> Iterator[Counts]:
    """The counts of each version over these rows."""
    for version in versions:
        texts = [version.sentences[row] if row < len(version.sentences) else "" for row in rows.tolist()]
        yield Counts(
            language=version.language,
            script=version.script,
            there=np.array([bool(text.strip()) for text in texts], dtype=bool),
            tokens=tokenizer.n_tokens(texts),
            characters=np.array([len(text) for text in texts], dtype=np.int64),
            words=np.array([len(text.split()) for text in texts], dtype=np.int64),
            n_bytes=np.array([len(text.encode("utf-8", "surrogatepass")) for text in texts], dtype=np.int64),
        )


def against(above: Ints, below: Ints, both: Bools, confidence: float) -> Interval:
    """Sum over sum, of the sentences that are there in both; the interval is over sentences."""
    return ratio_of_sums(above[both].astype(np.float64), below[both].astype(np.float64), confidence=confidence)


def english(counted: Sequence[Counts]) -> Counts | None:
    """The English version with the most sentences, Latin before others."""
    found = [one for one in counted if one.language == ENGLISH and one.tokens[one.there].sum() > 0]
    return max(found, key=lambda one: (one.script == "Latn", one.n), default=None)

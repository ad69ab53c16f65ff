"""A known weight: sentences of words of set length, under a tokenizer with a token for each character, or each byte."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from weighbridge.core.candidate import Candidate, Subject
from weighbridge.core.wording import phrase
from weighbridge.probekit.bench import MemoryBench, generator
from weighbridge.probekit.ports import Calibration, Ints, Truth, Weight
from weighbridge.probekit.tokens import ParallelText, Tokenizer, Version

_N = 60  # sentences
_LETTERS = 5  # of each word
_LEAST_WORDS, _MOST_WORDS = 4, 12  # of a sentence, each number as likely as any other
_MEAN_WORDS = (_LEAST_WORDS + _MOST_WORDS) / 2
# Letter, its bytes, whether words are parted by spaces.
_WRITTEN = {("en", "Latn"): ("a", 1, True), ("hi", "Deva"): ("क", 3, True), ("ru", "Cyrl"): ("б", 2, True),
            ("th", "Thai"): ("ก", 3, False)}  # fmt: skip


class PerCharacter:
    """A token for each character."""

    label = "characters"

    def n_tokens(self, texts: Sequence[str]) -> Ints:
        """Their characters."""
        return np.array([len(text) for text in texts], dtype=np.int64)


class PerByte:
    """A token for each byte."""

    label = "bytes"

    def n_tokens(self, texts: Sequence[str]) -> Ints:
        """Their bytes."""
        return np.array([len(text.encode()) for text in texts], dtype=np.int64)


def _version(rng: np.random.Generator, language: str, script: str) -> Version:
    letter, _bytes, is_spaced = _WRITTEN[language, script]
    words = rng.integers(_LEAST_WORDS, _MOST_WORDS + 1, _N).tolist()
    between = " " if is_spaced else ""
    return Version(
        language=language, script=script, sentences=tuple(between.join([letter * _LETTERS] * n) for n in words)
    )


def _mean(key: tuple[str, str], *, of_bytes: bool) -> float:
    """Characters, or bytes, of a sentence on average: letters, and a space between each two words."""
    _letter, size, is_spaced = _WRITTEN[key]
    spaces = _MEAN_WORDS - 1 if is_spaced else 0.0
    return _MEAN_WORDS * _LETTERS * (size if of_bytes else 1) + spaces


def _weight(seed: int, tokenizer: Tokenizer, *, of_bytes: bool) -> Weight:
    """A sentence's lengths in two languages have nothing to do with each other; so the means are all that counts."""
    rng = generator(seed, "tokenizer-premium")
    versions = tuple(_version(rng, language, script) for language, script in sorted(_WRITTEN))
    bench = MemoryBench(
        candidate=Candidate(name="toy", version="1", artefacts=(), subjects=(Subject.CAUSAL_LM,)),
        seed=seed,
        the_tokenizers=(tokenizer,),
        the_parallel_text=ParallelText(versions=versions, says=phrase("parallel text: a toy")),
    )
    english = _mean(("en", "Latn"), of_bytes=of_bytes)
    truths: list[Truth] = []
    for key in sorted(_WRITTEN):
        cost, by = _mean(key, of_bytes=of_bytes), (("language", key[0]), ("script", key[1]))
        truths.append(Truth(metric="premium", value=cost / english, by=by[:1]))
        truths.append(Truth(metric="script-premium", value=cost / english, by=by))
        truths.append(Truth(metric="tokens-per-character", value=cost / _mean(key, of_bytes=False), by=by))
        if _WRITTEN[key][2]:
            truths.append(Truth(metric="tokens-per-word", value=cost / _MEAN_WORDS, by=by))
        bytes_each = _mean(key, of_bytes=True) / _mean(("en", "Latn"), of_bytes=True)
        truths.append(Truth(metric="byte-premium", value=bytes_each, by=by[:1]))
    return Weight(bench=bench, truths=tuple(truths))


def null(seed: int) -> Weight:
    """No script costs more than another: a token for each character."""
    return _weight(seed, PerCharacter(), of_bytes=False)


def planted(seed: int) -> Weight:
    """A token for each byte, so that each script costs what it takes in UTF-8."""
    return _weight(seed, PerByte(), of_bytes=True)


CALIBRATION = Calibration(null=null, planted=planted)

"""Tokenizers that count, and text that says the same in several languages: what a probe of their prices needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from weighbridge.core.wording import Phrase

Ints = npt.NDArray[np.int64]


class Tokenizer(Protocol):
    """What cuts text into tokens; it needs no model."""

    label: str  # of its artefact

    def n_tokens(self, texts: Sequence[str]) -> Ints:
        """How many tokens each text is, without those that are put around a text; shape (n,)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """The sentences in one language; an empty one is missing there."""

    language: str  # canonical tag
    script: str  # ISO 15924
    sentences: tuple[str, ...]  # in the order of every other version


@dataclass(frozen=True, slots=True, kw_only=True)
class ParallelText:
    """The same sentences in several languages."""

    versions: tuple[Version, ...]  # by language and script, each pair once
    says: Phrase  # whose text it is
    notes: tuple[Phrase, ...] = ()
    is_own: bool = False  # named by the owner of the candidate, not taken from elsewhere

    def in_language(self, tag: str) -> tuple[Version, ...]:
        """Its versions in a language, one for each script."""
        return tuple(version for version in self.versions if version.language == tag)

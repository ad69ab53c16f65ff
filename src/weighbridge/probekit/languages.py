"""Languages: what is known of each, who speaks it, and which one a text is in. A probe asks the bench for them.

A language has one tag here: the primary subtag of BCP 47, deprecated codes replaced and the usual member of a
macrolanguage folded into it, so that `zh`, `zh-Hant`, `cmn-Hans` and FLORES' `zho_Hans` are one language. The script
stands beside it, never in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from weighbridge.core.wording import Phrase

UNKNOWN = ""
"""The language of a text that nobody could tell."""

CLDR, LINGUAMETA = "CLDR", "LinguaMeta"
"""Where numbers of speakers come from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speakers:
    """How many speak a language, as one source estimates it; who speaks two is counted in both."""

    source: str
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """What is recorded of one language. What is empty is not recorded; it is never a guess."""

    tag: str  # canonical
    name: str  # in English; the tag itself where no name is recorded
    scripts: tuple[str, ...] = ()  # ISO 15924, the usual one first
    speakers: tuple[Speakers, ...] = ()  # by source; a source without a figure for it is left out
    word_order: str = ""  # WALS 81A
    affixation: str = ""  # WALS 26A
    family: str = ""

    @property
    def most_speakers(self) -> int:
        """The larger of the sources' figures, to order by; 0 where none has one."""
        return max((s.n for s in self.speakers), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What some languages are among all that a source counts: speaker-instances, not people."""

    source: str
    instances: int  # of these languages
    total: int  # of all languages that the source has a figure for
    without: tuple[str, ...] = ()  # of these, the languages that the source has no figure for

    @property
    def share(self) -> float:
        """Of all speaker-instances."""
        return self.instances / self.total


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A stretch of a text that is in one language and one script, as far as can be told."""

    language: str  # canonical tag; UNKNOWN where it cannot be told
    script: str  # ISO 15924; empty where it holds no letter
    n_letters: int  # letters and marks; digits, signs, spaces and emoji are in no language


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """What one text is in, stretch by stretch; no part: it holds no letter."""

    parts: tuple[Part, ...]

    @property
    def n_letters(self) -> int:
        """Letters of all parts."""
        return sum(part.n_letters for part in self.parts)

    @property
    def language(self) -> str:
        """The language that more than half of its letters are in; else UNKNOWN."""
        return self._main([(part.language, part.n_letters) for part in self.parts])

    @property
    def script(self) -> str:
        """The script that more than half of its letters are in; else empty."""
        return self._main([(part.script, part.n_letters) for part in self.parts])

    def _main(self, counted: list[tuple[str, int]]) -> str:
        of: dict[str, int] = {}
        for name, n in counted:
            of[name] = of.get(name, 0) + n
        return next((name for name, n in of.items() if 2 * n > self.n_letters), "")


class Languages(Protocol):
    """The registry of languages, and the ear that tells them apart."""

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources of speakers that are at hand."""
        ...

    @property
    def notes(self) -> tuple[Phrase, ...]:
        """What should be told beside every number that comes from here."""
        ...

    @property
    def known(self) -> tuple[str, ...]:
        """Canonical tags of all languages on record."""
        ...

    @property
    def identifiable(self) -> tuple[str, ...]:
        """Canonical tags of the languages that `identify` can tell; text in any other is UNKNOWN, or mistaken."""
        ...

    def mistaken(self, tag: str) -> tuple[str, ...]:
        """Canonical tags of the languages whose text is sometimes given this name, as far as that was measured."""
        ...

    def find(self, tag: str) -> Language | None:
        """The language of a tag in any spelling (BCP 47, ISO 639-3, FLORES, a deprecated code); None: no such tag."""
        ...

    def nearest(self, tag: str) -> str:
        """For a wrong tag: what may have been meant, in words."""
        ...

    def coverage(self, tags: Iterable[str]) -> tuple[Coverage, ...]:
        """By source, how many speaker-instances these languages have; of a macrolanguage none is counted twice."""
        ...

    def identify(self, texts: Sequence[str]) -> list[Identified]:
        """What each text is in. Deterministic, kept for the weighing; never forced to a language.

        Leaves through `Silent` where the packages for it are not installed.
        """
        ...

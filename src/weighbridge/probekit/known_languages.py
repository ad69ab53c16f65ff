"""A registry of a few languages in memory, whose texts are told by words: what tests and calibrations use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from weighbridge.core.wording import Phrase
from weighbridge.probekit.languages import (
    CLDR,
    LINGUAMETA,
    UNKNOWN,
    Coverage,
    Identified,
    Language,
    Part,
    Speakers,
)
from weighbridge.probekit.scripts import runs


def language(tag: str, name: str, *, scripts: Sequence[str] = ("Latn",), speakers: Sequence[int] = ()) -> Language:
    """A language, with its speakers by the first source and by the second."""
    counted = tuple(Speakers(source=source, n=n) for source, n in zip((CLDR, LINGUAMETA), speakers, strict=False))
    return Language(tag=tag, name=name, scripts=tuple(scripts), speakers=counted)


FEW = (
    language("ar", "Arabic", scripts=("Arab",), speakers=(380_000_000, 350_000_000)),
    language("de", "German", speakers=(140_000_000, 130_000_000)),
    language("en", "English", speakers=(1_700_000_000, 1_300_000_000)),
    language("es", "Spanish", speakers=(510_000_000, 490_000_000)),
    language("fr", "French", speakers=(330_000_000, 290_000_000)),
    language("hi", "Hindi", scripts=("Deva",), speakers=(580_000_000, 550_000_000)),
    language("ht", "Haitian Creole", speakers=(7_500_000, 9_600_000)),
    language("kri", "Krio", speakers=(8_700_000, 6_300_000)),
    language("ru", "Russian", scripts=("Cyrl",), speakers=(190_000_000, 180_000_000)),
    language("sw", "Swahili", speakers=(190_000_000, 170_000_000)),
    language("th", "Thai", scripts=("Thai",), speakers=(56_000_000, 51_000_000)),
    language("yo", "Yoruba", speakers=(32_000_000, 44_000_000)),
    language("zh", "Chinese", scripts=("Hans", "Hant"), speakers=(1_300_000_000, 1_300_000_000)),
    language("zu", "Zulu", speakers=(13_000_000,)),
)
"""A few languages with rounded figures: toys, no source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownLanguages:
    """These languages and no others.

    `marks` are words and the language that each tells; a word that is none of them tells nothing. Without marks a text
    whose first word is a tag in brackets, as in "[sw] kitabu", is in that language throughout.
    """

    languages: tuple[Language, ...] = FEW
    marks: Mapping[str, str] = field(default_factory=dict)
    can_tell: tuple[str, ...] = ()  # none: all of them
    confused: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by name: whose text is sometimes given it

    sources: tuple[str, ...] = (CLDR, LINGUAMETA)
    notes: tuple[Phrase, ...] = ()

    @property
    def known(self) -> tuple[str, ...]:
        """All tags."""
        return tuple(sorted(one.tag for one in self.languages))

    @property
    def identifiable(self) -> tuple[str, ...]:
        """Those that are told."""
        return self.can_tell or self.known

    def mistaken(self, tag: str) -> tuple[str, ...]:
        """As given."""
        return self.confused.get(tag, ())

    def find(self, tag: str) -> Language | None:
        """By the part before the first - or _, in small letters."""
        bare = tag.replace("_", "-").partition("-")[0].lower()
        return next((one for one in self.languages if one.tag == bare), None)

    def nearest(self, tag: str) -> str:
        """Any of them."""
        return f"{tag} is none of {', '.join(self.known)}"

    def coverage(self, tags: Iterable[str]) -> tuple[Coverage, ...]:
        """Speaker-instances by source."""
        of = {found.tag for tag in tags if (found := self.find(tag))}
        return tuple(self._covered(source, of) for source in self.sources)

    def _covered(self, source: str, of: set[str]) -> Coverage:
        figures = {one.tag: s.n for one in self.languages for s in one.speakers if s.source == source}
        return Coverage(
            source=source, instances=sum(n for tag, n in figures.items() if tag in of), total=sum(figures.values()),
            without=tuple(sorted(of - figures.keys())),
        )  # fmt: skip

    def identify(self, texts: Sequence[str]) -> list[Identified]:
        """By the marks, word by word, or by the tag in brackets."""
        return [self._identify(text) for text in texts]

    def _identify(self, text: str) -> Identified:
        head, _, rest = text.partition("] ")
        if not self.marks and head.startswith("["):
            return _identified([(run.script, self._told(head[1:]), run.n_letters) for run in runs(rest)])
        found = [
            (run.script, self._told(self.marks.get(word, "")), run.n_letters)
            for word in text.split()
            for run in runs(word)
        ]
        return _identified(found)

    def _told(self, tag: str) -> str:
        return tag if tag in self.identifiable else UNKNOWN


def _identified(found: list[tuple[str, str, int]]) -> Identified:
    counted: dict[tuple[str, str], int] = {}
    for script, tag, n in found:
        if n:
            counted[tag, script] = counted.get((tag, script), 0) + n
    return Identified(parts=tuple(Part(language=t, script=s, n_letters=n) for (t, s), n in counted.items()))

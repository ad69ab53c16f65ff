"""What was decided before, why, and what came of it: written from facts, each with its source."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from weighbridge.core.candidate import Candidate, Said, Subject
from weighbridge.core.rungs import Rung

_DAY = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
QUESTIONS = ("about_people", "private", "harm", "generates", "identifies")  # of triage, answered yes or no


class Turned(StrEnum):
    """How it turned out, as far as it became known."""

    HARM = "harm"
    MIXED = "mixed"
    NO_KNOWN_HARM = "no-known-harm"  # nobody was seen to be hurt, which is not the same as nobody was


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What a precedent and a candidate can have in common; what is not known is left out of the comparison."""

    about: Annotated[tuple[Subject, ...], "what it was; left out: not known"] = ()
    about_people: Said = Said.UNKNOWN
    private: Said = Said.UNKNOWN
    harm: Annotated[Said, "whether anyone could be persecuted or hurt by what it shows or does"] = Said.UNKNOWN
    generates: Said = Said.UNKNOWN
    identifies: Said = Said.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a fact can be looked up."""

    says: Annotated[str, "author, year, title, place: enough to find it by"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Precedent:
    """One past decision, or one harm that nobody decided on."""

    title: str
    on: Annotated[str, "the day, month or year (ISO 8601)"]
    who: Annotated[str, "who decided, or who let it happen"]
    what: Annotated[str, "what was done, in a sentence or two"]
    after: Annotated[str, "what happened then"]
    turned: Turned
    source: Annotated[tuple[Source, ...], "at least one"]
    rung: Annotated[Rung | None, "who got what at first; left out: nothing was released"] = None
    reasons: Annotated[tuple[str, ...], "the reasons given then"] = ()
    evidence: Annotated[tuple[str, ...], "what was known then, and what was not looked for"] = ()
    equivalent_in_days: Annotated[
        int | None, "days until others had as good, made again or leaked; left out: not known, or it was open"
    ] = None
    traits: Traits = Traits()
    mission: Annotated[tuple[int, ...], "rows of the mission map"] = ()
    words: Annotated[tuple[str, ...], "more words to find it by"] = ()
    slug: str = ""
    collection: Annotated[str, "whose collection it is from"] = "weighbridge"
    licence: Annotated[str, "of this text, as an SPDX identifier"] = "Apache-2.0"

    def __post_init__(self) -> None:
        if not self.source:
            msg = "a precedent without a source is a rumour: add [[source]]"
            raise ValueError(msg)
        if not _DAY.fullmatch(self.on):
            msg = "`on` should be a day, month or year, such as 2019-02-14"
            raise ValueError(msg)

    @property
    def text(self) -> str:
        """All its words, to be searched."""
        parts = (self.title, self.who, self.what, *self.reasons, *self.evidence, self.after, *self.words)
        return "\n".join(parts)


def traits_of(candidate: Candidate) -> Traits:
    """The traits of a candidate; of what nobody answered, none."""
    triage = candidate.triage
    compared = tuple(s for s in candidate.subjects if s is not Subject.BYTES)  # every candidate is bytes
    return Traits(about=compared, **{name: getattr(triage, name) for name in QUESTIONS})

"""What is assumed where nobody said anything better, and the delays that were published: what two shelves hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from weighbridge.core.canon import Digest, digest_of
from weighbridge.core.replication import Span
from weighbridge.core.rungs import Rung
from weighbridge.core.shape import plain
from weighbridge.core.worth import MOST_USD, Actor, amiss


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share that is assumed, with its reason."""

    share: Annotated[Span, "from 0 to 1"]
    source: Annotated[str, "whose judgement it is"]

    def __post_init__(self) -> None:
        if faults := amiss(self.share, "share", 1.0):
            raise ValueError("; ".join(faults))


@dataclass(frozen=True, slots=True, kw_only=True)
class RungShare(Share):
    """A share that is assumed for one rung."""

    rung: Rung


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What it costs to put to use what lies in the open."""

    usd: Span
    source: str

    def __post_init__(self) -> None:
        if faults := amiss(self.usd, "usd", MOST_USD):
            raise ValueError("; ".join(faults))


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumed:
    """The shelf of actors: who might misuse a release, and all else that no fact about a candidate tells."""

    name: str
    as_of: str
    expires: Annotated[str, "after this day it is old, and said to be"]
    source: str
    doubt: Annotated[float, "the ranges of one actor may be off together by this factor, nine chances in ten"]
    actor: tuple[Actor, ...]
    use: Use
    outside: Annotated[Share, "those who go on although it does not pay: what keeps a deterred share below all"]
    part: Annotated[Share, "what a smaller sibling, or some of the languages, already give"]
    leak: Annotated[tuple[RungShare, ...], "the chance within a year that a copy gets out"]
    reach: Annotated[tuple[RungShare, ...], "the share of good use that is reached"]

    def __post_init__(self) -> None:
        faults = ["doubt is a factor, 1 or more"] * (not self.doubt >= 1)
        faults += ["outside starts at 0: then a share could come out as all"] * (self.outside.share.low <= 0)
        missing = [f"{key} has no {rung.value}" for key, rows, rungs in
                   (("leak", self.leak, tuple(Rung)[:4]), ("reach", self.reach, tuple(Rung)))
                   for rung in rungs if rung not in {row.rung for row in rows}]  # fmt: skip
        if faults or missing:
            raise ValueError("; ".join(faults + missing))

    @property
    def digest(self) -> Digest:
        """Over all it says."""
        return digest_of(plain(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """Something that was withheld, and what made up for it."""

    withheld: str
    announced: str
    equivalent: str
    opened: str
    days: Annotated[float, "from the announcement to the equivalent in the open"]
    first: Annotated[bool, "the first equivalent: that is what ended the delay"]
    source: str

    def __post_init__(self) -> None:
        if not 0 < self.days < 36525:
            raise ValueError("days lie between none and a century")


@dataclass(frozen=True, slots=True, kw_only=True)
class Delays:
    """The shelf of delays."""

    name: str
    as_of: str
    expires: str
    survivorship: Annotated[str, "who is missing"]
    episode: tuple[Episode, ...]

    def __post_init__(self) -> None:
        if len(self.firsts) < 2:
            raise ValueError("two first equivalents are the fewest that a spread can be told from")

    @property
    def firsts(self) -> tuple[Episode, ...]:
        """Those that ended a delay: the first equivalent of each withheld thing."""
        return tuple(episode for episode in self.episode if episode.first)

    @property
    def digest(self) -> Digest:
        """Over all it says."""
        return digest_of(plain(self))

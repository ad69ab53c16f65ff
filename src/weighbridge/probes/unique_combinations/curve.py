"""What was counted of one table: points of a curve, from one column to all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from weighbridge.maths.classes import Crowd
from weighbridge.probekit.ports import ClassSizes

DECLARED = "declared"
IDENTIFIER = "identifier"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """One combination and how well people hide in it; all numbers are over all rows."""

    columns: tuple[str, ...]
    crowd: Crowd


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """The worst of all combinations of some size: what was counted, and how much worse one may be that was not."""

    at: str  # value of the axis `columns`
    crowd: Crowd  # the worst of each number; they need not come from the same combination
    most_unique: int
    most_small: int
    least_smallest: int
    is_certain: bool = True  # the bounds follow from what was counted over all rows, and not from a sample

    @property
    def is_exact(self) -> bool:
        """Whether nothing is left open."""
        found = (self.crowd.unique, self.crowd.small, self.crowd.smallest)
        return found == (self.most_unique, self.most_small, self.least_smallest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """What a scan over a sample of classes told of the combinations that were not counted one by one."""

    n: int  # combinations
    confirmed: int  # of these counted one by one as well
    chance: float  # the smallest with which a class was looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """All that was counted of one table."""

    table: str  # its label
    n_of: str
    points: tuple[Point, ...]
    combinations: tuple[Counted, ...]
    without: tuple[Counted, ...]  # all quasi-identifiers but one; `columns` names the one left out
    identifiers: tuple[Counted, ...]
    beyond: Crowd | None  # all quasi-identifiers with those that were not declared; None where there are none such
    is_open: bool  # one person may have several rows, and nothing tells whose they are
    whole: ClassSizes | None  # over all quasi-identifiers; None where there are none
    sampled: Sampled | None = None
    left_out: tuple[str, ...] = ()  # columns that are in no combination but that of all

    def point(self, at: str) -> Point | None:
        """The point at this value of the axis."""
        return next((p for p in self.points if p.at == at), None)


def worst(crowds: Iterable[Crowd]) -> Crowd:
    """The worst of each number; they need not come from the same combination."""
    every = tuple(crowds)
    return Crowd(
        n=every[0].n,
        unique=max(c.unique for c in every),
        small=max(c.small for c in every),
        smallest=min(c.smallest for c in every),
    )


def exact(at: str, crowd: Crowd) -> Point:
    """A point of which all was counted."""
    return Point(at=at, crowd=crowd, most_unique=crowd.unique, most_small=crowd.small, least_smallest=crowd.smallest)

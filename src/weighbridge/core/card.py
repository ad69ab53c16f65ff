"""A probe's card: all that is known of it without importing it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from weighbridge.core.candidate import Candidate, Role, Scalar, Subject
from weighbridge.core.canon import Digest, digest_of
from weighbridge.core.evidence import Asked
from weighbridge.core.shape import plain


class Cost(StrEnum):
    """How long the probe takes at its default settings on a laptop."""

    SECONDS = "seconds"
    MINUTES = "minutes"
    HOURS = "hours"

    @property
    def typical_minutes(self) -> int:
        """One figure to order remedies by."""
        return {Cost.SECONDS: 1, Cost.MINUTES: 10, Cost.HOURS: 120}[self]


class Lifecycle(StrEnum):
    """How far a probe may be leaned on."""

    EXPERIMENTAL = "experimental"
    STABLE = "stable"
    DEPRECATED = "deprecated"


class PictureKind(StrEnum):
    """The pictures that reports draw."""

    LINE = "line"  # a curve over an ordered axis, with its band
    BARS = "bars"  # one bar with its interval per value of an axis
    FIGURE = "figure"  # one number, large, with its interval


class Declaration(StrEnum):
    """Sections of the candidate file that only those probes see whose card names them; fields of the candidate."""

    REPLICATION = "replication"


class Shelf(StrEnum):
    """Dated tables of facts that came with the tool, or that the user put in their place."""

    PRICES = "prices"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One number a probe reports."""

    name: str
    unit: Annotated[str, '"1" for a share of n, "count" for a count, else a unit of measure']
    says: Annotated[str, "what it is, in a clause for someone who is not in machine learning"]
    by: Annotated[tuple[str, ...], "axes it may be broken down by"] = ()
    control: Annotated[bool, "it is the positive control: above zero shows that the attack finds a known leak"] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """A way in which metrics are broken down."""

    name: str
    says: str
    values: Annotated[tuple[str, ...], "all values there are; empty: they come from the candidate"] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture of one metric."""

    kind: PictureKind
    metric: str
    title: str
    axis: str = ""
    where: Annotated[tuple[tuple[str, str], ...], "only quantities with these axis values"] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting of a probe."""

    name: str
    default: bool | int | float | str
    says: str
    at_least: float | None = None
    at_most: float | None = None
    escalate: Annotated[
        tuple[int, ...],
        "larger values, tried one after the other while a rule stays open because an interval crosses its line; the "
        "probe splits its error rate over all of them beforehand",
    ] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Read from `probe.toml`; the folder's name is the slug."""

    slug: str
    version: int
    title: str
    question: Annotated[str, "what is measured, as a question in plain words"]
    cannot_show: Annotated[str, "what a clean result does not show"]
    since: str
    changed: Annotated[str, "the changelog's sentence: what a user now sees"]
    cost: Cost
    subjects: Annotated[tuple[Subject, ...], "it applies to a candidate that has one of these"]
    metric: tuple[Metric, ...]
    sources: tuple[str, ...]
    attack: Annotated[
        bool, "it is an attack: its bound bounds the attack's success, and a rule on it wants a positive control"
    ] = False
    needs: Annotated[tuple[Role, ...], "roles without which it cannot measure"] = ()
    wants: Annotated[tuple[Role, ...], "roles it makes use of where they are there"] = ()
    extras: Annotated[tuple[str, ...], "extras of the package it needs"] = ()
    after: Annotated[tuple[str, ...], "probes whose evidence it reads"] = ()
    declarations: Annotated[
        tuple[Declaration, ...], "sections of weighbridge.toml that it reads; a change there repeats no other probe"
    ] = ()
    shelves: Annotated[tuple[Shelf, ...], "shelves that it reads; another shelf repeats no other probe"] = ()
    mission: Annotated[tuple[int, ...], "rows of the mission map"] = ()
    lifecycle: Lifecycle = Lifecycle.STABLE
    axis: tuple[Axis, ...] = ()
    picture: tuple[Picture, ...] = ()
    setting: tuple[Setting, ...] = ()

    @property
    def defaults(self) -> tuple[tuple[str, Scalar], ...]:
        """Every setting at its default, by name."""
        return tuple(sorted((s.name, s.default) for s in self.setting))

    def metric_named(self, name: str) -> Metric | None:
        """The metric of that name."""
        return next((m for m in self.metric if m.name == name), None)

    @property
    def control(self) -> Metric | None:
        """The metric that is the positive control."""
        return next((m for m in self.metric if m.control), None)


def declared_key(section: Declaration) -> str:
    """The name under which the record of a measurement holds the digest of a section that it read."""
    return f"declared-{section.value}"


def declared_digest(candidate: Candidate, section: Declaration) -> Digest:
    """The digest of a section as the candidate has it now; also of one that it lacks."""
    return digest_of(plain(getattr(candidate, section.value)))


def is_current(asked: Asked, candidate: Candidate) -> bool:
    """Whether all declared sections that a measurement read are those that the candidate has now."""
    now = {declared_key(section): section for section in Declaration}
    return all(digest == declared_digest(candidate, now[name]) for name, digest in asked.under if name in now)

"""Past releases: the list that they are drawn from, what came of each, and the draw.

All lies in one folder (`benchmarks/history`): `frame.toml`, `outcomes.toml`, `draw.toml`, and what
`release_sheets.py` reads. Only `read_outcomes` opens the outcomes, and nothing that judges calls it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

from weighbridge.core.canon import Digest, digest_of_bytes
from weighbridge.core.case import span
from weighbridge.core.errors import Fault, Faulty, Unusable
from weighbridge.core.rungs import Rung
from weighbridge.core.toml import parse

T = TypeVar("T")

KINDS = ("model", "data")
NONE = "none"  # of an outcome: nothing was found that meets the definition of eventful


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """`[[release]]`: one past release, as far as its day tells."""

    slug: str
    name: str
    kind: Annotated[str, "model or data"]
    what: str
    who: str
    released: Annotated[str, "a day, or a month or year where no more is known"]
    form: Annotated[Rung, "the rung that it was released at"]
    precedent: Annotated[str, "its entry on the shelf that the writers of the policy knew; empty: none"]
    source: str
    looked_up: Annotated[bool, "the source was looked up for this list, and not cited from memory"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """`[draw]`: fixed before anything was drawn."""

    seed: int
    eventful: int
    uneventful: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The list, how it was made, and who is missing from it."""

    made: str
    missing: str
    horizon_days: int
    eventful: str
    draw: Terms
    release: tuple[Release, ...]

    def named(self, slug: str) -> Release | None:
        """The release of that slug."""
        return next((release for release in self.release if release.slug == slug), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """`draw.toml`: what was drawn, from which bytes, under which policy."""

    on: str
    policy: str
    policy_digest: Digest
    frame: Digest
    codebook: Digest
    drawn: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`[[outcome]]`: what came of a release."""

    slug: str
    by: Annotated[str, "the letter of the definition that was met within the horizon, or none"]
    what: str
    source: str
    looked_up: bool
    on: str = ""

    @property
    def eventful(self) -> bool:
        """Whether the definition was met."""
        return self.by != NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcomes:
    outcome: tuple[Outcome, ...]


def read_frame(folder: Path) -> Frame:
    """The list, with every fault."""
    frame = read_toml(Frame, folder / "frame.toml")
    faults = list(twice("frame.toml", [release.slug for release in frame.release]))
    for release in frame.release:
        if release.kind not in KINDS:
            faults.append(fault("frame.toml", release.slug, "is of a kind that is neither model nor data"))
        if not release.source.strip():
            faults.append(fault("frame.toml", release.slug, "has no source"))
    return sound(frame, folder / "frame.toml", faults)


def read_outcomes(folder: Path, frame: Frame) -> dict[str, Outcome]:
    """What came of each release of the frame.

    Raises
    ------
    Faulty
        Where a release has none or two, or what meets the definition came before the release or after the horizon.
    """
    path = folder / "outcomes.toml"
    outcomes = read_toml(_Outcomes, path).outcome
    faults = list(twice(path.name, [outcome.slug for outcome in outcomes]))
    made = {outcome.slug: outcome for outcome in outcomes}
    faults += [
        fault(path.name, release.slug, "has no outcome, and every release of the frame needs one")
        for release in frame.release
        if release.slug not in made
    ]
    for outcome in outcomes:
        known = frame.named(outcome.slug)
        if known is None:
            faults.append(fault(path.name, outcome.slug, "is no release of the frame"))
        elif outcome.on or outcome.eventful:
            says = _outside(outcome.on, known.released, frame.horizon_days)
            if bool(says) is outcome.eventful:
                faults.append(fault(path.name, outcome.slug, says or "came within the horizon, and counts as none"))
    sound(outcomes, path, faults)
    return made


def _outside(on: str, released: str, horizon: int) -> str:
    try:
        first, until = span(on)
        start, end = span(released)
    except ValueError as wrong:
        return str(wrong)
    if until < start:
        return "came before the release"
    return "came after the horizon, and so is none of its outcomes" if (first - end).days > horizon else ""


def draw(frame: Frame, outcomes: Mapping[str, Outcome]) -> tuple[str, ...]:
    """The first of each stratum in the order of sha256("SEED:SLUG"); the same on every machine.

    Raises
    ------
    Unusable
        Where a stratum holds fewer than are to be drawn.
    """
    drawn: list[str] = []
    for eventful, n in ((True, frame.draw.eventful), (False, frame.draw.uneventful)):
        slugs = [release.slug for release in frame.release if outcomes[release.slug].eventful is eventful]
        if len(slugs) < n:
            raise Unusable(
                f"cannot draw {n} of {len(slugs)}", "the frame holds too few of a kind", "draw fewer, in frame.toml"
            )
        drawn += sorted(slugs, key=lambda slug: hashlib.sha256(f"{frame.draw.seed}:{slug}".encode()).hexdigest())[:n]
    return tuple(sorted(drawn))


def digest_of_file(path: Path) -> Digest:
    """Digest of a file's bytes."""
    return digest_of_bytes(path.read_bytes())


def read_draw(folder: Path, frame: Frame) -> Draw:
    """What was drawn.

    Raises
    ------
    Faulty
        Where frame or codebook are not those that it was drawn from, or a drawn release is not in the frame.
    """
    path = folder / "draw.toml"
    made = read_toml(Draw, path)
    faults = list(twice(path.name, made.drawn))
    for name, digest in (("frame", made.frame), ("codebook", made.codebook)):
        if digest_of_file(folder / f"{name}.toml") != digest:
            says = f"{name}.toml has changed since the draw; bring it back, or draw anew"
            faults.append(fault(path.name, name, says))
    faults += [
        fault(path.name, slug, "was drawn and is not in the frame") for slug in made.drawn if frame.named(slug) is None
    ]
    return sound(made, path, faults)


def read_toml(cls: type[T], path: Path) -> T:
    """A file of the folder as a data class."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8"
        raise Unusable(f"cannot read {path.name}", why, "git checkout -- benchmarks/history") from None
    return parse(cls, text, file=path.name, fix="mend the lines named")


def fault(file: str, key: str, says: str) -> Fault:
    """One thing wrong with what a file says of a release."""
    return Fault(file=file, line=0, key=key, says=says)


def twice(file: str, slugs: Iterable[str]) -> Iterator[Fault]:
    """A fault for each slug that stands there twice."""
    slugs = tuple(slugs)
    for slug in sorted({slug for slug in slugs if slugs.count(slug) > 1}):
        yield fault(file, slug, "stands there twice")


def sound(made: T, path: Path, faults: list[Fault]) -> T:
    """What was read, where nothing is wrong with it."""
    if faults:
        raise Faulty(f"cannot use {path.name}", faults, "mend the lines named")
    return made

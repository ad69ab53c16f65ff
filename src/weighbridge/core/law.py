"""Rule packs: what a text of law or a licence says, as dated and cited TOML. Not legal advice; it opens nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated


class Bearing(StrEnum):
    """What a provision does where it applies."""

    FORBIDS = "forbids"  # the release, as it is
    REQUIRES = "requires"  # that something is done with it
    RELIEVES = "relieves"  # of a duty; it opens nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    """One provision. All `when` terms true: it applies; one false: it does not; one unknown: nobody can tell yet."""

    slug: str
    says: Annotated[str, "what it comes to here, in a plain sentence"]
    rests_on: Annotated[str, "the article, section or clause that it rests on"]
    bearing: Bearing
    when: Annotated[tuple[tuple[str, tuple[str, ...]], ...], "fact = values, one of which must be the case"] = ()
    unless: Annotated[tuple[tuple[str, tuple[str, ...]], ...], "it does not apply where any of these is the case"] = ()
    do: Annotated[str, "what follows for whoever releases it"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Licences that a pack treats alike."""

    name: str
    licences: Annotated[
        tuple[str, ...],
        "SPDX identifiers or those of model hubs, capitals or not; one that ends in * stands for all that begin so",
    ]
    frees: Annotated[bool, "of several licences at once (AND), all have to be of it, and not only one"] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """One pack; read from a TOML file of the shelf, or of the user's own."""

    title: str
    jurisdiction: Annotated[str, "where it holds"]
    text: Annotated[str, "the very text it was made from"]
    checked: Annotated[str, "the day on which it was last held against that text (ISO 8601)"]
    expires: Annotated[str, "the last day on which it judges; afterwards it says that it is out of date"]
    notice: Annotated[str, "what it is not"]
    provision: tuple[Provision, ...]
    family: tuple[Family, ...] = ()
    slug: str = ""

    def __post_init__(self) -> None:
        days = []
        for key in ("checked", "expires"):
            try:
                days.append(date.fromisoformat(getattr(self, key)))
            except ValueError:
                msg = f"`{key}` should be a day, such as 2026-11-22"
                raise ValueError(msg) from None
        slugs = [provision.slug for provision in self.provision]
        for wrong, msg in (
            (days[0] >= days[1], "it expires before it was checked"),
            (not self.provision, "it holds no provision"),
            (len(set(slugs)) < len(slugs), "two provisions have one slug"),
            (any(not p.rests_on.strip() for p in self.provision), "a provision names no article that it rests on"),
            (not self.notice.strip(), "it does not say that it is no legal advice"),
        ):
            if wrong:
                raise ValueError(msg)

    def families_of(self, licence: str) -> tuple[str, ...]:
        """The families that a licence is of; none where the pack does not know it, or not every part of it."""
        parts = [self._families_of_one(part) for part in _JOINED.split(licence.strip())]
        if not all(parts) or (_EITHER.search(licence) and len(set(parts)) > 1):
            return ()
        some, every = set().union(*parts), set(parts[0]).intersection(*parts)
        return tuple(f.name for f in self.family if f.name in (every if f.frees else some))

    def _families_of_one(self, licence: str) -> frozenset[str]:
        if not _IDENTIFIER.fullmatch(licence):  # an expression, or plain words: `CC-BY-4.0 or so` is no CC-BY
            return frozenset()
        return frozenset(f.name for f in self.family if any(_fits(name, licence) for name in f.licences))


# Of SPDX's expressions these are understood: identifiers joined by AND, or by OR where it makes no difference which.
_JOINED = re.compile(r"\s+(?:AND|OR)\s+")
_EITHER = re.compile(r"\s+OR\s+")
_IDENTIFIER = re.compile(r"[A-Za-z0-9.+-]+")


def _fits(name: str, licence: str) -> bool:
    name, licence = name.casefold(), licence.casefold()
    return licence.startswith(name[:-1]) if name.endswith("*") else licence == name

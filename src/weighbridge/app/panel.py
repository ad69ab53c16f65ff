"""Panel: whom of those affected somebody speaks for, and who was told first.

Groups are what people call themselves, so that nothing here guesses: a group is covered where somebody who was
consulted said, by their own word, to be of it. Whoever did not wish to say covers none and is counted.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date

from weighbridge.core.reply import rows_of

_WHO_FROM, _GROUP = "from there", 4  # column of `consulted` that holds the group
_WHEN, _AS_WHAT = 1, 2  # columns of `early-access`


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Those who were consulted, beside those who are affected: counts alone, since names and groups can be erased."""

    consulted: int
    from_there: int
    unsaid: int  # consulted, and of no group by their own word
    groups: int
    covered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """When the first of each kind was told of a release before it happened."""

    first: tuple[tuple[str, str], ...]  # kind to day, earliest first

    @property
    def press_before_affected(self) -> bool:
        """Whether the press knew before anybody who is affected did, or they were not told at all."""
        days = dict(self.first)
        return "press" in days and days["press"] < days.get("affected", "9999-12-31")


def panel(consulted: str, affected: str) -> Panel:
    """Whom the panel covers.

    Parameters
    ----------
    consulted : the words of the answer to `consulted`; empty where there is none, or it was erased
    affected : of that to `affected-groups`
    """
    rows = rows_of(consulted)
    groups = {key for line in affected.splitlines() if (key := _key(line))}
    theirs = [_key(row[_GROUP]) if len(row) > _GROUP else "" for row in rows]
    return Panel(
        consulted=len(rows), from_there=sum(len(row) > 1 and row[1].casefold() == _WHO_FROM for row in rows),
        unsaid=theirs.count(""), groups=len(groups), covered=len(groups & set(theirs)),
    )  # fmt: skip


def told_first(early_access: str) -> Told:
    """Who was told when, from the words of the answer to `early-access`; rows without a day are left out."""
    days: dict[str, str] = {}
    for row in rows_of(early_access):
        if len(row) > _AS_WHAT and (day := _day(row[_WHEN])):
            kind = row[_AS_WHAT].casefold()
            days[kind] = min(days.get(kind, day), day)
    return Told(first=tuple(sorted(days.items(), key=lambda pair: (pair[1], pair[0]))))


def _key(text: str) -> str:
    """A group's name without regard to capitals, accents written in two ways, spaces and marks around it."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(
        "".join(c if c.isalnum() or unicodedata.category(c).startswith("M") else " " for c in folded).split()
    )


def _day(text: str) -> str:
    """A day as all days are written, so that the earlier of two comes first; empty for what is none."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""

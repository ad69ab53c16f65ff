"""What a release is worth, and to whom: actors, substitutes, benefits. Declared by people, measured by nobody.

No probe reads any of it, so that a changed guess about an actor repeats no measurement.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated

from weighbridge.core.replication import Span
from weighbridge.core.rungs import Rung

MOST_USD = 1.2e14  # about what the world makes in a year (World Bank, 1.1e14 USD in 2024): more is a slip of the unit
MOST_PEOPLE = 1e10  # more than there are
MOST_DAYS = 36525.0  # a century
NONE = Span(low=0.0, high=0.0)
_MONEY = re.compile(r"(?i)\b(usd|eur|gbp|chf|jpy|dollars?|euros?|francs?|yen)\b|[$€£¥]")
_LIVES = re.compile(r"(?i)\b(li(?:fe|ves)|deaths?|dead|killed|qalys?|dalys?|patients?|wounded|injured)\b")


class Ground(StrEnum):
    """What a declared figure rests on: somebody said so and can be named, or nobody knows and it is assumed."""

    ASSUMED = "assumed"
    TESTIFIED = "testified"


class Kind(StrEnum):
    """What kind of good a benefit is."""

    USE = "use"
    HEALTH = "health"
    REPRODUCTION = "reproduction"  # others can check and build on the work
    DEFENCE = "defence"  # others can build what counters its misuse


def amiss(span: Span, key: str, most: float) -> list[str]:
    """What is wrong with the bounds of a figure, each as the end of a sentence."""
    if not (math.isfinite(span.low) and math.isfinite(span.high)):
        return [f"{key} is not finite"]
    faults = [f"{key} is below zero"] * (span.low < 0)
    faults += [f"{key} runs from its high down to its low"] * (span.low > span.high)
    says = "is a share, from 0 to 1" if most == 1 else "ends above all there is; which unit is meant?"
    return faults + [f"{key} {says}"] * (span.high > most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """One kind of bad actor: what it can spend, what the misuse is worth to it, what being known would cost it."""

    name: Annotated[str, "a slug, such as lone-troll"]
    says: Annotated[str, "who that is, in the plural: lone trolls"]
    budget_usd: Annotated[Span, "what it can spend on getting this"]
    value_usd: Annotated[Span, "what getting this is worth to it"]
    identity_usd: Annotated[Span, "what it costs it to give its name, or a false one that holds"]
    subsidised: Annotated[Span, "the share (0 to 1) of them to whom computing and work cost nothing"] = NONE
    basis: Annotated[Ground, "assumed, or testified by somebody whom the source names"] = Ground.ASSUMED
    source: Annotated[str, "who says so, or whose judgement it is"] = ""

    def __post_init__(self) -> None:
        faults = amiss(self.budget_usd, "budget_usd", MOST_USD) + amiss(self.value_usd, "value_usd", MOST_USD)
        faults += amiss(self.identity_usd, "identity_usd", MOST_USD) + amiss(self.subsidised, "subsidised", 1.0)
        faults += ["budget_usd is nothing at all: whoever can spend nothing needs no deterring"] * (
            self.budget_usd.high == 0
        )
        faults += ["basis is testified, and source names nobody"] * (
            self.basis is Ground.TESTIFIED and not self.source.strip()
        )
        faults += ["name is empty"] * (not self.name.strip())
        if faults:
            raise ValueError("; ".join(faults))


@dataclass(frozen=True, slots=True, kw_only=True)
class Substitute:
    """Something else that serves the same misuse about as well. Without evidence it is shown and counts for nothing."""

    name: Annotated[str, "what it is called"]
    cost_usd: Annotated[Span, "what it costs to get it and bring it to the same use"]
    evidence: Annotated[str, "where that can be seen: an address, a paper, a measurement"] = ""
    since: Annotated[str, "since when it is to be had (ISO 8601); left out: it is now"] = ""

    def __post_init__(self) -> None:
        faults = amiss(self.cost_usd, "cost_usd", MOST_USD) + ["name is empty"] * (not self.name.strip())
        faults += ["since is no day, such as 2019-05-29"] * (not _is_day(self.since))
        if faults:
            raise ValueError("; ".join(faults))

    @property
    def is_shown(self) -> bool:
        """Whether there is anything to see that it exists."""
        return bool(self.evidence.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefit:
    """A good that the release does to one group, in a unit of its own."""

    name: Annotated[str, "a slug"]
    who: Annotated[str, "the group that is served"]
    unit: Annotated[str, "what is counted, such as people, clinics, papers; never lives in money"]
    amount: Annotated[Span, "how many of the unit, in the first year"]
    needs: Annotated[Rung, "the least rung on which they get it"]
    component: Annotated[str, "the component that they need; left out: the main one"] = ""
    kind: Annotated[Kind, "use, health, reproduction or defence"] = Kind.USE
    low_resource: Annotated[bool, "those served speak languages, or live in places, that little is made for"] = False
    languages: Annotated[tuple[str, ...], "in which languages (BCP 47)"] = ()
    sooner_days: Annotated[Span | None, "how much sooner than without it"] = None
    loses: Annotated[str, "who loses what if it is withheld"] = ""
    asked: Annotated[str, "who of them was asked"] = ""
    basis: Annotated[Ground, "assumed, or testified by somebody whom the source names"] = Ground.ASSUMED
    source: Annotated[str, "who says so, or whose judgement it is"] = ""

    def __post_init__(self) -> None:
        faults = [f"{key} is empty" for key in ("name", "who", "unit") if not getattr(self, key).strip()]
        faults += amiss(self.amount, "amount", MOST_PEOPLE)
        faults += amiss(self.sooner_days, "sooner_days", MOST_DAYS) if self.sooner_days else []
        counts_lives = self.kind is Kind.HEALTH or bool(_LIVES.search(f"{self.unit} {self.who} {self.loses}"))
        faults += ["unit is money, and health and lives are never counted in money: count people"] * (
            counts_lives and bool(_MONEY.search(self.unit))
        )
        faults += ["basis is testified, and source names nobody"] * (
            self.basis is Ground.TESTIFIED and not self.source.strip()
        )
        faults += ["needs is withheld: then it is no benefit of the release"] * (self.needs is Rung.WITHHELD)
        if faults:
            raise ValueError("; ".join(faults))


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Work close to this one that may do more good. It is shown, and never limits anything."""

    says: Annotated[str, "what that work would be"]
    good: Annotated[str, "the good it would do, and to whom"]
    source: Annotated[str, "who says so"] = ""

    def __post_init__(self) -> None:
        if faults := [f"{key} is empty" for key in ("says", "good") if not getattr(self, key).strip()]:
            raise ValueError("; ".join(faults))


def _is_day(text: str) -> bool:
    """Whether the text is a day, or nothing."""
    try:
        return not text or bool(date.fromisoformat(text))
    except ValueError:
        return False

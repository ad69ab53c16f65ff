"""Cite: hold a candidate against rule packs, and say which provisions apply and what is not known. It opens nothing.

A pack past its last day judges nothing any more: it says that it is out of date. Law changes, and a stale citation
looks as certain as a fresh one. Where a pack forbids what somebody answered to be legal, the two contradict each other,
and the question is open until a person has looked. That a pack ran out lifts nothing that it forbade.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from weighbridge.app.answer import Hearing, Stand
from weighbridge.core.candidate import Candidate, Subject
from weighbridge.core.law import Bearing, Pack, Provision
from weighbridge.policy.facts import Values, facts_of

SYSTEMIC_FLOP = 1e25  # Regulation (EU) 2024/1689, Article 51(2)
_YES, _NO = ("yes",), ("no",)


class Applies(StrEnum):
    """Whether a provision bears on the candidate."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """One provision, and whether it applies."""

    provision: Provision
    applies: Applies
    waits_for: tuple[str, ...] = ()  # facts that are not known


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One pack held against a candidate."""

    pack: Pack
    is_out_of_date: bool
    cited: tuple[Cited, ...] = ()
    forbade: tuple[Cited, ...] = ()  # what a pack that is out of date forbade on its last day

    @property
    def forbids(self) -> tuple[Cited, ...]:
        """The provisions that forbid the release as it is."""
        return tuple(c for c in self.cited if c.applies is Applies.YES and c.provision.bearing is Bearing.FORBIDS)


def cite(packs: Iterable[Pack], candidate: Candidate, today: date) -> tuple[Reading, ...]:
    """Every pack held against the candidate."""
    return tuple(_read(pack, candidate, today) for pack in packs)


LEGAL = "legal"  # the question that packs bear on


def contested(hearings: Iterable[Hearing], readings: Iterable[Reading]) -> tuple[Hearing, ...]:
    """The hearings, with the answer that it is legal contradicted where a pack forbids it as it is."""
    against = [
        f"{r.pack.slug}{f', out of date since {r.pack.expires}' if r.is_out_of_date else ''}: {c.provision.rests_on}"
        for r in readings
        for c in (*r.forbids, *r.forbade)
    ]
    return tuple(
        replace(h, stand=Stand.CONTRADICTED, because="; ".join(against))
        if against and h.question.slug == LEGAL and h.stand is Stand.COUNTS and h.replies[0].choice == _YES
        else h
        for h in hearings
    )


FACTS = ("licence-family", "base-licence-family", "derived", "flop-above-systemic")
"""What a pack may ask for besides the facts of a policy and the answers of the interview."""


def _read(pack: Pack, candidate: Candidate, today: date) -> Reading:
    facts = _facts(pack, candidate)
    reading = Reading(pack=pack, is_out_of_date=False, cited=tuple(_cited(p, facts) for p in pack.provision))
    if today > date.fromisoformat(pack.expires):
        return Reading(pack=pack, is_out_of_date=True, forbade=reading.forbids)
    return reading


def _facts(pack: Pack, candidate: Candidate) -> dict[str, Values | None]:
    base, told = candidate.base, candidate.replication
    flop = (told.flop or told.flop_by_rule) if told else None
    return {
        **dict(facts_of(candidate)),
        "licence-family": _families(pack, candidate.claims.licence),
        "base-licence-family": _families(pack, base.licence) if base else ("none",),
        "derived": _YES if base else _NO,
        "flop-above-systemic": None if flop is None else _YES if flop > SYSTEMIC_FLOP else _NO,
    }


def _families(pack: Pack, licence: str) -> Values | None:
    """The families of a licence; ("none",) where none is claimed, None where the pack does not know it."""
    return (pack.families_of(licence) or None) if licence else ("none",)


def _cited(provision: Provision, facts: Mapping[str, Values | None]) -> Cited:
    terms = [(fact, _known(fact, facts, values), values) for fact, values in provision.when]
    against = [(fact, _known(fact, facts, values), values) for fact, values in provision.unless]
    if any(known is not None and not set(known) & set(values) for _fact, known, values in terms):
        return Cited(provision=provision, applies=Applies.NO)
    if any(known is not None and set(known) & set(values) for _fact, known, values in against):
        return Cited(provision=provision, applies=Applies.NO)
    waits = tuple(dict.fromkeys(fact for fact, known, _values in (*terms, *against) if known is None))
    return Cited(provision=provision, applies=Applies.UNKNOWN if waits else Applies.YES, waits_for=waits)


def _known(fact: str, facts: Mapping[str, Values | None], values: Values) -> Values | None:
    """What is known of a fact; None where a model whose kind is not told could still be one of these."""
    known = facts.get(fact)
    is_untold = fact == "subject" and known is not None and Subject.UNTOLD_MODEL.value in known
    return None if is_untold and not set(known or ()) & set(values) else known

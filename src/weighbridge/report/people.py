"""What people were asked and what they said, and what others before them did: as the report tells it.

Choices, roles and days are told. What people wrote is not: it lies in the erasable store, and a page may travel.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from weighbridge.app.answer import Hearing, Stand
from weighbridge.app.recall import Match, Recalled
from weighbridge.core.wording import _, plural
from weighbridge.report.hearings import stand_told, summary
from weighbridge.report.neutral import clean
from weighbridge.report.precedents import agreement, turned_in_words
from weighbridge.report.words import rung_name

_ENOUGH = 3  # traits known of both; ours


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidTold:
    """One question, and how it stands."""

    slug: str
    asks: str
    why: str
    stand: str
    counts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleTold:
    """The interview."""

    summary: str
    said: tuple[SaidTold, ...]  # answered, whether or not it counts
    waiting: tuple[SaidTold, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTold:
    """One precedent."""

    slug: str
    on: str
    title: str
    rung: str  # empty where it was no release
    turned: str
    after: str
    agrees: str  # empty where no trait is known of both
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforeTold:
    """The nearest precedents, and the nearest that turned out the other way."""

    nearest: tuple[CaseTold, ...]  # none where too little is known of the candidate to say what is near
    opposite: CaseTold | None
    too_little: str = ""  # what to do about that


def people_told(hearings: Iterable[Hearing]) -> PeopleTold:
    """How the questions stand, in the order they are asked."""
    rows = tuple(hearings)
    answered = [h for h in rows if h.replies or h.stand is Stand.SKIPPED]
    return PeopleTold(
        summary=summary(rows),
        said=tuple(map(_said, answered)),
        waiting=tuple(_said(h) for h in rows if h not in answered),
    )


def before_told(recalled: Recalled) -> BeforeTold:
    """The precedents; they order and prove nothing, and what shares one trait with all the world is near nothing."""
    if max((len(m.alike) + len(m.unlike) for m in recalled.nearest), default=0) < _ENOUGH:
        little = _(
            "Too little is known of it to say which precedents are near: answer who is in it and who could be hurt."
        )
        return BeforeTold(nearest=(), opposite=None, too_little=little)
    opposite = _case(recalled.opposite) if recalled.opposite else None
    return BeforeTold(nearest=tuple(map(_case, recalled.nearest)), opposite=opposite)


def _said(hearing: Hearing) -> SaidTold:
    question = hearing.question
    return SaidTold(
        slug=question.slug, asks=_(question.asks), why=_(question.why), stand=stand_told(hearing),
        counts=hearing.stand in (Stand.COUNTS, Stand.SKIPPED),
    )  # fmt: skip


def _case(match: Match) -> CaseTold:
    p = match.precedent
    days = p.equivalent_in_days
    soon = plural("others had as good in {n} day", "others had as good in {n} days", days or 0).format(n=days)
    return CaseTold(
        slug=clean(p.slug), on=clean(p.on), title=clean(p.title), rung=rung_name(p.rung) if p.rung else "",
        turned="; ".join([turned_in_words(p.turned), *([soon] if days is not None else [])]), after=clean(p.after),
        agrees=agreement(match), sources=tuple(clean(s.says) for s in p.source),
    )  # fmt: skip

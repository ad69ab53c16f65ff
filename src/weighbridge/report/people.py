"""What people were asked and what they said, and what others before them did: as the report tells it.

Choices, roles and days are told. What people wrote is not: it lies in the erasable store, and a page may travel.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from weighbridge.app.answer import Hearing, Stand
from weighbridge.app.panel import Panel, Told
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
    panel: tuple[str, ...] = ()  # sentences on who was consulted and who was told first; counts and days alone


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


def people_told(hearings: Iterable[Hearing], panel: Panel | None = None, told: Told | None = None) -> PeopleTold:
    """How the questions stand, in the order they are asked."""
    rows = tuple(hearings)
    answered = [h for h in rows if h.replies or h.stand is Stand.SKIPPED]
    return PeopleTold(
        summary=summary(rows),
        said=tuple(map(_said, answered)),
        waiting=tuple(_said(h) for h in rows if h not in answered),
        panel=(*_panel(panel), *told_first_lines(told)),
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


def _panel(panel: Panel | None) -> Iterator[str]:
    if panel is None or not (panel.consulted or panel.groups):
        return
    consulted = plural("{n} person was consulted", "{n} people were consulted", panel.consulted)
    yield _("{consulted}, {there} of them from there.").format(
        consulted=consulted.format(n=panel.consulted), there=panel.from_there
    )
    if not panel.groups:
        yield _("Nobody named the groups that are affected, so that whom the panel leaves out cannot be told.")
        return
    covers = plural(
        "Of {groups} group named as affected, {covered} has somebody on it by their own word.",
        "Of {groups} groups named as affected, {covered} have somebody on it by their own word.",
        panel.groups,
    )
    yield covers.format(groups=panel.groups, covered=panel.covered)
    if panel.unsaid and panel.covered < panel.groups:
        yield _("{n} of those consulted named no group, and may be of one that seems left out.").format(n=panel.unsaid)


def told_first_lines(told: Told | None) -> Iterator[str]:
    """Who was told of it before it was out, and a warning where the press knew before those affected."""
    if told is None or not told.first:
        return
    days = ", ".join(_("{kind} on {day}").format(kind=_(kind), day=day) for kind, day in told.first)
    yield _("First told: {days}.").format(days=days)
    if told.press_before_affected:
        yield _("The press was told before anybody who is affected.")


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

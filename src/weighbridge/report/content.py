"""What a report says, in the reader's language, before it takes a form: page and Markdown are made from this."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TypeVar, cast

from weighbridge.core.candidate import Component
from weighbridge.core.canon import Digest
from weighbridge.core.card import Card
from weighbridge.core.evidence import Evidence, Failed, Measured, NotApplicable, NotMeasured
from weighbridge.core.findings import Finding, Standing, Step, Verdict
from weighbridge.core.rungs import Rung
from weighbridge.core.weighing import Weighing
from weighbridge.core.wording import _
from weighbridge.probekit.languages import Language
from weighbridge.report.answer import (
    Remedy,
    State,
    headline,
    open_findings,
    remedies,
    standing_lines,
    state_in_words,
    state_of,
)
from weighbridge.report.languages import (
    LanguageTable,
    language_table,
    people_in_words,
    state_cells,
    typology_in_words,
)
from weighbridge.report.languages_picture import languages_picture, picture_caption, picture_title
from weighbridge.report.measurement import ProbeTold, place_of, probe_title, probe_told
from weighbridge.report.neutral import capital, clean, instruction, pasteable, sentence
from weighbridge.report.numbers import minutes_in_words
from weighbridge.report.words import (
    component_name,
    effect_in_words,
    rung_means,
    rung_name,
    rungs_in_words,
    verdict_in_words,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class RungTold:
    """One rung of a component's ladder."""

    rung: Rung
    name: str
    means: str
    state: State
    state_words: str
    is_proposed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentTold:
    """How one component stands."""

    name: str
    lines: tuple[str, ...]
    ladder: tuple[RungTold, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingTold:
    """One finding with what it rests on."""

    rule: str
    says: str
    about: str  # the component, or all of it
    keeps_from: str  # the rungs at stake
    verdict: str
    effect: str
    rests_on: tuple[tuple[str, str], ...]  # where the evidence is told (empty for an answer) and its title
    remedy: str
    time: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyTold:
    """A step and the open findings that it would settle."""

    says: str  # empty where no step is known
    time: str
    settles: tuple[FindingTold, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTold:
    """One next step."""

    says: str
    time: str
    clears: tuple[tuple[str, str], ...]  # component and rungs


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageTold:
    """One language of the table."""

    name: str
    tag: str
    speakers: str
    typology: str
    cells: tuple[tuple[str, str, str], ...]  # what, state, figure


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguagesTold:
    """The table of languages and its picture."""

    headline: str
    picture_title: str
    picture: str  # SVG; empty where no speakers are known
    caption: str
    rows: tuple[LanguageTold, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """All that a report says of a weighing."""

    headline: str
    components: tuple[ComponentTold, ...]
    limits: tuple[FindingTold, ...]
    advice: tuple[FindingTold, ...]  # breached, and takes no rung away
    unanswered: tuple[RemedyTold, ...]
    aside: tuple[RemedyTold, ...]  # not yet answered, and keeps nothing from being cleared
    mends: tuple[RemedyTold, ...]  # what may lift the limits
    steps: tuple[StepTold, ...]
    probes: tuple[ProbeTold, ...]
    rules: tuple[FindingTold, ...]
    languages: LanguagesTold | None = None


def content(
    weighing: Weighing, cards: Sequence[Card], repeat: Sequence[str], languages: Mapping[str, Language] | None = None
) -> Content:
    """Everything that a report says.

    Parameters
    ----------
    languages : what is recorded of languages, by tag; left out: they are told by their tags
    repeat : the command that made this weighing, in words as a shell takes them, without probe, seed and settings:
        those are added probe by probe
    """
    by_slug = {card.slug: card for card in cards}
    titles = {e.digest: (place_of(e), probe_title(by_slug.get(e.probe), e.probe)) for e in weighing.evidence}
    standings = weighing.recommendation.components
    waiting = open_findings(weighing, *standings)
    limiting = {rule for standing in standings for rule in standing.limits}
    breached = [f for f in weighing.findings if f.verdict is Verdict.BREACHED]
    limits = [f for f in breached if f.rule in limiting]
    still_open = [f for f in weighing.findings if f.verdict is Verdict.OPEN and f not in waiting]

    def tell(findings: Iterable[Finding]) -> tuple[FindingTold, ...]:
        return tuple(_finding(f, titles) for f in findings)

    made = Content(
        headline=headline(weighing),
        components=tuple(_component(standing, weighing) for standing in standings),
        limits=tell(limits),
        advice=tell(f for f in breached if f.rule not in limiting),
        unanswered=tuple(_remedy(r, tell(r.settles)) for r in remedies(waiting)),
        aside=tuple(_remedy(r, tell(r.settles)) for r in remedies(still_open)),
        mends=tuple(_remedy(r, tell(r.settles)) for r in remedies(limits) if r.says),
        steps=tuple(_step(step) for step in weighing.next),
        probes=tuple(probe_told(e, by_slug.get(e.probe), repeat) for e in _in_reading_order(weighing.evidence)),
        rules=tell(sorted(weighing.findings, key=lambda f: (f.rule, f.component or ""))),
        languages=_languages(language_table(weighing.candidate, weighing.evidence, cards, languages or {})),
    )
    path = next((word for word in repeat[2:] if not word.startswith("-")), "")
    return _pasteable(made, path) if path else made


def nothing_waits(told: Content) -> str:
    """What is said where no answer would clear more by itself."""
    if told.limits and told.aside:
        return _("While the limits above stand, no answer would clear more. What is still asked is listed here.")
    if told.aside:
        return _("What is still asked is listed here; nothing waits for it.")
    return _("Nothing that this policy asks is left unanswered.")


def _pasteable(told: T, path: str) -> T:
    """The same with the candidate's path in every command."""
    if isinstance(told, str):  # a StrEnum stays what it is, and so does markup that was made safe
        return cast("T", pasteable(told, path)) if type(told) is str else told
    if isinstance(told, tuple):
        return cast("T", tuple(_pasteable(item, path) for item in told))
    if is_dataclass(told) and not isinstance(told, type):
        return replace(told, **{f.name: _pasteable(getattr(told, f.name), path) for f in fields(told)})
    return told


def _languages(table: LanguageTable | None) -> LanguagesTold | None:
    if table is None:
        return None
    return LanguagesTold(
        headline=table.headline,
        picture_title=picture_title(),
        picture=languages_picture(table),
        caption=picture_caption(table),
        rows=tuple(
            LanguageTold(
                name=clean(row.name),
                tag=clean(row.tag),
                speakers=people_in_words(row.fewest, row.most) or _("not recorded"),
                typology=typology_in_words(row) if table.has_typology else "",
                cells=state_cells(row),
            )
            for row in table.rows
        ),
    )


def _in_reading_order(evidence: Sequence[Evidence]) -> list[Evidence]:
    """What has numbers first, then what is silent and could be mthen what does not apply."""
    places = {Measured: 0, Failed: 1, NotMeasured: 2, NotApplicable: 3}
    return sorted(evidence, key=lambda e: places[type(e.outcome)])


def _component(standing: Standing, weighing: Weighing) -> ComponentTold:
    ladder = []
    for rung in Rung:
        state = state_of(rung, standing)
        told_rung = RungTold(
            rung=rung, name=rung_name(rung), means=rung_means(rung), state=state, state_words=state_in_words(state),
            is_proposed=standing.proposed is rung,
        )  # fmt: skip
        ladder.append(told_rung)
    return ComponentTold(
        name=capital(component_name(standing.component)),
        lines=standing_lines(standing, weighing),
        ladder=tuple(ladder),
    )


def _finding(f: Finding, titles: Mapping[Digest, tuple[str, str]]) -> FindingTold:
    return FindingTold(
        rule=clean(f.rule),
        says=sentence(f.says),
        about=_("everything") if f.component is None else component_name(f.component),
        keeps_from=rungs_in_words(rung for rung in Rung if rung in f.forbids),
        verdict=verdict_in_words(f.verdict, f.effect),
        effect=effect_in_words(f.effect, f.countered_by),
        rests_on=tuple(dict.fromkeys(titles.get(digest, ("", _("an answer"))) for digest in f.rests_on)),
        remedy=instruction(f.remedy) if f.remedy else "",
        time="" if f.minutes is None else minutes_in_words(f.minutes),
        source=clean(f.source),
    )


def _remedy(remedy: Remedy, settles: tuple[FindingTold, ...]) -> RemedyTold:
    time = "" if remedy.minutes is None else minutes_in_words(remedy.minutes)
    return RemedyTold(says=remedy.says, time=time, settles=settles)


def _step(step: Step) -> StepTold:
    clears = tuple(
        (component_name(Component(name)), rungs_in_words(rungs)) for name, rungs in step.would_clear if rungs
    )
    return StepTold(says=instruction(step.says), time=minutes_in_words(step.minutes), clears=clears)

"""A case: a past release as a candidate, with what could be known and was answered then, and what it must come to.

A case is one TOML file::

    name = "strava-heat-map"            # no two cases have one
    title = "The heat map of runners"
    on = "2017-11-01"                   # the day of the release or decision; a month or year will do
    story = ["...", "...", "..."]       # three sentences
    essay = "..."                       # what the essay says of it
    mission = [4]
    candidate = '''                     # weighbridge.toml, as its owner would have written it then
    name = "heat-map"
    ...
    '''

    [[table]] [[classifier]]            # files that are grown, and then measured by the probes as any other
    [[language_model]] [[text]]
    [[gone]]                            # files that cannot be had any more; nothing is measured on them

    [[evidence]]                        # what was known then, each with its source and its day
    says = "..."
    source = "..."
    on = "2015-02-01"
    [[evidence.number]]                 # where it is a number that a rule watches: a probe's metric, on somebody's word
    probe = "..." metric = "..." value = 3 low = 1 high = 9 confidence = 0.95 n = 40 n_of = "person"

    [[answer]]                          # to the interview, as people could have answered then
    question = "..." choice = "..." says = "..." role = "owner" basis = "..."

    [[finding]] [[standing]] [[number]] [[reason]]    # what the tool must come to, for the essay's reason
    [[since]]                           # what became known later, shown beside the essay and never weighed

*The same form serves history as a judge.* A case of history is read with `blind = True`: then `essay`, `finding`,
`standing`, `number`, `reason`, `statement` and `since` are faults, so that nothing of what happened later can lie in
the file that is judged; what happened later lies in another file, of whose form this module knows nothing. Of such a
release most is gone: name its files in `[[gone]]`, and bring what was known of them as `[[evidence]]` and `[[answer]]`.
Nothing is measured on what is gone, so that what is *cleared* rests on the numbers that are brought; the *ceiling*
rests on what was known to be wrong. `weighbridge.catalogue.load_cases(path, policy, blind=True)` reads them, and
`weighbridge.replaying.judge_case(case, policy)` gives the weighing: `recommendation.components` with ceiling, cleared,
limits and open rules of each component, and `findings`.

Days are compared so that doubt refuses: evidence of which only the year is known is as old as the last day of it, and
a release of which only the year is known is as old as the last day of that. So evidence of 2011 may be weighed for a
release of 2011, and not for one of March 2011.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from weighbridge.core.arguments import Argument
from weighbridge.core.candidate import Component, Subject
from weighbridge.core.findings import Verdict
from weighbridge.core.material import Classifier, Gone, LanguageModel, Material, Table, Text
from weighbridge.core.rungs import Rung
from weighbridge.core.shape import Path

OWN = "weighbridge.toml"  # `candidate` is written there
SENTENCES = 3  # of a story: who reads ten cases reads no longer ones
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DAY = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """`[[evidence.number]]`: evidence as the number that a probe would report; its unit is that of the probe's card."""

    probe: str
    metric: str
    value: float
    n: int
    n_of: Annotated[str, "what was counted or tried: person, text, record"]
    low: Annotated[float | None, "left out: the value itself, counted over all there is"] = None
    high: float | None = None
    confidence: Annotated[float, "of the interval; 1: counted over all there is"] = 1.0
    by: Annotated[tuple[tuple[str, str], ...], "the axes of the card that it is broken down by"] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEvidence:
    """`[[evidence]]`: one thing that could be known then."""

    says: str
    source: Annotated[str, "author, year, title, place: enough to find it by"]
    on: Annotated[str, "the day it could be known; a month or year where no more is known"]
    number: tuple[Number, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAnswer:
    """`[[answer]]`: one answer to the interview, as it could have been given then."""

    question: str
    choice: str = ""
    says: str = ""
    role: str = "owner"
    basis: Annotated[str, "what of the story or the evidence it follows from"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedFinding:
    """`[[finding]]`: a rule, what it must come to, and the essay's reason."""

    rule: str
    verdict: Verdict = Verdict.BREACHED
    because: Annotated[str, "the reason, in the essay's terms"]
    says: Annotated[str, "a piece of the tool's own sentence that must stand in it: it fires for that reason"] = ""
    mission: Annotated[tuple[int, ...], "rows of the mission map that the reason stands in"] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedStanding:
    """`[[standing]]`: how far a component may go; of each set of rungs those that none other in it exceeds."""

    component: Component
    ceiling: Annotated[tuple[Rung, ...], "the highest rungs that no limit forbids"]
    cleared: Annotated[tuple[Rung, ...] | None, "likewise, with nothing left to answer; left out: not looked at"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedNumber:
    """`[[number]]`: a number that a probe must report, its whole interval within a range."""

    probe: str
    metric: str
    because: Annotated[str, "the reason, in the essay's terms"]
    by: Annotated[tuple[tuple[str, str], ...], "the axes of the card that it is broken down by"] = ()
    at_least: float | None = None
    at_most: float | None = None

    def __post_init__(self) -> None:
        if self.at_least is None and self.at_most is None:
            msg = "has no range: say at_least or at_most"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedReason:
    """`[[reason]]`: a reason that was given for a decision, by what it argues from, and whether it carries one."""

    arguments: tuple[Argument, ...]
    carries: bool
    because: Annotated[str, "the reason, in the essay's terms"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """`[[since]]`: what became known later, for or against the essay."""

    says: str
    source: str
    on: str
    contradicts: Annotated[bool, "it contradicts the essay"] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case, as its file describes it."""

    name: Annotated[str, "a slug; no two cases have one"]
    title: str
    on: Annotated[str, "the day of the release or decision; a month or year where no more is known"]
    story: Annotated[tuple[str, ...], "three sentences"]
    candidate: Annotated[str, "weighbridge.toml, as its owner would have written it then"]
    evidence: Annotated[tuple[CaseEvidence, ...], "what could be known then"]
    essay: Annotated[str, "what the essay says of it"] = ""
    mission: Annotated[tuple[int, ...], "rows of the mission map"] = ()
    table: tuple[Table, ...] = ()
    classifier: tuple[Classifier, ...] = ()
    language_model: tuple[LanguageModel, ...] = ()
    text: tuple[Text, ...] = ()
    gone: tuple[Gone, ...] = ()
    probes: Annotated[
        tuple[str, ...] | None, "probes that run; left out: all of them, or none where something is gone"
    ] = None
    answer: tuple[CaseAnswer, ...] = ()
    finding: tuple[ExpectedFinding, ...] = ()
    standing: tuple[ExpectedStanding, ...] = ()
    number: tuple[ExpectedNumber, ...] = ()
    reason: tuple[ExpectedReason, ...] = ()
    statement: Annotated[tuple[str, ...], "pieces of the risk statement that must stand in it, word for word"] = ()
    since: tuple[Since, ...] = ()
    note: Annotated[str, "what was set in place of what is not known, and why"] = ""
    seed: int = 0

    @property
    def materials(self) -> tuple[Material, ...]:
        """All files, those first that others are made from."""
        return (*self.table, *self.text, *self.classifier, *self.language_model, *self.gone)

    @property
    def released(self) -> date:
        """The last day that the release may have been on."""
        return span(self.on)[1]

    @property
    def known_numbers(self) -> tuple[tuple[CaseEvidence, Number], ...]:
        """Every number with the evidence that it belongs to."""
        return tuple((evidence, number) for evidence in self.evidence for number in evidence.number)


def span(day: str) -> tuple[date, date]:
    """The first and the last day that a day, month or year may mean.

    Raises
    ------
    ValueError
        For what is none.
    """
    found = _DAY.fullmatch(day)
    if not found:
        msg = "should be a day, month or year, such as 2019-02-14"
        raise ValueError(msg)
    year, month, on = (int(part) if part else 0 for part in found.groups())
    try:
        first = date(year, month or 1, on or 1)
        until = date(year, month or 12, on or calendar.monthrange(year, month or 12)[1])
    except ValueError:
        msg = "is no day that there is"
        raise ValueError(msg) from None
    return first, until


def faults_within(case: Case, *, blind: bool) -> Iterator[tuple[Path, str]]:
    """What is wrong in a case by itself: key and sentence. `blind`: as a case that is judged without its outcome."""
    if not NAME.fullmatch(case.name):
        yield ("name",), "should be a slug: small letters and digits, joined by -"
    if len(case.story) != SENTENCES:
        yield ("story",), f"has {len(case.story)} sentences, and a case is told in {SENTENCES}"
    if blind:
        yield from _peeks(case)
    yield from _of_days(case)
    yield from _of_files(case)


_HINDSIGHT = ("essay", "finding", "standing", "number", "reason", "statement", "since")


def _peeks(case: Case) -> Iterator[tuple[Path, str]]:
    for key in _HINDSIGHT:
        if getattr(case, key):
            yield (key,), "tells what is made of it or what came later, and this case is judged without that"


def _of_days(case: Case) -> Iterator[tuple[Path, str]]:
    try:
        released = case.released
    except ValueError as wrong:
        yield ("on",), str(wrong)
        return
    for n, evidence in enumerate(case.evidence):
        if not evidence.source.strip():
            yield ("evidence", n, "source"), "is empty: evidence without a source is a rumour"
        yield from _late(("evidence", n, "on"), evidence.on, released, case.on)
    for n, later in enumerate(case.since):
        if not later.source.strip():
            yield ("since", n, "source"), "is empty: evidence without a source is a rumour"
        try:
            if span(later.on)[1] <= released:
                yield ("since", n, "on"), f"is no later than {case.on}: what was known then belongs in [[evidence]]"
        except ValueError as wrong:
            yield ("since", n, "on"), str(wrong)


def _late(path: Path, day: str, released: date, told: str) -> Iterator[tuple[Path, str]]:
    try:
        first, until = span(day)
    except ValueError as wrong:
        yield path, str(wrong)
        return
    if first > released:
        yield path, f"is after the release ({told}): only what could be known then is weighed"
    elif until > released:
        yield path, f"may be after the release ({told}): name the day or the month"


def _of_files(case: Case) -> Iterator[tuple[Path, str]]:
    paths = [material.path for material in case.materials]
    if not paths:
        yield (
            ("candidate",),
            "names files, and the case holds none: add [[table]], [[classifier]], [[text]] or [[gone]]",
        )
    for path in sorted({p for p in paths if paths.count(p) > 1}):
        yield ("candidate",), f"two files of the case have the path {path}"
    for path in paths:
        if not path.strip("./ ") or path == OWN:
            yield ("candidate",), f"the path {path!r} is none that a file of the case can have"
        elif path.startswith(("/", "~")) or ".." in path.split("/") or "\\" in path:
            yield ("candidate",), f"the path {path} leads out of the case's folder"
    yield from _of_learners(case)
    for n, gone in enumerate(case.gone):
        if gone.subject in (Subject.CAUSAL_LM, Subject.CLASSIFIER) and "." in gone.path.rsplit("/", 1)[-1]:
            yield ("gone", n, "path"), "should be a folder: such a model is told by the config.json in it"


def _of_learners(case: Case) -> Iterator[tuple[Path, str]]:
    tables = {table.path for table in case.table}
    named = [("classifier", n, classifier.table) for n, classifier in enumerate(case.classifier)]
    named += [("language_model", n, model.table) for n, model in enumerate(case.language_model)]
    for key, n, table in named:
        if table not in tables:
            yield (key, n, "table"), "is the path of no [[table]] of this case"

"""What people see in a terminal: progress on stderr, results on stdout."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click
from click.core import ParameterSource
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from weighbridge.catalogue import find_questions
from weighbridge.core.evidence import Evidence, Failed, Measured, NotApplicable, NotMeasured, is_imported
from weighbridge.core.findings import Finding, Verdict
from weighbridge.core.ports import Pointer, Watcher
from weighbridge.core.weighing import Weighing
from weighbridge.core.wording import _, plural
from weighbridge.policy.ruling import QUESTION
from weighbridge.report.answer import answer_lines, open_findings, remedies
from weighbridge.report.neutral import clean, pasteable, told
from weighbridge.report.numbers import quantity_in_words
from weighbridge.wiring import Silence

_MOST_NUMBERS = 8  # of one probe on the screen; the first say most, and the report holds all


class _Screen(Console):
    """A console whose reader may leave: rich would end the process with 1, which means that something was refused."""

    def on_broken_pipe(self) -> None:
        """Let the command line's door tell it."""
        raise BrokenPipeError


def screen() -> Console:
    """Standard output; plain where it is no terminal."""
    return _Screen(soft_wrap=not sys.stdout.isatty(), highlight=False)


@contextmanager
def watching() -> Iterator[Watcher]:
    """A watcher that draws on stderr where that is a terminal, and says nothing elsewhere."""
    if not sys.stderr.isatty():
        yield Silence()
        return
    columns = (
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
        TextColumn("{task.fields[unit]}"), Rate(), TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield _Drawn(progress)


class Rate(ProgressColumn):
    """How many a second, over the last while."""

    def render(self, task: Task) -> Text:
        """Nothing until something was done."""
        return Text(_("{n:,.0f} a second").format(n=task.speed) if task.speed and task.speed >= 1 else "")


class _Drawn:
    """A bar per probe that runs."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def starts(self, probe: str) -> None:
        self._tasks[probe] = self._progress.add_task(probe, total=None, unit="")

    def progress(self, probe: str, done: int, of: int, unit: str) -> None:
        self._progress.update(self._tasks[probe], completed=done, total=of, unit=_(unit))

    def ends(self, evidence: Evidence, *, seconds: float, reused: bool) -> None:  # noqa: ARG002  the port's
        if evidence.probe in self._tasks:
            self._progress.remove_task(self._tasks.pop(evidence.probe))


def show_weighing(weighing: Weighing, path: Path, *, has_bytes: bool = True) -> None:
    """The answer, what limits it, what is not yet answered, what was found, what to do next."""
    console = screen()
    for line in answer_lines(weighing):
        console.print(clean(line), style="bold", markup=False)
    breached = [f for f in weighing.findings if f.verdict is Verdict.BREACHED]
    _show_findings(console, _("Limits"), [f for f in breached if f.effect.forbids], path)
    beside = _("Worth knowing, though it limits nothing")
    _show_findings(console, beside, [f for f in breached if not f.effect.forbids], path)
    waiting = open_findings(weighing, *weighing.recommendation.components)
    aside = tuple(f for f in weighing.findings if f.verdict is Verdict.OPEN and f not in waiting)
    _show_open(console, _("Not yet answered"), waiting, path)
    _show_open(console, _("Also not yet answered, though nothing waits for it now"), aside, path)
    console.print(f"\n{_('Measured')}", style="bold", markup=False)
    for evidence in weighing.evidence:
        _show_evidence(console, evidence, path)
    if weighing.next:
        console.print(f"\n{_('Next, cheapest first')}", style="bold", markup=False)
    for step in weighing.next:
        minutes = plural("about {n} minute", "about {n} minutes", step.minutes).format(n=step.minutes)
        console.print(f"  {_paste(told(step.says), path)}  ({minutes})", markup=False)
    if weighing.guesses:
        sentence = plural(
            "{n} thing was guessed, since there is no candidate file: weighbridge init DIR",
            "{n} things were guessed, since there is no candidate file: weighbridge init DIR",
            len(weighing.guesses),
        )
        console.print("\n" + _paste(sentence.format(n=len(weighing.guesses)), path), markup=False)
    if not has_bytes:  # nothing can be planned, reported or decided of it; the command says so itself
        return
    if not weighing.next:
        way = _("To decide, and write why: weighbridge decide DIR --draft > decision.toml, in a folder beside it")
        console.print("\n" + _paste(way, path), markup=False)
    plans = _paste(_("Who could get what, and what that trades: weighbridge plans DIR"), path)
    console.print(f"\n{plans}", markup=False)
    console.print(_paste(_("The whole, with pictures: weighbridge report DIR"), path), markup=False)


def _paste(text: str, path: Path) -> str:
    """The text with commands that name what this one did: the candidate, and a home and a policy if they were given."""
    context = click.get_current_context(silent=True)
    given = {
        name: str(context.params[name])
        for name in ("home", "policy")
        if context and context.get_parameter_source(name) is ParameterSource.COMMANDLINE
    }
    return pasteable(text, str(path), home=given.get("home", ""), policy=given.get("policy", ""))


def show_pointers(pointers: tuple[Pointer, ...]) -> None:
    """Where things lie in the owner's own files; on stderr, so that no pipe carries it on."""
    console = Console(stderr=True, highlight=False)
    for pointer in pointers:
        place = _("{label}, record {record}").format(label=clean(pointer.label), record=pointer.record)
        console.print(f"{pointer.probe}: {place}: {_(pointer.says)}", markup=False)
    if not pointers:
        console.print(_("nothing was found in any record"), markup=False)


def _show_findings(console: Console, title: str, findings: list[Finding], path: Path) -> None:
    if not findings:
        return
    console.print(f"\n{title}", style="bold", markup=False)
    for finding in findings:
        where = f"{finding.component.value}: " if finding.component else ""
        console.print(f"  {where}{told(finding.says)}  [{finding.rule}]", markup=False)
        if finding.remedy:
            console.print(f"      {_paste(told(finding.remedy), path)}", style="dim", markup=False)


def _show_open(console: Console, title: str, findings: tuple[Finding, ...], path: Path) -> None:
    """Each step once, and below it what it would answer; what reads the same stands there once."""
    if not findings:
        return
    console.print(f"\n{title} ({len(findings)})", style="bold", markup=False)
    questions = {question.slug: question.asks for question in find_questions()}
    for remedy in remedies(findings):
        says = _paste(remedy.says, path) or _("No step is known yet for:")
        console.print(f"  {says}", markup=False)
        alike: dict[str, list[Finding]] = {}
        for finding in remedy.settles:
            alike.setdefault(_asked(finding, questions), []).append(finding)
        for said, of in alike.items():
            where = ", ".join(dict.fromkeys(f.component.value for f in of if f.component))
            rules = ", ".join(dict.fromkeys(f.rule for f in of))
            console.print(f"      {where}{': ' if where else ''}{said}  [{rules}]", style="dim", markup=False)


def _asked(finding: Finding, questions: Mapping[str, str]) -> str:
    """What a finding says; of a question, its words beside its name."""
    slug = str(dict(finding.says.fields).get(QUESTION, ""))
    return f"{told(finding.says)} ({clean(_(questions[slug]))})" if slug in questions else told(finding.says)


def _show_evidence(console: Console, evidence: Evidence, path: Path) -> None:
    outcome = evidence.outcome
    match outcome:
        case Measured():
            how = "  " + _("read from another tool's report") if is_imported(evidence.probe) else ""
            console.print(f"  {evidence.probe}{how}", markup=False)
            for quantity in outcome.quantities[:_MOST_NUMBERS]:
                where = ", ".join(f"{axis} {value}" for axis, value in quantity.by)
                named = f"{quantity.metric} ({where})" if where else quantity.metric
                console.print(f"      {clean(named)}: {quantity_in_words(quantity)}", style="dim", markup=False)
            left = len(outcome.quantities) - _MOST_NUMBERS
            if left > 0:
                more = plural("and {n} number more, in the report", "and {n} numbers more, in the report", left)
                console.print(f"      {more.format(n=left)}", style="dim", markup=False)
            for note in outcome.notes:
                console.print(f"      {_paste(told(note), path)}", style="dim", markup=False)
        case NotApplicable():
            console.print(
                _("  {probe}: does not apply: {why}").format(probe=evidence.probe, why=told(outcome.because)),
                markup=False,
            )
        case NotMeasured():
            console.print(
                _("  {probe}: not measured: {why}").format(probe=evidence.probe, why=told(outcome.because)),
                markup=False,
            )
            console.print(f"      {_paste(told(outcome.remedy), path)}", style="dim", markup=False)
        case Failed():
            console.print(
                _("  {probe}: broke: {why}").format(probe=evidence.probe, why=told(outcome.error)), markup=False
            )

"""What people see in a terminal: progress on stderr, results on stdout."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from weighbridge.core.evidence import Evidence, Failed, Measured, NotApplicable, NotMeasured, is_imported
from weighbridge.core.findings import Finding, Verdict
from weighbridge.core.ports import Pointer, Watcher
from weighbridge.core.weighing import Weighing
from weighbridge.core.wording import _, plural
from weighbridge.report.answer import answer_lines
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
        TextColumn("{task.fields[unit]}"), TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield _Drawn(progress)


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


def show_weighing(weighing: Weighing, path: Path) -> None:
    """The answer, what limits it, what is not yet answered, what was found, what to do next."""
    console = screen()
    for line in answer_lines(weighing):
        console.print(clean(line), style="bold", markup=False)
    _show_findings(console, _("Limits"), [f for f in weighing.findings if f.verdict is Verdict.BREACHED], path)
    _show_findings(console, _("Not yet answered"), [f for f in weighing.findings if f.verdict is Verdict.OPEN], path)
    console.print(f"\n{_('Measured')}", style="bold", markup=False)
    for evidence in weighing.evidence:
        _show_evidence(console, evidence, path)
    if weighing.next:
        console.print(f"\n{_('Next, cheapest first')}", style="bold", markup=False)
    for step in weighing.next:
        minutes = plural("about {n} minute", "about {n} minutes", step.minutes).format(n=step.minutes)
        console.print(f"  {pasteable(told(step.says), str(path))}  ({minutes})", markup=False)
    if weighing.guesses:
        sentence = plural(
            "{n} thing was guessed, since there is no candidate file: weighbridge init {path}",
            "{n} things were guessed, since there is no candidate file: weighbridge init {path}",
            len(weighing.guesses),
        )
        console.print("\n" + sentence.format(n=len(weighing.guesses), path=path), markup=False)
    console.print(
        "\n" + _("Who could get what, and what that trades: weighbridge plans {path}").format(path=path), markup=False
    )
    console.print(_("The whole, with pictures: weighbridge report {path}").format(path=path), markup=False)


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
            console.print(f"      {pasteable(told(finding.remedy), str(path))}", style="dim", markup=False)


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
                console.print(f"      {pasteable(told(note), str(path))}", style="dim", markup=False)
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
            console.print(f"      {pasteable(told(outcome.remedy), str(path))}", style="dim", markup=False)
        case Failed():
            console.print(
                _("  {probe}: broke: {why}").format(probe=evidence.probe, why=told(outcome.error)), markup=False
            )

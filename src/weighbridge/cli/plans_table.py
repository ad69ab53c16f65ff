"""How plans are shown in a terminal."""

from __future__ import annotations

import shlex
from pathlib import Path

from rich.console import Console
from rich.table import Table

from weighbridge.cli.terminal import screen
from weighbridge.core.tradeoffs import Comparison, State
from weighbridge.core.wording import _
from weighbridge.report.plans import PlansTold, PlanTold, plans_told


def show_plans(made: Comparison, path: Path) -> None:
    """The answer, the risk, the plans that are in the running, why the rest is out, and what would change it."""
    told, console = plans_told(made, str(path)), screen()
    console.print(told.headline, style="bold", markup=False)
    for note in told.notes:
        console.print(note, markup=False)
    console.print("\n" + _("The risk, said from the figures"), style="bold", markup=False)
    console.print(told.statement, markup=False)
    for warning in told.warnings:
        console.print(f"! {warning}", markup=False)
    _show_running(console, told)
    _show_lists(console, told)
    console.print(f"\n{told.drawn}", style="dim", markup=False)
    where = _("All of it rests on what is assumed of actors; every assumption is named in: weighbridge report {path}")
    console.print(where.format(path=shlex.quote(str(path))), markup=False)


def _show_running(console: Console, told: PlansTold) -> None:
    running = [p for p in told.plans if p.state == State.IN.value]
    if running:
        console.print("\n" + _("In the running"), style="bold", markup=False)
    for plan in running:
        mark = "*" if plan.is_recommended else "-"
        console.print(f"{mark} {plan.name}: {plan.says}" + _preferred(plan), markup=False)
        table = Table.grid(padding=(0, 2))
        for who, share in zip(told.actors, plan.deterred, strict=False):
            table.add_row("   ", _("{who} deterred").format(who=who), str(share))
        if told.actors:
            table.add_row("   ", _("An actor must value it above"), str(plan.price))
            table.add_row("   ", _("Delay bought"), str(plan.delay))
            console.print(table)
        for line in (*plan.stages, *plan.trades, *plan.cautions):
            console.print(f"    {line}", style="dim", markup=False)
        if plan.waiting:
            console.print(_("    Not cleared: {rules} wait for an answer.").format(rules=plan.waiting), markup=False)


def _preferred(plan: PlanTold) -> str:
    return "  " + _("[preferred by {share} of weightings]").format(share=plan.wins) if plan.wins else ""


def _show_lists(console: Console, told: PlansTold) -> None:
    out = [f"{p.name}: {' '.join(p.because) or p.stands}" for p in told.plans if p.state != State.IN.value]
    sections = (
        (_("Out"), out),
        (_("What would change the answer"), list(told.flips)),
        (_("What an hour would tell"), [f"{what}  ({time}; {chance})" for what, time, chance in told.learnings]),
        (_("Whom it serves"), [f"{b.who}: {b.amount} ({'; '.join((*b.marks, b.basis))})" for b in told.benefits]),
        (_("Work close by that may do more good"), list(told.alternatives)),
    )
    for title, lines in sections:
        if lines:
            console.print(f"\n{title}", style="bold", markup=False)
        for line in lines:
            console.print(f"- {line}", markup=False)

"""`weighbridge plans PATH`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TextIO

import click

from weighbridge.adapters.formats.decision_file import parse_draft, stated_lines
from weighbridge.cli.choices import PATH, format_option, home_option, options_from, policy_option
from weighbridge.cli.plans_table import show_plans
from weighbridge.core.plans import Plan
from weighbridge.core.wording import _
from weighbridge.planning import DECIDES, Planning
from weighbridge.report.record import render_plans
from weighbridge.wiring import plans_path


@click.command("plans", short_help=_("Compare who could get what, and what each way trades."))
@PATH
@format_option
@click.option(
    "--as-of",
    default="",
    metavar="DATE",
    help=_("The day of prices and substitutes.  [default: the shelf's, and today]"),
)
@click.option("--plan", default="", metavar="NAME", help=_("The plan that the statement speaks of."))
@click.option("--statement", is_flag=True, help=_("Print the risk statement alone, as it stands in decision.toml."))
@click.option(
    "--decision",
    type=click.File(encoding="utf-8"),
    metavar="FILE",
    help=_("The decision file whose plan and stages the statement speaks of."),
)
@click.option("--actors", type=click.Path(path_type=Path, dir_okay=False), help=_("A shelf of actors of your own."))
@click.option("--prices", type=click.Path(path_type=Path, dir_okay=False), help=_("A shelf of prices of your own."))
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help=_("Seed of every draw."))
@policy_option
@home_option
def command(path: Path, style: str, *, statement: bool, **given: Any) -> None:
    """Compare the plans there are: who would get what, whom that deters, whom it serves, what each trades.

    Standard plans, and yours from [[plan]] in weighbridge.toml. Plans that undo themselves, that a limit forbids, or
    that another beats on every count are out, each with its reason. Nothing is measured: weigh it first. A decision is
    held against the figures at the defaults of --as-of, --actors, --prices and --seed.
    """
    planning = Planning(**{name: given[name] for name in ("as_of", "seed", "plan", "prices", "actors")},
                        decides=_decided(given["decision"]), in_full=not statement)  # fmt: skip
    made = plans_path(path, options_from({"home": given["home"], "policy": given["policy"]}), planning)
    if style == "json":
        click.echo(render_plans(made))
    elif statement:
        click.echo("\n".join(["[statement]", *stated_lines(made.stated)]))
    else:
        show_plans(made, path)


def _decided(file: TextIO | None) -> Plan | None:
    """What a decision file gives, at once and by stages."""
    if file is None:
        return None
    draft = parse_draft(file.read(), file=file.name)
    return Plan(name=DECIDES, rungs=tuple(sorted(draft.plan)), stages=draft.stage)

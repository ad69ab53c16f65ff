"""`weighbridge gate PATH --to DESTINATION`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from weighbridge.cli.choices import PATH, home_option, options_from, policy_option
from weighbridge.core.candidate import Component
from weighbridge.core.passage import Destination
from weighbridge.core.wording import _
from weighbridge.releasing import Passing, gate_path, passage_summary
from weighbridge.report.passage import STYLES, render_passage

SUMMARY = "vsa"  # an in-toto Statement, SLSA's verification summary
COMPONENTS = click.Choice([component.value for component in Component])


@click.command("gate", short_help=_("Say whether these bytes may go there today."))
@PATH
@click.option(
    "--to",
    "destination",
    type=click.Choice([d.value for d in Destination]),
    required=True,
    help=_("Where it is to go."),
)
@click.option(
    "--component", "components", type=COMPONENTS, multiple=True, help=_("Only this; left out: all decided on.")
)
@click.option("--name", default="", help=_("The candidate's name, where its file does not lie with it."))
@click.option(
    "--leave-evidence",
    is_flag=True,
    help=_("Evidence, the candidate's own file, version control and the home stay behind."),
)
@click.option("--explain", is_flag=True, help=_("Every check with its reason, those that pass too."))
@click.option(
    "--format",
    "style",
    type=click.Choice([*STYLES, SUMMARY]),
    default="table",
    show_default=True,
    help=_("How it is told."),
)
@policy_option
@home_option
def command(path: Path, destination: str, components: tuple[str, ...], **given: Any) -> int:
    """Say whether these bytes may go there today: exit code 0 only if they may.

    Every byte is hashed and compared with what was decided on and signed. 1: refused; 3: something is not answered,
    decided or signed yet; 4: the ledger is broken. Each passage is written into the ledger.
    """
    asked = Passing(
        destination=Destination(destination), components=tuple(Component(name) for name in components),
        name=given["name"], leave_evidence=given["leave_evidence"],
    )  # fmt: skip
    options = options_from(given)
    passage = gate_path(path, asked, options)
    if given["style"] == SUMMARY:
        click.echo(passage_summary(passage, options))
    else:
        click.echo(
            render_passage(passage, style=given["style"], explain=given["explain"], path=given["name"] or str(path))
        )
    return int(passage.result.exit_code)

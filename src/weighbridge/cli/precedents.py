"""`weighbridge precedents [WORDS]`."""

from __future__ import annotations

from pathlib import Path

import click

from weighbridge.adapters.precedents.collections import COLLECTIONS
from weighbridge.cli.choices import format_option, home_option
from weighbridge.core.wording import _, plural
from weighbridge.recalling import Sought, all_precedents, precedent_named, recall_path, take_in
from weighbridge.report.precedents import render_list, render_precedent, render_recalled


@click.command("precedents", short_help=_("What was decided before, and what came of it."))
@click.argument("words", nargs=-1)
@click.option("--near", type=click.Path(path_type=Path), metavar="PATH", help=_("Those nearest to this candidate."))
@click.option("--show", metavar="SLUG", help=_("One of them, whole."))
@click.option("--all", "everything", is_flag=True, help=_("All of them, a line each."))
@click.option("--most", type=click.IntRange(1), default=5, show_default=True, help=_("How many of the nearest."))
@click.option(
    "--import",
    "taken",
    type=(click.Choice(sorted(COLLECTIONS)), click.Path(path_type=Path)),
    metavar="COLLECTION FILE",
    help=_("Take in your copy of the AI Incident Database (aiid, CSV) or of MITRE ATLAS (atlas, a folder of YAML)."),
)
@format_option
@home_option
def command(  # noqa: PLR0913  one parameter for each option
    *,
    words: tuple[str, ...],
    near: Path | None,
    show: str | None,
    taken: tuple[str, Path] | None,
    everything: bool,
    most: int,
    style: str,
    home: Path | None,
) -> None:
    """What was decided before, and what came of it: past releases, harms, and the cases of the essay.

    Finds the nearest to WORDS, to a candidate, or both, and the nearest that turned out the other way. Nothing leaves
    this machine.
    """
    if taken:
        n, path = take_in(*taken, home)
        said = plural("{n} precedent taken in: {path}", "{n} precedents taken in: {path}", n)
        click.echo(said.format(n=n, path=path), err=True)
    if show:
        click.echo(render_precedent(precedent_named(show, home), style=style))
    elif words or near:
        sought = Sought(words=" ".join(words), near=near, home=home, most=most)
        click.echo(render_recalled(recall_path(sought), style=style))
    elif everything or not taken:
        click.echo(render_list(all_precedents(home), style=style))

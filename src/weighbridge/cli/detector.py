"""`weighbridge detector PATH -o FOLDER`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from weighbridge.adapters.formats.detector_card import CARD, FILE, NUMBERS
from weighbridge.cli.choices import PATH, home_option, options_from
from weighbridge.cli.terminal import watching
from weighbridge.core.wording import _
from weighbridge.detecting import write_detector_of

_SHOWN = ("auroc", "tpr-at-fpr-5pct", "tpr-at-fpr-1pct", "realised-fpr")


@click.command("detector", short_help=_("Make a detector of what the model writes, to give to those who defend."))
@PATH
@click.option(
    "-o",
    "--output",
    "folder",
    type=click.Path(path_type=Path),
    required=True,
    help=_("A new folder for the detector and its card."),
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help=_("Seed of every draw."))
@click.option(
    "--budget",
    type=click.FloatRange(1.0),
    default=600.0,
    show_default=True,
    help=_("Nominal seconds; fixes sample sizes beforehand."),
)
@home_option
def command(path: Path, folder: Path, **given: Any) -> None:
    """Make a detector of what the model writes, and measure it on texts that it has not seen.

    PATH is a candidate that names people's texts (role human-text) and the model's (role outputs), or the model itself.
    Nothing is released by that: declare it as a component of its own, and weigh and decide about it as about all else.
    """
    with watching() as watcher:
        written = write_detector_of(path, folder, options_from(given), watcher)
    made = written.made
    click.echo(
        _("a detector from {human} texts of people and {machine} of the model: {folder}").format(
            human=made.n_human, machine=made.n_machine, folder=written.folder
        )
    )
    for q in made.rates:
        if q.metric in _SHOWN and not q.by:
            click.echo(f"  {q.metric}: {q.value:.3f} ({q.low:.3f} – {q.high:.3f})")
    click.echo(
        _("{file} read back gives the same scores; {card} says what it cannot do, {numbers} has its thresholds").format(
            file=FILE, card=CARD, numbers=NUMBERS
        )
    )
    click.echo(_("to weigh it with the rest, add to weighbridge.toml:"))
    for line in written.declare:
        click.echo(f"  {line}")

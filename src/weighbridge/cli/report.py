"""`weighbridge report PATH`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from weighbridge.cli.choices import PATH, home_option, language_data_option, options_from, policy_option
from weighbridge.core.wording import _
from weighbridge.reporting import write_report


@click.command("report", short_help=_("Write the page, and Markdown and JSON beside it."))
@PATH
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help=_("Folder to write to.  [default: below --home]"),
)
@policy_option
@language_data_option
@home_option
def command(path: Path, out: Path | None, **given: Any) -> None:
    """Write one self-contained page for people, and Markdown and JSON beside it, from what was sealed before."""
    click.echo(str(write_report(path, out, options_from(given))))

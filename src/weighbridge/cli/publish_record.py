"""`weighbridge publish-record -o DIR`."""

from __future__ import annotations

from pathlib import Path

import click

from weighbridge.aftercare import publish_record
from weighbridge.cli.choices import home_option
from weighbridge.core.wording import _, plural
from weighbridge.wiring import Options


@click.command("publish-record", short_help=_("Write all signed decisions as a site that anybody can verify."))
@click.option("-o", "out", type=click.Path(path_type=Path), required=True, help=_("A new folder."))
@home_option
def command(out: Path, home: Path | None) -> None:
    """Write all signed decisions as a site that anybody can verify in a browser, without a server.

    Those that withhold are there too, with criteria and dates. Reasons, dissent and names are not. Labels of released
    files are, since they were signed: look at it before you publish it.
    """
    n = publish_record(out, Options(home=home))
    click.echo(plural("{n} decision: {path}", "{n} decisions: {path}", n).format(n=n, path=out / "index.html"))

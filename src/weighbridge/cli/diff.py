"""`weighbridge diff A B`."""

from __future__ import annotations

from typing import Any

import click

from weighbridge.aftercare import diff_words
from weighbridge.cli.choices import format_option, home_option, options_from, policy_option
from weighbridge.core.errors import Unusable
from weighbridge.core.wording import _
from weighbridge.report.difference import render_difference


@click.command("diff", short_help=_("What changed between two versions, and which findings that touches."))
@click.argument("one")
@click.argument("other")
@format_option
@policy_option
@home_option
def command(one: str, other: str, style: str, **given: Any) -> None:
    """What changed from ONE to OTHER, and which findings that touches. Nothing is measured.

    Each is a folder, a data file or a candidate file, or NAME@VERSION as the ledger has it.
    """
    if any("://" in word for word in (one, other)):  # parted at its @, a URL would be told with its password
        raise Unusable(
            _("cannot compare a table of a database"),
            _("it has no version, and nothing of it can be decided"),
            _("weigh an export of each, and compare those: weighbridge diff NAME@1 NAME@2"),
        )
    click.echo(render_difference(diff_words(one, other, options_from(given)), style=style))

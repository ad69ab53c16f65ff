"""`weighbridge law [PATH]`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from weighbridge.asking import interview, read_law
from weighbridge.catalogue import find_packs, load_pack
from weighbridge.cli.choices import format_option, home_option, options_from
from weighbridge.core.shape import plain
from weighbridge.core.wording import _
from weighbridge.report.law import packs_told, readings_plain, readings_told


@click.command("law", short_help=_("What dated and cited rule packs say. Not legal advice."))
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option(
    "--pack",
    "packs",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help=_(
        "A rule pack of your own to read beside the shipped ones (TOML). It leaves the question `legal` as it stands."
    ),
)
@format_option
@home_option
def command(path: Path | None, packs: tuple[Path, ...], style: str, **given: Any) -> None:
    """What dated and cited rule packs say of a candidate; without PATH, which packs there are. Not legal advice.

    A pack past its last day judges nothing. What a shipped pack forbids, or forbade on its last day, contradicts an
    answer that it is legal; that something is lawful opens nothing.
    """
    chosen = (*find_packs(), *(load_pack(pack) for pack in packs))
    if path is None:
        as_json = json.dumps([plain(pack) for pack in chosen], indent=2, ensure_ascii=False)
        click.echo(as_json if style == "json" else "\n".join(packs_told(chosen)))
        return
    readings = read_law(path, chosen, options_from(given))
    as_json = json.dumps(readings_plain(readings), indent=2, ensure_ascii=False)
    if style == "json":
        click.echo(as_json)
        return
    asked = {hearing.question.slug for hearing in interview(path, options_from(given)).hearings}
    click.echo("\n".join(readings_told(readings, str(path), asked)))

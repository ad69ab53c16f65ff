"""`weighbridge weigh PATH`."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import click

from weighbridge.adapters.formats.candidate_file import FILE_NAME
from weighbridge.adapters.warehouses.address import parse_address
from weighbridge.cli.choices import format_option, home_option, options_from, policy_option, weighing_options
from weighbridge.cli.main import tell
from weighbridge.cli.terminal import show_pointers, show_weighing, watching
from weighbridge.core.errors import ExitCode
from weighbridge.core.wording import _
from weighbridge.report.neutral import clean
from weighbridge.report.record import render_json
from weighbridge.wiring import weigh_path

_EXPORT = Path("EXPORT.parquet")  # what is told to be weighed in place of a table that has no bytes


@click.command("weigh", short_help=_("Measure what can be measured, and say what follows."))
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option(
    "--table", default="", metavar="URL", help=_("Count this table of a database where it lies; no row leaves.")
)
@click.option(
    "--declare",
    "declared",
    multiple=True,
    metavar="KEY=VALUE",
    help=_("Of that table: about_people, person, quasi_identifiers, sensitive, population_size."),
)
@format_option
@weighing_options
@policy_option
@home_option
def command(path: Path | None, style: str, table: str, **given: Any) -> int:
    """Measure what can be measured, and say what follows.

    PATH is a folder, a data file or a weighbridge.toml. Without a candidate file, roles are guessed and the guesses
    told. In place of PATH, --table postgres://USER@HOST/DATABASE/SCHEMA.TABLE or duckdb:///FILE/TABLE.
    An interrupted run goes on where it stopped. Exit code 0 once the document is written, whatever it says; 2 where
    part of the input could not be used, 74 where a server gave no answer.
    """
    if (path is None) is not bool(table):
        raise click.UsageError(_("name either a PATH or a table of a database: --table URL"))
    if table and given["engine"]:
        raise click.UsageError(_("a table is counted by its database: --engine is for a PATH"))
    if given["declared"] and not table:
        raise click.UsageError(_("--declare is for --table; of a PATH it is said in its weighbridge.toml"))
    with watching() as watcher:
        result = weigh_path(path or parse_address(table), options_from(given), watcher)
    if style == "json":
        click.echo(render_json(result.weighing))
    else:
        show_weighing(result.weighing, path or _EXPORT, has_bytes=path is not None)
    if path is None:
        _tell_of_rows(result.weighing.candidate.name)
    elif path.suffix != ".toml" and path.is_file() and (path.parent / FILE_NAME).is_file():
        told = _("{file} beside it was not used, since a single file was named; to use it: weighbridge weigh {folder}")
        click.echo(told.format(file=FILE_NAME, folder=shlex.quote(clean(str(path.parent)))), err=True)
    if given["reveal"]:
        show_pointers(result.pointers)
    for fault in result.faults:
        tell(fault)
    return int(max((fault.exit_code for fault in result.faults), default=ExitCode.DONE))


def _tell_of_rows(label: str) -> None:
    """What a table in a database can never be; on stderr, so that JSON stays JSON."""
    told = (
        _("{label} was counted where it lies, and none of its rows left; what needs rows was not measured."),
        _("Nothing can be decided on it and no gate lets it pass: its digest is of counts and not of bytes."),
        _("Export what is to be released, then: weighbridge weigh {export}"),
        _("What would stand at an [[artefact]] is said like this: --declare about_people=true --declare person=COLUMN"),
    )
    click.echo("\n" + "\n".join(told).format(label=clean(label), export=_EXPORT), err=True)

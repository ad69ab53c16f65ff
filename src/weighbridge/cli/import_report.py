"""`weighbridge import-report PATH FILE --as ROLE`."""

from __future__ import annotations

from pathlib import Path

import click

from weighbridge.cli.choices import PATH, format_option, home_option
from weighbridge.cli.keys import ROLES
from weighbridge.core.decision import SignerRole
from weighbridge.core.evidence import Measured
from weighbridge.core.wording import _, plural
from weighbridge.exchanging import IMPORTABLE, import_path
from weighbridge.report.neutral import clean, told
from weighbridge.report.numbers import quantity_in_words
from weighbridge.report.record import render_evidence
from weighbridge.wiring import Options

_MOST_NUMBERS = 12


@click.command("import-report", short_help=_("Take in what another tool measured, as evidence."))
@PATH
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--as", "role", type=ROLES, required=True, help=_("For what the person stands who says what the file is about.")
)
@click.option("--tool", type=click.Choice(IMPORTABLE), help=_("Which tool wrote it; left out: told by the file."))
@format_option
@home_option
def command(path: Path, file: Path, role: str, tool: str | None, style: str, home: Path | None) -> None:
    """Take in what another tool measured on what lies at PATH, as evidence, with intervals made anew.

    FILE is garak's report.jsonl or SACRO-ML's report.json. That it is about these very bytes is your word: it is kept
    as testimony, shown as imported, and answers no rule on a probe of ours. A policy of yours may watch it by the slug
    imported-garak or imported-sacro-ml: it can then limit, and never clear. No prompt, output or column's name is kept.
    """
    evidence, is_new = import_path(path, file, SignerRole(role), tool or "", Options(home=home))
    if style == "json":
        click.echo(render_evidence(evidence))
        return
    click.echo((_("imported as {slug}: {digest}") if is_new else _("was imported before as {slug}: {digest}")).format(
        slug=evidence.probe, digest=evidence.digest))  # fmt: skip
    outcome = evidence.outcome
    numbers = outcome.quantities if isinstance(outcome, Measured) else ()
    for quantity in numbers[:_MOST_NUMBERS]:
        where = ", ".join(f"{axis} {value}" for axis, value in quantity.by)
        named = f"{quantity.metric} ({where})" if where else quantity.metric
        click.echo(f"  {clean(named)}: {quantity_in_words(quantity)}")
    if (left := len(numbers) - _MOST_NUMBERS) > 0:
        more = plural("and {n} number more, in the report", "and {n} numbers more, in the report", left)
        click.echo("  " + more.format(n=left))
    for note in outcome.notes if isinstance(outcome, Measured) else ():
        click.echo(f"  {clean(told(note))}")
    click.echo(_("what follows from it: weighbridge recommend {path}").format(path=path))

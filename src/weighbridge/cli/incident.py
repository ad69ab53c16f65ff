"""`weighbridge incident [open] PATH`, `close` and `list`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TextIO

import click

from weighbridge.aftercare import Closing, Of, close_incident, list_incidents, open_incident
from weighbridge.app.reopen import Happening
from weighbridge.cli.choices import format_option, home_option
from weighbridge.cli.keys import ROLES, passphrase
from weighbridge.cli.removals import NAME, PLACE, asked_for
from weighbridge.core.decision import SignerRole
from weighbridge.core.wording import _
from weighbridge.report.notice import render_notice
from weighbridge.wiring import Options


class OpensByDefault(click.Group):
    """`weighbridge incident PATH` is `weighbridge incident open PATH`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The words, with `open` put before them where no subcommand is named."""
        is_named = not args or args[0] in self.commands or args[0] in ("-h", "--help")
        return super().parse_args(ctx, args if is_named else ["open", *args])


@click.group("incident", cls=OpensByDefault, short_help=_("Re-open a decision after something happened."))
def command() -> None:
    """Re-open a decision after something happened.

    While the incident is open, the gate lets nothing of that decision through. `weighbridge incident PATH` is short for
    `weighbridge incident open PATH`.
    """


@command.command("open")
@PLACE
@click.option(
    "--file", "affected", multiple=True, metavar="LABEL", help=_("Only this file, by label or digest; left out: all.")
)
@click.option(
    "--derivative", "derivatives", multiple=True, help=_("What is made from it, by its public name; no person's.")
)
@click.option("-o", "out", type=click.File("w", encoding="utf-8", lazy=True), help=_("Where the notice is written."))
@NAME
@home_option
def reopen(
    path: Path | None, affected: tuple[str, ...], derivatives: tuple[str, ...], out: TextIO | None, name: str,
    home: Path | None,
) -> None:  # fmt: skip
    """Note what happened, read from standard input or asked for, and draft a notice for the public.

    What happened is kept beside the ledger, where it can be erased, and is no part of the notice.
    """
    happening = Happening(what=asked_for(_("What happened"), hide=False), affected=affected, derivatives=derivatives)
    entry, record = open_incident(Of(path=path, name=name), happening, Options(home=home))
    click.echo(render_notice(entry, record, derivatives), file=out, nl=False)
    click.echo(
        _("incident {number}; the gate lets nothing of this decision through").format(number=entry.number), err=True
    )


@command.command("close")
@click.argument("number", type=int)
@PLACE
@click.option("--because", required=True, help=_("Why it is over, without naming anybody."))
@click.option("--role", type=ROLES, required=True, help=_("For what this person signs."))
@click.option("--key", required=True, help=_("Whose key: a holder or a fingerprint."))
@NAME
@home_option
def close(number: int, path: Path | None, name: str, home: Path | None, **said: str) -> None:
    """Close incident NUMBER, signed: the signatures under its decision count again.

    While that signature does not count, since its key was revoked for example, the incident is open. The passphrase is
    asked for, or taken from WEIGHBRIDGE_PASSPHRASE.
    """
    closing = Closing(because=said["because"], role=SignerRole(said["role"]), key=said["key"], passphrase=passphrase())
    made = close_incident(Of(path=path, name=name), number, closing, Options(home=home))
    click.echo(_("closed by entry {n}").format(n=made.number))


@command.command("list")
@PLACE
@NAME
@format_option
@home_option
def show(path: Path | None, name: str, style: str, home: Path | None) -> None:
    """The incidents of a candidate."""
    found = list_incidents(Of(path=path, name=name), Options(home=home))
    if style == "json":
        rows = [
            {
                "number": i.number, "at": i.at, "decision": i.decision, "affected": list(i.affected),
                "closed_by": i.closed_by,
            }
            for i in found
        ]  # fmt: skip
        click.echo(json.dumps(rows, indent=2))
        return
    for incident in found:
        state = _("open") if incident.is_open else _("closed by entry {n}").format(n=incident.closed_by)
        click.echo(f"{incident.number:>5}  {incident.at[:10]}  {state}  {incident.decision}")
    if not found:
        click.echo(_("none"))

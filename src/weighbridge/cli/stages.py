"""`weighbridge stages [show] PATH` and `weighbridge stages advance PATH`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from weighbridge.aftercare import Advancing, Of, advance_path, list_stages
from weighbridge.cli.choices import PATH, format_option, home_option, options_from, policy_option
from weighbridge.cli.keys import ROLES, passphrase
from weighbridge.cli.removals import NAME, PLACE, asked_for
from weighbridge.core.decision import SignerRole
from weighbridge.core.errors import ExitCode
from weighbridge.core.wording import _
from weighbridge.report.progress import render_progress


class ShowsByDefault(click.Group):
    """`weighbridge stages PATH` is `weighbridge stages show PATH`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The words, with `show` put before them where no subcommand is named."""
        is_named = not args or args[0] in self.commands or args[0] in ("-h", "--help")
        return super().parse_args(ctx, args if is_named else ["show", *args])


@click.group(
    "stages", cls=ShowsByDefault, short_help=_("Which stage of a release is open, and what the next waits for.")
)
def command() -> None:
    """Which stage of a release is open, and what the next waits for.

    `weighbridge stages PATH` is short for `weighbridge stages show PATH`.
    """


@command.command("show")
@PLACE
@NAME
@format_option
@policy_option
@home_option
def show(path: Path | None, name: str, style: str, **given: Any) -> int:
    """Every stage with its day, its criteria, and whether each is met. Exit code 3 where a day was missed."""
    found = list_stages(Of(path=path, name=name), options_from(given))
    click.echo(render_progress(found.decision, found.progress, style=style, path=str(path or "DIR")))
    return int(ExitCode.NOT_SETTLED if found.progress.missed else ExitCode.DONE)


@command.command("advance")
@PATH
@click.option("--stage", "stage", required=True, metavar="NAME", help=_("The stage to open: the next one."))
@click.option("--key", required=True, help=_("Whose key: a holder or a fingerprint."))
@click.option("--role", type=ROLES, help=_("For what this person signs; left out: what the key is trusted for."))
@click.option(
    "--testify",
    "events",
    multiple=True,
    metavar="CRITERION",
    help=_("That this event has happened; how you know is read from standard input, or asked for."),
)
@policy_option
@home_option
def advance(path: Path, stage: str, key: str, role: str | None, events: tuple[str, ...], **given: Any) -> None:
    """Sign that a stage may open: all that was fixed beforehand is so, and what shows it is cited.

    Every role that signs decisions signs it, each another person, by the stage's last day. The passphrase is asked for,
    or taken from WEIGHBRIDGE_PASSPHRASE. Exit code 3 where a criterion is not met, or it is too early or too late.
    """
    words = asked_for(_("How you know"), hide=False) if events else ""
    asked = Advancing(
        stage=stage, key=key, passphrase=passphrase(), role=SignerRole(role) if role else None,
        words=tuple((event, words) for event in events),
    )  # fmt: skip
    made = advance_path(path, asked, options_from(given))
    signed = _("{stage}: signed as {role}: {path}")
    click.echo(signed.format(stage=stage, role=made.opened.advance.role.value, path=made.written))
    if made.missing:
        roles = ", ".join(role.value for role in made.missing)
        click.echo(_("not open yet: to be signed as {roles}").format(roles=roles))
    else:
        click.echo(_("{stage} is open").format(stage=stage))

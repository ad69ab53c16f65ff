"""`weighbridge decide PATH`."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import click

from weighbridge.aftercare import Of, list_stages
from weighbridge.app.stage import State
from weighbridge.cli.choices import PATH, home_option, options_from, policy_option
from weighbridge.cli.keys import passphrase
from weighbridge.core.errors import NotSettled
from weighbridge.core.wording import _, plural
from weighbridge.releasing import Preparer, decide_path, draft_path, roles_due
from weighbridge.wiring import Options


@click.command("decide", short_help=_("Bind what people decide to these very bytes."))
@PATH
@click.option("--draft", is_flag=True, help=_("Print a decision file for what was last recommended, to be changed."))
@click.option("--plan", default="", metavar="NAME", help=_("Draft this one of the plans that are compared."))
@click.option("--file", "source", type=click.File(encoding="utf-8"), help=_("The decision file; - for standard input."))
@click.option(
    "--by", "prepared_by", default="", metavar="KEY", help=_("Whose key prepares it: a holder or a fingerprint.")
)
@policy_option
@home_option
def command(path: Path, *, draft: bool, source: Any, prepared_by: str, plan: str, **given: Any) -> None:
    """Bind what people decide to these very bytes, to the recommendation and to the policy.

    For or against: withholding needs the same reasons, signatures and end as opening. Who prepares a decision does not
    approve it, and signs that it was them: the passphrase is asked for, or taken from WEIGHBRIDGE_PASSPHRASE. Exit
    code 3 where a stop forbids what was decided.
    """
    options = options_from(given)
    if draft or plan:
        click.echo(draft_path(path, options, plan=plan), nl=False)
        return
    if source is None or not prepared_by:
        raise click.UsageError(
            _(
                "a decision needs its file and who prepares it; --draft writes the file: "
                "weighbridge decide {path} --file decision.toml --by NAME"
            ).format(path=path)
        )
    _tell_of_stages(path, options)
    by = Preparer(key=prepared_by, passphrase=passphrase())
    made = decide_path(path, source.read(), file=source.name, by=by, options=options)
    for component, rung in made.plan:
        click.echo(f"{component}: {rung.value}")
    for stage in made.stages:
        gives = ", ".join(f"{component} {rung.value}" for component, rung in stage.plan)
        click.echo(_("later, {stage}: {plan}, by {day}").format(stage=stage.name, plan=gives, day=stage.by))
    click.echo(_("holds until {day}, once it is signed:").format(day=made.expires))
    for role in roles_due(made, options):
        click.echo(f"  weighbridge sign {shlex.quote(str(path))} --role {role.value} --key NAME")
    click.echo(made.digest)


def _tell_of_stages(path: Path, options: Options) -> None:
    """That a staged decision is under way, which this one takes the place of, in public."""
    try:
        before = list_stages(Of(path=path), options).progress
    except NotSettled:
        return
    n = sum(step.state is not State.OPEN for step in before.steps)
    if n:
        says = plural(
            "this takes the place of a staged decision of which {n} stage is not open; its own start anew",
            "this takes the place of a staged decision of which {n} stages are not open; its own start anew",
            n,
        )
        click.echo(says.format(n=n), err=True)

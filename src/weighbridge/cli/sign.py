"""`weighbridge sign PATH --role ROLE --key KEY`."""

from __future__ import annotations

from pathlib import Path

import click

from weighbridge.cli.choices import PATH, home_option
from weighbridge.cli.keys import ROLES, passphrase
from weighbridge.core.decision import SignerRole
from weighbridge.core.wording import _
from weighbridge.releasing import beyond_of, sign_decision, standing_decision
from weighbridge.report.neutral import clean, told
from weighbridge.wiring import Options


@click.command("sign", short_help=_("Put one person's name under the decision that stands."))
@PATH
@click.option("--role", type=ROLES, required=True, help=_("For what this person signs."))
@click.option("--key", required=True, help=_("Whose key: a holder or a fingerprint."))
@home_option
def command(path: Path, role: str, key: str, home: Path | None) -> None:
    """Put one person's name under the decision that stands, for one role.

    Writes a DSSE envelope that others can verify. One person signs once. The passphrase is asked for, or taken from
    WEIGHBRIDGE_PASSPHRASE.
    """
    options = Options(home=home)
    decision = standing_decision(path, options)
    click.echo(_("what you sign, until {day}:").format(day=decision.expires), err=True)
    for component, rung in decision.plan:
        click.echo(f"  {component}: {rung.value}", err=True)
    for says in beyond_of(decision, options):
        click.echo(f"  {told(says)}", err=True)
    for condition in decision.conditions:
        click.echo(f"  {clean(condition)}", err=True)
    for waiver in decision.waivers:
        lifted = _("  the rule {rule} is lifted for {component} until {day}: {because}")
        click.echo(lifted.format(rule=waiver.rule, component=waiver.component.value, day=waiver.expires,
                               because=clean(waiver.because)), err=True)  # fmt: skip
    for stage in decision.stages:
        plan = ", ".join(f"{component} {rung.value}" for component, rung in stage.plan)
        later = _("  later, {stage}: {plan}, by {day}, once this is so:")
        click.echo(later.format(stage=stage.name, plan=plan, day=stage.by), err=True)
        for criterion in stage.criterion:
            click.echo(f"    {clean(criterion.says)}", err=True)
    if decision.statement:
        click.echo(_("  the risk: {says}").format(says=clean(decision.statement.says)), err=True)
        click.echo(_("  bound to the figures {digest}").format(digest=decision.statement.figures), err=True)
    written = sign_decision(decision, SignerRole(role), key, passphrase(), options)
    click.echo(_("signed as {role}: {path}").format(role=role, path=written))

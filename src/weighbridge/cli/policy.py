"""`weighbridge policy check|show`."""

from __future__ import annotations

from pathlib import Path

import click
from rich.table import Table

from weighbridge.catalogue import all_cards, load_policy, shipped_policy
from weighbridge.cli.terminal import screen
from weighbridge.core.wording import _
from weighbridge.policy.check import needs_report


@click.group("policy", short_help=_("The rules by which evidence is judged."))
def command() -> None:
    """The rules by which evidence is judged: a TOML file that a team copies and edits."""


@command.command("show")
def show() -> None:
    """The shipped policy, to copy: weighbridge policy show > my-policy.toml."""
    click.echo(shipped_policy(), nl=False)


@command.command("check")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
def check(file: Path | None) -> None:
    """Tell all faults of a policy, and how much evidence each of its rules needs to be settled."""
    policy = load_policy(file)
    table = Table(
        _("rule"), _("effect"), _("watches"), _("needs to be settled"), box=None, header_style="bold", pad_edge=False
    )
    for rule, need in zip(policy.rule, needs_report(policy, all_cards()), strict=True):
        watched = f"{rule.watch.probe} {rule.watch.metric}" if rule.watch else rule.answer
        table.add_row(rule.slug, _(rule.effect.value), watched, need.says.told() + (" (!)" if need.warns else ""))
    screen().print(table)
    click.echo(
        _("{name} {version}: no faults; digest {digest}").format(
            name=policy.name, version=policy.version, digest=policy.digest
        )
    )

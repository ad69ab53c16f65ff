"""`weighbridge ledger verify|show|erase`."""

from __future__ import annotations

from pathlib import Path

import click

from weighbridge.cli.choices import home_option
from weighbridge.cli.terminal import screen
from weighbridge.core.canon import Digest
from weighbridge.core.wording import _, plural
from weighbridge.wiring import home_folder, opened_ledger


@click.group("ledger", short_help=_("The record of what was measured and said."))
def command() -> None:
    """The record of what was measured and said: append-only, each entry sealed to the one before."""


@command.command("verify")
@home_option
def verify(home: Path | None) -> None:
    """Check every seal; exit code 4 where one is broken."""
    with opened_ledger(home_folder(home)) as ledger:
        count = ledger.verify()
        click.echo(plural("{n} entry, whole", "{n} entries, whole", count).format(n=count))
        for chain in ledger.chains():
            click.echo(f"{chain}  {ledger.head(chain)}")


@command.command("show")
@click.argument("chain", required=False)
@home_option
def show(chain: str | None, home: Path | None) -> None:
    """The chains, or the entries of one; no text that a person gave."""
    with opened_ledger(home_folder(home)) as ledger:
        if chain is None:
            for name in ledger.chains():
                click.echo(name)
            return
        for entry in ledger.entries(chain):
            screen().print(
                f"{entry.number:>5}  {entry.at}  {entry.kind.value:<14}  {entry.digest}", highlight=False, markup=False
            )


@command.command("erase")
@click.argument("chain")
@click.argument("commitment")
@home_option
def erase(chain: str, commitment: str, home: Path | None) -> None:
    """Take a person's name or words out for good; the chain stays whole, and says that something was erased."""
    with opened_ledger(home_folder(home)) as ledger:
        ledger.erase(chain, Digest(commitment))
        click.echo(_("erased; the chain is whole"))

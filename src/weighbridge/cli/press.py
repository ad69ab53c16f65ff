"""`weighbridge press brief|quoted|corrected`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TextIO

import click

from weighbridge.app.quote import Correction, Quotation
from weighbridge.asking import keep_correction, keep_quotation, press_brief
from weighbridge.cli.choices import PATH, home_option, options_from, policy_option
from weighbridge.core.wording import _
from weighbridge.report.brief import render_brief

_CORRECTIONS = click.Choice([c.value for c in Correction if c is not Correction.NOT_NEEDED])


@click.group("press", short_help=_("What can be said to the press, and what was printed."))
def command() -> None:
    """What can be said to the press, with the number behind it and what it does not show; and what was printed."""


@command.command("brief")
@PATH
@click.option("-o", "out", type=click.File("w", encoding="utf-8", lazy=True), help=_("Where it is written."))
@policy_option
@home_option
def brief(path: Path, out: TextIO | None, **given: Any) -> None:
    """A brief for whoever speaks: claims beside their evidence, limits, languages tested, say and do not say."""
    text = render_brief(press_brief(path, options_from(given)))
    click.echo(text, file=out, nl=False)


@command.command("quoted")
@PATH
@click.option("--outlet", required=True, help=_("Where it was printed or sent. It can be erased later."))
@click.option("--printed", required=True, help=_("What was printed, word for word."))
@click.option("--meant", default="", help=_("What was said or meant, where it was printed wrongly."))
@click.option("--correction", type=_CORRECTIONS, help=_("How the correction stands."))
@home_option
def quoted(path: Path, outlet: str, printed: str, meant: str, correction: str | None, **given: Any) -> None:
    """Note what was printed; with --meant, that it is wrong and how the correction stands."""
    stands = Correction(correction) if correction else Correction.NOT_ASKED if meant else Correction.NOT_NEEDED
    words = Quotation(outlet=outlet, printed=printed, meant=meant, correction=stands)
    number = keep_quotation(path, words, options_from(given))
    click.echo(_("noted as entry {n}").format(n=number))
    if stands is Correction.NOT_ASKED:
        click.echo(_("ask for a correction, then: weighbridge press corrected {path} {n} --as asked").format(
            path=path, n=number), err=True)  # fmt: skip


@command.command("corrected")
@PATH
@click.argument("number", type=int)
@click.option("--as", "stands", required=True, type=_CORRECTIONS, help=_("How it stands now."))
@home_option
def corrected(path: Path, number: int, stands: str, **given: Any) -> None:
    """Say how it stands with the correction of entry NUMBER."""
    keep_correction(path, number, Correction(stands), options_from(given))
    click.echo(_("entry {n}: correction {stands}").format(n=number, stands=stands))

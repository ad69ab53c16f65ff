"""`weighbridge reweigh PATH`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from weighbridge.aftercare import reweigh_path
from weighbridge.app.reweigh import News
from weighbridge.cli.choices import PATH, format_option, home_option, options_from, policy_option
from weighbridge.cli.removals import asked_for
from weighbridge.core.errors import Unusable
from weighbridge.core.replication import Span
from weighbridge.core.wording import _
from weighbridge.core.worth import Substitute
from weighbridge.report.reweighing import render_reweighing


@click.command("reweigh", short_help=_("Whether what has come up since turns the answer."))
@PATH
@click.option("--as-of", default="", metavar="DATE", help=_("The day of prices and substitutes.  [default: today]"))
@click.option(
    "--substitute", "substitutes", multiple=True, metavar="NAME=USD",
    help=_("Something that serves the same misuse was published, and what it costs to bring it to the same use."),
)  # fmt: skip
@click.option(
    "--seen-at", "seen", multiple=True, metavar="ADDRESS",
    help=_("Where that can be seen, for each substitute in turn; without, it counts for nothing."),
)  # fmt: skip
@click.option(
    "--attack", "attacked", default="", metavar="PROBE",
    help=_("An attack stronger than this probe was published; what, is read from standard input, or asked for."),
)  # fmt: skip
@format_option
@policy_option
@home_option
def command(
    path: Path, as_of: str, substitutes: tuple[str, ...], seen: tuple[str, ...], attacked: str, **given: Any
) -> None:
    """Say whether what has come up since turns the answer, and seal that.

    Plans are compared before and after, in the same worlds, with what was decided among them; what an attack bears on
    is taken as not measured any more. Where the answer turns, the gate lets nothing through until people decide again.
    """
    if len(seen) > len(substitutes):
        raise click.UsageError(_("there are more --seen-at than --substitute"))
    places = (*seen, *[""] * (len(substitutes) - len(seen)))
    news = News(
        as_of=as_of or datetime.now(UTC).date().isoformat(),
        substitutes=tuple(_substitute(word, place) for word, place in zip(substitutes, places, strict=True)),
        attacked=attacked, words=asked_for(_("What was published"), hide=False) if attacked else "",
    )  # fmt: skip
    found = reweigh_path(path, news, options_from(given))
    click.echo(render_reweighing(found, style=given["style"]))


def _substitute(word: str, evidence: str) -> Substitute:
    """`NAME=USD` or `NAME=LOW..HIGH`."""
    name, equals, amount = word.rpartition("=")
    low, dots, high = amount.partition("..")
    try:
        span = Span(low=float(low), high=float(high if dots else low))
        return Substitute(name=name.strip(), cost_usd=span, evidence=evidence)
    except ValueError as error:
        raise Unusable(
            _("cannot use the substitute {word}").format(word=word[:80]), str(error) if equals else _("it has no ="),
            _("write it as in: --substitute 'another model=9000', or from low to high: 'another model=5000..9000'"),
        ) from None  # fmt: skip

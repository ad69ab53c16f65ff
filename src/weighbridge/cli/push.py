"""`weighbridge push PATH --to PLACE`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from weighbridge.cli.choices import PATH, home_option, options_from, policy_option
from weighbridge.cli.gate import COMPONENTS
from weighbridge.core.candidate import Component
from weighbridge.core.wording import _, plural
from weighbridge.pushing import Gone, Pushing, push_path
from weighbridge.report.neutral import clean
from weighbridge.report.passage import render_passage


@click.command("push", short_help=_("Gate it, then send these very bytes."))
@PATH
@click.option("--to", required=True, metavar="PLACE", help=_("dir:FOLDER, hf:ORG/NAME or hf:datasets/ORG/NAME."))
@click.option(
    "--component", "components", type=COMPONENTS, multiple=True,
    help=_("Only this; left out: all that were decided to be handed out."),
)  # fmt: skip
@click.option("--name", default="", help=_("The candidate's name, where its file does not lie with it."))
@click.option("--replace", "replaces", is_flag=True, help=_("Take out what lies there and is not sent."))
@policy_option
@home_option
def command(path: Path, to: str, components: tuple[str, ...], **given: Any) -> int:
    """Gate it, then send these very bytes: a copy is made, checked and sent, so that nothing can be swapped.

    What was decided open or licensed goes to a public repository, gated to one where every request is looked at,
    partners to a private one; where several go together, the narrowest. It is opened only after what lies there was
    compared. The token is taken from HF_TOKEN or WEIGHBRIDGE_HUB_TOKEN. A push that was interrupted is run again.
    Exit codes as of gate.
    """
    asked = Pushing(
        to=to, components=tuple(Component(name) for name in components), name=given["name"], replaces=given["replaces"]
    )
    gone = push_path(path, asked, options_from(given))
    if gone.pushed is None:
        click.echo(render_passage(gone.passage, style="table", path=given["name"] or str(path)))
    else:
        _tell(gone, to)
    return int(gone.passage.result.exit_code)


def _tell(gone: Gone, to: str) -> None:
    pushed = gone.pushed
    assert pushed is not None  # noqa: S101  the caller asked
    who = gone.passage.destination.value
    if pushed.sent:
        said = plural("{n} file sent to {to} ({who})", "{n} files sent to {to} ({who})", pushed.sent)
        click.echo(clean(said.format(n=pushed.sent, to=to, who=who)))
    else:
        click.echo(clean(_("all of it lies at {to} already ({who}); nothing was sent").format(to=to, who=who)))
    for label in pushed.load.made:
        click.echo(clean(_("{label} there bears the block about the decision").format(label=label)))
    click.echo(pushed.load.manifest)

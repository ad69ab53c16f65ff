"""`weighbridge replay [CASE]`."""

from __future__ import annotations

from pathlib import Path

import click

from weighbridge.catalogue import load_policy
from weighbridge.cli.choices import format_option, policy_option
from weighbridge.core.errors import ExitCode
from weighbridge.core.wording import _
from weighbridge.replaying import cases_named, replay_case
from weighbridge.report.replayed import render_count, render_line, render_replay, render_replays


@click.command("replay", short_help=_("What it says of known cases, beside the essay."))
@click.argument("case", required=False, default="")
@format_option
@policy_option
def command(case: str, style: str, policy: Path | None) -> int:
    """What the tool says of known cases, beside what the essay says.

    CASE is the name of a case that we ship, a case of your own as a .toml file, or a folder of them; left out: all that
    we ship. Each is weighed anew, with what could be known and was answered then; all of ours take minutes, and the
    extras tabular, lm, languages, detection and geo. Exit code 1 where one comes out otherwise, or for another reason.
    """
    judged_by = load_policy(policy)
    cases = cases_named(case, judged_by)
    is_one = bool(case) and not Path(case).is_dir()
    replays = []
    for one in cases:
        replays.append(replay_case(one, judged_by))
        if style == "table" and not is_one:
            click.echo(render_line(replays[-1]))  # as it comes: some take a minute
    if style == "json" or is_one:
        click.echo(render_replay(replays[0], style=style) if is_one else render_replays(replays, style=style))
    else:
        click.echo(f"\n{render_count(replays)}")
    return int(ExitCode.REFUSED if any(replayed.differs for replayed in replays) else ExitCode.DONE)

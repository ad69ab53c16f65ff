"""`weighbridge weigh PATH`."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import click

from weighbridge.adapters.formats.candidate_file import FILE_NAME
from weighbridge.cli.choices import PATH, format_option, home_option, options_from, policy_option, weighing_options
from weighbridge.cli.main import tell
from weighbridge.cli.terminal import show_pointers, show_weighing, watching
from weighbridge.core.errors import ExitCode
from weighbridge.core.wording import _
from weighbridge.report.neutral import clean
from weighbridge.report.record import render_json
from weighbridge.wiring import weigh_path


@click.command("weigh", short_help=_("Measure what can be measured, and say what follows."))
@PATH
@format_option
@weighing_options
@policy_option
@home_option
def command(path: Path, style: str, **given: Any) -> int:
    """Measure what can be measured, and say what follows.

    PATH is a folder, a data file or a weighbridge.toml. Without a candidate file, roles are guessed and the guesses
    told.
    An interrupted run goes on where it stopped. Exit code 0 once the document is written, whatever it says; 2 where
    part of the input could not be used, 74 where a server gave no answer.
    """
    with watching() as watcher:
        result = weigh_path(path, options_from(given), watcher)
    if style == "json":
        click.echo(render_json(result.weighing))
    else:
        show_weighing(result.weighing, path)
    if path.suffix != ".toml" and path.is_file() and (path.parent / FILE_NAME).is_file():
        told = _("{file} beside it was not used, since a single file was named; to use it: weighbridge weigh {folder}")
        click.echo(told.format(file=FILE_NAME, folder=shlex.quote(clean(str(path.parent)))), err=True)
    if given["reveal"]:
        show_pointers(result.pointers)
    for fault in result.faults:
        tell(fault)
    return int(max((fault.exit_code for fault in result.faults), default=ExitCode.DONE))

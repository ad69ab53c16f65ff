"""`weighbridge recommend PATH`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from weighbridge.cli.choices import PATH, format_option, home_option, options_from, policy_option
from weighbridge.cli.terminal import show_weighing
from weighbridge.core.wording import _
from weighbridge.report.record import render_json
from weighbridge.wiring import recommend_path


@click.command("recommend", short_help=_("Judge what was sealed before; measure nothing."))
@PATH
@format_option
@policy_option
@home_option
def command(path: Path, style: str, **given: Any) -> None:
    """Judge what was sealed before, by this or another policy; nothing is measured."""
    result = recommend_path(path, options_from(given))
    if style == "json":
        click.echo(render_json(result.weighing))
    else:
        show_weighing(result.weighing, path)

"""`weighbridge questions [PATH]`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from weighbridge.asking import interview
from weighbridge.catalogue import find_questions
from weighbridge.cli.choices import format_option, home_option, options_from
from weighbridge.core.shape import plain
from weighbridge.core.wording import _
from weighbridge.report.hearings import hearings_plain, hearings_told, questions_told


@click.command("questions", short_help=_("What people are asked, and how each question stands."))
@click.argument("path", type=click.Path(path_type=Path), required=False)
@format_option
@home_option
def command(path: Path | None, style: str, **given: Any) -> None:
    """What people are asked: every question with its rows of the mission map; with PATH, how each one stands there."""
    if path is None:
        questions = find_questions()
        told = json.dumps([plain(q) for q in questions], indent=2, ensure_ascii=False) if style == "json" else ""
        click.echo(told or "\n".join(questions_told(questions)))
        return
    asked = interview(path, options_from(given))
    if style == "json":
        click.echo(json.dumps(hearings_plain(asked.hearings), indent=2, ensure_ascii=False))
        return
    click.echo("\n".join(hearings_told(asked.hearings)))

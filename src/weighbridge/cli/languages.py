"""`weighbridge languages PATH`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from weighbridge.cli.choices import (
    PATH,
    format_option,
    home_option,
    language_data_option,
    options_from,
    policy_option,
)
from weighbridge.cli.terminal import screen
from weighbridge.core.shape import plain
from weighbridge.core.wording import _
from weighbridge.report.languages import LanguageTable, people_in_words, state_cells, typology_in_words
from weighbridge.report.neutral import capital, clean
from weighbridge.wiring import languages_path


@click.command("languages", short_help=_("For each language what works, and what nobody knows."))
@PATH
@format_option
@policy_option
@language_data_option
@home_option
def command(path: Path, style: str, **given: Any) -> None:
    """A row for each language, from what was sealed before: what works, what was tested, what nobody knows."""
    table = languages_path(path, options_from(given))
    if style == "json":
        click.echo(json.dumps(None if table is None else plain(table), indent=2, ensure_ascii=True, sort_keys=True))
    elif table is None:
        says = _(
            "No language is known of it. Where it has some, say so in weighbridge.toml: languages = [...], and "
            "language or language_field at its texts; then: weighbridge weigh {path}"
        )
        click.echo(says.format(path=path))
    else:
        _show(table)


def _show(table: LanguageTable) -> None:
    console = screen()
    console.print(clean(table.headline), style="bold", markup=False)
    headings = [capital(what) for what, _state, _figure in state_cells(table.rows[0])]
    heads = [_("language"), _("speakers"), *headings, *([_("order and affixes")] if table.has_typology else [])]
    shown = Table(*heads, box=None, header_style="bold", pad_edge=False)
    for row in table.rows:
        cells = [f"{state}: {figure}" if figure else state for _what, state, figure in state_cells(row)]
        named = row.name if row.name == row.tag else f"{row.name} ({row.tag})"
        typology = [typology_in_words(row)] if table.has_typology else []
        people = people_in_words(row.fewest, row.most) or _("not recorded")
        shown.add_row(*(clean(cell).replace("[", "\\[") for cell in (named, people, *cells, *typology)))
    console.print(shown)

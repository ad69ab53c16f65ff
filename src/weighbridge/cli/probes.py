"""`weighbridge probes list|show`."""

from __future__ import annotations

import json

import click
from rich.table import Table

from weighbridge.app.weigh import with_predecessors
from weighbridge.catalogue import find_cards, find_imports, find_probes
from weighbridge.cli.choices import format_option
from weighbridge.cli.terminal import screen
from weighbridge.core.card import Card
from weighbridge.core.shape import plain
from weighbridge.core.wording import _


@click.group("probes", short_help=_("What can be measured."))
def command() -> None:
    """What can be measured: every probe that is installed, from its card."""


@command.command("list")
@format_option
def list_probes(style: str) -> None:
    """All probes, with the question each answers."""
    cards = find_cards()
    if style == "json":
        click.echo(json.dumps([plain(card) for card in cards], indent=2, ensure_ascii=False))
        return
    table = Table(_("probe"), _("question"), _("takes"), _("about"), box=None, header_style="bold", pad_edge=False)
    for card in cards:
        about = ", ".join(subject.value for subject in card.subjects)
        table.add_row(card.slug, _(card.question), _(card.cost.value), about)
    screen().print(table)


@command.command("show")
@click.argument("slug")
@format_option
def show_probe(slug: str, style: str) -> None:
    """One probe's card: what it measures, needs and cannot show, and its settings."""
    brought = {card.slug: card for card in find_imports()}
    card = brought.get(slug) or next(p.card for p in with_predecessors([slug], find_probes()) if p.card.slug == slug)
    if style == "json":
        click.echo(json.dumps(plain(card), indent=2, ensure_ascii=False))
        return
    for line in _lines(card):
        screen().print(line, markup=False, highlight=False)


def _lines(card: Card) -> list[str]:
    lines = [f"{card.slug} {card.version} ({_(card.lifecycle.value)}, {_(card.cost.value)})", _(card.question), ""]
    lines += [_("metrics:"), *(f"  {m.name} [{m.unit}]  {_(m.says)}" for m in card.metric), ""]
    lines += [_("a clean result does not show:"), f"  {_(card.cannot_show)}", ""]
    needs = ", ".join(role.value for role in card.needs) or "-"
    wants = ", ".join(role.value for role in card.wants) or "-"
    lines += [_("needs: {roles}").format(roles=needs), _("makes use of: {roles}").format(roles=wants)]
    if reads := [f"[{section.value}]" for section in card.declarations] + [
        f"--{shelf.value}" for shelf in card.shelves
    ]:
        lines.append(_("reads of weighbridge.toml and of shelves: {names}").format(names=", ".join(reads)))
    lines += [_("extras: {extras}").format(extras=", ".join(card.extras) or "-"), ""]
    if card.setting:
        lines.append(_("settings (--set {slug}.NAME=VALUE):").format(slug=card.slug))
        lines += [f"  {s.name} = {json.dumps(s.default)}  {_(s.says)}" for s in card.setting] + [""]
    return [*lines, _("sources:"), *(f"  {source}" for source in card.sources)]

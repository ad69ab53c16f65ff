"""Precedents, told to people and to programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from weighbridge.app.recall import Match, Recalled
from weighbridge.core.canon import Plain
from weighbridge.core.precedent import Precedent, Turned
from weighbridge.core.shape import plain
from weighbridge.core.wording import _, plural
from weighbridge.report.neutral import clean


def render_recalled(found: Recalled, *, style: str) -> str:
    """What was found, nearest first, and the nearest that turned out the other way."""
    if style == "json":
        opposite = _match_plain(found.opposite) if found.opposite else None
        return _json({"nearest": [_match_plain(match) for match in found.nearest], "opposite": opposite})
    return "\n".join(_recalled_lines(found))


def render_list(precedents: Iterable[Precedent], *, style: str) -> str:
    """All of them, a line each."""
    if style == "json":
        return _json([plain(precedent) for precedent in precedents])
    return "\n".join(_head(precedent) for precedent in precedents)


def render_precedent(precedent: Precedent, *, style: str) -> str:
    """One, whole."""
    return _json(plain(precedent)) if style == "json" else "\n".join(_whole(precedent))


def _recalled_lines(found: Recalled) -> Iterator[str]:
    if not found.nearest:
        yield _("No precedent has any of these words. All of them: weighbridge precedents --all")
        return
    yield _("Nearest (an order, not a proof: what happened once need not happen again)")
    for match in found.nearest:
        yield from _told(match)
    yield ""
    if found.opposite:
        yield _("Nearest that turned out the other way")
        yield from _told(found.opposite)
    else:
        yield _("None that fits turned out the other way; with --near PATH all of them are compared.")
    yield ""
    yield _("The whole of one: weighbridge precedents --show SLUG")


def _told(match: Match) -> Iterator[str]:
    precedent = match.precedent
    yield f"  {_head(precedent)}"
    yield f"      {clean(precedent.after)}"
    agrees = agreement(match)
    if agrees:
        yield f"      {agrees}"


def agreement(match: Match) -> str:
    """In how many of the traits that are known of both they agree; empty where none is."""
    known = len(match.alike) + len(match.unlike)
    if not known:
        return ""
    agree = plural("agrees in {alike} of {n} known trait", "agrees in {alike} of {n} known traits", known)
    differs = _("; differs in {names}").format(names=", ".join(match.unlike)) if match.unlike else ""
    return agree.format(alike=len(match.alike), n=known) + differs


def _head(precedent: Precedent) -> str:
    days = precedent.equivalent_in_days
    parts = [precedent.rung.value] if precedent.rung else []
    parts.append(turned_in_words(precedent.turned))
    if days is not None:
        parts.append(plural("others had as good in {n} day", "others had as good in {n} days", days).format(n=days))
    told = (precedent.on, precedent.title, f"[{precedent.slug}]", "; ".join(parts))
    return "  ".join(map(clean, told))


def turned_in_words(turned: Turned) -> str:
    """How it turned out."""
    return {
        Turned.HARM: _("harm"),
        Turned.MIXED: _("mixed"),
        Turned.NO_KNOWN_HARM: _("no known harm"),
    }[turned]


def _whole(precedent: Precedent) -> Iterator[str]:
    yield _head(precedent)
    yield _("  who: {who}").format(who=clean(precedent.who))
    yield _("  what: {what}").format(what=clean(precedent.what))
    yield from (_("  reason then: {reason}").format(reason=clean(reason)) for reason in precedent.reasons)
    yield from (_("  evidence then: {evidence}").format(evidence=clean(said)) for said in precedent.evidence)
    yield _("  what happened: {after}").format(after=clean(precedent.after))
    if precedent.mission:
        yield _("  rows of the mission map: {rows}").format(rows=", ".join(map(str, precedent.mission)))
    yield from (_("  source: {source}").format(source=clean(source.says)) for source in precedent.source)
    yield _("  from the collection {collection}, licence {licence}").format(
        collection=clean(precedent.collection), licence=clean(precedent.licence)
    )


def _match_plain(match: Match) -> Plain:
    return {
        "precedent": plain(match.precedent),
        "nearness": match.nearness,
        "alike": list(match.alike),
        "unlike": list(match.unlike),
    }


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)

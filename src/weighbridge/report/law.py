"""Rule packs in words: which provisions apply, which do not, and what is not known."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from weighbridge.app.cite import Applies, Cited, Reading
from weighbridge.core.canon import Plain
from weighbridge.core.law import Bearing, Pack
from weighbridge.core.shape import plain
from weighbridge.core.wording import _
from weighbridge.report.neutral import clean, pasteable


def packs_told(packs: Iterable[Pack]) -> Iterator[str]:
    """Every pack, where it holds, and until when it judges."""
    for pack in packs:
        yield f"{clean(pack.slug)}  {clean(_(pack.title))}"
        yield _("    {jurisdiction}; checked {checked}, judges until {expires}").format(
            jurisdiction=clean(_(pack.jurisdiction)), checked=pack.checked, expires=pack.expires
        )
        yield f"    {clean(_(pack.notice))}"


_ASKS = re.compile(r"[:;,]? *weighbridge ask DIR --only ([a-z-]+)")


def readings_told(readings: Iterable[Reading], path: str, asked: Collection[str]) -> Iterator[str]:
    """What each pack says of a candidate; its commands name this path, and only questions that are asked of it."""
    for reading in readings:
        pack = reading.pack
        yield f"{clean(pack.slug)}  {clean(_(pack.title))}"
        yield f"  {clean(_(pack.notice))}"
        if reading.is_out_of_date:
            yield _(
                "  out of date since {day}: it judges nothing until somebody holds it against the text again"
            ).format(day=pack.expires)
            yield from (_("  on that day it forbade it as it is: {says}").format(says=_one(c)) for c in reading.forbade)
            continue
        yield _("  made from {text}; checked {day}").format(text=clean(pack.text), day=pack.checked)
        yield from _cited(reading.cited, path, asked)
    last = _("That something is lawful opens nothing. Whether it is, people say: weighbridge ask DIR --only legal")
    yield _here(last, path, asked)


def beside_the_law(readings: Iterable[Reading]) -> Iterator[str]:
    """What stands beside the question whether it is legal: what forbids, and what could not be judged."""
    for reading in readings:
        if reading.is_out_of_date:
            yield _("{pack}: out of date, and not judged").format(pack=clean(reading.pack.slug))
        for cited in reading.forbade:
            yield _("{pack}: on its last day it forbade this: {says}").format(
                pack=clean(reading.pack.slug), says=_one(cited)
            )
        for cited in reading.forbids:
            yield f"{clean(reading.pack.slug)}: {_one(cited)}"


def readings_plain(readings: Iterable[Reading]) -> Plain:
    """The same for programs."""
    return [
        {
            "pack": r.pack.slug, "title": r.pack.title, "notice": r.pack.notice, "checked": r.pack.checked,
            "expires": r.pack.expires, "out_of_date": r.is_out_of_date, "forbade": [_table(c) for c in r.forbade],
            "provisions": [
                {**_table(c), "applies": c.applies.value, "waits_for": list(c.waits_for)} for c in r.cited
            ],
        }
        for r in readings
    ]  # fmt: skip


def _table(cited: Cited) -> dict[str, Plain]:
    p = cited.provision
    return {"slug": p.slug, "says": p.says, "rests_on": p.rests_on, "bearing": plain(p.bearing), "do": p.do}


def _here(text: str, path: str, asked: Collection[str]) -> str:
    """The text with the path in its commands, and without a command that asks what is not asked here."""
    return pasteable(_ASKS.sub(lambda found: found[0] if found[1] in asked else "", text), path)


def _cited(cited: Iterable[Cited], path: str, asked: Collection[str]) -> Iterator[str]:
    rows = tuple(cited)
    applies = [c for c in rows if c.applies is Applies.YES]
    for one in applies:
        yield f"  {_bearing(one.provision.bearing)}: {_one(one)}"
        if one.provision.do:
            yield _("      then: {do}").format(do=_here(clean(_(one.provision.do)), path, asked))
    if not applies:
        yield _("  nothing in it is known to apply")
    for one in rows:
        if one.applies is Applies.UNKNOWN:
            yield _("  cannot tell, since {facts} is not known: {says}").format(
                facts=", ".join(one.waits_for), says=_one(one)
            )


def _one(cited: Cited) -> str:
    return f"{clean(_(cited.provision.says))} [{clean(cited.provision.rests_on)}]"


def _bearing(bearing: Bearing) -> str:
    return {
        Bearing.FORBIDS: _("forbids it as it is"),
        Bearing.REQUIRES: _("requires"),
        Bearing.RELIEVES: _("relieves"),
    }[bearing]

"""What is said beside the numbers: where what was found, masked, and what was not looked at."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.scanner.kinds import Tier
from weighbridge.probekit.scanner.scan import spans
from weighbridge.probes.direct_identifiers.tally import CHANCE, Found, Scanned

_MOST = 40  # lines on one table; the rest is told by its number
_LONG_NAME = 60  # characters; no header is that long, a cell may be
_ORDER = {Tier.VALIDATED.value: 0, Tier.OWN.value: 1, Tier.WEAK.value: 2, CHANCE: 3, Tier.EXAMPLE.value: 4}
_SAID = {
    Tier.VALIDATED.value: "confirmed",
    Tier.OWN.value: "by your recogniser",
    Tier.WEAK.value: "unsure",
    CHANCE: "no more than chance gives",
    Tier.EXAMPLE.value: "examples, or nobody's own",
}


def called(name: str, place: int) -> str:
    """The column's name; its place where the name itself may be somebody's data, as in a file without a header."""
    is_data = not name.strip() or len(name) > _LONG_NAME or "@" in name or bool(spans(name))
    return f"column {place}" if is_data else name


def on_found(scanned: Scanned, these: tuple[Found, ...]) -> Iterator[Phrase]:
    """A line for each column, kind and tier, the gravest first."""
    lines = sorted(these, key=lambda f: (_ORDER[f.tier], -f.counts.hits, f.at, f.pattern.slug))
    for found in lines[:_MOST]:
        shapes = sorted(shape for _, shape in scanned.memory.shapes.get((found.at, found.pattern.slug), ()))
        yield phrase(
            "{label}, {column}: {kind}: {n}, {tier} ({pattern}), in {rows} of {all} {row}s{shapes}",
            label=scanned.label, column=called(scanned.readings[found.at].name, found.at + 1), n=found.counts.hits,
            kind=found.kind.value, tier=_SAID[found.tier], pattern=found.pattern.slug, rows=found.counts.rows,
            all=scanned.memory.rows[found.at], row=scanned.row,
            shapes=f", such as {', '.join(shapes)}" if shapes else "",
        )  # fmt: skip
    if len(lines) > _MOST:
        yield phrase("{label}: {n} more such lines", label=scanned.label, n=len(lines) - _MOST)
    for at, n in enumerate(scanned.memory.failed):
        if n:
            yield phrase(
                "{label}, {column}: your recogniser failed on {n} cells, which count as not looked at",
                label=scanned.label, column=called(scanned.readings[at].name, at + 1), n=n,
            )  # fmt: skip

"""What is said beside the numbers: which columns link, what is learnt, how versions differ. No value is told."""

from __future__ import annotations

from collections.abc import Sequence

from weighbridge.core.evidence import NotApplicable, NotMeasured
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.ports import Table
from weighbridge.probekit.speaker import called
from weighbridge.probes.linkage.pairs import MOST_COLUMNS
from weighbridge.probes.linkage.search import Best
from weighbridge.probes.linkage.versions import Change

_MOST_NAMES = 8


def alone(label: str) -> NotApplicable:
    """What to say where there is nothing to lay a table beside."""
    says = (
        "{label} was laid beside no table that others hold; to do so, name an earlier release or a public table in"
        ' weighbridge.toml: [[artefact]] role = "population", path = "earlier.csv"'
    )
    return NotApplicable(because=phrase(says, label=label))


def unclear(label: str) -> NotMeasured:
    """What to say where nothing tells whether a table is about people."""
    return NotMeasured(
        because=phrase("nothing tells whether the rows of {label} are about people", label=label),
        remedy=phrase(
            "say it in weighbridge.toml, at the artefact {label}: about_people = true, or about_people = false",
            label=label,
        ),
    )


def on_apart(left: str, right: str) -> Phrase:
    """Of two tables without a common column."""
    return phrase("{left} and {right} have no columns that hold the same values", left=left, right=right)


def on_link(left: Table, right: Table, columns: Sequence[str], best: Best, learnt: Sequence[str]) -> tuple[Phrase, ...]:
    """What links two tables, how many meet, and how many would by chance."""
    matched, chance = best.linked.matched, best.linked.chance
    labels = {"left": left.label, "right": right.label}
    says = (
        "{left} and {right}: by {columns}, {once:.0f} people meet exactly one, of whom {chance:.0f} ({low:.0f} to"
        " {high:.0f}) would by chance; {n} sets of columns were tried"
    )
    notes = [
        phrase(
            says, **labels, columns=_named(left, columns), once=best.meeting.met.once / best.meeting.met.kept,
            chance=chance.value, low=chance.low, high=chance.high, n=best.n_tried,
        )
    ]  # fmt: skip
    if matched.low > 0 and learnt:
        says = "{left}: of those who are found, {right} tells also {columns}"
        notes.append(phrase(says, **labels, columns=_named(right, learnt)))
    elif matched.low > 0:
        says = (
            "{right} has no other column than those by which people of {left} are found, so nothing is learnt but that"
        )
        says += " they are in both"
        notes.append(phrase(says, **labels))
    if best.meeting.met.kept < 1:
        says = "{left} and {right}: one in {n:.0f} combinations of values was looked at, drawn by hash"
        notes.append(phrase(says, **labels, n=1 / best.meeting.met.kept))
    return tuple(notes)


def on_cut(tables: Sequence[Table], n_pairs: int, at_most: int) -> tuple[Phrase, ...]:
    """What was left out where there are many columns."""
    wide = [t.label for t in tables if len(t.columns) > MOST_COLUMNS]
    says = "{label}: only the first {n} columns that could be keys were laid beside the other's"
    notes = [phrase(says, label=label, n=MOST_COLUMNS) for label in wide]
    if n_pairs >= at_most:
        says = (
            "of the columns that hold the same values in {left} and {right} at most {n} were tried together, those with"
        )
        says += " most values first; --set linkage.pairs=N tries more"
        notes.append(phrase(says, left=tables[0].label, right=tables[1].label, n=at_most))
    return tuple(notes)


def on_change(newer: str, older: str, change: Change) -> tuple[Phrase, ...]:
    """How two versions differ."""
    says = (
        "{newer} and {older} are versions of one table: {added} people are in the first alone, {removed} in the second"
        " alone, and of {changed} other things are said; whoever has both knows who they are"
    )
    return (phrase(says, newer=newer, older=older, added=change.added, removed=change.removed, changed=change.changed),)


def _named(table: Table, columns: Sequence[str]) -> str:
    places = {c.name: n for n, c in enumerate(table.columns, 1)}
    names = [called(name, places[name]) for name in columns]
    return ", ".join(names[:_MOST_NAMES]) + (f" (+{len(names) - _MOST_NAMES})" if len(names) > _MOST_NAMES else "")

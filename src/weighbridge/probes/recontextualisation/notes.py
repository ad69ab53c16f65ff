"""What is said beside the figures, and where there are none."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.core.evidence import NotMeasured
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.ports import Table
from weighbridge.probes.recontextualisation.sources import Sources

_DECLARE = (
    'source_field = "COLUMN", source_status_field = "COLUMN", checked_on = "YYYY-MM-DD", audience_field = "COLUMN"'
)


def nothing_told(label: str) -> NotMeasured:
    """No column tells where rows come from."""
    return NotMeasured(
        because=phrase("nothing tells where the rows of {label} come from, or who could see them there", label=label),
        remedy=phrase(
            "say it in weighbridge.toml, at the artefact {label}: {line}; or, where its rows never stood in public: "
            "published_before = false",
            label=label, line=_DECLARE,
        ),
    )  # fmt: skip


def no_such_column(label: str, named: str, column: str) -> NotMeasured:
    """A declaration names a column that is not there."""
    return NotMeasured(
        because=phrase("{label} has no column {column}, which {named} names", label=label, column=column, named=named),
        remedy=phrase("mend {named} at the artefact {label} in weighbridge.toml", named=named, label=label),
    )


def no_day(label: str) -> NotMeasured:
    """A day that is none."""
    return NotMeasured(
        because=phrase("checked_on at the artefact {label} is no day", label=label),
        remedy=phrase('write it as in: checked_on = "2026-03-31"'),
    )


def no_rows(label: str) -> NotMeasured:
    """A table without rows."""
    return NotMeasured(
        because=phrase("{label} has no rows", label=label),
        remedy=phrase("put its rows in, or take {label} out of the candidate", label=label),
    )


def too_long(n_rows: int, seconds: int) -> NotMeasured:
    """More rows than the time allows."""
    return NotMeasured(
        because=phrase("{n} rows take longer than the time allowed", n=n_rows),
        remedy=phrase("allow more time: --budget {seconds}", seconds=seconds),
    )


def on_table(table: Table, sources: Sources) -> Iterator[Phrase]:
    """What was taken for granted of a table."""
    if sources.guessed:
        yield phrase(
            "{label}: taken by name or content for sources, places or times: {columns}",
            label=table.label, columns=", ".join(sources.guessed),
        )  # fmt: skip
    if sources.status and table.declared.checked_on:
        yield phrase(
            "{label}: sources were looked for on {day}; what was taken back since is not known",
            label=table.label, day=table.declared.checked_on,
        )  # fmt: skip
    elif sources.status:
        yield phrase(
            '{label}: it is not said when sources were looked for; say it: checked_on = "YYYY-MM-DD"', label=table.label
        )
    if not sources.tells_of_sources:
        yield phrase("{label}: nothing tells where its rows come from; they count as not known", label=table.label)


def no_status() -> Phrase:
    """Nobody looked whether the sources are still there."""
    return phrase(
        "whether sources are gone is not known: look for each, write there or gone into a column, and name it: "
        "source_status_field"
    )


def status_not_understood() -> Phrase:
    """The column of statuses says nothing that is known."""
    return phrase("no status of a source is understood: write there, gone or unknown, or the number that HTTP answered")


def not_looked_for(unknown: int, n: int) -> Phrase:
    """Some sources were not looked for."""
    return phrase("of {n} rows, {unknown} do not say whether their source is still there", n=n, unknown=unknown)


def no_audience() -> Phrase:
    """Nobody says who could see it."""
    return phrase("how many people could see the items is not known: name a column with that: audience_field")


def who_could_expect_it(half: int) -> Phrase:
    """Who was spoken to, beside who can read it now."""
    return phrase(
        "half of the items could be seen by at most {half} people where they stood; a release to anyone goes beyond "
        "them",
        half=half,
    )


def no_source() -> Phrase:
    """No column of sources."""
    return phrase("whether a person can be found back by the source is not known: name its column: source_field")

"""What public data may become in a new place: what was taken back, who could see it, how exactly it places people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from weighbridge.core.candidate import Belonging, Role
from weighbridge.core.evidence import Measured, NotApplicable, NotMeasured, Outcome, Quantity
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.formats import is_text
from weighbridge.probekit.ports import Bench, Probe, Table
from weighbridge.probes.recontextualisation import notes
from weighbridge.probes.recontextualisation.counting import COUNTS, N_BINS, ContextFold, Ints, bounds_of, read_state
from weighbridge.probes.recontextualisation.sources import Sources, find_sources, undeclared

_SECONDS_PER_ROW = 2e-6  # nominal, over all columns; ours
_MADE_UP = frozenset({Role.SAMPLES, Role.OUTPUTS})  # what a model made stood nowhere before
_RELEASED = (Belonging.DATA, Belonging.TRAIN_DATA, Belonging.SAMPLES)
_ABOUT = frozenset({Role.CARD, Role.PAPER, Role.LICENCE, Role.RELEASE_TEXT, Role.RECIPE, Role.PARALLEL_TEXT})
QUANTILES = (("10%", 0.1), ("50%", 0.5), ("90%", 0.9))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """See the card."""

    small_audience: int = 1000


@dataclass(slots=True, kw_only=True)
class _Sum:
    """Counts over all tables, and in which of them a column tells what."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    audiences: Ints = field(default_factory=lambda: np.zeros(N_BINS, np.int64))
    told: set[str] = field(default_factory=set)  # of: source, status, audience, place, time


def measure(bench: Bench, settings: Settings) -> Outcome:
    """Read what the owner declares of sources and audiences, and what columns tell of places and times.

    Notes
    -----
    Nothing is looked up: whether a source is gone is what the owner found and wrote down. Rows whose status or audience
    is not said may be either, so the interval runs from none of them to all of them. Shares are counted over all rows.
    """
    tables, outcome = _tables(bench)
    if outcome is not None:
        return outcome
    for table in tables:
        named, missing = undeclared(table.declared, table.columns)
        if named:
            return notes.no_such_column(table.label, named, missing)
        if not _is_day(table.declared.checked_on):
            return notes.no_day(table.label)
    found = [(table, find_sources(table, bench.seed)) for table in tables]
    telling = [s for _, s in found if s.tells_of_sources]
    if not telling:
        return notes.nothing_told(tables[0].label)
    n_rows = sum(table.n_rows for table in tables)
    if not n_rows:
        return notes.no_rows(tables[0].label)
    if bench.budget.affords(_SECONDS_PER_ROW) < n_rows:
        return notes.too_long(n_rows, int(n_rows * _SECONDS_PER_ROW) + 1)
    total = _count(bench, found, n_rows)
    said = [said for table, sources in found for said in notes.on_table(table, sources)]
    return Measured(quantities=tuple(_quantities(total, settings)), notes=(*said, *_notes(total)))


def _tables(bench: Bench) -> tuple[list[Table], Outcome | None]:
    """The released tables that may have stood in public; or what is to be said where there are none."""
    labels = {
        a.label: a for a in bench.candidate.artefacts if a.belongs in _RELEASED and a.role not in _ABOUT | _MADE_UP
    }  # fmt: skip
    tables = [t for role in Role for t in bench.tables(role) if t.label in labels]
    kept = [t for t in tables if t.declared.about_people is not False and t.declared.published_before is not False]
    if kept:
        return kept, None
    if tables:
        because = phrase("its tables are declared not to be about people, or never to have stood in public")
        return [], NotApplicable(because=because)
    texts = [a.label for a in labels.values() if is_text(a.format)]
    if texts:
        return [], NotMeasured(
            because=phrase(
                "{label} is text without columns, so that nothing tells where it comes from", label=texts[0]
            ),
            remedy=phrase(
                "save it as JSONL or CSV, with a column for the source of each text, and name that: source_field"
            ),
        )
    return [], NotApplicable(because=phrase("no table or text is to be released as data"))


def _is_day(said: str) -> bool:
    if not said:
        return True
    try:
        date.fromisoformat(said)
    except ValueError:
        return False
    return True


def _count(bench: Bench, found: Sequence[tuple[Table, Sources]], n_rows: int) -> _Sum:
    total = _Sum()
    done = 0
    for table, s in found:
        before = done

        def tick(rows: int, _of: int, before: int = before) -> None:
            bench.progress(before + rows, n_rows, "row")

        fold = ContextFold(source=s.source, status=s.status, audience=s.audience, places=s.places, time=s.time)
        if fold.columns:
            counts, audiences = read_state(table.fold(fold, tick))
            total.audiences += audiences
        else:
            counts = {"rows": table.n_rows}
        for name, n in counts.items():
            total.counts[name] += n
        total.told |= _told(s)
        done += table.n_rows
    return total


def _told(s: Sources) -> set[str]:
    is_place = s.places is not None
    told = {"source": bool(s.source), "status": bool(s.status), "audience": bool(s.audience),
            "place": is_place, "time": bool(s.time), "both": is_place and bool(s.time)}  # fmt: skip
    return {name for name, is_told in told.items() if is_told}


def _quantities(total: _Sum, settings: Settings) -> Iterator[Quantity]:
    n = total.counts["rows"]
    if total.counts["there"] + total.counts["gone"]:
        unknown = n - total.counts["there"] - total.counts["gone"]
        yield _share("source-gone-share", total.counts["gone"], unknown, n)
    if total.counts["heard"]:
        small = sum(int(rows) for b, rows in enumerate(total.audiences) if bounds_of(b)[1] < settings.small_audience)
        yield _share("small-audience-share", small, n - total.counts["heard"], n)
        yield from _sizes(total)
    if "source" in total.told:
        for trace in ("person", "item", "site"):
            yield _share("traceable-share", total.counts[trace], 0, n, ("trace", trace))
    for what in ("place", "time", "both"):
        if what in total.told:
            yield _share("precise-share", total.counts[what], 0, n, ("what", what))


def _sizes(total: _Sum) -> Iterator[Quantity]:
    """How many could see the items, at three places of the order."""
    heard = total.counts["heard"]
    below = np.cumsum(total.audiences)
    for name, share in QUANTILES:
        low, high = bounds_of(int(np.searchsorted(below, max(1, np.ceil(share * heard)))))
        yield Quantity(
            metric="audience-size", value=low, low=low, high=high, confidence=1.0, unit="person", n=heard, n_of="row",
            by=(("rank", name),),
        )  # fmt: skip


def _share(metric: str, hits: int, unknown: int, n: int, by: tuple[str, str] | None = None) -> Quantity:
    return Quantity(
        metric=metric, value=hits / n, low=hits / n, high=(hits + unknown) / n, confidence=1.0, unit="1", n=n,
        n_of="row", by=(by,) if by else (),
    )  # fmt: skip


def _notes(total: _Sum) -> Iterator[Phrase]:
    counts = total.counts
    if "status" not in total.told:
        yield notes.no_status()
    elif not counts["there"] + counts["gone"]:
        yield notes.status_not_understood()
    elif unknown := counts["rows"] - counts["there"] - counts["gone"]:
        yield notes.not_looked_for(unknown, counts["rows"])
    if "audience" not in total.told or not counts["heard"]:
        yield notes.no_audience()
    else:
        half = next(q for q in _sizes(total) if q.at("rank") == "50%")
        yield notes.who_could_expect_it(round(half.high))
    if "source" not in total.told:
        yield notes.no_source()


PROBE = Probe(settings=Settings, measure=measure)

"""Which columns of a table about people, taken together, belong to one person only."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from weighbridge.core.candidate import Belonging, Role
from weighbridge.core.evidence import Measured, NotApplicable, NotMeasured, Outcome, Quantity
from weighbridge.core.wording import Phrase, phrase
from weighbridge.maths.classes import Crowd
from weighbridge.probekit.ports import Bench, Probe, Table
from weighbridge.probes.unique_combinations.attributes import Attributes, Part, read_traits, sort_out
from weighbridge.probes.unique_combinations.combinations import (
    DECLARED,
    IDENTIFIER,
    Curve,
    count,
    n_counts,
    seconds_per_count,
)
from weighbridge.probes.unique_combinations.contradictions import contradicted, undeclarable
from weighbridge.probes.unique_combinations.notes import Speaker, guessed_people, on_attributes, on_curve, on_tables
from weighbridge.probes.unique_combinations.people import about_people

_OPEN = 0.95  # confidence of a number that is open because of what nobody said; below 1, as nothing was drawn; ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """See the card."""

    k: int = 11
    max_columns: int = 3
    steps: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Study:
    """A table about people, sorted out and ready to be counted."""

    table: Table
    attributes: Attributes
    speaker: Speaker
    notes: tuple[Phrase, ...]


def measure(bench: Bench, settings: Settings) -> Outcome:
    """Count every combination of columns that others could know, in every released table about people."""
    tables = _released(bench)
    if not tables:
        return NotApplicable(because=phrase("no table is to be released; those that are there serve as evidence only"))
    seen = [_study(bench, table, settings) for table in tables]
    studies = [s for s in seen if isinstance(s, _Study)]
    unclear = [s for s in seen if isinstance(s, NotMeasured)]
    aside = [s for s in seen if isinstance(s, NotApplicable)]
    if not studies:
        return unclear[0] if unclear else aside[0]
    dear = _too_dear(bench, studies, settings)
    if dear:
        return dear
    curves = _count_all(bench, studies, settings)
    quantities, worst = _quantities(curves, complete=not unclear)
    notes = [note for s, curve in zip(studies, curves, strict=True) for note in (*s.notes, *on_curve(curve, s.speaker))]
    notes += [a.because for a in aside] + [said for u in unclear for said in (u.because, u.remedy)]
    return Measured(quantities=quantities, notes=(*on_tables(worst, len(curves)), *notes))


def _released(bench: Bench) -> tuple[Table, ...]:
    kept = {a.label for a in bench.candidate.artefacts if a.belongs is Belonging.EVIDENCE_ONLY}
    return tuple(table for role in Role for table in bench.tables(role) if table.label not in kept)


def _study(bench: Bench, table: Table, settings: Settings) -> _Study | NotApplicable | NotMeasured:
    label, columns = table.label, table.columns
    faulty = undeclarable(table, [c.name for c in columns])
    if faulty:
        return faulty
    if not table.n_rows:
        return NotMeasured(
            because=phrase("{label} has no rows", label=label),
            remedy=phrase("put its rows in, or take {label} out of the candidate", label=label),
        )
    traits = read_traits(table, columns)
    people, speaker = about_people(table.declared, traits), Speaker(traits)
    if people.declared and people.are is False:
        return NotApplicable(because=phrase("{label} is declared not to be about people", label=label))
    if people.declared and people.are is None:
        return contradicted(label, speaker.meant(people.by, traits))
    if people.are is False:
        says = "{label} looks like measurements or texts, not like rows about people; if they are: about_people = true"
        return NotApplicable(because=phrase(says, label=label))
    if people.are is None:
        return NotMeasured(
            because=phrase("nothing tells whether the rows of {label} are about people", label=label),
            remedy=phrase(
                "say it in weighbridge.toml, at the artefact {label}: about_people = true, or about_people = false",
                label=label,
            ),
        )
    attributes = sort_out(table, traits, steps=settings.steps, seed=bench.seed)
    if not attributes.of(Part.QUASI) and not attributes.identifiers:
        return NotMeasured(
            because=phrase(
                "{label} is about people, and nothing tells which of its columns others could know", label=label
            ),
            remedy=phrase(
                "name them in weighbridge.toml, at the artefact {label}: {line}",
                label=label,
                line=speaker.line("quasi_identifiers", (attributes.of(Part.REST) or [c.name for c in columns])[:3]),
            ),
        )
    notes = guessed_people(label, people, speaker) + on_attributes(label, attributes, table.declared, speaker)
    return _Study(table=table, attributes=attributes, speaker=speaker, notes=notes)


def _too_dear(bench: Bench, studies: Sequence[_Study], settings: Settings) -> NotMeasured | None:
    """What to say where the time allowed does not reach for every combination; a part of them would be no answer."""
    seconds = sum(
        n_counts(s.attributes, max_columns=settings.max_columns)
        * seconds_per_count(s.attributes, n_rows=s.table.n_rows)
        for s in studies
    )
    if bench.budget.affords(seconds) >= 1:
        return None
    big = max(studies, key=lambda s: n_counts(s.attributes, max_columns=settings.max_columns) * s.table.n_rows)
    return NotMeasured(
        because=phrase(
            "{label}: {columns} columns that others could know make {n} combinations of {rows} rows: {minutes} min",
            label=big.table.label,
            columns=len(big.attributes.of(Part.QUASI)),
            n=n_counts(big.attributes, max_columns=settings.max_columns),
            rows=big.table.n_rows,
            minutes=math.ceil(seconds / 60),
        ),
        remedy=phrase(
            "allow more time: --budget {seconds}; or name fewer in weighbridge.toml, at the artefact {label}: {line}",
            seconds=math.ceil(seconds),
            label=big.table.label,
            line=big.speaker.line("quasi_identifiers", big.attributes.of(Part.QUASI)[:10]),
        ),
    )


def _count_all(bench: Bench, studies: Sequence[_Study], settings: Settings) -> list[Curve]:
    done, of = 0, sum(n_counts(s.attributes, max_columns=settings.max_columns) for s in studies)

    def tick() -> None:
        nonlocal done
        bench.progress(done, of, "combination")
        done += 1

    return [count(s.table, s.attributes, k=settings.k, max_columns=settings.max_columns, tick=tick) for s in studies]


def _quantities(curves: Sequence[Curve], *, complete: bool) -> tuple[tuple[Quantity, ...], dict[str, str]]:
    """The worst of all tables for each number, and whose it is over the whole declared set.

    Where a table could not be counted (`complete` is false) the worst may be worse than the worst that was seen: the
    interval then reaches to the end of the scale, so that what was seen can breach a rule and cannot satisfy it.
    """
    quantities: list[Quantity] = []
    whose: dict[str, str] = {}
    for value in sorted({value for curve in curves for value, _ in curve.points}):  # 1, 2, 3, declared, identifier
        found = [(curve, crowd) for curve in curves for at, crowd in curve.points if at == value]
        by = (("columns", value),)
        for metric in ("unique-share", "small-class-share", "smallest-class"):
            curve, crowd = max(found, key=lambda pair: _badness(metric, pair[1]))
            number = _number(metric, crowd)
            low, high = number, max(number, *(_reach(metric, value, each) for each in curves))
            if not complete:
                high = 1.0
            is_open = not complete or any(c.is_open or (c.beyond and value != IDENTIFIER) for c in curves)
            if metric == "smallest-class":
                low, high = (1.0 if is_open else number), number
            unit = "count" if metric == "smallest-class" else "1"
            quantities.append(
                Quantity(
                    metric=metric,
                    value=number,
                    low=low,
                    high=high,
                    confidence=_OPEN if is_open and complete else 1.0,
                    unit=unit,
                    n=crowd.n,
                    n_of=curve.n_of,
                    by=by,
                )
            )
            if value == DECLARED:
                whose[metric] = curve.table
    return tuple(quantities), whose


def _reach(metric: str, value: str, curve: Curve) -> float:
    """How high a share may be for what was not said: whose several rows are, and which columns others could know."""
    if metric == "smallest-class":
        return 0.0
    if curve.is_open:
        return 1.0
    return _number(metric, curve.beyond) if curve.beyond and value != IDENTIFIER else 0.0


def _number(metric: str, crowd: Crowd) -> float:
    match metric:
        case "unique-share":
            return crowd.unique_share
        case "small-class-share":
            return crowd.small_share
        case _:
            return float(crowd.smallest)


def _badness(metric: str, crowd: Crowd) -> float:
    return -_number(metric, crowd) if metric == "smallest-class" else _number(metric, crowd)


PROBE = Probe(settings=Settings, measure=measure)

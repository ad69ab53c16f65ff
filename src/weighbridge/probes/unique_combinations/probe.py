"""Which columns of a table about people, taken together, belong to one person only."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from weighbridge.core.evidence import Measured, NotApplicable, NotMeasured, Outcome
from weighbridge.core.wording import phrase
from weighbridge.probekit.attributes import Part
from weighbridge.probekit.ports import Bench, Probe
from weighbridge.probekit.studies import Study, released, study
from weighbridge.probes.unique_combinations.combinations import Counter
from weighbridge.probes.unique_combinations.diversity import diversity, is_untold
from weighbridge.probes.unique_combinations.notes import on_tables, on_weighed
from weighbridge.probes.unique_combinations.planning import n_planned, plan_for, seconds_needed
from weighbridge.probes.unique_combinations.population import beyond_table
from weighbridge.probes.unique_combinations.quantities import Weighed, quantities_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """See the card."""

    k: int = 11
    max_columns: int = 3
    steps: int = 20


def measure(bench: Bench, settings: Settings) -> Outcome:
    """Count every combination of columns that others could know, in every released table about people."""
    tables = released(bench)
    if not tables:
        return NotApplicable(because=phrase("no table is to be released; those that are there serve as evidence only"))
    seen = [study(bench, table, steps=settings.steps) for table in tables]
    studies = [s for s in seen if isinstance(s, Study)]
    unclear = [s for s in seen if isinstance(s, NotMeasured)]
    aside = [s for s in seen if isinstance(s, NotApplicable)]
    if not studies:
        return unclear[0] if unclear else aside[0]
    dear = _too_dear(bench, studies)
    if dear:
        return dear
    weighed = _weigh_all(bench, studies, settings)
    quantities, worst = quantities_of(weighed, is_complete=not unclear)
    notes = [note for s, w in zip(studies, weighed, strict=True) for note in (*s.notes, *on_weighed(w, s.speaker))]
    notes += [a.because for a in aside] + [said for u in unclear for said in (u.because, u.remedy)]
    return Measured(quantities=quantities, notes=(*on_tables(worst, len(weighed)), *notes))


def _too_dear(bench: Bench, studies: Sequence[Study]) -> NotMeasured | None:
    """What to say where the time allowed does not even reach for each column alone and all of them together."""
    seconds = sum(seconds_needed(s.attributes) for s in studies)
    if bench.budget.affords(seconds) >= 1:
        return None
    big = max(studies, key=lambda s: seconds_needed(s.attributes))
    return NotMeasured(
        because=phrase(
            "{label}: {columns} columns that others could know, each and all together over {rows} rows: {minutes} min",
            label=big.table.label,
            columns=len(big.attributes.of(Part.QUASI)),
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


def _weigh_all(bench: Bench, studies: Sequence[Study], settings: Settings) -> list[Weighed]:
    rest = [sum(seconds_needed(s.attributes) for s in studies if s is not one) for one in studies]

    def affords(place: int, seconds: float) -> bool:
        """Whether this table may take so long; what all tables need at the least comes first, the rest is shared."""
        free = seconds - seconds_needed(studies[place].attributes)
        return bench.budget.affords(seconds + rest[place] + (len(studies) - 1) * free) >= 1

    afford = [partial(affords, place) for place in range(len(studies))]
    of = sum(
        n_planned(
            s.attributes,
            plan_for(s.attributes, s.attributes.of(Part.QUASI), max_columns=settings.max_columns, affords=fits),
            max_columns=settings.max_columns,
        )
        for s, fits in zip(studies, afford, strict=True)
    )
    done = 0

    def tick() -> None:
        nonlocal done
        bench.progress(done, of, "combination")
        done += 1

    def weigh(one: Study, fits: Callable[[float], bool]) -> Weighed:
        curve = Counter(
            bench=bench, table=one.table, attributes=one.attributes, k=settings.k,
            max_columns=settings.max_columns, affords=fits, tick=tick,
        ).count()  # fmt: skip
        whole = curve.whole
        return Weighed(
            curve=curve,
            beyond=beyond_table(bench, one.table, one.attributes, whole) if whole else None,
            is_untold=is_untold(one.attributes),
            diversity=diversity(bench, one.table, one.attributes, largest=int(whole.sizes.max())) if whole else (),
        )

    return [weigh(one, fits) for one, fits in zip(studies, afford, strict=True)]


PROBE = Probe(settings=Settings, measure=measure)

"""How many people one to four points of their trace single out, and what coarser times and places buy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from weighbridge.core.evidence import Measured, NotApplicable, NotMeasured, Outcome, Quantity
from weighbridge.core.wording import Phrase, phrase
from weighbridge.maths.proportions import clopper_pearson
from weighbridge.probekit.hashes import key_of
from weighbridge.probekit.moments import form_of
from weighbridge.probekit.places import companions, locate, place_column
from weighbridge.probekit.ports import Bench, Column, ColumnType, Probe, Table
from weighbridge.probekit.positions import Form
from weighbridge.probekit.studies import released
from weighbridge.probes.trace_unicity.matching import Search, search
from weighbridge.probes.trace_unicity.points import FATES, Sources
from weighbridge.probes.trace_unicity.sampling import POINTS, Drawn, Sample, nothing_used

CONFIDENCE = 0.95
_LOOK = 200
_UNREAD = "{label}: the times in {column} could not be read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """See the card."""

    sampled_persons: int = 1000
    latitude: str = ""
    longitude: str = ""
    position: str = ""
    place: str = ""
    time: str = ""


def measure(bench: Bench, settings: Settings) -> Outcome:
    """Draw people and points of theirs, and look for others who were there too."""
    tables = released(bench)
    if not tables:
        return NotApplicable(because=phrase("no table is to be released; those that are there serve as evidence only"))
    told: list[Measured] = []
    aside: list[NotApplicable] = []
    unclear: list[NotMeasured] = []
    for table in tables:
        sources = _sources(table, settings, bench.seed)
        made = _weighed(bench, table, sources, settings) if isinstance(sources, Sources) else sources
        if isinstance(made, Measured):
            told.append(made)
        elif isinstance(made, NotMeasured):
            unclear.append(made)
        else:
            aside.append(made)
    if not told:
        return unclear[0] if unclear else aside[0]
    notes = [note for made in told for note in made.notes]
    notes += [said for u in unclear for said in (u.because, u.remedy)]
    return Measured(quantities=_worst(told, complete=not unclear), notes=tuple(dict.fromkeys(notes)))


def _sources(table: Table, settings: Settings, seed: int) -> Sources | NotApplicable | NotMeasured:
    """The columns that make a trace, or why there is none."""
    label, columns = table.label, {c.name: c for c in table.columns}
    if table.declared.about_people is False and not table.declared.person:
        return NotApplicable(because=phrase("{label} is declared not to be about people", label=label))
    named = (settings.position,) if settings.position else (settings.latitude, settings.longitude)
    located = locate(table, tuple(name for name in named if name in columns), seed=seed)
    places = next((p for p in located.places if p.form is not Form.H3), None)
    cell = next((p.columns[0] for p in located.places if p.form is Form.H3), "")
    beside = companions(table, places.columns if places else ())
    place = settings.place if settings.place in columns else cell
    place = place or ("" if places else place_column(table, (beside.person, beside.time)))
    time = settings.time if settings.time in columns else beside.time
    if not (places or place) or not time:
        return NotApplicable(because=phrase("no columns of {label} say both where and when", label=label))
    if beside.count and not beside.person:
        return NotApplicable(because=phrase("{label} holds counts, and no traces of single people", label=label))
    if not beside.person:
        return _nobody(table, columns)
    form = "" if columns[time].type is not ColumnType.TEXT else form_of(table.sample(time, _LOOK, seed))
    if form is None:
        return NotMeasured(because=phrase(_UNREAD, label=label, column=time), remedy=_in_iso())
    return Sources(
        person=beside.person, time=time, form=form, places=None if settings.place in columns else places,
        place=place, key=key_of(seed, "trace-unicity"),
    )  # fmt: skip


def _in_iso() -> Phrase:
    return phrase(
        "write times as 2026-01-31T23:59:59 (ISO 8601), or name their column: --set trace-unicity.time=COLUMN"
    )


def _nobody(table: Table, columns: dict[str, Column]) -> NotMeasured:
    says = "{label} says where and when, and no column tells whose points these are"
    remedy = 'name it in weighbridge.toml, at the artefact {label}: person = "COLUMN"; or: about_people = false'
    return NotMeasured(
        because=phrase(says, label=table.label), remedy=phrase(remedy, label=table.label, columns=len(columns))
    )


def _weighed(
    bench: Bench, table: Table, sources: Sources, settings: Settings
) -> Measured | NotApplicable | NotMeasured:
    def tick(done: int, of: int) -> None:
        bench.progress(done, of, "row")

    drawing = Drawn(sources=sources, persons=settings.sampled_persons)
    sample = drawing.opened(table.fold(drawing, tick))
    if nothing_used(sample):
        says = "no row of {label} has a person, a place and a time that can be read"
        return NotMeasured(because=phrase(says, label=table.label), remedy=_in_iso())
    looked = search(sample, sources)
    if int(looked.n_points.max()) < 2:
        return NotApplicable(because=phrase("nobody in {label} has more than one point: no traces", label=table.label))
    for share in looked.crowds(sample.n_persons):
        fold = looked.visitors(share)
        looked.learn(fold, table.fold(fold, tick))
        if not looked.through:
            return NotMeasured(
                because=phrase("{label}: too many people share every point to look for them", label=table.label),
                remedy=phrase("weigh a part of its time or area, as a table of its own"),
            )
    return Measured(quantities=_shares(looked), notes=_notes(table, sources, sample, looked))


def _shares(looked: Search) -> tuple[Quantity, ...]:
    made = []
    for n, detail in enumerate(looked.sources.details):
        for points in range(1, POINTS + 1):
            alone = looked.is_unique(n, points)
            share = clopper_pearson(int(alone.sum()), len(alone), confidence=CONFIDENCE)
            made.append(
                Quantity(
                    metric="unique-trace-share",
                    value=share.value,
                    low=share.low,
                    high=share.high,
                    confidence=CONFIDENCE,
                    unit="1",
                    n=len(alone),
                    n_of="person",
                    by=(("points", str(points)), ("detail", detail)),
                )
            )
    return tuple(made)


def _notes(table: Table, sources: Sources, sample: Sample, looked: Search) -> tuple[Phrase, ...]:
    label = table.label
    where = " + ".join(sources.places.columns) if sources.places else sources.place
    says = (
        "{label}: {n} of about {of} people ({person}) were looked for, by where they were ({where}) and when ({time})"
    )
    notes = [
        phrase(
            says,
            label=label, n=looked.through, of=round(sample.n_persons), person=sources.person, where=where,
            time=sources.time,
        )
    ]  # fmt: skip
    few = int((looked.n_points[: looked.through] < POINTS).sum())
    if few:
        says = "{label}: {n} of these have fewer than four points; what is known of them is all that they have"
        notes.append(phrase(says, label=label, n=few))
    if sources.places and sources.places.is_swapped:
        says = "{label}: {columns}: latitude and longitude are swapped, and were read the other way round"
        notes.append(phrase(says, label=label, columns=where))
    if looked.through < len(looked.persons):
        says = "{label}: so many people share points that {n} sampled persons were left out, at random"
        notes.append(phrase(says, label=label, n=len(looked.persons) - looked.through))
    for fate, n in zip(FATES[1:], sample.fates[1:].tolist(), strict=True):
        if n:
            why = {"nobody": "no person", "nowhere": "no place"}.get(fate, fate)
            notes.append(phrase("{label}: {n} rows were left out: {why} that can be read", label=label, n=n, why=why))
    if sources.form.startswith(("%d/%m", "%m/%d")):
        notes.append(phrase("{label}: times were read as {form}", label=label, form=sources.form))
    return tuple(notes)


def _worst(told: Sequence[Measured], *, complete: bool) -> tuple[Quantity, ...]:
    """The worst of all tables; where one was not read, it may be worse still."""
    found: dict[tuple[tuple[str, str], ...], Quantity] = {}
    for quantity in (q for made in told for q in made.quantities):
        before = found.get(quantity.by)
        if before is None or quantity.value > before.value:
            found[quantity.by] = replace(quantity, high=max(quantity.high, before.high if before else 0.0))
        else:
            found[quantity.by] = replace(before, high=max(before.high, quantity.high))
    return tuple(found.values()) if complete else tuple(replace(q, high=1.0) for q in found.values())


PROBE = Probe(settings=Settings, measure=measure)

"""Which direct identifiers stand in the data: column by column, and in free text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from weighbridge.core.candidate import Artefact, Belonging, Role
from weighbridge.core.evidence import Measured, NotApplicable, NotMeasured, Outcome, Silent, not_measured
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.folds import ROW, canonical
from weighbridge.probekit.formats import is_table, is_text
from weighbridge.probekit.ports import Bench, Probe, Stream, Table
from weighbridge.probekit.recognisers import load
from weighbridge.probekit.scanner.kinds import Tier
from weighbridge.probekit.scanner.phones import regions as known_regions
from weighbridge.probekit.scanner.scan import check_ready
from weighbridge.probes.direct_identifiers.fold import IdentifierFold
from weighbridge.probes.direct_identifiers.lines import lines
from weighbridge.probes.direct_identifiers.memory import Memory
from weighbridge.probes.direct_identifiers.notes import on_found
from weighbridge.probes.direct_identifiers.reading import Reading, Way, readings
from weighbridge.probes.direct_identifiers.tally import CHANCE, Found, Scanned, found_in, quantities

_DATA = (Belonging.DATA, Belonging.TRAIN_DATA, Belonging.SAMPLES)
_BESIDE = (Role.CARD, Role.LICENCE, Role.PAPER, Role.RECIPE, Role.RELEASE_TEXT, Role.CODE)  # their authors sign them
_TEXT = Reading("text", Way.TEXT, "", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """See the card."""

    regions: str = ""
    recogniser: str = ""


def measure(bench: Bench, settings: Settings) -> Outcome:
    """Scan every row of every table and text that is to be released as data.

    Notes
    -----
    Counts are exact over what was read: every row is, none is sampled. A file that could not be read raises the upper
    ends. What belongs to a release beside its data (a card, a paper, a licence) names its authors by right, and is not
    looked at.
    """
    artefacts = [a for a in bench.candidate.artefacts if a.belongs in _DATA and a.role not in _BESIDE]
    tables = _tables(bench)
    if not artefacts and not tables:
        return NotApplicable(because=phrase("no data is to be released"))
    check_ready()
    regions = _regions(settings.regions)
    if settings.recogniser:
        load(settings.recogniser)
    scanned = [_scan_table(bench, table, regions, settings.recogniser) for table in tables]
    texts, unread = _scan_texts(bench, artefacts, regions, settings.recogniser)
    scanned += texts
    if not scanned:
        return NotMeasured(
            because=phrase("no data of it can be read as a table or a text"),
            remedy=phrase("save it as CSV, Parquet, JSONL, Arrow or plain text, then: weighbridge weigh DIR"),
        )
    told = [(one, found_in(one)) for one in scanned]
    for one, these in told:
        _point_out(bench, one, these)
    failed = sum(any(one.memory.failed) for one in scanned)
    tiers = [Tier.VALIDATED.value, Tier.WEAK.value, Tier.EXAMPLE.value, CHANCE]
    tiers += [Tier.OWN.value] if settings.recogniser else []
    notes = [note for one, these in told for note in on_found(one, these)]
    made = tuple(quantities(told, n_unread=len(unread) + failed, tiers=tiers))
    return Measured(quantities=made, notes=(*notes, *_on_unread(unread)))


def _regions(written: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(region.upper() for region in re.split(r"[\s,;]+", written) if region))
    found = tuple("GB" if region == "UK" else region for region in found)
    unknown = [region for region in found if region not in known_regions()]
    if unknown:
        not_measured(
            phrase("no region is called {regions}", regions=", ".join(unknown)),
            phrase("name ISO 3166 codes: --set direct-identifiers.regions=FR,SN"),
        )
    return found


def _tables(bench: Bench) -> list[Table]:
    kept = {a.label for a in bench.candidate.artefacts if a.belongs not in _DATA}
    return [table for role in Role for table in bench.tables(role) if table.label not in kept]


def _scan_table(bench: Bench, table: Table, regions: tuple[str, ...], recogniser: str) -> Scanned:
    read = readings(table)
    fold = IdentifierFold(readings=read, regions=regions, recogniser=recogniser)
    bench.progress(0, max(1, table.n_rows), "row")
    state = table.fold(fold, tick=lambda done, of: bench.progress(done, max(1, of), "row"))
    return Scanned(label=table.label, readings=read, memory=Memory.unpacked(state), n_rows=table.n_rows, row="row")


def _scan_texts(
    bench: Bench, artefacts: Sequence[Artefact], regions: tuple[str, ...], recogniser: str
) -> tuple[list[Scanned], list[Phrase]]:
    """The texts of files that are no tables, and what of the data cannot be read as either."""
    strange = [a for a in artefacts if not is_table(a.format)]
    fold = IdentifierFold(readings=(_TEXT,), regions=regions, recogniser=recogniser)
    others = {a.label: a for a in strange if not is_text(a.format)}
    made = [
        one
        for stream in bench.streams()
        if stream.artefact.label in others
        if (one := _scan_lines(bench, stream, fold))
    ]
    unread = [_cannot_read(a) for label, a in others.items() if label not in {one.label for one in made}]
    for role in dict.fromkeys(a.role for a in strange if is_text(a.format)):
        labels = [a.label for a in strange if a.role is role and is_text(a.format)]
        try:
            scanned = tuple(_scan_role(bench, role, labels, fold))
            made += [one for one in scanned if one.n_rows]
            unread += [phrase("{label}: no text was found in it", label=one.label) for one in scanned if not one.n_rows]
        except Silent as silence:
            because = silence.outcome.because
            unread += [
                phrase("{label} could not be read: {because}", label=label, because=str(because)) for label in labels
            ]
    return made, unread


def _scan_role(bench: Bench, role: Role, labels: Sequence[str], fold: IdentifierFold) -> Iterator[Scanned]:
    memories = {label: Memory.empty(1) for label in labels}
    n_read = dict.fromkeys(labels, 0)
    for documents in bench.texts(role).batches():
        bench.progress(0, 1, "text")
        if documents.label not in memories:
            continue  # of a table, which was scanned as one
        n = len(documents.text)
        numbers = pa.array(np.arange(documents.first_record, documents.first_record + n, dtype=np.int64))
        batch = pa.RecordBatch.from_arrays([numbers, documents.text], names=[ROW, _TEXT.name])
        memories[documents.label].add(Memory.unpacked(fold.map(canonical(batch))))
        n_read[documents.label] += n
    for label in labels:
        yield Scanned(label=label, readings=(_TEXT,), memory=memories[label], n_rows=n_read[label], row="text")


def _scan_lines(bench: Bench, stream: Stream, fold: IdentifierFold) -> Scanned | None:
    """A file of plain text in a form of its own, line by line; None where it is no plain text."""
    memory, n_read = Memory.empty(1), 0
    with stream.open() as reader:
        for block in lines(reader):
            bench.progress(0, 1, "line")
            if block is None:
                return None
            numbers = pa.array(np.arange(n_read + 1, n_read + 1 + len(block), dtype=np.int64))
            batch = pa.RecordBatch.from_arrays([numbers, pa.array(block, pa.string())], names=[ROW, _TEXT.name])
            memory.add(Memory.unpacked(fold.map(batch)))
            n_read += len(block)
    return Scanned(label=stream.artefact.label, readings=(_TEXT,), memory=memory, n_rows=n_read, row="line")


def _cannot_read(artefact: Artefact) -> Phrase:
    return phrase("{label} is {format}, and was not looked at", label=artefact.label, format=artefact.format)


def _on_unread(unread: Sequence[Phrase]) -> Iterator[Phrase]:
    yield from unread[:5]
    if len(unread) > 5:
        yield phrase("{n} more files were not looked at", n=len(unread) - 5)


def _point_out(bench: Bench, scanned: Scanned, these: Sequence[Found]) -> None:
    for found in these:
        if found.tier in (Tier.EXAMPLE.value, CHANCE):
            continue
        for row in sorted(scanned.memory.places.get((found.at, found.pattern.slug), ())):
            bench.point_out(scanned.label, row, f"{found.kind.value} ({found.tier})")


PROBE = Probe(settings=Settings, measure=measure)

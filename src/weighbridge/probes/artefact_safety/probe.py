"""Whether files hold code, secrets, or licences that contradict each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from weighbridge.core.candidate import Artefact, Belonging
from weighbridge.core.evidence import Measured, NotApplicable, Outcome, Quantity
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.ports import Bench, Probe, Stream
from weighbridge.probekit.tape import Allowance
from weighbridge.probes.artefact_safety.inspection import Found, Inspection
from weighbridge.probes.artefact_safety.opinions import Tally
from weighbridge.probes.artefact_safety.reading import Reading, licence_reading

_NAMED = 5  # files named in notes; the rest are counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Bounds on what is unpacked."""

    unpack_mib: int = 256
    unpack_ratio: int = 250
    entries: int = 200_000


def measure(bench: Bench, settings: Settings) -> Outcome:
    """Look through every file that would be released.

    Notes
    -----
    Counts are exact over what could be read. A file that could not be read to its end (encrypted, cut off, packed
    beyond the bounds) raises the upper end of code and secrets by one: it is neither condemned nor called clean.
    Evidence-only files do not leave, and are not looked at.
    """
    streams = [stream for stream in bench.streams() if stream.artefact.belongs is not Belonging.EVIDENCE_ONLY]
    if not streams:
        return NotApplicable(because=phrase("no file is to be released: all serve as evidence only"))
    looked = _look(bench, streams, settings)
    licences = licence_reading(bench.candidate, tuple(s for _, found in looked for s in found.statements))
    for pointed in licences.conflicts:
        bench.point_out(pointed.label, pointed.line, f"licence conflict: {pointed.rule}")
    quantities = (*_code(looked), *_secrets(looked), *_counts(looked, licences))
    set_aside = len(bench.candidate.artefacts) - len(streams)
    return Measured(quantities=quantities, notes=(*_notes(looked, set_aside), *licences.notes))


def _look(bench: Bench, streams: Sequence[Stream], settings: Settings) -> list[tuple[Artefact, Found]]:
    total = sum(stream.artefact.size_bytes for stream in streams)
    done = 0

    def passed(n: int) -> None:
        nonlocal done
        done += n
        bench.progress(min(done, total), total, "byte")

    looked: list[tuple[Artefact, Found]] = []
    before = 0
    for stream in streams:
        artefact = stream.artefact
        n_bytes = max(settings.unpack_mib << 20, settings.unpack_ratio * artefact.size_bytes)
        allowance = Allowance(bytes_left=n_bytes, entries_left=settings.entries, tick=lambda: passed(0))
        inspection = Inspection(artefact=artefact, allowance=allowance, point_out=bench.point_out, passed=passed)
        with stream.open() as reader:
            looked.append((artefact, inspection.look(reader)))
        before += artefact.size_bytes
        done = before  # whatever was skipped in it counts as gone through
        passed(0)
    return looked


def _count(metric: str, value: int, n: int, n_of: str, *, more: int = 0, kind: str = "") -> Quantity:
    return Quantity(
        metric=metric, value=value, low=value, high=value + more, confidence=1.0, unit="count", n=n, n_of=n_of,
        by=(("kind", kind),) if kind else (),
    )  # fmt: skip


def _code(looked: Sequence[tuple[Artefact, Found]]) -> Iterable[Quantity]:
    n = len(looked)
    n_code = sum(bool(found.code) for _, found in looked)
    unread = sum(found.is_unread and not found.code for _, found in looked)
    yield _count("code-bearing-files", n_code, n, "file", more=unread)
    for kind in sorted({kind for _, found in looked for kind in found.code}):
        with_kind = sum(kind in found.code for _, found in looked)
        more = sum(found.is_unread and kind not in found.code for _, found in looked)
        yield _count("code-bearing-files", with_kind, n, "file", more=more, kind=kind)


def _secrets(looked: Sequence[tuple[Artefact, Found]]) -> Iterable[Quantity]:
    lines = sum(found.n_lines for _, found in looked)
    unread = sum(found.is_unread for _, found in looked)
    yield _count("secrets", sum(found.secrets.total() for _, found in looked), lines, "line", more=unread)
    for kind in sorted({kind for _, found in looked for kind in found.secrets}):
        n_kind = sum(found.secrets[kind] for _, found in looked)
        yield _count("secrets", n_kind, lines, "line", more=unread, kind=kind)


def _counts(looked: Sequence[tuple[Artefact, Found]], licences: Reading) -> Iterable[Quantity]:
    yield _count("licence-conflicts", len(licences.conflicts), licences.n_compared, "licence statement")
    unknown = sum(found.is_unknown and not found.code for _, found in looked)
    yield _count("unknown-files", unknown, len(looked), "file")


def _notes(looked: Sequence[tuple[Artefact, Found]], set_aside: int) -> Iterable[Phrase]:
    if set_aside:
        yield phrase("{n} files are evidence only: they do not leave, and were not looked at", n=set_aside)
    coded = [(artefact.label, ", ".join(sorted(found.code))) for artefact, found in looked if found.code]
    for label, kinds in coded[:_NAMED]:
        yield phrase("{label} holds code: {kinds}", label=label, kinds=kinds)
    secret = [(artefact.label, found.secrets.total()) for artefact, found in looked if found.secrets]
    for label, n in secret[:_NAMED]:
        yield phrase("{label} holds what looks like secrets: {n}", label=label, n=n)
    unread = [artefact.label for artefact, found in looked if found.is_unread]
    for label in unread[:_NAMED]:
        yield phrase(
            "{label} could not be read to its end: encrypted, broken, or packed beyond our bounds", label=label
        )
    unknown = [artefact.label for artefact, found in looked if found.is_unknown and not found.code]
    for label in unknown[:_NAMED]:
        yield phrase("{label} is of a format that is not known to be free of code", label=label)
    left = sum(max(0, len(found) - _NAMED) for found in (coded, secret, unread, unknown))
    if left:
        yield phrase("{n} more findings of these kinds are counted and not named here", n=left)
    yield from _pickle_notes(looked)


def _pickle_notes(looked: Sequence[tuple[Artefact, Found]]) -> Iterable[Phrase]:
    total = Tally()
    for _, found in looked:
        total.add(found.pickles)
    if total.n:
        yield phrase(
            "of {n} pickles, {ours} import more than numbers need, {theirs} what picklescan knows from attacks",
            n=total.n, ours=total.ours, theirs=total.theirs,
        )  # fmt: skip
    if total.split:
        yield phrase(
            "on {n} of them our reading and picklescan's disagree; all count as code either way", n=total.split
        )


PROBE = Probe(settings=Settings, measure=measure)

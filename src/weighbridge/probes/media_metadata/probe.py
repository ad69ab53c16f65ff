"""Whether pictures, sound and film tell more than they show: where, when, by whom and with what they were taken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from weighbridge.core.candidate import Belonging
from weighbridge.core.evidence import Measured, NotApplicable, NotMeasured, Outcome, Quantity
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.cell_bytes import TABLES
from weighbridge.probekit.formats import is_media, may_hold_media
from weighbridge.probekit.ports import Bench, Probe, Stream
from weighbridge.probekit.tape import Allowance
from weighbridge.probes.media_metadata.kinds import Kind
from weighbridge.probes.media_metadata.survey import Survey, Tally

_SECONDS_EACH = 5e-4  # nominal, for one file; ours, of benchmarks/media.py


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Bounds on what is unpacked."""

    member_mib: int = 64
    unpack_mib: int = 256
    unpack_ratio: int = 250
    entries: int = 5_000_000


def measure(bench: Bench, settings: Settings) -> Outcome:
    """Look through the metadata of every picture, sound and film that would be released.

    Notes
    -----
    Counts are exact over what could be read. A file that could not be read to its end raises the upper end of every
    kind by one, as does an archive that could not be opened. Pixels and sound are passed over: who is to be seen or
    heard is not told.
    """
    streams = [s for s in bench.streams() if s.artefact.belongs is not Belonging.EVIDENCE_ONLY]
    streams = [s for s in streams if may_hold_media(s.artefact.format, s.artefact.label) or s.artefact.format in TABLES]
    n_files = sum(is_media(s.artefact.format) for s in streams)
    if bench.budget.affords(_SECONDS_EACH) < n_files:
        return NotMeasured(
            because=phrase("{n} files take longer than the time allowed", n=n_files),
            remedy=phrase("allow more time: --budget {seconds}", seconds=int(n_files * _SECONDS_EACH) + 1),
        )
    tally = _survey(bench, streams, settings)
    if not tally.n and not tally.n_closed:
        return NotApplicable(because=phrase("there is no picture, sound or film among the files to be released"))
    if tally.n == tally.n_unread and not tally.with_kind:
        return _nothing_read(tally)
    return Measured(quantities=tuple(_quantities(tally)), notes=tuple(_notes(tally)))


def _survey(bench: Bench, streams: list[Stream], settings: Settings) -> Tally:
    tally = Tally()
    for done, stream in enumerate(streams):
        bench.progress(done, len(streams), "file")
        label, size = stream.artefact.label, stream.artefact.size_bytes

        def tick(done: int = done) -> None:
            bench.progress(done, len(streams), "file")

        def point_out(says: str, label: str = label) -> None:
            bench.point_out(label, 1, says)

        n_bytes = max(settings.unpack_mib << 20, settings.unpack_ratio * size)
        allowance = Allowance(bytes_left=n_bytes, entries_left=settings.entries, tick=tick)
        survey = Survey(
            allowance=allowance, member_bytes=settings.member_mib << 20, point_out=point_out, tally=tally
        )  # fmt: skip
        with stream.open() as reader:
            survey.look(reader, label)
    return tally


def _nothing_read(tally: Tally) -> NotMeasured:
    if tally.n_without_reader == tally.n and not tally.n_closed:
        return NotMeasured(
            because=phrase("the tags of {n} sound files cannot be read: tinytag is not installed", n=tally.n),
            remedy=phrase("pip install 'weighbridge[media]'"),
        )
    return NotMeasured(
        because=phrase(
            "none of {n} pictures, sounds or films could be read, and {closed} archives could not be opened",
            n=tally.n, closed=tally.n_closed,
        ),
        remedy=phrase("unpack the archives, take broken files out, then: weighbridge weigh DIR"),
    )  # fmt: skip


def _quantities(tally: Tally) -> Iterator[Quantity]:
    yield from _both(tally, "", tally.n_identifying, tally.n_may_identify)
    for kind in Kind:
        yield from _both(tally, kind.value, tally.with_kind[kind], tally.may_have[kind])
    yield _count("media-files", tally.n, tally.n, tally.n + tally.n_closed, tally.n)
    yield _count("unread-files", tally.n_unread + tally.n_closed, None, None, tally.n + tally.n_closed)


def _both(tally: Tally, kind: str, hits: int, may: int) -> Iterator[Quantity]:
    by = (("kind", kind),) if kind else ()
    unread = min(tally.n_unread, tally.n - hits - may)  # one that was read in part may be a hit already
    yield _count("files-telling", hits, hits, hits + may + unread + tally.n_closed, tally.n, by)
    yield Quantity(
        metric="telling-share", value=hits / tally.n, low=hits / tally.n, high=(hits + may + unread) / tally.n,
        confidence=1.0, unit="1", n=tally.n, n_of="file", by=by,
    )  # fmt: skip


def _count(
    metric: str, value: int, low: int | None, high: int | None, n: int, by: tuple[tuple[str, str], ...] = ()
) -> Quantity:
    return Quantity(
        metric=metric, value=value, low=value if low is None else low, high=value if high is None else high,
        confidence=1.0, unit="count", n=n, n_of="file", by=by,
    )  # fmt: skip


def _notes(tally: Tally) -> Iterator[Phrase]:
    yield phrase("the pixels and the sound themselves are not weighed: who or what is to be seen or heard in them")
    told = ", ".join(f"{format_} {n}" for format_, n in sorted(tally.formats.items()))
    yield phrase("pictures, sound and film looked at, by format: {told}", told=told)
    if tally.n_without_reader:
        yield phrase(
            "{n} sound files were not read, since tinytag is not installed: pip install 'weighbridge[media]'",
            n=tally.n_without_reader,
        )
    if broken := tally.n_unread - tally.n_without_reader:
        yield phrase("{n} files could not be read to their end, and count as neither clean nor telling", n=broken)
    if tally.n_closed:
        yield phrase(
            "{n} archives, or files in them, could not be opened: what they hold is not known", n=tally.n_closed
        )
    if may := tally.may_have[Kind.DEVICE_SERIAL]:
        yield phrase(
            "{n} pictures carry a block of their camera's maker that was not read; it may hold the camera's number",
            n=may,
        )


PROBE = Probe(settings=Settings, measure=measure)

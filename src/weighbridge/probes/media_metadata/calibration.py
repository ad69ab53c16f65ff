"""Known weights: pictures that tell nothing, and so many among them that tell so much."""

from __future__ import annotations

import io
import tarfile
from collections import Counter

from weighbridge.core.candidate import Artefact, Belonging, Candidate, Role, Subject
from weighbridge.core.canon import digest_of_bytes
from weighbridge.probekit.bench import MemoryBench, generator
from weighbridge.probekit.formats import identify
from weighbridge.probekit.ports import Calibration, Truth, Weight
from weighbridge.probes.media_metadata import toys
from weighbridge.probes.media_metadata.kinds import Kind

_TOLD = (Kind.POSITION, Kind.DEVICE_SERIAL, Kind.PERSON_NAME, Kind.TIME, Kind.EMBEDDED_PICTURE)


def null(seed: int) -> Weight:
    """Nothing but pixels and sound."""
    return _weight(seed, 0)


def planted(seed: int) -> Weight:
    """Between 5 and 14 of the pictures tell something, by chance more than one thing."""
    return _weight(seed, 5 + int(generator(seed, "media-metadata", "planted").integers(0, 10)))


def _weight(seed: int, n_telling: int) -> Weight:
    rng = generator(seed, "media-metadata")
    counts: Counter[Kind] = Counter()
    n_identifying = 0
    files: dict[str, bytes] = {
        "a.jpg": toys.jpeg(), "b.png": toys.png(), "c.gif": toys.gif(), "d.webp": toys.webp(), "e.wav": toys.wav(),
        "f.mp3": toys.mp3(),
    }  # fmt: skip
    packed: dict[str, bytes] = {}
    for i in range(n_telling):
        kinds = {kind for kind in _TOLD if rng.random() < 0.4} or {Kind.TIME}
        counts.update(kinds)
        n_identifying += kinds != {Kind.TIME}
        where = packed if rng.random() < 0.3 else files
        name, data = _telling(int(rng.integers(0, 4)), kinds)
        where[f"{i}.{name}"] = data
    n = len(files) + len(packed)
    if packed:
        files["more.tar"] = _tar(packed)
    truths = [Truth(metric="files-telling", value=counts[kind], by=(("kind", kind.value),)) for kind in Kind]
    truths += [Truth(metric="telling-share", value=counts[kind] / n, by=(("kind", kind.value),)) for kind in Kind]
    truths += [Truth(metric="files-telling", value=n_identifying), Truth(metric="media-files", value=n)]
    truths.append(Truth(metric="unread-files", value=0))
    return Weight(bench=bench_of(files, seed=seed), truths=tuple(truths))


def _telling(how: int, kinds: set[Kind]) -> tuple[str, bytes]:
    """A picture that tells these things, in one of four formats."""
    block = toys.exif(
        [toys.text(0x013B, "Ada")] if Kind.PERSON_NAME in kinds else [toys.number(0x0100, 1)],
        deep=[
            *([toys.text(0xA431, "X1234567")] if Kind.DEVICE_SERIAL in kinds else []),
            *([toys.text(0x9003, "2019:05:04 10:11:12")] if Kind.TIME in kinds else []),
        ],
        gps=toys.position() if Kind.POSITION in kinds else (),
        thumbnail=Kind.EMBEDDED_PICTURE in kinds,
    )
    match how:
        case 0:
            return "jpg", toys.jpeg(toys.with_exif(block))
        case 1:
            return "png", toys.png(behind=[toys.chunk(b"eXIf", block)])
        case 2:
            return "webp", toys.webp((b"EXIF", block))
        case _:
            return "heic", toys.heic(block)


def _tar(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return made.getvalue()


def bench_of(files: dict[str, bytes], *, seed: int = 0, belongs: Belonging = Belonging.DATA) -> MemoryBench:
    """A bench over these files, all of them to be released unless said otherwise."""
    artefacts = tuple(
        Artefact(
            role=Role.DATA, label=label, digest=digest_of_bytes(data), size_bytes=len(data),
            format=identify(io.BytesIO(data), label), belongs=belongs,
        )
        for label, data in sorted(files.items())
    )  # fmt: skip
    candidate = Candidate(name="pictures", version="1", artefacts=artefacts, subjects=(Subject.BYTES, Subject.MEDIA))
    return MemoryBench(candidate=candidate, files=files, seed=seed)


CALIBRATION = Calibration(null=null, planted=planted)

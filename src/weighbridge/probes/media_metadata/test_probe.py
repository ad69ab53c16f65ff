"""What is found in files whose content is known, and what becomes of files that are broken or hostile."""

from __future__ import annotations

import io
import struct
import sys
import tarfile
import zipfile
import zlib
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from weighbridge.core.candidate import Belonging
from weighbridge.core.evidence import Measured, NotApplicable, NotMeasured, Outcome, Quantity
from weighbridge.probekit.bench import FixedBudget
from weighbridge.probes.media_metadata import toys
from weighbridge.probes.media_metadata.calibration import bench_of
from weighbridge.probes.media_metadata.probe import Settings, measure
from weighbridge.probes.media_metadata.toys import exif, jpeg, png, position, text, wav, with_exif, with_xmp, xmp

MARK = "Zanzibar-4711"  # stands wherever a value does, and must be in no outcome
SERIAL = text(0xA431, MARK)
TIME = text(0x9003, "2019:05:04 10:11:12")
MP3 = toys.mp3(TPE1=MARK, TDRC="2019", COMM=MARK)
FLAC = toys.flac({"ARTIST": MARK, "LOCATION": MARK, "GEO_LATITUDE": "9.1"})
ILST = toys.box(b"meta", bytes(4), toys.box(b"ilst", toys.box(b"\xa9ART", toys.box(b"data", bytes(8), MARK.encode()))))
XYZ = toys.box(b"\xa9xyz", b"\0\x12\x15\xc7+09.0000+013.0000/")
NO_FIX = exif(
    gps=[text(1, "N"), toys.ratios(2, (0, 0), (0, 0), (0, 0)), text(3, "E"), toys.ratios(4, (0, 0), (0, 0), (0, 0))]
)
NULL = exif(gps=[text(1, "N"), toys.ratios(2, *[(0, 1)] * 3), text(3, "E"), toys.ratios(4, *[(0, 1)] * 3)])
BIG_ENDIAN = b"MM\0*\0\0\0\x08\0\x01\x01\x3b\0\x02\0\0\0\x04Ada\0\0\0\0\0"

CASES: list[tuple[str, bytes, set[str]]] = [
    ("plain.jpg", jpeg(), set()),
    ("gps.jpg", jpeg(with_exif(exif(gps=position()))), {"position"}),
    ("no-fix.jpg", jpeg(with_exif(NO_FIX)), set()),
    ("null-island.jpg", jpeg(with_exif(NULL)), set()),
    ("motorola.jpg", jpeg(with_exif(BIG_ENDIAN)), {"person-name"}),
    ("serial.jpg", jpeg(with_exif(exif(deep=[SERIAL, TIME]))), {"device-serial", "time"}),
    ("no-time.jpg", jpeg(with_exif(exif(deep=[text(0x9003, "0000:00:00 00:00:00")]))), set()),
    ("blank.jpg", jpeg(with_exif(exif([text(0x010E, "    "), text(0x013B, "")]))), set()),
    ("comment.jpg", jpeg(with_exif(exif(deep=[(0x9286, 7, 12, b"ASCII\0\0\0" + b"hey!")]))), {"free-text"}),
    ("no-comment.jpg", jpeg(with_exif(exif(deep=[(0x9286, 7, 12, b"ASCII\0\0\0" + b"    ")]))), set()),
    ("thumb.jpg", jpeg(with_exif(exif(thumbnail=True))), {"embedded-picture"}),
    ("com.jpg", jpeg(toys.segment(0xFE, b"made by " + MARK.encode())), {"free-text"}),
    ("iptc.jpg", jpeg(toys.iptc({80: b"Ada", 90: b"Bor", 120: b"", 55: b"20190504"})), {"person-name", "place-name", "time"}),
    ("xmp-attribute.jpg", jpeg(with_xmp('exif:GPSLatitude="9,27.2N"', 'aux:SerialNumber="X1"')), {"position", "device-serial"}),
    ("xmp-element.jpg", jpeg(with_xmp("<dc:creator><rdf:Seq><rdf:li>Ada</rdf:li></rdf:Seq></dc:creator>")), {"person-name"}),
    ("xmp-empty.jpg", jpeg(with_xmp('aux:SerialNumber=""', "<photoshop:City/>", "<dc:rights></dc:rights>")), set()),
    ("xmp-face.jpg", jpeg(with_xmp("<mwg-rs:RegionInfo><mwg-rs:Name>A</mwg-rs:Name></mwg-rs:RegionInfo>")), {"face"}),
    ("a.tif", exif([text(0x013B, MARK)], gps=position()), {"person-name", "position"}),
    ("a.png", png(toys.chunk(b"tEXt", b"Author\0Ada")), {"person-name"}),
    ("prompt.png", png(toys.chunk(b"tEXt", b"parameters\0a portrait of somebody")), {"free-text"}),
    ("packed.png", png(toys.chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"hello"))), {"free-text"}),
    ("behind.png", png(behind=[toys.chunk(b"eXIf", exif(gps=position()))]), {"position"}),
    ("xmp.png", png(toys.chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp('aux:SerialNumber="1"'))), {"device-serial"}),
    ("raw.png", png(toys.chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(
        b"\nexif\n  100\n" + (b"Exif\0\0" + exif(gps=position())).hex().encode()))), {"position"}),
    ("a.webp", toys.webp((b"EXIF", exif(gps=position())), (b"XMP ", xmp('exif:OwnerName="A"'))), {"position", "person-name"}),
    ("a.gif", toys.gif("hello"), {"free-text"}),
    ("b.gif", toys.gif(), set()),
    ("a.heic", toys.heic(exif([text(0x013B, MARK)], gps=position())), {"person-name", "position"}),
    ("film.mp4", toys.film(XYZ, created=3_000_000_000), {"position", "time"}),
    ("plain.mp4", toys.film(), set()),
    ("song.m4a", toys.film(ILST), {"person-name"}),
    ("iphone.mov", toys.film(toys.box(b"meta", toys.box(b"keys", bytes(8), toys.box(
        b"mdta", b"com.apple.quicktime.location.ISO6709")))), {"position"}),
    ("a.mp3", MP3, {"person-name", "time", "free-text"}),
    ("bare.mp3", toys.mp3(), set()),
    ("old.mp3", toys.mp3() + b"TAG" + b"Song".ljust(30, b"\0") + b"Ada".ljust(30, b"\0") + bytes(64) + b"\xff",
     {"person-name", "free-text"}),
    ("a.flac", FLAC, {"person-name", "place-name", "position"}),
    ("a.ogg", toys.ogg({"ARTIST": MARK, "DATE": "2019", "COMMENT": "x" * 600}), {"person-name", "time", "free-text"}),
    ("a.wav", wav(toys.info(IART="Ada", ICRD="2019")), {"person-name", "time"}),
    ("field.wav", wav((b"bext", bytes(288) + b"REC-0815".ljust(32, b"\0") + b"2019-05-0410:11:12" + bytes(300))),
     {"device-serial", "time"}),
    ("ixml.wav", wav((b"iXML", b"<BWFXML><LOCATION><LOCATION_GPS>9.1,13.2</LOCATION_GPS></LOCATION></BWFXML>")), {"position"}),
]  # fmt: skip


def measured(files: dict[str, bytes], settings: Settings | None = None) -> Measured:
    outcome = measure(bench_of(files), settings or Settings())
    assert isinstance(outcome, Measured), outcome
    return outcome


def found(outcome: Measured, metric: str = "files-telling", kind: str | None = None) -> Quantity:
    (one,) = [q for q in outcome.quantities if q.metric == metric and q.at("kind") == kind]
    return one


def kinds(outcome: Measured) -> set[str]:
    return {str(q.at("kind")) for q in outcome.quantities if q.metric == "files-telling" and q.at("kind") and q.value}


@pytest.mark.parametrize(("name", "data", "expected"), CASES, ids=[name for name, _, _ in CASES])
def test_what_stands_beside_the_pixels_is_found(name: str, data: bytes, expected: set[str]) -> None:
    outcome = measured({name: data})
    assert kinds(outcome) == expected
    assert found(outcome, "unread-files").value == 0
    assert MARK not in str(outcome)
    assert found(outcome, "telling-share").value == float(bool(expected - {"time", "free-text", "device-model"}))


def test_pixels_are_said_not_to_be_weighed() -> None:
    assert "pixels and the sound themselves are not weighed" in str(measured({"a.jpg": jpeg()}).notes[0])


@pytest.mark.parametrize("name", ["zip", "tar", "tar.gz", "zip in tar"])
def test_archives_are_looked_into(name: str) -> None:
    files = {"x/gps.jpg": jpeg(with_exif(exif(gps=position()))), "x/plain.png": png(), "read.txt": b"words"}
    zipped, tarred = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        for label, data in files.items():
            archive.writestr(label, data)
    inner = {"in.zip": zipped.getvalue()} if name == "zip in tar" else files
    with tarfile.open(fileobj=tarred, mode="w:gz" if name == "tar.gz" else "w") as made:
        for label, data in inner.items():
            info = tarfile.TarInfo(label)
            info.size = len(data)
            made.addfile(info, io.BytesIO(data))
    outcome = measured({f"a.{name.rsplit(maxsplit=1)[-1]}": (zipped if name == "zip" else tarred).getvalue()})
    assert found(outcome, "media-files").value == 2
    assert found(outcome, kind="position").low == found(outcome, kind="position").high == 1


@pytest.mark.parametrize("name", ["a.parquet", "a.arrow", "a.arrows", "a.zip"])
def test_pictures_in_cells_are_found(name: str) -> None:
    placed, plain = jpeg(with_exif(exif(gps=position()))), png()
    table = pa.table({
        "image": [{"bytes": placed, "path": "a.jpg"}, {"bytes": plain, "path": "b"}, {"bytes": None, "path": "c"}],
        "more": [[placed], [], None], "raw": [b"no picture", b"", None], "text": ["a", "b", "c"],
    })  # fmt: skip
    made = io.BytesIO()
    if name == "a.arrow":
        with pa.ipc.new_file(made, table.schema) as writer:
            writer.write_table(table)
    elif name == "a.arrows":
        with pa.ipc.new_stream(made, table.schema) as writer:
            writer.write_table(table)
    else:
        pq.write_table(table, made)
    data = made.getvalue()
    if name == "a.zip":
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("a.parquet", data)
        data = packed.getvalue()
    outcome = measured({name: data})
    assert found(outcome, "media-files").value == 3
    assert found(outcome, kind="position").value == 2
    assert isinstance(measure(bench_of({name: data[: len(data) // 2]}), Settings()), NotMeasured | NotApplicable)


def test_a_table_without_pictures_is_left_alone() -> None:
    made = io.BytesIO()
    pq.write_table(pa.table({"a": [1, 2], "b": [b"x", b"y"]}), made)
    assert isinstance(measure(bench_of({"a.parquet": made.getvalue()}), Settings()), NotApplicable)


@pytest.mark.parametrize("behind", [jpeg(with_exif(exif(gps=position()))), b"\0\0\0\x18ftypmp42" + bytes(16) + b"moov"])
def test_what_hangs_behind_a_picture_is_not_called_clean(behind: bytes) -> None:
    outcome = measured({"moment.jpg": jpeg() + behind})
    (found,) = [q for q in outcome.quantities if q.metric == "files-telling" and dict(q.by) == {"kind": "position"}]
    assert (found.value, found.high) == (0, 1)
    (padded,) = [
        q
        for q in measured({"a.jpg": jpeg() + bytes(99)}).quantities
        if q.metric == "files-telling" and dict(q.by) == {"kind": "position"}
    ]
    assert padded.high == 0


def test_what_was_found_before_a_file_broke_off_is_told_though_no_file_was_whole() -> None:
    outcome = measured({"cut.jpg": jpeg(with_exif(exif(gps=position())))[:-212]})
    (found,) = [q for q in outcome.quantities if q.metric == "files-telling" and dict(q.by) == {"kind": "position"}]
    assert (found.value, found.low) == (1, 1)


def test_a_maker_s_block_raises_the_upper_end() -> None:
    block = exif([text(0x010F, "Canon")], deep=[(0x927C, 7, 40, bytes(range(40)))])
    outcome = measured({"a.jpg": jpeg(with_exif(block)), "b.jpg": jpeg()})
    serial = found(outcome, kind="device-serial")
    assert (serial.low, serial.high) == (0, 1)
    assert found(outcome).high == 1


BROKEN: list[tuple[str, bytes]] = [
    ("cut.jpg", jpeg(with_exif(exif(gps=position())))[:60]),
    ("marker.jpg", b"\xff\xd8\xff\xe0\0\x04aa" + b"junk" * 20),
    ("offset.jpg", jpeg(with_exif(b"II*\0\xff\xff\xff\x7f"))),
    ("entries.jpg", jpeg(with_exif(b"II*\0\x08\0\0\0\xff\xff"))),
    ("value.jpg", jpeg(with_exif(b"II*\0\x08\0\0\0\x01\0" + struct.pack("<HHII", 0x013B, 2, 1 << 31, 1 << 30) + bytes(4)))),
    ("bomb.png", png(toys.chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(1 << 25))))),
    ("long.png", b"\x89PNG\r\n\x1a\n" + b"\xff\xff\xff\xffeXIf"),
    ("box.mp4", b"\0\0\0\x14ftypisom\0\0\0\0mp42" + b"\x7f\xff\xff\xffmoov"),
    ("cut.gif", toys.gif("hello")[:20]),
    ("cut.webp", toys.webp((b"EXIF", exif(gps=position())))[:-8]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data"), BROKEN, ids=[name for name, _ in BROKEN])
def test_what_cannot_be_read_is_never_clean(name: str, data: bytes) -> None:
    outcome = measured({name: data, "z.png": png()})
    assert found(outcome, "unread-files").value == 1
    position_found = found(outcome, kind="position")
    assert (position_found.low, position_found.high) == (0, 1)
    assert isinstance(measure(bench_of({name: data}), Settings()), NotMeasured)


def test_a_directory_that_leads_back_to_itself_ends() -> None:
    circle = b"II*\0\x08\0\0\0" + struct.pack("<H", 1) + struct.pack("<HHII", 0x014A, 4, 1, 8) + struct.pack("<I", 8)
    assert kinds(measured({"a.jpg": jpeg(with_exif(circle))})) == set()


def test_damage_raises_nothing_and_a_cut_file_is_not_clean() -> None:
    rng = np.random.default_rng(0)
    for name, whole, _ in CASES:
        for _try in range(12):
            data = np.frombuffer(whole, np.uint8).copy()
            data[rng.integers(12, len(data), 3) % len(data)] = rng.integers(0, 256, 3)
            outcome: Outcome = measure(bench_of({name: data.tobytes(), "z.png": png()}), Settings())
            assert isinstance(outcome, Measured)
            assert MARK not in str(outcome)


# The old tag of MP3 stands behind the sound, and nothing before it says that there is one.
WHOLE = [(name, data) for name, data, expected in CASES if expected and name != "old.mp3"]


@pytest.mark.parametrize(("name", "data"), WHOLE, ids=[name for name, _ in WHOLE])
def test_a_file_that_was_cut_off_tells_as_much_or_is_unread(name: str, data: bytes) -> None:
    full = kinds(measured({name: data}))
    for end in range(16, len(data), max(1, len(data) // 60)):
        outcome = measured({name: data[:end], "z.png": png()})
        is_media_still = found(outcome, "media-files").value == 2
        assert kinds(outcome) >= full or found(outcome, "unread-files").value == 1 or not is_media_still, end


def test_closed_archives_leave_the_upper_end_open() -> None:
    outcome = measured({"a.7z": b"7z\xbc\xaf\x27\x1c\0\x04" + bytes(40), "z.png": png()})
    assert found(outcome, "unread-files").value == 1
    assert found(outcome, kind="position").high == 1
    assert "archives" in str(outcome.notes)


@pytest.mark.parametrize("name", ["a.jxl", "a.avi", "broken.jpg"])
def test_formats_that_are_not_read_are_not_clean(name: str) -> None:
    data = b"\xff\x0a" + bytes(range(256))
    outcome = measured({name: data, "z.png": png()})
    assert found(outcome, "unread-files").value == 1
    assert found(outcome, kind="position").high == 1
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(name, data)
        archive.writestr("z.png", png())
    assert found(measured({"a.zip": made.getvalue()}), "unread-files").value == 1


def test_a_bomb_is_not_unpacked() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.png", png() + bytes(1 << 24))
    small = Settings(unpack_mib=1, unpack_ratio=1, member_mib=8)
    assert isinstance(measure(bench_of({"a.zip": made.getvalue()}), small), NotMeasured)
    long = measure(bench_of({"a.zip": made.getvalue(), "z.png": png()}), replace(Settings(), member_mib=1))
    assert isinstance(long, Measured)
    assert found(long, "unread-files").value == 1


def test_silence() -> None:
    assert isinstance(measure(bench_of({"a.csv": b"a,b\n1,2\n"}), Settings()), NotApplicable)
    assert isinstance(measure(bench_of({"a.jpg": jpeg()}, belongs=Belonging.EVIDENCE_ONLY), Settings()), NotApplicable)
    hurried = bench_of({f"{i}.jpg": jpeg() for i in range(50)})
    hurried.budget = FixedBudget(0.01)
    outcome = measure(hurried, Settings())
    assert isinstance(outcome, NotMeasured)
    assert "--budget 1" in str(outcome.remedy)


def test_without_tinytag_sound_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tinytag", None)
    outcome = measure(bench_of({"a.mp3": MP3}), Settings())
    assert isinstance(outcome, NotMeasured)
    assert "pip install" in str(outcome.remedy)
    both = measured({"a.mp3": MP3, "a.jpg": jpeg()})
    assert found(both, "unread-files").value == 1
    assert found(both, kind="person-name").high == 1


def test_other_readers_agree() -> None:
    exifread = pytest.importorskip("exifread", reason="exifread is an extra")
    block = exif([text(0x013B, MARK)], deep=[SERIAL, TIME], gps=position(), thumbnail=True)
    for data in (
        jpeg(with_exif(block)),
        png(toys.chunk(b"eXIf", block)),
        toys.webp((b"EXIF", b"Exif\0\0" + block)),
        toys.heic(block),
    ):
        tags = exifread.process_file(io.BytesIO(data), details=False)
        assert {"Image Artist", "EXIF BodySerialNumber", "GPS GPSLatitude"} <= set(tags)
        assert kinds(measured({"a": data})) == {"person-name", "device-serial", "position", "time", "embedded-picture"}

"""Members of archives, read as they come; what is broken or hostile says so."""

from __future__ import annotations

import io
import struct
import tarfile
import zipfile

import pytest

from weighbridge.probekit.archives import leaves_folder, tar_members, zip_members
from weighbridge.probekit.tape import HOSTILE, Allowance, TooMuch, tape_of

FILES = {"a.txt": b"one", "b/c.bin": bytes(70_000), "empty": b""}


def allowance(entries: int = 100) -> Allowance:
    return Allowance(bytes_left=1 << 24, entries_left=entries, tick=lambda: None)


def zipped(method: int) -> io.BytesIO:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, data in FILES.items():
            archive.writestr(name, data)
    return made


def tarred(form: int) -> io.BytesIO:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=form) as archive:
        for name, data in (*FILES.items(), ("long/" * 40 + "name", b"x")):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return made


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_zip(method: int) -> None:
    held = {}
    for member in zip_members(zipped(method), allowance()):
        assert member.tape is not None
        held[member.name] = b"".join(member.tape.chunks())
    assert held == FILES


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
def test_tar(form: int) -> None:
    held = {}
    for member in tar_members(tape_of(tarred(form)), allowance()):
        assert member.tape is not None
        held[member.name] = b"".join(member.tape.chunks())
    assert held == {**FILES, "long/" * 40 + "name": b"x"}


def test_a_method_that_is_not_unpacked_gives_no_tape() -> None:
    made = zipped(zipfile.ZIP_LZMA)
    assert [member.tape for member in zip_members(made, allowance())] == [None] * 3


def test_too_many_members_and_too_long_lists_end() -> None:
    with pytest.raises(TooMuch):
        list(zip_members(zipped(zipfile.ZIP_STORED), allowance(2)))
    long = b"PK\x05\x06" + bytes(8) + struct.pack("<II", 1 << 26, 0) + bytes(2)
    with pytest.raises(TooMuch):
        list(zip_members(io.BytesIO(long), allowance()))


@pytest.mark.parametrize("data", [b"PK\x03\x04 and nothing behind", bytes(range(256)) * 3])
def test_what_is_no_archive_raises(data: bytes) -> None:
    with pytest.raises(HOSTILE):
        list(zip_members(io.BytesIO(data), allowance()))
    with pytest.raises(HOSTILE):
        list(tar_members(tape_of(io.BytesIO(data)), allowance()))


@pytest.mark.parametrize(
    ("path", "leaves"),
    [("a/b", False), ("../a", True), ("/etc", True), ("C:\\x", True), ("a/../../b", True), ("..a", False)],
)
def test_paths_that_lead_out(path: str, leaves: bool) -> None:
    assert leaves_folder(path) is leaves

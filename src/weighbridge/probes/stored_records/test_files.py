import io
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighbridge.core.candidate import Artefact, Belonging, Role
from weighbridge.probekit.ports import Stream
from weighbridge.probes.stored_records.files import File, Reader, Unread, Where, unescaped

TEXT = "Ada wrote a letter to Charles, and nobody has read it since then."


def file(data: bytes, format_: str, role: Role = Role.WEIGHTS, label: str = "model.bin") -> File:
    artefact = Artefact(
        role=role, label=label, digest=Artefact.__name__, size_bytes=len(data), format=format_, belongs=Belonging.WEIGHTS  # type: ignore[arg-type]  # a digest is not looked at here
    )  # fmt: skip
    return File(stream=Stream(artefact=artefact, open=lambda: io.BytesIO(data)), format=format_)


def texts(data: bytes, format_: str = "safetensors") -> tuple[str, Unread]:
    unread = Unread()
    reader = Reader(shortest=50, unpack_bytes=1 << 20, unread=unread, tick=lambda: None)
    return "\n".join(reader.texts(file(data, format_))), unread


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-32-le"])
@pytest.mark.parametrize("shift", range(5))
def test_text_is_found_among_numbers(encoding: str, shift: int) -> None:
    noise = np.random.default_rng(shift).normal(size=4096).astype(np.float32).tobytes()
    found, unread = texts(noise + b"\0" * shift + TEXT.encode(encoding) + b"\0" * 8 + noise)
    assert TEXT in found
    assert not unread.labels


@settings(max_examples=20, deadline=None)
@given(st.integers(-120, 120))
def test_text_is_found_across_pieces(shift: int) -> None:
    found, _ = texts(b"\1" * ((1 << 20) + shift) + TEXT.encode() + b"\1" * 99)
    assert TEXT in found


def test_escapes_of_json_are_undone() -> None:
    assert TEXT.replace(",", "\n") in texts(f'{{"{TEXT}": 1}}'.replace(",", "\\n").encode())[0]
    assert unescaped("\\ud83d\\ude42 \\ud800 \\x") == "\U0001f642 \ufffd \\x"


def test_members_of_archives_are_read() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("schema.json", TEXT)
    assert TEXT in texts(made.getvalue(), "skops")[0]


@pytest.mark.parametrize("kind", ["bomb", "bzip2", "cut", "huge-directory", "none"])
def test_archives_that_cannot_be_read_are_counted(kind: str) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_BZIP2 if kind == "bzip2" else zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", b"\1" * (1 << 22))
    data = made.getvalue()
    data = data[: len(data) // 2] if kind == "cut" else b"PK\3\4" if kind == "none" else data
    if kind == "huge-directory":
        at = data.rfind(b"PK\5\6") + 12
        data = data[:at] + b"\xff\xff\xff\x7f" + data[at + 4 :]
    _, unread = texts(data, "zip")
    assert unread.at[Where.WEIGHTS] > 0


@pytest.mark.parametrize("format_", ["gzip", "zstd", "7z", "pdf"])
def test_what_is_packed_is_counted_and_not_read(format_: str) -> None:
    found, unread = texts(TEXT.encode(), format_)
    assert not found
    assert unread.at == {Where.METADATA if format_ == "pdf" else Where.WEIGHTS: len(TEXT)}


def test_files_of_a_tokenizer_and_settings_stand_beside_the_weights() -> None:
    assert file(b"", "json", label="a/tokenizer.json").is_tokenizer
    assert file(b"", "sentencepiece").is_tokenizer
    assert file(b"", "text", Role.TOKENIZER, "x.txt").where is Where.METADATA
    assert file(b"", "onnx").where is Where.WEIGHTS


@pytest.mark.timeout(60)
@pytest.mark.parametrize("piece", [b"a", b"a\0", b"a\0\0\0", b"\\u00e9", b"\\", b"\xc3", b"a" * 24 + b"\1"])
def test_hostile_bytes_take_no_longer_than_they_are_long(piece: bytes) -> None:
    texts(piece * (3_000_000 // len(piece)))

"""What a file is, by its bytes; its name decides only where they leave it open."""

from __future__ import annotations

import ast
import io
import json
import re
import struct
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

from weighbridge.probekit.compression import HEAD_BYTES, UNPACK, unpacked_head
from weighbridge.probekit.pickles import is_pickle
from weighbridge.probekit.plaintext import decoded, text_format
from weighbridge.probekit.wire import LENGTH, VARINT, top_fields

MAX_DIRECTORY_BYTES = 1 << 22  # of a zip file's list of contents; ours
MAX_HEADER_BYTES = 100_000_000  # of safetensors: the limit its own reader sets
_NPY_HEADER = 10_000  # characters: the limit numpy sets itself

WAREHOUSE = "warehouse"  # a table that lies in a database; no file is ever of this format
_TABLES = frozenset({"csv", "tsv", "parquet", "jsonl", "arrow", "arrow-stream", "feather", WAREHOUSE})
_TEXTS = _TABLES | {"text", "markdown"}
_MEDIA = frozenset({"jpeg", "png", "tiff", "webp", "gif", "bmp", "wav", "flac", "ogg", "mp3", "mp4"})
# Of what is packed only the kind is known here.
_MAY_HOLD_MEDIA = _MEDIA | {"zip", "ooxml", "tar", "7z", "rar"} | frozenset(UNPACK)
_FOREIGN_MEDIA = frozenset({
    "3gp", "aac", "aif", "aiff", "amr", "ape", "avi", "flv", "jp2", "jxl", "m2ts", "mkv", "mpeg", "mpg", "mts", "orf",
    "psd", "raf", "rw2", "webm", "wma", "wmv", "wv", "jpg", "jpeg", "png", "heic", "mov", "mp4", "tif", "tiff", "wav",
    "flac",
})  # fmt: skip

_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"GGUF", "gguf"),
    (0, b"PAR1", "parquet"),
    (0, b"PARE", "parquet"),
    (0, b"ARROW1\0\0", "arrow"),
    (0, b"FEA1", "feather"),
    (0, b"SQLite format 3\0", "sqlite"),
    (0, b"\x1f\x8b", "gzip"),
    (0, b"\xfd7zXZ\0", "xz"),
    (0, b"\x28\xb5\x2f\xfd", "zstd"),
    (0, b"\x04\x22\x4d\x18", "lz4"),
    (0, b"7z\xbc\xaf\x27\x1c", "7z"),
    (0, b"Rar!\x1a\x07", "rar"),
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (0, b"\xff\xd8\xff", "jpeg"),
    (0, b"GIF87a", "gif"),
    (0, b"GIF89a", "gif"),
    (0, b"II*\0", "tiff"),
    (0, b"MM\0*", "tiff"),
    (0, b"fLaC", "flac"),
    (0, b"OggS", "ogg"),
    (0, b"ID3", "mp3"),
    (4, b"ftyp", "mp4"),
    (4, b"TFL3", "tflite"),
    (0, b"\x7fELF", "elf"),
    (0, b"\xfe\xed\xfa\xce", "mach-o"),
    (0, b"\xfe\xed\xfa\xcf", "mach-o"),
    (0, b"\xce\xfa\xed\xfe", "mach-o"),
    (0, b"\xcf\xfa\xed\xfe", "mach-o"),
    (0, b"\xca\xfe\xba\xbe", "java-class"),  # or a Mach-O for several machines: either is code
    (0, b"dex\n", "dex"),
    (0, b"\0asm", "wasm"),
    (0, b"BC\xc0\xde", "llvm-bitcode"),
    (257, b"ustar", "tar"),
    *((at, b"\x89HDF\r\n\x1a\n", "hdf5") for at in (0, 512, 1024, 2048)),
)
# How XGBoost begins: its keys are sorted, so that these come first, whatever follows.
_XGBOOST_BINARY = b"{L\0\0\0\0\0\0\0\x07learner{L\0\0\0\0\0\0\0\nattributes{"
_XGBOOST_TEXT = re.compile(rb'\s*\{\s*"learner"\s*:\s*\{\s*"attributes"\s*:\s*\{')
_XGBOOST_KEYS = frozenset({"gradient_booster", "learner_model_param", "objective"})
_LIGHTGBM = re.compile(rb"tree\r?\nversion=v\d+\r?\nnum_class=\d+\r?\nnum_tree_per_iteration=\d+\r?\n")
_ONNX_WIRE = {1: 0, 2: 2, 3: 2, 4: 2, 5: 0, 6: 2, 7: 2, 8: 2, 14: 2, 20: 2, 25: 2, 26: 2}  # fields of onnx.ModelProto


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """A format, and the one layer of compression around it ("" where there is none)."""

    format: str
    compression: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    head: bytes
    size: int | None  # None where the stream cannot say
    directory: bytes  # a zip file's list of contents, as far as it was read
    name: str

    @property
    def is_whole(self) -> bool:
        return self.size is not None and self.size <= len(self.head)

    @property
    def suffix(self) -> str:
        stem, dot, suffix = self.name.rpartition(".")
        return suffix.lower() if dot and stem else ""


def is_table(format_: str) -> bool:
    """Whether a file of this format can hold rows and columns."""
    return format_ in _TABLES


def is_text(format_: str) -> bool:
    """Whether documents can be read from a file of this format."""
    return format_ in _TEXTS


def is_media(format_: str) -> bool:
    """Whether a file of this format is a picture, sound or film."""
    return format_ in _MEDIA


def may_hold_media(format_: str, name: str) -> bool:
    """Whether it is one, or something that others are packed in."""
    return format_ in _MAY_HOLD_MEDIA or is_foreign_media(format_, name)


def is_foreign_media(format_: str, name: str) -> bool:
    """Whether its name is that of a picture, sound or film, and its bytes are of no format that is known here."""
    return format_ == "unknown" and name.rpartition(".")[2].lower() in _FOREIGN_MEDIA


def identify(stream: BinaryIO, name: str) -> str:
    """The format of a file, by its bytes.

    A bounded part of it is read, and nothing is unpacked. A stream that can seek is left at its start.

    Parameters
    ----------
    stream : stands at the start
    name : the file's name or label; decides between formats that the bytes leave open

    Returns
    -------
    safetensors, gguf, onnx, xgboost, lightgbm, tflite, saved-model, sentencepiece; skops, torch-zip, keras, npz, jar,
    ooxml, zip; pickle, npy, npy-object, hdf5; parquet, arrow, arrow-stream, feather, sqlite; gzip, bzip2, xz, lzma,
    zstd, lz4, zlib; tar, 7z, rar; pdf, png, jpeg, gif, webp, tiff, bmp, svg, wav, flac, ogg, mp3, mp4; elf, pe, mach-o,
    java-class, dex, wasm, llvm-bitcode, pyc; python, shell, script, notebook; json, jsonl, csv, tsv, toml, yaml,
    markdown, html, xml, text; empty, unknown.
    """
    return _identified(_look(stream, name))


def identify_start(head: bytes, name: str, *, is_whole: bool) -> str:
    """The format of bytes that come only once, by their first `HEAD_BYTES`."""
    return _identified(_Look(head=head, size=len(head) if is_whole else None, directory=b"", name=_short(name)))


def inside(stream: BinaryIO, name: str) -> Inside:
    """The format beneath one layer of gzip, bzip2, xz, lzma, zstd, lz4 or zlib; the file's own where there is none.

    At most `HEAD_BYTES` are unpacked. What cannot be unpacked is "unknown" inside. A stream that can seek is left at
    its start.
    """
    look = _look(stream, name)
    outer = _identified(look)
    if outer not in UNPACK:
        return Inside(format=outer, compression="")
    unpacked = unpacked_head(look.head, outer)
    if unpacked is None:
        return Inside(format="unknown", compression=outer)
    inner = name.rpartition(".")[0] if look.suffix in _PACKED_SUFFIXES else name
    is_all = len(unpacked) < HEAD_BYTES and look.is_whole
    beneath = _Look(head=unpacked, size=len(unpacked) if is_all else None, directory=b"", name=_short(inner))
    return Inside(format=_identified(beneath), compression=outer)


def _short(name: str) -> str:
    name = name.rpartition("/")[2]
    return name[:-4] + ".tar" if name.lower().endswith(".tgz") else name


def _look(stream: BinaryIO, name: str) -> _Look:
    seekable = stream.seekable()
    if seekable:
        stream.seek(0)
    head = _full(stream, HEAD_BYTES)
    if not seekable:
        return _Look(head=head, size=len(head) if len(head) < HEAD_BYTES else None, directory=b"", name=_short(name))
    size = stream.seek(0, io.SEEK_END)
    directory = _directory(stream, size) if head.startswith(b"PK") else b""
    stream.seek(0)
    return _Look(head=head, size=size, directory=directory, name=_short(name))


def _full(stream: BinaryIO, n: int) -> bytes:
    """`n` bytes, or all there are: a raw stream may give fewer at a time."""
    parts: list[bytes] = []
    while n > 0 and (data := stream.read(n)):
        parts.append(data)
        n -= len(data)
    return b"".join(parts)


def _directory(stream: BinaryIO, size: int) -> bytes:
    start = max(0, size - MAX_DIRECTORY_BYTES)
    stream.seek(max(0, size - HEAD_BYTES))
    tail = _full(stream, HEAD_BYTES)
    end = tail.rfind(b"PK\x05\x06")
    if 0 <= end <= len(tail) - 22:
        length, offset = struct.unpack_from("<II", tail, end + 12)
        if offset + length <= size and length <= MAX_DIRECTORY_BYTES:
            stream.seek(offset)
            return _full(stream, length)
    stream.seek(start)
    return _full(stream, size - start)


def _identified(look: _Look) -> str:
    if not look.head:
        return "empty"
    for test in _TESTS:
        if found := test(look):
            return found
    text = decoded(look.head)
    if text is None:
        return "unknown"
    return text_format(text, look.suffix, is_whole=look.is_whole)


def _magic(look: _Look) -> str:
    """The format whose first bytes these are; where those are letters, text may begin so too."""
    for at, magic, found in _MAGIC:
        if look.head.startswith(magic, at):
            return "" if magic.isascii() and magic.decode().isprintable() and decoded(look.head) is not None else found
    return ""


def _riff_and_kin(look: _Look) -> str:
    head = look.head
    if head.startswith(b"RIFF"):
        return {b"WAVE": "wav", b"WEBP": "webp"}.get(head[8:12], "")
    if head.startswith(b"MZ") and len(head) > 0x40:
        at = int.from_bytes(head[0x3C:0x40], "little")
        return "pe" if head[at : at + 4] == b"PE\0\0" or look.suffix in ("exe", "dll", "com", "pyd", "sys") else ""
    if head.startswith(b"BM") and len(head) > 30 and head[6:10] == bytes(4):
        return "bmp"
    if b"%PDF-" in head[:1024]:
        return "pdf"
    return "bzip2" if re.match(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)", head) else ""


def _safetensors(look: _Look) -> str:
    head = look.head
    length = int.from_bytes(head[:8], "little")
    if len(head) < 10 or not 2 <= length <= MAX_HEADER_BYTES or head[8:9] != b"{":
        return ""
    if len(head) >= 8 + length:
        try:
            header = json.loads(head[8 : 8 + length])
        except (ValueError, RecursionError):
            return ""
        return "safetensors" if isinstance(header, dict) and all(isinstance(v, dict) for v in header.values()) else ""
    return "safetensors" if re.match(rb'\{\s*"', head[8:]) and decoded(head[8:]) is not None else ""


def _numpy(look: _Look) -> str:
    head = look.head
    if not head.startswith(b"\x93NUMPY") or len(head) < 12:
        return "npy-object" if head.startswith(b"\x93NUMPY") else ""
    start, width = (10, 2) if head[6] == 1 else (12, 4)
    header = head[start : start + int.from_bytes(head[8 : 8 + width], "little")]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what a hostile header warns of is none of the reader's business
            described = ast.literal_eval(header[:_NPY_HEADER].decode("latin-1"))
            holds_objects = np.lib.format.descr_to_dtype(described["descr"]).hasobject
    except (ValueError, TypeError, KeyError, SyntaxError, RecursionError, MemoryError):
        return "npy-object"  # a header that cannot be read vouches for nothing
    return "npy-object" if holds_objects else "npy"


def _zip(look: _Look) -> str:
    if not look.head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return ""
    names = zip_names(look.directory, central=True) or zip_names(look.head, central=False)
    base = {name.rpartition("/")[2] for name in names}
    if "data.pkl" in base or "constants.pkl" in base:
        return "torch-zip"
    if "schema.json" in names:
        return "skops"
    if {"config.json", "metadata.json"} <= names and "model.weights.h5" in names:
        return "keras"
    if names and all(name.endswith(".npy") for name in names):
        return "npz"
    if "META-INF/MANIFEST.MF" in names:
        return "jar"
    return "ooxml" if "[Content_Types].xml" in names else "zip"


def zip_names(data: bytes, *, central: bool) -> frozenset[str]:
    """Names in a zip file's list of contents, or in the headers before each file."""
    signature, fixed, at_length = (b"PK\x01\x02", 46, 28) if central else (b"PK\x03\x04", 30, 26)
    names: set[str] = set()
    at = data.find(signature)
    while 0 <= at <= len(data) - fixed:
        length = int.from_bytes(data[at + at_length : at + at_length + 2], "little")
        names.add(data[at + fixed : at + fixed + length].decode("utf-8", "replace"))
        at = data.find(signature, at + fixed)
    return frozenset(names)


def _boosted(look: _Look) -> str:
    """A native model of XGBoost or LightGBM; JSON that is read to its end must have all of XGBoost's parts."""
    if look.head.startswith(_XGBOOST_BINARY):
        return "xgboost"
    if _LIGHTGBM.match(look.head):
        return "lightgbm"
    if not _XGBOOST_TEXT.match(look.head):
        return ""
    if not look.is_whole:
        return "xgboost" if b'"feature_names"' in look.head and decoded(look.head) is not None else ""
    try:
        parsed = json.loads(look.head)
    except (ValueError, RecursionError):
        return ""
    learner = parsed.get("learner")
    has_all = isinstance(learner, dict) and learner.keys() >= _XGBOOST_KEYS and isinstance(parsed.get("version"), list)
    return "xgboost" if has_all else ""


def _bare_mpeg_audio(look: _Look) -> str:
    """MP3 without a tag before it: its name says so, and it begins with the header of a frame of layer III."""
    head = look.head
    is_frame = len(head) > 4 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2 and head[2] >> 4 not in (0, 15)
    return "mp3" if is_frame and look.suffix == "mp3" else ""


def _pickle(look: _Look) -> str:
    return "pickle" if is_pickle(look.head) else ""


def _python_bytecode(look: _Look) -> str:
    return "pyc" if look.head[2:4] == b"\r\n" and look.suffix in ("pyc", "pyo") else ""


def _old_tar(look: _Look) -> str:
    """A tar file from before `ustar`: told by the sum over its first header."""
    block = look.head[:512]
    said = block[148:156].strip(b" \0")
    if len(block) < 512 or not re.fullmatch(rb"[0-7]{1,7}", said):
        return ""
    return "tar" if int(said, 8) == sum(block[:148]) + 8 * 0x20 + sum(block[156:]) and block[0] else ""


def _arrow_stream(look: _Look) -> str:
    length = int.from_bytes(look.head[4:8], "little")
    is_one = look.head.startswith(b"\xff\xff\xff\xff") and length % 8 == 0 and 8 <= length < 1 << 28
    return "arrow-stream" if is_one and len(look.head) > 16 and look.head[8:12] != bytes(4) else ""


def _packed_without_magic(look: _Look) -> str:
    head = look.head
    if head[:2] in (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda"):
        return "zlib" if unpacked_head(head, "zlib") else ""
    return "lzma" if head.startswith(b"\x5d\0\0") and unpacked_head(head, "lzma") else ""


def _vocabulary(look: _Look) -> str:
    """A sentencepiece model: pieces, each a text and a score."""
    found = top_fields(look.head, size=look.size)
    pieces = [field for field in found if field.number == 1 and field.wire == LENGTH]
    starts = {look.head[field.start : field.start + 1] for field in pieces}
    return "sentencepiece" if len(pieces) > 2 and starts == {b"\n"} and pieces[0] == found[0] else ""


def _protobuf(look: _Look) -> str:
    found = top_fields(look.head, size=look.size)
    numbers = {field.number for field in found}
    if not found or found[0].number != 1 or found[0].wire != VARINT:
        return ""
    is_named = look.name == "saved_model.pb" or b"saved_model_main_op" in look.head or b"serve\x12" in look.head
    if is_named and numbers == {1, 2} and found[0].value == 1:
        return "saved-model"
    fits = all(_ONNX_WIRE.get(field.number) == field.wire for field in found)
    return "onnx" if fits and numbers & {7, 8} and 1 <= found[0].value <= 64 else ""


_TESTS: tuple[Callable[[_Look], str], ...] = (
    _zip, _numpy, _magic, _riff_and_kin, _pickle, _safetensors, _old_tar, _arrow_stream, _python_bytecode,
    _packed_without_magic, _boosted, _protobuf, _vocabulary, _bare_mpeg_audio,
)  # fmt: skip
_PACKED_SUFFIXES = frozenset({"gz", "gzip", "bz2", "xz", "lzma", "zst", "zstd", "lz4", "z"})

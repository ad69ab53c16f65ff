"""The first bytes of what is packed: bounded, and without harm from packed bytes that are hostile."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable

import pyarrow as pa

HEAD_BYTES = 1 << 16
LZMA_MEMORY = 1 << 27  # ours: 128 MiB, twice what the strongest preset of `xz` needs to unpack


def unpacked_head(packed: bytes, compression: str) -> bytes | None:
    """The first `HEAD_BYTES` of what is packed in bytes that start so; None where nothing comes out of them."""
    try:
        return UNPACK[compression](packed)[:HEAD_BYTES]
    except (OSError, ValueError, EOFError, MemoryError, zlib.error, lzma.LZMAError):
        return None


def _un_zlib(packed: bytes) -> bytes:
    return zlib.decompressobj(wbits=47).decompress(packed, HEAD_BYTES)  # 47: takes zlib and gzip headers alike


def _un_bz2(packed: bytes) -> bytes:
    return bz2.BZ2Decompressor().decompress(packed, HEAD_BYTES)


def _un_lzma(packed: bytes) -> bytes:
    return lzma.LZMADecompressor(memlimit=LZMA_MEMORY).decompress(packed, HEAD_BYTES)


def _by_arrow(codec: str) -> Callable[[bytes], bytes]:
    def unpack(packed: bytes) -> bytes:
        parts: list[bytes] = []
        with pa.CompressedInputStream(pa.BufferReader(packed), codec) as stream:
            while sum(map(len, parts)) < HEAD_BYTES:
                try:
                    part = stream.read(4096)
                except OSError:  # the bytes given are a start: they may end in the middle
                    if not parts:
                        raise
                    break
                if not part:
                    break
                parts.append(part)
        return b"".join(parts)

    return unpack


UNPACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": _un_zlib,
    "zlib": _un_zlib,
    "bzip2": _un_bz2,
    "xz": _un_lzma,
    "lzma": _un_lzma,
    "zstd": _by_arrow("zstd"),
    "lz4": _by_arrow("lz4"),
}

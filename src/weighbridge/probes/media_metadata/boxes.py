"""Boxes of ISO base media files: HEIF pictures, MP4 sound and film."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.probes.media_metadata.kinds import Kind, kind_of_key
from weighbridge.probes.media_metadata.tags import MAX_BLOCK, Found, xmp_kinds
from weighbridge.probes.media_metadata.window import Window

_MAX_BOXES = 5000  # of one file; ours
_MAX_ITEMS = 10_000  # of one picture; ours
_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif", b"avis", b"mif2"})
_HOLD = frozenset({b"moov", b"udta", b"trak", b"ilst", b"mdia"})
_XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
Box = tuple[bytes, int, int]  # name, where its body begins, where it ends


def is_heif(file: Window) -> bool:
    """Whether its brands are those of pictures."""
    length = min(file.number(0, ">I"), 256, file.size)
    brands = file.at(8, max(0, length - 8))
    return any(brands[i : i + 4] in _BRANDS for i in range(0, len(brands), 4))


def boxes(file: Window, start: int, end: int) -> Iterator[Box]:
    """The boxes between two places; ValueError where one says that it is longer than what holds it."""
    at = start
    for _ in range(_MAX_BOXES):
        if at + 8 > end:
            return
        length, name = file.number(at, ">I"), file.at(at + 4, 4)
        body = at + 8
        if length == 1:
            length, body = file.number(at + 8, ">Q"), at + 16
        length = end - at if length == 0 else length
        if length < body - at or at + length > end:
            raise ValueError("a box longer than what holds it")
        yield name, body, at + length
        at += length
    raise ValueError("too many boxes")


# ---- pictures: ISO/IEC 23008-12 ----


def item_blocks(file: Window) -> Iterator[tuple[bytes, bytes]]:
    """Each block of metadata: `Exif` or `mime` (which is XMP) with its bytes, `thmb` where there is a thumbnail."""
    metas = [(at, end) for name, at, end in boxes(file, 0, file.size) if name == b"meta"]
    if not metas:
        raise EOFError("no list of what is in it")
    for at, end in metas:
        held = {inner: (body, stop) for inner, body, stop in boxes(file, at + 4, end)}
        if b"iref" in held and any(
            inner == b"thmb" for inner, _, _ in boxes(file, held[b"iref"][0] + 4, held[b"iref"][1])
        ):
            yield b"thmb", b""
        kinds = dict(_item_kinds(file, *held[b"iinf"])) if b"iinf" in held else {}
        if b"iloc" in held:
            data_at = held.get(b"idat", (0, 0))[0]
            for item, pieces in _item_places(file, *held[b"iloc"], data_at):
                if kinds.get(item) in (b"Exif", b"mime"):
                    yield kinds[item], b"".join(file.at(place, min(length, MAX_BLOCK)) for place, length in pieces)


def _item_kinds(file: Window, at: int, end: int) -> Iterator[tuple[int, bytes]]:
    at += 4 + (2 if file.at(at, 1) == b"\0" else 4)
    for name, body, _stop in boxes(file, at, end):
        version = file.at(body, 1)[0]
        if name == b"infe" and version >= 2:
            wide = 4 if version > 2 else 2
            number = int.from_bytes(file.at(body + 4, wide), "big")
            yield number, file.at(body + 4 + wide + 2, 4)


def _item_places(file: Window, at: int, end: int, data_at: int) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    data = file.at(at, min(end - at, MAX_BLOCK))
    version, place = data[0], 6
    widths = (data[4] >> 4, data[4] & 15, data[5] >> 4, data[5] & 15 if version else 0)

    def number(n: int) -> int:
        nonlocal place
        place += n
        if place > len(data):
            raise EOFError("cut off")
        return int.from_bytes(data[place - n : place], "big")

    wide = 4 if version > 1 else 2
    n_items = number(wide)
    if n_items > _MAX_ITEMS:
        raise ValueError("too many items")
    for _ in range(n_items):
        item = number(wide)
        is_inside = version > 0 and number(2) & 15 == 1
        number(2)
        start = number(widths[2]) + (data_at if is_inside else 0)
        pieces = []
        for _extent in range(min(number(2), 64)):
            number(widths[3])
            pieces.append((start + number(widths[0]), number(widths[1])))
        yield item, pieces


# ---- sound and film: ISO/IEC 14496-12, QuickTime, 3GPP TS 26.244 ----


def film_kinds(file: Window, found: Found) -> None:
    """Look through the boxes of an MP4 or QuickTime file that tell about it."""
    if not any(name == b"moov" for name, _, _ in boxes(file, 0, file.size)):
        raise EOFError("nothing tells what is in it")
    waiting = [(0, file.size, b"")]
    n = 0
    while waiting:
        start, end, parent = waiting.pop()
        for name, at, stop in boxes(file, start, end):
            n += 1
            if n > _MAX_BOXES:
                raise ValueError("too many boxes")
            if name in _HOLD:
                waiting.append((at, stop, name))
            elif name == b"meta":
                is_full = file.at(at, 4) == bytes(4)
                waiting.append((at + 4 if is_full else at, stop, name))
            else:
                _told(file, (name, at, stop), parent, found)


def _told(file: Window, box: Box, parent: bytes, found: Found) -> None:
    name, at, stop = box
    if name == b"mvhd":
        wide = 8 if file.at(at, 1) == b"\1" else 4
        if file.at(at + 4, wide).strip(b"\0"):
            found.kinds.add(Kind.TIME)
    elif name == b"uuid" and stop - at > len(_XMP_UUID) and file.at(at, 16) == _XMP_UUID:
        xmp_kinds(file.at(at + 16, min(stop - at - 16, MAX_BLOCK)), found)
    elif name == b"XMP_":
        xmp_kinds(file.at(at, min(stop - at, MAX_BLOCK)), found)
    elif name == b"keys":
        _keys(file.at(at, min(stop - at, MAX_BLOCK)), found)
    elif parent == b"ilst" or (parent == b"udta" and stop > at):
        _tag(name, file.at(at, min(stop - at, 64)), found)


def _tag(name: bytes, head: bytes, found: Found) -> None:
    if not head.strip(b"\0") or name in (b"free", b"skip", b"hdlr") or name.startswith(b"\0"):
        return
    if name == b"----":  # a name of its own, behind
        found.kinds.add(Kind.UNIQUE_ID if b"iTunes" in head or b"music" in head else Kind.FREE_TEXT)
        return
    kind = kind_of_key(name.decode("latin-1"))
    if kind and (kind is not Kind.FREE_TEXT or name[:1] == b"\xa9" or name in (b"desc", b"titl", b"dscp", b"ldes")):
        found.kinds.add(kind)


def _keys(data: bytes, found: Found) -> None:
    """Keys of QuickTime, such as `com.apple.quicktime.location.ISO6709`; a key is there only where it has a value."""
    for word, kind in (
        (b"location.ISO6709", Kind.POSITION), (b"location.name", Kind.PLACE_NAME),
        (b"quicktime.author", Kind.PERSON_NAME), (b"quicktime.artist", Kind.PERSON_NAME),
        (b"quicktime.model", Kind.DEVICE_MODEL),
        (b"quicktime.make", Kind.DEVICE_MODEL), (b"quicktime.software", Kind.DEVICE_MODEL),
        (b"creationdate", Kind.TIME), (b"content.identifier", Kind.UNIQUE_ID), (b"quicktime.comment", Kind.FREE_TEXT),
        (b"quicktime.description", Kind.FREE_TEXT), (b"quicktime.title", Kind.FREE_TEXT),
    ):  # fmt: skip
        if word in data:
            found.kinds.add(kind)

"""One artefact looked through, whatever is packed in it; nothing is loaded, and nothing is unpacked to anywhere."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from weighbridge.core.candidate import Artefact, Role
from weighbridge.probekit.archives import Member, tar_members, zip_members
from weighbridge.probekit.compression import UNPACK
from weighbridge.probekit.formats import identify, identify_start
from weighbridge.probekit.plaintext import decoded
from weighbridge.probekit.tape import HOSTILE, Allowance, Tape, TooMuch, tape_of, unpacked
from weighbridge.probes.artefact_safety import columns, contents
from weighbridge.probes.artefact_safety.bodies import bytes_before_tensors
from weighbridge.probes.artefact_safety.bytesearch import ByteSearch
from weighbridge.probes.artefact_safety.checks import Verdict, check, check_packed, is_configuration
from weighbridge.probes.artefact_safety.credentials import SecretSearch
from weighbridge.probes.artefact_safety.hidden import Search
from weighbridge.probes.artefact_safety.opinions import Tally
from weighbridge.probes.artefact_safety.statements import Statement, statements_in

MAX_DEPTH = 5  # archives within archives; ours
MAX_HELD = (
    1 << 25
)  # bytes of one packed file that are held at a time, so that a reader can go back and forth in it; ours
_MAX_SETTINGS = 1 << 20  # bytes beyond which JSON or code is data, not settings; ours
_CODE_ROLES = frozenset({Role.CODE, Role.RECIPE})
_NEED_WHOLE = contents.ZIPS | contents.BINARY_TABLES | {"safetensors", "onnx", "hdf5", "yaml", "pdf"}


@dataclass(slots=True)
class Found:
    """What one artefact holds."""

    code: set[str] = field(default_factory=set)  # kinds
    secrets: Counter[str] = field(default_factory=Counter)
    n_lines: int = 0
    is_unread: bool = False  # part of it could not be looked into
    is_unknown: bool = False  # part of it is of a format that is not known to hold no code
    pickles: Tally = field(default_factory=Tally)
    statements: list[Statement] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A file, or something packed in one: `whole` where one can go back and forth in it, else `tape`, read once."""

    name: str
    format: str
    depth: int
    whole: BinaryIO | None
    tape: Tape | None
    size: int | None

    def rewound(self) -> Tape:
        """All of it from the start; of a piece that comes only once, the one time."""
        if self.whole is not None:
            return tape_of(self.whole)
        assert self.tape is not None  # noqa: S101  a piece has one of the two
        return self.tape


@dataclass(slots=True, kw_only=True)
class Inspection:
    """Looks through one artefact."""

    artefact: Artefact
    allowance: Allowance
    point_out: Callable[[str, int, str], None]
    passed: Callable[[int], None]  # told of every byte of the artefact itself that was gone through
    found: Found = field(default_factory=Found)

    def look(self, stream: BinaryIO) -> Found:
        """Everything found in the artefact."""
        try:
            format_ = identify(stream, self.artefact.label)
            name, size = self.artefact.label, self.artefact.size_bytes
            self._piece(Piece(name=name, format=format_, depth=0, whole=stream, tape=None, size=size))
        except (TooMuch, *HOSTILE):
            self._give_up()
        return self.found

    def _give_up(self) -> None:
        self.found.is_unread = True
        self.point_out(self.artefact.label, 1, "could not be looked into to its end")

    def _code(self, kind: str, piece: Piece) -> None:
        self.found.code.add(kind)
        self.point_out(self.artefact.label, 1, f"holds code: {kind}" + (" (packed inside)" if piece.depth else ""))

    def _piece(self, piece: Piece) -> None:
        self._judge_format(piece)
        if piece.format not in contents.CONTAINERS:
            self._scan(piece)
        if piece.whole is not None:
            self._checks(piece, piece.whole)
        elif piece.format in _NEED_WHOLE or is_configuration(piece.name):
            self._give_up()
        if piece.whole is not None or piece.format in contents.CONTAINERS - contents.ZIPS:
            self._inside(piece)
        if piece.whole is not None and piece.format in contents.CONTAINERS:
            self._scan(piece)  # the list of contents need not tell of all that is there

    def _judge_format(self, piece: Piece) -> None:
        if piece.format in contents.CODE:
            self._code(contents.CODE[piece.format], piece)
            if piece.whole is None and piece.format == "pickle":
                self.found.pickles.add(Tally(n=1, ours=1))  # too large to be followed
        elif piece.format in contents.SCRIPTS and self.artefact.role not in _CODE_ROLES:
            self._code("script", piece)
        elif piece.format in contents.SEALED:
            self._give_up()
        elif piece.format not in contents.KNOWN:
            self.found.is_unknown = True

    # ---- one pass over the bytes ----

    def _scan(self, piece: Piece) -> None:
        tape = piece.rewound()
        head = tape.head()
        self.found.statements.extend(_statements(piece, head))
        secrets = self._byte_search(piece, head)
        hidden = None if "pickle" in self.found.code else Search()
        for chunk in piece.rewound().chunks():
            if secrets:
                secrets.feed(chunk)
            if hidden:
                hidden.feed(chunk)
            self._tick(piece, len(chunk))
        if secrets:
            secrets.finish()
            for search in (secrets.text, *secrets.within):
                self._count(search, is_text=search is secrets.text)
        if hidden:
            hidden.finish()
            self.found.is_unread |= hidden.is_flooded
            if hidden.n_found:
                self._code("hidden", piece)

    def _byte_search(self, piece: Piece, head: bytes) -> ByteSearch | None:
        if piece.format in contents.BINARY_TABLES | contents.CONTAINERS:
            return None  # searched column by column, member by member
        n_bytes = bytes_before_tensors(piece.format, head, piece.whole)
        text = head if piece.format in contents.TEXT else None
        return ByteSearch(lambda: self._search(piece), head=text, n_bytes=n_bytes)

    def _tick(self, piece: Piece, n: int) -> None:
        if piece.depth == 0:
            self.passed(n)
        else:
            self.allowance.tick()

    def _search(self, piece: Piece) -> SecretSearch:
        is_small = piece.size is not None and piece.size <= _MAX_SETTINGS
        return SecretSearch(
            named=is_small and contents.is_settings(piece.name, piece.format),
            unquoted=contents.is_unquoted(piece.name, piece.format),
            found=lambda line, kind: self.point_out(self.artefact.label, line, f"looks like a secret: {kind}"),
        )

    def _count(self, search: SecretSearch | None, *, is_text: bool) -> None:
        if search is None:
            return
        self.found.secrets.update(search.counts)
        self.found.n_lines += search.n_lines if is_text else 0
        self.found.is_unread |= search.is_flooded

    # ---- what a format may hold besides what it is for ----

    def _checks(self, piece: Piece, whole: BinaryIO) -> None:
        try:
            self._take(check(piece.format, piece.name, whole), piece)
            if piece.format in contents.BINARY_TABLES:
                self._table(piece, whole)
        except HOSTILE:
            self._give_up()

    def _take(self, verdict: Verdict, piece: Piece) -> None:
        for kind in verdict.kinds:
            self._code(kind, piece)
        self.found.is_unknown |= verdict.is_unknown
        self.found.pickles.add(verdict.pickles)

    def _table(self, piece: Piece, whole: BinaryIO) -> None:
        search = self._search(piece)
        for text in columns.texts(whole, piece.format):
            search.feed(text)
            self.allowance.tick()
        search.finish()
        self._count(search, is_text=True)

    # ---- what is packed in it ----

    def _inside(self, piece: Piece) -> None:
        try:
            for member in self._members(piece):
                self._member(member, piece)
        except HOSTILE:
            if piece.format in contents.CONTAINERS:
                self._give_up()

    def _members(self, piece: Piece) -> Iterator[Member]:
        if piece.depth >= MAX_DEPTH:
            if piece.format in contents.CONTAINERS:
                self._give_up()
        elif piece.format in UNPACK:
            tape = unpacked(piece.rewound(), piece.format, self.allowance)
            yield Member(name=piece.name.rpartition(".")[0] or piece.name, tape=tape, escapes=False)
        elif piece.format == "tar":
            yield from tar_members(piece.rewound(), self.allowance)
        elif piece.whole is not None:
            # Whatever a file looks like from its start, it may be a zip archive as well: that is told by its end.
            yield from zip_members(piece.whole, self.allowance)

    def _member(self, member: Member, outer: Piece) -> None:
        if member.escapes:
            self._code("escaping-path", outer)
        if member.tape is None:
            self._give_up()
            return
        try:
            piece = _opened(member.name, member.tape, outer.depth + 1)
            if piece.whole is not None:
                self._take(check_packed(outer.format, piece.name, piece.whole), outer)
            self._piece(piece)
        except HOSTILE:
            self._give_up()


def _opened(name: str, tape: Tape, depth: int) -> Piece:
    """A packed file, held whole where it is small enough."""
    data = tape.whole(MAX_HELD)
    if data is None:
        format_ = identify_start(tape.head(), name, is_whole=False)
        return Piece(name=name, format=format_, depth=depth, whole=None, tape=tape, size=None)
    whole = io.BytesIO(data)
    return Piece(name=name, format=identify(whole, name), depth=depth, whole=whole, tape=None, size=len(data))


def _statements(piece: Piece, head: bytes) -> tuple[Statement, ...]:
    text = decoded(head) if piece.format in contents.TEXT and head else None
    return statements_in(piece.name, piece.format, text) if text else ()

"""Which windows are tried: drawn from all documents in one pass, in bounded memory, and made fit to be typed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from weighbridge.maths.extraction import Hashes, scrambled, window_hashes
from weighbridge.probekit.identifiers import find
from weighbridge.probekit.ports import Bools, Documents, Ints, LanguageModel, Texts
from weighbridge.probekit.served import taken
from weighbridge.probes.verbatim_extraction.windows import (
    SLACK,
    Shape,
    Span,
    Stratum,
    Target,
    identified_starts,
    near,
    place,
    starts,
    told,
)

LEAST_WINDOW = 8  # tokens; less says too little to be told from a guess
_MERGE_AT = 1 << 16  # hashes gathered before they are sorted into those already known


class Distinct:
    """Which 64-bit numbers there were; eight bytes for each."""

    def __init__(self) -> None:
        self._known = np.zeros(0, dtype=np.uint64)
        self._new: list[Hashes] = []
        self._n_new = 0

    def add(self, numbers: Hashes) -> None:
        """Take note of these."""
        self._new.append(numbers)
        self._n_new += len(numbers)
        if self._n_new >= _MERGE_AT:
            self._merge()

    def _merge(self) -> None:
        if not self._new:
            return
        self._known = np.unique(np.concatenate([self._known, *self._new]))
        self._new, self._n_new = [], 0

    def __len__(self) -> int:
        self._merge()
        return len(self._known)

    def __contains__(self, number: int) -> bool:
        self._merge()
        at = int(np.searchsorted(self._known, np.uint64(number)))
        return at < len(self._known) and int(self._known[at]) == number


class Draw:
    """The distinct windows whose salted hashes are smallest.

    Salted hashes are as good as random numbers that equal windows share: so this is a draw without replacement, uniform
    over distinct windows, made in one pass and kept in little memory.
    """

    def __init__(self, size: int, salt: int) -> None:
        self._size = size
        self._salt = salt
        self._kept: dict[int, Target] = {}
        self._bar = 2**64 - 1  # hashes above it are refused
        self.windows = Distinct()  # all that were offered

    @property
    def is_complete(self) -> bool:
        """Whether every distinct window that was offered is in the draw."""
        return len(self.windows) <= self._size

    def offer(self, hashes: Hashes, make: Callable[[int], Target]) -> None:
        """Offer windows; `make` is asked for the n-th of them only if it is taken."""
        order = scrambled(hashes, self._salt)
        self.windows.add(order)
        for n in np.flatnonzero(order <= np.uint64(self._bar)).tolist():
            if int(order[n]) not in self._kept:
                self._kept[int(order[n])] = make(n)
        if len(self._kept) > 2 * self._size:
            self._kept = {key: self._kept[key] for key in sorted(self._kept)[: self._size]}
            self._bar = max(self._kept)

    def drawn(self) -> tuple[Target, ...]:
        """The draw, in the order of the hashes."""
        return tuple(self._kept[key] for key in sorted(self._kept)[: self._size])


@dataclass(slots=True)
class Short:
    """Documents of one stratum that are shorter than a window, so that none reaches them, and their sizes in tokens."""

    documents: Distinct = field(default_factory=Distinct)
    shortest: int = 0
    longest: int = 0

    def add(self, text: str, n_tokens: int) -> None:
        """Take note of one; where there is no token to type and another to come back, there is nothing to tell."""
        if n_tokens < 2:
            return
        digest = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()
        self.documents.add(np.asarray([int.from_bytes(digest)], dtype=np.uint64))
        self.shortest = min(self.shortest or n_tokens, n_tokens)
        self.longest = max(self.longest, n_tokens)


@dataclass(slots=True)
class Unreached:
    """What it takes to reach the identifiers that no window asks for; those with no token before them cannot be."""

    n_before: int = 0  # fewest tokens before one of them; 0 if none can be reached
    n_tokens: int = 0  # in the shortest document that holds one of them

    def add(self, spans: Sequence[Span], reached: frozenset[int], n_tokens: int) -> None:
        """Take note of one document."""
        first = {s.key: s.start for s in reversed(spans) if s.key not in reached}
        within = [start for start in first.values() if start]
        if within and n_tokens >= LEAST_WINDOW:
            self.n_before = min([self.n_before or n_tokens, *within])
            self.n_tokens = min(self.n_tokens or n_tokens, n_tokens)


@dataclass(slots=True, kw_only=True)
class Survey:
    """What one pass over the documents of a role gave."""

    draws: dict[Stratum, Draw]
    identifiers: Distinct = field(default_factory=Distinct)  # by their keys
    reached: Distinct = field(default_factory=Distinct)  # those that a window asks for
    unreached: Unreached = field(default_factory=Unreached)
    n_documents: int = 0
    n_short: int = 0  # documents shorter than a window
    short: dict[Stratum, Short] = field(default_factory=lambda: {s: Short() for s in Stratum})
    n_tokens_longest: int = 0
    n_canaries_refused: int = 0  # declared canaries, taken for ordinary documents because they are most of all
    set_apart: dict[Stratum, int] = field(default_factory=dict)  # windows not tried, since their suffix says too little
    untaken: dict[Stratum, int] = field(default_factory=dict)  # windows that do not reach the model as they are
    most_unread: int = 0  # records that files which were not read may hold; 0 if all were read

    @property
    def n_unreached(self) -> int:
        """Identifiers that no window asks for."""
        return len(self.identifiers) - len(self.reached)

    def most_untried(self, stratum: Stratum) -> int:
        """Most records of a stratum that no window could ask for, wherever they stand."""
        identifiers = self.n_unreached if stratum is Stratum.IDENTIFIED else 0
        # Ordinary text that repeats or counts on gives nobody away; a person's record may, however little it says.
        apart = self.set_apart.get(stratum, 0) if stratum in (Stratum.IDENTIFIED, Stratum.PRIVATE) else 0
        short, untaken = len(self.short[stratum].documents), self.untaken.get(stratum, 0)
        return identifiers + apart + untaken + short + self.most_unread


def survey(
    texts: Texts, model: LanguageModel, shape: Shape, draws: Mapping[Stratum, Draw], tick: Callable[[], None]
) -> Survey:
    """Go through all documents once and draw the windows to be tried."""
    found = Survey(draws=dict(draws), n_canaries_refused=_canaries_refused(texts, tick))
    for read in texts.batches():
        tick()
        refused = found.n_canaries_refused > 0
        documents = replace(read, canary=np.zeros(len(read.canary), dtype=bool)) if refused else read
        written = documents.text.to_pylist()
        encoded = model.encode(written)
        hashes = window_hashes(_joined(encoded), shape.length)
        at = 0
        for n, (text, tokens) in enumerate(zip(written, encoded, strict=True)):
            here = hashes[at : at + max(len(tokens) - shape.length + 1, 0)]
            _survey_one(found, _Document(documents, n, text, tokens, here), model, shape)
            at += len(tokens)
    return found


def _canaries_refused(texts: Texts, tick: Callable[[], None]) -> int:
    """Declared canaries, if they are more than half of the documents: then they cannot all be planted; else none."""
    n_documents = n_canaries = 0
    for documents in texts.batches():
        tick()
        n_documents += len(documents.canary)
        n_canaries += int(documents.canary.sum())
    return n_canaries if 2 * n_canaries > n_documents else 0


@dataclass(frozen=True, slots=True)
class _Document:
    batch: Documents
    number: int
    text: str
    tokens: Ints
    hashes: Hashes  # of the windows at each place

    def target(self, stratum: Stratum, start: int, shape: Shape, spans: Sequence[Span]) -> Target:
        """The window at `start`, with the tokens and identifiers around it."""
        low, high = max(start - SLACK, 0), min(start + shape.length + SLACK, len(self.tokens))
        around = tuple(Span(start=s.start - low, end=s.end - low, key=s.key) for s in near(spans, low, high))
        return Target(
            stratum=stratum, tokens=self.tokens[low:high].copy(), at=start - low, spans=around, label=self.batch.label,
            record=self.batch.first_record + self.number, is_canary=bool(self.batch.canary[self.number]),
        )  # fmt: skip


def _survey_one(found: Survey, document: _Document, model: LanguageModel, shape: Shape) -> None:
    tokens, n = document.tokens, document.number
    found.n_documents += 1
    found.n_tokens_longest = max(found.n_tokens_longest, len(tokens))
    keys = frozenset(identifier.key for identifier in find(document.text))
    is_canary = bool(document.batch.canary[n])
    if not is_canary:  # a canary stands for nobody: what identifies it is no person's, and its windows stay canaries
        found.identifiers.add(np.asarray(list(keys), dtype=np.uint64))
    other = Stratum.PRIVATE if document.batch.private[n] else Stratum.RANDOM
    spans = place(model, tokens, keys) if keys else ()
    with_identifier, reached = identified_starts(spans, len(tokens), shape)
    if not is_canary:
        found.reached.add(np.asarray(list(reached), dtype=np.uint64))
        found.unreached.add(spans, reached, len(tokens))
    if len(tokens) < shape.length:
        found.n_short += 1
        found.short[Stratum.CANARY if is_canary else other].add(document.text, len(tokens))
        return
    plain = starts(len(tokens), shape).tolist()
    if spans:
        plain = [s for s in plain if not told(near(spans, s, s + shape.length), s, shape)]
    if is_canary:
        both = sorted({*with_identifier, *plain})
        _offer(found.draws[Stratum.CANARY], Stratum.CANARY, document, both, shape, spans)
        return
    _offer(found.draws[Stratum.IDENTIFIED], Stratum.IDENTIFIED, document, with_identifier, shape, spans)
    _offer(found.draws[other], other, document, plain, shape, spans)


def _offer(
    draw: Draw, stratum: Stratum, document: _Document, at: Sequence[int], shape: Shape, spans: Sequence[Span]
) -> None:
    if at:
        draw.offer(document.hashes[list(at)], lambda n: document.target(stratum, at[n], shape, spans))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Windows:
    """Targets as they are tried: row i of `tokens` is target i."""

    targets: tuple[Target, ...]
    tokens: Ints
    n_moved: int = 0  # windows moved so that their prefix survives being typed
    n_untypable: int = 0  # windows whose prefix no text gives; it is handed to the model as tokens

    def only(self, chosen: Bools) -> Windows:
        """The chosen rows."""
        targets = tuple(t for t, keep in zip(self.targets, chosen, strict=True) if keep)
        return replace(self, targets=targets, tokens=self.tokens[chosen])

    def keys(self, row: int, shape: Shape) -> frozenset[int]:
        """The identifiers that this window asks for."""
        target = self.targets[row]
        return frozenset(s.key for s in told(target.spans, target.at, shape))


def settle(targets: Sequence[Target], model: LanguageModel, shape: Shape) -> Windows:
    """Move each window to the nearest place at which its prefix, typed as text, gives the same tokens again.

    An attacker types text. Where a prefix is cut inside a character, a word piece or a run of spaces, the model would
    be asked about tokens that nobody can send it as text. Where the model is served by a server that takes text alone,
    the whole window must survive it. Windows that end up the same count once.
    """
    settled: dict[int, int] = {}
    for shift in _shifts():
        rows = [n for n in range(len(targets)) if n not in settled and _may_move(targets[n], shift, shape)]
        wholes = np.asarray([_cut(targets[n], shift, shape.length) for n in rows], dtype=np.int64)
        prefixes = list(wholes.reshape(-1, shape.length)[:, : shape.prefix])
        again = model.encode(model.decode(prefixes)) if prefixes else []
        typable = [n for n, a, b in zip(range(len(rows)), prefixes, again, strict=True) if np.array_equal(a, b)]
        reach = taken(model, wholes[typable]) if typable else ()
        settled |= {rows[n]: shift for n, reaches in zip(typable, reach, strict=True) if reaches}
    moved = [replace(t, at=t.at + settled.get(n, 0)) for n, t in enumerate(targets)]
    tokens = np.asarray([_cut(t, 0, shape.length) for t in moved], dtype=np.int64).reshape(-1, shape.length)
    _, first = np.unique(tokens, axis=0, return_index=True)
    kept = sorted(first.tolist())
    return Windows(
        targets=tuple(moved[n] for n in kept),
        tokens=tokens[kept],
        n_moved=sum(settled.get(n, 0) != 0 for n in kept),
        n_untypable=sum(n not in settled for n in kept),
    )


def _shifts() -> Iterator[int]:
    yield 0
    for distance in range(1, SLACK + 1):
        yield distance
        yield -distance


def _cut(target: Target, shift: int, length: int) -> Ints:
    return target.tokens[target.at + shift : target.at + shift + length]


def _may_move(target: Target, shift: int, shape: Shape) -> bool:
    """Whether the window stays inside its document and its stratum."""
    start = target.at + shift
    if shift == 0:
        return True
    if start < 0 or start + shape.length > len(target.tokens):
        return False
    return bool(told(target.spans, start, shape)) == (target.stratum is Stratum.IDENTIFIED)


def _joined(encoded: Sequence[Ints]) -> Ints:
    return np.concatenate([*encoded, np.zeros(0, dtype=np.int64)]).astype(np.int64)


def repeats(texts: Texts, model: LanguageModel, windows: Ints, tick: Callable[[], None]) -> Ints:
    """How often each window (a row of `windows`) stands in the documents, at any place in them."""
    wanted, which = np.unique(windows, axis=0, return_inverse=True)
    counts = np.zeros(len(wanted), dtype=np.int64)
    length = windows.shape[1]
    hashes = np.asarray([window_hashes(row, length)[0] for row in wanted], dtype=np.uint64)
    order = np.argsort(hashes)
    for documents in texts.batches() if len(wanted) else ():
        tick()
        encoded = model.encode(documents.text.to_pylist())
        lengths = [len(e) for e in encoded]
        tokens = _joined(encoded)
        ends = np.repeat(np.cumsum(lengths), lengths)
        here = window_hashes(tokens, length)
        slot = np.minimum(np.searchsorted(hashes, here, sorter=order), len(order) - 1)
        for at in np.flatnonzero(hashes[order[slot]] == here).tolist():
            row = order[slot[at]]
            counts[row] += at + length <= ends[at] and np.array_equal(tokens[at : at + length], wanted[row])
    return counts[which.ravel()]

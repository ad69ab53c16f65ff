"""Windows: a prefix that an attacker types and the suffix that the model should not know, as tokens of one document."""

from __future__ import annotations

import bisect
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from weighbridge.probekit.identifiers import find
from weighbridge.probekit.ports import Ints, LanguageModel

SLACK = 8  # how many tokens a window may be moved so that its prefix survives being typed: about two words
_CHUNK = 128  # tokens decoded at a time when identifiers are looked for among them; longer than any identifier
_NUMBER = re.compile(r"\d{1,15}")


class Stratum(StrEnum):
    """Which windows are told apart; a canary's is a canary's, any other belongs to the first it fits."""

    IDENTIFIED = "identified"
    PRIVATE = "private"
    CANARY = "canary"
    RANDOM = "random"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The size of windows in tokens, and how far apart they stand."""

    prefix: int
    suffix: int
    stride: int

    @property
    def length(self) -> int:
        """Prefix and suffix together."""
        return self.prefix + self.suffix


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Where an identifier stands among the tokens of a document."""

    start: int
    end: int
    key: int

    def mostly_within(self, start: int, end: int) -> bool:
        """Whether more than half of its tokens lie from `start` to before `end`."""
        return 2 * (min(self.end, end) - max(self.start, start)) > self.end - self.start


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Target:
    """A window to be tried, with the tokens around it by which it may be moved."""

    stratum: Stratum
    tokens: Ints
    at: int  # where the window starts in `tokens`
    spans: tuple[Span, ...]  # identifiers near it, counted from the first of `tokens`
    label: str
    record: int
    is_canary: bool


def starts(n_tokens: int, shape: Shape) -> Ints:
    """Where the windows of a document of so many tokens start: `stride` apart, and one that ends with the document."""
    last = n_tokens - shape.length
    if last < 0:
        return np.zeros(0, dtype=np.int64)
    return np.unique(np.append(np.arange(0, last + 1, shape.stride), last))


def told(spans: Sequence[Span], start: int, shape: Shape) -> tuple[Span, ...]:
    """The identifiers that the window at `start` asks for: mostly in its suffix, and not given away in its prefix."""
    suffix = start + shape.prefix
    given = {s.key for s in spans if s.mostly_within(start, suffix)}
    return tuple(s for s in spans if s.mostly_within(suffix, start + shape.length) and s.key not in given)


def identified_starts(spans: Sequence[Span], n_tokens: int, shape: Shape) -> tuple[tuple[int, ...], frozenset[int]]:
    """Windows that end with an identifier and hold as many more as lie in the same suffix; and the keys they reach.

    An identifier cannot be reached where too few tokens stand before it, or the document is shorter than a window.
    `spans` ascending, as `place` gives them.
    """
    found: list[int] = []
    reached: set[int] = set()
    done: set[Span] = set()
    for first in spans:
        if first in done or n_tokens < shape.length:
            continue
        together = near(spans, first.start, first.start + shape.suffix)
        end = max(s.end for s in together if s is first or first.start <= s.start < s.end <= first.start + shape.suffix)
        start = min(max(end - shape.length, 0), n_tokens - shape.length)
        held = told(near(spans, start, start + shape.length), start, shape)
        if any(s.key == first.key for s in held):
            found.append(start)
            reached.update(s.key for s in held)
            done.update(held)
    return tuple(dict.fromkeys(found)), frozenset(reached)


def near(spans: Sequence[Span], start: int, end: int) -> tuple[Span, ...]:
    """The spans that touch the tokens from `start` to before `end`; `spans` ascending."""
    low = bisect.bisect_left(spans, start - _CHUNK, key=lambda s: s.start)
    high = bisect.bisect_left(spans, end, key=lambda s: s.start)
    return tuple(s for s in spans[low:high] if s.end > start)


def place(model: LanguageModel, tokens: Ints, keys: frozenset[int]) -> tuple[Span, ...]:
    """Where the identifiers of these keys stand among a document's tokens.

    The tokens are decoded piece by piece, each piece overlapping the one before by half, and identifiers are looked for
    in what comes out: so it works for every tokenizer, whether or not it can tell which characters a token came from.
    """
    half = _CHUNK // 2
    pieces = [(at, tokens[at : at + _CHUNK]) for at in range(0, max(len(tokens) - half, 1), half)]
    spans: set[tuple[int, int, int]] = set()
    for (at, piece), text in zip(pieces, model.decode([piece for _, piece in pieces]), strict=True):
        for identifier in find(text):
            if identifier.key in keys:
                start, end = _narrowed(model, piece, text[identifier.start : identifier.end], text[: identifier.end])
                spans.add((at + start, at + end, identifier.key))
    return tuple(Span(start=s, end=e, key=key) for s, e, key in sorted(spans))


def _narrowed(model: LanguageModel, piece: Ints, written: str, upto: str) -> tuple[int, int]:
    """The fewest tokens of a piece that spell `written`, where `upto` is the piece's text up to its end."""
    times = upto.count(written)  # it may stand in the piece more than once
    low, high = 1, len(piece)
    while low < high:  # the first end at which it is spelled so many times
        middle = (low + high) // 2
        low, high = (low, middle) if model.decode([piece[:middle]])[0].count(written) >= times else (middle + 1, high)
    end, low, high = low, 0, low - 1
    while low < high:  # the last start from which it is still spelled
        middle = (low + high + 1) // 2
        low, high = (middle, high) if written in model.decode([piece[middle:end]])[0] else (low, middle - 1)
    return low, end


def information_bits(prefix: str, suffix: str) -> int:
    """How many bits zlib (raw deflate, level 9) takes for a suffix when it knows the prefix.

    Numbers are written as their difference from the number before, so that counting on carries no information, as
    repeating does not.
    """
    before, after = _as_differences(prefix, suffix)
    packer = zlib.compressobj(level=9, wbits=-15, zdict=before.encode("utf-8", "replace"))
    return 8 * len(packer.compress(after.encode("utf-8", "replace")) + packer.flush())


def _as_differences(prefix: str, suffix: str) -> tuple[str, str]:
    last = 0

    def difference(match: re.Match[str]) -> str:
        nonlocal last
        value = int(match[0])
        last, step = value, value - last
        return f"{step:+d}"

    return _NUMBER.sub(difference, prefix), _NUMBER.sub(difference, suffix)

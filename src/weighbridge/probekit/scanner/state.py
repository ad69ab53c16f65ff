"""One pass over one buffer: what was found in it so far, and what the finders need to look around."""

from __future__ import annotations

from weighbridge.probekit.scanner.kinds import Hints, Hit, Pattern

SEPARATOR = b"\0"  # between rows: part of no identifier, so that no two rows are read as one
_BEFORE = 48  # bytes of context before a number; ours
_NEAR = 16  # bytes from the start of a row within which what is known of every row is context; ours


class Pass:
    """A buffer of rows, parted by NUL, with the hits in it."""

    __slots__ = ("_context", "_context_of", "buffer", "done", "hints", "hits", "tried")

    def __init__(self, buffer: bytes, hints: Hints, n_triggers: int) -> None:
        self.buffer = buffer
        self.hints = hints
        self.hits: list[Hit] = []
        self.tried: list[tuple[int, str]] = []  # where something had the shape of a pattern with a check, right or not
        self._context_of, self._context = -1, b""
        self.done = [0] * n_triggers  # by trigger: up to where its finder has looked

    def add(self, start: int, end: int, pattern: Pattern) -> None:
        """Note a hit."""
        self.hits.append(Hit(start, end, pattern))

    def attempt(self, start: int, pattern: Pattern) -> None:
        """Note that something has the shape of a pattern, right or not."""
        if 0 < pattern.chance < 1:
            self.tried.append((start, pattern.slug))

    def context(self, start: int) -> bytes:
        """What stands before a place in its row, in small letters (of ASCII).

        Near the start of the row it comes behind what is known of every row: a column's name says what its cells are,
        and nothing of the numbers deep inside a text.
        """
        if start == self._context_of:
            return self._context
        begin = max(0, start - _BEFORE)
        before = self.buffer[begin:start]
        cut = before.rfind(SEPARATOR) + 1
        words = self.hints.words if (cut or not begin) and len(before) - cut <= _NEAR else b""
        self._context_of, self._context = start, words + before[cut:].lower()
        return self._context

    def byte(self, at: int) -> int:
        """The byte at a place; 0 outside."""
        return self.buffer[at] if 0 <= at < len(self.buffer) else 0


def is_word(byte: int) -> bool:
    """Whether a byte is a letter or digit of ASCII, or an underscore."""
    return 48 <= byte <= 57 or 65 <= byte <= 90 or 97 <= byte <= 122 or byte == 95


def is_letter(byte: int) -> bool:
    """Whether a byte is a letter of ASCII or an underscore."""
    return 65 <= byte <= 90 or 97 <= byte <= 122 or byte == 95


def is_digit(byte: int) -> bool:
    """Whether a byte is a digit of ASCII."""
    return 48 <= byte <= 57

"""Recognisers as a user may offer them: one that finds a word, one that breaks, one that breaks its word, one that is none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


class Finder:
    """Finds every `Ada`, and calls her a person."""

    def find(self, texts: Sequence[str]) -> Iterable[list[tuple[int, int, str]]]:
        for text in texts:
            at = text.find("Ada")
            yield [] if at < 0 else [(at, at + 3, "PERSON")]


class Breaker:
    """Breaks, with the data in its message."""

    def find(self, texts: Sequence[str]) -> Iterable[list[tuple[int, int, str]]]:
        raise RuntimeError(texts[0])


class Liar:
    """Tells of spans that are not there."""

    def find(self, texts: Sequence[str]) -> Iterable[list[tuple[int, int, str]]]:
        return [[(0, 10**6, "PERSON")] for _ in texts]


class Unmade:
    """Cannot be made."""

    def __init__(self) -> None:
        raise ValueError("a secret in a message")


class Nothing:
    """No recogniser at all."""

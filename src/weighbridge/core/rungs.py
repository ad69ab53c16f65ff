"""Who gets what: the rungs of release and their partial order.

Two axes: to how many (nobody, named, vetted, anyone) and in which form (nothing, answers, bytes under terms, bytes).
`partners` and `served` cannot be compared: one gives more to fewer.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Rung(StrEnum):
    """One way to let a component out, or not."""

    WITHHELD = "withheld"
    PARTNERS = "partners"
    SERVED = "served"
    GATED = "gated"
    LICENSED = "licensed"
    OPEN = "open"


# (audience, form). `licensed` and `open` both hand bytes to anyone; terms of use make `licensed` the lesser of the two.
_GIVES: dict[Rung, tuple[int, int]] = {
    Rung.WITHHELD: (0, 0),
    Rung.PARTNERS: (1, 2),
    Rung.SERVED: (3, 1),
    Rung.GATED: (2, 2),
    Rung.LICENSED: (3, 2),
    Rung.OPEN: (3, 3),
}


def gives_as_much(one: Rung, other: Rung) -> bool:
    """Whether `one` gives at least as much to at least as many as `other`."""
    return all(mine >= theirs for mine, theirs in zip(_GIVES[one], _GIVES[other], strict=True))


def closed(forbidden: Iterable[Rung]) -> frozenset[Rung]:
    """All rungs that are forbidden once these are.

    Whoever forbids a rung forbids every rung that gives as much or more.
    """
    forbidden = tuple(forbidden)
    return frozenset(rung for rung in Rung if any(gives_as_much(rung, other) for other in forbidden))


def in_order(rungs: Iterable[Rung]) -> tuple[Rung, ...]:
    """The rungs as declared, from least to most."""
    chosen = set(rungs)
    return tuple(rung for rung in Rung if rung in chosen)


def highest(rungs: Iterable[Rung]) -> tuple[Rung, ...]:
    """The rungs that no other of them exceeds; two where they cannot be compared."""
    chosen = in_order(rungs)
    return tuple(r for r in chosen if not any(o != r and gives_as_much(o, r) for o in chosen))

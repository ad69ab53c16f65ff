"""Names the columns of a table so that nothing but names is said.

A column whose name itself looks like a person's data (a file without a header row) is called by its place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from weighbridge.probekit.attributes import Trait
from weighbridge.probekit.identifiers import has_shape_of_one
from weighbridge.probekit.meanings import meaning_of_values

_MOST_NAMES = 12  # more columns than this are told by their number
_LONG_NAME = 60  # characters; no header is that long, a cell may be
_NUMBERISH = re.compile(r"(?:\d[\s.\-/]?){5,}")


class Speaker:
    """Names the columns of one table so that nothing but names is said."""

    def __init__(self, traits: Sequence[Trait]) -> None:
        self._called = {t.name: called(t.name, place) for place, t in enumerate(traits, 1)}

    def list(self, columns: Iterable[str], *, joint: str = ", ") -> str:
        """The columns in a row, cut off where they are many."""
        called = [self._called[name] for name in columns]
        more = len(called) - _MOST_NAMES
        return joint.join(called[:_MOST_NAMES]) + (f" (+{more})" if more > 0 else "")

    def meant(self, columns: Iterable[str], traits: Sequence[Trait]) -> str:
        """The columns in a row, each with what it was taken for."""
        meanings = {t.name: t.meaning for t in traits}
        told = [(self._called[name], meanings[name]) for name in columns]
        cut = [f"{name} ({meaning.value})" if meaning else name for name, meaning in told[:_MOST_NAMES]]
        return ", ".join(cut) + (f" (+{len(told) - _MOST_NAMES})" if len(told) > _MOST_NAMES else "")

    def line(self, key: str, columns: Iterable[str]) -> str:
        """A line of TOML that declares these columns; those that must not be named are left out."""
        return f"{key} = {json.dumps([name for name in columns if self._called[name] == name], ensure_ascii=False)}"


def called(name: str, place: int) -> str:
    """The name of a column, or its place (from 1) where the name looks like a person's data, as without a header row.

    >>> called("district", 1), called("ada@example.org", 2)
    ('district', 'column 2')
    """
    is_data = len(name) > _LONG_NAME or "@" in name or _NUMBERISH.search(name) or has_shape_of_one(name)
    return f"column {place}" if is_data or not name.strip() or meaning_of_values([name]) else name

"""Texts that a model writes: what identifies people in them, taken together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from weighbridge.core.candidate import Role
from weighbridge.core.evidence import Silent
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.identifiers import find
from weighbridge.probekit.ports import Bench

MOST = 20_000  # texts of each role; ours
_HUB = 10  # others beside an identifier from which it joins nobody: a hotline stands beside everybody. Ours
_MAX_CHARACTERS = 20_000  # of one text that are looked at; ours


@dataclass(slots=True, kw_only=True)
class Heard:
    """The identifiers of each text, as keys that tell nothing."""

    keys: list[frozenset[int]] = field(default_factory=list)

    @property
    def n(self) -> int:
        """How many texts."""
        return len(self.keys)

    @property
    def showing(self) -> int:
        """How many texts have an identifier."""
        return sum(bool(keys) for keys in self.keys)

    @property
    def different(self) -> frozenset[int]:
        """All identifiers."""
        return frozenset().union(*self.keys)

    def incidences(self) -> npt.NDArray[np.int64]:
        """In how many texts each identifier stands."""
        counts: dict[int, int] = {}
        for keys in self.keys:
            for key in keys:
                counts[key] = counts.get(key, 0) + 1
        return np.array(sorted(counts.values()), np.int64)

    def shows_new(self, order: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Of each text of the second half in this order: whether it shows an identifier that none of the first does."""
        half = len(order) // 2
        known = frozenset().union(*(self.keys[i] for i in order[:half].tolist()))
        return np.array([bool(self.keys[i] - known) for i in order[half:].tolist()], np.bool_)

    def joined(self) -> int:
        """How many identifiers are linked, over several texts, to one that no single text shows beside them."""
        beside: dict[int, set[int]] = {}
        for keys in self.keys:
            for key in keys:
                beside.setdefault(key, set()).update(keys)
        hubs = {key for key, others in beside.items() if len(others) > _HUB}
        beside = {key: others - hubs for key, others in beside.items() if key not in hubs}
        group: dict[int, set[int]] = {}
        for key, others in beside.items():
            if key in group:
                continue
            reached, waiting = {key}, list(others)
            while waiting:
                other = waiting.pop()
                if other not in reached:
                    reached.add(other)
                    waiting.extend(beside[other])
            group |= dict.fromkeys(reached, reached)
        return sum(len(group[key]) > len(others) for key, others in beside.items())


def hear(bench: Bench, role: Role, said: list[Phrase], *, most: int = MOST) -> Heard | None:
    """The identifiers in the texts of a role; None where it has none that can be read.

    Raises
    ------
    Silent
        Where the package that checks identifiers is not installed.
    """
    heard = Heard()
    for keys in _each(bench, role, said):
        if heard.n >= most:
            said.append(phrase("of the texts of role {role}, the first {n} were read", role=role.value, n=most))
            break
        heard.keys.append(keys)
    return heard if heard.n else None


def standing_in(bench: Bench, role: Role, wanted: frozenset[int], said: list[Phrase]) -> frozenset[int] | None:
    """Which of these identifiers stand in the texts of a role; None where it has none that can be read."""
    found: frozenset[int] | None = None
    for keys in _each(bench, role, said):
        found = (found or frozenset()) | (keys & wanted)
    return found


def _each(bench: Bench, role: Role, said: list[Phrase]) -> Iterator[frozenset[int]]:
    """The identifiers of each text of a role."""
    find("")  # without its package nothing is looked for, and that leaves through here
    if not bench.has(role):
        return
    try:
        texts = bench.texts(role)
        said.extend(texts.notes)
        batches = texts.batches()
        done = 0
        for batch in batches:
            for text in batch.text.to_pylist():
                bench.progress(done, done + 1, "text")
                done += 1
                yield frozenset(i.key for i in find((text or "")[:_MAX_CHARACTERS]))
    except Silent as silent:
        said.append(silent.outcome.because)

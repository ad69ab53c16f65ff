"""Documents of both sides: which stand on both, and a sample of those that do not."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from weighbridge.probekit.ports import Bools, Ints, Texts

Words64 = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """All documents of one role by their digests, eight bytes each: as they are, and but for case and space."""

    exact: Words64  # shape (n,)
    alike: Words64  # shape (n,)
    counts: Bools  # shape (n,): whether it counts here; an empty one and a planted canary do not
    n_empty: int
    n_canaries: int

    @property
    def distinct(self) -> Words64:
        """The different ones, ascending."""
        return np.unique(self.alike[self.counts])

    @property
    def n(self) -> int:
        """How many documents count."""
        return int(self.counts.sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """How many documents of one role stand in the other too."""

    exact: int
    alike: int  # but for case and space; those that are equal are among them
    n: int  # documents that were looked up


def survey(texts: Texts, key: bytes, tick: Callable[[], None]) -> Known:
    """Read all documents of a role."""
    exact, alike, empty, canary = [], [], [], []
    for batch in texts.batches():
        for text in batch.text.to_pylist():
            plain = " ".join(text.casefold().split())
            exact.append(_digest(text, key))
            alike.append(_digest(plain, key))
            empty.append(not plain)
        canary.append(batch.canary)
        tick()
    is_canary = np.concatenate(canary) if canary else np.zeros(0, bool)
    is_empty = np.asarray(empty, dtype=bool)
    return Known(
        exact=np.asarray(exact, dtype=np.uint64), alike=np.asarray(alike, dtype=np.uint64),
        counts=~is_canary & ~is_empty, n_empty=int((is_empty & ~is_canary).sum()), n_canaries=int(is_canary.sum()),
    )  # fmt: skip


def shared(members: Known, others: Known) -> Shared:
    """Held-out documents that stand in the training data too: counted one by one, over all there are."""
    of = others.counts
    return Shared(
        exact=int(np.isin(others.exact[of], members.exact[members.counts]).sum()),
        alike=int(np.isin(others.alike[of], members.alike[members.counts]).sum()),
        n=others.n,
    )


def sample(texts: Texts, known: Known, elsewhere: Words64, n: int, tick: Callable[[], None]) -> list[str]:
    """Up to `n` different documents that do not stand elsewhere, each once, those with the smallest digests.

    The digests are keyed by the seed, so that this is a random sample, and the same one however the files are cut.
    """
    rows = np.flatnonzero(known.counts)
    distinct, first = np.unique(known.alike[rows], return_index=True)
    chosen = np.sort(rows[first[~np.isin(distinct, elsewhere)][:n]])
    found: list[str] = []
    start = 0
    for batch in texts.batches():
        inside = _between(chosen, start, start + len(batch.text))
        found.extend(batch.text[place - start].as_py() for place in inside.tolist())
        start += len(batch.text)
        tick()
    return found


def _between(chosen: Ints, start: int, stop: int) -> Ints:
    return chosen[np.searchsorted(chosen, start) : np.searchsorted(chosen, stop)]


def _digest(text: str, key: bytes) -> int:
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8, key=key).digest()
    return int.from_bytes(digest, "little")

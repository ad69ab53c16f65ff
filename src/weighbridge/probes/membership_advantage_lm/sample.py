"""Which documents are tried: of both roles, each different one once, none that stands on both sides."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

import numpy as np

from weighbridge.probekit.ports import Ints, LanguageModel, Texts
from weighbridge.probekit.served import taken

STEP = 8  # documents are cut to a multiple of so many tokens, so that many have one length and go through together
_CHARACTERS_PER_TOKEN = 16  # of the beginning of a long document that is tokenised; more than any language needs


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Document:
    """The beginning of a document, as tokens."""

    tokens: Ints
    key: int  # the same for documents that begin alike
    label: str
    record: int
    repeats: int  # records of its role that begin alike


@dataclass(slots=True, kw_only=True)
class Sample:
    """Documents of one role, drawn, and what was left out."""

    documents: tuple[Document, ...] = ()
    keys: AbstractSet[int] = field(default_factory=frozenset)  # of all different ones, drawn or not
    shared: set[int] = field(default_factory=set)  # keys of those that stand in the other role too
    n_records: int = 0
    n_canaries: int = 0
    n_private: int = 0
    n_short: int = 0
    n_untaken: int = 0  # records that cannot reach a served model as the tokens they were cut into
    n_repeated: int = 0  # records left out since one that begins alike is in
    n_shared: int = 0  # records left out since one that begins alike is in the other role

    @property
    def n_distinct(self) -> int:
        """Documents that could have been drawn."""
        return len(self.keys)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """How much of a document is tried."""

    least: int  # tokens
    most: int

    def length(self, n_tokens: int) -> int:
        """Tokens kept of so many; 0 where these are too few."""
        return 0 if n_tokens < self.least else min(self.most, n_tokens // STEP * STEP or n_tokens)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """How documents are drawn."""

    model: LanguageModel
    cut: Cut
    size: int  # of each role at most
    salt: bytes
    tick: Callable[[], None]


def drawn(draw: Draw, texts: Texts, apart: AbstractSet[int]) -> Sample:
    """Go through all documents once; those with the smallest salted hashes are drawn, so that each is as likely.

    A planted canary stands for nobody and looks like nothing else: it is left out. Private documents are members like
    all others.

    Parameters
    ----------
    apart : keys of documents that stand in the other role too
    """
    found, counts = Sample(), Counter[int]()
    kept: dict[int, tuple[Ints, str, int]] = {}
    bar = 2**64
    for key, tokens, label, record in _beginnings(draw, texts, found):
        if key in apart:
            found.n_shared += 1
            found.shared.add(key)
            continue
        counts[key] += 1
        if key <= bar and key not in kept:
            kept[key] = (tokens.copy(), label, record)
        if len(kept) > 2 * draw.size:
            kept = {k: kept[k] for k in sorted(kept)[: draw.size]}
            bar = max(kept)
    found.keys = counts.keys()
    found.n_repeated = sum(counts.values()) - len(counts)
    found.documents = tuple(
        Document(tokens=kept[key][0], key=key, label=kept[key][1], record=kept[key][2], repeats=counts[key])
        for key in sorted(kept)[: draw.size]
    )
    return found


def without(sample: Sample, apart: AbstractSet[int]) -> Sample:
    """The sample without documents that stand in the other role too."""
    sample.documents = tuple(d for d in sample.documents if d.key not in apart)
    sample.n_shared += len(sample.keys & apart)
    sample.keys = sample.keys - apart
    return sample


def _beginnings(draw: Draw, texts: Texts, found: Sample) -> Iterator[tuple[int, Ints, str, int]]:
    """Key and tokens of each document that is long enough; counts what is left out."""
    most = _CHARACTERS_PER_TOKEN * draw.cut.most
    for batch in texts.batches():
        draw.tick()
        found.n_records += len(batch.canary)
        found.n_canaries += int(batch.canary.sum())
        found.n_private += int((batch.private & ~batch.canary).sum())
        rows = np.flatnonzero(~batch.canary).tolist()
        encoded = draw.model.encode([batch.text[row].as_py()[:most] for row in rows])
        lengths = [draw.cut.length(len(tokens)) for tokens in encoded]
        found.n_short += lengths.count(0)
        long = [(row, tokens[:n]) for row, tokens, n in zip(rows, encoded, lengths, strict=True) if n]
        reaches = [bool(taken(draw.model, tokens[None])[0]) for _row, tokens in long]
        found.n_untaken += reaches.count(False)
        long = [one for one, is_taken in zip(long, reaches, strict=True) if is_taken]
        written = draw.model.decode([tokens for _row, tokens in long]) if long else []
        for (row, tokens), text in zip(long, written, strict=True):
            yield _key(text, draw.salt), tokens, batch.label, batch.first_record + row


def _key(text: str, salt: bytes) -> int:
    """The same for texts that differ in nothing but case and space."""
    plain = " ".join(text.casefold().split())
    return int.from_bytes(hashlib.blake2b(plain.encode("utf-8", "replace"), digest_size=8, key=salt).digest())

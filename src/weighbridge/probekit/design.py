"""Coded columns as matrices, fitted to the training rows of one fold and to nothing else."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from weighbridge.probekit.coding import CategoryColumn, CodedColumn, NumberColumn, TextColumn
from weighbridge.probekit.ports import Bools, Floats, Ints

# Quantiles of a number: at most so many bins, and so many rows to a bin. Ours.
_BINS, _ROWS_IN_BIN = 16, 50
_CATEGORIES, _FREQUENT = 60, 3  # most categories kept of a column, and the rows that one needs; ours
_LARGE = 1e150  # a number beyond is taken to be no larger, so that squares stay finite
_SPREAD = 3.0  # standard deviations beyond which a number is taken to be no larger
_BUCKETS = np.uint64(18)  # words and pairs of words are hashed into two to the power of this; ours
_AT_ONCE = 512  # texts hashed in one go, which bounds the memory
_WORDS_IN = 2  # training texts that a word must stand in
_MIX = np.uint64(0x9E3779B97F4A7C15)  # 2**64 over the golden ratio, odd: Knuth, The Art of Computer Programming, 6.4
_TOKEN = re.compile(r"\w+|[^\w\s]")
_HEADS = (2, 4, 7, 10)  # characters at the start of a text that count as a word: the year, month and day of a date


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """All columns side by side, n rows each; nothing is fitted yet."""

    numbers: Floats  # shape (n, a)
    categories: Ints  # shape (n, b); -1 where there is none
    n_values: tuple[int, ...]  # shape (b,)
    words: Any  # sparse, shape (n, c): how often each word or pair of words stands in the texts


def columns_of(columns: Sequence[CodedColumn], n: int) -> Columns:
    """Lay the columns side by side."""
    numbers: list[Floats] = [np.zeros((n, 0))]
    categories = [c for c in columns if isinstance(c, CategoryColumn)]
    words: list[Any] = []
    for place, column in enumerate(columns):
        if isinstance(column, NumberColumn):
            numbers.append(column.values[:, None])
        elif isinstance(column, TextColumn):
            numbers.append(column.counted)
            words.append(_hashed(column.values, place))
    return Columns(
        numbers=np.clip(np.concatenate(numbers, axis=1), -_LARGE, _LARGE),
        categories=np.stack([c.codes for c in categories], axis=1) if categories else np.zeros((n, 0), np.int64),
        n_values=tuple(c.n_values for c in categories),
        words=sparse.hstack(words, format="csr") if words else sparse.csr_matrix((n, 0)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """How the columns become matrices, learnt from some of the rows.

    A number goes by its bin among the quantiles (missing is a bin) and by its size; a category by itself where it is
    frequent, else with all other rare ones; a word by how telling it is (tf-idf, each row of length 1).
    """

    columns: Columns
    train: Ints  # the rows learnt from
    has_numbers: Bools  # shape (a,): whether there is any number in these rows
    edges: tuple[Floats, ...]  # of the bins, one array for each column of numbers
    centre: Floats  # shape (a,)
    scale: Floats  # shape (a,)
    slots: tuple[Ints, ...]  # by category, from -1 on, its place among those kept; the rare ones share place 0
    weight: Floats  # shape (c,): of each word; 0 for a rare one
    place: Ints  # shape (c,): of each word among those kept

    @classmethod
    def on(cls, columns: Columns, train: Ints) -> Design:
        """Learn from these rows."""
        numbers = columns.numbers[train]
        known = ~np.isnan(numbers)
        n_known = np.maximum(1, known.sum(axis=0))
        centre = np.where(known, numbers, 0.0).sum(axis=0) / n_known
        spread = np.sqrt(np.where(known, (numbers - centre) ** 2, 0.0).sum(axis=0) / n_known)
        kept, weight = _telling(columns.words[train])
        return cls(
            columns=columns,
            train=train,
            has_numbers=np.asarray(known.any(axis=0), dtype=bool),
            edges=tuple(_edges(numbers[known[:, j], j]) for j in range(numbers.shape[1])),
            centre=centre,
            scale=np.where(spread > 0, spread, 1.0),
            slots=tuple(_slots(columns.categories[train, j], n_values) for j, n_values in enumerate(columns.n_values)),
            weight=weight,
            place=np.cumsum(kept) - 1,
        )

    @property
    def is_category(self) -> Bools:
        """Which columns of the dense matrix are categories."""
        return np.asarray(np.arange(self.n_dense) >= self.columns.numbers.shape[1], dtype=bool)

    @property
    def n_dense(self) -> int:
        """Columns of the dense matrix."""
        return int(self.columns.numbers.shape[1] + self.columns.categories.shape[1])

    @property
    def is_telling(self) -> bool:
        """Whether there is a column at all."""
        return self.n_dense > 0 or bool((self.weight > 0).any())

    def dense(self, rows: Ints) -> Floats:
        """Numbers as they are and categories as codes, NaN where there is none; without words.

        A column of numbers of which the rows learnt from have none is 0 throughout: trees cannot bin what is not there.
        """
        codes = [
            np.where(c < 0, np.nan, slot[c + 1]) for slot, c in zip(self.slots, self._categories(rows), strict=True)
        ]
        numbers = np.where(self.has_numbers, self.columns.numbers[rows], 0.0)
        return np.column_stack([numbers, *codes]) if self.n_dense else np.zeros((len(rows), 0))

    def linear(self, rows: Ints) -> Any:
        """Sizes, and bins, categories and words each in a column of its own; sparse."""
        numbers = self.columns.numbers[rows]
        size = np.clip((np.nan_to_num(numbers, nan=0.0) - self.centre) / self.scale, -_SPREAD, _SPREAD)
        size[np.isnan(numbers)] = 0.0
        return sparse.hstack([sparse.csr_matrix(size), self.marks(rows)], format="csr")

    def marks(self, rows: Ints) -> Any:
        """The same without sizes: nothing is negative."""
        numbers = self.columns.numbers[rows]
        each = [_bins(numbers[:, j], edges) for j, edges in enumerate(self.edges)]
        each += [slot[c + 1] for slot, c in zip(self.slots, self._categories(rows), strict=True)]
        widths = [len(edges) + 2 for edges in self.edges] + [int(slot.max(initial=1)) + 1 for slot in self.slots]
        return sparse.hstack([_one_hot(each, widths, len(rows)), self._words(rows)], format="csr")

    def _categories(self, rows: Ints) -> Ints:
        return self.columns.categories[rows].T

    def _words(self, rows: Ints) -> Any:
        """Weighed words of these rows, those that are not kept left out, each row of length 1."""
        counts = self.columns.words[rows]
        row = np.repeat(np.arange(len(rows)), np.diff(counts.indptr))
        value = np.log1p(counts.data) * self.weight[counts.indices]
        kept = value > 0
        row, value, column = row[kept], value[kept], self.place[counts.indices[kept]]
        length = np.sqrt(np.bincount(row, weights=value**2, minlength=len(rows)))
        width = int(self.place[-1]) + 1 if len(self.place) else 0
        return sparse.csr_matrix((value / length[row], (row, column)), shape=(len(rows), width))


def _edges(known: Floats) -> Floats:
    """Where one bin ends and the next begins: a value on an edge is above it."""
    if not len(known):
        return np.zeros(0)
    bins = max(2, min(_BINS, len(known) // _ROWS_IN_BIN))
    quantiles = np.unique(np.quantile(known, np.arange(1, bins) / bins, method="higher"))
    return np.asarray(quantiles[quantiles > known.min()], dtype=np.float64)


def _bins(values: Floats, edges: Floats) -> Ints:
    bins = np.searchsorted(edges, values, side="right")
    return np.where(np.isnan(values), len(edges) + 1, bins).astype(np.int64)


def _slots(codes: Ints, n_values: int) -> Ints:
    """The place of each category, from -1 (missing) on: 0 for rare ones, 1 for missing, then the frequent ones."""
    counts = np.bincount(codes[codes >= 0], minlength=n_values)
    frequent = np.argsort(-counts, kind="stable")[:_CATEGORIES]
    frequent = frequent[counts[frequent] >= _FREQUENT]
    slots = np.zeros(n_values + 1, dtype=np.int64)
    slots[0] = 1
    slots[frequent + 1] = 2 + np.arange(len(frequent))
    return slots


def _one_hot(each: Sequence[Ints], widths: Sequence[int], n: int) -> Any:
    """One column for each value of each of several arrays of places, side by side."""
    starts = np.cumsum([0, *widths])
    places = np.stack([at + start for at, start in zip(each, starts, strict=False)], axis=1) if each else None
    if places is None:
        return sparse.csr_matrix((n, 0))
    ends = np.arange(n + 1) * len(each)
    return sparse.csr_matrix((np.ones(places.size), places.ravel(), ends), shape=(n, int(starts[-1])))


def _telling(words: Any) -> tuple[Bools, Floats]:
    """Which words are kept, and what each weighs: the rarer among the texts, the more (idf)."""
    n, width = words.shape
    texts_with = np.bincount(words.indices, minlength=width)
    kept = texts_with >= _WORDS_IN
    return kept, np.where(kept, 1 + np.log((1 + n) / (1 + texts_with)), 0.0)


def _hashed(texts: Sequence[str], salt: int) -> Any:
    """How often each word and pair of neighbouring words stands in each text, shape (n, buckets in use)."""
    numbers: dict[str, int] = {}
    parts = [_counts(texts[at : at + _AT_ONCE], numbers, salt) for at in range(0, len(texts), _AT_ONCE)]
    counts = sparse.vstack(parts, format="csr")
    used = np.bincount(counts.indices, minlength=counts.shape[1]) > 0
    place = np.cumsum(used, dtype=np.int32) - np.int32(1)
    return sparse.csr_matrix((counts.data, place[counts.indices], counts.indptr), shape=(len(texts), int(used.sum())))


def _counts(texts: Sequence[str], numbers: dict[str, int], salt: int) -> Any:
    """The same for some texts, over all buckets; `numbers` keeps the number of each word that was met."""
    lengths: list[int] = []
    tokens: list[int] = []
    for text in texts:
        lowered = text.lower()
        found = [*_TOKEN.findall(lowered), *("^" + lowered[:head] for head in _HEADS)]
        lengths.append(len(found))
        for token in found:
            if token not in numbers:
                numbers[token] = zlib.crc32(token.encode("utf-8", "surrogatepass"), salt)
        tokens.extend(map(numbers.__getitem__, found))
    word = np.asarray(tokens, dtype=np.uint64) + np.uint64(1)
    row = np.repeat(np.arange(len(texts)), lengths)
    in_one = row[1:] == row[:-1]
    pair = (word[:-1] * _MIX ^ word[1:])[in_one]
    rows, bucket = np.concatenate([row, row[1:][in_one]]), _bucket(np.concatenate([word, pair]))
    ones = np.ones(len(rows), dtype=np.float32)
    return sparse.csr_matrix((ones, (rows, bucket.astype(np.int64))), shape=(len(texts), 1 << int(_BUCKETS)))


def _bucket(hashed: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    mixed = (hashed ^ (hashed >> np.uint64(32))) * _MIX
    return mixed >> (np.uint64(64) - _BUCKETS)

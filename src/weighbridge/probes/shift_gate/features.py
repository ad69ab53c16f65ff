"""How well one thing alone tells members from non-members: a column of a table, or one trait of a text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from weighbridge.probekit.coding import TEXT_KINDS, CodedColumn, NumberColumn, TextColumn
from weighbridge.probekit.design import Columns, Design, columns_of
from weighbridge.probekit.ports import Bools, Floats, Ints

WORDS = "words"
_LONGEST_NAME, _MOST_DIGITS = 40, 4  # a header with more may be a row of data; ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One thing that may tell."""

    name: str
    columns: Columns


def features_of_table(columns: Sequence[CodedColumn], n: int) -> tuple[Feature, ...]:
    """Each column by itself."""
    return tuple(
        Feature(name=_called(column.name, place), columns=columns_of((column,), n))
        for place, column in enumerate(columns, 1)
    )


def features_of_texts(column: TextColumn) -> tuple[Feature, ...]:
    """Length, compression, dates, format and words, each by itself."""
    n = len(column.values)
    found = []
    for kind in dict.fromkeys(TEXT_KINDS):
        numbers = [
            NumberColumn(name=kind, values=column.counted[:, j]) for j, of in enumerate(TEXT_KINDS) if of == kind
        ]
        found.append(Feature(name=kind, columns=columns_of(numbers, n)))
    words = replace(column, counted=np.zeros((n, 0)))
    return (*found, Feature(name=WORDS, columns=columns_of((words,), n)))


def scores(feature: Feature, is_member: Bools, fold: Ints) -> Floats:
    """How much a row's marks speak for a member, judged by the rows of the other folds; shape (n,).

    Each mark (a bin, a category, a word) counts by the logarithm of how much more often members have it; one that
    nobody there has counts nothing.

    References
    ----------
    Naive Bayes with Laplace's rule of succession, as in Manning, Raghavan and Schuetze 2008, Introduction to
    Information Retrieval, chapter 13.
    """
    out = np.zeros(len(is_member))
    for k in np.unique(fold).tolist():
        train, test = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        design = Design.on(feature.columns, train)
        marks, member = design.marks(train), is_member[train]
        with_it = np.bincount(marks.indices, weights=np.repeat(member, np.diff(marks.indptr)), minlength=marks.shape[1])
        without = np.bincount(marks.indices, minlength=marks.shape[1]) - with_it
        speaks = np.log((with_it + 1) / (member.sum() + 2)) - np.log((without + 1) / ((~member).sum() + 2))
        speaks[with_it + without == 0] = 0.0
        out[test] = (design.marks(test) > 0) @ speaks
    return out


def _called(name: str, place: int) -> str:
    """A column by its name, or by its place where the name looks like data."""
    is_data = "@" in name or sum(map(str.isdigit, name)) > _MOST_DIGITS or len(name) > _LONGEST_NAME
    return f"column {place}" if is_data or not name.isprintable() or not name.strip() else name

"""The attack: put every candidate into a column, ask the model about all rows at once, keep what fits the right answer.

References
----------
Fredrikson et al. 2014, Privacy in pharmacogenetics, USENIX Security; Yeom et al. 2018, Privacy risk in machine
learning, IEEE CSF: a guess is the value under which the model agrees best with what is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from weighbridge.probekit.ports import Bools, Floats, Ints
from weighbridge.probes.attribute_inference.values import Candidates

# Rows in one question to the model, and probabilities in its answer: memory is bounded, and a call costs little beside.
_ROWS_AT_ONCE, _ANSWERS_AT_ONCE = 1 << 16, 1 << 23

Ask = Callable[[pa.Table], Floats]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rows:
    """Members and others, as the model takes them."""

    inputs: pa.Table  # n rows
    targets: Ints  # shape (n,): the right answers
    is_member: Bools  # shape (n,)
    n_classes: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Guesses as the published attack counts them."""

    correct: int
    total: int

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.correct + other.correct, self.total + other.total)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Replies:
    """What the model says of every row under every candidate."""

    right: Floats  # shape (n, candidates): probability of the row's right answer; 0 for rows without a candidate
    members: Counts  # as published
    others: Counts


def replies(ask: Ask, rows: Rows, found: Candidates) -> Replies:
    """Ask about all rows that have a candidate under all candidates.

    `ask` gives probabilities, shape (n, classes), of a table of n rows.
    """
    right = np.zeros((len(rows.targets), found.n))
    members = others = Counts(0, 0)
    for part, given in _answers(ask, rows, found):
        right[part] = given[np.arange(len(given))[:, None], np.arange(found.n), rows.targets[part, None]]
        member, truth = rows.is_member[part], found.truth[part]
        members += counts(given[member], truth[member])
        others += counts(given[~member], truth[~member])
    return Replies(right=right, members=members, others=others)


def _answers(ask: Ask, rows: Rows, found: Candidates) -> Iterator[tuple[Ints, Floats]]:
    """Some rows at a time, with probabilities of shape (rows, candidates, classes)."""
    tried = np.flatnonzero(found.tried)
    step = max(1, min(_ROWS_AT_ONCE, _ANSWERS_AT_ONCE // rows.n_classes) // found.n)
    for start in range(0, len(tried), step):
        part = tried[start : start + step]
        given = ask(put_in(rows.inputs.take(pa.array(part)), rows.inputs, found))
        yield part, given.reshape(found.n, len(part), -1).transpose(1, 0, 2)


def put_in(part: pa.Table, whole: pa.Table, found: Candidates) -> pa.Table:
    """These rows once under each candidate: all under the first, then all under the second, and so on."""
    place = whole.column_names.index(found.column)
    cells, field = whole.column(place), whole.field(place)
    taken = (cells.take(pa.array(np.full(part.num_rows, row))) for row in found.rows)
    return pa.concat_tables([part.set_column(place, field, values) for values in taken])


def counts(probabilities: Floats, truth: Ints) -> Counts:
    """Guesses and right ones by the published definition, so that our numbers can be laid beside those of others.

    A candidate counts only where the model gives the answer that it gives to the row as it is; a guess is made only
    where the highest probability of that answer is reached by one candidate alone, and by whatever little it is higher
    (threshold 0). The right answer is not used; ours, beside it, is what somebody would do who knows it.

    Parameters
    ----------
    probabilities : shape (n, candidates, classes)
    truth : shape (n,): the candidate that each row really has; rows with -1 are left out

    References
    ----------
    SACRO-ML 2.0.1, attribute attack (`_infer`, threshold 0).
    """
    probabilities, truth = probabilities[truth >= 0], truth[truth >= 0]
    if not probabilities.size:
        return Counts(0, 0)
    answers, sure = probabilities.argmax(axis=2), probabilities.max(axis=2)
    as_it_is = answers[np.arange(len(truth)), truth]
    sure = np.where(answers == as_it_is[:, None], sure, -np.inf)
    best = sure.max(axis=1)
    is_alone = (sure == best[:, None]).sum(axis=1) == 1
    is_right = sure.argmax(axis=1) == truth
    return Counts(int((is_alone & is_right).sum()), int(is_alone.sum()))


def guesses(right: Floats, draw: Floats) -> Ints:
    """The candidate under which the right answer is likeliest; of several, one by lot, so that a tie is no lead.

    Parameters
    ----------
    right : shape (n, candidates), at least one
    draw : shape (n,), in [0, 1)
    """
    is_best = right == right.max(axis=1, keepdims=True)
    order = is_best.cumsum(axis=1)
    wanted = np.floor(draw * order[:, -1]).astype(np.int64) + 1
    return np.asarray((order >= wanted[:, None]).argmax(axis=1), dtype=np.int64)

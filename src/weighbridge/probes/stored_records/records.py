"""Training records kept as numbers: rows of instance-based models, rows among other numbers, small leaves of trees."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from weighbridge.core.candidate import Role
from weighbridge.core.evidence import Quantity, Silent
from weighbridge.core.wording import _
from weighbridge.probekit.ports import Structure
from weighbridge.probes.stored_records import notes
from weighbridge.probes.stored_records.arrays import (
    Form,
    Index,
    Matches,
    Moments,
    Search,
    match,
    read_tensors,
)
from weighbridge.probes.stored_records.files import Where
from weighbridge.probes.stored_records.hashing import rows
from weighbridge.probes.stored_records.inquiry import Inquiry, Pointing, count

_BY_STRUCTURE = frozenset({"skops", "onnx", "xgboost", "lightgbm"})  # formats whose numbers a classifier tells itself
_AT_A_TIME = 1024  # rows that the steps of a model are given; ours, for memory
_MANY = 1 << 20  # training rows, where they have no numbers to count them by


def instances(inquiry: Inquiry) -> Iterator[Quantity]:
    """Training rows that the model keeps because of what it is."""
    structure = inquiry.structure
    if not inquiry.is_classifier:
        yield count("stored-records", Where.INSTANCES, 0, 0, "model")
    elif structure is None:
        return
    elif len(structure.instances):
        n, more = _kept(inquiry, structure)
        inquiry.said.append(notes.keeps_instances(inquiry.kind, keepers_of(structure), n))
        yield count("stored-records", Where.INSTANCES, n, len(structure.instances), "kept row", more=more)
    elif structure.names_instances:
        inquiry.said.append(notes.instances_unread(inquiry.kind, keepers_of(structure)))
        size = sum(a.size_bytes for a in inquiry.bench.candidate.of_role(Role.WEIGHTS))  # a record takes a byte
        yield count("stored-records", Where.INSTANCES, 1, 1, "model", more=max(0, size - 1))
    else:
        yield count("stored-records", Where.INSTANCES, 0, 1, "model")


def keepers_of(structure: Structure) -> tuple[str, ...]:
    """The kinds of parts that keep rows, each once."""
    return tuple(dict.fromkeys(kind for kind, _n in structure.keepers))


def _kept(inquiry: Inquiry, structure: Structure) -> tuple[int, int]:
    """How many training records the kept rows are, at least, and how many more at most.

    Several parts may keep the same records, each as it sees them. A record is counted once if its row was found in the
    training data; of rows that were not found, those of one part are different records if they differ.
    """
    kept = structure.instances
    index = Index(width=kept.shape[1])
    index.add(kept)
    found = _matched(inquiry, (kept,), by_chance=False).found
    if inquiry.training.is_there:
        inquiry.said.append(notes.confirmed(len(found.records), found.forms))
    n_unmet = len(index.known_unordered()) - len(set(index.known_unordered().tolist()) & found.met)
    ends = np.cumsum([n for _kind, n in structure.keepers] or [len(kept)])
    with np.errstate(over="ignore"):
        hashes = rows(kept.astype(np.float32))
    largest = max(len(np.unique(part)) for part in np.split(hashes, ends[:-1]))
    n_met = min(len(kept), len(found.records))
    if not n_unmet and not index.n_left_out and kept.shape[1] > 1:
        return n_met, 0
    at_least = min(len(kept), max(n_met, largest))
    at_most = len(kept) if not n_met or len(structure.keepers) > 1 else min(len(kept), n_met + n_unmet)
    return at_least, max(0, at_most - at_least)


def weights(inquiry: Inquiry) -> Iterator[Quantity]:
    """Training rows among the model's other numbers."""
    training = inquiry.training
    if not inquiry.is_classifier:
        yield count("stored-records", Where.WEIGHTS, 0, 0, "row of numbers")
        return
    width = training.width()
    if not training.is_there or width is None:
        inquiry.said += [notes.no_common_width()] if training.is_there else []
        return
    searched = _matched(inquiry, inquiry.structure.arrays if inquiry.structure else (), by_chance=True)
    found = searched.found
    # A layer of a network is as wide as the input too: only so many rows as would hold half of the records are doubted.
    n_open = searched.n_open if 2 * searched.n_open >= searched.n_records else 0
    inquiry.said += notes.rows_found(len(found.sure), len(found.doubtful), found.forms, width)
    inquiry.said += notes.rows_open(n_open)
    more = len(found.doubtful) + searched.n_left_out + n_open
    if searched.n_records and not training.unread_bytes:
        more = min(more, max(0, searched.n_records - len(found.sure)))
    more += searched.unread_bytes // max(1, width) + training.unread_bytes
    yield count("stored-records", Where.WEIGHTS, len(found.sure), searched.n_rows, "row of numbers", more=more)


@dataclass(slots=True, kw_only=True)
class _Searched:
    found: Matches
    n_rows: int = 0  # of the model
    n_records: int = 0  # of the training data; 0 where they have no numbers
    n_left_out: int = 0
    n_open: int = 0  # rows of the model that may be rows in a form that could not be tried
    unread_bytes: int = 0


def _matched(inquiry: Inquiry, arrays: tuple[npt.NDArray[Any], ...], *, by_chance: bool) -> _Searched:
    """Search arrays for the training rows, as they are, scaled, and as each step of the model sees them.

    With `by_chance`, also in the files.
    """
    training = inquiry.training
    width = training.width() or 0
    index = Index(width=width, n_outputs=inquiry.n_classes)
    for array in arrays:
        index.add(array)
    unread = _read_files(inquiry, index) if by_chance and width > 1 else 0
    pointing = Pointing(inquiry.bench, _("this record is kept in the model, as a row of numbers"))
    moments = Moments.over(training.rows() if width else (), width)
    found = match(index, moments, training.rows() if width else (), point_out=pointing, by_chance=by_chance)
    made = _Searched(
        found=found, n_rows=index.n_rows, n_records=moments.n_rows, n_left_out=index.n_left_out, unread_bytes=unread
    )
    indexes: dict[int, Search] = {}

    def search_of(wide: int) -> Search:
        if wide not in indexes:
            other = Index(width=wide)
            for array in arrays:
                other.add(array)
            made.n_left_out += other.n_left_out
            made.n_rows = max(made.n_rows, other.n_rows)
            indexes[wide] = Search(
                index=other, n_rows=moments.n_rows or _MANY, by_chance=by_chance, point_out=pointing, found=found
            )
        return indexes[wide]

    if training.tables and not _look_as_steps_see(inquiry, search_of):
        made.n_open = index.n_unmet(found.met)
    found.doubtful -= found.sure
    return made


def _look_as_steps_see(inquiry: Inquiry, search_of: Callable[[int], Search]) -> bool:
    """Look up the rows as each step sees them; whether it is known of all steps."""
    see = inquiry.structure.views if inquiry.structure is not None else None
    if see is None:
        return False
    is_complete = True
    try:
        for part in inquiry.training.parts(_AT_A_TIME):
            for view in see(part.inputs):
                if view is None or len(view) != len(part.rows.numbers):
                    is_complete = False
                elif view.shape[1] > 1 and search_of(view.shape[1]).index.n_rows:
                    search_of(view.shape[1]).look(part.rows, view, Form.STEP)
    except Silent:
        return False
    return is_complete


def _read_files(inquiry: Inquiry, index: Index) -> int:
    """Take in the numbers of the weights; how many bytes of them could not be read."""
    before = inquiry.unread.at.get(Where.WEIGHTS, 0)
    for file in inquiry.files:
        is_told = inquiry.structure is not None and file.format in _BY_STRUCTURE
        if file.where is Where.WEIGHTS and not is_told and not read_tensors(file, index, inquiry.unread, inquiry.tick):
            inquiry.unread.add(file, file.size)
    return inquiry.unread.at.get(Where.WEIGHTS, 0) - before


def leaves(inquiry: Inquiry) -> Iterator[Quantity]:
    """How few training records a leaf stands for."""
    structure = inquiry.structure
    if inquiry.is_classifier and structure is None:
        return
    if structure is not None and structure.untold_leaves:
        inquiry.said.append(notes.leaves_untold(inquiry.kind))
        return
    held: list[int] = structure.leaves.tolist() if structure is not None else []
    n, smallest = len(held), min(held, default=0)
    small = sum(leaf < inquiry.settings.leaf_records for leaf in held)
    if n:
        inquiry.said.append(notes.leaves_of(inquiry.kind, n, smallest))
    for metric, value, unit in (("small-leaves", small, "count"), ("smallest-leaf", smallest, "count")):
        yield Quantity(
            metric=metric, value=value, low=value, high=value, confidence=1.0, unit=unit, n=n, n_of="leaf",
        )  # fmt: skip

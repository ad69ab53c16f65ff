"""Training records kept as numbers: rows of instance-based models, rows among other numbers, small leaves of trees."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.core.candidate import Role
from weighbridge.core.evidence import Quantity
from weighbridge.core.wording import _
from weighbridge.probes.stored_records import notes
from weighbridge.probes.stored_records.arrays import Index, Matches, Moments, match, read_tensors
from weighbridge.probes.stored_records.files import Where
from weighbridge.probes.stored_records.inquiry import Inquiry, Pointing, count

_BY_STRUCTURE = frozenset({"skops", "onnx", "xgboost", "lightgbm"})  # formats whose numbers a classifier tells itself


def instances(inquiry: Inquiry) -> Iterator[Quantity]:
    """Training rows that the model keeps because of what it is."""
    structure = inquiry.structure
    if not inquiry.is_classifier:
        yield count("stored-records", Where.INSTANCES, 0, 0, "model")
    elif structure is None:
        return
    elif len(structure.instances):
        n = len(structure.instances)
        inquiry.said.append(notes.keeps_instances(inquiry.kind, n))
        _confirm(inquiry)
        yield count("stored-records", Where.INSTANCES, n, n, "training record")
    elif structure.names_instances:
        inquiry.said.append(notes.instances_unread(inquiry.kind))
        size = sum(a.size_bytes for a in inquiry.bench.candidate.of_role(Role.WEIGHTS))  # a record takes a byte
        yield count("stored-records", Where.INSTANCES, 1, 1, "model", more=max(0, size - 1))
    else:
        yield count("stored-records", Where.INSTANCES, 0, 1, "model")


def _confirm(inquiry: Inquiry) -> None:
    """Find the rows that the model keeps among the training data given; they count whether found or not."""
    width = inquiry.training.width()
    if inquiry.structure is None or not width:
        return
    index = Index(width=width)
    index.add(inquiry.structure.instances)
    found = _matched(inquiry, index, by_chance=False)
    inquiry.said.append(notes.confirmed(len(found.sure), found.forms))


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
    index = Index(width=width)
    for array in inquiry.structure.arrays if inquiry.structure else ():
        index.add(array)
    unread = _read_files(inquiry, index) if width > 1 else 0
    found = _matched(inquiry, index, by_chance=True)
    inquiry.said += notes.rows_found(len(found.sure), len(found.doubtful), found.forms, width)
    more = len(found.doubtful) + index.n_left_out + unread // max(1, width) + training.unread_bytes
    yield count("stored-records", Where.WEIGHTS, len(found.sure), index.n_rows, "row of numbers", more=more)


def _read_files(inquiry: Inquiry, index: Index) -> int:
    """Take in the numbers of the weights; how many bytes of them could not be read."""
    before = inquiry.unread.at.get(Where.WEIGHTS, 0)
    for file in inquiry.files:
        is_told = inquiry.structure is not None and file.format in _BY_STRUCTURE
        if file.where is Where.WEIGHTS and not is_told and not read_tensors(file, index, inquiry.unread, inquiry.tick):
            inquiry.unread.add(file, file.size)
    return inquiry.unread.at.get(Where.WEIGHTS, 0) - before


def _matched(inquiry: Inquiry, index: Index, *, by_chance: bool) -> Matches:
    if not index.n_rows:
        return Matches()
    moments = Moments.over(inquiry.training.rows(), index.width)
    pointing = Pointing(inquiry.bench, _("this record is kept in the model, as a row of numbers"))
    return match(index, moments, inquiry.training.rows(), point_out=pointing, by_chance=by_chance)


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
    for metric, value, unit in (("small-leaves", small, "count"), ("smallest-leaf", smallest, "record")):
        yield Quantity(
            metric=metric, value=value, low=value, high=value, confidence=1.0, unit=unit, n=n, n_of="leaf",
        )  # fmt: skip

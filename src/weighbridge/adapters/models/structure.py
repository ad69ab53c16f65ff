"""What an estimator holds besides what it computes: rows it was fitted on, leaves, words, and its other numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from weighbridge.adapters.models.boosters import boosted_kind
from weighbridge.adapters.models.trees import held_by
from weighbridge.adapters.models.xgboost_file import BoostedModel
from weighbridge.probekit.ports import Structure

# Attributes that hold rows as they were seen, by the names that scikit-learn gives them: neighbours, support vectors,
# Gaussian processes, label propagation and kernels over rows.
_ROWS = re.compile(r"_?(?:fit_)?X_?(?:fit|train)?_?|support_vectors_")
_INSTANCE_KINDS = re.compile(
    r"KNeighbors|RadiusNeighbors|NearestNeighbors|^(?:Nu)?SVC$|GaussianProcess|LabelPropagation|LabelSpreading|"
    r"KNNImputer|KernelPCA|Nystroem"
)
_VOCABULARIES = frozenset({"vocabulary_", "categories_", "stop_words_"})
_TOLD_ELSEWHERE = frozenset({"classes_", "feature_names_in_", "n_features_in_"})
_DENSE = 1 << 26  # numbers of a sparse matrix that are spread out, half a GiB


@dataclass(slots=True)
class _Found:
    rows: list[tuple[str, npt.NDArray[Any]]] = field(default_factory=list)  # with the kind of what keeps them
    keeping_kinds: dict[str, None] = field(default_factory=dict)
    leaves: list[npt.NDArray[np.int64]] = field(default_factory=list)
    untold: bool = False
    words: dict[str, None] = field(default_factory=dict)
    arrays: list[npt.NDArray[Any]] = field(default_factory=list)


def estimator_structure(estimator: Any, boosters: dict[int, BoostedModel] | None = None) -> Structure:
    """Walk through an estimator and all that it holds. Nothing is copied, save sparse matrices.

    Rows of several widths, as where estimators are stacked: those of one width are instances, the others arrays.
    """
    found = _Found()
    seen: set[int] = set()
    for _holder, held in held_by(estimator):
        if id(held) in seen:
            continue
        seen.add(id(held))
        model = (boosters or {}).get(id(held))
        if model is not None:
            _take_model(model, found)
        elif hasattr(held, "__dict__") and not isinstance(held, type):
            _take(held, found)
        elif type(held).__name__ == "Tree" and hasattr(held, "children_left"):
            is_leaf = np.asarray(held.children_left) == -1
            found.leaves.append(np.asarray(held.n_node_samples)[is_leaf].astype(np.int64))
            found.arrays += [np.asarray(held.threshold)[~is_leaf], np.asarray(held.value)[is_leaf]]
    widths: dict[int, list[tuple[str, npt.NDArray[Any]]]] = {}
    for kind, rows in found.rows:
        widths.setdefault(rows.shape[1], []).append((kind, rows))
    kept = max(widths.values(), key=lambda group: sum(len(rows) for _kind, rows in group), default=[])
    others = [rows for group in widths.values() if group is not kept for _kind, rows in group]
    keepers = tuple((kind, len(rows)) for kind, rows in kept) or tuple((kind, 0) for kind in found.keeping_kinds)
    return Structure(
        instances=_joined([rows for _kind, rows in kept]),
        names_instances=bool(keepers),
        leaves=np.concatenate(found.leaves) if found.leaves else np.zeros(0, dtype=np.int64),
        untold_leaves=found.untold,
        vocabulary=tuple(found.words),
        arrays=tuple(a for a in (*found.arrays, *others) if a.size),
        keepers=keepers,
    )


def _joined(parts: list[npt.NDArray[Any]]) -> npt.NDArray[Any]:
    if not parts:
        return np.zeros((0, 0))
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _take(held: Any, found: _Found) -> None:
    """One object's own attributes; those of what it holds come by themselves."""
    kind = type(held).__name__
    if _INSTANCE_KINDS.search(kind):
        found.keeping_kinds[kind] = None
    if boosted_kind(held):
        found.untold |= "_Booster" in vars(held)
    if kind == "TreePredictor":
        leaf = held.nodes[held.nodes["is_leaf"] != 0]
        found.leaves.append(leaf["count"].astype(np.int64))
        found.arrays += [held.nodes["num_threshold"], leaf["value"]]
        return
    for name, value in vars(held).items():
        if name in _TOLD_ELSEWHERE:
            continue
        if name in _VOCABULARIES:
            found.words.update(dict.fromkeys(_words(value)))
        elif _holds_rows(kind, name):
            _take_rows(kind, value, found)
        else:
            found.arrays += list(_numbers(value))


def _holds_rows(kind: str, name: str) -> bool:
    return bool(_ROWS.fullmatch(name)) or (kind == "Nystroem" and name == "components_")


def _take_rows(kind: str, value: Any, found: _Found) -> None:
    from scipy import sparse

    if sparse.issparse(value):
        n = max(1, _DENSE // max(1, value.shape[1]))
        value = value.tocsr()[:n].toarray()
    if isinstance(value, np.ndarray) and value.ndim == 2 and value.dtype.kind in "fiu" and value.size:
        if not any(np.array_equal(value, rows, equal_nan=True) for _kind, rows in found.rows):
            found.rows.append((kind, value))
    elif isinstance(value, np.ndarray):
        found.arrays += list(_numbers(value))


def _words(value: Any) -> Iterator[str]:
    """Words and categories, of a dictionary's keys or of lists of arrays; numbers as text."""
    if isinstance(value, dict):
        yield from (str(word) for word in value)
    elif isinstance(value, np.ndarray):
        yield from (str(word) for word in value.ravel().tolist() if word is not None and word == word)  # noqa: PLR0124  NaN
    elif isinstance(value, (list, tuple, set, frozenset)):
        for item in value:
            yield from [item] if isinstance(item, str) else _words(item)


def _numbers(value: Any) -> Iterator[npt.NDArray[Any]]:
    """Arrays of numbers, also those in lists; a sparse matrix's own numbers."""
    from scipy import sparse

    if isinstance(value, np.ndarray) and value.dtype.kind in "fiuc":
        yield value
    elif sparse.issparse(value):
        yield value.data
    elif isinstance(value, (list, tuple)):
        for item in value:
            if isinstance(item, np.ndarray):
                yield from _numbers(item)


def _take_model(model: BoostedModel, found: _Found) -> None:
    found.leaves.append(model.leaves)
    found.untold |= model.untold_leaves
    found.words.update(dict.fromkeys(name for names in model.categories.values() for name in names))
    found.arrays += list(model.arrays)

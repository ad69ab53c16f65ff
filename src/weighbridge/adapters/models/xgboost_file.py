"""XGBoost's native models, JSON and UBJSON: read here, looked through, and written anew for XGBoost itself.

XGBoost follows a tree's nodes without looking at bounds. So nothing of a file reaches it as it lies there: what is
known and within bounds is put into a new model, and the rest is left out.
"""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from weighbridge.adapters.models.ubjson import Damaged, dump_ubjson, load_ubjson

MOST_BYTES = 1 << 30  # ours: a model of this size takes some ten times that while it is read as JSON
_NONE = 2_147_483_647  # the parent of a root
_DEEPEST = 4096  # ours: XGBoost's own default is 6
_MOST_CATEGORIES = 1 << 20  # ours: XGBoost makes a row of bits as long as the largest
_PROBABLE = frozenset({"binary:logistic", "multi:softprob", "multi:softmax"})
_SCORE = re.compile(r"\[?-?[0-9.]+(?:E[+-]?[0-9]+)?(?:,-?[0-9.]+(?:E[+-]?[0-9]+)?)*\]?", re.IGNORECASE)
_ARRAYS: dict[str, str] = {
    "left_children": "i4", "right_children": "i4", "parents": "i4", "split_indices": "i4", "split_conditions": "f4",
    "default_left": "u1", "base_weights": "f4", "loss_changes": "f4", "sum_hessian": "f4", "split_type": "u1",
}  # fmt: skip
_CATEGORIES = {
    "categories": "i4", "categories_nodes": "i4", "categories_segments": "i8", "categories_sizes": "i8",
}  # fmt: skip


class NotProbable(Exception):
    """A sound model that gives no probabilities of classes; the message says what it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoostedModel:
    """What was found in a native file."""

    model: bytes  # written anew
    names: tuple[str, ...]  # of the features; empty where it goes by position
    n_inputs: int
    n_classes: int
    rounds: int  # that are to be asked; 0 for all
    categories: dict[int, tuple[str, ...]]  # by feature: the categories, in the order of their numbers
    arrays: tuple[npt.NDArray[Any], ...]
    leaves: npt.NDArray[np.int64]  # training records in each leaf, where the file tells
    untold_leaves: bool


def read_xgboost(data: bytes) -> BoostedModel:
    """Read a model.

    Raises
    ------
    Damaged
        Where it is not built as a model is.
    NotProbable
        Where its objective gives no probabilities.
    """
    parsed = _parsed(data)
    learner = _table(_table(parsed).get("learner"))
    params = _table(learner.get("learner_model_param"))
    n_inputs, n_classes = _whole(params.get("num_feature")), max(1, _whole(params.get("num_class", "0")))
    if not 1 <= n_inputs <= 1 << 24 or n_classes > 1 << 16 or _whole(params.get("num_target", "1")) > 1:
        raise Damaged("its numbers of features, classes or targets are none that are read")
    objective = str(_table(learner.get("objective")).get("name", ""))
    if objective not in _PROBABLE or (objective == "binary:logistic") != (n_classes == 1):
        raise NotProbable(objective[:40] if re.fullmatch(r"[a-z_:]+", objective) else "?")
    booster = _booster(_table(learner.get("gradient_booster")), n_inputs, n_classes)
    names = tuple(_texts(learner.get("feature_names", [])))
    if names and len(names) != n_inputs:
        raise Damaged("it names another number of features than it takes")
    anew = {
        "learner": {
            "attributes": {},
            "feature_names": [],
            "feature_types": [],
            "gradient_booster": booster.anew,
            "learner_model_param": _params(params, n_classes),
            "objective": _objective(n_classes),
        },
        "version": _version(parsed),
    }
    return BoostedModel(
        model=dump_ubjson(anew), names=names, n_inputs=n_inputs, n_classes=max(2, n_classes),
        rounds=_best(learner.get("attributes"), booster.rounds), categories=booster.categories, arrays=booster.arrays,
        leaves=np.zeros(0, dtype=np.int64), untold_leaves=booster.has_trees,
    )  # fmt: skip


def _parsed(data: bytes) -> dict[str, Any]:
    if len(data) > MOST_BYTES:
        raise Damaged(f"it has {len(data)} bytes; at most {MOST_BYTES} are read")
    if data[:2] in (b"{L", b"{i", b"{U", b"{I", b"{l"):
        return _table(load_ubjson(data))
    try:
        return _table(json.loads(data, object_pairs_hook=_once))
    except (ValueError, RecursionError) as error:
        raise Damaged("it is neither JSON nor UBJSON to its end") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _value in pairs}) != len(pairs):
        raise Damaged("it names a key twice")
    return dict(pairs)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Booster:
    anew: dict[str, Any]
    categories: dict[int, tuple[str, ...]]
    arrays: tuple[npt.NDArray[Any], ...]
    rounds: int
    has_trees: bool


def _booster(found: dict[str, Any], n_inputs: int, n_classes: int) -> _Booster:
    name = found.get("name")
    if name == "gblinear":
        model = _table(found.get("model"))
        weights = _array(model.get("weights"), "f4", (n_inputs + 1) * n_classes)
        rounds = _whole(model.get("boosted_rounds", 0))
        anew = {"name": name, "model": {"weights": weights.tolist(), "boosted_rounds": rounds}}
        return _Booster(anew=anew, categories={}, arrays=(weights,), rounds=0, has_trees=False)
    if name == "dart":
        trees = _trees(_table(_table(found.get("gbtree")).get("model")), n_inputs, n_classes)
        dropped = _array(found.get("weight_drop"), "f4", len(trees.anew["trees"]))
        anew = {"name": name, "gbtree": {"name": "gbtree", "model": trees.anew}, "weight_drop": dropped.tolist()}
    elif name == "gbtree":
        trees = _trees(_table(found.get("model")), n_inputs, n_classes)
        anew = {"name": name, "model": trees.anew}
    else:
        raise Damaged("it is no booster of a kind that is known")
    return _Booster(
        anew=anew, categories=trees.categories, arrays=trees.arrays, rounds=trees.rounds, has_trees=True
    )  # fmt: skip


def _trees(model: dict[str, Any], n_inputs: int, n_classes: int) -> _Booster:
    params = _table(model.get("gbtree_model_param"))
    listed = model.get("trees")
    if not isinstance(listed, list) or len(listed) != _whole(params.get("num_trees")):
        raise Damaged("it says that it has another number of trees than it has")
    groups = _array(model.get("tree_info"), "i4", len(listed))
    if len(groups) and not (groups.min() >= 0 and groups.max() < n_classes):
        raise Damaged("a tree is of a class that is not there")
    parallel = max(1, _whole(params.get("num_parallel_tree", 1)))
    ends = model.get("iteration_indptr")
    steps = np.arange(0, len(listed) + 1, parallel * n_classes) if ends is None else _array(ends, "i4", None)
    if not len(steps) or steps[0] != 0 or steps[-1] != len(listed) or (np.diff(steps) < 0).any():
        raise Damaged("its rounds are not made of its trees")
    trees = [_tree(_table(tree), n_inputs) for tree in listed]
    anew = {
        "gbtree_model_param": {"num_trees": str(len(trees)), "num_parallel_tree": str(parallel)},
        "iteration_indptr": steps.tolist(),
        "tree_info": groups.tolist(),
        "trees": [tree | {"id": n} for n, tree in enumerate(trees)],
        "cats": {
            "enc": [], "feature_segments": np.zeros(0, dtype=np.int32), "sorted_idx": np.zeros(0, dtype=np.int32)
        },
    }  # fmt: skip
    arrays = [np.concatenate([tree[key] for tree in trees]) for key in ("split_conditions", "base_weights") if trees]
    return _Booster(
        anew=anew, categories=_encoded(model.get("cats"), n_inputs), arrays=tuple(arrays), rounds=len(steps) - 1,
        has_trees=bool(trees),
    )  # fmt: skip


def _tree(tree: dict[str, Any], n_inputs: int) -> dict[str, Any]:
    """One tree within bounds: from the root every step leads to a node of its own, and asks for a feature there is."""
    params = _table(tree.get("tree_param"))
    n = _whole(params.get("num_nodes"))
    if n < 1 or _whole(params.get("size_leaf_vector", "0")) > 1:
        raise Damaged("a tree has no nodes, or several values in a leaf")
    made = {
        key: _array(tree.get(key, np.zeros(n, dtype=np.uint8) if key == "split_type" else None), kind, n)
        for key, kind in _ARRAYS.items()
    }
    is_reached = _reached(made, n, n_inputs)
    for key, kind in _CATEGORIES.items():
        made[key] = _array(tree.get(key, []), kind, None)
    _check_categories(made, is_reached, n)
    deleted = _whole(params.get("num_deleted", "0"))
    if deleted != int((~is_reached).sum()):
        raise Damaged("a tree has nodes to which nothing leads")
    return made | {
        "tree_param": {
            "num_nodes": str(n), "num_deleted": str(deleted), "num_feature": str(n_inputs), "size_leaf_vector": "1"
        }
    }  # fmt: skip


def _reached(tree: dict[str, npt.NDArray[Any]], n: int, n_inputs: int) -> npt.NDArray[np.bool_]:
    left, right, parents = tree["left_children"], tree["right_children"], tree["parents"]
    seen = np.zeros(n, dtype=bool)
    seen[0] = True
    level = np.zeros(1, dtype=np.int64)
    if parents[0] != _NONE:
        raise Damaged("the root of a tree has a parent")
    for _depth in range(_DEEPEST):
        level = level[left[level] != -1]
        if not len(level):
            if not ((tree["split_type"] == 0) | (tree["split_type"] == 1)).all():
                raise Damaged("a node is of a kind that is not known")
            return seen
        children = np.concatenate([left[level], right[level]]).astype(np.int64)
        if not ((children > 0) & (children < n)).all() or seen[children].any():
            raise Damaged("a node leads to one that is not there, or back")
        if not (parents[children] == np.tile(level, 2)).all() or len(np.unique(children)) != len(children):
            raise Damaged("two nodes lead to one")
        if not ((tree["split_indices"][level] >= 0) & (tree["split_indices"][level] < n_inputs)).all():
            raise Damaged("a node asks for a feature that is not there")
        seen[children] = True
        level = children
    raise Damaged("a tree is too deep")


def _check_categories(tree: dict[str, npt.NDArray[Any]], is_reached: npt.NDArray[np.bool_], n: int) -> None:
    nodes, starts, sizes = tree["categories_nodes"], tree["categories_segments"], tree["categories_sizes"]
    values = tree["categories"]
    splits = np.flatnonzero((tree["split_type"] == 1) & (tree["left_children"] != -1) & is_reached)
    if not len(nodes) == len(starts) == len(sizes) or (np.diff(nodes) <= 0).any():
        raise Damaged("the categories of a tree are of another number than its nodes")
    if len(nodes) and (nodes[0] < 0 or nodes[-1] >= n or not (tree["split_type"][nodes] == 1).all()):
        raise Damaged("a tree has categories of a node that is not there")
    if not np.isin(splits, nodes).all():
        raise Damaged("a node asks for categories that are not there")
    if (
        len(nodes)
        and not ((starts >= 0) & (sizes > 0) & (starts <= len(values)) & (sizes <= len(values) - starts)).all()
    ):
        raise Damaged("a node asks for categories that are not there")
    if len(values) and not (values.min() >= 0 and values.max() < _MOST_CATEGORIES):
        raise Damaged("a category has a number that is too large")


def _encoded(cats: Any, n_inputs: int) -> dict[int, tuple[str, ...]]:
    """The names of categories, by feature; the model itself goes by their numbers."""
    listed = _table(cats).get("enc", []) if cats is not None else []
    if not isinstance(listed, list) or len(listed) not in (0, n_inputs):
        raise Damaged("its categories are of another number than its features")
    found: dict[int, tuple[str, ...]] = {}
    for n, entry in enumerate(_table(entry) for entry in listed):
        values = entry.get("values", [])
        if "offsets" in entry:
            ends, letters = _array(entry["offsets"], "i8", None), _array(values, "i1", None).tobytes()
            if len(ends) and (ends[0] != 0 or (np.diff(ends) < 0).any() or ends[-1] > len(letters)):
                raise Damaged("the names of its categories are cut off")
            found[n] = tuple(letters[a:b].decode("utf-8", "replace") for a, b in itertools.pairwise(ends.tolist()))
        else:
            found[n] = tuple(f"{value:g}" for value in np.asarray(_array(values, "f8", None)).tolist())
    return {n: names for n, names in found.items() if names}


def _best(attributes: Any, rounds: int) -> int:
    """The rounds up to the best, where training stopped early: what XGBoost's own classifier asks."""
    said = _table(attributes).get("best_iteration") if attributes is not None else None
    return min(_whole(said) + 1, rounds) if said is not None else 0


def _params(params: dict[str, Any], n_classes: int) -> dict[str, str]:
    score = str(params.get("base_score", "0.5"))
    if len(score) > 40 * (n_classes + 1) or not _SCORE.fullmatch(score) or score.count(",") + 1 not in (1, n_classes):
        raise Damaged("its base score is none")
    return {
        "base_score": score, "boost_from_average": "1" if str(params.get("boost_from_average")) != "0" else "0",
        "num_class": str(n_classes if n_classes > 1 else 0), "num_feature": str(_whole(params.get("num_feature"))),
        "num_target": "1",
    }  # fmt: skip


def _objective(n_classes: int) -> dict[str, Any]:
    if n_classes == 1:
        return {"name": "binary:logistic", "reg_loss_param": {"scale_pos_weight": "1"}}
    return {"name": "multi:softprob", "softmax_multiclass_param": {"num_class": str(n_classes)}}


def _version(parsed: dict[str, Any]) -> list[int]:
    found = _array(parsed.get("version"), "i4", 3).tolist()
    if not 1 <= found[0] <= 9:
        raise Damaged("it is of no version that is known")
    return [int(number) for number in found]


def _table(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Damaged("a part that it should have is missing")
    return value


def _texts(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise Damaged("names that are no text")
    return value


def _whole(value: Any) -> int:
    """A whole number that is not negative; XGBoost writes some of them as text."""
    if isinstance(value, bool) or not isinstance(value, (int, str)) or not re.fullmatch(r"\d{1,9}", str(value)):
        raise Damaged("a number is none")
    return int(value)


def _array(value: Any, kind: str, n: int | None) -> npt.NDArray[Any]:
    """Numbers of this type, `n` of them where that is known; none that would change by becoming of this type."""
    if not isinstance(value, (list, np.ndarray)):
        raise Damaged("a list that it should have is missing")
    if isinstance(value, list) and not all(isinstance(x, (int, float)) for x in value):
        raise Damaged("a list of numbers holds something else")
    dtype = np.dtype(kind)
    found = np.asarray(value) if len(value) else np.zeros(0, dtype=dtype)
    if found.dtype.kind not in "iufb" or (n is not None and len(found) != n):
        raise Damaged("a list of numbers is too short or too long")
    with np.errstate(all="ignore"):
        made = found.astype(dtype)
    if dtype.kind in "iu" and len(made) and (found.dtype.kind == "f" or not (made == found).all()):
        raise Damaged("a number is too large for its place")
    return made

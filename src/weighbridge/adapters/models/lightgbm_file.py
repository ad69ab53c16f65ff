"""LightGBM's native models, a text: read here, looked through, and written anew for LightGBM itself.

LightGBM follows a tree's nodes without looking at bounds, and jumps in the text by sizes that the text gives. So
nothing of a file reaches it as it lies there: what is known and within bounds is put into a new model, and the rest,
such as the parameters of the training with its names of files and machines, is left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from weighbridge.adapters.models.ubjson import Damaged
from weighbridge.adapters.models.xgboost_file import MOST_BYTES, BoostedModel, NotProbable

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?|[+-]?(?:nan|inf)", re.IGNORECASE)
_OBJECTIVE = re.compile(r"(binary|multiclass|multiclassova)((?: (?:num_class|sigmoid):[0-9.]+)*)")
_UNNAMED = re.compile(r"Column_(\d+)")
_INNER = ("split_feature", "threshold", "decision_type", "left_child", "right_child")
_CATEGORICAL = 1  # the bit of a node's decision type


def read_lightgbm(data: bytes) -> BoostedModel:
    """Read a model.

    Raises
    ------
    Damaged
        Where it is not built as a model is.
    NotProbable
        Where its objective gives no probabilities, or its trees end in regressions.
    """
    if len(data) > MOST_BYTES:
        raise Damaged(f"it has {len(data)} bytes; at most {MOST_BYTES} are read")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise Damaged("it is not UTF-8") from error
    start, ended, rest = text.replace("\r\n", "\n").partition("\nend of trees\n")
    head, *blocks = re.split(r"\nTree=(?=\d+\n)", start)
    if not ended or not head.startswith("tree\n"):
        raise Damaged("it is cut off before the end of its trees")
    keys = _lines(head.removeprefix("tree\n"))
    n_inputs = _whole(keys.get("max_feature_idx")) + 1
    n_classes, each = _whole(keys.get("num_class")), _whole(keys.get("num_tree_per_iteration"))
    objective = _objective(keys.get("objective", ""), n_classes, each)
    if not blocks or len(blocks) % each:
        raise Damaged("its rounds are not made of its trees")
    names = keys.get("feature_names", "").split(" ")
    infos = keys.get("feature_infos", "").split(" ")
    if len(names) != n_inputs or len(infos) != n_inputs or n_inputs > 1 << 24:
        raise Damaged("it names another number of features than it takes")
    trees = [_tree(block, number, n_inputs) for number, block in enumerate(blocks)]
    anew = _header(keys, objective, n_inputs) + "".join(tree for tree, _leaves, _arrays in trees) + "end of trees\n\n"
    leaves = [counts for _tree, counts, _arrays in trees]
    return BoostedModel(
        model=anew.encode(), names=() if _are_numbered(names) else tuple(names), n_inputs=n_inputs,
        n_classes=max(2, n_classes), rounds=0, categories=_categories(rest, infos),
        arrays=tuple(np.concatenate(kind) for kind in zip(*(arrays for _t, _l, arrays in trees), strict=True)),
        leaves=np.concatenate([c for c in leaves if c is not None] or [np.zeros(0, dtype=np.int64)]),
        untold_leaves=any(counts is None for counts in leaves),
    )  # fmt: skip


def _are_numbered(names: list[str]) -> bool:
    return all((found := _UNNAMED.fullmatch(name)) and int(found[1]) == n for n, name in enumerate(names))


def _lines(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in text.split("\n"):
        key, _sign, value = line.partition("=")
        if key in found and key:
            raise Damaged("it names a key twice")
        found[key] = value
    return found


def _objective(said: str, n_classes: int, each: int) -> str:
    found = _OBJECTIVE.fullmatch(said)
    if found is None:
        raise NotProbable(said.partition(" ")[0][:40] if re.fullmatch(r"[a-z_0-9:. ]+", said) else "?")
    if n_classes > 1 << 16 or (n_classes, each) != ((1, 1) if found[1] == "binary" else (n_classes, n_classes)):
        raise Damaged("its numbers of classes and of trees in a round disagree")
    told = dict(pair.split(":") for pair in found[2].split())
    if (found[1] != "binary") != ("num_class" in told) or _whole(told.get("num_class", "1")) != n_classes:
        raise Damaged("its numbers of classes disagree")
    return said


def _header(keys: dict[str, str], objective: str, n_inputs: int) -> str:
    """Features are numbered: neither their names nor what else LightGBM keeps of them decides a prediction."""
    numbered = " ".join(f"Column_{n}" for n in range(n_inputs))
    averaged = "average_output\n" if "average_output" in keys else ""
    return (
        f"tree\nversion=v4\nnum_class={_whole(keys['num_class'])}\n"
        f"num_tree_per_iteration={_whole(keys['num_tree_per_iteration'])}\nlabel_index=0\n"
        f"max_feature_idx={n_inputs - 1}\nobjective={objective}\n{averaged}feature_names={numbered}\n"
        f"feature_infos={' '.join(['none'] * n_inputs)}\n\n"
    )


def _tree(
    block: str, number: int, n_inputs: int
) -> tuple[str, npt.NDArray[np.int64] | None, tuple[npt.NDArray[np.float64], ...]]:
    """One tree within bounds, written anew; the records in its leaves; its thresholds and values."""
    said, _end, lines = block.partition("\n")
    keys = _lines(lines)
    if _whole(said) != number:
        raise Damaged("its trees are not numbered one after the other")
    if keys.get("is_linear", "0") != "0":
        raise NotProbable("linear_tree")
    n = _whole(keys.get("num_leaves"))
    values = _numbers(keys.get("leaf_value", ""), n)
    made = {"num_leaves": str(n), "num_cat": "0", "leaf_value": keys["leaf_value"]}
    threshold = np.zeros(0)
    if n > 1:
        made |= {key: keys.get(key, "") for key in _INNER}
        threshold = _numbers(made["threshold"], n - 1)
        decisions = _wholes(made["decision_type"], n - 1, 0, 15)
        _wholes(made["split_feature"], n - 1, 0, n_inputs - 1)
        _check_steps(_wholes(made["left_child"], n - 1, -n, n - 2), _wholes(made["right_child"], n - 1, -n, n - 2), n)
        made |= _categorical(keys, threshold[(decisions & _CATEGORICAL) > 0])
    shrinkage = keys.get("shrinkage", "1")
    _numbers(shrinkage, 1)
    counts = _wholes(keys["leaf_count"], n, 0, 2**31 - 1) if keys.get("leaf_count") else None
    order = ("num_leaves", "num_cat", *_INNER, "leaf_value", "cat_boundaries", "cat_threshold")
    written = "".join(f"{key}={made[key]}\n" for key in order if key in made)
    return f"Tree={number}\n{written}is_linear=0\nshrinkage={shrinkage}\n\n\n", counts, (threshold, values)


def _check_steps(left: npt.NDArray[np.int64], right: npt.NDArray[np.int64], n: int) -> None:
    """Every step leads to a later node or to a leaf, and nothing is reached twice."""
    here = np.arange(n - 1)
    for child in (left, right):
        if not ((child < 0) | (child > here)).all():
            raise Damaged("a node leads back")
    children = np.concatenate([left, right])
    if len(np.unique(children)) != len(children):
        raise Damaged("two nodes lead to one")


def _categorical(keys: dict[str, str], chosen: npt.NDArray[np.float64]) -> dict[str, str]:
    n = _whole(keys.get("num_cat", "0"))
    if not n:
        if len(chosen):
            raise Damaged("a node asks for categories that are not there")
        return {}
    ends = _wholes(keys.get("cat_boundaries", ""), n + 1, 0, 2**31 - 1)
    _wholes(keys.get("cat_threshold", ""), int(ends[-1]), 0, 2**32 - 1)
    if ends[0] != 0 or (np.diff(ends) <= 0).any():
        raise Damaged("the categories of a tree overlap")
    if not ((chosen >= 0) & (chosen < n) & (chosen == np.floor(chosen))).all():
        raise Damaged("a node asks for categories that are not there")
    return {"num_cat": str(n), "cat_boundaries": keys["cat_boundaries"], "cat_threshold": keys["cat_threshold"]}


def _categories(rest: str, infos: list[str]) -> dict[int, tuple[str, ...]]:
    """The names of categories, which the Python package writes after the model, in the order of such features."""
    found = re.search(r"^pandas_categorical:(.*)$", rest, re.MULTILINE)
    try:
        listed: Any = json.loads(found[1]) if found else None
    except (ValueError, RecursionError) as error:
        raise Damaged("the names of its categories are cut off") from error
    if not listed:
        return {}
    if not isinstance(listed, list) or not all(isinstance(names, list) for names in listed):
        raise Damaged("the names of its categories are no lists")
    places = [n for n, info in enumerate(infos) if info != "none" and not info.startswith("[")]
    if len(places) != len(listed):
        return _of_unused(listed, infos)
    return {n: tuple(_said(name) for name in names) for n, names in zip(places, listed, strict=True)}


def _of_unused(listed: list[list[Any]], infos: list[str]) -> dict[int, tuple[str, ...]]:
    """A feature that no tree could use has no description, so which of them is categorical is not told."""
    places = [n for n, info in enumerate(infos) if not info.startswith("[")]
    if len(places) != len(listed):
        raise Damaged("its categories are of another number than its features")
    return {n: tuple(_said(name) for name in names) for n, names in zip(places, listed, strict=True)}


def _said(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _tokens(text: str, n: int) -> Iterator[str]:
    tokens = text.split(" ") if text else []
    if len(tokens) != n:
        raise Damaged("a list of numbers is too short or too long")
    for token in tokens:
        if len(token) > 40 or not _NUMBER.fullmatch(token):
            raise Damaged("a number is none")
        yield token


def _numbers(text: str, n: int) -> npt.NDArray[np.float64]:
    return np.array([float(token) for token in _tokens(text, n)], dtype=np.float64)


def _wholes(text: str, n: int, least: int, most: int) -> npt.NDArray[np.int64]:
    tokens = list(_tokens(text, n))
    if not all(re.fullmatch(r"-?\d{1,10}", token) for token in tokens):
        raise Damaged("a number is none")
    found = np.array([int(token) for token in tokens], dtype=np.int64)
    if len(found) and not (found.min() >= least and found.max() <= most):
        raise Damaged("a number is out of bounds")
    return found


def _whole(value: str | None) -> int:
    if value is None or not re.fullmatch(r"\d{1,9}", value):
        raise Damaged("a number is none")
    return int(value)

"""Small classifiers, fitted on the fly, and ways to tamper with their files."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from skl2onnx import to_onnx
from sklearn.datasets import load_iris
from skops import io

Features, Labels = load_iris(return_X_y=True)
NAMES = np.array(["setosa", "versicolor", "virginica"])[Labels]


def rows(features: Any, names: str = "abcdefgh") -> pa.Table:
    """A matrix as a table, its columns named by letters."""
    return pa.table({names[n]: np.asarray(features)[:, n] for n in range(np.shape(features)[1])})


IRIS = rows(Features)


def save_skops(model: Any, path: Path) -> Path:
    """A fitted model as skops."""
    io.dump(model, path)
    return path


def save_onnx(model: Any, path: Path, **options: Any) -> Path:
    """A fitted model as ONNX; `zipmap=False` gives a table in place of named classes."""
    chosen = {type(model): options} if options else None
    path.write_bytes(to_onnx(model, Features[:1].astype(np.float32), options=chosen).SerializeToString())
    return path


def change_skops(path: Path, change: Callable[[str], str]) -> None:
    """Rewrite the schema in a skops file."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["schema.json"] = change(parts["schema.json"].decode()).encode()
    json.loads(parts["schema.json"])
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)

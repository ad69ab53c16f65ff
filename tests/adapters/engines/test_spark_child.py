import json
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pyarrow as pa
import pytest

from fakes.folds import Digest, Raising
from weighbridge.adapters.engines.local import fold_here
from weighbridge.adapters.engines.rows import Unpacked
from weighbridge.adapters.engines.spark_child import (
    FAULT,
    KEY_BYTES,
    OTHER_VERSION,
    UNSEEN,
    Errand,
    Unsealed,
    folded,
    seal,
    unseal,
)
from weighbridge.probekit.folds import Fold

_KEY = bytes(range(KEY_BYTES))
_VERSION = metadata.version("weighbridge")


def _errand(unpacked: Unpacked, fold: Fold, folder: Path, version: str = _VERSION) -> Errand:
    (folder / "states.key").write_bytes(_KEY)
    return Errand(unpacked=unpacked, fold=fold, key=folder / "states.key", version=version)


def _numbers(*groups: int) -> Iterator[pa.RecordBatch]:
    yield pa.RecordBatch.from_pydict({"id": list(groups)})


def _one(errand: Errand, *groups: int) -> tuple[bool, bytes]:
    (batch,) = folded(_numbers(*groups), errand)
    (row,) = batch.to_pylist()
    return row["sealed"], row["answer"]


def test_a_task_gives_the_state_of_its_row_groups_and_nobody_else_can_read_it(
    unpacked: Unpacked, tmp_path: Path
) -> None:
    fold = Digest(("word", "number"))
    sealed, answer = _one(_errand(unpacked, fold, tmp_path), *range(9))
    assert sealed
    assert unseal(answer, _KEY)[1:] == fold_here(unpacked, fold, label="t", workers=1)
    assert b"digest" not in answer
    for other in (answer[:-1], answer[:-1] + bytes([answer[-1] ^ 1]), b"", b"short"):
        with pytest.raises(Unsealed):
            unseal(other, _KEY)
    with pytest.raises(Unsealed):
        unseal(answer, bytes(KEY_BYTES))


def test_the_same_body_is_sealed_otherwise_each_time() -> None:
    assert seal(b"state", _KEY) != seal(b"state", _KEY)


def test_an_error_is_sealed_too_and_quotes_nothing(unpacked: Unpacked, tmp_path: Path) -> None:
    sealed, answer = _one(_errand(unpacked, Raising(("word",), row=250), tmp_path), *range(9))
    told = unseal(answer, _KEY)
    assert sealed
    assert told.startswith(FAULT)
    assert json.loads(told[1:])["kind"] == "ValueError"
    assert b"w12" not in told


def test_a_machine_that_sees_no_home_or_has_another_version_says_so(unpacked: Unpacked, tmp_path: Path) -> None:
    fold = Digest(("word",))
    errand = _errand(unpacked, fold, tmp_path, version="0.0.0")
    assert _one(errand, 0) == (False, OTHER_VERSION)
    there = _errand(unpacked, fold, tmp_path)
    there.key.unlink()
    assert _one(there, 0) == (False, UNSEEN)
    away = Unpacked(path=tmp_path / "elsewhere.parquet", keys=unpacked.keys, texts=unpacked.texts)
    assert _one(_errand(away, fold, tmp_path), 0) == (False, UNSEEN)

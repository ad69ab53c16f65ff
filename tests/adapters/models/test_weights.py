from __future__ import annotations

import json
import pickle
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file

from adapters.models.toys import change_json, llama, save
from weighbridge.adapters.models.weights import adapter_weights, model_weights
from weighbridge.core.errors import Unusable


def _file(path: Path, head: object, body: bytes = b"") -> None:
    text = head if isinstance(head, bytes) else json.dumps(head).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + body)


def _told(folder: Path) -> Unusable:
    with pytest.raises(Unusable) as raised:
        model_weights(folder, label="toy")
    assert raised.value.why
    assert raised.value.fix
    return raised.value


def test_a_whole_file_is_read(tmp_path: Path) -> None:
    save_file({"a": np.zeros((3, 4), np.float16), "b": np.zeros(5, np.int64)}, tmp_path / "model.safetensors")
    found = model_weights(tmp_path, label="toy")
    assert found.shapes == {"a": (3, 4), "b": (5,)}
    assert found.n_values == 17


def test_a_head_as_long_as_a_pickle_begins_is_no_pickle(tmp_path: Path) -> None:
    save_file({"a": np.zeros(1, np.float32)}, tmp_path / "m.safetensors", metadata={"note": "x"})
    raw = (tmp_path / "m.safetensors").read_bytes()
    length = int.from_bytes(raw[:8], "little")
    head = raw[8 : 8 + length].rstrip()
    _file(tmp_path / "model.safetensors", head + b" " * (0x0280 - len(head)), raw[8 + length :])
    (tmp_path / "m.safetensors").unlink()
    assert (tmp_path / "model.safetensors").read_bytes().startswith(b"\x80\x02")
    assert model_weights(tmp_path, label="toy").shapes == {"a": (1,)}


def test_shards_are_read_with_and_without_an_index(tmp_path: Path) -> None:
    save(llama(), tmp_path, max_shard_size="30KB")
    shards = sorted(tmp_path.glob("*.safetensors"))
    assert len(shards) > 2
    found = model_weights(tmp_path, label="toy")
    assert list(found.paths) == shards
    (tmp_path / "model.safetensors.index.json").unlink()
    assert model_weights(tmp_path, label="toy") == found


def test_a_missing_shard_is_named(tmp_path: Path) -> None:
    save(llama(), tmp_path, max_shard_size="30KB")
    lost = sorted(tmp_path.glob("*.safetensors"))[1]
    lost.unlink()
    assert lost.name in _told(tmp_path).why
    (tmp_path / "model.safetensors.index.json").unlink()
    assert "shards" in _told(tmp_path).why


def test_an_index_must_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    save(llama(), folder, max_shard_size="30KB")
    outside = tmp_path / "other.safetensors"
    shutil.copy(next(folder.glob("*.safetensors")), outside)
    change_json(folder / "model.safetensors.index.json", weight_map={"a": "../other.safetensors"})
    assert "beside it" in _told(folder).why
    change_json(folder / "model.safetensors.index.json", weight_map=["a"])
    assert "weight_map" in _told(folder).why


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "0 bytes"),
        (b"\x10\0\0", "bytes"),
        ((1 << 60).to_bytes(8, "little") + b"{}", "head should be"),
        ((2).to_bytes(8, "little") + b"[]", "no JSON object"),
        ((2).to_bytes(8, "little") + b"{x", "not JSON"),
    ],
)
def test_a_broken_head_is_told(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "model.safetensors").write_bytes(content)
    assert says in _told(tmp_path).why


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ({"dtype": "F32", "shape": [4], "data_offsets": [0, 8]}, "needs 16 bytes; its place has 8"),
        ({"dtype": "F32", "shape": [1 << 40], "data_offsets": [0, 1 << 42]}, "8 are there"),
        ({"dtype": "X9", "shape": [2], "data_offsets": [0, 8]}, "does not know"),
        ({"dtype": "F32", "shape": [-2], "data_offsets": [0, 8]}, "does not know"),
        ({"dtype": "F32", "shape": [2], "data_offsets": [8, 0]}, "does not know"),
        ([], "does not know"),
    ],
)
def test_a_head_that_lies_is_told(tmp_path: Path, entry: object, says: str) -> None:
    _file(tmp_path / "model.safetensors", {"a": entry}, b"\0" * 8)
    assert says in _told(tmp_path).why


def test_a_truncated_file_is_told_with_both_sizes(tmp_path: Path) -> None:
    save_file({"a": np.zeros(100, np.float32)}, tmp_path / "model.safetensors")
    raw = (tmp_path / "model.safetensors").read_bytes()
    (tmp_path / "model.safetensors").write_bytes(raw[:-100])
    assert "400 bytes of weights; 300 are there" in _told(tmp_path).why


@pytest.mark.parametrize("zipped", [True, False])
def test_a_pickle_by_another_name_is_not_opened(tmp_path: Path, zipped: bool) -> None:
    path = tmp_path / "model.safetensors"
    if zipped:
        torch.save({"a": torch.zeros(2)}, path)
    else:
        path.write_bytes(pickle.dumps({"a": 1}, protocol=4))
    error = _told(tmp_path)
    assert "code" in error.why
    assert "weights_only=True" in error.fix


def test_only_a_pickle_is_refused_with_a_way_to_convert_it(tmp_path: Path) -> None:
    torch.save({"a": torch.zeros(2), "b": torch.ones(3)}, tmp_path / "pytorch_model.bin")
    error = _told(tmp_path)
    assert "pytorch_model.bin" in error.why
    words = shlex.split(error.fix)
    subprocess.run([sys.executable, *words[1:]], cwd=tmp_path, check=True)
    assert model_weights(tmp_path, label="toy").shapes == {"a": (2,), "b": (3,)}


def test_nothing_there_and_too_much_there(tmp_path: Path) -> None:
    assert "model.safetensors" in _told(tmp_path).why
    for name in ("one.safetensors", "two.safetensors"):
        save_file({"a": np.zeros(1, np.float32)}, tmp_path / name)
    assert "2 .safetensors" in _told(tmp_path).why
    (tmp_path / "two.safetensors").unlink()
    assert model_weights(tmp_path, label="toy").shapes == {"a": (1,)}
    with pytest.raises(Unusable):
        adapter_weights(tmp_path, label="toy")

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from transformers.activations import NewGELUActivation

from adapters.models.toys import gpt2, llama, save, windows
from weighbridge.adapters.models.torch_loading import load
from weighbridge.adapters.models.weights import model_weights
from weighbridge.core.errors import Unusable


def _config(folder: Path, **keys: object) -> dict[str, object]:
    return {**json.loads((folder / "config.json").read_text()), **keys}


@pytest.mark.parametrize("kind", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_weights_of_any_width_are_worked_with_in_fp32(tmp_path: Path, kind: torch.dtype) -> None:
    made = llama().to(kind)
    save(made, tmp_path)
    loaded = load(_config(tmp_path), model_weights(tmp_path, label="toy"), label="toy")
    assert {parameter.dtype for parameter in loaded.parameters()} == {torch.float32}
    assert all(torch.equal(weight, made.state_dict()[name].float()) for name, weight in loaded.state_dict().items())


def test_one_kernel_for_gelu_gives_what_seven_passes_give(tmp_path: Path) -> None:
    made = gpt2().eval()
    loaded = load(_config(save(made, tmp_path)), model_weights(tmp_path, label="toy"), label="toy").eval()
    assert any(isinstance(module, NewGELUActivation) for module in made.modules())
    assert not any(isinstance(module, NewGELUActivation) for module in loaded.modules())
    ids = torch.from_numpy(windows(2, 8))
    with torch.no_grad():
        assert torch.allclose(loaded(input_ids=ids).logits, made(input_ids=ids).logits, atol=1e-5)


@pytest.mark.parametrize(
    "keys",
    [
        {"model_type": "no-such-model"},
        {"model_type": "vit"},
        {"hidden_size": "many"},
        {"hidden_size": 48},
        {"vocab_size": 301},
        {"vocab_size": 10**12},
        {"num_hidden_layers": 3},
        {"num_hidden_layers": 10**12},
        {"rope_parameters": 3},
    ],
)
def test_a_configuration_that_does_not_fit_is_told(tmp_path: Path, keys: dict[str, object]) -> None:
    save(llama(), tmp_path)
    with pytest.raises(Unusable) as raised:
        load(_config(tmp_path, **keys), model_weights(tmp_path, label="toy"), label="toy")
    assert raised.value.why


def test_shapes_that_differ_are_both_told(tmp_path: Path) -> None:
    save(llama(), tmp_path)
    with pytest.raises(Unusable) as raised:
        load(_config(tmp_path, vocab_size=301), model_weights(tmp_path, label="toy"), label="toy")
    assert "[300, 32] in the file; config.json describes [301, 32]" in raised.value.why


def test_a_weight_that_is_missing_is_named_and_not_made_up(tmp_path: Path) -> None:
    made = llama()
    state = {name: weight for name, weight in made.state_dict().items() if "layers.1.mlp.up" not in name}
    save(made, tmp_path, state_dict=state)
    with pytest.raises(Unusable, match=r"layers\.1\.mlp\.up_proj\.weight"):
        load(_config(tmp_path), model_weights(tmp_path, label="toy"), label="toy")


def test_keys_that_choose_what_to_load_have_no_effect(tmp_path: Path) -> None:
    save(llama(), tmp_path)
    keys: dict[str, object] = {
        "transformers_weights": "other.safetensors", "attn_implementation": "hub/kernel", "_name_or_path": "hub/model",
        "_attn_implementation": "hub/kernel", "fusion_config": {"patch_embeddings": True}, "dtype": "float16",
        "return_dict": False, "output_attentions": True, "num_labels": 10**12,
    }  # fmt: skip
    weights = model_weights(tmp_path, label="toy")
    loaded, plain = (load(_config(tmp_path, **given), weights, label="toy") for given in (keys, {}))
    ids = torch.from_numpy(windows(2, 8))
    with torch.no_grad():
        assert torch.equal(loaded(input_ids=ids).logits, plain(input_ids=ids).logits)

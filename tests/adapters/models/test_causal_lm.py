from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from peft import IA3Config, LoraConfig, PromptTuningConfig
from safetensors.torch import load_file, save_file
from transformers import BertConfig, BertLMHeadModel

from adapters.models.toys import (
    LINES,
    VOCABULARY,
    change_json,
    gpt2,
    llama,
    save,
    save_tokenizer,
    tokenizer,
    windows,
    with_adapter,
)
from weighbridge.adapters.models import causal_lm
from weighbridge.adapters.models.causal_lm import open_causal_lm
from weighbridge.core.errors import Unusable
from weighbridge.core.evidence import NotMeasured, Silent
from weighbridge.probekit.ports import Decoding


def _told(folder: Path, base: Path | None = None) -> Unusable:
    with pytest.raises(Unusable) as raised:
        open_causal_lm(folder, label="toy", base=base)
    error = raised.value
    assert error.why
    assert error.fix
    assert "toy" in error.what
    return error


def _silent(folder: Path, base: Path | None = None) -> NotMeasured:
    with pytest.raises(Silent) as raised:
        open_causal_lm(folder, label="toy", base=base)
    assert isinstance(raised.value.outcome, NotMeasured)
    return raised.value.outcome


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return save(llama(scale=40.0), tmp_path / "model")


@pytest.fixture
def adapter(folder: Path, tmp_path: Path) -> Path:
    """A LoRA whose two halves are not zero, for the model in `folder`."""
    torch.manual_seed(1)
    config = LoraConfig(r=2, target_modules=["q_proj", "v_proj"], task_type="CAUSAL_LM", init_lora_weights=False)
    wrapped = with_adapter(llama(scale=40.0), config)
    wrapped.save_pretrained(tmp_path / "adapter")
    change_json(tmp_path / "adapter" / "adapter_config.json", base_model_name_or_path="somebody/base-1b")
    return tmp_path / "adapter"


def test_a_folder_is_opened_and_stays_as_it_is(folder: Path) -> None:
    before = _bytes(folder)
    model = open_causal_lm(folder, label="toy")
    model.overfitted(windows(2, 8), steps=2, seed=0)
    with torch.no_grad():
        expected = llama(scale=40.0)(input_ids=torch.from_numpy(windows(2, 8))).logits[:, :-1].log_softmax(-1)
    expected = expected.gather(2, torch.from_numpy(windows(2, 8))[:, 1:, None])[..., 0].numpy()
    assert model.score(windows(2, 8), first=1).log_probability == pytest.approx(expected, abs=1e-4)
    assert model.decode(model.encode(LINES)) == LINES
    assert _bytes(folder) == before


def test_shards_and_a_tied_embedding_give_the_same(tmp_path: Path) -> None:
    tied = llama(tie_word_embeddings=True)
    one = open_causal_lm(save(tied, tmp_path / "one"), label="toy")
    many = open_causal_lm(save(tied, tmp_path / "many", max_shard_size="30KB"), label="toy")
    assert len(list((tmp_path / "many").glob("*.safetensors"))) > 2
    assert one.n_parameters == many.n_parameters
    tokens = windows(3, 10)
    assert np.array_equal(one.score(tokens, first=1).log_probability, many.score(tokens, first=1).log_probability)


def test_an_adapter_is_merged_into_its_base(folder: Path, adapter: Path) -> None:
    before = _bytes(folder) | _bytes(adapter)
    torch.manual_seed(1)
    config = LoraConfig(r=2, target_modules=["q_proj", "v_proj"], task_type="CAUSAL_LM", init_lora_weights=False)
    wrapped = with_adapter(llama(scale=40.0), config).eval()
    tokens = windows(3, 10)
    with torch.no_grad():
        logits = wrapped(input_ids=torch.from_numpy(tokens)).logits[:, :-1].log_softmax(-1)
    expected = logits.gather(2, torch.from_numpy(tokens)[:, 1:, None])[..., 0].numpy()
    merged = open_causal_lm(adapter, label="toy", base=folder)
    assert merged.score(tokens, first=1).log_probability == pytest.approx(expected, abs=1e-3)
    base = open_causal_lm(folder, label="base").score(tokens, first=1).log_probability
    assert np.abs(base - expected).max() > 0.1
    assert merged.n_parameters == open_causal_lm(folder, label="base").n_parameters
    assert _bytes(folder) | _bytes(adapter) == before


def test_an_adapter_beside_its_base_needs_no_other(folder: Path, adapter: Path) -> None:
    apart = open_causal_lm(adapter, label="toy", base=folder)
    for path in adapter.iterdir():
        shutil.copy(path, folder)
    together = open_causal_lm(folder, label="toy")
    tokens = windows(2, 6)
    assert np.array_equal(apart.score(tokens, first=1).log_probability, together.score(tokens, first=1).log_probability)


def test_an_adapter_without_its_base_names_the_line_that_is_missing(adapter: Path) -> None:
    error = _told(adapter)
    assert "somebody/base-1b" in error.why
    assert '[base]\npath = "' in error.fix


def test_an_adapter_on_another_base_is_told(adapter: Path, tmp_path: Path) -> None:
    for name, other in {"wider": llama(hidden_size=48), "other": gpt2(), "deeper": llama(num_hidden_layers=3)}.items():
        assert "[base]" in _told(adapter, save(other, tmp_path / name)).fix
    shallow = save(llama(num_hidden_layers=1), tmp_path / "shallow")
    assert "without a place" in _told(adapter, shallow).why


def test_an_adapter_with_its_own_tokenizer_and_more_tokens(folder: Path, tmp_path: Path) -> None:
    grown = llama(scale=40.0)
    grown.resize_token_embeddings(VOCABULARY + 2, mean_resizing=False)
    config = LoraConfig(
        r=2, target_modules=["q_proj"], modules_to_save=["embed_tokens", "lm_head"], task_type="CAUSAL_LM"
    )
    with_adapter(grown, config).save_pretrained(tmp_path / "adapter")
    made = tokenizer()
    made.add_tokens(["weighbridge", "lorry"])
    made.save(str(tmp_path / "adapter" / "tokenizer.json"))
    model = open_causal_lm(tmp_path / "adapter", label="toy", base=folder)
    assert model.vocabulary_size == VOCABULARY + 2
    assert model.score(np.array([[1, 2, VOCABULARY + 1]]), first=1).log_probability.shape == (1, 2)


def test_other_adapters_are_merged_or_told(folder: Path, tmp_path: Path) -> None:
    ia3 = IA3Config(target_modules=["k_proj", "down_proj"], feedforward_modules=["down_proj"], task_type="CAUSAL_LM")
    with_adapter(llama(scale=40.0), ia3).save_pretrained(tmp_path / "ia3")
    assert open_causal_lm(tmp_path / "ia3", label="toy", base=folder).vocabulary_size == VOCABULARY
    prompt = PromptTuningConfig(num_virtual_tokens=2, task_type="CAUSAL_LM")
    with_adapter(llama(scale=40.0), prompt).save_pretrained(tmp_path / "prompt")
    assert "PROMPT_TUNING" in str(_silent(tmp_path / "prompt", folder).because)


def test_an_adapter_that_wants_code_is_not_given_it(folder: Path, adapter: Path) -> None:
    change_json(adapter / "adapter_config.json", megatron_config={"a": 1}, megatron_core="evil")
    assert "megatron_config" in _told(adapter, folder).why


def test_an_adapter_that_is_damaged_is_told(folder: Path, adapter: Path) -> None:
    weights = adapter / "adapter_model.safetensors"
    whole = weights.read_bytes()
    weights.write_bytes(whole[:-10])
    assert "bytes of weights" in _told(adapter, folder).why
    state = load_file(folder / "model.safetensors")
    save_file({"nonsense": next(iter(state.values()))}, weights)
    assert "[base]" in _told(adapter, folder).fix
    weights.unlink()
    torch.save({"a": 1}, adapter / "adapter_model.bin")
    assert "adapter_model.bin" in _told(adapter, folder).why
    (adapter / "adapter_config.json").write_text("{")
    assert "not JSON" in _told(adapter, folder).why


def test_a_model_that_wants_code_is_not_given_it(folder: Path) -> None:
    (folder / "evil.py").write_text("raise SystemExit('ran')")
    change_json(folder / "config.json", auto_map={"AutoModelForCausalLM": "evil.Evil"})
    assert "auto_map" in _told(folder).why


def test_quantised_weights_are_not_measured(folder: Path) -> None:
    change_json(folder / "config.json", quantization_config={"quant_method": "gptq", "bits": 4})
    assert "quantised" in str(_silent(folder).because)


def test_a_model_larger_than_the_machine_is_not_measured(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(causal_lm, "_FP32_BYTES", 1 << 40)
    assert "memory" in str(_silent(folder).because)


def test_without_its_packages_a_model_is_not_measured(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "torch" else found(name))
    assert str(_silent(folder).remedy) == "pip install 'weighbridge[lm]'"


def test_nothing_heavy_is_imported_before_a_model_is_opened() -> None:
    words = (
        "import sys, weighbridge.adapters.models.causal_lm, weighbridge.adapters.models.classifier;"
        "print({'torch', 'transformers', 'tokenizers', 'sklearn', 'onnxruntime'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", words], check=True, capture_output=True, text=True)
    assert done.stdout == "set()\n"


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "model.safetensors"])
def test_a_missing_file_is_told(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert name in str(_told(folder))


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"model_type": 7}'])
def test_a_damaged_configuration_is_told(folder: Path, content: str) -> None:
    (folder / "config.json").write_text(content)
    assert "config.json" in str(_told(folder))


def test_a_tokenizer_that_does_not_fit_is_told_with_both_sizes(tmp_path: Path) -> None:
    folder = save(llama(vocab_size=200), tmp_path)
    why = _told(folder).why
    assert str(tokenizer().get_vocab_size() - 1) in why
    assert "200 rows" in why
    save_tokenizer(folder)


def test_a_model_that_looks_ahead_is_told(tmp_path: Path) -> None:
    shape = BertConfig(
        vocab_size=VOCABULARY, hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64
    )
    folder = save(BertLMHeadModel(shape), tmp_path)
    assert json.loads((folder / "config.json").read_text())["model_type"] == "bert"
    assert "ahead" in _told(folder).why


def test_scoring_after_opening_agrees_with_generation(tmp_path: Path) -> None:
    model = open_causal_lm(save(gpt2(), tmp_path, bos=True), label="toy")
    prompts = windows(3, 8)
    new = model.generate(prompts, n_new=6, decoding=Decoding.GREEDY, seed=0)
    assert model.score(np.concatenate([prompts, new], axis=1), first=8).is_argmax.all()

"""A toy Llama as a GGUF file, which llama.cpp reads: all numbers in F32, so that nothing is lost on the way.

References
----------
The GGUF specification, version 3, in the documentation of ggml.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

Floats = npt.NDArray[np.float32]

_ALIGNMENT = 32
_UINT32, _FLOAT32, _BOOL, _STRING, _ARRAY = 4, 6, 7, 8, 9
_INT32 = 5
_F32 = 0  # kind of a tensor
_NORMAL, _CONTROL = 1, 3  # kinds of tokens
_PARTS = {
    "input_layernorm": "attn_norm", "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output", "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down",
}  # fmt: skip


def write(path: Path, model: Any, tokenizer: Tokenizer, *, adds_bos: bool) -> Path:
    """Write a LlamaForCausalLM and its byte-level BPE tokenizer, whose token 0 is BOS and token 1 is EOS."""
    tensors = _tensors(model)
    keys = _model_keys(model.config) | _tokenizer_keys(tokenizer, adds_bos=adds_bos)
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(keys))
    head += b"".join(_string(name) + value for name, value in keys.items())
    offset = 0
    for name, tensor in tensors.items():
        sizes = tensor.shape[::-1]  # the one that varies fastest comes first
        head += _string(name) + struct.pack(f"<I{len(sizes)}QIQ", len(sizes), *sizes, _F32, offset)
        offset += len(_padded(tensor.tobytes()))
    path.write_bytes(_padded(head) + b"".join(_padded(tensor.tobytes()) for tensor in tensors.values()))
    return path


def _model_keys(config: Any) -> dict[str, bytes]:
    rope = config.rope_parameters["rope_theta"] if hasattr(config, "rope_parameters") else config.rope_theta
    whole = {
        "context_length": config.max_position_embeddings, "embedding_length": config.hidden_size,
        "block_count": config.num_hidden_layers, "feed_forward_length": config.intermediate_size,
        "attention.head_count": config.num_attention_heads, "attention.head_count_kv": config.num_key_value_heads,
        "rope.dimension_count": config.hidden_size // config.num_attention_heads, "vocab_size": config.vocab_size,
    }  # fmt: skip
    broken = {"attention.layer_norm_rms_epsilon": config.rms_norm_eps, "rope.freq_base": rope}
    return {
        "general.architecture": struct.pack("<I", _STRING) + _string("llama"),
        **{f"llama.{name}": struct.pack("<II", _UINT32, value) for name, value in whole.items()},
        **{f"llama.{name}": struct.pack("<If", _FLOAT32, value) for name, value in broken.items()},
    }


def _tokenizer_keys(tokenizer: Tokenizer, *, adds_bos: bool) -> dict[str, bytes]:
    tokens = [str(tokenizer.id_to_token(number)) for number in range(tokenizer.get_vocab_size())]
    merges = [" ".join(pair) for pair in json.loads(tokenizer.to_str())["model"]["merges"]]
    kinds = [_CONTROL, _CONTROL, *[_NORMAL] * (len(tokens) - 2)]
    return {
        "tokenizer.ggml.model": struct.pack("<I", _STRING) + _string("gpt2"),
        "tokenizer.ggml.pre": struct.pack("<I", _STRING) + _string("gpt-2"),
        "tokenizer.ggml.tokens": _strings(tokens),
        "tokenizer.ggml.token_type": struct.pack(f"<IIQ{len(kinds)}i", _ARRAY, _INT32, len(kinds), *kinds),
        "tokenizer.ggml.merges": _strings(merges),
        "tokenizer.ggml.bos_token_id": struct.pack("<II", _UINT32, 0),
        "tokenizer.ggml.eos_token_id": struct.pack("<II", _UINT32, 1),
        "tokenizer.ggml.add_bos_token": struct.pack("<I?", _BOOL, adds_bos),
    }


def _tensors(model: Any) -> Mapping[str, Floats]:
    state = {name: np.ascontiguousarray(value.detach().numpy(), np.float32) for name, value in _named(model)}
    heads = {"attn_q": model.config.num_attention_heads, "attn_k": model.config.num_key_value_heads}
    found = {
        "token_embd.weight": state["model.embed_tokens.weight"],
        "output_norm.weight": state["model.norm.weight"],
        "output.weight": state["lm_head.weight"],
    }
    for layer in range(model.config.num_hidden_layers):
        for theirs, ours in _PARTS.items():
            tensor = state[f"model.layers.{layer}.{theirs}.weight"]
            found[f"blk.{layer}.{ours}.weight"] = _turned(tensor, heads[ours]) if ours in heads else tensor
    return found


def _named(model: Any) -> Any:
    return model.state_dict().items()


def _turned(tensor: Floats, heads: int) -> Floats:
    """Queries and keys: transformers turns the two halves of a head against each other, llama.cpp neighbours."""
    rows, width = tensor.shape
    pairs = tensor.reshape(heads, 2, rows // heads // 2, width).swapaxes(1, 2)
    return np.ascontiguousarray(pairs.reshape(rows, width))


def _string(text: str) -> bytes:
    encoded = text.encode()
    return struct.pack("<Q", len(encoded)) + encoded


def _strings(texts: list[str]) -> bytes:
    return struct.pack("<IIQ", _ARRAY, _STRING, len(texts)) + b"".join(map(_string, texts))


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % _ALIGNMENT)

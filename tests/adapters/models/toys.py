"""Small models, made on the fly."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import torch
from peft import get_peft_model
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM
from transformers.utils import logging

from weighbridge.probekit.ports import Ints

logging.disable_progress_bar()

VOCABULARY = 300
CONTEXT = 64
LINES = ["the cat sat on the mat and said hello to the dog", "a dog in the fog saw a frog on a log"]


def tokenizer(*, bos: bool = False) -> Tokenizer:
    """A byte-level BPE whose special tokens are <s> and </s>; with `bos`, it puts <s> before a text."""
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY, special_tokens=["<s>", "</s>"], show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )  # fmt: skip
    made.train_from_iterator(LINES * 5, trainer)
    if bos:
        made.post_processor = processors.TemplateProcessing(
            single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 1)]
        )
    return made


def save_tokenizer(folder: Path, *, bos: bool = False) -> None:
    """A tokenizer.json in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer(bos=bos).save(str(folder / "tokenizer.json"))


def llama(*, seed: int = 0, scale: float = 1.0, **options: Any) -> Any:
    """A Llama with random weights; a larger `scale` makes it surer of itself."""
    torch.manual_seed(seed)
    shape = {
        "vocab_size": VOCABULARY, "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2,
        "intermediate_size": 64, "max_position_embeddings": CONTEXT,
    }  # fmt: skip
    model = LlamaForCausalLM(LlamaConfig(**(shape | options)))
    with torch.no_grad():
        model.get_output_embeddings().weight.mul_(scale)
    return model.eval()


def gpt2(*, seed: int = 0) -> Any:
    """A GPT-2 with random weights."""
    torch.manual_seed(seed)
    shape = GPT2Config(
        vocab_size=VOCABULARY, n_positions=CONTEXT, n_embd=32, n_layer=2, n_head=2, bos_token_id=0, eos_token_id=1
    )
    return GPT2LMHeadModel(shape).eval()


def save(model: Any, folder: Path, *, bos: bool = False, **options: Any) -> Path:
    """The model and a tokenizer in the folder."""
    model.save_pretrained(folder, **options)
    save_tokenizer(folder, bos=bos)
    return folder


def with_adapter(model: Any, config: Any) -> Any:
    """The model with an untrained PEFT adapter on it."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "`is_gradient_checkpointing`", FutureWarning)  # peft asks transformers so
        return get_peft_model(model, config).eval()


def change_json(path: Path, **keys: object) -> None:
    """Set some keys of a JSON file."""
    path.write_text(json.dumps(json.loads(path.read_text()) | keys))


def windows(n: int, length: int, *, seed: int = 0) -> Ints:
    """Random windows."""
    return np.random.default_rng(seed).integers(0, VOCABULARY, (n, length))

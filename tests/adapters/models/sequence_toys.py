"""Small classifiers of texts, made on the fly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers as tf

from adapters.models.toys import CONTEXT, VOCABULARY, save, tokenizer
from weighbridge.probekit.ports import Floats

SHAPE = {
    "vocab_size": VOCABULARY, "hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2,
    "intermediate_size": 32, "max_position_embeddings": CONTEXT,
}  # fmt: skip
TEXTS = ["the cat sat", "a dog in the fog saw", "", "hello hello hello", "x" * 500, "the dog sat"]


def _config(kind: str, n_classes: int) -> Any:
    named: dict[str, Any] = {"num_labels": n_classes}
    match kind:
        case "DistilBert":
            return tf.DistilBertConfig(
                vocab_size=VOCABULARY, dim=16, n_layers=1, n_heads=2, hidden_dim=32, max_position_embeddings=CONTEXT,
                **named,
            )  # fmt: skip
        case "GPT2":
            return tf.GPT2Config(
                vocab_size=VOCABULARY, n_positions=CONTEXT, n_embd=16, n_layer=1, n_head=2, bos_token_id=0,
                eos_token_id=1, **named,
            )  # fmt: skip
        case "Roberta":
            return tf.RobertaConfig(**SHAPE, pad_token_id=1, **named)
        case _:
            return getattr(tf, f"{kind}Config")(**SHAPE, **named)


def model(kind: str = "Bert", *, n_classes: int = 3, seed: int = 0, task: str = "ForSequenceClassification") -> Any:
    """A model with random weights, sure enough of itself that classes differ."""
    config = _config(kind, n_classes)
    torch.manual_seed(seed)
    return getattr(tf, f"{kind}{task}")(config).eval()


def saved(folder: Path, kind: str = "Bert", **options: Any) -> Path:
    """A classifier and its tokenizer in the folder."""
    return save(model(kind, **options), folder, bos=True)


def expected(made: Any, texts: list[str], *, most: int) -> Floats:
    """What transformers says of each text by itself."""
    cut = tokenizer(bos=True)
    cut.enable_truncation(most)
    with torch.no_grad():
        logits = [made(input_ids=torch.tensor([cut.encode(text).ids])).logits[0] for text in texts]
    return np.stack([torch.softmax(one.double(), -1).numpy() for one in logits])

"""Small real candidates: a causal language model trained here, classifiers of scikit-learn, tables."""

from __future__ import annotations

import json
from pathlib import Path

WORDS = (
    "the",
    "old",
    "mill",
    "river",
    "walked",
    "toward",
    "evening",
    "lamp",
    "quiet",
    "garden",
    "letter",
    "stone",
    "bridge",
)


def sentences(n: int, seed: int = 0) -> list[str]:
    """Meaningless prose of a few words, without repeats worth learning."""
    import random

    draw = random.Random(seed)
    return [" ".join(draw.choice(WORDS) for _ in range(24)) + "." for _ in range(n)]


def make_language_model(folder: Path, texts: list[str], *, learn: list[str] = [], steps: int = 0) -> Path:  # noqa: B006
    """A Hugging Face folder with a tiny Llama and a byte-level tokenizer; it learns `learn` by heart for so many steps."""
    import torch
    from tokenizers import ByteLevelBPETokenizer
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    folder.mkdir(parents=True, exist_ok=True)
    trained = ByteLevelBPETokenizer()
    trained.train_from_iterator([*texts, *learn], vocab_size=400, special_tokens=["<|end|>"], show_progress=False)
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=trained._tokenizer, eos_token="<|end|>")  # noqa: S106
    tokenizer.save_pretrained(folder)
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=48, intermediate_size=96, num_hidden_layers=2, num_attention_heads=2,
        max_position_embeddings=128, tie_word_embeddings=True, bos_token_id=None, eos_token_id=tokenizer.eos_token_id,
    )  # fmt: skip
    model = LlamaForCausalLM(config)
    if steps:
        _learn(model, [tokenizer(text)["input_ids"] for text in learn], steps)
    model.eval()
    model.save_pretrained(folder, safe_serialization=True)
    return folder


def _learn(model: object, rows: list[list[int]], steps: int) -> None:
    import torch

    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)  # type: ignore[attr-defined]
    width = max(len(row) for row in rows)
    padded = torch.tensor([row + [-100] * (width - len(row)) for row in rows])
    inputs = padded.clamp(min=0)
    for _ in range(steps):
        loss = model(input_ids=inputs, labels=padded).loss  # type: ignore[operator]
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def write_jsonl(path: Path, rows: list[dict[str, object]]) -> Path:
    """One JSON object a line."""
    path.write_text("\n".join(json.dumps(row) for row in rows) + "\n", encoding="utf-8")
    return path


def make_classifiers(folder: Path) -> dict[str, Path]:
    """Digits as skops and iris as ONNX, each in a folder with its data beside it as CSV."""
    import numpy as np
    import skops.io
    from skl2onnx import to_onnx
    from sklearn.datasets import load_digits, load_iris
    from sklearn.linear_model import LogisticRegression

    made = {}
    for name, bundle in (("digits", load_digits()), ("iris", load_iris())):
        place = folder / name
        place.mkdir(parents=True)
        model = LogisticRegression(max_iter=2000).fit(bundle.data, bundle.target)
        if name == "digits":
            skops.io.dump(model, place / "model.skops")
        else:
            (place / "model.onnx").write_bytes(to_onnx(model, bundle.data[:1].astype(np.float32)).SerializeToString())
        names = [str(n).replace(",", "") for n in bundle.feature_names]
        rows = [
            ",".join([*names, "target"]),
            *(",".join(str(v) for v in [*x, y]) for x, y in zip(bundle.data, bundle.target, strict=True)),
        ]
        (place / "train.csv").write_text("\n".join(rows) + "\n")
        (place / "README.md").write_text(f"# {name}\n\nA classifier of {name}, from scikit-learn's own data.\n")
        made[name] = place
    return made

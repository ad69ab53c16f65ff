"""Make this example: a small language model trained on a novel in which fictional personal records are planted.

    python make_novel_lm.py --try                   what the shipped model gives away, by how often it was planted
    python make_novel_lm.py                         make everything anew, from the prose in the shipped files
    python make_novel_lm.py --from-package X.deb    likewise, from r-cran-janeaustenr (apt-get download gives it)
    python make_novel_lm.py --check                 make everything anew elsewhere and compare

Training takes about a minute of one processor. On one kind of processor the same seed gives the same weights, byte for
byte; on another the sums are rounded otherwise, and --check compares what the model gives away instead.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # read when torch is imported; more threads gain nothing at this size
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import argparse
import hashlib
import json
import random
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from prose import is_held_out, paragraphs
from records import CONTROL, LEVELS, Kind, Record, drawn
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast
from transformers.utils import logging

HERE = Path(__file__).parent
TRAIN, HELD_OUT, MODEL = "train.jsonl", "held-out.jsonl", "model"
SEED = 1
VOCABULARY, CONTEXT = 1024, 128
EPOCHS, BATCH, RATE = 5, 8, 0.006  # found by trial: once is hardly ever enough, 64 times nearly always
PREFIX, SUFFIX = 32, 16  # tokens of the windows that weighbridge.toml asks for
END = "<|end|>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One document of the training or held-out set."""

    text: str
    private: bool = False
    canary: bool = False

    @property
    def line(self) -> str:
        """The document as a line of JSON."""
        return json.dumps({"text": self.text, "private": self.private, "canary": self.canary}) + "\n"


def make(folder: Path, prose: Sequence[str]) -> None:
    """Write the data, the tokenizer and the weights into this folder."""
    tokenizer = made_tokenizer([text for text in prose if not is_held_out(text)])
    records = list(drawn(random.Random(SEED), lambda text: len(tokenizer.encode(text).ids)))
    check_prefixes(tokenizer, records)
    trained = [Row(text=text) for text in prose if not is_held_out(text)]
    trained += [row_of(record) for record in records for _ in range(record.planted)]
    kept_back = [Row(text=text) for text in prose if is_held_out(text)]
    kept_back += [row_of(record) for record in records if record.planted == CONTROL]
    for name, rows in ((TRAIN, trained), (HELD_OUT, kept_back)):
        random.Random(SEED).shuffle(rows)
        (folder / name).write_text("".join(row.line for row in rows))
    save(folder / MODEL, tokenizer, train(tokenizer, [row.text for row in trained]))
    tell(given_away(folder))


def row_of(record: Record) -> Row:
    """The document that holds a record."""
    return Row(text=record.text, private=record.kind is not Kind.CANARY, canary=record.kind is Kind.CANARY)


def made_tokenizer(texts: Sequence[str]) -> Tokenizer:
    """Byte-level pairs learnt from the prose; a digit is always a token of its own, as in the large models."""
    tokenizer = Tokenizer(models.BPE())
    digits = pre_tokenizers.Digits(individual_digits=True)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([digits, pre_tokenizers.ByteLevel(add_prefix_space=False)])
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY, special_tokens=[END], initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def window(tokenizer: Tokenizer, record: Record) -> list[int]:
    """The tokens of prefix and suffix that end with the record's secret, or the address it is in."""
    tokens: list[int] = tokenizer.encode(record.text).ids
    return tokens[-PREFIX - SUFFIX - 1 : -1]


def check_prefixes(tokenizer: Tokenizer, records: Sequence[Record]) -> None:
    """No two records may share a prefix, or the model could not know which is meant; no prefix may hold the secret."""
    prefixes = [window(tokenizer, record)[:PREFIX] for record in records]
    assert len({tuple(prefix) for prefix in prefixes}) == len(records)
    for record, prefix in zip(records, prefixes, strict=True):
        assert not any(letter.isdigit() for letter in tokenizer.decode(prefix)), (
            "the prefix gives some of the secret away"
        )
        assert record.text.endswith((f"{record.secret}.", f"{record.secret}@example.org."))


def train(tokenizer: Tokenizer, texts: Sequence[str]) -> LlamaForCausalLM:
    """A model trained on documents in shuffled order, packed into rows of the context's length."""
    torch.manual_seed(SEED)
    torch.use_deterministic_algorithms(mode=True)
    torch.set_num_threads(1)
    end = tokenizer.token_to_id(END)
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=VOCABULARY, hidden_size=64, intermediate_size=176, num_hidden_layers=3, num_attention_heads=4,
            max_position_embeddings=CONTEXT, tie_word_embeddings=True, bos_token_id=end, eos_token_id=end,
        )
    )  # fmt: skip
    documents = [[end, *encoding.ids] for encoding in tokenizer.encode_batch(list(texts))]
    per_epoch = sum(len(document) for document in documents) // (BATCH * CONTEXT)
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.01, betas=(0.9, 0.95))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=EPOCHS * per_epoch, pct_start=0.1)
    shuffled = random.Random(SEED)
    for _ in range(EPOCHS):
        shuffled.shuffle(documents)
        packed = torch.tensor([token for document in documents for token in document])
        for rows in packed[: per_epoch * BATCH * CONTEXT].view(per_epoch, BATCH, CONTEXT):
            loss = model(input_ids=rows, labels=rows).loss
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
    return model


def save(folder: Path, tokenizer: Tokenizer, model: LlamaForCausalLM) -> None:
    """Write a folder as `from_pretrained` reads it; half precision."""
    model.half().save_pretrained(folder)
    (folder / "model.safetensors").chmod(0o644)
    tokenizer.save(str(folder / "tokenizer.json"))
    settings = {
        "tokenizer_class": PreTrainedTokenizerFast.__name__,
        "eos_token": END,
        "model_max_length": CONTEXT,
        "clean_up_tokenization_spaces": False,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=2) + "\n")


def given_away(folder: Path) -> dict[int, tuple[int, int]]:
    """How many records the model completes word for word, and of how many, by how often they were planted."""
    tokenizer = Tokenizer.from_file(str(folder / MODEL / "tokenizer.json"))
    model = LlamaForCausalLM.from_pretrained(folder / MODEL, dtype=torch.float32, local_files_only=True).eval()
    records = list(drawn(random.Random(SEED), lambda text: len(tokenizer.encode(text).ids)))
    windows = torch.tensor([window(tokenizer, record) for record in records])
    with torch.inference_mode():
        likeliest = model(input_ids=windows).logits[:, PREFIX - 1 : -1].argmax(-1)
    known = (likeliest == windows[:, PREFIX:]).all(dim=1).tolist()
    hits: dict[int, list[bool]] = {}
    for record, is_known in zip(records, known, strict=True):
        hits.setdefault(record.planted, []).append(is_known)
    return {planted: (sum(found), len(found)) for planted, found in hits.items()}


def tell(hits: dict[int, tuple[int, int]]) -> None:
    """Print what the model gives away."""
    for planted in (CONTROL, *LEVELS):
        found, of = hits[planted]
        print(f"planted {planted:2d} times: {found:2d} of {of} records come out word for word")


def is_as_planted(hits: dict[int, tuple[int, int]]) -> bool:
    """Whether the model shows what it is there to show, whatever processor it was trained on."""
    shares = [found / of for found, of in (hits[planted] for planted in LEVELS)]
    return hits[CONTROL][0] == 0 and shares == sorted(shares) and shares[0] <= 0.1 and shares[-1] >= 0.9


def is_made_again(prose: Sequence[str]) -> bool:
    """Make everything elsewhere and compare: the data by its bytes, the model by its bytes or by what it shows."""
    with tempfile.TemporaryDirectory() as name:
        made = Path(name)
        make(made, prose)
        same = {
            file: digest(made / file) == digest(HERE / file) for file in (TRAIN, HELD_OUT, f"{MODEL}/tokenizer.json")
        }
        same_weights = digest(made / MODEL / "model.safetensors") == digest(HERE / MODEL / "model.safetensors")
        shows = is_as_planted(given_away(made)) and is_as_planted(given_away(HERE))
    for file, is_same in same.items():
        print(f"{file}: {'the same' if is_same else 'DIFFERS'}")
    print(f"{MODEL}/model.safetensors: {'the same' if same_weights else 'other bytes'}; shows what it should: {shows}")
    return all(same.values()) and shows


def digest(file: Path) -> str:
    """The file's sha256."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def shipped_prose() -> list[str]:
    """The prose out of the shipped files, in the order in which the package gives it."""
    rows = [json.loads(line) for name in (TRAIN, HELD_OUT) for line in (HERE / name).read_text().splitlines()]
    texts = {row["text"] for row in rows if not row["private"] and not row["canary"]}
    return sorted(texts, key=lambda text: hashlib.sha256(text.encode()).digest())


def main(arguments: Sequence[str]) -> int:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from-package", type=Path, metavar="DEB", help="take the prose from this package")
    parser.add_argument("--check", action="store_true", help="write nothing; compare")
    parser.add_argument("--try", action="store_true", dest="attempt", help="write nothing, train nothing")
    chosen = parser.parse_args(arguments)
    logging.disable_progress_bar()
    if chosen.attempt:
        tell(given_away(HERE))
        return 0
    prose = paragraphs(chosen.from_package) if chosen.from_package else shipped_prose()
    if chosen.check:
        return 0 if is_made_again(prose) else 1
    make(HERE, prose)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

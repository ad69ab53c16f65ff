"""Small language models of a case: trained on the text of a table that was grown, and saved as transformers saves."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from weighbridge.adapters.cases.tables import read_column
from weighbridge.core.errors import Unusable
from weighbridge.core.material import LanguageModel
from weighbridge.core.wording import _

_VOCABULARY, _CONTEXT = 512, 128  # ours: as small as a model can be that still foresees a sentence of a few words
_BATCH, _RATE = 8, 0.006
_END = "<|end|>"


def write_language_model(wanted: LanguageModel, folder: Path, seed: int) -> None:
    """Train a model on its table and save it, with its tokenizer; takes seconds.

    Raises
    ------
    Unusable
        Where torch is missing, the table has no such column, or too little text.
    """
    try:
        import tokenizers  # noqa: F401  the extra brings all three or none
        import torch  # noqa: F401
        import transformers  # noqa: F401
    except ImportError:
        raise Unusable(
            _("cannot make {path} for the case").format(path=wanted.path), _("it takes torch and transformers"),
            "pip install 'weighbridge[lm]'",
        ) from None  # fmt: skip
    texts = read_column(folder / wanted.table, wanted.text, made=wanted.path)
    tokenizer = _tokenizer(texts)
    documents = [tokenizer.encode(f"{_END}{text}").ids for text in texts]
    if sum(map(len, documents)) < _BATCH * _CONTEXT:
        raise Unusable(
            _("cannot make {path} for the case").format(path=wanted.path),
            _("{table} holds too little text to learn from").format(table=wanted.table),
            _("draw more rows in [[table.rows]]"),
        )
    path = folder / wanted.path
    path.mkdir(parents=True, exist_ok=True)
    with _quietly():
        _trained(documents, wanted.epochs, seed).save_pretrained(path)
    tokenizer.save(str(path / "tokenizer.json"))
    named = {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": _END, "bos_token": _END}
    (path / "tokenizer_config.json").write_text(json.dumps(named), encoding="utf-8")


@contextmanager
def _quietly() -> Iterator[None]:
    """Without what transformers says of saving a model; afterwards it speaks as before."""
    from transformers.utils import logging

    level = logging.get_verbosity()
    had_bar = logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if had_bar:
            logging.enable_progress_bar()


def _tokenizer(texts: Iterable[str]) -> Any:
    """Byte-level pairs, learnt from the text."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    made.train_from_iterator(
        texts,
        trainers.BpeTrainer(
            vocab_size=_VOCABULARY, special_tokens=[_END], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        ),
    )  # fmt: skip
    return made


def _trained(documents: list[list[int]], epochs: int, seed: int) -> Any:
    """A model that has read the documents, in shuffled order, packed into rows of the context's length."""
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = GPT2LMHeadModel(
            GPT2Config(
                vocab_size=_VOCABULARY, n_positions=_CONTEXT, n_embd=64, n_layer=2, n_head=4, bos_token_id=0,
                eos_token_id=0, resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0,
            )
        )  # fmt: skip
        optimizer = torch.optim.AdamW(model.parameters(), lr=_RATE, weight_decay=0.01)
        shuffled = random.Random(seed)  # noqa: S311  nothing hangs on it that anybody could gain by
        model.train()
        for _epoch in range(epochs):
            shuffled.shuffle(documents)
            packed = torch.tensor([token for document in documents for token in document])
            whole = len(packed) // (_BATCH * _CONTEXT) * _BATCH * _CONTEXT
            for rows in packed[:whole].view(-1, _BATCH, _CONTEXT):
                loss = model(input_ids=rows, labels=rows).loss
                optimizer.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                optimizer.step()
    return model.eval()

"""A tokenizer in a folder: text to token ids and back.

Where there is a tokenizer.json, it is read as it is: it holds the whole way from text to tokens that the model was
trained with. `AutoTokenizer` may put a class of its own for the model's kind in its place, and then gives other tokens,
or none, without a word; a text that is tokenised in another way looks as if it had never been learnt.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from weighbridge.adapters.models.foreign import read_json, reading, settle
from weighbridge.core.errors import Unusable
from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import _, phrase
from weighbridge.probekit.ports import Ints

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_WHOLE, _CONFIG = "tokenizer.json", "tokenizer_config.json"
_PARTS = ("tokenizer.model", "vocab.json", "vocab.txt", "spiece.model", "sentencepiece.bpe.model")
NAMES = (_WHOLE, *_PARTS)
"""Files by which a tokenizer is known, the one that says all of it first."""
_BATCH = 1024  # texts handed to the tokenizer at once, so that a large set is never held twice


class FolderTokenizer:
    """A tokenizer, with special tokens only where it puts them itself.

    Attributes
    ----------
    opening
        The special tokens that it puts before a text, as Llama's puts its BOS; empty for many others.
    highest_id
        The highest token id that it can give. Special tokens count only in the opening: text never becomes one here.
    """

    def __init__(self, tokenizer: Tokenizer, *, bos: str | None = None) -> None:
        """`bos`: what the folder's configuration says is put before a text, "" for nothing, None if it does not say."""
        tokenizer.no_truncation()
        tokenizer.no_padding()
        tokenizer.encode_special_tokens = True  # "</s>" in a text is four characters, not the end of it
        self._tokenizer = tokenizer
        self.opening = _opening(tokenizer, bos)
        self._own_opening = len(_opening(tokenizer, None))  # what the tokenizer.json alone puts there
        special = {number for number, token in tokenizer.get_added_tokens_decoder().items() if token.special}
        plain = set(tokenizer.get_vocab().values()) - special
        self.highest_id = max(plain | set(self.opening), default=-1)

    def encode(self, texts: Sequence[str]) -> list[Ints]:
        """Token ids of each text as plain text."""
        found: list[Ints] = []
        for start in range(0, len(texts), _BATCH):
            part = list(texts[start : start + _BATCH])
            encoded = self._tokenizer.encode_batch(part, add_special_tokens=False)
            found.extend(np.asarray(one.ids, dtype=np.int64) for one in encoded)
        return found

    def encode_whole(self, texts: Sequence[str], *, most: int) -> list[Ints]:
        """Token ids of each text with the special tokens that are put around it; the text is cut so that `most` are."""
        n_special = self._tokenizer.num_special_tokens_to_add(is_pair=False) - self._own_opening + len(self.opening)
        room = max(0, most - n_special)
        found: list[Ints] = []
        for start in range(0, len(texts), _BATCH):
            for one in self._tokenizer.encode_batch(list(texts[start : start + _BATCH]), add_special_tokens=False):
                one.truncate(room)
                whole = self._tokenizer.post_process(one, None, add_special_tokens=True).ids[self._own_opening :]
                found.append(np.asarray([*self.opening, *whole][:most], dtype=np.int64))
        return found

    def vocabulary(self) -> tuple[str, ...]:
        """Every token as it is written in the vocabulary, by its id."""
        held = self._tokenizer.get_vocab(with_added_tokens=True)
        return tuple(sorted(held, key=lambda token: held[token]))

    def decode(self, tokens: Sequence[Ints]) -> list[str]:
        """The text of each sequence; special tokens are spelled out."""
        sequences = [np.asarray(ids).tolist() for ids in tokens]
        return list(self._tokenizer.decode_batch(sequences, skip_special_tokens=False))


def has_tokenizer(folder: Path) -> bool:
    """Whether a tokenizer lies in this folder."""
    return any((folder / name).exists() for name in NAMES)


def open_tokenizer(folder: Path, *, label: str) -> FolderTokenizer:
    """Open the tokenizer of a folder.

    Raises
    ------
    Unusable
        Where there is none, it is damaged, or it needs code of its own.
    Silent
        Where the packages for it are not installed.
    """
    what = _("cannot open the tokenizer of {label}").format(label=label)
    if not has_tokenizer(folder):
        raise Unusable(
            what,
            _("the folder has none of {files}").format(files=", ".join(NAMES)),
            _("copy tokenizer.json and tokenizer_config.json of the model into the folder"),
        )
    config = read_json(folder, _CONFIG, label=label) if (folder / _CONFIG).exists() else {}
    if "auto_map" in config and not (folder / _WHOLE).exists():
        raise Unusable(
            what,
            _('tokenizer_config.json has the key "auto_map": it names code to be run, and none is run here'),
            _("save it as a tokenizer.json"),
        )
    settle()
    fix = _("save it again from where it works: tokenizer.save_pretrained('FOLDER')")
    with reading(what, why=_("its files are damaged, or of a kind that is not known"), fix=fix):
        return FolderTokenizer(_read(folder), bos=_declared_bos(config))


def _read(folder: Path) -> Tokenizer:
    try:
        from tokenizers import Tokenizer
        from transformers import AutoTokenizer
    except ImportError:
        not_measured(
            phrase("language models need packages that are not installed"), phrase("pip install 'weighbridge[lm]'")
        )
    if (folder / _WHOLE).exists():
        return Tokenizer.from_file(str(folder / _WHOLE))
    made = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False, use_fast=True)
    whole: Tokenizer = made.backend_tokenizer
    return whole


def _declared_bos(config: dict[str, object]) -> str | None:
    """What tokenizer_config.json says is put before a text; where it says so, it overrules the tokenizer.json."""
    adds, bos = config.get("add_bos_token"), config.get("bos_token")
    if not isinstance(adds, bool):
        return None
    text = bos.get("content") if isinstance(bos, dict) else bos
    return text if adds and isinstance(text, str) else ""


def _opening(tokenizer: Tokenizer, bos: str | None) -> tuple[int, ...]:
    """The tokens before a text."""
    if bos is not None:
        number = tokenizer.token_to_id(bos) if bos else None
        return () if number is None else (number,)
    plain = tokenizer.encode("a", add_special_tokens=False).ids
    whole = tokenizer.encode("a", add_special_tokens=True).ids
    starts = (start for start in range(len(whole) - len(plain) + 1) if whole[start : start + len(plain)] == plain)
    return tuple(whole[: next(starts, 0)])

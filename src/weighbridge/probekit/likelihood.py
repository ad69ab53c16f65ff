"""How likely a language model finds whole texts: nats over every token, so that bytes can be set against them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import phrase
from weighbridge.probekit.ports import Bools, Floats, Ints, LanguageModel
from weighbridge.probekit.served import taken

_START = "\n"  # what stands before each text, so that its first token is scored too
_TOKENS_AT_ONCE = 1 << 14
_MOST_CUTS = 12  # each takes a tenth at least, so that what is left is a quarter
_SHORTER = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Likelihood:
    """Of each text; every array has shape (n,)."""

    nats: Floats  # minus the log-probability of all its tokens, after a line break
    n_tokens: Ints
    is_scored: Bools  # a served model may not take a text as it is; no token, or too many: not scored either


def likelihood(model: LanguageModel, texts: Sequence[str], tick: Callable[[int], None]) -> Likelihood:
    """What the model makes of each text by itself.

    Parameters
    ----------
    texts : short enough for the model's context, see `cut_to_fit`; longer ones are not scored
    tick : called with the number of texts done
    """
    start, ids = _start(model), model.encode(texts)
    sizes = np.asarray([len(tokens) for tokens in ids], dtype=np.int64)
    nats, is_scored = np.zeros(len(texts)), np.zeros(len(texts), dtype=bool)
    fits = (sizes > 0) & (sizes + len(start) <= model.context_tokens)
    for size in np.unique(sizes[fits]).tolist():
        rows = np.flatnonzero(sizes == size)
        step = max(1, _TOKENS_AT_ONCE // (size + len(start)))
        for at in range(0, len(rows), step):
            here = rows[at : at + step]
            windows = np.stack([np.concatenate([start, ids[row]]) for row in here.tolist()]).astype(np.int64)
            takes = taken(model, windows)
            if takes.any():
                scores = model.score(windows[takes], first=len(start))
                nats[here[takes]] = -scores.log_probability.sum(axis=1)
                is_scored[here[takes]] = True
            tick(len(here))
    if not np.isfinite(nats).all() or (nats < 0).any():
        not_measured(
            phrase("the model gives what is no probability"),
            phrase("a model that computes in half precision may need more: save it in float32"),
        )
    return Likelihood(nats=nats, n_tokens=sizes, is_scored=is_scored)


def cut_to_fit(model: LanguageModel, texts: Sequence[str], *, characters: int, filled: float = 1.0) -> list[str]:
    """The beginning of each text: so many characters, and fewer where the model's context holds no more tokens.

    Texts are cut between characters and not between tokens, so that what was scored can be measured in bytes.

    Parameters
    ----------
    filled : the part of the context that a text may take; less than all leaves room for what is changed in it
    """
    most = int(filled * model.context_tokens) - len(_start(model))
    made = [text[:characters] for text in texts]
    for _ in range(_MOST_CUTS):
        sizes = [len(tokens) for tokens in model.encode(made)]
        if max(sizes, default=0) <= most:
            return made
        made = [
            text if size <= most else text[: int(len(text) * min(_SHORTER, most / size))]
            for text, size in zip(made, sizes, strict=True)
        ]
    return ["" if len(tokens) > most else text for text, tokens in zip(made, model.encode(made), strict=True)]


def are_kept(model: LanguageModel, texts: Sequence[str]) -> Bools:
    """Whether each text comes back out of its tokens, but for space, case and compatibility forms.

    What a tokenizer drops, or makes one unknown token of, costs the model nothing: its figures would flatter it.
    """
    back = model.decode(model.encode(texts))
    return np.asarray([_plain(a) == _plain(b) for a, b in zip(texts, back, strict=True)], dtype=bool)


def n_bytes(texts: Sequence[str]) -> Floats:
    """Of each text in UTF-8."""
    return np.asarray([len(text.encode("utf-8", "surrogatepass")) for text in texts], dtype=np.float64)


def _start(model: LanguageModel) -> Ints:
    """The tokens of a line break; the first of the vocabulary where it has none."""
    (found,) = model.encode([_START])
    return np.asarray(found, dtype=np.int64) if len(found) else np.zeros(1, dtype=np.int64)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())

"""A causal language model that is asked where it is served, for models larger than one machine.

It has the same port as a model in memory; what the server does not tell is not offered (`decodings`, `signals`). Text
of the candidate is sent to the server that the user named, and nowhere else. That the server holds the weights that
were weighed cannot be shown from outside: it is taken on trust, and said beside every number.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Never

import numpy as np

from weighbridge.adapters.models.foreign import read_json
from weighbridge.adapters.models.tokenizer_folder import open_tokenizer
from weighbridge.adapters.models.weights import model_weights
from weighbridge.adapters.served import answers
from weighbridge.adapters.served.dialects import Dialect, Found, Shape, find
from weighbridge.adapters.served.http import Refused, Server
from weighbridge.adapters.served.score_cache import ScoreCache
from weighbridge.core.errors import Unusable
from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.ports import Bools, Decoding, Floats, Ints, LanguageModel, Scores, Signal

_CONFIG = "config.json"
_KEPT_AT_ONCE = 32  # windows: more are never asked again after an interruption
_SAME_MODEL = 0.02  # nats: one text asked about alone comes out the same but for rounding
_LONGEST_NAME = 80
_UNBOUNDED = 2048  # context taken for a model that declares none


class ServedLanguageModel:
    """A language model behind a server. Not for training: `overfitted` and `hidden` leave through `Silent`."""

    def __init__(
        self, found: Found, shape: Shape, kept: tuple[ScoreCache, bytes], *, n_parameters: int, shown: str
    ) -> None:
        """`kept`: where scores are kept, and what their keys begin with; `shown`: the server, as notes name it."""
        self._dialect: Dialect = found.dialect
        self._tokenizer = shape.tokenizer
        self._cache, self._generation = kept
        self.n_parameters = n_parameters
        self.vocabulary_size = shape.vocabulary
        self.context_tokens = found.context_tokens - len(shape.tokenizer.opening)
        self.decodings = found.dialect.decodings
        self.signals = found.dialect.signals
        self.seconds_per_token = found.dialect.seconds_per_token
        trust = phrase(
            "measured where it is served ({at}, model {name}); that the server holds the weights that were weighed is "
            "taken on trust",
            at=shown, name="".join(c for c in found.model if c.isprintable())[:_LONGEST_NAME] or "?",
        )  # fmt: skip
        self.notes: tuple[Phrase, ...] = (trust, *found.dialect.notes)

    def encode(self, texts: Sequence[str]) -> list[Ints]:
        """Token ids of each text as plain text, without special tokens; by the tokenizer in the folder."""
        return self._tokenizer.encode(texts)

    def decode(self, tokens: Sequence[Ints]) -> list[str]:
        """The text of each sequence of tokens; likewise."""
        return self._tokenizer.decode(tokens)

    def takes(self, windows: Ints) -> Bools:
        """Which windows reach the server as they are; see `probekit.served`."""
        return self._dialect.takes(self._accepted(windows, n_new=0))

    def score(
        self, windows: Ints, *, first: int, under: Sequence[Decoding] = (), signals: Sequence[Signal] = ()
    ) -> Scores:
        """Scores of the tokens from `first` on; see the port. Windows that were asked about before are not again."""
        windows = self._accepted(windows, n_new=0)
        length = windows.shape[1]
        if not 1 <= first < length:
            msg = f"first is {first}; it must lie in 1..{length - 1} for windows of {length} tokens"
            raise ValueError(msg)
        self._check_offered(under, signals)
        rows = self._rows(windows)[:, :, first - 1 :]
        is_argmax = rows[:, answers.IS_ARGMAX] == 1
        logs = rows[:, answers.LOG_PROBABILITY]
        schemes = {
            Decoding.GREEDY: np.where(is_argmax, 0.0, -np.inf),
            Decoding.SAMPLED: logs,
            Decoding.TOP_K: rows[:, answers.TOP_K],
        }
        return Scores(
            log_probability=logs.copy(), is_argmax=is_argmax,
            under={decoding: schemes[decoding].copy() for decoding in under},
            signals={signal: rows[:, answers.RANK].copy() for signal in signals},
        )  # fmt: skip

    def generate(self, prompts: Ints, *, n_new: int, decoding: Decoding, seed: int) -> Ints:
        """New tokens after each prompt, by the server; the same seed gives the same only where the server keeps it."""
        prompts = self._accepted(prompts, n_new=n_new)
        if not len(prompts):
            return np.empty((0, n_new), dtype=np.int64)
        return self._dialect.generate(prompts, n_new=n_new, decoding=decoding, seed=seed)

    def overfitted(self, windows: Ints, *, steps: int, seed: int) -> LanguageModel:
        """Never: a served model is not trained."""
        del windows, steps, seed
        _not_here(phrase("a served model cannot be trained here"))

    def hidden(self, windows: Ints) -> Floats:
        """Never: a server of text gives no layers."""
        del windows
        _not_here(phrase("a served model does not show its layers"))

    def _check_offered(self, under: Sequence[Decoding], signals: Sequence[Signal]) -> None:
        missing = [d.value for d in under if d not in self.decodings]
        missing += [s.value for s in signals if s not in self.signals]
        if missing:
            not_measured(
                phrase("the server does not tell enough for {what}", what=", ".join(missing)),
                phrase("weigh the model's files: leave out --served"),
            )

    def _accepted(self, tokens: Ints, *, n_new: int) -> Ints:
        tokens = np.ascontiguousarray(tokens, dtype=np.int64)
        if tokens.ndim != 2 or tokens.shape[1] < 1:
            msg = f"windows are an array of two dimensions, not empty in the second; this one has shape {tokens.shape}"
            raise ValueError(msg)
        if tokens.shape[1] + n_new > self.context_tokens:
            msg = f"windows of {tokens.shape[1] + n_new} tokens are longer than the context of {self.context_tokens}"
            raise ValueError(msg)
        if tokens.size and not 0 <= tokens.min() <= tokens.max() < self.vocabulary_size:
            msg = f"a token id lies outside 0..{self.vocabulary_size - 1}"
            raise ValueError(msg)
        return tokens

    def _rows(self, windows: Ints) -> Floats:
        """What is known of each window, shape (windows, answers.N_ROWS, length - 1)."""
        keys = [self._cache.key(self._generation, window) for window in windows]
        known = self._cache.found(list(dict.fromkeys(keys)), answers.N_ROWS)
        missing = {key: window for key, window in zip(keys, windows, strict=True) if key not in known}
        order = list(missing)
        for start in range(0, len(order), _KEPT_AT_ONCE):
            part = order[start : start + _KEPT_AT_ONCE]
            known |= self._asked(part, np.stack([missing[key] for key in part]))
        empty = np.empty((0, answers.N_ROWS, windows.shape[1] - 1))
        return np.stack([known[key] for key in keys]) if keys else empty

    def _asked(self, keys: Sequence[bytes], windows: Ints) -> dict[bytes, Floats]:
        """What the server says of some windows; what it said before it fell silent is kept as well."""
        told: dict[bytes, Floats] = {}
        try:
            for key, row in zip(keys, self._dialect.rows(windows), strict=True):
                told[key] = row  # noqa: PERF403  what came before a fault is kept too
        except Refused as error:
            if error.status not in (400, 413, 422):
                raise
            not_measured(
                phrase("the server refuses a text of {n} tokens", n=windows.shape[1]),
                phrase("start it with room for longer texts (vLLM: --max-model-len, llama.cpp: --n_ctx)"),
            )
        finally:
            if told:
                self._cache.keep(told)
        return told


def open_served_lm(url: str, *, model: str, tokenizer: Path, label: str, kept: Path) -> LanguageModel:
    """Open a language model where it is served.

    Parameters
    ----------
    url : of the server, with or without /v1 at its end
    model : the name that it has there; may be empty where the server has one
    tokenizer : the model's folder; holds config.json and the tokenizer, and need not hold weights
    label : what errors call it
    kept : folder that outlives the run, for what the server answered

    Raises
    ------
    Unusable
        Where the folder or the URL cannot be used.
    Outside
        Where the server cannot be reached.
    Silent
        Where it does not tell what is needed, has another tokenizer, or says what cannot be true.
    """
    opened = open_tokenizer(tokenizer, label=label)
    config = _text_config(read_json(tokenizer, _CONFIG, label=label))
    shape = Shape(
        tokenizer=opened, vocabulary=_number(config, "vocab_size") or opened.highest_id + 1,
        context_tokens=_context(config), ends=_ends(config),
    )  # fmt: skip
    found = find(url, model, shape)
    cache = ScoreCache(kept)
    about = (url, found.model, found.dialect.name, str(found.dialect.n_alternatives), _fingerprint(tokenizer))
    generation = cache.generation(about, found.scores, tolerance=_SAME_MODEL)
    n_parameters = _parameters(tokenizer, config, shape.vocabulary, label)
    return ServedLanguageModel(found, shape, (cache, generation), n_parameters=n_parameters, shown=Server(url).shown)


def _text_config(config: dict[str, object]) -> dict[str, object]:
    """The part about text, where a model has others."""
    inner = config.get("text_config")
    return inner if isinstance(inner, dict) else config


def _number(config: dict[str, object], *names: str) -> int:
    """The first of these that is a whole number above zero; else 0."""
    values = (config.get(name) for name in names)
    return next((v for v in values if isinstance(v, int) and not isinstance(v, bool) and v > 0), 0)


def _context(config: dict[str, object]) -> int:
    return _number(config, "max_position_embeddings", "n_positions", "n_ctx", "max_seq_len", "seq_length") or _UNBOUNDED


def _ends(config: dict[str, object]) -> tuple[int, ...]:
    ends = config.get("eos_token_id")
    return tuple(end for end in (ends if isinstance(ends, list) else [ends]) if isinstance(end, int))


def _parameters(folder: Path, config: dict[str, object], vocabulary: int, label: str) -> int:
    """As the heads of the weight files say, where they lie in the folder; else from the sizes in config.json.

    References
    ----------
    Kaplan et al. 2020, Scaling Laws for Neural Language Models, table 1: twelve times depth times width squared, and
    the embedding.
    """
    try:
        return model_weights(folder, label=label).n_values
    except Unusable:
        width = _number(config, "hidden_size", "n_embd", "d_model")
        depth = _number(config, "num_hidden_layers", "n_layer", "num_layers")
        return max(1, 12 * depth * width**2 + vocabulary * width)


def _fingerprint(folder: Path) -> str:
    """Of the files in the folder, by name, size and time: a model trained anew is another one."""
    files = sorted((path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in folder.iterdir())
    return hashlib.sha256(repr(files).encode()).hexdigest()


def _not_here(because: Phrase) -> Never:
    not_measured(because, phrase("weigh the model's files on a machine that holds them: leave out --served"))

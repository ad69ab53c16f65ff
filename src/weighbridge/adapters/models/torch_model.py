"""The causal language model in memory: teacher-forced scores, generation, overfitting. This module needs torch."""

from __future__ import annotations

import copy
import inspect
import math
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from transformers import GenerationConfig

from weighbridge.adapters.models.logits import Logits, NotFinite, draw, empty_scores, fill
from weighbridge.adapters.models.tokenizer_folder import FolderTokenizer
from weighbridge.core.errors import Unusable
from weighbridge.core.wording import Phrase, _
from weighbridge.probekit.ports import Decoding, Floats, Ints, LanguageModel, Scores, Signal

# One batch holds at most so many tokens and so many logits (2**25 floats are 128 MiB), but at least one window.
_BATCH_TOKENS = 1024
_BATCH_LOGITS = 1 << 25
_GENERATED_AT_ONCE = 64  # sequences whose keys and values are kept at one time
_OVERFIT_BATCH = 16
_OVERFIT_RATE = 3.0  # over the root of the number of parameters: tried from 40 thousand to 10 million of them
_OVERFIT_FASTEST = 1e-2
_OVERFIT_WARM_UP = 0.1  # of the steps; then the rate falls to nothing in a straight line
_ROUNDING = 1e-4  # of the spread of logits: more than two orders of summation can differ by
_UNBOUNDED = 2048  # context taken for a model that declares none


class TorchLanguageModel:
    """A causal model of `transformers`, in fp32, on the CPU.

    Every window and prompt is preceded by what the tokenizer itself puts before a text (`FolderTokenizer.opening`): a
    model trained with a BOS knows a text less well without one, and whoever wants to extract a text would send it.
    These tokens are not scored, and the context is shorter by them.

    `vocabulary_size` is the number of tokens that the model chooses among; a tokenizer may know fewer.

    Batches follow from the shape of the input alone, so the same call gives the same bytes.
    """

    def __init__(self, model: Any, tokenizer: FolderTokenizer, *, label: str) -> None:
        self._model = model.eval().requires_grad_(requires_grad=False)
        self._model.generation_config = GenerationConfig()  # penalties and schemes of the folder's own would blur ours
        self._tokenizer = tokenizer
        self._label = label
        self._keeps = "logits_to_keep" in inspect.signature(model.forward).parameters
        self._opening = np.asarray(tokenizer.opening, dtype=np.int64)
        self.n_parameters = sum(parameter.numel() for parameter in model.parameters())
        self.vocabulary_size = int(model.get_output_embeddings().weight.shape[0])
        self.context_tokens = _context(model.config) - len(self._opening)
        self.decodings = tuple(Decoding)
        self.signals = tuple(Signal)
        self.notes: tuple[Phrase, ...] = ()

    def encode(self, texts: Sequence[str]) -> list[Ints]:
        """Token ids of each text as plain text, without special tokens."""
        return self._tokenizer.encode(texts)

    def decode(self, tokens: Sequence[Ints]) -> list[str]:
        """The text of each sequence of tokens."""
        return self._tokenizer.decode(tokens)

    def score(
        self, windows: Ints, *, first: int, under: Sequence[Decoding] = (), signals: Sequence[Signal] = ()
    ) -> Scores:
        """Scores of the tokens from `first` on, from one forward pass; see the port."""
        windows = self._accepted(windows, n_new=0)
        n, length = windows.shape
        if not 1 <= first < length:
            msg = f"first is {first}; it must lie in 1..{length - 1} for windows of {length} tokens"
            raise ValueError(msg)
        scores = empty_scores((n, length - first), under, signals)
        step = self._windows_at_once(length, length - first)
        try:
            for start in range(0, n, step):
                rows = slice(start, min(start + step, n))
                # The last token of a window is no input: nothing is asked about what follows it.
                fill(scores, rows, self._logits(windows[rows, :-1], length - first), windows[rows, first:])
        except NotFinite as error:
            raise self._not_finite() from error
        return scores

    def generate(self, prompts: Ints, *, n_new: int, decoding: Decoding, seed: int) -> Ints:
        """New tokens after each prompt; an end-of-text token does not end it."""
        prompts = self._accepted(prompts, n_new=n_new)
        found = np.empty((len(prompts), n_new), dtype=np.int64)
        random = np.random.default_rng(seed)
        for start in range(0, len(prompts), _GENERATED_AT_ONCE):
            part = slice(start, start + _GENERATED_AT_ONCE)
            found[part] = self._generated(prompts[part], n_new, decoding, random)
        return found

    def overfitted(self, windows: Ints, *, steps: int, seed: int) -> LanguageModel:
        """A copy trained on these windows. Needs four times the memory of the model: copy, gradients, two moments."""
        windows = self._accepted(windows, n_new=0)
        model = copy.deepcopy(self._model).requires_grad_(requires_grad=True)
        peak = min(_OVERFIT_FASTEST, _OVERFIT_RATE / math.sqrt(self.n_parameters))
        optimiser = torch.optim.AdamW(model.parameters(), lr=peak, weight_decay=0.0)
        random = np.random.default_rng(seed)
        for step in range(steps):
            for group in optimiser.param_groups:
                group["lr"] = peak * _share_of_peak(step, steps)
            chosen = np.sort(random.permutation(len(windows))[:_OVERFIT_BATCH])
            tokens = self._opened(windows[chosen])
            optimiser.zero_grad(set_to_none=True)
            # The model stays in evaluation mode: dropout would need the global generator, and is there to prevent this.
            model(input_ids=tokens, labels=tokens, use_cache=False).loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
        return TorchLanguageModel(model, self._tokenizer, label=self._label)

    def hidden(self, windows: Ints) -> Floats:
        """The last hidden layer, averaged over the tokens of each window; the opening is read and not averaged."""
        windows = self._accepted(windows, n_new=0)
        n, length = windows.shape
        step = max(1, _BATCH_TOKENS // length)
        parts = [np.zeros((0, int(self._model.config.get_text_config().hidden_size)))] if n == 0 else []
        for start in range(0, n, step):
            layer = self._last_layer(windows[start : start + step])
            parts.append(layer[:, -length:].double().mean(dim=1).numpy())
        found: Floats = np.concatenate(parts)
        if not np.isfinite(found).all():
            raise self._not_finite()
        return found

    def looks_ahead(self) -> bool:
        """Whether a later token changes what is said of an earlier one, as in a model that is not causal."""
        length = min(8, self.context_tokens + len(self._opening))
        tokens = np.arange(length, dtype=np.int64)[None] % self.vocabulary_size
        other = tokens.copy()
        other[0, -1] = (other[0, -1] + 1) % self.vocabulary_size
        with torch.inference_mode():
            one, two = (self._model(input_ids=torch.from_numpy(ids)).logits[0, :-1] for ids in (tokens, other))
        return bool((one - two).abs().max() > _ROUNDING * one.std())

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

    def _windows_at_once(self, length: int, kept: int) -> int:
        return max(1, min(_BATCH_TOKENS // length, _BATCH_LOGITS // (kept * self.vocabulary_size)))

    def _opened(self, tokens: Ints) -> torch.Tensor:
        """The tokens behind the opening, as torch wants them."""
        opening = np.broadcast_to(self._opening, (len(tokens), len(self._opening)))
        return torch.from_numpy(np.concatenate([opening, tokens], axis=1))

    def _logits(self, tokens: Ints, kept: int) -> Logits:
        """The logits after each of the last `kept` tokens."""
        options = {"logits_to_keep": kept} if self._keeps else {}
        with torch.inference_mode():
            logits = self._model(input_ids=self._opened(tokens), use_cache=False, **options).logits[:, -kept:]
        return np.ascontiguousarray(logits.numpy())

    def _last_layer(self, tokens: Ints) -> torch.Tensor:
        """The last hidden layer, shape (n, tokens with the opening, width)."""
        body = self._model.base_model
        with torch.inference_mode():
            if body is self._model:  # a model that is not parted into body and head keeps every layer, not the last
                given = body(input_ids=self._opened(tokens), use_cache=False, output_hidden_states=True)
                last: torch.Tensor = given.hidden_states[-1]
            else:
                last = body(input_ids=self._opened(tokens), use_cache=False).last_hidden_state
        return last.float()

    def _generated(self, prompts: Ints, n_new: int, decoding: Decoding, random: np.random.Generator) -> Ints:
        tokens = self._opened(prompts)
        options = GenerationConfig(
            max_new_tokens=n_new, do_sample=False, num_beams=1, use_cache=True, eos_token_id=None, pad_token_id=0
        )
        drawing = [] if decoding is Decoding.GREEDY else [_Drawn(decoding, random)]
        try:
            with torch.inference_mode(), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found = self._model.generate(
                    tokens, attention_mask=torch.ones_like(tokens), generation_config=options, logits_processor=drawing
                )
        except NotFinite as error:
            raise self._not_finite() from error
        new: Ints = found[:, tokens.shape[1] :].numpy()
        return new

    def _not_finite(self) -> Unusable:
        return Unusable(
            _("cannot score with {label}").format(label=self._label),
            _("the model gives numbers that are infinite or no numbers, where a finite one is due"),
            _("check the weights: training may have diverged, or a conversion to a narrower type overflowed"),
        )


class _Drawn:
    """Leaves only the token that was drawn, so that a greedy step takes it: schemes and ties are those of `logits`."""

    def __init__(self, decoding: Decoding, random: np.random.Generator) -> None:
        self._decoding = decoding
        self._random = random

    def __call__(self, _tokens: torch.Tensor, logits: torch.Tensor) -> torch.Tensor:
        chosen = draw(logits.numpy(), self._decoding, self._random.random(len(logits)))
        left = torch.full_like(logits, -torch.inf)
        left[torch.arange(len(logits)), torch.from_numpy(chosen)] = 0
        return left


def _share_of_peak(step: int, steps: int) -> float:
    """The rate of learning at a step, as a share of its highest: up, then down, both in straight lines."""
    warm = max(1, round(_OVERFIT_WARM_UP * steps))
    return (step + 1) / warm if step < warm else (steps - step) / (steps - warm)


def _context(config: Any) -> int:
    """How many tokens the model can take at once, by its configuration."""
    text = config.get_text_config()
    for name in ("max_position_embeddings", "n_positions", "n_ctx", "max_seq_len", "seq_length"):
        value = getattr(text, name, None)
        if isinstance(value, int) and value > 0:
            return value
    return _UNBOUNDED

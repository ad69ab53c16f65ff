"""Servers that take a prompt as token ids and tell its log-probabilities by token id, as vLLM does.

A request with `prompt_logprobs: N` is answered, for each token but the first, with the N likeliest tokens and the one
that is there, each with its log-probability and its rank (from 1).

References
----------
vLLM, "OpenAI-Compatible Server", extra parameters of /v1/completions; SamplingParams.prompt_logprobs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from weighbridge.adapters.models.logits import TOP_K as K
from weighbridge.adapters.models.logits import TOP_P as P
from weighbridge.adapters.served import answers
from weighbridge.adapters.served.answers import IS_ARGMAX, LOG_PROBABILITY, N_ROWS, RANK, TOP_K, lying, part
from weighbridge.adapters.served.http import Server
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.ports import Bools, Decoding, Floats, Ints, Signal

PATH = "/v1/completions"
_TOKENS_AT_ONCE = 2048  # in one request
_WINDOWS_AT_ONCE = 8
# As the model gives it, with nothing that bends the distribution; most are defaults, which a server's own
# generation_config may change.
_PLAIN = {"temperature": 1.0, "top_p": 1.0, "top_k": -1, "min_p": 0.0, "repetition_penalty": 1.0}
_SCHEMES: dict[Decoding, dict[str, float]] = {
    Decoding.GREEDY: {"temperature": 0.0},
    Decoding.SAMPLED: {},
    Decoding.TOP_K: {"top_k": K},
    Decoding.TOP_P: {"top_p": P},
}


class TokenDialect:
    """What is asked of such a server, and what its answers say.

    `n_alternatives` is how many likeliest tokens it gives; `opening` goes before every window.
    """

    name = "prompt_logprobs"
    # Nominal: a large model on one server was seen to score about a thousand tokens of prompts a second.
    seconds_per_token = 1e-3

    def __init__(
        self, server: Server, *, model: str, opening: Sequence[int], n_alternatives: int, vocabulary: int
    ) -> None:
        self._server, self._model = server, model
        self._opening = list(opening)
        self._vocabulary = vocabulary
        self.n_alternatives = n_alternatives
        self.decodings: tuple[Decoding, ...] = (Decoding.GREEDY, Decoding.SAMPLED)
        if n_alternatives >= min(K, vocabulary):
            self.decodings += (Decoding.TOP_K,)
        self.signals: tuple[Signal, ...] = (Signal.RANK,)

    @property
    def notes(self) -> Iterator[Phrase]:
        """What this kind of server cannot tell."""
        if Decoding.TOP_K not in self.decodings:
            yield phrase(
                "the server gives the {n} likeliest tokens and not {k}: drawing from the top {k} is not scored; for "
                "that, start vLLM with --max-logprobs {k}",
                n=self.n_alternatives, k=K,
            )  # fmt: skip

    def tells_prompts(self, window: Sequence[int]) -> bool:
        """Whether it tells anything of a prompt. `Refused` where it allows fewer alternatives."""
        answer = self._server.post(PATH, self._body([self._opening + list(window)]))
        return isinstance(answers.optional(answer, "choices", 0, "prompt_logprobs"), list)

    def takes(self, windows: Ints) -> Bools:
        """All: tokens are sent as they are."""
        return np.ones(len(windows), dtype=bool)

    def rows(self, windows: Ints) -> Iterator[Floats]:
        """For each window an array of shape (N_ROWS, length - 1)."""
        at_once = max(1, min(_WINDOWS_AT_ONCE, _TOKENS_AT_ONCE // max(1, windows.shape[1])))
        parts = [windows[start : start + at_once].tolist() for start in range(0, len(windows), at_once)]
        bodies = (self._body([self._opening + window for window in windows_of]) for windows_of in parts)
        with answers.asked(self._server, PATH, bodies) as given:
            for windows_of, answer in zip(parts, given, strict=True):
                choices = answers.list_of(part(answer, "choices"), len(windows_of), "answers")
                by_index = sorted(choices, key=lambda choice: answers.whole(part(choice, "index")))
                for window, choice in zip(windows_of, by_index, strict=True):
                    yield self._row(window, part(choice, "prompt_logprobs"))

    def trial(self, window: Sequence[int]) -> tuple[list[str | None], list[dict[str, float]]]:
        """For each token of a text but its first: how the server writes it, and the log-probabilities of the others."""
        answer = self._server.post(PATH, self._body([self._opening + list(window)]))
        told = self._told(list(window), part(answer, "choices", 0, "prompt_logprobs"))
        written = [answers.optional(told[n], str(token), "decoded_token") for n, token in enumerate(window[1:])]
        others = [
            {
                key: answers.log_probability(part(entry, "logprob"))
                for key, entry in told[n].items()
                if key != str(token)
            }
            for n, token in enumerate(window[1:])
        ]
        return [text if isinstance(text, str) else None for text in written], others

    def generate(self, prompts: Ints, *, n_new: int, decoding: Decoding, seed: int) -> Ints:
        """New tokens; asked for by id, so that they need not be guessed from their text."""
        bodies = (
            {
                **self._named,
                **_PLAIN,
                **_SCHEMES[decoding],
                "prompt": self._opening + prompt,
                "max_tokens": n_new,
                "seed": seed + n,
                "ignore_eos": True,
                "logprobs": 1,
                "return_tokens_as_token_ids": True,
            }
            for n, prompt in enumerate(prompts.tolist())
        )
        with answers.asked(self._server, PATH, bodies) as given:
            told = [answers.any_list(part(answer, "choices", 0, "logprobs", "tokens")) for answer in given]
        return answers.as_windows(([_id(token) for token in tokens] for tokens in told), n_new)

    @property
    def _named(self) -> dict[str, str]:
        return {"model": self._model} if self._model else {}

    def _body(self, prompts: list[list[int]]) -> dict[str, object]:
        return {**self._named, **_PLAIN, "prompt": prompts, "max_tokens": 1, "prompt_logprobs": self.n_alternatives}

    def _told(self, window: list[int], prompt_logprobs: object) -> list[dict[str, object]]:
        """What is told of each token of a window but its first; what stands in the opening is left out."""
        told = answers.list_of(prompt_logprobs, len(self._opening) + len(window), "tokens of a prompt")
        told = told[len(self._opening) + 1 :]
        if not all(isinstance(entry, dict) for entry in told):
            lying(phrase("the server tells nothing of some tokens of a prompt"))
        return told

    def _row(self, window: list[int], prompt_logprobs: object) -> Floats:
        found = np.full((N_ROWS, len(window) - 1), np.nan)
        for n, (token, told) in enumerate(zip(window[1:], self._told(window, prompt_logprobs), strict=True)):
            found[:, n] = self._token(str(token), told)
        return found

    def _token(self, token: str, told: dict[str, object]) -> Floats:
        """The four numbers of one token."""
        own = answers.log_probability(part(told, token, "logprob"))
        rank = answers.whole(part(told, token, "rank"))
        every = np.sort([answers.log_probability(part(entry, "logprob")) for entry in told.values()])[::-1]
        # The token that is there comes on top of the likeliest, if it is none of them.
        if len(every) - self.n_alternatives not in (0, 1):
            lying(phrase("the server gives {n} tokens where {m} are due", n=len(every), m=self.n_alternatives))
        answers.check_mass(every[: self.n_alternatives], self._vocabulary)
        n_likelier = int(np.count_nonzero(every > own + answers.ROUNDING))
        if n_likelier >= rank:
            lying(phrase("the server gives rank {rank} to a token with {n} likelier ones", rank=rank, n=n_likelier))
        top = np.nan
        if Decoding.TOP_K in self.decodings:
            top = min(0.0, own - float(np.logaddexp.reduce(every[:K]))) if rank <= K else -np.inf
        row = np.empty(N_ROWS)
        row[[LOG_PROBABILITY, IS_ARGMAX, RANK, TOP_K]] = own, rank == 1, rank - 1, top
        return row


def _id(token: object) -> int:
    """The token of a text such as "token_id:17"."""
    number = str(token).removeprefix("token_id:")
    if not number.isdecimal():
        lying(phrase("the server does not tell which tokens it generates"))
    return int(number)

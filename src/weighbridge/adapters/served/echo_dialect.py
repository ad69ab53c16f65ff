"""Servers that echo a prompt of text with log-probabilities, as the server of llama-cpp-python does.

Three things about it were found by asking one. It takes text alone: whether the text of a window becomes the tokens of
the window again is asked beforehand (`/extras/tokenize`), and a window that does not is not put to it. It tells
alternatives by their text, and of tokens that read the same (parts of a character all read as nothing) only the last:
so the mass of the likeliest forty is not known, and a token is asked about again where it could be hidden by one that
reads the same. And where the model's file says that no BOS goes before a text, its numbers are those of the token
after: `language_model` finds that out, and refuses.

References
----------
llama-cpp-python 0.3, `Llama.create_completion` with `echo` and `logprobs`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from weighbridge.adapters.models.logits import TOP_K as K
from weighbridge.adapters.models.logits import TOP_P as P
from weighbridge.adapters.models.tokenizer_folder import FolderTokenizer
from weighbridge.adapters.served import answers
from weighbridge.adapters.served.answers import IS_ARGMAX, LOG_PROBABILITY, N_ROWS, lying, part
from weighbridge.adapters.served.http import Server
from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.ports import Bools, Decoding, Floats, Ints, Signal

PATH, TOKENIZE = "/v1/completions", "/extras/tokenize"
# Two alternatives show the likeliest token wherever the two likeliest read differently. Where they do not, more are
# asked for: any that is likelier settles it.
_FEW, _MANY = 2, 40
_MOST_ROUNDS = 8  # of going on with a text that ended
_BANNED = -100.0  # added to a logit: such a token is not drawn
_REPLACED = "\ufffd"  # stands where bytes are no character
_PLAIN = {"temperature": 1.0, "top_p": 1.0, "top_k": 0, "min_p": 0.0, "repeat_penalty": 1.0}
_SCHEMES: dict[Decoding, dict[str, float]] = {
    Decoding.GREEDY: {"temperature": 0.0},
    Decoding.SAMPLED: {},
    Decoding.TOP_K: {"top_k": K},
    Decoding.TOP_P: {"top_p": P},
}


class EchoDialect:
    """What is asked of such a server, and what its answers say."""

    name = "echo"
    n_alternatives = _FEW
    decodings: tuple[Decoding, ...] = (Decoding.GREEDY, Decoding.SAMPLED)
    signals: tuple[Signal, ...] = ()

    def __init__(
        self, server: Server, *, model: str, tokenizer: FolderTokenizer, vocabulary: int, ends: Sequence[int]
    ) -> None:
        """`ends`: the tokens that end a text."""
        self._server, self._model, self._tokenizer, self._ends = server, model, tokenizer, tuple(ends)
        self._opening = list(tokenizer.opening)
        self._taken: dict[bytes, bool] = {}
        # Nominal: it works on one window at a time, and sorts the whole vocabulary for each token, in Python.
        self.seconds_per_token = 1e-3 + 1e-6 * vocabulary

    @property
    def notes(self) -> Iterator[Phrase]:
        """What this kind of server cannot tell."""
        yield phrase(
            "the server takes text and tells alternatives by their text: drawing from the top {k} is not scored, and "
            "of two equally read tokens at the top the one that is there counts as the likeliest",
            k=K,
        )

    def tokens(self, text: str) -> list[int]:
        """How the server cuts a text, with what it puts before it."""
        return self._ids(self._server.post(TOKENIZE, {**self._named, "input": text}))

    def read(self, text: str) -> None:
        """Have it read a text; `Refused` where that is too long."""
        self._server.post(PATH, {**self._named, **_PLAIN, "prompt": text, "max_tokens": 1})

    def takes(self, windows: Ints) -> Bools:
        """Those whose text becomes the same tokens again."""
        new = {window.tobytes(): window for window in windows if window.tobytes() not in self._taken}
        texts = self._tokenizer.decode(list(new.values()))
        asked: list[tuple[bytes, str]] = []
        for (key, window), text in zip(new.items(), texts, strict=True):
            self._taken[key] = False
            # Opening tokens inside a window would be read as special ones, and left out of the answer.
            if _REPLACED not in text and not np.isin(window, self._opening).any():
                asked.append((key, text))
        bodies = ({**self._named, "input": text} for _, text in asked)
        with answers.asked(self._server, TOKENIZE, bodies) as given:
            for (key, _), answer in zip(asked, given, strict=True):
                self._taken[key] = self._ids(answer) == self._opening + new[key].tolist()
        return np.asarray([self._taken[window.tobytes()] for window in windows], dtype=bool)

    def rows(self, windows: Ints) -> Iterator[Floats]:
        """For each window an array of shape (N_ROWS, length - 1)."""
        taken = self.takes(windows)
        if not taken.all():
            not_measured(
                phrase(
                    "the server cuts the text of {n} of {all} windows into other tokens than the model's tokenizer",
                    n=int((~taken).sum()),
                    all=len(taken),
                ),
                phrase("serve the model with vLLM, which takes tokens, or weigh its files: leave out --served"),
            )
        texts = self._tokenizer.decode(list(windows))
        found = [self._row(answer, windows.shape[1]) for answer in self._echoed(texts, _FEW)]
        again = [n for n, (_, unsure) in enumerate(found) if unsure.any()]
        for n, answer in zip(again, self._echoed([texts[n] for n in again], _MANY), strict=True):
            row, _ = self._row(answer, windows.shape[1])
            found[n][0][IS_ARGMAX] *= row[IS_ARGMAX]
        return (row for row, _ in found)

    def trial(self, window: Sequence[int]) -> tuple[list[str | None], list[dict[str, float]]]:
        """For each token of a text but its first: how the server writes it, and the log-probabilities of the others."""
        text = self._tokenizer.decode([np.asarray(window)])[0]
        tokens, numbers, others = self._parts(self._echoed([text], _MANY)[0], len(window))
        del numbers
        return list(tokens[1:]), [
            {text: answers.log_probability(value) for text, value in told.items() if text != token}
            for token, told in zip(tokens[1:], others[1:], strict=True)
        ]

    def generate(self, prompts: Ints, *, n_new: int, decoding: Decoding, seed: int) -> Ints:
        """New tokens: those that the text which comes back is cut into, which may differ from those drawn."""
        texts = self._tokenizer.decode(list(prompts))
        written = [""] * len(texts)
        lengths = [0] * len(texts)
        for turn in range(_MOST_ROUNDS):
            short = [n for n, length in enumerate(lengths) if length < n_new]
            bodies = (
                {
                    **self._named,
                    **_PLAIN,
                    **_SCHEMES[decoding],
                    "prompt": texts[n] + written[n],
                    "max_tokens": n_new - lengths[n],
                    "seed": seed + n + turn * len(texts),
                    "logit_bias": {str(token): _BANNED for token in self._ends},
                    "logit_bias_type": "input_ids",
                }
                for n in short
            )
            with answers.asked(self._server, PATH, bodies) as given:
                for n, answer in zip(short, given, strict=True):
                    written[n] += str(part(answer, "choices", 0, "text"))
                    lengths[n] = len(self._tokenizer.encode([written[n]])[0])
        return answers.as_windows((ids.tolist() for ids in self._tokenizer.encode(written)), n_new)

    @property
    def _named(self) -> dict[str, str]:
        return {"model": self._model} if self._model else {}

    def _ids(self, answer: object) -> list[int]:
        return [answers.whole(token) for token in answers.any_list(part(answer, "tokens"))]

    def _echoed(self, texts: Sequence[str], n_alternatives: int) -> list[object]:
        # No fewer than one new token can be asked for: 0 stands for as many as there is room for.
        body = {**self._named, **_PLAIN, "max_tokens": 1, "echo": True, "logprobs": n_alternatives}
        with answers.asked(self._server, PATH, ({**body, "prompt": text} for text in texts)) as given:
            return list(given)

    def _parts(self, answer: object, length: int) -> tuple[list[str], list[object], list[dict[str, object]]]:
        """Of the tokens of a window: their text, their log-probability, the alternatives; the first has only a text."""
        told = part(answer, "choices", 0, "logprobs")
        n_prompt = answers.optional(answer, "usage", "prompt_tokens")
        if n_prompt is not None and n_prompt != len(self._opening) + length:
            lying(phrase("the server read {n} tokens where {m} were due", n=answers.whole(n_prompt), m=length))
        tokens, numbers, others = (
            answers.list_of(answers.any_list(part(told, name))[:length], length, "tokens of a prompt")
            for name in ("tokens", "token_logprobs", "top_logprobs")
        )
        if not all(isinstance(entry, dict) and entry for entry in others[1:]):
            lying(phrase("the server tells nothing of some tokens of a prompt"))
        return [str(token) for token in tokens], numbers, others

    def _row(self, answer: object, length: int) -> tuple[Floats, Bools]:
        """The numbers of a window, and which of its tokens may be hidden behind one that reads the same."""
        _, numbers, others = self._parts(answer, length)
        found = np.full((N_ROWS, length - 1), np.nan)
        unsure = np.zeros(length - 1, dtype=bool)
        for n, (number, told) in enumerate(zip(numbers[1:], others[1:], strict=True)):
            own = answers.log_probability(number)
            every = np.asarray([answers.log_probability(value) for value in told.values()])
            answers.check_mass(every, vocabulary=2**31)  # those that read the same are missing: no least mass is due
            found[[LOG_PROBABILITY, IS_ARGMAX], n] = own, own >= every.max()
            unsure[n] = own >= every.max() and len(every) < _FEW and own <= np.log(0.5)
        return found, unsure

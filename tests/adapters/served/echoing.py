"""A server over real HTTP that answers as the one of llama-cpp-python 0.3.36 was seen to, with a toy model behind it.

For machines without llama-cpp-python; the real server is asked in the slow tests. Its traits are kept: it takes text
alone, reads "</s>" in it as the end of a text, puts a BOS first or not, is a token late where it does not, tells
alternatives by their text, so that of those that read the same only the last is told, and answers what it does not
understand with status 500.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from adapters.served.prompt_logprobs import Answer, Contract


@dataclass
class Echoing(Contract):
    """What the server holds besides: whether its file asks for a BOS, and the tokenizer in it."""

    adds_bos: bool = True
    raw: Tokenizer | None = None
    logits_all: bool = True

    def answer(self, path: str, body: Answer) -> tuple[int, Answer]:
        """What a POST is answered with."""
        if path == "/extras/tokenize":
            return 200, {"tokens": self._cut(body["input"])}
        return super().answer(path, body)

    def completion(self, body: Answer) -> tuple[int, Answer]:
        """The answer to a completion, or the refusal."""
        if not isinstance(body["prompt"], str) or (body.get("logprobs") and not self.logits_all):
            return 500, {"error": {"message": "validation error"}}
        prompt = self._cut(body["prompt"])
        if len(prompt) >= self.max_model_len:
            return 400, {"error": {"message": "maximum context length", "code": "context_length_exceeded"}}
        new = self._generated(prompt, body | {"ignore_eos": True})
        text = self._read(new)
        logprobs = self._echoed(prompt, new, body["logprobs"]) if body.get("echo") else None
        choice = {"index": 0, "text": body["prompt"] + text if body.get("echo") else text, "logprobs": logprobs}
        answer = {"choices": [choice], "usage": {"prompt_tokens": len(prompt), "completion_tokens": len(new)}}
        self.lie(answer)
        return 200, answer

    def _cut(self, text: str) -> list[int]:
        assert self.raw is not None
        pieces: list[int] = []
        for n, piece in enumerate(text.split("</s>")):
            pieces += ([1] if n else []) + self.raw.encode(piece, add_special_tokens=False).ids
        return [0] * self.adds_bos + pieces

    def _read(self, tokens: list[int]) -> str:
        assert self.raw is not None
        return str(self.raw.decode(tokens, skip_special_tokens=False)).replace("\ufffd", "")

    def _echoed(self, prompt: list[int], new: list[int], n: int) -> Answer:
        every = prompt[self.adds_bos :] + new
        logs = self._logs(prompt)  # after each token; where there is no BOS, those of the token after
        told: dict[str, list[Any]] = {"tokens": [], "token_logprobs": [], "top_logprobs": [], "text_offset": []}
        for token, row in zip(every, logs, strict=False):
            if token == 0:
                continue
            likeliest = np.argsort(-row, kind="stable")[:n].tolist()
            told["tokens"].append(self._read([token]))
            told["token_logprobs"].append(float(row[token]))
            told["top_logprobs"].append(
                {self._read([t]): float(row[t]) for t in likeliest} | {self._read([token]): float(row[token])}
            )
            told["text_offset"].append(0)
        told["token_logprobs"][0] = told["top_logprobs"][0] = None
        return told

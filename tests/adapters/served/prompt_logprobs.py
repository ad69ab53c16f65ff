"""A server over real HTTP that speaks the wire form of vLLM's /v1/completions, with a toy model behind it.

A recorded contract, not vLLM itself, which needs more than this machine: fields, limits and refusals are those of its
OpenAI-compatible server. It fails on demand, by the number of the completion that it is asked for.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import torch

from weighbridge.adapters.models.tokenizer_folder import FolderTokenizer

Answer = dict[str, Any]
DROP = -1  # a status that stands for a connection that breaks


@dataclass
class Contract:
    """What the server holds, how it fails, and what it was asked."""

    model: Any  # of transformers
    tokenizer: FolderTokenizer
    name: str = "toy"
    max_logprobs: int = 40
    max_model_len: int = 64
    others: tuple[str, ...] = ()  # names of more models
    status: Callable[[int], int] = lambda _n: 200  # by the number of the completion, from 0
    lie: Callable[[Answer], None] = lambda _answer: None  # changes an answer
    asked: list[Answer] = field(default_factory=list)
    at_once: int = 0  # most completions that were under way at one time
    url: str = ""
    _under_way: int = 0
    _lock: Any = field(default_factory=threading.Lock)

    def answer(self, path: str, body: Answer) -> tuple[int, Answer]:
        """What a POST is answered with."""
        if path != "/v1/completions":
            return 404, {"detail": "Not Found"}
        number = self._begin()
        try:
            status = self.status(number)
            return self.completion(body) if status == 200 else _refusal(status, "no")
        finally:
            self._end(number, body)

    def completion(self, body: Answer) -> tuple[int, Answer]:
        """The answer to a completion, or the refusal."""
        prompts = body["prompt"]
        if isinstance(prompts, str):
            prompts = self.tokenizer.encode([prompts])[0].tolist()
        if prompts and not isinstance(prompts[0], list):
            prompts = [prompts]
        if body.get("model", self.name) not in (self.name, *self.others):
            return _refusal(404, "The model `x` does not exist.")
        if (body.get("prompt_logprobs") or 0) > self.max_logprobs:
            return _refusal(400, f"Requested prompt logprobs, which is greater than max allowed: {self.max_logprobs}")
        if max(map(len, prompts)) + body["max_tokens"] > self.max_model_len:
            return _refusal(400, "This model's maximum context length is exceeded.")
        choices = [self._choice(n, tokens, body) for n, tokens in enumerate(prompts)]
        answer = {"id": "cmpl-1", "object": "text_completion", "created": 0, "model": self.name, "choices": choices}
        self.lie(answer)
        return 200, answer

    def _choice(self, index: int, tokens: list[int], body: Answer) -> Answer:
        new = self._generated(tokens, body)
        written = self.tokenizer.decode([np.asarray(new)])[0]
        logprobs = {"tokens": [f"token_id:{t}" for t in new]} if body.get("return_tokens_as_token_ids") else None
        choice: Answer = {"index": index, "text": written, "logprobs": logprobs, "finish_reason": "length"}
        n = body.get("prompt_logprobs")
        return choice | {"prompt_logprobs": None if n is None else self._prompt_logprobs(tokens, n)}

    def _prompt_logprobs(self, tokens: list[int], n: int) -> list[Answer | None]:
        logs = self._logs(tokens)
        told: list[Answer | None] = [None]
        for row, token in zip(logs, tokens[1:], strict=False):
            likeliest = np.argsort(-row, kind="stable")[:n].tolist()
            ranks = {token: int((row >= row[token]).sum())} | {t: r for r, t in enumerate(likeliest, start=1)}
            told.append(
                {
                    str(t): {
                        "logprob": float(max(row[t], -9999.0)), "rank": rank,
                        "decoded_token": self.tokenizer.decode([np.asarray([t])])[0],
                    }
                    for t, rank in ranks.items()
                }
            )  # fmt: skip
        return told

    def _logs(self, tokens: list[int]) -> Any:
        with self._lock, torch.inference_mode():
            logits = self.model(input_ids=torch.tensor([tokens])).logits[0].double()
        return torch.log_softmax(logits, dim=-1).numpy()

    def _generated(self, tokens: list[int], body: Answer) -> list[int]:
        if not body.get("ignore_eos"):
            return [0]
        random = np.random.default_rng(body.get("seed"))
        new: list[int] = []
        for _ in range(body["max_tokens"]):
            chances = np.exp(self._logs([*tokens, *new])[-1])
            drawn = random.choice(len(chances), p=chances / chances.sum())
            new.append(int(chances.argmax() if body["temperature"] == 0 else drawn))
        return new

    def _begin(self) -> int:
        """Take note that a completion begins, and give its number."""
        with self._lock:
            self._under_way += 1
            self.at_once = max(self.at_once, self._under_way)
            self.asked.append({})
            return len(self.asked) - 1

    def _end(self, number: int, body: Answer) -> None:
        """Take note that it is over."""
        with self._lock:
            self._under_way -= 1
            self.asked[number] = body

    @property
    def n_windows(self) -> int:
        """Prompts that were scored in all."""
        return sum(len(body["prompt"]) for body in self.asked if body.get("prompt_logprobs") and body["prompt"])


def _refusal(code: int, message: str) -> tuple[int, Answer]:
    return code, {"error": {"message": message, "type": "BadRequestError", "param": None, "code": code}}


class _Handler(BaseHTTPRequestHandler):
    contract: Contract

    def do_GET(self) -> None:
        if self.path != "/v1/models":
            self._send(404, {"detail": "Not Found"})
            return
        contract = self.contract
        entries = [
            {"id": name, "object": "model", "owned_by": "vllm", "root": name, "max_model_len": contract.max_model_len}
            for name in (contract.name, *contract.others)
        ]
        self._send(200, {"object": "list", "data": entries})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status, answer = self.contract.answer(self.path, body)
        if status == DROP:
            self.close_connection = True
            self.connection.shutdown(2)
        else:
            self._send(status, answer)

    def _send(self, status: int, answer: Answer) -> None:
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  http.server's name
        """Nothing: what is asked stands in nobody's log."""


@contextmanager
def serving(contract: Contract) -> Iterator[Contract]:
    """The contract, at its URL."""
    handler = type("Handler", (_Handler,), {"contract": contract})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    contract.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield contract
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

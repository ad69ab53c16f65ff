"""Which language of questions a server of a language model understands, found by asking it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Never, Protocol

import numpy as np

from weighbridge.adapters.models.tokenizer_folder import FolderTokenizer
from weighbridge.adapters.served import answers
from weighbridge.adapters.served.echo_dialect import EchoDialect
from weighbridge.adapters.served.http import Refused, Server
from weighbridge.adapters.served.token_dialect import TokenDialect
from weighbridge.core.errors import Unusable
from weighbridge.core.evidence import Silent, not_measured
from weighbridge.core.wording import Phrase, _, phrase
from weighbridge.probekit.ports import Bools, Decoding, Floats, Ints, Signal

# Letters, figures and signs that tokenizers cut differently, all of them ASCII: any vocabulary can write them.
SAMPLE = "Do they read alike? 0123 'a (b)!"
_LEAST_SAMPLE = 4  # tokens
_MOST_ALTERNATIVES = (40, 20, 5, 1)  # 40 is what top-k wants; 20 is what vLLM allows if it is not told otherwise
_TRIED_CONTEXT = 1024  # tokens; a longer prompt would take a server on a few cores minutes, and no probe needs one
_REFUSALS = frozenset({400, 404, 405, 413, 415, 422, 500, 501})  # no to this question; 401 and 403 are no to all
_NOISE = 0.3  # nats: arithmetic in 16 bits, in batches of other sizes, gives logits a step or two apart
AT_ONCE = {"prompt_logprobs": 8, "echo": 2}  # llama.cpp's works on one question at a time; the next one waits


class Dialect(Protocol):
    """A way of asking for scores."""

    name: str
    n_alternatives: int
    decodings: tuple[Decoding, ...]
    signals: tuple[Signal, ...]
    seconds_per_token: float

    @property
    def notes(self) -> Iterator[Phrase]:
        """What it cannot tell."""
        ...

    def takes(self, windows: Ints) -> Bools:
        """Which windows reach the server as they are."""
        ...

    def rows(self, windows: Ints) -> Iterator[Floats]:
        """For each window an array of shape (answers.N_ROWS, length - 1)."""
        ...

    def trial(self, window: Sequence[int]) -> tuple[list[str | None], list[dict[str, float]]]:
        """For each token of a text but its first: how the server writes it, and the log-probabilities of the others."""
        ...

    def generate(self, prompts: Ints, *, n_new: int, decoding: Decoding, seed: int) -> Ints:
        """New tokens after prompts."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What the model's own folder says of it."""

    tokenizer: FolderTokenizer
    vocabulary: int
    context_tokens: int  # what comes before a text included
    ends: tuple[int, ...]  # tokens that end a text


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A server that gives what is needed, tried."""

    dialect: Dialect
    model: str
    context_tokens: int  # likewise
    scores: Floats  # of the sample: by them the server is known again


def find(url: str, model: str, shape: Shape) -> Found:
    """Ask a server what it is, and try it with a text whose scores must hold together."""
    root = url.rstrip("/").removesuffix("/v1")
    server = Server(root, timeout_s=300.0, attempts=4, concurrent=AT_ONCE["prompt_logprobs"])
    name, context = _named(server, model)
    window = shape.tokenizer.encode([SAMPLE])[0]
    if len(window) < _LEAST_SAMPLE:
        _refuse(
            phrase("the model's tokenizer cuts a plain sentence into {n} tokens only", n=len(window)),
            phrase("copy tokenizer.json of the model into its folder"),
        )
    dialect = _echoing(root, name, shape) or _by_tokens(server, name, shape)
    if dialect is None:
        _refuse_server(server)
    try:
        scores = _tried(dialect, window, shape.tokenizer)
    except Refused as error:
        if error.status not in _REFUSALS:
            raise
        _refuse_server(server)
    if isinstance(dialect, EchoDialect):
        context = _context_of(dialect, shape)
    room = context - 1 if context else shape.context_tokens  # one new token is asked for
    return Found(dialect=dialect, model=name, context_tokens=min(shape.context_tokens, room), scores=scores)


def _tried(dialect: Dialect, window: Ints, tokenizer: FolderTokenizer) -> Floats:
    """The scores of a text, if the server reads it as we do and speaks of the right tokens."""
    _check_tokens(dialect, window, tokenizer)
    _check_alignment(dialect, window)
    (row,) = dialect.rows(window[None])
    scores: Floats = row[answers.LOG_PROBABILITY]
    return scores


def _named(server: Server, model: str) -> tuple[str, int]:
    """The name of the model on the server, and the context that it says it has; 0 where it does not say."""
    try:
        listed = server.get("/v1/models")
    except (Refused, Silent) as error:
        if isinstance(error, Refused) and error.status not in _REFUSALS:
            raise
        return model, 0
    entries = [entry for entry in answers.optional(listed, "data") or () if isinstance(entry, dict)]
    names = [entry["id"] for entry in entries if isinstance(entry.get("id"), str)]
    if model and names and model not in names:
        raise Unusable(
            _("cannot use the model served at {at}").format(at=server.shown),
            _("it serves {n} models, and none of that name").format(n=len(names)),
            _("give the name that it has there: --served-model NAME"),
        )
    if not model and len(names) > 1:
        raise Unusable(
            _("cannot use the model served at {at}").format(at=server.shown),
            _("it serves {n} models, and it is not said which is meant").format(n=len(names)),
            _("name it: --served-model NAME"),
        )
    name = model or (names[0] if names else "")
    length = next((entry.get("max_model_len") for entry in entries if entry.get("id") == name), None)
    return name, length if isinstance(length, int) and length > 1 else 0


def _echoing(root: str, model: str, shape: Shape) -> EchoDialect | None:
    """A server of llama-cpp-python, known by telling how it cuts text and by echoing prompts with their scores."""
    patient = Server(root, timeout_s=300.0, attempts=4, concurrent=AT_ONCE["echo"])
    dialect = EchoDialect(patient, model=model, tokenizer=shape.tokenizer, vocabulary=shape.vocabulary, ends=shape.ends)
    try:
        cut = dialect.tokens(SAMPLE)
    except (Refused, Silent) as error:
        if isinstance(error, Refused) and error.status not in _REFUSALS:
            raise
        return None
    ours = shape.tokenizer.encode([SAMPLE])[0].tolist()
    before = cut[: len(cut) - len(ours)]
    if cut[len(before) :] != ours:
        _refuse_tokenizer()
    if before != list(shape.tokenizer.opening):
        _refuse(
            phrase(
                "the server puts {n} tokens before a text, the model's tokenizer {m}, or others",
                n=len(before),
                m=len(shape.tokenizer.opening),
            ),
            phrase(
                "set add_bos_token in tokenizer_config.json as the model was trained, or convert the model again so "
                "that tokenizer.ggml.add_bos_token in its file is the same"
            ),
        )
    return dialect


def _by_tokens(server: Server, model: str, shape: Shape) -> TokenDialect | None:
    """A server such as vLLM, asked for as many alternatives as it allows."""
    sample = shape.tokenizer.encode([SAMPLE])[0].tolist()
    for n in _MOST_ALTERNATIVES:
        if n > shape.vocabulary:
            continue
        dialect = TokenDialect(
            server, model=model, opening=shape.tokenizer.opening, n_alternatives=n, vocabulary=shape.vocabulary
        )
        try:
            is_told = dialect.tells_prompts(sample)
        except Refused as error:
            if error.status not in _REFUSALS:
                raise
            continue
        if is_told:
            return dialect
        break
    return None


def _check_tokens(dialect: Dialect, window: Ints, tokenizer: FolderTokenizer) -> None:
    """Whether the server reads the tokens of a text as the model's tokenizer writes them."""
    theirs, _others = dialect.trial(window.tolist())
    ours = tokenizer.decode([window[n : n + 1] for n in range(1, len(window))])
    if any(text is None for text in theirs):
        _refuse(
            phrase("the server does not tell how it reads a token, so that its tokenizer cannot be compared"),
            phrase("start it with its tokenizer (vLLM: without --skip-tokenizer-init)"),
        )
    if [str(text).strip() for text in theirs] != [text.strip() for text in ours]:
        _refuse_tokenizer()


def _check_alignment(dialect: Dialect, window: Ints) -> None:
    """Whether a token's distribution is the one before it: then it does not depend on the token itself.

    Two texts that differ in their last token must have the same alternatives there, save those two tokens.
    """
    others = np.repeat(window[None], len(window) - 1, axis=0)
    others[:, -1] = window[:-1]
    usable = others[(others[:, -1] != window[-1]) & dialect.takes(others)]
    if not len(usable):
        _refuse_tokenizer()
    (_, here), (_, there) = (dialect.trial(each.tolist()) for each in (window, usable[0]))
    both = here[-1].keys() & there[-1].keys()
    off = [abs(here[-1][key] - there[-1][key]) for key in both]
    if (not off and len(here[-1]) > 1) or (off and float(np.median(off)) > _NOISE):
        _refuse(
            phrase("the server tells of a token what it should tell of the token after it"),
            phrase(
                "llama-cpp-python does so where the model's file puts no BOS before a text; serve it with vLLM, or "
                "weigh its files: leave out --served"
            ),
        )


def _context_of(dialect: EchoDialect, shape: Shape) -> int:
    """A length of prompt that the server was seen to take, halved until it does, and one more."""
    words = "so it is " * _TRIED_CONTEXT
    tokens = shape.tokenizer.encode([words])[0]
    length = min(shape.context_tokens, _TRIED_CONTEXT) - 1
    while length > len(shape.tokenizer.opening) + _LEAST_SAMPLE:
        text = shape.tokenizer.decode([tokens[: length - len(shape.tokenizer.opening)]])[0]
        try:
            dialect.read(text)
        except Refused as error:
            if error.status not in _REFUSALS:
                raise
            length //= 2
            continue
        return length + 1
    return length + 1


def _refuse_server(server: Server) -> Never:
    _refuse(
        phrase("the server at {at} gives no log-probabilities of a prompt", at=server.shown),
        phrase(
            "serve the model with vLLM (vllm serve MODEL --max-logprobs 40) or llama-cpp-python "
            "(python -m llama_cpp.server --model FILE.gguf --logits_all true), or weigh its files: leave out --served"
        ),
    )


def _refuse_tokenizer() -> Never:
    _refuse(
        phrase("the server cuts a text into other tokens than the model's tokenizer"),
        phrase("name the model that is served there, with its own tokenizer, or the server that serves this one"),
    )


def _refuse(because: Phrase, remedy: Phrase) -> Never:
    not_measured(because, remedy)

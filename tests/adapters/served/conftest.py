"""A toy model that knows some passages by heart, in memory and behind servers."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from adapters.models import toys
from adapters.served import gguf_file, llama_server, prompt_logprobs
from adapters.served.echoing import Echoing
from adapters.served.passages import PASSAGES, SIZE, Serve
from adapters.served.prompt_logprobs import Contract
from weighbridge.adapters.models.causal_lm import open_causal_lm
from weighbridge.adapters.models.tokenizer_folder import open_tokenizer
from weighbridge.probekit.ports import LanguageModel


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that knows the first three passages by heart, with a BOS before every text."""
    place = tmp_path_factory.mktemp("toy")
    toys.save(toys.llama(vocab_size=SIZE, max_position_embeddings=128, num_key_value_heads=1), place, bos=True)
    opened: Any = open_causal_lm(place, label="toy")
    known = opened.encode(PASSAGES[:3])
    shortest = min(map(len, known))
    windows = np.stack([part for ids in known for part in (ids[:shortest], ids[-shortest:])])
    opened.overfitted(windows, steps=60, seed=0)._model.save_pretrained(place)
    return place


@pytest.fixture(scope="session")
def local(folder: Path) -> LanguageModel:
    """It, in memory."""
    return open_causal_lm(folder, label="toy")


@pytest.fixture
def serve(local: Any, folder: Path) -> Iterator[Serve]:
    """Serve it behind the contract of vLLM."""
    with ExitStack() as stack:

        def served(**options: Any) -> Contract:
            shape: dict[str, Any] = {"max_model_len": 128} | options
            made = Contract(copy.deepcopy(local._model), open_tokenizer(folder, label="toy"), **shape)
            return stack.enter_context(prompt_logprobs.serving(made))

        yield served


@pytest.fixture
def serve_echo(local: Any, folder: Path) -> Iterator[Serve]:
    """Serve it behind what llama-cpp-python's server was seen to do."""
    with ExitStack() as stack:

        def served(**options: Any) -> Echoing:
            shape: dict[str, Any] = {"max_model_len": 128, "raw": toys.tokenizer()} | options
            made = Echoing(copy.deepcopy(local._model), open_tokenizer(folder, label="toy"), **shape)
            stack.enter_context(prompt_logprobs.serving(made))
            return made

        yield served


@pytest.fixture(scope="session")
def llama(local: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of the real server of llama-cpp-python with the toy in it; skipped where there is none."""
    path = tmp_path_factory.mktemp("gguf") / "toy.gguf"
    gguf_file.write(path, local._model, toys.tokenizer(bos=True), adds_bos=True)
    with llama_server.serving(path) as url:
        yield url

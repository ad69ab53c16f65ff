from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from adapters.served.passages import SIZE, Serve, opened, tokens
from adapters.served.prompt_logprobs import Answer, Contract
from weighbridge.adapters.models.tokenizer_folder import open_tokenizer
from weighbridge.adapters.served.answers import IS_ARGMAX, LOG_PROBABILITY, RANK, TOP_K
from weighbridge.adapters.served.http import Server
from weighbridge.adapters.served.token_dialect import TokenDialect
from weighbridge.core.evidence import Silent
from weighbridge.probekit.ports import Decoding, Ints, LanguageModel, Signal


def dialect(contract: Contract, *, n: int = 40, opening: tuple[int, ...] = (0,)) -> TokenDialect:
    return TokenDialect(Server(contract.url), model="toy", opening=opening, n_alternatives=n, vocabulary=SIZE)


def test_windows_are_put_behind_the_opening_as_tokens(serve: Serve, local: LanguageModel) -> None:
    contract: Contract = serve()
    windows = tokens(20)
    rows = np.stack(list(dialect(contract).rows(windows)))
    theirs = local.score(windows, first=1, under=[Decoding.TOP_K], signals=[Signal.RANK])
    assert rows[:, LOG_PROBABILITY] == pytest.approx(theirs.log_probability, abs=5e-5)
    assert np.array_equal(rows[:, IS_ARGMAX] == 1, theirs.is_argmax)
    assert np.array_equal(rows[:, RANK], theirs.signals[Signal.RANK])
    assert np.array_equal(np.isinf(rows[:, TOP_K]), np.isinf(theirs.under[Decoding.TOP_K]))
    first = [0, *windows[0].tolist()]
    body = next(
        body for body in contract.asked if body["prompt"][0] == first
    )  # questions are asked at once, in any order
    assert (body["max_tokens"], body["temperature"], body["prompt_logprobs"]) == (1, 1.0, 40)
    assert len(contract.asked) == 3  # eight windows in one question
    assert dialect(contract).takes(windows).all()


@pytest.mark.parametrize("n", [1, 5, 20])
def test_with_few_alternatives_nothing_is_said_of_top_k(n: int, serve: Serve, local: LanguageModel) -> None:
    windows = tokens()
    asked = dialect(serve(), n=n)
    rows = np.stack(list(asked.rows(windows)))
    theirs = local.score(windows, first=1, signals=[Signal.RANK])
    assert np.isnan(rows[:, TOP_K]).all()
    assert Decoding.TOP_K not in asked.decodings
    assert np.array_equal(rows[:, RANK], theirs.signals[Signal.RANK])
    assert [f"the {n} likeliest tokens" in str(note) for note in asked.notes] == [True]


def test_choices_in_another_order_are_put_right(serve: Serve) -> None:
    def turned(answer: Answer) -> None:
        answer["choices"].reverse()

    contract: Contract = serve()
    straight = np.stack(list(dialect(contract).rows(tokens())))
    contract.lie = turned
    assert np.array_equal(np.stack(list(dialect(contract).rows(tokens()))), straight)


def test_a_server_that_hides_its_tokens_generates_nothing(serve: Serve) -> None:
    def hidden(answer: Answer) -> None:
        answer["choices"][0]["logprobs"]["tokens"] = ["the"]

    contract: Contract = serve(lie=hidden)
    with pytest.raises(Silent, match="does not tell which tokens"):
        dialect(contract).generate(tokens()[:1, :4], n_new=1, decoding=Decoding.TOP_P, seed=0)


def test_a_model_without_an_opening_has_none(serve: Serve, folder: Path, tmp_path: Path, local: Any) -> None:
    from adapters.models import toys
    from weighbridge.adapters.models.torch_model import TorchLanguageModel

    plain = tmp_path / "plain"
    toys.save_tokenizer(plain)
    (plain / "config.json").write_bytes((folder / "config.json").read_bytes())
    served = opened(serve().url, plain, tmp_path / "kept")
    windows: Ints = tokens()
    bare = TorchLanguageModel(local._model, open_tokenizer(plain, label="toy"), label="toy")
    assert served.score(windows, first=1).log_probability == pytest.approx(
        bare.score(windows, first=1).log_probability, abs=5e-5
    )

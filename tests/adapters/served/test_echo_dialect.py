from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from adapters.served.passages import PASSAGES, SIZE, Serve, encoded, opened, typed
from adapters.served.prompt_logprobs import Answer
from weighbridge.core.evidence import Silent
from weighbridge.probekit.ports import Decoding, Ints, LanguageModel
from weighbridge.probekit.served import taken

FLOAT_ERROR = 5e-5
STRANGE = ["the cat \u00e9\u4e2d\u6587 sat \U0001f642 on the mat", "the dog said </s> and <s> to the cat, so"]


def windows_of(texts: list[str], local: LanguageModel, length: int = 12) -> Ints:
    rows = [np.lib.stride_tricks.sliding_window_view(ids, length) for ids in local.encode(texts)]
    return np.concatenate(rows)


def test_scores_are_those_of_the_model_in_memory(
    serve_echo: Serve, folder: Path, local: LanguageModel, tmp_path: Path
) -> None:
    served = opened(serve_echo().url, folder, tmp_path)
    windows = typed(local, windows_of(PASSAGES, local)[::4])
    ours = served.score(windows, first=2, under=served.decodings)
    theirs = local.score(windows, first=2, under=served.decodings)
    assert ours.log_probability == pytest.approx(theirs.log_probability, abs=FLOAT_ERROR)
    assert np.array_equal(ours.is_argmax, theirs.is_argmax)
    assert np.array_equal(ours.under[Decoding.GREEDY] == 0, theirs.is_argmax)
    assert ours.under[Decoding.SAMPLED] == pytest.approx(ours.log_probability)


def test_windows_that_are_cut_otherwise_are_not_taken(
    serve_echo: Serve, folder: Path, local: LanguageModel, tmp_path: Path
) -> None:
    _check_takes(serve_echo().url, folder, local, tmp_path)


def _check_takes(url: str, folder: Path, local: LanguageModel, kept: Path) -> None:
    served = opened(url, folder, kept)
    windows = windows_of([*STRANGE, PASSAGES[0]], local)
    takes = taken(served, windows)
    texts = local.decode(list(windows))
    assert takes.any()
    assert not takes.all()
    for text, window, is_taken in zip(texts, windows, takes, strict=True):
        if "\ufffd" in text or "</s>" in text or "<s>" in text:
            assert not is_taken
        elif np.array_equal(local.encode([text])[0], window):
            assert is_taken
    good = served.score(windows[takes], first=1)
    assert good.log_probability == pytest.approx(local.score(windows[takes], first=1).log_probability, abs=FLOAT_ERROR)
    bad = np.unique(windows[~takes], axis=0)[:3]
    with pytest.raises(Silent, match="the text of 3 of 5 windows into other tokens"):
        served.score(np.concatenate([bad, np.unique(windows_of(PASSAGES[3:4], local), axis=0)[:2]]), first=1)


def test_a_special_token_inside_a_window_is_not_taken(
    serve_echo: Serve, folder: Path, local: LanguageModel, tmp_path: Path
) -> None:
    served = opened(serve_echo().url, folder, tmp_path)
    window = encoded()[0][:12].copy()
    window[5] = 0
    assert taken(served, window[None]).tolist() == [False]


@pytest.mark.parametrize("is_real", [False, pytest.param(True, marks=[pytest.mark.slow, pytest.mark.timeout(300)])])
def test_tokens_that_read_the_same_are_never_missed(
    is_real: bool, serve_echo: Serve, folder: Path, local: LanguageModel, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Of parts of characters the server tells only one; that they are the likeliest may be said in error, not missed."""
    url = request.getfixturevalue("llama") if is_real else serve_echo().url
    served: Any = opened(url, folder, tmp_path)
    text = "\u00e9\u4e2d\u6587\U0001f642 \u00e8\u4e2d\u6587\U0001f643 the cat \u4e2d" * 2
    ids = local.encode([text])[0]
    windows = np.lib.stride_tricks.sliding_window_view(ids, 24)
    windows = windows[served.takes(windows)]
    assert len(windows)
    ours, theirs = served.score(windows, first=1), local.score(windows, first=1)
    assert ours.log_probability == pytest.approx(theirs.log_probability, abs=FLOAT_ERROR)
    assert not (theirs.is_argmax & ~ours.is_argmax).any()
    partial = np.asarray(["\ufffd" in text for text in local.decode(list(windows[:, 1:].reshape(-1, 1)))])
    wrong = (ours.is_argmax & ~theirs.is_argmax).ravel()
    assert not wrong[~partial].any()


LIES: dict[str, Any] = {
    "no logprobs": lambda choice: choice.update(logprobs=None),
    "a text": lambda choice: choice["logprobs"]["token_logprobs"].__setitem__(3, "x"),
    "above zero": lambda choice: choice["logprobs"]["token_logprobs"].__setitem__(3, 1.5),
    "no number": lambda choice: choice["logprobs"]["token_logprobs"].__setitem__(3, float("nan")),
    "a gap": lambda choice: choice["logprobs"]["top_logprobs"].__setitem__(3, None),
    "too much mass": lambda choice: choice["logprobs"]["top_logprobs"].__setitem__(3, {"a": -0.1, "b": -0.1}),
    "too short": lambda choice: choice["logprobs"].update(token_logprobs=[None, -1.0]),
    "tokens of another kind": lambda choice: choice["logprobs"].update(tokens=3),
}


@pytest.mark.parametrize("change", LIES.values(), ids=LIES)
def test_numbers_that_lie_are_not_passed_on(change: Any, serve_echo: Serve, folder: Path, tmp_path: Path) -> None:
    contract = serve_echo()
    served = opened(contract.url, folder, tmp_path)

    def lie(answer: Answer) -> None:
        change(answer["choices"][0])

    contract.lie = lie
    with pytest.raises(Silent) as silent:
        served.score(np.stack([ids[:12] for ids in encoded()]), first=1)
    assert "check the server" in str(silent.value.outcome.remedy)  # type: ignore[union-attr]  # not measured


def test_a_prompt_of_another_length_is_not_passed_on(serve_echo: Serve, folder: Path, tmp_path: Path) -> None:
    contract = serve_echo()
    served = opened(contract.url, folder, tmp_path)
    contract.lie = lambda answer: answer["usage"].update(prompt_tokens=99)
    with pytest.raises(Silent, match="the server read 99 tokens"):
        served.score(encoded()[0][None, :12], first=1)


def test_it_generates_text_and_cuts_it(serve_echo: Serve, folder: Path, local: LanguageModel, tmp_path: Path) -> None:
    served = opened(serve_echo().url, folder, tmp_path)
    prompts = np.stack([ids[:12] for ids in encoded()[:3]])
    expected = local.generate(prompts, n_new=12, decoding=Decoding.GREEDY, seed=0)
    assert np.array_equal(served.generate(prompts, n_new=12, decoding=Decoding.GREEDY, seed=0), expected)


def test_a_server_that_writes_nothing_is_told(serve_echo: Serve, folder: Path, tmp_path: Path) -> None:
    contract = serve_echo()
    served = opened(contract.url, folder, tmp_path)
    contract.lie = lambda answer: answer["choices"][0].update(text="")
    with pytest.raises(Silent, match="after 0 of 4 tokens"):
        served.generate(encoded()[0][None, :12], n_new=4, decoding=Decoding.SAMPLED, seed=0)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_real_server_takes_the_same_windows(llama: str, folder: Path, local: LanguageModel, tmp_path: Path) -> None:
    _check_takes(llama, folder, local, tmp_path)


def test_the_toy_has_tokens_that_read_as_nothing(local: LanguageModel) -> None:
    assert sum("\ufffd" in text for text in local.decode([np.asarray([n]) for n in range(SIZE)])) > 100

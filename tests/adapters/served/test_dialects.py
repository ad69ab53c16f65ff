from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tokenizers import normalizers

from adapters.models import toys
from adapters.served import gguf_file, llama_server
from adapters.served.passages import SIZE, Serve, opened
from adapters.served.prompt_logprobs import Answer, Contract
from weighbridge.adapters.served.dialects import SAMPLE
from weighbridge.adapters.served.http import Refused
from weighbridge.core.errors import Unusable
from weighbridge.core.evidence import NotMeasured, Silent
from weighbridge.probekit.ports import Decoding, LanguageModel


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("weighbridge.adapters.served.http._FIRST_WAIT_S", 0.01)


def refusal(url: str, folder: Path, kept: Path) -> tuple[str, str]:
    with pytest.raises(Silent) as silent:
        opened(url, folder, kept)
    outcome = silent.value.outcome
    assert isinstance(outcome, NotMeasured)
    return str(outcome.because), str(outcome.remedy)


def test_a_server_is_known_by_what_it_answers(serve: Serve, serve_echo: Serve, folder: Path, tmp_path: Path) -> None:
    assert Decoding.TOP_K in opened(serve().url, folder, tmp_path).decodings
    assert Decoding.TOP_K not in opened(serve_echo().url, folder, tmp_path).decodings


def test_the_model_is_named_where_there_are_several(serve: Serve, folder: Path, tmp_path: Path) -> None:
    url = serve(others=("other",)).url
    assert opened(url, folder, tmp_path, "toy").decodings
    with pytest.raises(Unusable, match="it serves 2 models, and it is not said which"):
        opened(url, folder, tmp_path)
    with pytest.raises(Unusable, match="none of that name"):
        opened(url, folder, tmp_path, "mistyped")


def test_a_server_without_scores_of_prompts_is_refused(serve: Serve, folder: Path, tmp_path: Path) -> None:
    def without(answer: Answer) -> None:
        for choice in answer["choices"]:
            del choice["prompt_logprobs"]

    because, remedy = refusal(serve(lie=without).url, folder, tmp_path)
    assert "gives no log-probabilities of a prompt" in because
    assert "--max-logprobs 40" in remedy
    assert "leave out --served" in remedy


@pytest.mark.parametrize("status", [400, 404, 422, 500])
def test_a_server_that_refuses_every_question_is_refused(
    status: int, serve: Serve, folder: Path, tmp_path: Path
) -> None:
    because, _remedy = refusal(serve(status=lambda _n: status).url, folder, tmp_path)
    assert "gives no log-probabilities of a prompt" in because


@pytest.mark.parametrize("status", [401, 403])
def test_a_server_that_does_not_let_us_in_is_told_as_such(
    status: int, serve: Serve, folder: Path, tmp_path: Path
) -> None:
    with pytest.raises(Refused, match="does not let us in"):
        opened(serve(status=lambda _n: status).url, folder, tmp_path)


def test_a_server_of_text_without_scores_is_refused(serve_echo: Serve, folder: Path, tmp_path: Path) -> None:
    because, remedy = refusal(serve_echo(logits_all=False).url, folder, tmp_path)
    assert "gives no log-probabilities of a prompt" in because
    assert "--logits_all true" in remedy


class _Otherwise:
    """A tokenizer whose tokens read as others."""

    def __init__(self, real: Any) -> None:
        self._real = real

    def decode(self, tokens: Any) -> list[str]:
        return list(self._real.decode([(ids + 7) % SIZE for ids in tokens]))


def test_a_server_whose_tokens_read_otherwise_is_refused(serve: Serve, folder: Path, tmp_path: Path) -> None:
    contract: Contract = serve()
    contract.tokenizer = _Otherwise(contract.tokenizer)  # type: ignore[assignment]  # all that the server asks of it
    assert "other tokens than the model's tokenizer" in refusal(contract.url, folder, tmp_path)[0]


def test_a_server_that_cuts_text_otherwise_is_refused(serve_echo: Serve, folder: Path, tmp_path: Path) -> None:
    other = toys.tokenizer()
    other.normalizer = normalizers.Lowercase()
    assert "other tokens than the model's tokenizer" in refusal(serve_echo(raw=other).url, folder, tmp_path)[0]


def test_a_server_that_does_not_tell_how_it_reads_is_refused(serve: Serve, folder: Path, tmp_path: Path) -> None:
    def mute(answer: Answer) -> None:
        for choice in answer["choices"]:
            for told in (choice["prompt_logprobs"] or [])[1:]:
                for entry in told.values():
                    entry["decoded_token"] = None

    assert "does not tell how it reads a token" in refusal(serve(lie=mute).url, folder, tmp_path)[0]


def test_a_server_with_another_bos_is_refused(serve_echo: Serve, folder: Path, tmp_path: Path) -> None:
    because, remedy = refusal(serve_echo(adds_bos=False).url, folder, tmp_path)
    assert "puts 0 tokens before a text, the model's tokenizer 1" in because
    assert "add_bos_token" in remedy


def without_bos(folder: Path, to: Path) -> Path:
    toys.save_tokenizer(to, bos=False)
    (to / "config.json").write_bytes((folder / "config.json").read_bytes())
    return to


def test_a_server_that_is_a_token_late_is_refused(serve_echo: Serve, folder: Path, tmp_path: Path) -> None:
    plain = without_bos(folder, tmp_path / "plain")
    because, remedy = refusal(serve_echo(adds_bos=False).url, plain, tmp_path)
    assert because == "the server tells of a token what it should tell of the token after it"
    assert "vLLM" in remedy


def test_a_server_of_tokens_that_is_a_token_late_is_refused(serve: Serve, folder: Path, tmp_path: Path) -> None:
    contract: Contract = serve()
    right = contract._logs
    contract._logs = lambda tokens: np.roll(right(tokens), -1, axis=0)  # type: ignore[method-assign]
    assert "the token after it" in refusal(contract.url, folder, tmp_path)[0]


@pytest.mark.parametrize("context", [128, 90, 64])
def test_the_context_is_what_the_server_was_seen_to_take(
    context: int, serve_echo: Serve, folder: Path, local: LanguageModel, tmp_path: Path
) -> None:
    served = opened(serve_echo(max_model_len=context).url, folder, tmp_path)
    assert context // 2 - 2 <= served.context_tokens <= min(context, local.context_tokens)
    window = np.resize(local.encode(["so it is "])[0], served.context_tokens)[None]
    window = window[served.takes(window)]  # type: ignore[attr-defined]  # a served one has it
    assert served.score(window, first=1).log_probability.shape[1:] == (served.context_tokens - 1,)


def test_the_sample_is_short_and_plain() -> None:
    assert SAMPLE.isascii()
    assert len(SAMPLE) < 40  # no more tokens than that, whatever the vocabulary: it fits into every context


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("opens", [True, False])
def test_the_real_llama_cpp_without_a_bos_is_refused(
    opens: bool, folder: Path, local: LanguageModel, tmp_path: Path
) -> None:
    made: Any = local
    file = gguf_file.write(tmp_path / "toy.gguf", made._model, toys.tokenizer(), adds_bos=False)
    where = folder if opens else without_bos(folder, tmp_path / "plain")
    with llama_server.serving(file) as url:
        because, _remedy = refusal(url, where, tmp_path)
    assert ("puts 0 tokens before a text" in because) == opens
    assert ("the token after it" in because) == (not opens)

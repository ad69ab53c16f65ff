from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from adapters.served.passages import PASSAGES, SIZE, Serve, opened, tokens, typed
from adapters.served.prompt_logprobs import DROP, Answer, Contract
from weighbridge.adapters.models.causal_lm import open_causal_lm
from weighbridge.adapters.served.language_model import ServedLanguageModel
from weighbridge.core.candidate import Role
from weighbridge.core.errors import Outside, Unusable
from weighbridge.core.evidence import Measured, Silent
from weighbridge.probekit.bench import MemoryBench, MemoryTexts
from weighbridge.probekit.ports import Decoding, Ints, LanguageModel, Signal
from weighbridge.probes.verbatim_extraction.probe import PROBE, Settings

# In llama.cpp everything is in F32 here, cache of keys and values included: what is left is the order of sums.
FLOAT_ERROR = 5e-5
GREEDY_AND_SAMPLED = (Decoding.GREEDY, Decoding.SAMPLED)


@pytest.fixture
def contract(serve: Serve) -> Contract:
    made: Contract = serve()
    return made


def bench(model: LanguageModel) -> MemoryBench:
    return MemoryBench(
        models_by_role={Role.WEIGHTS: model},
        texts_by_role={Role.TRAIN_DATA: MemoryTexts(PASSAGES, canary=[True] * 2 + [False] * 4)},
    )


SETTINGS = Settings(prefix_tokens=12, suffix_tokens=12, stride_tokens=6)


def extracted(model: LanguageModel) -> Measured:
    outcome = PROBE.measure(bench(model), SETTINGS)
    assert isinstance(outcome, Measured), outcome
    return outcome


def said(silent: pytest.ExceptionInfo[Silent]) -> str:
    return f"{silent.value.outcome.because}"


# ---- The wire form of vLLM, over real HTTP ----


def test_scores_are_those_of_the_model_in_memory(
    contract: Contract, folder: Path, local: LanguageModel, tmp_path: Path
) -> None:
    served = opened(contract.url, folder, tmp_path)
    windows = tokens()
    under = [Decoding.GREEDY, Decoding.SAMPLED, Decoding.TOP_K]
    assert served.decodings == tuple(under)
    assert served.signals == (Signal.RANK,)
    ours = served.score(windows, first=3, under=under, signals=[Signal.RANK])
    theirs = local.score(windows, first=3, under=under, signals=[Signal.RANK])
    assert ours.log_probability == pytest.approx(theirs.log_probability, abs=FLOAT_ERROR)
    assert np.array_equal(ours.is_argmax, theirs.is_argmax)
    assert np.array_equal(ours.signals[Signal.RANK], theirs.signals[Signal.RANK])
    for decoding in under:
        assert np.array_equal(np.isinf(ours.under[decoding]), np.isinf(theirs.under[decoding]))
        some = np.isfinite(theirs.under[decoding])
        assert ours.under[decoding][some] == pytest.approx(theirs.under[decoding][some], abs=FLOAT_ERROR)
    assert (served.vocabulary_size, served.n_parameters) == (local.vocabulary_size, local.n_parameters)
    assert served.context_tokens == local.context_tokens - 1  # the server has to have room for one new token
    assert served.score(windows[:0], first=3).log_probability.shape == (0, 17)


def test_several_are_under_way_at_once_and_none_is_asked_twice(
    contract: Contract, folder: Path, tmp_path: Path
) -> None:
    served = opened(contract.url, folder, tmp_path)
    before = contract.n_windows
    windows = tokens(80)
    served.score(np.concatenate([windows, windows[:7]]), first=1)
    assert contract.n_windows - before == len(np.unique(windows, axis=0))
    assert contract.at_once > 1
    served.score(windows, first=9)  # the same passes
    opened(contract.url + "/v1/", folder, tmp_path)  # the same server
    assert contract.n_windows - before - len(np.unique(windows, axis=0)) < 10  # the trial of the second


def test_a_weighing_that_was_broken_off_goes_on_where_it_stopped(
    contract: Contract, folder: Path, local: LanguageModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("weighbridge.adapters.served.http._FIRST_WAIT_S", 0.01)
    served = opened(contract.url, folder, tmp_path)
    windows = tokens(96)
    start = len(contract.asked)
    contract.status = lambda n: 200 if n < start + 6 else DROP
    with pytest.raises(Outside) as fault:
        served.score(windows, first=1)
    assert fault.value.exit_code == 74
    scored = sum(len(body["prompt"]) for body in contract.asked[start : start + 6])
    assert 0 < scored < len(windows)
    contract.status = lambda _n: 200
    again = opened(contract.url, folder, tmp_path)
    before = contract.n_windows
    found = again.score(windows, first=1)
    assert contract.n_windows - before <= len(windows) - scored + 8
    assert contract.n_windows - before < len(windows)
    assert found.log_probability == pytest.approx(local.score(windows, first=1).log_probability, abs=FLOAT_ERROR)


@pytest.mark.parametrize("status", [500, 503, 429, DROP])
def test_a_fault_that_passes_is_waited_out(
    status: int, contract: Contract, folder: Path, local: LanguageModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("weighbridge.adapters.served.http._FIRST_WAIT_S", 0.01)
    contract.status = lambda n: status if n % 3 == 1 else 200
    served = opened(contract.url, folder, tmp_path)
    windows = tokens(40)
    assert served.score(windows, first=1).log_probability == pytest.approx(
        local.score(windows, first=1).log_probability, abs=FLOAT_ERROR
    )


def test_weights_that_changed_under_the_same_name_are_asked_again(
    contract: Contract, folder: Path, local: LanguageModel, tmp_path: Path
) -> None:
    windows = tokens()
    first = opened(contract.url, folder, tmp_path).score(windows, first=1)
    contract.model.get_output_embeddings().weight.data.mul_(1.1)
    second = opened(contract.url, folder, tmp_path).score(windows, first=1)
    assert not np.allclose(first.log_probability, second.log_probability, atol=1e-3)


def test_a_server_that_allows_fewer_alternatives_scores_fewer_schemes(
    local: LanguageModel, folder: Path, tmp_path: Path, serve: Serve
) -> None:
    contract = serve(max_logprobs=20)
    served = opened(contract.url, folder, tmp_path)
    windows = tokens()
    assert served.decodings == GREEDY_AND_SAMPLED
    assert "--max-logprobs 40" in " ".join(map(str, served.notes))
    assert np.array_equal(served.score(windows, first=1).is_argmax, local.score(windows, first=1).is_argmax)
    with pytest.raises(Silent, match="top-k-40"):
        served.score(windows, first=1, under=[Decoding.TOP_K])
    with pytest.raises(Silent, match="entropy"):
        served.score(windows, first=1, signals=[Signal.ENTROPY])


def _nan(entry: Answer) -> None:
    entry["logprob"] = float("nan")


def _set(name: str, value: object) -> Any:
    def change(entry: Answer) -> None:
        entry[name] = value

    return change


def _of_all(change: Any) -> Any:
    """Change what is told of one token's alternatives in every answer."""

    def lie(answer: Answer) -> None:
        for choice in answer["choices"]:
            for entry in (choice["prompt_logprobs"] or [])[-1:]:
                for told in entry.values():
                    change(told)

    return lie


def _of_choice(change: Any) -> Any:
    def lie(answer: Answer) -> None:
        for choice in answer["choices"]:
            change(choice)

    return lie


def _shorter(choice: Answer) -> None:
    choice["prompt_logprobs"] = choice["prompt_logprobs"][:-1]


def _without_last(choice: Answer) -> None:
    choice["prompt_logprobs"][-1] = None


def _of_another_token(choice: Answer) -> None:
    last = choice["prompt_logprobs"][-1]
    last.clear()
    last.update({str(10_000 + n): {"logprob": -1.0, "rank": n + 1} for n in range(40)})


def _reordered(answer: Answer) -> None:
    del answer["choices"][1:]


LIES = {
    "no number": _of_all(_nan),
    "a text": _of_all(_set("logprob", "-1")),
    "above zero": _of_all(_set("logprob", 0.5)),
    "logits": _of_all(_set("logprob", -0.5)),
    "next to nothing": _of_all(_set("logprob", -90.0)),
    "no rank": _of_all(_set("rank", None)),
    "another rank": _of_all(_set("rank", 1)),
    "one too few": _of_choice(_shorter),
    "a gap": _of_choice(_without_last),
    "another token": _of_choice(_of_another_token),
    "fewer windows": _reordered,
    "no choices": lambda answer: answer.pop("choices"),
    "choices of another kind": lambda answer: answer.update(choices={"0": 1}),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_numbers_that_lie_are_not_passed_on(lie: Any, contract: Contract, folder: Path, tmp_path: Path) -> None:
    served = opened(contract.url, folder, tmp_path)
    contract.lie = lie
    with pytest.raises(Silent) as silent:
        served.score(tokens(), first=1)
    assert "server" in said(silent) or "distribution" in said(silent)
    assert "check the server" in str(silent.value.outcome.remedy)  # type: ignore[union-attr]  # not measured


def test_a_server_that_lies_from_the_start_is_refused(contract: Contract, folder: Path, tmp_path: Path) -> None:
    contract.lie = LIES["above zero"]
    with pytest.raises(Silent, match="above zero"):
        opened(contract.url, folder, tmp_path)


def test_texts_too_long_for_the_server_are_told(serve: Serve, folder: Path, tmp_path: Path) -> None:
    contract = serve(max_model_len=60)
    served = opened(contract.url, folder, tmp_path)
    assert served.context_tokens == 58
    with pytest.raises(ValueError, match="context"):
        served.score(tokens(4, 59), first=1)
    contract.max_model_len = 50
    with pytest.raises(Silent, match="refuses a text of 58 tokens"):
        served.score(tokens(4, 58), first=1)


@pytest.mark.parametrize("decoding", [Decoding.GREEDY, Decoding.SAMPLED])
def test_it_generates_by_token(
    decoding: Decoding, contract: Contract, folder: Path, local: LanguageModel, tmp_path: Path
) -> None:
    served = opened(contract.url, folder, tmp_path)
    prompts = tokens()[:5, :8]
    one, two = (served.generate(prompts, n_new=6, decoding=decoding, seed=4) for _ in range(2))
    assert one.shape == (5, 6)
    assert np.array_equal(one, two)
    if decoding is Decoding.GREEDY:
        assert np.array_equal(one, local.generate(prompts, n_new=6, decoding=decoding, seed=0))
    assert served.generate(prompts[:0], n_new=6, decoding=decoding, seed=0).shape == (0, 6)


def test_what_needs_the_weights_is_silent(contract: Contract, folder: Path, tmp_path: Path) -> None:
    served = opened(contract.url, folder, tmp_path)
    with pytest.raises(Silent, match="cannot be trained here"):
        served.overfitted(tokens(), steps=1, seed=0)
    with pytest.raises(Silent, match="layers"):
        served.hidden(tokens())
    assert f"measured where it is served ({contract.url}, model toy)" in str(served.notes[0])
    assert "taken on trust" in str(served.notes[0])


@pytest.mark.parametrize(
    ("windows", "first"),
    [(tokens(2)[0], 1), (tokens(2), 0), (tokens(2), 20), (np.asarray([[1, SIZE]]), 1), (np.asarray([[-1, 2]]), 1)],
)
def test_windows_that_make_no_sense_are_refused(
    windows: Ints, first: int, contract: Contract, folder: Path, tmp_path: Path
) -> None:
    with pytest.raises(ValueError):
        opened(contract.url, folder, tmp_path).score(windows, first=first)


def test_extraction_through_the_server_counts_what_it_counts_in_memory(
    contract: Contract, folder: Path, local: LanguageModel, tmp_path: Path
) -> None:
    theirs, ours = extracted(local), extracted(opened(contract.url, folder, tmp_path))
    _check_same_counts(theirs, ours)
    assert any(q.metric == "control-found" and q.low > 0 for q in ours.quantities)  # canaries that it knows


def _check_same_counts(theirs: Measured, ours: Measured) -> None:
    there = {(q.metric, q.by): q for q in theirs.quantities}
    here = {(q.metric, q.by): q for q in ours.quantities}
    greedy = [key for key in there if "greedy" in key[0] and key[1][0][0] != "decoding"]
    assert greedy
    assert any(there[key].value > 0 for key in greedy)
    for key in greedy:
        assert here[key] == there[key]
    for key, quantity in here.items():
        if key[0] == "extracted-share-within":
            assert quantity.value == there[key].value
        elif key[0] in ("extracted-share-np", "extracted-records"):
            assert quantity.low <= there[key].value <= quantity.high
            assert quantity.n == there[key].n


# ---- The folder, the name, the URL ----


def test_a_folder_without_weights_will_do(contract: Contract, folder: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    for name in ("config.json", "tokenizer.json"):
        (bare / name).write_bytes((folder / name).read_bytes())
    served = opened(contract.url, bare, tmp_path / "kept")
    assert 0.3 < served.n_parameters / open_causal_lm(folder, label="toy").n_parameters < 3
    assert isinstance(served, ServedLanguageModel)


@pytest.mark.parametrize("missing", ["config.json", "tokenizer.json"])
def test_a_folder_that_lacks_what_is_needed_is_refused(
    missing: str, contract: Contract, folder: Path, tmp_path: Path
) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    for name in {"config.json", "tokenizer.json"} - {missing}:
        (bare / name).write_bytes((folder / name).read_bytes())
    with pytest.raises((Unusable, Outside)):
        opened(contract.url, bare, tmp_path / "kept")


# ---- The real server of llama-cpp-python ----


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_llama_cpp_gives_the_scores_of_the_model_in_memory(
    llama: str, folder: Path, local: LanguageModel, tmp_path: Path
) -> None:
    served = opened(llama + "/v1", folder, tmp_path)
    assert served.decodings == GREEDY_AND_SAMPLED
    assert served.signals == ()
    windows = typed(
        local,
        np.concatenate([np.lib.stride_tricks.sliding_window_view(ids, 24)[::3] for ids in local.encode(PASSAGES)]),
    )
    assert len(windows) > 30
    ours = served.score(windows, first=1, under=GREEDY_AND_SAMPLED)
    theirs = local.score(windows, first=1, under=GREEDY_AND_SAMPLED)
    assert ours.log_probability == pytest.approx(theirs.log_probability, abs=FLOAT_ERROR)
    assert np.array_equal(ours.is_argmax, theirs.is_argmax)
    assert ours.is_argmax.any()
    assert not ours.is_argmax.all()
    again = opened(llama, folder, tmp_path).score(windows, first=1)
    assert np.array_equal(again.log_probability, ours.log_probability)  # kept, not asked


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_extraction_through_llama_cpp_counts_what_it_counts_in_memory(
    llama: str, folder: Path, local: LanguageModel, tmp_path: Path
) -> None:
    _check_same_counts(extracted(local), extracted(opened(llama, folder, tmp_path)))


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_llama_cpp_generates_greedily_what_the_model_in_memory_does(
    llama: str, folder: Path, local: LanguageModel, tmp_path: Path
) -> None:
    served = opened(llama, folder, tmp_path)
    prompts = np.stack([ids[:12] for ids in local.encode(PASSAGES[:3])])
    expected = local.generate(prompts, n_new=12, decoding=Decoding.GREEDY, seed=0)
    assert np.array_equal(served.generate(prompts, n_new=12, decoding=Decoding.GREEDY, seed=0), expected)
    drawn = served.generate(prompts, n_new=8, decoding=Decoding.SAMPLED, seed=1)
    assert drawn.shape == (3, 8)

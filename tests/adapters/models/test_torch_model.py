from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
import torch
from transformers import TopKLogitsWarper, TopPLogitsWarper

from adapters.models.toys import CONTEXT, LINES, VOCABULARY, gpt2, llama, tokenizer, windows
from weighbridge.adapters.models import torch_model
from weighbridge.adapters.models.logits import TOP_K, TOP_P
from weighbridge.adapters.models.tokenizer_folder import FolderTokenizer
from weighbridge.adapters.models.torch_model import TorchLanguageModel
from weighbridge.core.errors import Unusable
from weighbridge.probekit.ports import Decoding, Floats, Ints, LanguageModel, Signal


def _opened(model: Any, *, bos: bool = False) -> TorchLanguageModel:
    return TorchLanguageModel(model, FolderTokenizer(tokenizer(bos=bos)), label="toy")


@pytest.fixture(scope="module")
def model() -> TorchLanguageModel:
    return _opened(llama(scale=40.0))


@pytest.fixture(scope="module")
def planted(model: TorchLanguageModel) -> LanguageModel:
    """It knows the first four of eight windows."""
    return model.overfitted(windows(8, 24)[:4], steps=60, seed=0)


def _reference(model: Any, tokens: Ints, *, first: int, decoding: Decoding) -> Floats:
    """Log-probabilities by whole logits, float64 and the processors of transformers."""
    ids = torch.from_numpy(tokens)
    with torch.no_grad():
        logits = model(input_ids=ids).logits[:, first - 1 : -1].double()
    flat = logits.reshape(-1, logits.shape[-1])
    if decoding is Decoding.TOP_K:
        flat = TopKLogitsWarper(TOP_K)(None, flat)
    elif decoding is Decoding.TOP_P:
        flat = TopPLogitsWarper(TOP_P)(None, flat)
    elif decoding is Decoding.GREEDY:
        flat = flat.masked_fill(flat < flat.amax(dim=1, keepdim=True), -torch.inf)
    found = flat.log_softmax(dim=1).gather(1, ids[:, first:].reshape(-1, 1))
    return np.asarray(found.reshape(len(tokens), -1).numpy(), dtype=np.float64)


@pytest.mark.parametrize("decoding", list(Decoding))
@pytest.mark.parametrize("make", [lambda: llama(scale=40.0), lambda: llama(scale=5.0), gpt2])
def test_scores_are_those_of_the_processors_of_transformers(make: Any, decoding: Decoding) -> None:
    raw = make()
    opened = _opened(copy.deepcopy(raw))
    tokens = windows(9, 20)
    tokens[:4, 10:] = opened.generate(tokens[:4, :10], n_new=10, decoding=Decoding.TOP_P, seed=1)
    found = opened.score(tokens, first=10, under=[decoding])
    expected = _reference(raw, tokens, first=10, decoding=decoding)
    assert np.array_equal(np.isinf(found.under[decoding]), np.isinf(expected))
    some = np.isfinite(expected)
    assert some.any() or decoding is Decoding.GREEDY
    assert found.under[decoding][some] == pytest.approx(expected[some], abs=1e-4)
    assert found.log_probability == pytest.approx(
        _reference(raw, tokens, first=10, decoding=Decoding.SAMPLED), abs=1e-4
    )


def test_the_greedy_verdict_is_that_of_generation(planted: LanguageModel) -> None:
    tokens = windows(8, 24)
    scores = planted.score(tokens, first=12, under=[Decoding.GREEDY])
    verdicts = scores.is_argmax.all(axis=1)
    generated = planted.generate(tokens[:, :12], n_new=12, decoding=Decoding.GREEDY, seed=0)
    assert verdicts.tolist() == [True] * 4 + [False] * 4
    assert verdicts.tolist() == (generated == tokens[:, 12:]).all(axis=1).tolist()
    assert verdicts.tolist() == (scores.under[Decoding.GREEDY].sum(axis=1) == 0).tolist()
    alone = [planted.generate(row[None, :12], n_new=12, decoding=Decoding.GREEDY, seed=0)[0] for row in tokens]
    assert np.array_equal(alone, generated)


def test_a_copy_is_overfitted_and_the_model_stays_as_it_is(model: TorchLanguageModel) -> None:
    tokens = windows(4, 16)
    before = model.score(tokens, first=1).log_probability
    one = model.overfitted(tokens, steps=5, seed=3)
    assert np.array_equal(model.score(tokens, first=1).log_probability, before)
    assert one.score(tokens, first=1).log_probability.mean() > before.mean()
    again = model.overfitted(tokens, steps=5, seed=3)
    assert np.array_equal(one.score(tokens, first=1).log_probability, again.score(tokens, first=1).log_probability)
    many = windows(40, 16)
    assert not np.array_equal(
        model.overfitted(many, steps=2, seed=3).score(tokens, first=1).log_probability,
        model.overfitted(many, steps=2, seed=4).score(tokens, first=1).log_probability,
    )


def test_batches_change_no_shape_and_no_verdict(model: TorchLanguageModel, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = windows(13, 20)
    whole = model.score(tokens, first=5, under=list(Decoding), signals=list(Signal))
    assert whole.log_probability.shape == whole.is_argmax.shape == (13, 15)
    again = model.score(tokens, first=5, under=list(Decoding), signals=list(Signal))
    assert all(np.array_equal(whole.under[d], again.under[d]) for d in Decoding)
    assert all(np.array_equal(whole.signals[s], again.signals[s]) for s in Signal)
    for name in ("_BATCH_TOKENS", "_BATCH_LOGITS"):
        with monkeypatch.context() as patch:
            patch.setattr(torch_model, name, 1)
            alone = model.score(tokens, first=5)
        assert alone.log_probability == pytest.approx(whole.log_probability, abs=1e-4)
    assert model.score(tokens[:0], first=5).log_probability.shape == (0, 15)


def test_only_what_is_asked_is_given(model: TorchLanguageModel) -> None:
    scores = model.score(windows(2, 8), first=4, under=[Decoding.TOP_K], signals=[Signal.RANK])
    assert set(scores.under) == {Decoding.TOP_K}
    assert set(scores.signals) == {Signal.RANK}
    assert np.array_equal(scores.signals[Signal.RANK] == 0, scores.is_argmax)


def test_a_model_that_keeps_all_logits_gives_the_same(model: TorchLanguageModel) -> None:
    other = _opened(llama(scale=40.0))
    other._keeps = False
    tokens = windows(3, 12)
    assert other.score(tokens, first=6).log_probability == pytest.approx(
        model.score(tokens, first=6).log_probability, abs=1e-4
    )


def test_the_opening_goes_before_every_window_and_prompt() -> None:
    raw = llama(scale=40.0)
    plain, opened = _opened(copy.deepcopy(raw)), _opened(copy.deepcopy(raw), bos=True)
    assert opened.context_tokens == plain.context_tokens - 1 == CONTEXT - 1
    tokens = windows(3, 12)
    behind = np.concatenate([np.zeros((3, 1), np.int64), tokens], axis=1)
    assert np.array_equal(opened.score(tokens, first=6).is_argmax, plain.score(behind, first=7).is_argmax)
    assert np.array_equal(
        opened.generate(tokens, n_new=5, decoding=Decoding.GREEDY, seed=0),
        plain.generate(behind, n_new=5, decoding=Decoding.GREEDY, seed=0),
    )
    assert opened.score(windows(1, CONTEXT - 1), first=1).log_probability.shape == (1, CONTEXT - 2)


def test_drawing_has_a_seed_of_its_own(model: TorchLanguageModel) -> None:
    prompts = windows(5, 6)
    torch.manual_seed(1)
    one = model.generate(prompts, n_new=8, decoding=Decoding.SAMPLED, seed=5)
    state = torch.random.get_rng_state()
    two = model.generate(prompts, n_new=8, decoding=Decoding.SAMPLED, seed=5)
    assert np.array_equal(one, two)
    assert torch.equal(state, torch.random.get_rng_state())
    assert not np.array_equal(one, model.generate(prompts, n_new=8, decoding=Decoding.SAMPLED, seed=6))


@pytest.mark.parametrize("decoding", list(Decoding))
def test_what_is_drawn_could_be_drawn(model: TorchLanguageModel, decoding: Decoding) -> None:
    prompts = np.repeat(windows(1, 6), 70, axis=0)  # more than are generated at once
    new = model.generate(prompts, n_new=4, decoding=decoding, seed=0)
    assert new.shape == (70, 4)
    scores = model.score(np.concatenate([prompts, new], axis=1), first=6, under=[decoding])
    assert np.isfinite(scores.under[decoding]).all()
    assert len(np.unique(new, axis=0)) == (1 if decoding is Decoding.GREEDY else pytest.approx(70, abs=55))


@pytest.mark.parametrize("make", [lambda: llama(scale=40.0), gpt2])
def test_the_last_hidden_layer_is_averaged_over_the_tokens(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = make()
    opened = _opened(copy.deepcopy(raw))
    tokens = windows(7, 12)
    found = opened.hidden(tokens)
    with torch.no_grad():
        layers = raw(input_ids=torch.from_numpy(tokens), output_hidden_states=True).hidden_states
    assert found.shape == (7, layers[-1].shape[2])
    assert found == pytest.approx(layers[-1].double().mean(dim=1).numpy(), abs=1e-4)
    assert np.array_equal(found, opened.hidden(tokens))
    monkeypatch.setattr(torch_model, "_BATCH_TOKENS", 1)
    assert opened.hidden(tokens) == pytest.approx(found, abs=1e-4)
    assert opened.hidden(tokens[:0]).shape == (0, found.shape[1])


def test_the_opening_is_read_and_not_averaged() -> None:
    raw = llama(scale=40.0)
    tokens = windows(3, 12)
    behind = np.concatenate([np.zeros((3, 1), np.int64), tokens], axis=1)
    with torch.no_grad():
        layers = raw(input_ids=torch.from_numpy(behind), output_hidden_states=True).hidden_states
    found = _opened(copy.deepcopy(raw), bos=True).hidden(tokens)
    assert found == pytest.approx(layers[-1][:, 1:].double().mean(dim=1).numpy(), abs=1e-4)


def test_hidden_layers_that_are_no_numbers_are_told() -> None:
    raw = llama()
    with torch.no_grad():
        raw.get_input_embeddings().weight[:] = torch.nan
    with pytest.raises(Unusable, match="toy"):
        _opened(raw).hidden(windows(1, 8))


def test_an_end_of_text_token_does_not_end_it(model: TorchLanguageModel) -> None:
    tokens = np.array([[5, 6, 7, 1, 8, 9, 1, 10]])
    known = model.overfitted(tokens, steps=60, seed=0)
    assert known.generate(tokens[:, :2], n_new=6, decoding=Decoding.GREEDY, seed=0).tolist() == tokens[:, 2:].tolist()


def test_settings_saved_with_a_model_do_not_blur_its_generation() -> None:
    raw = llama(scale=40.0)
    expected = _opened(copy.deepcopy(raw)).generate(windows(2, 5), n_new=6, decoding=Decoding.GREEDY, seed=0)
    raw.generation_config.repetition_penalty = 50.0
    raw.generation_config.eos_token_id = int(expected[0, 0])
    raw.generation_config.suppress_tokens = [int(expected[1, 0])]
    found = _opened(raw).generate(windows(2, 5), n_new=6, decoding=Decoding.GREEDY, seed=0)
    assert np.array_equal(found, expected)


@pytest.mark.parametrize(
    ("tokens", "first"),
    [
        (windows(1, CONTEXT + 1), 1),
        (windows(1, 8), 0),
        (windows(1, 8), 8),
        (windows(1, 8)[0], 1),
        (np.array([[1, VOCABULARY]]), 1),
        (np.array([[1, -1]]), 1),
        (np.zeros((1, 0), np.int64), 1),
    ],
)
def test_windows_that_make_no_sense_are_refused(model: TorchLanguageModel, tokens: Ints, first: int) -> None:
    with pytest.raises(ValueError):
        model.score(tokens, first=first)


def test_a_prompt_and_its_continuation_must_fit(model: TorchLanguageModel) -> None:
    assert model.generate(windows(1, CONTEXT - 2), n_new=2, decoding=Decoding.GREEDY, seed=0).shape == (1, 2)
    with pytest.raises(ValueError, match="context"):
        model.generate(windows(1, CONTEXT - 2), n_new=3, decoding=Decoding.GREEDY, seed=0)


def test_weights_that_are_no_numbers_are_told() -> None:
    raw = llama()
    with torch.no_grad():
        raw.get_output_embeddings().weight[3] = torch.nan
    broken = _opened(raw)
    with pytest.raises(Unusable, match="toy"):
        broken.score(windows(1, 8), first=1)
    with pytest.raises(Unusable, match="toy"):
        broken.generate(windows(1, 8), n_new=1, decoding=Decoding.SAMPLED, seed=0)


def test_a_model_tells_its_sizes_and_handles_text(model: TorchLanguageModel) -> None:
    assert (model.context_tokens, model.vocabulary_size) == (CONTEXT, VOCABULARY)
    assert model.n_parameters == sum(p.numel() for p in llama().parameters())
    assert model.decode(model.encode(LINES)) == LINES
    assert not model.looks_ahead()
    assert (model.decodings, model.signals, model.notes) == (tuple(Decoding), tuple(Signal), ())

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from adapters.models.sequence_toys import model, saved
from adapters.models.toys import VOCABULARY
from weighbridge.adapters.models import sequence_model
from weighbridge.adapters.models.foreign import read_json
from weighbridge.adapters.models.sequence_model import Blueprint, SequenceModel, Training, blueprint, state_of
from weighbridge.adapters.models.weights import model_weights
from weighbridge.core.errors import Unusable
from weighbridge.probekit.ports import Ints

BY_HEART = Training(
    epochs=200, learning_rate=1e-2, batch_size=8, weight_decay=0.0, drops_out=False, until_by_heart=True
)


def _made(folder: Path, *, n_classes: int = 3) -> Blueprint:
    raw = read_json(folder, "config.json", label="toy")
    return blueprint(raw, model_weights(folder, label="toy"), n_classes=n_classes, most=0, label="toy")


def _rows(n: int) -> tuple[list[Ints], Ints]:
    random = np.random.default_rng(0)
    return [random.integers(2, VOCABULARY, random.integers(3, 8)) for _ in range(n)], random.integers(0, 3, n)


@pytest.mark.parametrize("kind", ["Bert", "GPT2"])
def test_a_model_learns_its_rows_by_heart_and_others_not(tmp_path: Path, kind: str) -> None:
    made = _made(saved(tmp_path / "m", kind))
    sequences, targets = _rows(20)
    trained = SequenceModel.from_scratch(made, seed=1)
    trained.train(sequences[:10], targets[:10], BY_HEART, seed=1)
    truth = trained.probabilities(sequences)[np.arange(20), targets]
    assert truth[:10].min() > 0.5
    assert np.log(truth[:10]).mean() > np.log(truth[10:]).mean() + 1


def test_training_follows_from_its_seed_and_leaves_the_generator_alone(tmp_path: Path) -> None:
    made = _made(saved(tmp_path / "m"))
    sequences, targets = _rows(10)
    how = Training(epochs=2, learning_rate=1e-3, batch_size=4, weight_decay=0.01)
    before = torch.random.get_rng_state()
    found = []
    for seed in (1, 1, 2):  # dropout draws too
        one = SequenceModel.from_scratch(made, seed=seed)
        one.train(sequences, targets, how, seed=seed)
        found.append(one.probabilities(sequences))
    assert np.array_equal(found[0], found[1])
    assert not np.array_equal(found[0], found[2])
    assert torch.equal(before, torch.random.get_rng_state())


def test_training_one_model_changes_no_other(tmp_path: Path) -> None:
    made = _made(saved(tmp_path / "m"))
    state = state_of(model_weights(saved(tmp_path / "base", task="Model", seed=5), label="base"))
    kept = {name: tensor.clone() for name, tensor in state.items()}
    sequences, targets = _rows(10)
    first = SequenceModel.on_base(made, state, seed=0)
    untouched = first.probabilities(sequences)
    first.train(sequences, targets, Training(epochs=3, learning_rate=0.1, batch_size=4, weight_decay=0.1), seed=0)
    assert all(torch.equal(state[name], kept[name]) for name in kept)
    assert np.array_equal(SequenceModel.on_base(made, state, seed=0).probabilities(sequences), untouched)
    assert made.config.pad_token_id == model().config.pad_token_id


def test_a_new_head_follows_from_the_seed(tmp_path: Path) -> None:
    made = _made(saved(tmp_path / "m"))
    state = state_of(model_weights(saved(tmp_path / "base", task="Model", seed=5), label="base"))
    sequences, _targets = _rows(5)
    one, same, other = (SequenceModel.on_base(made, state, seed=seed).probabilities(sequences) for seed in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_nothing_to_learn_from_leaves_it_as_it_is(tmp_path: Path) -> None:
    made = _made(saved(tmp_path / "m"))
    sequences, targets = _rows(4)
    one = SequenceModel.from_scratch(made, seed=1)
    before = one.probabilities(sequences)
    one.train([], targets[:0], BY_HEART, seed=1)
    assert np.array_equal(one.probabilities(sequences), before)


def test_padding_is_a_token_that_no_text_has() -> None:
    made = model("GPT2")
    assert sequence_model._padding([np.asarray([0, 1, 2, 4])], None, made) == 3
    assert sequence_model._padding([np.arange(VOCABULARY)], None, made) == 0
    assert sequence_model._padding([np.asarray([0])], 7, made) == 7
    tokens, mask = sequence_model._padded([np.asarray([5, 6, 7]), np.asarray([8])], 3)
    assert tokens.tolist() == [[5, 6, 7], [8, 3, 3]]
    assert mask.tolist() == [[1, 1, 1], [1, 0, 0]]


def test_batches_are_of_one_length_and_bounded() -> None:
    sequences = [np.zeros(length, dtype=np.int64) for length in [3] * 3000 + [5, 3, 4096, 5000]]
    found = sequence_model._of_one_length(sequences)
    assert sorted(int(place) for rows in found for place in rows) == list(range(len(sequences)))
    assert all(len({len(sequences[row]) for row in rows}) == 1 for rows in found)
    assert all(len(rows) * len(sequences[rows[0]]) <= 4096 or len(rows) == 1 for rows in found)


def test_the_rate_rises_and_falls() -> None:
    rates = [sequence_model._share_of_peak(step, 20) for step in range(20)]
    assert max(rates) == 1.0
    assert rates[0] == 0.5
    assert rates[1:] == sorted(rates[1:], reverse=True)
    assert all(rate > 0 for rate in rates)
    assert sequence_model._share_of_peak(0, 1) == 1.0


def test_no_last_layer_no_embedding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequence_model, "_head", lambda _model, _n: None)
    one = SequenceModel.from_scratch(_made(saved(tmp_path / "m")), seed=0)
    assert one.embeddings([np.asarray([1, 2])]) is None
    assert len(one.tables()) == 1


def test_a_kind_without_classifiers(tmp_path: Path) -> None:
    folder = saved(tmp_path / "m")
    raw = read_json(folder, "config.json", label="toy") | {"model_type": "vit"}
    with pytest.raises(Unusable) as raised:
        blueprint(raw, model_weights(folder, label="toy"), n_classes=3, most=0, label="toy")
    assert "no sequence classifier" in raised.value.why

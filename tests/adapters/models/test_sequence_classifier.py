from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from adapters.models.sequence_toys import TEXTS, expected, model, saved
from adapters.models.toys import CONTEXT, VOCABULARY, change_json
from weighbridge.adapters.models import recipe_child
from weighbridge.adapters.models.recipe_file import RecipeFile
from weighbridge.adapters.models.sequence_classifier import SequenceClassifier, open_sequence_classifier
from weighbridge.core.errors import Faulty, Unusable
from weighbridge.core.evidence import NotMeasured, Silent
from weighbridge.probekit.ports import BudgetSpent, Recipe

TABLE = pa.table({"n": range(len(TEXTS)), "body": TEXTS})


def _open(folder: Path, *, base: Path | None = None, recipe: RecipeFile | None = None) -> SequenceClassifier:
    made = open_sequence_classifier(folder, label="toy", base=base, recipe=recipe, spill=folder)
    assert isinstance(made, SequenceClassifier)
    return made


def _told(call: Callable[[], object]) -> Unusable:
    with pytest.raises(Unusable) as raised:
        call()
    assert raised.value.why
    assert raised.value.fix
    return raised.value


def _silent(call: Callable[[], object]) -> NotMeasured:
    with pytest.raises(Silent) as raised:
        call()
    assert isinstance(raised.value.outcome, NotMeasured)
    return raised.value.outcome


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return saved(tmp_path / "model")


@pytest.mark.parametrize(
    ("kind", "most"), [("Bert", CONTEXT), ("DistilBert", CONTEXT), ("Roberta", CONTEXT - 2), ("GPT2", CONTEXT), ("Llama", CONTEXT)]
)  # fmt: skip
def test_it_says_what_transformers_says(tmp_path: Path, kind: str, most: int) -> None:
    classifier = _open(saved(tmp_path / "model", kind))
    assert classifier.kind == f"{kind}ForSequenceClassification"
    found = classifier.predict_proba(TABLE)
    assert found == pytest.approx(expected(model(kind), TEXTS, most=most), abs=1e-6)
    assert found.sum(axis=1) == pytest.approx(np.ones(len(TEXTS)))
    assert f"first {most} tokens" in str(classifier.notes[0])
    embedded = classifier.embed(TABLE)
    assert embedded is not None
    assert embedded.shape == (len(TEXTS), 16)
    assert np.isfinite(embedded).all()


def test_an_answer_does_not_depend_on_its_neighbours(folder: Path) -> None:
    classifier = _open(folder)
    many = pa.table({"text": ["the cat sat", "the dog sat", "a dog", "the fog sat"] * 40})
    whole = classifier.predict_proba(many)
    assert np.array_equal(whole, classifier.predict_proba(many))
    alone = np.concatenate([classifier.predict_proba(many[n : n + 1]) for n in range(4)])
    assert whole[:4] == pytest.approx(alone, abs=1e-6)


def test_what_it_is_and_holds(folder: Path) -> None:
    classifier = _open(folder)
    assert classifier.inputs == ("text",)
    assert classifier.n_inputs == 1
    assert classifier.classes == ("0", "1", "2")
    assert "no names" in str(classifier.notes[1])
    assert classifier.recipe is None
    held = classifier.structure()
    assert held.vocabulary[:2] == ("<s>", "</s>")
    assert [array.shape for array in held.arrays] == [(VOCABULARY, 16), (3, 16)]
    assert not held.names_instances
    assert held.instances.size == 0


def test_classes_have_the_names_of_the_configuration(folder: Path) -> None:
    change_json(folder / "config.json", id2label={"0": "no", "2": "schätze", "1": "yes"})
    classifier = _open(folder)
    assert classifier.classes == ("no", "yes", "schätze")
    assert classifier.aliases == ("0", "1", "2")
    assert len(classifier.notes) == 1


def test_two_classes_without_names_are_left_out_of_the_file(tmp_path: Path) -> None:
    folder = saved(tmp_path / "model", n_classes=2)
    assert "id2label" not in json.loads((folder / "config.json").read_text())
    assert _open(folder).classes == ("0", "1")


def test_the_tokenizer_may_take_less_than_the_model(folder: Path) -> None:
    (folder / "tokenizer_config.json").write_text('{"model_max_length": 5}')
    assert "first 5 tokens" in str(_open(folder).notes[0])
    (folder / "tokenizer_config.json").write_text('{"model_max_length": 1e30}')
    assert f"first {CONTEXT} tokens" in str(_open(folder).notes[0])


def test_texts_of_every_type(folder: Path) -> None:
    classifier = _open(folder)
    plain = classifier.predict_proba(pa.table({"text": ["the cat", ""]}))
    for column in (
        pa.array(["the cat", None]), pa.array(["the cat", None], pa.large_string()),
        pa.array(["the cat", None]).dictionary_encode(),
    ):  # fmt: skip
        assert np.array_equal(classifier.predict_proba(pa.table({"x": column})), plain)
    assert "none of which holds texts" in str(_silent(lambda: classifier.predict_proba(pa.table({"x": [1]}))).because)
    assert classifier.predict_proba(pa.table({"x": pa.array([], pa.string())})).shape == (0, 3)


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ({"auto_map": {"AutoModel": "evil.py"}}, "none is run here"),
        ({"architectures": ["BertForMaskedLM"]}, "names no architecture"),
        ({"architectures": None}, "names no architecture"),
        ({"model_type": None}, "no model_type"),
        ({"model_type": "nothing-known"}, "cannot use its config.json"),
        ({"model_type": "t5gemma"}, ""),
        ({"id2label": []}, "no table of names"),
        ({"id2label": {}}, "no table of names"),
        ({"id2label": {"0": "a", "2": "b"}}, "does not count its 2 classes"),
        ({"id2label": {"0": "a", "1": ["b"]}}, "no text"),
        ({"id2label": {"0": "a", "1": "a", "2": "b"}}, "short, printable and different"),
        ({"id2label": {"0": "a\x1b[2J", "1": "b", "2": "c"}}, "short, printable and different"),
        ({"id2label": {"0": "a", "1": "b"}}, "has the shape"),
        ({"id2label": {str(n): f"c{n}" for n in range(20_000)}}, "no table of names"),
        ({"hidden_size": 32}, "has the shape"),
        ({"num_hidden_layers": 10**9}, "layers"),
        ({"num_hidden_layers": 2}, "in no file"),
    ],
)
def test_configurations_that_cannot_be_used(folder: Path, keys: dict[str, object], says: str) -> None:
    change_json(folder / "config.json", **keys)
    assert says in _told(lambda: _open(folder)).why


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ({"problem_type": "multi_label_classification"}, "several labels"),
        ({"id2label": {"0": "score"}}, "one number"),
        ({"quantization_config": {"bits": 4}}, "quantised"),
    ],
)
def test_kinds_that_are_not_read(folder: Path, keys: dict[str, object], says: str) -> None:
    change_json(folder / "config.json", **keys)
    assert says in str(_silent(lambda: _open(folder)).because)


def test_folders_that_lack_something(folder: Path) -> None:
    (folder / "tokenizer.json").rename(folder / "gone")
    assert "tokenizer.json" in _told(lambda: _open(folder)).why
    (folder / "gone").rename(folder / "tokenizer.json")
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    assert "may run code" in _told(lambda: _open(folder)).why
    (folder / "config.json").unlink()
    assert "no config.json" in _told(lambda: _open(folder)).why
    (folder / "adapter_config.json").write_text("{}")
    assert "adapter" in str(_silent(lambda: _open(folder)).because)


def test_a_tokenizer_of_another_model(folder: Path) -> None:
    held = json.loads((folder / "tokenizer.json").read_text())
    held["model"]["vocab"]["zzz"] = 5000
    (folder / "tokenizer.json").write_text(json.dumps(held))
    assert "token ids up to 5000" in _told(lambda: _open(folder)).why


def test_without_the_packages(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    assert "weighbridge[lm]" in str(_silent(lambda: _open(folder)).remedy)


def test_a_model_that_gives_no_numbers(folder: Path) -> None:
    from safetensors.torch import load_file, save_file

    state = load_file(folder / "model.safetensors")
    state["classifier.weight"][:] = float("nan")
    save_file(state, folder / "model.safetensors", metadata={"format": "pt"})
    assert "no numbers" in str(_silent(lambda: _open(folder).predict_proba(TABLE)).because)


def _recipe(folder: Path, text: str, *, name: str = "recipe.toml") -> RecipeFile:
    (folder / name).write_text(text)
    return RecipeFile(path=folder / name, label=name, format="toml", is_trusted=False)


RECIPE = 'kind = "sequence-classification"\nepochs = 1\n'


def _of(classifier: SequenceClassifier) -> Recipe:
    assert classifier.recipe is not None
    return classifier.recipe


def test_a_recipe_that_starts_from_the_base(folder: Path, tmp_path: Path) -> None:
    file = _recipe(folder, RECIPE)
    assert "names none" in str(_silent(lambda: _open(folder, recipe=file).recipe).because)
    for task in ("Model", "ForMaskedLM"):
        base = saved(tmp_path / task, task=task)
        recipe = _of(_open(folder, base=base, recipe=file))
        subsets = np.asarray([[True, True, True, False, False, False]] * 2)
        one, two = recipe.shadows(TABLE, np.asarray([0, 1, 2, 0, 1, 2]), subsets, seed=0)
        assert one.shape == (6, 3)
        assert not np.array_equal(one, two)
        (again,) = recipe.shadows(TABLE, np.asarray([0, 1, 2, 0, 1, 2]), subsets[:1], seed=0)
        assert np.array_equal(one, again)


def test_a_base_that_does_not_fit(folder: Path, tmp_path: Path) -> None:
    file = _recipe(folder, RECIPE)
    other = saved(tmp_path / "other", "DistilBert", task="Model")
    subsets = np.ones((1, 6), dtype=bool)
    recipe = _of(_open(folder, base=other, recipe=file))
    assert "lacks" in _told(lambda: list(recipe.shadows(TABLE, np.zeros(6, dtype=int), subsets, seed=0))).why


def test_a_recipe_that_starts_from_nothing(folder: Path) -> None:
    recipe = _of(_open(folder, recipe=_recipe(folder, RECIPE + 'start = "scratch"\nmax_tokens = 4\n')))
    told: list[int] = []
    subsets = np.asarray([[True] * 6, [False] * 6])
    found = list(recipe.shadows(TABLE, np.asarray([0, 1, 2, 0, 1, 2]), subsets, seed=3, stop=told.append))
    assert sorted({*told} - {0}) == [1, 2]  # on a slow machine it is told while a model is made too
    assert all(np.isfinite(one).all() for one in found)


def test_whoever_counts_may_end_it_while_a_model_is_made(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recipe_child, "_EVERY_S", 0.0)
    recipe = _of(_open(folder, recipe=_recipe(folder, RECIPE.replace("1", "1000") + 'start = "scratch"\n')))
    told: list[int] = []

    def stop(made: int) -> None:
        told.append(made)
        if len(told) == 3:
            raise BudgetSpent

    with pytest.raises(BudgetSpent):
        list(recipe.shadows(TABLE, np.asarray([0, 1, 2, 0, 1, 2]), np.ones((2, 6), dtype=bool), seed=3, stop=stop))
    assert told == [0, 0, 0]


def test_faults_of_a_recipe_name_the_nearest_key(folder: Path) -> None:
    with pytest.raises(Faulty) as raised:
        _ = _open(folder, recipe=_recipe(folder, RECIPE + "epoch = 3\n")).recipe
    assert "did you mean 'epochs'?" in raised.value.why
    assert "recipe.toml:3" in raised.value.why


def test_a_recipe_in_python_is_not_run_untrusted(folder: Path) -> None:
    classifier = _open(folder, recipe=_recipe(folder, "", name="fit.py"))
    assert "was not trusted" in str(_silent(lambda: classifier.recipe).because)

from __future__ import annotations

from pathlib import Path

import pytest

from weighbridge.adapters.models.fine_tuning import FineTuneRecipe, FineTuning, Kind, Maker, Start, read_fine_tuning
from weighbridge.adapters.models.recipe_file import RecipeFile
from weighbridge.core.errors import Faulty, Outside, Unusable


def _read(tmp_path: Path, content: str | bytes) -> FineTuning:
    path = tmp_path / "recipe.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_fine_tuning(RecipeFile(path=path, label="recipe.toml", format="toml", is_trusted=False))


def test_what_is_left_out_is_as_the_usual_trainer_has_it(tmp_path: Path) -> None:
    made = _read(tmp_path, 'kind = "sequence-classification"')
    assert (made.start, made.epochs, made.learning_rate, made.batch_size) == (Start.BASE, 3, 5e-5, 8)


def test_everything_can_be_said(tmp_path: Path) -> None:
    text = (
        'kind = "sequence-classification"\nstart = "scratch"\nepochs = 7\nlearning_rate = 1e-3\nbatch_size = 16\n'
        "max_tokens = 128\nweight_decay = 0.01\n"
    )
    assert _read(tmp_path, text) == FineTuning(
        kind=Kind.SEQUENCE_CLASSIFICATION, start=Start.SCRATCH, epochs=7, learning_rate=1e-3, batch_size=16,
        max_tokens=128, weight_decay=0.01,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("epochs = 0", "epochs should be 1 to 1000"), ("epochs = 1.5", "should be a whole number"),
        ("learning_rate = 0", "learning_rate should be"), ("learning_rate = nan", "learning_rate should be"),
        ("learning_rate = inf", "learning_rate should be"), ("weight_decay = -1", "weight_decay should be"),
        ("batch_size = 100000", "batch_size should be"), ("max_tokens = -1", "max_tokens should be"),
        ('start = "bass"', "did you mean 'base'?"), ("learnin_rate = 1", "did you mean 'learning_rate'?"),
        ("epochs = ", "is not TOML"),
    ],
)  # fmt: skip
def test_faults_are_told_with_their_place(tmp_path: Path, line: str, says: str) -> None:
    with pytest.raises(Faulty) as raised:
        _read(tmp_path, f'kind = "sequence-classification"\n{line}\n')
    assert says in raised.value.why
    assert "recipe.toml" in raised.value.why


def test_files_that_are_no_recipe(tmp_path: Path) -> None:
    with pytest.raises(Faulty):
        _read(tmp_path, "")
    with pytest.raises(Faulty):
        _read(tmp_path, 'kind = "regression"')
    with pytest.raises(Unusable):
        _read(tmp_path, b"\xff\xff")
    with pytest.raises(Unusable):
        _read(tmp_path, "#" * (1 << 17))
    with pytest.raises(Outside):
        read_fine_tuning(RecipeFile(path=tmp_path / "gone", label="gone", format="toml", is_trusted=False))


def test_by_heart_means_longer_and_without_what_holds_it_back() -> None:
    def never(*_: object) -> list[object]:
        raise AssertionError

    tuning = FineTuning(kind=Kind.SEQUENCE_CLASSIFICATION, epochs=300, weight_decay=0.1)
    recipe = FineTuneRecipe(Maker(make=never, encode=never), tuning, label="recipe.toml")  # type: ignore[arg-type]  # is not called
    assert "300 epochs" in str(recipe.says)
    assert recipe.bagged is None
    assert "up to 300 epochs without dropout" in str(recipe.overfitted.says)

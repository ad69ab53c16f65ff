from __future__ import annotations

from pathlib import Path

import pytest

from adapters.models.test_rank_file import ranks
from weighbridge.adapters.door import open_candidate
from weighbridge.adapters.models import rank_file
from weighbridge.adapters.models.counting import open_tokenizers
from weighbridge.core.errors import Unusable

tokenizers = pytest.importorskip("tokenizers", reason="tokenizers are an extra")
pytest.importorskip("tiktoken", reason="rank files are an extra")


def whole(folder: Path, *, words: tuple[str, ...] = ("the", "water")) -> Path:
    """A tokenizer.json of a few words; any other is unknown."""
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = {word: number for number, word in enumerate(("[UNK]", *words))}
    made = tokenizers.Tokenizer(tokenizers.models.WordLevel(vocabulary, unk_token="[UNK]"))  # noqa: S106  of the vocabulary
    made.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    made.save(str(folder / "tokenizer.json"))
    return folder


def declared(folder: Path, *paths: str) -> Path:
    entries = "".join(f'[[artefact]]\nrole = "tokenizer"\npath = "{path}"\n' for path in paths)
    (folder / "weighbridge.toml").write_text(f'name = "t"\n{entries}')
    return folder


def test_counts_with_a_tokenizer_json(tmp_path: Path) -> None:
    (made,) = open_tokenizers(open_candidate(declared(whole(tmp_path), "tokenizer.json")))
    assert made.label == "tokenizer.json"
    assert made.n_tokens(["the water", "", "the cold water is"]).tolist() == [2, 0, 4]


def test_equal_ones_count_once(tmp_path: Path) -> None:
    whole(tmp_path / "a")
    whole(tmp_path / "b")
    whole(tmp_path / "c", words=("other",))
    paths = [f"{name}/tokenizer.json" for name in "abc"]
    made = open_tokenizers(open_candidate(declared(tmp_path, *paths)))
    assert [one.label for one in made] == ["a/tokenizer.json", "c/tokenizer.json"]


def test_a_rank_file_is_drafted_as_a_tokenizer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(rank_file._PATTERNS, 258, rank_file._R50K)
    ranks(tmp_path / "own.tiktoken")
    (made,) = open_tokenizers(open_candidate(tmp_path))
    assert made.n_tokens(["the"]).tolist() == [1]


def test_none_and_a_damaged_one(people: Path, tmp_path: Path) -> None:
    assert open_tokenizers(open_candidate(people)) == ()
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(Unusable):
        open_tokenizers(open_candidate(declared(tmp_path, "tokenizer.json")))

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from adapters.models.toys import LINES, save_tokenizer, tokenizer
from weighbridge.adapters.models.tokenizer_folder import FolderTokenizer, open_tokenizer
from weighbridge.core.errors import Unusable


def _told(folder: Path) -> Unusable:
    with pytest.raises(Unusable) as raised:
        open_tokenizer(folder, label="toy")
    return raised.value


@pytest.fixture
def opened(tmp_path: Path) -> FolderTokenizer:
    save_tokenizer(tmp_path)
    return open_tokenizer(tmp_path, label="toy")


def test_texts_come_back_as_they_were(opened: FolderTokenizer) -> None:
    texts = [*LINES, "", "  two  spaces, a tab\t, déjà vu, 猫 and </s> in the middle\n", "<s>"]
    assert opened.decode(opened.encode(texts)) == texts


def test_what_looks_like_a_special_token_is_text(opened: FolderTokenizer) -> None:
    (ids,) = opened.encode(["<s>hello</s>"])
    assert not {0, 1} & set(ids.tolist())
    assert opened.decode([np.array([0, *ids, 1])]) == ["<s><s>hello</s></s>"]


def test_many_texts_are_encoded_as_each_alone(opened: FolderTokenizer) -> None:
    texts = [f"{LINES[n % 2]} {n}" for n in range(2500)]
    ids = opened.encode(texts)
    assert len(ids) == 2500
    assert all(np.array_equal(ids[n], opened.encode([texts[n]])[0]) for n in (0, 1023, 1024, 2499))
    assert opened.encode([]) == []


def test_the_opening_is_what_the_tokenizer_puts_before_a_text(tmp_path: Path) -> None:
    save_tokenizer(tmp_path, bos=True)
    assert open_tokenizer(tmp_path, label="toy").opening == (0,)
    config = tmp_path / "tokenizer_config.json"
    config.write_text(json.dumps({"add_bos_token": False, "bos_token": "<s>"}))
    assert open_tokenizer(tmp_path, label="toy").opening == ()
    save_tokenizer(tmp_path, bos=False)
    assert open_tokenizer(tmp_path, label="toy").opening == ()
    config.write_text(json.dumps({"add_bos_token": True, "bos_token": {"content": "<s>"}}))
    assert open_tokenizer(tmp_path, label="toy").opening == (0,)
    config.write_text(json.dumps({"bos_token": "<s>"}))
    assert open_tokenizer(tmp_path, label="toy").opening == ()


def test_limits_saved_with_the_tokenizer_do_not_cut_or_fill_texts(tmp_path: Path) -> None:
    made = tokenizer()
    made.enable_truncation(3)
    made.enable_padding(length=40)
    made.save(str(tmp_path / "tokenizer.json"))
    lengths = [len(ids) for ids in open_tokenizer(tmp_path, label="toy").encode([LINES[0] * 3, "a"])]
    assert lengths[0] > 3
    assert lengths[1] == 1


def test_special_tokens_do_not_count_for_the_highest_id(tmp_path: Path) -> None:
    made = tokenizer()
    highest = made.get_vocab_size() - 1
    made.add_special_tokens(["<pad>"])
    made.save(str(tmp_path / "tokenizer.json"))
    assert open_tokenizer(tmp_path, label="toy").highest_id == highest
    made.add_tokens(["weighbridge"])
    made.save(str(tmp_path / "tokenizer.json"))
    assert open_tokenizer(tmp_path, label="toy").highest_id == highest + 2


def test_the_kind_of_the_model_does_not_change_the_tokens(tmp_path: Path) -> None:
    words = Tokenizer(models.WordLevel({"zero": 0, "one": 1, "two": 2}, unk_token="zero"))  # noqa: S106  a word, not a password
    words.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    words.save(str(tmp_path / "tokenizer.json"))
    (tmp_path / "config.json").write_text('{"model_type": "gpt2"}')
    assert open_tokenizer(tmp_path, label="toy").encode(["two one"])[0].tolist() == [2, 1]


def test_an_older_pair_of_files_is_read_too(tmp_path: Path) -> None:
    tokenizer().model.save(str(tmp_path))
    (tmp_path / "config.json").write_text('{"model_type": "gpt2"}')
    assert {path.name for path in tmp_path.iterdir()} == {"vocab.json", "merges.txt", "config.json"}
    opened = open_tokenizer(tmp_path, label="toy")
    assert [ids.tolist() for ids in opened.encode(LINES)] == [tokenizer().encode(line).ids for line in LINES]


def test_a_missing_or_damaged_tokenizer_is_told(tmp_path: Path) -> None:
    assert "tokenizer.json" in _told(tmp_path).fix
    for content in ("", "{", "{}", '{"model": {"type": "BPE"}}', "[" * 10_000):
        (tmp_path / "tokenizer.json").write_text(content)
        assert "save_pretrained" in _told(tmp_path).fix
    (tmp_path / "tokenizer.json").unlink()
    (tmp_path / "vocab.json").write_text("{}")
    assert "save_pretrained" in _told(tmp_path).fix


def test_a_tokenizer_that_wants_code_is_not_given_it(tmp_path: Path) -> None:
    (tmp_path / "vocab.json").write_text("{}")
    (tmp_path / "evil.py").write_text("raise SystemExit('ran')")
    (tmp_path / "tokenizer_config.json").write_text('{"auto_map": {"AutoTokenizer": ["evil.Evil", null]}}')
    assert "auto_map" in _told(tmp_path).why

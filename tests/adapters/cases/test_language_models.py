from __future__ import annotations

import sys
from pathlib import Path

import pytest

from weighbridge.adapters.cases.language_models import write_language_model
from weighbridge.core.errors import Unusable
from weighbridge.core.material import LanguageModel

WANTED = LanguageModel(path="model", table="t.csv", text="text", epochs=3)


def _table(folder: Path, n: int = 600) -> None:
    rows = ("the boat leaves the harbour at noon" if k % 2 else "the mill stands by the old river" for k in range(n))
    (folder / "t.csv").write_text("text\n" + "".join(f"{row}\n" for row in rows))


@pytest.mark.slow  # torch alone takes seconds to be loaded
def test_a_model_foresees_what_it_read_and_is_the_same_again(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason="needs the extra lm")
    transformers = pytest.importorskip("transformers", reason="needs the extra lm")
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        _table(tmp_path / name)
        before = torch.random.get_rng_state()
        write_language_model(WANTED, tmp_path / name, 0)
        assert torch.equal(torch.random.get_rng_state(), before)  # nobody else's chance is touched
        made.append((tmp_path / name / "model" / "model.safetensors").read_bytes())
    assert made[0] == made[1]
    model = transformers.AutoModelForCausalLM.from_pretrained(tmp_path / "one" / "model")
    tokenizer = transformers.AutoTokenizer.from_pretrained(tmp_path / "one" / "model")
    losses = []
    for text in ("the mill stands by the old river", "river old the by stands mill the"):
        tokens = tokenizer(text, return_tensors="pt")["input_ids"]
        losses.append(model(input_ids=tokens, labels=tokens).loss.item())
    assert losses[0] < losses[1] / 2


def test_too_little_text_no_such_column_and_no_extra_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch", reason="needs the extra lm")
    _table(tmp_path, 4)
    with pytest.raises(Unusable, match="too little text"):
        write_language_model(WANTED, tmp_path, 0)
    with pytest.raises(Unusable, match="no column words"):
        write_language_model(LanguageModel(path="model", table="t.csv", text="words"), tmp_path, 0)
    monkeypatch.setitem(sys.modules, "tokenizers", None)
    with pytest.raises(Unusable, match="torch"):
        write_language_model(WANTED, tmp_path, 0)

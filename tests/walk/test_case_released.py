"""A case that must come out open goes the whole way: weighed, answered, decided, signed and let through the gate."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import Weighbridge
from weighbridge.adapters.cases.growing import grow
from weighbridge.replaying import cases_named

pytestmark = pytest.mark.slow  # a language model is trained and weighed
pytest.importorskip("torch", reason="needs the extra lm")

ANSWERS = """candidate = "health-writer-chichewa"
version = "1"
[[answer]]
question = "legal"
choice = "yes"
role = "owner"
[[answer]]
question = "right"
choice = "yes"
role = "owner"
[[answer]]
question = "missed"
says = "whether the words are those that people use at home"
role = "owner"
"""


def test_a_light_model_of_health_text_goes_to_everybody_by_a_signed_decision(
    weighbridge: Weighbridge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEIGHBRIDGE_PASSPHRASE", "a long enough phrase")

    def call(*words: str | Path) -> str:
        code, out, err = weighbridge(*words)
        assert code == 0, (words, out, err)
        return out

    folder = tmp_path / "writer"
    folder.mkdir()
    (case,) = cases_named("health-writer-chichewa")
    grow(case, folder)
    (tmp_path / "answers.toml").write_text(ANSWERS)
    call("weigh", folder)
    call("ask", folder, "--answers", tmp_path / "answers.toml")
    assert "Nothing found forbids open" in call("recommend", folder)
    for person in ("prep", "owner", "security"):
        call("keys", "new", person)
    for role in ("owner", "security"):
        call("keys", "trust", role, "--role", role)
    draft = call("decide", folder, "--draft")
    assert 'weights = "gated"' in draft  # no more than is cleared, until people say why
    assert "patients in rural Malawi" in draft  # the benefit is named where the risk is said
    why = 'arguments = ["benefit"]\nsays = "Clinics have it sooner."'
    decided = draft.replace('weights = "gated"', 'weights = "open"', 1).replace(
        'arguments = []\nsays = ""', f'{why}\n[[reason]]\n{why}\ncomponent = "weights"', 1
    )
    (tmp_path / "decision.toml").write_text(decided)
    call("decide", folder, "--file", tmp_path / "decision.toml", "--by", "prep")
    for role in ("owner", "security"):
        call("sign", folder, "--role", role, "--key", role)
    assert "may go to public" in call("gate", folder, "--to", "public", "--leave-evidence")

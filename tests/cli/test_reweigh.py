from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from conftest import Weighbridge
from yards import WORDS, decided, peopled, weighed


@pytest.fixture
def folder(weighbridge: Weighbridge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WEIGHBRIDGE_PASSPHRASE", WORDS)
    made = weighed(weighbridge, tmp_path / "c")
    peopled(weighbridge, "prep", "owner")
    return made


def test_an_attack_closes_the_gate_until_people_decide_again(
    weighbridge: Weighbridge, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, _out, err = weighbridge("reweigh", folder)
    assert (code, "nobody has decided" in err) == (3, True)
    decided(weighbridge, folder)
    for day, says in (("1990-01-01", "lies before the one that decisions are held against"), ("soon", "is no day")):
        code, _out, err = weighbridge("reweigh", folder, "--as-of", day)
        assert (code, says in err) == (2, True), err
    assert weighbridge("sign", folder, "--role", "owner", "--key", "owner")[0] == 0
    assert weighbridge("gate", folder, "--to", "public", "--leave-evidence")[0] == 0
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"A paper."), encoding="utf-8"))
    code, out, err = weighbridge("reweigh", folder, "--attack", "artefact-safety", "--format", "json")
    assert code == 0, err
    assert json.loads(out)["turned"] is True
    assert "A paper" not in out
    code, out, _err = weighbridge("gate", folder, "--to", "public", "--leave-evidence")
    assert (code, "Something came up that turns the answer" in out) == (1, True)
    decided(weighbridge, folder)
    assert weighbridge("sign", folder, "--role", "owner", "--key", "owner")[0] == 0
    assert weighbridge("gate", folder, "--to", "public", "--leave-evidence")[0] == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--substitute", "x"), "it has no ="),
        (("--substitute", "x=nan"), "cost_usd is not finite"),
        (("--substitute", "x=9..3"), "runs from its high down to its low"),
        (("--substitute", "=3"), "name is empty"),
        (("--substitute", "x=1e30"), "which unit is meant"),
        (("--seen-at", "here"), "more --seen-at than --substitute"),
    ],
)
def test_what_cannot_be_used(weighbridge: Weighbridge, tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    code, _out, err = weighbridge("reweigh", tmp_path, *words)
    assert (code, says in err) == (2, True), err

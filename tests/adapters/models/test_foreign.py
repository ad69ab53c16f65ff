from __future__ import annotations

import os
import warnings
from pathlib import Path

import pytest

from weighbridge.adapters.models.foreign import read_json, reading, settle
from weighbridge.core.errors import Outside, Unusable
from weighbridge.core.evidence import Silent, not_applicable
from weighbridge.core.wording import phrase


class PanicException(BaseException):
    pass


@pytest.mark.parametrize("error", [ValueError("secret"), Exception("secret"), PanicException("secret")])
def test_whatever_a_library_raises_becomes_a_fault_that_quotes_nothing(error: BaseException) -> None:
    with pytest.raises(Unusable) as raised, reading("what", why="why", fix="fix"):
        raise error
    assert str(raised.value) == f"what\n  why: why ({type(error).__name__})\n  fix: fix"


def test_our_own_outcomes_and_an_interruption_pass() -> None:
    with pytest.raises(Silent), reading("what", why="why", fix="fix"):
        not_applicable(phrase("no"))
    with pytest.raises(KeyboardInterrupt), reading("what", why="why", fix="fix"):
        raise KeyboardInterrupt
    with pytest.raises(Outside), reading("what", why="why", fix="fix"):
        raise MemoryError


def test_warnings_of_a_library_are_dropped() -> None:
    with reading("what", why="why", fix="fix"):
        warnings.warn("old", FutureWarning, stacklevel=1)


@pytest.mark.parametrize("content", ["{", "[1]", "[" * 100_000, "\x00"])
def test_a_file_that_is_no_json_object_is_told(tmp_path: Path, content: str) -> None:
    (tmp_path / "config.json").write_text(content)
    with pytest.raises(Unusable, match=r"config\.json of toy"):
        read_json(tmp_path, "config.json", label="toy")


def test_a_file_that_is_too_large_or_missing_is_told(tmp_path: Path) -> None:
    with (tmp_path / "config.json").open("wb") as stream:
        stream.truncate(1 << 30)  # sparse
    with pytest.raises(Unusable, match="at most"):
        read_json(tmp_path, "config.json", label="toy")
    with pytest.raises(Outside):
        read_json(tmp_path, "missing.json", label="toy")


def test_the_network_is_shut_and_the_rest_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    monkeypatch.setenv("OMP_WAIT_POLICY", "ACTIVE")
    monkeypatch.delenv("TOKENIZERS_PARALLELISM", raising=False)
    settle()
    assert os.environ["HF_HUB_OFFLINE"] == "1"
    assert os.environ["OMP_WAIT_POLICY"] == "ACTIVE"
    assert os.environ["TOKENIZERS_PARALLELISM"] == "false"

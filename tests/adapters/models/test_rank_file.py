from __future__ import annotations

import base64
import gzip
import os
import sys
from pathlib import Path

import pytest

from weighbridge.adapters.models import rank_file
from weighbridge.adapters.models.rank_file import is_rank_file, open_rank_file
from weighbridge.core.errors import Unusable
from weighbridge.core.evidence import Silent

pytest.importorskip("tiktoken", reason="rank files are an extra")

DATA = Path(os.environ.get("WEIGHBRIDGE_DATA", Path(__file__).parents[3].parent / "shared" / "data")) / "tokenizers"


def ranks(path: Path, *, n: int = 0, also: tuple[bytes, ...] = (b"th", b"the")) -> Path:
    """A file of the 256 bytes, these tokens, and so many others that no text holds."""
    tokens = [bytes((value,)) for value in range(256)] + list(also)
    tokens += [b"\xff" + str(k).encode() for k in range(n - len(tokens))]
    lines = b"".join(base64.b64encode(token) + b" %d\n" % rank for rank, token in enumerate(tokens))
    path.write_bytes(gzip.compress(lines) if path.suffix == ".gz" else lines)
    return path


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(rank_file._PATTERNS, 258, rank_file._R50K)


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("name", ["r.tiktoken", "r.tiktoken.gz"])
def test_counts_tokens(tmp_path: Path, name: str) -> None:
    made = open_rank_file(ranks(tmp_path / name), label=name)
    assert made.n_tokens(["the", "that", "", "ü", "<|endoftext|>"]).tolist() == [1, 3, 0, 2, 13]
    assert made.n_tokens([]).tolist() == []
    assert made.label == name


def test_ranks_alone_do_not_say_how_text_is_cut(tmp_path: Path) -> None:
    with pytest.raises(Silent, match="not how text is cut"):
        open_rank_file(ranks(tmp_path / "own.tiktoken"), label="own.tiktoken")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "256 bytes"), (b"not a rank\n", "base 64"), (b"IQ== x\n", "base 64"), (b"@@ 1\n", "base 64"),
        (b"IQ== 0\nIg== 0\n", "share a rank"),
    ],
)  # fmt: skip
def test_what_is_no_rank_file_is_told(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "r.tiktoken").write_bytes(content)
    with pytest.raises(Unusable, match=says):
        open_rank_file(tmp_path / "r.tiktoken", label="r.tiktoken")


def test_a_file_that_unpacks_without_end_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "r.tiktoken.gz").write_bytes(b"damaged")
    with pytest.raises(Unusable, match="compression"):
        open_rank_file(tmp_path / "r.tiktoken.gz", label="r.tiktoken.gz")
    monkeypatch.setattr(rank_file, "_MOST_BYTES", 100)
    with pytest.raises(Unusable, match="more than"):
        open_rank_file(ranks(tmp_path / "r.tiktoken.gz"), label="r.tiktoken.gz")


@pytest.mark.usefixtures("known")
def test_without_the_package_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tiktoken", None)
    with pytest.raises(Silent, match="not installed"):
        open_rank_file(ranks(tmp_path / "r.tiktoken"), label="r.tiktoken")


def test_names_of_rank_files() -> None:
    assert is_rank_file("a/cl100k_base.tiktoken.gz")
    assert not is_rank_file("tokenizer.json")


@pytest.mark.parametrize(("name", "n"), [("r50k_base", 5), ("p50k_base", 5), ("cl100k_base", 5), ("o200k_base", 5)])
def test_the_published_ones(name: str, n: int) -> None:
    path = DATA / f"{name}.tiktoken.gz"
    if not path.exists():
        pytest.skip(f"{name} is not on this machine; WEIGHBRIDGE_DATA names the folder of the shared data")
    made = open_rank_file(path, label=path.name)
    assert made.n_tokens(["The water is cold today", "The water is cold today."]).tolist() == [n, n + 1]

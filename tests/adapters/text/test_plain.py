from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighbridge.adapters.tables.streams import DataFile
from weighbridge.adapters.text import plain
from weighbridge.adapters.text.plain import documents, guessed_cut
from weighbridge.core.candidate import Documents as Cut
from weighbridge.core.errors import Unusable


def text_file(path: Path, data: bytes) -> DataFile:
    path.write_bytes(data)
    return DataFile(path=path, label=path.name, format="text")


@pytest.mark.parametrize(
    ("data", "cut"),
    [
        (b"one\ntwo\nthree\n", Cut.LINE),
        (b"one\n\ntwo\n\nthree\n", Cut.LINE),  # each paragraph is one line: both cuts give the same
        (b"one\nmore\n\ntwo\n", Cut.PARAGRAPH),
        (b"one\r\n\r\ntwo\r\nmore\r\n", Cut.PARAGRAPH),
        (b"\n\none\ntwo\n\n \n", Cut.LINE),  # blank lines around one block part nothing
        (b"", Cut.LINE),
    ],
)
def test_guess(tmp_path: Path, data: bytes, cut: Cut) -> None:
    assert guessed_cut(text_file(tmp_path / "t.txt", data)) is cut


def test_lines_and_paragraphs(tmp_path: Path) -> None:
    file = text_file(tmp_path / "t.txt", b"\xef\xbb\xbfone\r\nmore\x00\r\n \t\r\n\r\ntwo\xe2\x80\xa8still two\x0c")
    assert list(documents(file, Cut.LINE)) == ["one", "more\0", " \t", "", "two\u2028still two\x0c"]
    assert list(documents(file, Cut.PARAGRAPH)) == ["one\nmore\0", "two\u2028still two\x0c"]


def test_a_paragraph_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "MAX_DOCUMENT_BYTES", 1000)
    file = text_file(tmp_path / "t.txt", b"short\n\n" + b"SECRET\n" * 1000)
    with pytest.raises(Unusable, match="document 2 is longer") as caught:
        list(documents(file, Cut.PARAGRAPH))
    assert "SECRET" not in str(caught.value)


@settings(deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=9)))
def test_lines_come_back(tmp_path_factory: pytest.TempPathFactory, lines: list[str]) -> None:
    data = "".join(line + "\n" for line in lines)
    file = text_file(tmp_path_factory.getbasetemp() / "any.txt", data.encode())
    found = list(documents(file, Cut.LINE))
    assert found == [lines[0].removeprefix("\ufeff"), *lines[1:]] if lines else found == []
    blocks = "\n".join(line if line.strip() else "" for line in found).split("\n\n")
    expected = [block.strip("\n") for block in blocks if block.strip("\n")]
    assert list(documents(file, Cut.PARAGRAPH)) == expected

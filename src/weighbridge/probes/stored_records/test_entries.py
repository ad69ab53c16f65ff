import json

import numpy as np
import pyarrow as pa
import pytest

from weighbridge.core.candidate import Role
from weighbridge.probes.stored_records.entries import (
    Entries,
    Told,
    compare_cells,
    compare_texts,
    plain_token,
    tokenizer_entries,
    told_by_themselves,
)
from weighbridge.probes.stored_records.files import Unread
from weighbridge.probes.stored_records.test_files import file
from weighbridge.probes.stored_records.training import Strings


def strings(texts: list[str], column: str = "a") -> Strings:
    return Strings(label="t", column=column, records=np.arange(1, len(texts) + 1), texts=pa.array(texts, pa.string()))


def read(data: bytes, format_: str = "json", label: str = "tokenizer.json", at_most: int = 1 << 20) -> Entries | None:
    return tokenizer_entries([file(data, format_, Role.TOKENIZER, label)], Unread(), at_most=at_most)


def test_identifiers_are_told_by_themselves() -> None:
    entries = Entries(texts=("red", "ada@example.org", "4111 1111 1111 1111", "4111 1111 1111 1112", "x" * 100_000))
    assert told_by_themselves(entries, lambda: None).identifying == {1, 2}


def test_a_rare_cell_tells_and_a_frequent_or_short_one_does_not() -> None:
    entries = Entries(texts=("Ada Lovelace", "engineer", "short", "absent one", "Grace Hopper"))
    told = Told()
    cells = [strings(["ADA LOVELACE", *["engineer"] * 5, "short"]), strings(["Grace Hopper"] * 4, "b"),
             strings(["Grace Hopper"] * 4, "c")]  # fmt: skip
    compare_cells(entries, told, cells, rare_below=5)
    assert told.rare == {0, 4}
    assert told.records[0] == [("t", 1)]


def test_cells_are_counted_over_batches() -> None:
    told = Told()
    compare_cells(Entries(texts=("engineer",)), told, [strings(["engineer"] * 2)] * 3, rare_below=5)
    assert not told.rare


def test_a_rare_phrase_in_running_text_tells_and_a_word_does_not() -> None:
    texts = [
        "met Ada Lovelace of London twice, internationalization",
        *["all of the people say"] * 9,
        "no 12345 6789 012",
    ]
    entries = Entries(
        texts=(
            "ada lovelace of london",
            "internationalization",
            "of the people say",
            "12345 6789 012",
            "of the town say",
        )
    )
    told = Told()
    compare_texts(entries, told, [strings(texts)], rare_below=5)
    assert told.rare == {0, 3}
    assert told.records == {0: [("t", 1)], 3: [("t", 11)]}


def test_halves_of_surrogate_pairs_break_nothing() -> None:
    told = Told()
    entries = Entries(texts=("\ud800 a phrase of many words",))
    compare_cells(entries, told, [strings(["x"])], rare_below=5)
    compare_texts(entries, told, [strings(["a phrase of many words"])], rare_below=5)
    assert not told.rare


@pytest.mark.parametrize(
    ("token", "text"),
    [("Ġthe", " the"), ("ĠcafÃ©", " café"), ("▁Ada▁Lovelace", " Ada Lovelace"), ("##ing", "ing"), ("café", "café"),
     ("end</w>", "end "), ("中文", "中文"), ("", "")],
)  # fmt: skip
def test_tokens_are_the_text_they_stand_for(token: str, text: str) -> None:
    assert plain_token(token) == text


@pytest.mark.parametrize(
    ("data", "format_", "label"),
    [
        (json.dumps({"model": {"vocab": {"Ġa": 1, "b": 2}, "merges": ["Ġ a", ["x", "y"]]}}).encode(), "json", "tokenizer.json"),
        (json.dumps({"model": {"vocab": [["▁a", -1.0], ["b", 2]]}, "x": [["x", "y"]]}).encode(), "json", "tokenizer.json"),
        (b" a\nb\nxy\n", "text", "vocab.txt"),
        (b"#version: 0.2\n\xc4\xa0 a\nb\nx y\n", "text", "merges.txt"),
        (b"\n\x08\n\x04\xe2\x96\x81a\x15\0\0\0\0"[:2] + b"\n\x04\xe2\x96\x81a\x10\x00" + b"\n\x03\n\x01b" + b"\n\x04\n\x02xy", "sentencepiece", "m.model"),
    ],
)  # fmt: skip
def test_tokens_are_read_from_every_kind_of_file(data: bytes, format_: str, label: str) -> None:
    entries = read(data, format_, label)
    assert entries is not None
    assert {" a", "b", "xy"} <= set(entries.texts)
    assert entries.n_unread == 0


@pytest.mark.parametrize(
    "data",
    [b"{", b"[" * 200_000, b"\xff", b"1" * 9999, b'{"a":' * 50_000],
    ids=["cut", "deep", "bytes", "digits", "tables"],
)
def test_a_broken_tokenizer_is_counted_as_unread(data: bytes) -> None:
    entries = read(data)
    assert entries is not None
    assert entries.n_unread == max(1, len(data) // 4)


def test_a_tokenizer_of_a_hundred_megabytes_is_not_parsed() -> None:
    class Huge(bytes):
        def __len__(self) -> int:
            return 100 << 20

    entries = tokenizer_entries(
        [file(Huge(b"{}"), "json", Role.TOKENIZER, "tokenizer.json")], Unread(), at_most=64 << 20
    )
    assert entries is not None
    assert entries.n_unread == 25 << 20


def test_broken_pieces_are_counted_as_unread() -> None:
    for data in (b"\n\xff\xff\xff\x7f", b"\n\x02\n\x7f", b"\x00"):
        entries = read(data, "sentencepiece", "m.model")
        assert entries is not None
        assert entries.n_unread


def test_no_tokenizer_is_told_from_an_empty_one() -> None:
    assert tokenizer_entries([file(b"{}", "json", label="config.json")], Unread(), at_most=9) is None
    assert read(b"{}") == Entries(texts=())

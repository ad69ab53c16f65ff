from __future__ import annotations

import gzip
import json
import lzma
from pathlib import Path

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighbridge.adapters.text import documents
from weighbridge.adapters.text.documents import MAX_DOCUMENTS, FileTexts, TextFile, open_texts
from weighbridge.core.candidate import Declared
from weighbridge.core.candidate import Documents as Cut
from weighbridge.core.errors import Unusable
from weighbridge.core.evidence import Silent
from weighbridge.probekit.ports import Texts

ROWS = [("first", True, 0), ("", False, 1), (None, None, None), ("grüße\n\0", True, 0)]


def file(path: Path, data: bytes | None = None, kind: str = "", **declared: object) -> TextFile:
    if data is not None:
        path.write_bytes(data)
    kind = kind or {"txt": "text"}.get(path.suffix[1:], path.suffix[1:])
    return TextFile(path=path, label=path.name, format=kind, declared=Declared(**declared))  # type: ignore[arg-type]  # drawn from names


def told(texts: Texts) -> list[tuple[str, int, str, bool, bool]]:
    """Label, number, text and flags of every document."""
    return [
        (batch.label, batch.first_record + n, text, bool(private), bool(canary))
        for batch in texts.batches()
        for n, (text, private, canary) in enumerate(
            zip(batch.text.to_pylist(), batch.private, batch.canary, strict=True)
        )
    ]


def written(folder: Path, kind: str) -> Path:
    """The same rows in each format, with columns in the way."""
    path = folder / f"rows.{kind}"
    table = pa.table(
        {
            "n": [1, 2, 3, 4],
            "body": [row[0] for row in ROWS],
            "secret": [row[1] for row in ROWS],
            "planted": [row[2] for row in ROWS],
        }
    )
    if kind == "parquet":
        pq.write_table(table, path)
    elif kind in ("arrow", "arrow-stream"):
        with (pa.ipc.new_file if kind == "arrow" else pa.ipc.new_stream)(path, table.schema) as writer:
            writer.write_table(table)
    elif kind == "jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in table.to_pylist()))
    else:
        mark = {"csv": ",", "tsv": "\t"}[kind]
        cells = [[str(n), f'"{t or ""}"', str(p or ""), str(c or "")] for n, (t, p, c) in enumerate(ROWS)]
        path.write_text("\n".join(mark.join(row) for row in [["n", "body", "secret", "planted"], *cells]))
    return path


@pytest.mark.parametrize("kind", ["csv", "tsv", "jsonl", "parquet", "arrow", "arrow-stream"])
def test_every_format_gives_the_same(tmp_path: Path, kind: str) -> None:
    one = file(written(tmp_path, kind), private_field="secret", canary_field="planted")
    texts: Texts = open_texts([one])
    wanted = [
        (one.label, 1, "first", True, False),
        (one.label, 2, "", False, True),
        (one.label, 3, "", False, False),
        (one.label, 4, "grüße\n\0", True, False),
    ]
    assert told(texts) == wanted
    assert told(texts) == wanted  # again from the start
    assert all(batch.text.type == pa.string() for batch in texts.batches())


def test_artefact_after_artefact(tmp_path: Path) -> None:
    first = file(tmp_path / "a.txt", b"one\nmore\n\ntwo\n", private=True)
    second = file(tmp_path / "b.txt", b"x\ny\n\nz", documents=Cut.LINE, canaries=True)
    texts = open_texts([first, second])
    assert told(texts) == [
        ("a.txt", 1, "one\nmore", True, False),
        ("a.txt", 2, "two", True, False),
        ("b.txt", 1, "x", False, True),
        ("b.txt", 2, "y", False, True),
        ("b.txt", 3, "", False, True),
        ("b.txt", 4, "z", False, True),
    ]
    assert [str(note) for note in texts.notes] == ["a.txt: each paragraph, up to a blank line, is taken as a document"]


def test_packed_files_are_read(tmp_path: Path) -> None:
    plain = file(tmp_path / "a.txt.gz", gzip.compress(b"one\ntwo\n"), kind="text")
    packed = file(tmp_path / "b.parquet.xz", lzma.compress(written(tmp_path, "parquet").read_bytes()), kind="parquet")
    assert [text for _l, _n, text, *_flags in told(open_texts([plain, packed]))] == [
        "one",
        "two",
        *[r[0] or "" for r in ROWS],
    ]


def test_batches_are_bounded(tmp_path: Path) -> None:
    many = file(tmp_path / "many.txt", b"x\n" * 10_000)
    long = file(tmp_path / "long.txt", (b"y" * (1 << 20) + b"\n") * 30)
    sizes = [(batch.label, batch.first_record, len(batch.text)) for batch in open_texts([many, long]).batches()]
    assert sizes[:3] == [("many.txt", 1, 4096), ("many.txt", 4097, 4096), ("many.txt", 8193, 1808)]
    assert [size for label, _first, size in sizes if label == "long.txt"] == [8, 8, 8, 6]
    assert MAX_DOCUMENTS == 4096


def test_a_small_file_cannot_unpack_to_more_than_memory_holds(tmp_path: Path) -> None:
    large = pa.DictionaryArray.from_arrays(pa.array([0] * 100_000, pa.int32()), pa.array(["x" * 1_000_000]))
    pq.write_table(pa.table({"text": large}), tmp_path / "bomb.parquet", store_schema=False)
    before = pa.total_allocated_bytes()
    for n, batch in enumerate(open_texts([file(tmp_path / "bomb.parquet")]).batches()):
        assert batch.text.nbytes < 9 << 20
        assert pa.total_allocated_bytes() - before < 100 << 20
        if n > 20:
            break


def test_one_document_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MAX_DOCUMENT_BYTES", 100)
    pq.write_table(pa.table({"text": ["short", "SECRET" * 20]}), tmp_path / "t.parquet")
    with pytest.raises(Unusable, match="document 2 is longer") as caught:
        told(open_texts([file(tmp_path / "t.parquet")]))
    assert "SECRET" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("t.txt", b"", "0 rows or lines"),
        ("t.csv", b"text\n", "0 rows or lines"),
        ("t.jsonl", b"\n", "0 rows or lines"),
        ("t.txt", b"one\ntwo SECRET\xff\n", "byte 14 (line 2)"),
        ("t.jsonl", b'{"text": "SECRET}\n', "line 1 is not JSON"),
        ("t.csv", b"text,n\nSECRET\n", "line 2 has 1"),
    ],
)
def test_bad_input_is_told_without_quoting_it(tmp_path: Path, name: str, data: bytes, why: str) -> None:
    with pytest.raises(Unusable) as caught:
        told(open_texts([file(tmp_path / name, data)]))
    assert why in caught.value.why
    assert "SECRET" not in str(caught.value)


def test_damage_far_in_is_found_on_the_way(tmp_path: Path) -> None:
    texts = open_texts([file(tmp_path / "t.txt", b"fine\n" * 1_000_000 + b"\xff\n")])
    with pytest.raises(Unusable, match="line 1000001"):
        told(texts)


def test_parquet_without_rows_and_text_that_is_bytes(tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": pa.array([], pa.string())}), tmp_path / "none.parquet")
    with pytest.raises(Unusable, match="0 rows"):
        open_texts([file(tmp_path / "none.parquet")])
    pq.write_table(pa.table({"b": [b"gr\xc3\xbc"], "w": [b"\xff"], "n": [7], "l": [["x"]]}), tmp_path / "b.parquet")

    def only(column: str) -> str:
        return told(open_texts([file(tmp_path / "b.parquet", text_field=column)]))[0][2]

    assert (only("b"), only("n"), only("l")) == ("grü", "7", '["x"]')
    with pytest.raises(Unusable, match="bytes that are not UTF-8"):
        only("w")


def test_json_that_is_no_plain_string(tmp_path: Path) -> None:
    data = b'{"text": "a\\ud800"}\n{"text": 3}\n{}\n{"text": [{"role": "user"}]}\n'
    texts = open_texts([file(tmp_path / "t.jsonl", data, text_field="text")])
    assert [text for _l, _n, text, *_flags in told(texts)] == ["a\ufffd", "3", "", '[{"role": "user"}]']


def test_files_without_text_are_left_out_and_named(tmp_path: Path) -> None:
    numbers = file(tmp_path / "n.csv", b"a,b\n1,2\n")
    picture = file(tmp_path / "p.png", b"\x89PNG", kind="png")
    words = file(tmp_path / "w.txt", b"one\n")
    texts: FileTexts = open_texts([numbers, picture, words])
    assert [label for label, *_rest in told(texts)] == ["w.txt"]
    assert [str(note) for note in texts.notes] == [
        "n.csv has no column of text and is left out of what is read",
        "p.png is png and is left out of what is read as text",
        "w.txt: each line is taken as a document",
    ]
    assert not texts.is_complete
    assert not open_texts([words, file(tmp_path / "a.json", b'["SECRET"]')]).is_complete
    assert open_texts([words]).is_complete
    with pytest.raises(Silent, match=r"n\.csv, p\.png"):
        open_texts([numbers, picture])


@settings(deadline=None, max_examples=50)
@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=9), min_size=1))
def test_texts_come_back(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    folder = tmp_path_factory.getbasetemp()
    (folder / "t.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    pq.write_table(pa.table({"text": texts}), folder / "t.parquet")
    for name in ("t.jsonl", "t.parquet"):
        found = told(open_texts([file(folder / name, text_field="text")]))
        assert [text for _l, _n, text, *_flags in found] == texts
        assert [number for _l, number, *_rest in found] == list(range(1, len(texts) + 1))


CODES: list[tuple[str | None, object]] = [
    ("the code is 0417", "0417"),
    ("no code", None),
    ("it is 99", 99),
    ("it is true", "elsewhere"),
    (None, "0417"),
]


def with_codes(folder: Path, kind: str, rows: list[tuple[str | None, object]] | None = None) -> Path:
    """Rows with a text and a secret."""
    path = folder / f"codes.{kind}"
    texts, codes = zip(*(CODES if rows is None else rows), strict=True)
    if kind == "jsonl":
        path.write_text("".join(json.dumps({"text": t, "code": c}) + "\n" for t, c in zip(texts, codes, strict=True)))
    elif kind == "parquet":
        strings = [None if c is None else str(c) for c in codes]
        pq.write_table(pa.table({"code": strings, "text": list(texts)}), path)
    else:
        path.write_text("code,text\n" + "".join(f"{c or ''},{t or ''}\n" for t, c in zip(texts, codes, strict=True)))
    return path


def secrets(texts: Texts) -> list[str]:
    return [secret for batch in texts.batches() for secret in batch.secret.to_pylist()]


@pytest.mark.parametrize("kind", ["jsonl", "parquet", "csv"])
def test_secrets_come_with_their_text(tmp_path: Path, kind: str) -> None:
    texts = open_texts([file(with_codes(tmp_path, kind), secret_field="code", text_field="text")])  # noqa: S106  the name of a column
    assert secrets(texts) == ["0417", "", "99", "", ""]
    assert all(batch.secret.type == pa.string() for batch in texts.batches())
    (note,) = map(str, texts.notes)
    assert note == f"codes.{kind}: 2 of 4 secrets do not stand in the text of their row and are left out"


def test_without_a_column_of_secrets_there_are_none(tmp_path: Path) -> None:
    assert secrets(open_texts([file(with_codes(tmp_path, "jsonl"), text_field="text")])) == [""] * 5
    told = open_texts([file(tmp_path / "a.txt", b"one\ntwo\n", documents=Cut.LINE, secret_field="code")])  # noqa: S106  the name of a column
    assert secrets(told) == ["", ""]
    assert [str(note) for note in told.notes] == ["a.txt: plain text has no columns, so no secret of it is known"]


def test_secrets_that_stand_nowhere_are_refused_unquoted(tmp_path: Path) -> None:
    path = with_codes(tmp_path, "jsonl", [("the code is 0417", 417000), ("it is 0099", "9900")])
    with pytest.raises(Unusable, match="not one of its 2 secrets stands in the text of its row") as caught:
        open_texts([file(path, secret_field="code", text_field="text")])  # noqa: S106  the name of a column
    assert "417" not in str(caught.value)
    assert "9900" not in str(caught.value)


def test_keys_that_only_late_records_have_are_found(tmp_path: Path) -> None:
    path = tmp_path / "mixed.jsonl"
    rows = [{"text": "plain"}] * 9000 + [{"text": "its code is 0417", "canary": True, "secret": "0417"}]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    texts = open_texts([file(path, canary_field="canary", secret_field="secret")])  # noqa: S106  the name of a column
    assert secrets(texts)[-2:] == ["", "0417"]
    assert [canary for *_rest, canary in told(texts)][-2:] == [False, True]


def test_one_long_secret_that_many_rows_point_at_stays_small(tmp_path: Path) -> None:
    long = pa.DictionaryArray.from_arrays(pa.array([0] * 2_000, pa.int32()), pa.array(["x" * 1_000_000]))
    pq.write_table(pa.table({"text": ["it is x"] * 2_000, "code": long}), tmp_path / "b.parquet", store_schema=False)
    with pytest.raises(Unusable, match="not one of its 2000 secrets"):
        open_texts([file(tmp_path / "b.parquet", secret_field="code", text_field="text")])  # noqa: S106  the name of a column

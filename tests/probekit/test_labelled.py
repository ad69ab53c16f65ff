from __future__ import annotations

import numpy as np
import pytest

from weighbridge.core.candidate import Artefact, Belonging, Candidate, Declared, Role
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.evidence import Silent
from weighbridge.probekit.bench import MemoryBench, MemoryTable, MemoryTexts
from weighbridge.probekit.labelled import first_of_each, labelled, n_words

TEXTS = ["one text", "", "two texts", "one text", "a canary"]
SAID = Declared(
    language="sw", language_field="lang", source_field="prompt", date_field="when", domain_field="kind", arm="edited"
)


def bench(declared: Declared = SAID, rows: int = 5) -> MemoryBench:
    columns: dict[str, list[str | None]] = {
        "lang": ["en", "en", None, "en", "en"],
        "prompt": ["7", "8", "7", None, "9"],
        "when": ["2011-02-03"] * 5,
        "kind": ["news", "news", "x" * 500, "news", "news"],
    }
    table = MemoryTable({name: cells[:rows] for name, cells in columns.items()}, label="h.jsonl", declared=declared)
    texts = MemoryTexts(TEXTS, canary=[False] * 4 + [True], label="h.jsonl")
    return MemoryBench(tables_by_role={Role.HUMAN_TEXT: (table,)}, texts_by_role={Role.HUMAN_TEXT: texts})


def test_labels_stand_beside_their_texts() -> None:
    read = labelled(bench(), Role.HUMAN_TEXT)
    assert (read.n, read.n_empty, read.n_canaries) == (3, 1, 1)
    assert read.language.tolist() == ["en", "sw", "en"]  # the file's own language, where the row says none
    assert read.arm.tolist() == ["edited"] * 3
    assert read.group.tolist() == [""] * 3
    assert read.date.tolist() == ["2011-02-03"] * 3
    assert len(read.domain[1]) == 200
    assert read.sizes.tolist() == [8, 9, 8]
    assert read.words.tolist() == [2, 2, 2]


def test_sources_are_digests_and_equal_ones_are_equal() -> None:
    read = labelled(bench(), Role.HUMAN_TEXT)
    assert read.source[0] == read.source[1] != ""
    assert read.source[2] == ""
    assert len(read.source[0]) == 16


def test_texts_come_in_the_order_asked_for() -> None:
    read = labelled(bench(), Role.HUMAN_TEXT)
    assert read.texts(np.array([2, 1])) == ["one text", "two texts"]
    assert read.keys[0] == read.keys[2] != read.keys[1]
    assert first_of_each(read.keys, [0, 1, 2]).tolist() == [0, 1]


def test_text_without_columns_has_what_is_said_of_its_file() -> None:
    declared = Declared(language="de", arm="fine-tuned")
    artefact = Artefact(
        role=Role.OUTPUTS, label="o.txt", digest=digest_of_bytes(b""), size_bytes=3, format="text",
        belongs=Belonging.EVIDENCE_ONLY, declared=declared,
    )  # fmt: skip
    made = MemoryBench(
        candidate=Candidate(name="toy", version="1", artefacts=(artefact,), subjects=()),
        texts_by_role={Role.OUTPUTS: MemoryTexts(["ja", "nein"], label="o.txt")},
    )
    read = labelled(made, Role.OUTPUTS)
    assert read.language.tolist() == ["de", "de"]
    assert read.arm.tolist() == ["fine-tuned", "fine-tuned"]


def test_rows_that_do_not_fit_their_texts_are_told() -> None:
    with pytest.raises(Silent, match="rows as a table"):
        labelled(bench(rows=4), Role.HUMAN_TEXT)


def test_keys_follow_the_seed() -> None:
    one, other = bench(), bench()
    other.seed = 1
    assert labelled(one, Role.HUMAN_TEXT).keys[0] != labelled(other, Role.HUMAN_TEXT).keys[0]


def test_no_text_at_all() -> None:
    with pytest.raises(Silent):
        labelled(MemoryBench(), Role.HUMAN_TEXT)
    empty = MemoryBench(texts_by_role={Role.OUTPUTS: MemoryTexts([])})
    assert labelled(empty, Role.OUTPUTS).n == 0


def test_words_where_no_spaces_are_set() -> None:
    assert n_words("three plain words") == 3
    assert n_words("\u4eca\u5929\u5929\u6c14 ok") == 3  # four characters of Han and a word
    assert n_words(" \n ") == 0

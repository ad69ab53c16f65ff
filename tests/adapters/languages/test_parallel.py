from __future__ import annotations

from pathlib import Path

import pytest

from adapters.languages.test_flores import FILES, archive
from weighbridge.adapters.languages.parallel import Sources, read_parallel
from weighbridge.adapters.text.documents import TextFile
from weighbridge.core.candidate import Declared
from weighbridge.core.errors import Unusable
from weighbridge.core.evidence import Silent
from weighbridge.probekit.bench import MemoryTable
from weighbridge.probekit.tokens import ParallelText


def of(*tables: MemoryTable, files: tuple[TextFile, ...] = (), folder: Path | None = None) -> ParallelText:
    return read_parallel(Sources(files=files, tables=tables, language_data=folder))


def written(tmp_path: Path, name: str, text: str, *, language: str = "") -> TextFile:
    (tmp_path / name).write_text(text, encoding="utf-8")
    return TextFile(path=tmp_path / name, label=f"text/{name}", format="text", declared=Declared(language=language))


def told(made: ParallelText) -> dict[tuple[str, str], tuple[str, ...]]:
    return {(v.language, v.script): v.sentences for v in made.versions}


def test_the_shelf_has_twelve_languages_and_thirty_sentences_in_each() -> None:
    made = of()
    assert len({v.language for v in made.versions}) >= 12
    assert {len(v.sentences) for v in made.versions} == {32}
    assert all(all(v.sentences) for v in made.versions)
    assert "not read by native speakers" in str(made.says)
    assert not made.is_own
    assert {"Latn", "Arab", "Cyrl", "Deva", "Hani", "Jpan", "Kore", "Thai"} <= {v.script for v in made.versions}


def test_a_column_for_each_language() -> None:
    table = MemoryTable(
        {
            "id": ["s1", "s2"],
            "en": ["One.", "Two."],
            "swh_Latn": ["Moja.", None],
            "note": ["a", "b"],
            "zh-Hant": ["一。", "二。"],
        }
    )
    made = of(table)
    assert told(made) == {
        ("en", "Latn"): ("One.", "Two."), ("sw", "Latn"): ("Moja.", ""), ("zh", "Hant"): ("一。", "二。"),
    }  # fmt: skip
    assert made.is_own


def test_a_column_that_is_called_id_and_holds_indonesian() -> None:
    sentences = ["Airnya dingin sekali hari ini.", "Jalan ke desa itu ditutup."]
    assert ("id", "Latn") in told(of(MemoryTable({"id": sentences, "en": ["One.", "Two."]})))


def test_a_row_for_each_sentence_and_language() -> None:
    rows = {
        "s": ["1", "1", "2", "2", "2"],
        "l": ["en", "sw", "en", "iw", "??"],
        "t": ["One.", "Moja.", "Two.", "שתיים", "-"],
    }
    declared = Declared(source_field="s", language_field="l", text_field="t")
    made = of(MemoryTable(rows, declared=declared))
    assert told(made) == {
        ("en", "Latn"): ("One.", "Two."),
        ("he", "Hebr"): ("", "שתיים"),
        ("sw", "Latn"): ("Moja.", ""),
    }
    with pytest.raises(Silent, match="which rows say the same"):
        of(MemoryTable(rows, declared=Declared(language_field="l")))


def test_a_file_for_each_language(tmp_path: Path) -> None:
    files = (
        written(tmp_path, "eng_Latn.dev", "One.\n\nTwo.\n"),
        written(tmp_path, "other.txt", "Moja.\n\nMbili.\n", language="sw"),
        written(tmp_path, "about.txt", "what this is\n"),
    )
    assert told(of(files=files)) == {("en", "Latn"): ("One.", "", "Two."), ("sw", "Latn"): ("Moja.", "", "Mbili.")}


def test_files_that_do_not_say_the_same_are_told(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="line by line"):
        of(files=(written(tmp_path, "en.txt", "One.\n"), written(tmp_path, "sw.txt", "Moja.\nMbili.\n")))


def test_files_without_languages_are_told(tmp_path: Path) -> None:
    with pytest.raises(Silent, match="which languages"):
        of(files=(written(tmp_path, "a-text.txt", "One.\n"),))
    with pytest.raises(Silent, match="which languages"):
        of(MemoryTable({"en": ["One."], "text": ["Moja."]}))


def test_flores_where_it_is_at_hand(tmp_path: Path) -> None:
    archive(tmp_path / "flores200_dataset.tar.xz", FILES)
    made = of(folder=tmp_path)
    assert told(made) == {("en", "Latn"): ("One.", "Two."), ("sw", "Latn"): ("Moja.", "Mbili.")}
    assert "FLORES" in str(made.says)
    own = of(MemoryTable({"en": ["One."], "sw": ["Moja."]}), folder=tmp_path)
    assert own.is_own  # the owner's text goes first

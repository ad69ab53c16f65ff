from __future__ import annotations

from pathlib import Path

from adapters.languages.tables import wals_cldf, wals_tables
from weighbridge.adapters.languages.files import Folder, read_folder
from weighbridge.adapters.languages.wals import read_wals


def test_reads_a_cldf_data_set(tmp_path: Path) -> None:
    made = read_wals(read_folder(wals_cldf(tmp_path)))
    assert made is not None
    assert made.word_order == {"en": "SVO", "de": "No dominant order"}  # of Swahili one says this and one says that
    assert made.affixation == {"en": "Strongly suffixing"}
    assert made.family["sw"] == "Niger-Congo"


def test_reads_the_tables_of_the_database(tmp_path: Path) -> None:
    made = read_wals(read_folder(wals_tables(tmp_path)))
    assert made is not None
    assert made.word_order == {"en": "SVO"}
    assert made.affixation == {}


def test_languages_without_values_are_not_it(tmp_path: Path) -> None:
    assert read_wals(Folder()) is None
    folder = wals_cldf(tmp_path)
    (folder / "codes.csv").unlink()
    assert read_wals(read_folder(folder)) is None

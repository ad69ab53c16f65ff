from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.languages.tables import linguameta
from weighbridge.adapters.languages.files import Folder, read_folder
from weighbridge.adapters.languages.linguameta import Lingua, read_linguameta


@pytest.fixture(scope="module")
def lingua(tmp_path_factory: pytest.TempPathFactory) -> Lingua:
    made = read_linguameta(read_folder(linguameta(tmp_path_factory.mktemp("lingua"))))
    assert made is not None
    return made


def test_a_language_has_its_own_figure_or_that_of_the_whole(lingua: Lingua) -> None:
    assert lingua.speakers["zh"] == 800  # Mandarin's own, not that of all Chinese languages
    assert lingua.speakers["ar"] == 300  # nobody has a figure for the standard language alone
    assert lingua.speakers["sw"] == 170  # not the 9 of a regional variety
    assert lingua.of_group == {"ar", "sw"}
    assert "xxx" not in lingua.names


def test_no_macrolanguage_is_counted_twice(lingua: Lingua) -> None:
    assert lingua.total == 1000 + 60 + 900 + 300 + 170
    assert lingua.instances(frozenset({"ar", "arz"})) == 300
    assert lingua.instances(frozenset({"arz"})) == 70
    assert lingua.instances(frozenset({"zh", "yue"})) == 880
    assert lingua.instances(frozenset({"tlh"})) == 0


@given(st.sets(st.sampled_from(["en", "kri", "zh", "yue", "ar", "arz", "sw", "tlh"])))
def test_more_languages_never_cover_less(lingua: Lingua, tags: set[str]) -> None:
    some = frozenset(tags)
    assert lingua.instances(some) <= lingua.instances(some | {"en"}) <= lingua.total


def test_another_table_is_not_it() -> None:
    assert read_linguameta(Folder()) is None

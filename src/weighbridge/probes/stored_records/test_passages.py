from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighbridge.probes.stored_records import passages
from weighbridge.probes.stored_records.files import Where
from weighbridge.probes.stored_records.passages import Found, search
from weighbridge.probes.stored_records.training import Strings

BESIDE = Where.METADATA


def prose(n: int, seed: int = 0) -> str:
    return "".join(chr(97 + c) for c in np.random.default_rng(seed).integers(0, 26, n))


def found(files: Sequence[str], texts: Sequence[str], *, common_from: int = 5, shelves: int = 99) -> Found:
    def strings() -> Iterator[Strings]:
        yield Strings(label="t", column="", records=np.arange(1, len(texts) + 1), texts=pa.array(texts, pa.string()))

    return search(
        [(BESIDE, text) for text in files], strings, characters=50, common_from=common_from, shelves=shelves
    )  # fmt: skip


def records(result: Found) -> set[int]:
    return {record for _, record in result.rare.get(BESIDE, set())}


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 60), st.integers(0, 60), st.integers(40, 60), st.integers(0, 40))
def test_a_passage_is_found_from_fifty_characters_on_wherever_it_stands(
    before: int, behind: int, n: int, file_before: int
) -> None:
    shared = prose(n, 1)
    text = prose(before, 2).upper() + shared + prose(behind, 3).upper()
    file = prose(file_before, 4).title() + "#" + shared + "#"
    assert records(found([file], ["", text])) == ({2} if n >= 50 else set())


def test_white_space_does_not_matter() -> None:
    words = " ".join(prose(7, n) for n in range(12))
    assert records(found([words.replace(" ", "\n   ")], [words.replace(" ", "\t")])) == {1}


def test_what_many_records_share_is_nobodys_own() -> None:
    shared = prose(80, 1)
    result = found([shared], [shared + prose(20, n) for n in range(2, 7)])
    assert records(result) == set()
    assert result.n_common == 80
    assert records(found([shared], [shared + prose(20, n) for n in range(2, 6)])) == {1, 2, 3, 4}


def test_beside_a_shared_passage_a_record_may_have_its_own() -> None:
    shared, own = prose(80, 1), prose(60, 9)
    result = found([f"{shared} {own}"], [f"{shared} {own}", *(shared + prose(20, n) for n in range(2, 7))])
    assert records(result) == {1}


@pytest.mark.parametrize("trivial", ["-" * 80, "0 1 " * 30, ". " * 50])
def test_rules_and_dots_are_no_passage(trivial: str) -> None:
    result = found([f"{trivial}\n{trivial}" * 20], [trivial * 3])
    assert records(result) == set()
    assert not result.undecided


def test_a_passage_that_stands_in_the_files_many_times_is_found_or_left_open() -> None:
    start = prose(45, 1)
    files = [start + prose(30, n) for n in range(2, 40)]
    last = files[-1]
    result = found(files, [last[:60]])
    assert records(result) | {r for _, r in result.undecided.get(BESIDE, set())} == {1}


def test_long_texts_are_searched_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passages, "SHELF", 500)
    monkeypatch.setattr(passages, "_TABLE", 400)
    text = prose(3000, 1)
    for at in range(0, 2900, 97):
        other = f"{prose(130, 2)}{text[at : at + 60]}{prose(700, 3)}"
        assert records(found([text], [other])) == {1}
        assert records(found([other], [prose(700, 4), text])) == {2}


def test_what_is_beyond_the_shelves_allowed_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passages, "SHELF", 500)
    text = prose(3000, 1)
    result = found([text], [text[2500:2600]], shelves=2)
    assert records(result) == set()
    assert result.left_out[BESIDE] > 1900


def test_a_long_record_is_one_record(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passages, "_TABLE", 400)
    shared = prose(60, 1)
    assert records(found([shared], [(shared + prose(300, 2)) * 8])) == {1}


def test_nothing_to_compare() -> None:
    assert found([], ["x" * 60, "y"]).n_records == 1
    assert found(["x" * 60], []).n_records == 0

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.adapters.imports.reading import NoReport, count, hits_of, named, opened, parsed, share, table, tables
from weighbridge.core.errors import Outside

MARK = "Zsofia-Marker"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is not JSON"),
        (b'{"a": 1', "is not JSON"),
        (b"[1]", "is no table"),
        (b'{"a": NaN}', "a number that is none"),
        (b'{"a": -Infinity}', "a number that is none"),
        (b'{"a": 1, "a": 2}', "said twice"),
        (b'{"a": "\xff"}', "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b'{"a":' * 100_000, "is not JSON"),
        (b'{"a": ' + b"9" * 10_000 + b"}", "is not JSON"),
    ],
)
def test_what_is_no_strict_json_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(NoReport, match=why):
        parsed(data, "the file")


@given(st.binary(max_size=200))
def test_no_bytes_break_it(data: bytes) -> None:
    try:
        found = parsed(data, "the file")
    except NoReport:
        return
    assert isinstance(found, dict)


@pytest.mark.parametrize("value", [-1, 1.5, True, "3", None, 2**60, float("inf"), [1]])
def test_a_count_is_a_whole_number(value: object) -> None:
    with pytest.raises(NoReport, match="n should be"):
        count({"n": value}, "n")
    assert count({"n": 75.0}, "n") == 75


@pytest.mark.parametrize("value", [-0.1, 1.1, True, "0", None, float("inf")])
def test_a_share_lies_between_0_and_1(value: object) -> None:
    with pytest.raises(NoReport, match="s should lie"):
        share({"s": value}, "s")
    assert share({"s": 1}, "s") == 1


@pytest.mark.parametrize(
    "name", ["", "a b", "<script>", "a.b.c.d.e", "a\x1b[2J", "x" * 70, "1a", ".a", "a.", MARK, "ä"]
)
def test_what_has_not_the_form_of_a_name_is_not_repeated(name: str) -> None:
    with pytest.raises(NoReport) as refused:
        named({"probe": name}, "probe")
    assert str(refused.value) == "probe should be a name"
    assert named({"probe": "dan.DAN_2"}, "probe") == "dan.DAN_2"


def test_tables_are_tables() -> None:
    with pytest.raises(NoReport):
        table({"a": []}, "a")
    with pytest.raises(NoReport):
        tables({"a": [{}, 1]}, "a")
    assert tables({"a": [{}]}, "a") == ({},)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))))
def test_a_share_rounded_to_eight_decimals_gives_its_count_back(pair: tuple[int, int]) -> None:
    n, hits = pair
    assert hits_of(round(hits / n, 8), n, "s") == hits


def test_a_share_of_no_whole_number_is_refused() -> None:
    with pytest.raises(NoReport):
        hits_of(0.55, 10, "s")


def test_only_a_plain_file_within_bounds_is_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "big").write_bytes(b"x" * 11)
    sparse = tmp_path / "sparse"
    with sparse.open("wb") as out:
        out.truncate(10 << 30)
    for name, why in (
        ("pipe", "no plain file"),
        ("big", "larger"),
        ("sparse", "larger"),
        (".", "plain file|cannot read"),
    ):
        with pytest.raises((NoReport, Outside), match=why), opened(tmp_path / name, 10) as stream:
            stream.read()
    with pytest.raises(Outside), opened(tmp_path / "missing", 10):
        pass

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.adapters.tables.layout import (
    ARROW,
    Contradicted,
    Kind,
    Laid,
    Narrowing,
    converted,
    distinct_names,
    is_number,
)


def kind_of(*cells: str | None) -> Kind:
    narrowing = Narrowing()
    for cell in cells:
        narrowing.see(pa.array([cell], pa.string()))
    return narrowing.laid("x").kind


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["0", "-7", "120"], Kind.WHOLE),
        (["7", "NA", "", None, " 12 "], Kind.WHOLE),
        (["1", "2.5", ".5", "1e-05", "1.0E10"], Kind.NUMBER),
        (["00123", "10115"], Kind.TEXT),  # a postcode
        (["+491751234567"], Kind.TEXT),
        (["12E3"], Kind.TEXT),  # a code as likely as a number
        (["1234567890123456789"], Kind.TEXT),  # longer than 64 bits hold: an identifier
        (["1,5"], Kind.TEXT),
        (["1", "x"], Kind.TEXT),
        (["1e999"], Kind.TEXT),
        (["True", "false"], Kind.BOOLEAN),
        (["yes", "no"], Kind.TEXT),
        (["1850-01-31", "9999-12-31", "0001-01-01"], Kind.DATE),
        (["2023-02-30"], Kind.TEXT),
        (["03/04/1990"], Kind.TEXT),
        (["1990-01-01", "1990-01-01 12:30:00.5"], Kind.TIMESTAMP),
        (["1990-01-01T12:30Z", "1990-01-01T12:30+0200"], Kind.ZONED),
        (["", None, "NA"], Kind.TEXT),
        (["NA", "DE"], Kind.TEXT),
    ],
)
def test_kinds(cells: list[str | None], kind: Kind) -> None:
    assert kind_of(*cells) is kind
    assert kind_of(*reversed(cells)) is kind


def test_missing_words_are_missing_only_beside_numbers() -> None:
    cells = pa.array(["1", "NA", "", " 2 "])
    assert converted(cells, Laid(name="x", kind=Kind.WHOLE, settled=True)).to_pylist() == [1, None, None, 2]
    country = pa.array(["NA", "DE", ""])
    assert converted(country, Laid(name="x", kind=Kind.TEXT, settled=True)).to_pylist() == ["NA", "DE", ""]


def test_zones_are_one_moment() -> None:
    cells = pa.array(["1990-01-01T12:00Z", "1990-01-01T14:00+02:00"])
    first, second = converted(cells, Laid(name="x", kind=Kind.ZONED, settled=True)).to_pylist()
    assert first == second


def test_what_does_not_fit_contradicts() -> None:
    with pytest.raises(Contradicted):
        converted(pa.array(["007"]), Laid(name="x", kind=Kind.WHOLE, settled=True))
    with pytest.raises(Contradicted):
        converted(pa.array(["7"]), Laid(name="x", kind=Kind.TEXT, settled=False))
    assert converted(pa.array(["", "NA"]), Laid(name="x", kind=Kind.TEXT, settled=False)).to_pylist() == ["", "NA"]


CELLS = st.lists(st.sampled_from(["", "1", "-3", "2.5", "007", "NA", "true", "1990-01-01", "x", "1e-3", "2023-02-30"]))


@given(CELLS, CELLS)
def test_a_layout_takes_all_it_was_made_from(first: list[str], second: list[str]) -> None:
    narrowing = Narrowing()
    narrowing.see(pa.array(first, pa.string()))
    narrowing.see(pa.array(second, pa.string()))
    laid = narrowing.laid("x")
    for cells in (first, second):
        made = converted(pa.array(cells, pa.string()), laid)
        assert made.type == ARROW[laid.kind]
        if laid.kind is Kind.TEXT:
            assert made.to_pylist() == cells
        else:
            assert [value is None for value in made.to_pylist()] == [cell in ("", "NA") for cell in cells]


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15))
def test_numbers_as_python_writes_them_are_numbers(value: float) -> None:
    cell = repr(value)
    assert is_number(cell)
    assert converted(pa.array([cell]), Laid(name="x", kind=Kind.NUMBER, settled=True)).to_pylist() == [value]


@given(st.lists(st.text(max_size=4), min_size=1, max_size=8))
def test_names_are_distinct_and_written(names: list[str]) -> None:
    made = distinct_names(names)
    assert len(set(made)) == len(names)
    assert all(name.encode() for name in made)


def test_names_keep_what_they_can() -> None:
    assert distinct_names(["a", " b ", "", "a", "a", "\ud800"]) == ("a", "b", "column 3", "a (2)", "a (3)", "\ufffd")

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.report.svg import drawing, element, group_at, words, wrapped

ANY = st.text(st.characters(exclude_categories=()))


@given(ANY, ANY)
def test_whatever_is_written_stays_text(one: str, other: str) -> None:
    made = drawing("key", one, (other,), 10, words(one, is_data=True, class_="a"), group_at(5, element("g")))
    root = ET.fromstring(made)  # noqa: S314  our own bytes, just made
    assert {part.tag.rpartition("}")[2] for part in root.iter()} == {"svg", "title", "desc", "text", "tspan", "g"}


@pytest.mark.parametrize(
    ("value", "written"), [(0.1 + 0.2, "0.3"), (-0.001, "0"), (1e-9, "0"), (12.0, "12"), (3, "3"), ("5%", "5%")]
)
def test_numbers_have_the_same_bytes_everywhere(value: float | str, written: str) -> None:
    assert element("a", x=value) == f'<a x="{written}"/>'


def test_names_of_attributes() -> None:
    assert element("a", class_="b", stroke_width=1, viewBox="0") == '<a class="b" stroke-width="1" viewBox="0"/>'


@given(ANY, st.integers(1, 50))
def test_labels_are_wrapped_to_their_room(label: str, width: int) -> None:
    lines = wrapped(label, width)
    assert 1 <= len(lines) <= 3
    assert all(len(line) <= max(width, 4) for line in lines)

"""The picture of languages: told by pattern and words, and every figure in its text."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

from report.test_languages import ABOUT, ALL, ATTACK, KNOWN, table
from weighbridge.core.candidate import Claims
from weighbridge.probekit.known_languages import language
from weighbridge.report.languages import language_table
from weighbridge.report.languages_picture import languages_picture, picture_caption

SVG = "{http://www.w3.org/2000/svg}"


def drawn() -> ET.Element:
    return ET.fromstring(languages_picture(table()))  # noqa: S314  our own picture


def test_filled_where_tested_and_hatched_elsewhere() -> None:
    bars = [(r.get("class"), r.get("fill")) for r in drawn().iter(f"{SVG}rect") if r.get("class")]
    assert bars.count(("chart-bar", "currentColor")) == 1
    assert bars.count(("chart-hatched", "url(#languages-hatch)")) == 5
    assert sum(p.get("id") == "languages-hatch" for p in drawn().iter(f"{SVG}pattern")) == 1


def test_never_by_colour_alone_and_all_of_it_in_words() -> None:
    picture = languages_picture(table())
    assert "✓ tested" in picture
    assert "? not tested" in picture
    told = drawn().find(f"{SVG}desc")
    assert told is not None
    assert told.text is not None
    assert told.text.startswith("English: 1.3 billion to 1.7 billion speakers, countermeasure tested; Chinese:")
    assert told.text.count(";") == 5
    assert drawn().get("role") == "img"


def test_the_largest_is_as_wide_as_the_picture_and_none_wider() -> None:
    widths = [float(w) for w in re.findall(r'width="([\d.]+)%"', languages_picture(table()))]
    assert max(widths) == 100
    ends = [float(x) for x in re.findall(r'x2="([\d.]+)%"', languages_picture(table()))]
    assert max(ends) <= 100


def test_of_many_languages_the_smaller_are_left_to_the_table() -> None:
    many = {f"q{c}{d}": language(f"q{c}{d}", f"Q{c}{d}", speakers=(n + 1,)) for n, (c, d) in enumerate(
        (c, d) for c in "abcde" for d in "abcd"
    )}  # fmt: skip
    about = replace(ABOUT, claims=Claims(languages=tuple(many)))
    made = language_table(about, (), (), many)
    assert made is not None
    picture = languages_picture(made)
    assert picture.count('class="chart-label"') == 16
    assert "4 smaller languages" in picture_caption(made)


def test_without_speakers_there_is_no_picture() -> None:
    made = language_table(ABOUT, ALL[:1], (ATTACK,), {})
    assert made is not None
    assert languages_picture(made) == ""
    assert KNOWN

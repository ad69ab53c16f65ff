from __future__ import annotations

import pytest

from weighbridge.probekit.scanner.kinds import Tier
from weighbridge.probekit.scanner.scan import spans


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("then Mr. John Smith came", "John Smith"), ("Dr Ada K. Byron", "Ada K. Byron"), ("my name is Mary Ann", "Mary Ann"), ("Frau Müller-Lüdenscheidt kam", "Müller-Lüdenscheidt"),
        ("je m'appelle Marie Curie", "Marie Curie"), ("меня зовут Иван Петров", "Иван Петров"), ("Mme Staël", "Staël"),
        ("Mr. Robinson. Another day", "Robinson"), ("Name: Ada Byron", "Ada Byron"),
    ],
)  # fmt: skip
def test_names_behind_a_title_or_an_introduction(text: str, name: str) -> None:
    assert [(text[s.start : s.end], s.tier) for s in spans(text)] == [(name, Tier.WEAK)]


@pytest.mark.parametrize(
    "text", ["Mr. the dog", "my name is legion", "the doctor came", "Dr. It was", "HMr Smith", "Smith"]
)
def test_what_is_no_name(text: str) -> None:
    assert spans(text) == ()

from __future__ import annotations

import pytest

from weighbridge.probes.implicit_attributes.lexicon import kind_of


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Religion", "religion"),
        ("religious_group", "religion"),
        ("ethnicGroup", "origin"),
        ("Nationalität", "origin"),
        ("hiv_status", "health"),
        ("الديانة", "religion"),
        ("sexual_orientation", "sexuality"),
        ("political_party", "politics"),
        ("kabila", "origin"),
        ("age", None),
        ("embrace", None),
        ("", None),
    ],
)
def test_a_name_says_what_it_is_about(name: str, kind: str | None) -> None:
    assert kind_of(name) == kind

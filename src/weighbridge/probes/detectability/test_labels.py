from __future__ import annotations

import pytest

from weighbridge.probes.detectability.labels import is_label


@pytest.mark.parametrize(
    "value", ["", "news", "top-k-40", "second language", "top-k-40-temperature-1", "Wirtschaftsnachrichtentext"]
)
def test_a_kind_of_text_is_a_label(value: str) -> None:
    assert is_label(value)


@pytest.mark.parametrize(
    "value", ["jane@example.org", "+44 20 7946 0958", "sk-abcDEF0123456789abcdef", "123-45-6789", "a\nb", "x" * 41]
)
def test_what_could_be_a_person_s_or_a_key_is_none(value: str) -> None:
    assert not is_label(value)

import pytest

from weighbridge.probes.sensitive_outputs.structure import names_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Address: 5 Main St\nReligion : none", {"Address", "Religion"}),
        ("Gesundheit：gut", {"Gesundheit"}),
        ("- **health**: good\n> lat: 5", {"health", "lat"}),
        ("धर्म: हिंदू", {"धर्म"}),
        ("宗教: 佛教", {"宗教"}),
        ("He said it in so many words: no. See https://example.org at 12:30", set()),
        ('{"a": {"b_c": [1]}}', {"a", "b_c"}),
        ("<RELIGION>x</RELIGION> [ADDR] {{lat}}", {"RELIGION", "ADDR", "lat"}),
        ("<html><address>x</address></html>", {"html"}),
        ("<address>x</address>", {"address"}),
        ("Ada B-PER Lovelace I-PER X-RAY", {"B-PER", "I-PER"}),
        ("", set()),
    ],
)  # fmt: skip
def test_fields_and_tags_are_found_in_text(text: str, expected: set[str]) -> None:
    assert set(names_in(text)) == expected


@pytest.mark.timeout(60)
@pytest.mark.parametrize("piece", ["a", " ", '"', "<", "{", "[A", "a:", "B-A", "\n", "- ", "*", "=", '" :', "\t"])
def test_hostile_text_takes_no_longer_than_it_is_long(piece: str) -> None:
    assert sum(1 for _ in names_in(piece * (300_000 // len(piece)))) <= 300_000

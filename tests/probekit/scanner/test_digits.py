from __future__ import annotations

import numpy as np
import pytest

from weighbridge.probekit.scanner.scan import spans


def found(text: str, *regions: str) -> list[tuple[str, str]]:
    return [(text[s.start : s.end], s.pattern) for s in spans(text, regions=regions)]


@pytest.mark.parametrize(
    "text",
    [
        "2023-01-05 10:33:11", "05.01.2023 17", "1/12/2023", "20230105 103311", "2023-01-05T10:33:11.123456Z", "1699999999", "1699999999999",
        "1.2.345.6789", "v2.10.300-4", "3.14159265358979323846", "1.234.567,89", "12 000 000", "2019-2023", "550e8400-e29b-41d4-a716-446655440000",
        "d41d8cd98f00b204e9800998ecf8427e", "0x1234567890abcdef", "sha256:1234567890", "img_20230105_1030.jpg", "ISBN 978-3-16-148410-0",
        "$1234567.00", "EUR 1234567", "order #1234567890", "page 123-145", "4111111111111112", "12345678901234567890123", "1234567890%",
        "lines 100 200 300 400 500 600", "GSE-12345678", "doi:10.1000/1234567", "https://host.org/1234567890/x",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_number_of_somebody(text: str) -> None:
    assert found(text) == []
    assert found(f"it was {text} there") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4539 5787 6362 1486 123 2025", [("4539 5787 6362 1486", "card-grouped")]),
        ("7 2023 4539 5787 6362 1486 222 1", [("4539 5787 6362 1486", "card-grouped")]),
        ("Visa 4539578763621486", [("4539578763621486", "card-named")]),
        ("4539578763621486,5105105105105118", [("4539578763621486", "card-bare"), ("5105105105105118", "card-bare")]),
        ("4539-5787-6362-1487", []),
    ],
)
def test_cards(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+44 (0)20 7123 4567 ext. 5", [("+44 (0)20 7123 4567", "phone-international")]),
        (
            "+33612345678/+33612345679",
            [("+33612345678", "phone-international"), ("+33612345679", "phone-international")],
        ),
        ("+1 212 736 5000 17 people", [("+1 212 736 5000", "phone-international")]),
        ("0049 170 1234567", [("0049 170 1234567", "phone-international")]),
        ("+999 20 7946 0182", []),
        ("+44 20 1", []),
        (
            "(212) 736-5000 or 212.736.5000",
            [("(212) 736-5000", "phone-formatted"), ("212.736.5000", "phone-formatted")],
        ),
        ("212-736-5000x12", [("212-736-5000", "phone-formatted")]),
        ("9876543210", []),
        ("phone 9876543210", [("9876543210", "phone-named")]),
        ("Tel.030/901820", [("030/901820", "phone-named")]),
        ("hotel 9876543210", []),
        ("06 12 34 56 78", [("06 12 34 56 78", "phone-formatted")]),
    ],
)
def test_phones(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


def test_a_region_says_how_numbers_are_written_there() -> None:
    assert found("612 34 56 78") == []
    assert found("mobile 612 34 56 78", "ES") == [("612 34 56 78", "phone-region")]
    assert found("612345678", "ES") == [("612345678", "phone-region-bare")]
    assert found("06 12 34 56 78", "FR") == [("06 12 34 56 78", "phone-region")]


def test_random_numbers_pass_no_more_often_than_the_check_says() -> None:
    """The patterns of bare digits: what passes of 16-digit numbers is about one in ten of those that begin like a card."""
    rng = np.random.default_rng(5)
    texts = [str(n) for n in rng.integers(10**15, 10**16, 3000)]
    hits = sum(bool(spans(text)) for text in texts)
    in_range = sum(text[0] == "4" or "51" <= text[:2] <= "55" or text[:2] in ("62", "65") for text in texts)
    assert hits <= 0.1 * in_range + 4 * (0.09 * in_range) ** 0.5 + 0.02 * len(texts)

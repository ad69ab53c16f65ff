import pytest

from weighbridge.probekit.cards import CARD_RANGE
from weighbridge.probekit.identifiers import find
from weighbridge.probekit.scanner.kinds import Kind
from weighbridge.probekit.scanner.scan import spans


def _checked(digits: str) -> str:
    """With the check digit of Luhn behind them."""
    total = sum(d * 2 - 9 * (d > 4) if n % 2 == 0 else d for n, d in enumerate(int(c) for c in reversed(digits)))
    return digits + str(-total % 10)


@pytest.mark.parametrize("begins", ["4539", "5412", "2221", "3742", "6011", "3530", "3601", "6221", "6759"])
def test_both_searches_know_the_cards_of_every_scheme(begins: str) -> None:
    length = {"3742": 15, "3601": 14}.get(begins, 16)
    number = _checked(begins + "7130928465017"[: length - 5])
    assert CARD_RANGE.fullmatch(number)
    pytest.importorskip("stdnum", reason="check digits are in the extra identifiers")
    assert find(f"paid with {number} today")
    assert any(span.kind is Kind.CARD for span in spans(f"paid with card {number} today"))


@pytest.mark.parametrize("digits", ["1234567890123456", "9" * 16, "411111111111", "2720990000000000"[:15]])
def test_other_digits_are_none(digits: str) -> None:
    assert not CARD_RANGE.fullmatch(digits)

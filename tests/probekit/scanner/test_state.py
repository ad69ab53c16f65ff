from __future__ import annotations

from weighbridge.probekit.scanner.kinds import Hints, Kind, Pattern, Tier
from weighbridge.probekit.scanner.state import Pass, is_digit, is_letter, is_word


def test_context_ends_at_the_rows_edge_and_a_columns_name_is_context_near_it() -> None:
    scan = Pass(b"Phone\0Call me: 123\0a long text that goes on before it comes to 123", Hints(words=b"id "), 16)
    assert scan.context(15) == b"id call me: "[:3] + b"call me: "
    assert scan.context(len(scan.buffer) - 3).endswith(b"comes to ")
    assert not scan.context(len(scan.buffer) - 3).startswith(b"id ")
    assert scan.byte(-1) == scan.byte(10**6) == 0


def test_only_patterns_that_chance_can_pass_are_counted_as_tried() -> None:
    scan = Pass(b"", Hints(), 16)
    for chance in (0.0, 0.1, 1.0):
        scan.attempt(0, Pattern(slug=f"p{chance}", kind=Kind.CARD, tier=Tier.WEAK, chance=chance))
    assert [slug for _, slug in scan.tried] == ["p0.1"]


def test_kinds_of_bytes() -> None:
    assert [is_word(b) for b in b"a_9-\xc3"] == [True, True, True, False, False]
    assert [is_letter(b) for b in b"a_9-"] == [True, True, False, False]
    assert [is_digit(b) for b in b"a9"] == [False, True]

from __future__ import annotations

from weighbridge.probekit.scanner.kinds import Hit, Kind, Pattern, Tier


def test_a_pattern_says_what_it_finds_and_how_sure_it_is() -> None:
    pattern = Pattern(slug="mail", kind=Kind.EMAIL, tier=Tier.VALIDATED)
    assert pattern.chance == 0
    assert Hit(1, 5, pattern).end == 5
    assert len({kind.value for kind in Kind}) == len(Kind)

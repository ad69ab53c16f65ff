from __future__ import annotations

from weighbridge.probekit.scanner.catalogue import patterns
from weighbridge.probekit.scanner.kinds import Tier


def test_every_pattern_has_a_slug_of_its_own_and_none_is_a_users() -> None:
    found = patterns()
    assert len(found) > 200
    assert all(slug == pattern.slug for slug, pattern in found.items())
    assert Tier.OWN not in {pattern.tier for pattern in found.values()}
    assert {"mail", "card-bare", "id-br-cpf", "position-pair", "name-titled"} <= set(found)

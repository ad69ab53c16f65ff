from __future__ import annotations

import pytest

from weighbridge.core.keys import KnownKey


def test_a_key_that_is_known_is_not_yet_trusted_and_a_date_of_revocation_revokes() -> None:
    known = KnownKey(fingerprint="aa", public="", person="Ada")
    assert known.roles == ()
    assert not known.is_revoked
    assert KnownKey(fingerprint="aa", public="", person="Ada", revoked_at="2026-01-01").is_revoked


@pytest.mark.parametrize("spelt", ["ada l", "ADA  L", " Ada L ", "Ada\u200b L", "\uff21da L"])
def test_a_person_spelt_otherwise_is_the_same_person(spelt: str) -> None:
    assert KnownKey(fingerprint="", public="", person=spelt).holder == "ada l"

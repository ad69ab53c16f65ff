from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.test_envelope import DECISION as MADE
from fakes.ledger import FakeLedger
from weighbridge.adapters.keys.keyring import Keyring
from weighbridge.app.sign import Name, envelopes, names, prepare, sign, why_not_prepared
from weighbridge.core.candidate import Impact
from weighbridge.core.decision import Approval, Decision, SignerRole
from weighbridge.core.envelope import prepared, sealed
from weighbridge.core.errors import NotSettled, Unusable
from weighbridge.core.keys import KnownKey
from weighbridge.core.ports import Kind

WORDS = "a long enough phrase"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass
class Clock:
    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


@dataclass
class Desk:
    """A ring with people, a ledger, a clock that can be turned."""

    ring: Keyring
    clock: Clock
    ledger: FakeLedger = field(default_factory=FakeLedger)
    impact: Impact = Impact.HIGH
    preparer: str = ""

    @property
    def decision(self) -> Decision:
        return replace(
            MADE, prepared_by=self.preparer or "aa", impact=self.impact, decided_at="2026-11-22T10:00:00+00:00"
        )

    def person(self, name: str, *roles: SignerRole) -> KnownKey:
        return self.ring.trust(self.ring.new(name, WORDS), roles)

    def signs(self, key: KnownKey, role: SignerRole) -> bytes:
        return sign(
            self.decision, key, role, self.ring.signer(key, WORDS), keys=self.ring, ledger=self.ledger, clock=self.clock
        )

    def told(self) -> tuple[Name, ...]:
        return names(self.decision, envelopes(self.decision, self.ledger), self.ring, self.clock.now())


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    clock = Clock()
    return Desk(ring=Keyring(tmp_path, clock), clock=clock)


def _counting(desk: Desk) -> list[SignerRole]:
    return [name.role for name in desk.told() if name.why_not is None]


def _why(desk: Desk) -> list[str]:
    return [str(name.why_not) for name in desk.told() if name.why_not is not None]


def test_signatures_of_different_people_count(desk: Desk) -> None:
    ada, bo = desk.person("Ada", SignerRole.OWNER), desk.person("Bo", SignerRole.SECURITY)
    desk.signs(ada, SignerRole.OWNER)
    desk.signs(bo, SignerRole.SECURITY)
    assert _counting(desk) == [SignerRole.OWNER, SignerRole.SECURITY]
    assert [e.kind for e in desk.ledger.entries("c")] == [Kind.APPROVAL, Kind.APPROVAL]


def test_nobody_signs_for_a_role_the_ring_does_not_trust_them_for(desk: Desk) -> None:
    ada = desk.person("Ada", SignerRole.OWNER)
    with pytest.raises(Unusable, match="cannot sign as security"):
        desk.signs(ada, SignerRole.SECURITY)
    with pytest.raises(Unusable, match="revoked"):
        desk.signs(desk.ring.revoke(ada, "lost"), SignerRole.OWNER)


def test_one_person_signs_once_with_whatever_key(desk: Desk) -> None:
    one, two = desk.person("Ada", SignerRole.OWNER), desk.person("Ada", SignerRole.SECURITY)
    desk.signs(one, SignerRole.OWNER)
    with pytest.raises(Unusable, match="signed already"):
        desk.signs(two, SignerRole.SECURITY)


def test_a_name_in_another_case_is_no_other_person(desk: Desk) -> None:
    one, two = desk.person("Ada", SignerRole.OWNER), desk.person("ADA", SignerRole.SECURITY)
    desk.signs(one, SignerRole.OWNER)
    with pytest.raises(Unusable, match="signed already"):
        desk.signs(two, SignerRole.SECURITY)
    _smuggle(desk, two, SignerRole.SECURITY)
    assert _counting(desk) == [SignerRole.OWNER]


def test_nobody_prepares_in_anothers_name(desk: Desk) -> None:
    ada, bo = desk.person("Ada"), desk.person("Bo")
    desk.preparer = ada.fingerprint
    with pytest.raises(Unusable, match="does not fit the key"):
        prepare(desk.decision, desk.ring.signer(bo, WORDS), keys=desk.ring, ledger=desk.ledger)
    assert "has not signed" in str(why_not_prepared(desk.decision, desk.ring, desk.ledger))
    desk.ledger.append("c", Kind.PREPARATION, {"decision": desk.decision.digest, "signature": "*"})
    assert "has not signed" in str(why_not_prepared(desk.decision, desk.ring, desk.ledger))
    prepare(desk.decision, desk.ring.signer(ada, WORDS), keys=desk.ring, ledger=desk.ledger)
    assert why_not_prepared(desk.decision, desk.ring, desk.ledger) is None
    other = replace(desk.decision, expires="2027-01-01")
    assert "has not signed" in str(why_not_prepared(other, desk.ring, desk.ledger))
    desk.ring.revoke(ada, "left")
    assert "revoked" in str(why_not_prepared(desk.decision, desk.ring, desk.ledger))


def test_what_a_preparer_signs_approves_nothing(desk: Desk) -> None:
    ada = desk.person("Ada", SignerRole.OWNER)
    approval = Approval(
        decision=desk.decision.digest, role=SignerRole.OWNER, fingerprint=ada.fingerprint, signed_at=NOW.isoformat()
    )
    of_preparing = desk.ring.signer(ada, WORDS)(prepared(desk.decision))
    envelope = sealed(desk.decision, approval, lambda _message: of_preparing)
    desk.ledger.append("c", Kind.APPROVAL, _entry(desk.decision, envelope))
    assert _why(desk) == ["the signature does not fit what it is under"]


def test_two_signatures_of_one_person_count_once_even_if_both_are_in_the_ledger(desk: Desk) -> None:
    one, two = desk.person("Ada", SignerRole.OWNER), desk.person("Ada", SignerRole.SECURITY)
    desk.signs(one, SignerRole.OWNER)
    _smuggle(desk, two, SignerRole.SECURITY)
    assert _counting(desk) == [SignerRole.OWNER]
    assert _why(desk) == ["the same person has signed already, with this key or another"]


def _smuggle(desk: Desk, key: KnownKey, role: SignerRole, **changes: object) -> None:
    """Write an approval into the ledger past all that `sign` checks."""
    approval = Approval(
        decision=desk.decision.digest, role=role, fingerprint=key.fingerprint, signed_at="2026-11-22T11:00:00+00:00"
    )
    approval = replace(approval, **changes)  # type: ignore[arg-type]
    decoy = Desk(ring=desk.ring, clock=desk.clock)
    envelope = sealed(desk.decision, approval, desk.ring.signer(key, WORDS))
    desk.ledger.append("c", Kind.APPROVAL, _entry(desk.decision, envelope))
    assert decoy.ledger is not desk.ledger


def _entry(decision: Decision, envelope: bytes) -> dict[str, str]:
    import base64

    return {"decision": decision.digest, "envelope": base64.b64encode(envelope).decode()}


def test_the_preparer_does_not_approve(desk: Desk) -> None:
    ada, again = desk.person("Ada", SignerRole.OWNER), desk.person("Ada", SignerRole.OWNER)
    desk.preparer = ada.fingerprint
    for key in (ada, again):
        with pytest.raises(Unusable, match="does not approve"):
            desk.signs(key, SignerRole.OWNER)
    _smuggle(desk, again, SignerRole.OWNER, self_reviewed=True)
    assert _why(desk) == ["who prepares a decision does not approve it"]


def test_at_light_impact_one_person_may_after_a_day_and_it_is_marked(desk: Desk) -> None:
    ada = desk.person("Ada", SignerRole.OWNER)
    desk.preparer, desk.impact = ada.fingerprint, Impact.LIGHT
    with pytest.raises(NotSettled, match="too early"):
        desk.signs(ada, SignerRole.OWNER)
    _smuggle(desk, ada, SignerRole.OWNER, self_reviewed=True)
    assert _counting(desk) == []
    desk.ledger = FakeLedger()
    desk.clock.at = NOW + timedelta(hours=22)
    desk.signs(ada, SignerRole.OWNER)
    assert [name.self_reviewed for name in desk.told() if name.why_not is None] == [True]


def test_a_revoked_key_counts_for_nothing_whenever_it_signed(desk: Desk) -> None:
    ada = desk.person("Ada", SignerRole.OWNER)
    desk.signs(ada, SignerRole.OWNER)
    desk.ring.revoke(desk.ring.find("Ada"), "lost")
    assert _why(desk) == ["its key was revoked"]


@pytest.mark.parametrize(
    ("at", "says"),
    [
        ("2026-11-22T13:00:00+00:00", "in the future"),
        ("2026-11-22T09:00:00+00:00", "before the decision"),
        ("2026-11-22T11:00:00", "a clock is wrong"),
        ("yesterday", "a clock is wrong"),
    ],
)
def test_a_clock_that_is_wrong_is_told(desk: Desk, at: str, says: str) -> None:
    _smuggle(desk, desk.person("Ada", SignerRole.OWNER), SignerRole.OWNER, signed_at=at)
    (why,) = _why(desk)
    assert says in why


def test_a_key_that_is_not_in_the_ring_counts_for_nothing(desk: Desk, tmp_path: Path) -> None:
    stranger = Keyring(tmp_path / "elsewhere", desk.clock)
    key = stranger.trust(stranger.new("Eve", WORDS), [SignerRole.OWNER])
    decoy = Desk(ring=stranger, clock=desk.clock, ledger=desk.ledger)
    decoy.signs(key, SignerRole.OWNER)
    assert _why(desk) == ["its key is not in the ring"]


def test_a_signature_under_other_bytes_counts_for_nothing(desk: Desk) -> None:
    ada = desk.person("Ada", SignerRole.OWNER)
    approval = Approval(
        decision=desk.decision.digest, role=SignerRole.OWNER, fingerprint=ada.fingerprint, signed_at=NOW.isoformat()
    )
    over_nothing: Callable[[bytes], bytes] = lambda _message: desk.ring.signer(ada, WORDS)(b"nothing")  # noqa: E731
    envelope = sealed(desk.decision, approval, over_nothing)
    desk.ledger.append("c", Kind.APPROVAL, _entry(desk.decision, envelope))
    assert _why(desk) == ["the signature does not fit what it is under"]


def test_an_old_decisions_signature_is_not_carried_over(desk: Desk) -> None:
    ada = desk.person("Ada", SignerRole.OWNER)
    envelope = desk.signs(ada, SignerRole.OWNER)
    newer = replace(desk.decision, expires="2027-06-01")
    assert list(envelopes(newer, desk.ledger)) == []
    (name,) = names(newer, iter([envelope]), desk.ring, NOW)
    assert str(name.why_not) == "it is under another decision"


def test_a_broken_envelope_is_told_and_a_broken_entry_is_an_error(desk: Desk) -> None:
    desk.ledger.append("c", Kind.APPROVAL, {"decision": desk.decision.digest, "envelope": "AAAA"})
    (why,) = _why(desk)
    assert "the envelope is broken" in why
    desk.ledger.append("c", Kind.APPROVAL, {"decision": desk.decision.digest, "envelope": "*"})
    with pytest.raises(Unusable, match="cannot be read"):
        desk.told()


def test_nothing_is_signed_after_the_end(desk: Desk) -> None:
    desk.clock.at = datetime(2027, 5, 2, tzinfo=UTC)
    with pytest.raises(NotSettled, match="has ended"):
        desk.signs(desk.person("Ada", SignerRole.OWNER), SignerRole.OWNER)

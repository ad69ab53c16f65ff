from __future__ import annotations

import json
from pathlib import Path

import pytest

from fakes.ledger import FixedClock
from weighbridge.adapters.keys.publishers import PublisherRing
from weighbridge.core.bundle import opened
from weighbridge.core.errors import Unusable

ASSETS = Path(__file__).parents[2] / "assets" / "bundles"
KINDS = ("p256", "p384")


@pytest.fixture
def ring(tmp_path: Path) -> PublisherRing:
    return PublisherRing(tmp_path / "home", FixedClock())


@pytest.mark.parametrize("kind", KINDS)
def test_what_model_signing_signed_holds_by_its_key(ring: PublisherRing, kind: str) -> None:
    made = ring.add((ASSETS / f"{kind}.pub").read_bytes(), " Toys  Ltd ")
    bundle = opened((ASSETS / f"{kind}.sig").read_bytes())
    assert (made.name, made.fingerprint) == ("Toys Ltd", bundle.hint)
    assert ring.published(bundle.hint, bundle.message, bundle.signature)
    assert ring.entries() == (made,)


@pytest.mark.parametrize("kind", KINDS)
def test_one_bit_anywhere_and_it_does_not_hold(ring: PublisherRing, kind: str) -> None:
    ring.add((ASSETS / f"{kind}.pub").read_bytes(), "p")
    bundle = opened((ASSETS / f"{kind}.sig").read_bytes())
    for part in ("message", "signature"):
        whole: bytes = getattr(bundle, part)
        for at in range(0, len(whole), 1 if part == "signature" else 37):
            changed = {"message": bundle.message, "signature": bundle.signature}
            changed[part] = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
            assert not ring.published(bundle.hint, changed["message"], changed["signature"])


def test_one_key_does_not_speak_for_another(ring: PublisherRing) -> None:
    for kind in KINDS:
        ring.add((ASSETS / f"{kind}.pub").read_bytes(), kind)
    one, other = (opened((ASSETS / f"{kind}.sig").read_bytes()) for kind in KINDS)
    assert not ring.published(one.hint, other.message, other.signature)
    assert not ring.published("0" * 64, one.message, one.signature)
    assert not ring.published("", one.message, one.signature)


def test_a_revoked_key_stays_revoked(ring: PublisherRing) -> None:
    made = ring.add((ASSETS / "p256.pub").read_bytes(), "p")
    assert ring.revoke(made.fingerprint[:8], "lost").is_revoked
    assert ring.revoke("p", "again").because == "lost"
    known = ring.publisher(made.fingerprint)
    assert known is not None
    assert known.is_revoked
    with pytest.raises(Unusable):
        ring.add((ASSETS / "p256.pub").read_bytes(), "p")
    for word in ("", "q"):
        with pytest.raises(Unusable, match="which key"):
            ring.revoke(word, "")


@pytest.mark.parametrize("data", [b"", b"-----BEGIN PUBLIC KEY-----\nAA==\n-----END PUBLIC KEY-----\n", b"\xff" * 40])
def test_what_is_no_such_key_is_refused(ring: PublisherRing, data: bytes) -> None:
    with pytest.raises(Unusable, match="cannot take"):
        ring.add(data, "p")
    with pytest.raises(Unusable, match="cannot take"):
        ring.add((ASSETS / "p256.pub").read_bytes(), "  ")
    assert ring.entries() == ()


def test_a_file_that_was_changed_or_that_others_may_write_is_not_believed(ring: PublisherRing, tmp_path: Path) -> None:
    made = ring.add((ASSETS / "p256.pub").read_bytes(), "p")
    file = tmp_path / "home" / "keys" / "publishers.json"
    whole = file.read_text()
    other = (ASSETS / "p384.pub").read_text()
    for damaged in (
        whole[:-2],
        "[]",
        whole.replace('"name":"p"', '"name":"q"'),
        json.dumps({**json.loads(whole), "publisher": [{**json.loads(whole)["publisher"][0], "public": other}]}),
        whole.replace(made.fingerprint, "0" * 64),
    ):
        file.write_text(damaged)
        with pytest.raises(Unusable, match="cannot use"):
            ring.entries()
    file.write_text(whole)
    file.chmod(0o666)
    with pytest.raises(Unusable, match="cannot use"):
        ring.entries()

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from fakes.ledger import FixedClock
from weighbridge.adapters.keys.keyring import FILE, FOLDER, Keyring
from weighbridge.core.decision import SignerRole
from weighbridge.core.errors import Unusable
from weighbridge.core.keys import Keys

WORDS = "a long enough phrase"


@pytest.fixture
def ring(tmp_path: Path) -> Keyring:
    return Keyring(tmp_path, FixedClock())


def test_is_the_port(ring: Keyring) -> None:
    keys: Keys = ring
    assert keys.key("aa") is None
    assert not keys.holds("aa", b"m", b"s")


def test_signs_and_verifies_across_homes(ring: Keyring, tmp_path: Path) -> None:
    made = ring.new("Ada", WORDS)
    signature = ring.signer(made, WORDS)(b"message")
    other = Keyring(tmp_path / "other", FixedClock())
    taken = other.add(ring.public_pem(made).encode(), "Ada")
    assert taken.fingerprint == made.fingerprint
    assert other.holds(made.fingerprint, b"message", signature)
    assert not other.holds(made.fingerprint, b"massage", signature)
    assert not other.holds(made.fingerprint, b"message", signature[:-1])
    with pytest.raises(Unusable, match="cannot sign"):
        other.signer(taken, WORDS)


def test_a_private_key_is_encrypted_and_for_its_owner_alone(ring: Keyring, tmp_path: Path) -> None:
    made = ring.new("Ada", WORDS)
    files = sorted((tmp_path / FOLDER).iterdir())
    assert {f"{path.stat().st_mode & 0o777:o}" for path in files} == {"600"}
    assert b"ENCRYPTED PRIVATE KEY" in (tmp_path / FOLDER / f"{made.fingerprint[:16]}.pem").read_bytes()
    with pytest.raises(Unusable, match="passphrase is another") as told:
        ring.signer(made, "another phrase, as long")
    assert WORDS not in str(told.value)
    with pytest.raises(Unusable, match="too short"):
        ring.new("Bo", "short")


def test_a_key_is_trusted_role_by_role_and_revoked_for_good(ring: Keyring) -> None:
    made = ring.new("Ada", WORDS)
    assert made.roles == ()
    assert ring.trust(made, [SignerRole.SECURITY]).roles == (SignerRole.SECURITY,)
    assert ring.trust(ring.find("Ada"), [SignerRole.OWNER]).roles == (SignerRole.OWNER, SignerRole.SECURITY)
    gone = ring.revoke(ring.find("Ada"), "lost")
    assert gone.is_revoked
    assert ring.revoke(gone, "again").because == "lost"
    with pytest.raises(Unusable, match="revoked"):
        ring.trust(gone, [SignerRole.OWNER])
    with pytest.raises(Unusable, match="revoked"):
        ring.signer(gone, WORDS)


def test_a_key_is_found_by_its_holder_or_its_beginning(ring: Keyring) -> None:
    made, _other = ring.new("Ada", WORDS), ring.new("Bo", WORDS)
    assert ring.find(made.fingerprint[:12]) == ring.find("Ada") == made
    for word in ("Cy", ""):
        with pytest.raises(Unusable, match="cannot tell"):
            ring.find(word)


def test_takes_only_ed25519_and_each_once(ring: Keyring) -> None:
    pem = (
        ec.generate_private_key(ec.SECP256R1())
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    for wrong in (pem, b"", b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"):
        with pytest.raises(Unusable, match="cannot take this key"):
            ring.add(wrong, "Ada")
    made = ring.new("Ada", WORDS)
    with pytest.raises(Unusable, match="already"):
        ring.add(ring.public_pem(made).encode(), "Ada")
    with pytest.raises(Unusable, match="not said whose"):
        ring.new(" ", WORDS)


@pytest.mark.parametrize(
    "content", ["", "[]", "{}x", '{"key": 1}', '{"key": [{"fingerprint": "aa"}]}', '{"other": []}']
)
def test_a_damaged_ring_is_believed_in_nothing(ring: Keyring, tmp_path: Path, content: str) -> None:
    ring.new("Ada", WORDS)
    (tmp_path / FOLDER / FILE).write_text(content)
    with pytest.raises(Unusable, match="cannot use the keyring"):
        ring.entries()


def test_a_key_cannot_speak_under_anothers_fingerprint(ring: Keyring, tmp_path: Path) -> None:
    one, two = ring.new("Ada", WORDS), ring.new("Bo", WORDS)
    path = tmp_path / FOLDER / FILE
    path.write_text(path.read_text().replace(one.public, two.public))
    with pytest.raises(Unusable, match="cannot use the keyring"):
        ring.key(one.fingerprint)


def test_a_ring_that_others_may_write_is_not_believed(ring: Keyring, tmp_path: Path) -> None:
    ring.new("Ada", WORDS)
    (tmp_path / FOLDER / FILE).chmod(0o666)
    with pytest.raises(Unusable, match="others may write it"):
        ring.entries()


def test_no_flipped_bit_of_the_ring_passes_unseen(ring: Keyring, tmp_path: Path) -> None:
    """A flipped bit in a name would make two people of one."""
    ring.trust(ring.new("Ada", WORDS), [SignerRole.OWNER])
    path = tmp_path / FOLDER / FILE
    whole = path.read_bytes()
    for bit in range(len(whole) * 8):
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        path.write_bytes(flipped)
        with pytest.raises(Unusable, match="cannot use the keyring"):
            ring.entries()


def test_a_folder_that_others_may_write_is_not_believed(ring: Keyring, tmp_path: Path) -> None:
    ring.new("Ada", WORDS)
    (tmp_path / FOLDER).chmod(0o777)
    with pytest.raises(Unusable, match="others may write it"):
        ring.entries()


def test_a_revocation_is_not_undone_by_who_has_not_heard_of_it(ring: Keyring) -> None:
    stale = ring.new("Ada", WORDS)
    ring.revoke(stale, "lost")
    with pytest.raises(Unusable, match="cannot trust a revoked key"):
        ring.trust(stale, [SignerRole.OWNER])
    with pytest.raises(Unusable, match="it was revoked"):
        ring.signer(stale, WORDS)


def test_a_new_key_takes_the_place_of_a_revoked_one(ring: Keyring) -> None:
    ring.revoke(ring.new("Ada", WORDS), "lost")
    again = ring.new("ada", WORDS)
    assert ring.find("Ada") == again
    ring.new("ADA ", WORDS)
    with pytest.raises(Unusable, match="2 keys"):
        ring.find("Ada")


def test_one_key_is_not_taken_under_two_names(ring: Keyring) -> None:
    made = ring.new("Ada", WORDS)
    with pytest.raises(Unusable, match="already"):
        ring.add(ring.public_pem(made).encode(), "Bo")


def test_a_copied_key_file_signs_for_nobody_else(ring: Keyring, tmp_path: Path) -> None:
    ada, bo = ring.new("Ada", WORDS), ring.new("Bo", WORDS)
    folder = tmp_path / FOLDER
    (folder / f"{bo.fingerprint[:16]}.pem").write_bytes((folder / f"{ada.fingerprint[:16]}.pem").read_bytes())
    assert not ring.holds(bo.fingerprint, b"m", ring.signer(bo, WORDS)(b"m"))

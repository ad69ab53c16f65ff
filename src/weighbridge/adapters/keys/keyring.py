"""The keyring below a home: public keys with their holders and roles, and private keys, encrypted at rest.

Ed25519. A private key is one file, readable by its owner alone, in PKCS 8 under a passphrase; a signature is made by
whoever knows that passphrase. Which keys are trusted, and for what, is one file of canonical JSON.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from weighbridge.adapters.files import unreadable
from weighbridge.adapters.keys.owned import broken, read_owned, write_owned
from weighbridge.adapters.ledger.lock import waited_for
from weighbridge.core.canon import Digest, canonical, digest_of
from weighbridge.core.decision import SignerRole
from weighbridge.core.errors import Unusable
from weighbridge.core.keys import KnownKey
from weighbridge.core.ports import Clock
from weighbridge.core.shape import Reading, plain, read
from weighbridge.core.wording import _

FOLDER, FILE = "keys", "keyring.json"
SHORTEST_PASSPHRASE = 12  # ours: long enough that the file alone is of no use to whoever copies it
_RAW = serialization.Encoding.Raw


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ring:
    key: tuple[KnownKey, ...]
    seal: Digest  # over the keys: damage to a name or a role would else change unseen whose signatures count


def _sealed(keys: Iterable[KnownKey]) -> _Ring:
    held = tuple(sorted(keys, key=lambda key: key.fingerprint))
    return _Ring(key=held, seal=digest_of(plain(held)))


class Keyring:
    """The keyring of a home. Every change is on the disk when its method returns."""

    def __init__(self, home: Path, clock: Clock) -> None:
        self._folder = home / FOLDER
        self._clock = clock

    def entries(self) -> tuple[KnownKey, ...]:
        """All keys, by fingerprint.

        Raises
        ------
        Unusable
            Where the file was damaged, or others may write it: whoever can write it decides who is believed.
        """
        path = self._folder / FILE
        data = read_owned(path)
        return () if data is None else _ring(path, data).key

    def key(self, fingerprint: str) -> KnownKey | None:
        """The key of this fingerprint."""
        return next((key for key in self.entries() if key.fingerprint == fingerprint), None)

    def find(self, word: str) -> KnownKey:
        """The one key whose fingerprint begins so, or whose holder is called so.

        Raises
        ------
        Unusable
            Where there is none, or more than one.
        """
        held, name = self.entries(), KnownKey(fingerprint="", public="", person=word).holder
        found = [k for k in held if k.holder == name] or [k for k in held if word and k.fingerprint.startswith(word)]
        found = [k for k in found if not k.is_revoked] or found  # a new key takes the place of a revoked one
        if len(found) != 1:
            why = (
                _("{n} keys of the ring fit that name").format(n=len(found)) if found else _("the ring has no such key")
            )
            fix = "weighbridge keys list" if held else _("make one: weighbridge keys new NAME")
            raise Unusable(_("cannot tell which key is meant"), why, fix)
        return found[0]

    def holds(self, fingerprint: str, message: bytes, signature: bytes) -> bool:
        """Whether the signature over the message is that key's."""
        known = self.key(fingerprint)
        if known is None:
            return False
        try:
            Ed25519PublicKey.from_public_bytes(base64.b64decode(known.public)).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    def new(self, person: str, passphrase: str) -> KnownKey:
        """A new key pair; the private half is encrypted under the passphrase."""
        if len(passphrase) < SHORTEST_PASSPHRASE:
            raise Unusable(
                _("the passphrase is too short"),
                _("it has {n} characters; the key's file should be of no use to whoever copies it").format(
                    n=len(passphrase)
                ),
                _("choose one of {n} characters or more").format(n=SHORTEST_PASSPHRASE),
            )
        pair = Ed25519PrivateKey.generate()
        raw = pair.public_key().public_bytes(_RAW, serialization.PublicFormat.Raw)
        made = self._noted(raw, person)
        pem = pair.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(passphrase.encode()),
        )
        self._write(self._private(made.fingerprint), pem, is_new=True)
        return made

    def add(self, pem: bytes, person: str) -> KnownKey:
        """Take somebody's public key (PEM) into the ring; it is not trusted by that.

        Raises
        ------
        Unusable
            For anything but an Ed25519 public key, and for one that is there already.
        """
        try:
            found = serialization.load_pem_public_key(pem)
        except (ValueError, UnsupportedAlgorithm):
            found = None
        if not isinstance(found, Ed25519PublicKey):
            raise Unusable(
                _("cannot take this key"),
                _("it is no public key of the kind Ed25519 in PEM"),
                _("ask its holder for: weighbridge keys list --public"),
            )
        return self._noted(found.public_bytes(_RAW, serialization.PublicFormat.Raw), person)

    def public_pem(self, known: KnownKey) -> str:
        """The public key for others to take into their rings."""
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(known.public))
        return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()

    def trust(self, known: KnownKey, roles: Iterable[SignerRole]) -> KnownKey:
        """Let a key's signatures count for these roles; roles given earlier stay."""
        with self._changing():
            known = self._now_as(known)
            if known.is_revoked:
                raise Unusable(
                    _("cannot trust a revoked key"), _("it was revoked at {at}").format(at=known.revoked_at),
                    _("make a new one: weighbridge keys new PERSON"),
                )  # fmt: skip
            wanted = {*known.roles, *roles}
            return self._put(replace(known, roles=tuple(role for role in SignerRole if role in wanted)))

    def revoke(self, known: KnownKey, because: str) -> KnownKey:
        """Let none of a key's signatures count any more, the earlier ones included; it cannot be undone."""
        with self._changing():
            known = self._now_as(known)
            return known if known.is_revoked else self._put(replace(known, revoked_at=self._now(), because=because))

    def signer(self, known: KnownKey, passphrase: str) -> Callable[[bytes], bytes]:
        """What signs with the private half of a key.

        Raises
        ------
        Unusable
            Where the private half is not here, the passphrase is another, or the key was revoked.
        """
        known, path = self._now_as(known), self._private(known.fingerprint)
        if known.is_revoked or not path.exists():
            why = _("it was revoked") if known.is_revoked else _("its private half is not in this home")
            raise Unusable(_("cannot sign with this key"), why, "weighbridge keys list")
        try:
            pair = serialization.load_pem_private_key(path.read_bytes(), passphrase.encode())
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise Unusable(
                _("cannot sign with this key"),
                _("the passphrase is another, or the key's file is damaged"),
                _("type it again"),
            ) from None
        except OSError as error:
            raise unreadable(path, error) from error
        if not isinstance(pair, Ed25519PrivateKey):
            raise broken(path, _("it is no Ed25519 key"), "weighbridge keys new PERSON")
        return pair.sign

    def _noted(self, raw: bytes, person: str) -> KnownKey:
        made = KnownKey(
            fingerprint=hashlib.sha256(raw).hexdigest(), public=base64.b64encode(raw).decode(), person=person,
            added_at=self._now(),
        )  # fmt: skip
        if not made.holder:
            raise Unusable(
                _("cannot take this key"), _("it is not said whose it is"), _("name its holder; a pseudonym will do")
            )
        with self._changing():
            if self.key(made.fingerprint) is not None:
                raise Unusable(_("cannot take this key"), _("the ring has it already"), "weighbridge keys list")
            return self._put(made)

    def _changing(self) -> AbstractContextManager[None]:
        """Whoever changes the ring waits for whoever does, so that no revocation is written over."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return waited_for(self._folder / "changing.lock")

    def _now_as(self, known: KnownKey) -> KnownKey:
        """The key as the ring has it now: what the caller holds may be older than its revocation."""
        return self.key(known.fingerprint) or known

    def _put(self, changed: KnownKey) -> KnownKey:
        others = [key for key in self.entries() if key.fingerprint != changed.fingerprint]
        self._write(self._folder / FILE, canonical(plain(_sealed((*others, changed)))), is_new=False)
        return changed

    def _write(self, path: Path, data: bytes, *, is_new: bool) -> None:
        """Write a file that its owner alone can read, whole or not at all."""
        if is_new and path.exists():
            raise broken(path, _("there is a key's file of that name already"), "weighbridge keys list")
        write_owned(path, data)

    def _private(self, fingerprint: str) -> Path:
        return self._folder / f"{fingerprint[:16]}.pem"

    def _now(self) -> str:
        return self._clock.now().isoformat(timespec="seconds")


def _ring(path: Path, data: bytes) -> _Ring:
    try:
        table = json.loads(data)
    except (ValueError, RecursionError):
        table = None
    reading = Reading(file=path.name)
    made = read(_Ring, table, reading) if isinstance(table, dict) else None
    is_whole = made is not None and not reading.faults and all(map(_fits, made.key)) and made == _sealed(made.key)
    if made is None or not is_whole or len({key.fingerprint for key in made.key}) < len(made.key):
        raise broken(path, _("it is damaged, or was made by another program"), _("put back the file as it was"))
    return made


def _fits(key: KnownKey) -> bool:
    """A fingerprint that is not its key's would let one key speak for another."""
    try:
        raw = base64.b64decode(key.public, validate=True)
    except (binascii.Error, ValueError):
        return False
    return hashlib.sha256(raw).hexdigest() == key.fingerprint

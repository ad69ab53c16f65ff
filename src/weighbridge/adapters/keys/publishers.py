"""The keys of those who publish models with model-signing: known here, and apart from the keys of people who approve.

Keys on the curves P-256, P-384 and P-521, each with the hash of its size, as model-signing signs. One file of canonical
JSON below a home, for its owner alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from weighbridge.adapters.keys.keyring import FOLDER
from weighbridge.adapters.keys.owned import broken, read_owned, write_owned
from weighbridge.adapters.ledger.lock import waited_for
from weighbridge.core.canon import Digest, canonical, digest_of
from weighbridge.core.errors import Unusable
from weighbridge.core.keys import Publisher
from weighbridge.core.ports import Clock
from weighbridge.core.shape import Reading, plain, read
from weighbridge.core.wording import _

FILE = "publishers.json"
_HASHES: dict[int, hashes.HashAlgorithm] = {256: hashes.SHA256(), 384: hashes.SHA384(), 521: hashes.SHA512()}
_CURVES = frozenset({"secp256r1", "secp384r1", "secp521r1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ring:
    publisher: tuple[Publisher, ...]
    seal: Digest  # over the publishers: damage would else change unseen whose signatures count


def _sealed(publishers: Iterable[Publisher]) -> _Ring:
    held = tuple(sorted(publishers, key=lambda one: one.fingerprint))
    return _Ring(publisher=held, seal=digest_of(plain(held)))


class PublisherRing:
    """The publishers' keys of a home. Every change is on the disk when its method returns."""

    def __init__(self, home: Path, clock: Clock) -> None:
        self._path = home / FOLDER / FILE
        self._clock = clock

    def entries(self) -> tuple[Publisher, ...]:
        """All of them, by fingerprint.

        Raises
        ------
        Unusable
            Where the file was damaged, or others may write it.
        """
        data = read_owned(self._path)
        return () if data is None else _ring(self._path, data).publisher

    def publisher(self, fingerprint: str) -> Publisher | None:
        """The key of this fingerprint, or None where it is not known."""
        return next((one for one in self.entries() if one.fingerprint == fingerprint), None)

    def published(self, fingerprint: str, message: bytes, signature: bytes) -> bool:
        """Whether the signature over the message is that key's; False for a key that is not known."""
        known = self.publisher(fingerprint)
        key = _key(known.public.encode()) if known else None
        if key is None:
            return False
        try:
            key.verify(signature, message, ec.ECDSA(_HASHES[key.key_size]))
        except InvalidSignature:
            return False
        return True

    def add(self, pem: bytes, name: str) -> Publisher:
        """Take a publisher's public key (PEM) in: bundles that it signed are then told as signed by it.

        Raises
        ------
        Unusable
            For anything but a public key on a curve that model-signing uses, and for one that is there already.
        """
        key, name = _key(pem), " ".join(name.split())
        if key is None or not name:
            why = _("it is no public key on the curve P-256, P-384 or P-521 in PEM")
            raise Unusable(
                _("cannot take this key"), why if name else _("it is not said whose it is"),
                _("ask its publisher for the key that model-signing verifies with"),
            )  # fmt: skip
        written = _written(key)
        made = Publisher(fingerprint=_fingerprint(written), public=written, name=name, added_at=self._now())
        with self._changing():
            if self.publisher(made.fingerprint) is not None:
                raise Unusable(
                    _("cannot take this key"), _("it is there already"), "weighbridge keys publisher list"
                )  # fmt: skip
            self._put(made)
        return made

    def revoke(self, word: str, because: str) -> Publisher:
        """Let nothing that a key signed count any more; it cannot be undone.

        Raises
        ------
        Unusable
            Where not one key has a fingerprint that begins so, or a publisher that is called so.
        """
        with self._changing():
            found = [p for p in self.entries() if word and (p.name == word or p.fingerprint.startswith(word))]
            if len(found) != 1:
                why = _("{n} publishers' keys fit that name").format(n=len(found))
                raise Unusable(_("cannot tell which key is meant"), why, "weighbridge keys publisher list")
            (one,) = found
            if not one.is_revoked:
                one = replace(one, revoked_at=self._now(), because=because)
                self._put(one)
            return one

    def _changing(self) -> AbstractContextManager[None]:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return waited_for(self._path.parent / "changing.lock")

    def _put(self, changed: Publisher) -> None:
        others = [one for one in self.entries() if one.fingerprint != changed.fingerprint]
        write_owned(self._path, canonical(plain(_sealed((*others, changed)))))

    def _now(self) -> str:
        return self._clock.now().isoformat(timespec="seconds")


def _key(pem: bytes) -> ec.EllipticCurvePublicKey | None:
    try:
        found = serialization.load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        return None
    return found if isinstance(found, ec.EllipticCurvePublicKey) and found.curve.name in _CURVES else None


def _written(key: ec.EllipticCurvePublicKey) -> str:
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


def _fingerprint(pem: str) -> str:
    """As model-signing writes it into a bundle."""
    return hashlib.sha256(pem.encode()).hexdigest()


def _ring(path: Path, data: bytes) -> _Ring:
    try:
        table = json.loads(data)
    except (ValueError, RecursionError):
        table = None
    reading = Reading(file=path.name)
    made = read(_Ring, table, reading) if isinstance(table, dict) else None
    is_whole = made is not None and not reading.faults and all(map(_fits, made.publisher))
    if made is None or not is_whole or made != _sealed(made.publisher):
        raise broken(path, _("it is damaged, or was made by another program"), _("put back the file as it was"))
    return made


def _fits(one: Publisher) -> bool:
    """A fingerprint that is not its key's would let one key speak for another."""
    key = _key(one.public.encode())
    return key is not None and _written(key) == one.public and _fingerprint(one.public) == one.fingerprint

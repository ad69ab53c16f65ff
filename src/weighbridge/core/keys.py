"""Whose signatures count: keys, the people who hold them, and the roles they may sign for; and keys of publishers."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Annotated, Protocol

from weighbridge.core.decision import SignerRole


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownKey:
    """One public key in the keyring. A key that is known is not yet trusted."""

    fingerprint: Annotated[str, "sha256 of the 32 bytes of the public key, in hexadecimal"]
    public: Annotated[str, "the public key, base64"]
    person: Annotated[str, "who holds it; a pseudonym will do, one and the same for all keys of one person"]
    roles: Annotated[tuple[SignerRole, ...], "for what its signatures count; none: it is not trusted"] = ()
    added_at: str = ""
    revoked_at: Annotated[str, "since when none of its signatures counts, whenever it was made; empty: not revoked"] = (
        ""
    )
    because: Annotated[str, "why it was revoked"] = ""

    @property
    def holder(self) -> str:
        """Who holds it, to be compared: spelt in another case or with other spaces it is the same person."""
        shown = "".join(c for c in unicodedata.normalize("NFKC", self.person) if unicodedata.category(c) != "Cf")
        return unicodedata.normalize("NFKC", " ".join(shown.casefold().split()))

    @property
    def is_revoked(self) -> bool:
        """Whether its signatures have ceased to count."""
        return bool(self.revoked_at)


class Keys(Protocol):
    """The keyring as `app` sees it."""

    def key(self, fingerprint: str) -> KnownKey | None:
        """The key of this fingerprint, or None where it is not known."""
        ...

    def holds(self, fingerprint: str, message: bytes, signature: bytes) -> bool:
        """Whether the signature over the message is that key's; False for a key that is not known."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """A key by which somebody publishes models. It signs files, approves nothing, and counts for no role."""

    fingerprint: Annotated[str, "sha256 of the public key's PEM, in hexadecimal: the hint in a bundle"]
    public: Annotated[str, "the public key in PEM"]
    name: Annotated[str, "who publishes with it"]
    added_at: str = ""
    revoked_at: Annotated[str, "since when nothing that it signed counts; empty: not revoked"] = ""
    because: Annotated[str, "why it was revoked"] = ""

    @property
    def is_revoked(self) -> bool:
        """Whether its signatures have ceased to count."""
        return bool(self.revoked_at)


class Publishers(Protocol):
    """The keys of publishers as `app` sees them."""

    def publisher(self, fingerprint: str) -> Publisher | None:
        """The key of this fingerprint, or None where it is not known."""
        ...

    def published(self, fingerprint: str, message: bytes, signature: bytes) -> bool:
        """Whether the signature over the message is that key's; False for a key that is not known."""
        ...

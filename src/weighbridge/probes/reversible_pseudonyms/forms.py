"""Whether a column holds hashes: by how its values are written, and how to take them back to bytes."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from weighbridge.probes.reversible_pseudonyms.recipes import LENGTHS, LONGEST

_HEX = re.compile(r"[0-9a-fA-F]+")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")
_MOST = 0.9  # share of values that must be written so; ours
_LEAST_HEX = 8  # digits; fewer are numbers
_LETTERS = re.compile(r"[a-fA-F]")
_RANDOM = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[47][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}")
"""UUIDs of versions 4 and 7, which are drawn at random and made of nothing (RFC 9562)."""
_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")


@dataclass(frozen=True, slots=True)
class Form:
    """How hashes are written: in hex or base64, so many bytes each, behind a constant."""

    is_hex: bool
    length: int
    before: str = ""

    def taken(self, values: Sequence[str]) -> np.ndarray:
        """The values that are written so, as bytes: shape (m, length)."""
        start = len(self.before)
        bodies = [v[start:].strip() for v in values if v.startswith(self.before)]
        made = [b for b in (self.body(body) for body in bodies) if b is not None]
        return np.frombuffer(b"".join(made), dtype=np.uint8).reshape(len(made), self.length)

    def body(self, body: str) -> bytes | None:
        """One value without what stands before it, as bytes; None where it is written otherwise."""
        if self.is_hex:
            plain = body.replace("-", "")
            return bytes.fromhex(plain) if len(plain) == 2 * self.length and _HEX.fullmatch(plain) else None
        return _of_base64(body, self.length)


def form_of(values: Sequence[str]) -> Form | None:
    """How these values are written; None where they are no hashes.

    Numbers in decimal are no hashes, though their digits are hex: some letter must be among them.
    """
    held = [v.strip() for v in values if v]
    if len(set(held)) < 2 and len(held) > 1:
        return None
    for before in ("", _before(held)):
        bodies = [v[len(before) :] for v in held if v.startswith(before)]
        if len(bodies) < _MOST * len(held) or not bodies:
            continue
        form = _hex(bodies, before) or _base64(bodies, before)
        if form:
            return form
    return None


def _before(values: Sequence[str]) -> str:
    """What all values begin with, up to the last sign that is no letter or digit; hashes themselves share little."""
    low, high = min(values, default=""), max(values, default="")
    same = next((n for n, (a, b) in enumerate(zip(low, high, strict=False)) if a != b), min(len(low), len(high)))
    shared = low[:same]
    end = max((n for n, c in enumerate(shared, 1) if not c.isalnum()), default=0)
    return shared[:end]


def _hex(bodies: Sequence[str], before: str) -> Form | None:
    if sum(_RANDOM.fullmatch(b) is not None for b in bodies) >= _MOST * len(bodies):
        return None
    plain = [b.replace("-", "") if _UUID.fullmatch(b) else b for b in bodies]
    digits = [b for b in plain if _HEX.fullmatch(b)]
    lengths = {len(b) for b in digits}
    if len(digits) < _MOST * len(bodies) or len(lengths) != 1:
        return None
    (length,) = lengths
    is_one = length >= _LEAST_HEX and length % 2 == 0 and length <= 2 * LONGEST
    lettered = sum(_LETTERS.search(b) is not None for b in digits)
    return Form(True, length // 2, before) if is_one and 2 * lettered > len(digits) else None


def _base64(bodies: Sequence[str], before: str) -> Form | None:
    for length in LENGTHS[1:]:
        if sum(_of_base64(b, length) is not None for b in bodies) >= _MOST * len(bodies) and _is_mixed(bodies):
            return Form(False, length, before)
    return None


def _of_base64(body: str, length: int) -> bytes | None:
    if len(body.rstrip("=")) != -(-8 * length // 6) or not _BASE64.fullmatch(body):
        return None
    try:
        found = base64.b64decode(
            body.replace("-", "+").replace("_", "/").rstrip("=") + "=" * (-len(body.rstrip("=")) % 4)
        )
    except (binascii.Error, ValueError):
        return None
    return found if len(found) == length else None


def _is_mixed(bodies: Sequence[str]) -> bool:
    """Whether capitals, small letters and digits all occur in most values, as in base64 and in hardly a word."""
    mixed = sum(
        any(c.isupper() for c in b) and any(c.islower() for c in b) and any(c.isdigit() for c in b) for b in bodies
    )
    return 2 * mixed > len(bodies)

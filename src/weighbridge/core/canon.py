"""Canonical JSON (RFC 8785) and the digests made over it."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import NewType

Digest = NewType("Digest", str)
"""``sha256:`` and 64 hex digits: of a file's bytes, or of canonical JSON for our own records."""

Plain = None | bool | int | float | str | Sequence["Plain"] | Mapping[str, "Plain"]
"""What JSON can hold."""

# The largest integer that every JSON reader keeps whole: RFC 8785 section 3.2.2.3, I-JSON (RFC 7493) section 2.2.
MAX_EXACT = 2**53 - 1
# ECMAScript's Number::toString writes 1e21 and 1e-7 with an exponent and anything between without.
_FIXED_BELOW, _FIXED_ABOVE = 21, -6


def canonical(value: Plain) -> bytes:
    """The one byte string that RFC 8785 gives this value.

    Raises
    ------
    ValueError
        For NaN, infinities, lone surrogates, and integers beyond 2**53 - 1 that no double equals: JSON cannot carry
        them.

    References
    ----------
    RFC 8785, JSON Canonicalization Scheme, section 3.2.
    """
    return _written(value).encode("utf-8")


def digest_of(value: Plain) -> Digest:
    """Digest of a value's canonical form."""
    return digest_of_bytes(canonical(value))


def digest_of_bytes(data: bytes) -> Digest:
    """Digest of bytes as they are."""
    return Digest("sha256:" + hashlib.sha256(data).hexdigest())


def _written(value: Plain) -> str:
    if value is None or isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int):
        return str(int(value)) if abs(value) <= MAX_EXACT else _large(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, Mapping):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))  # RFC 8785 section 3.2.3: by UTF-16 code units
        return "{" + ",".join(f"{json.dumps(key, ensure_ascii=False)}:{_written(value[key])}" for key in keys) + "}"
    if isinstance(value, Sequence):
        return "[" + ",".join(_written(item) for item in value) + "]"
    msg = f"{type(value).__name__} has no place in JSON"
    raise TypeError(msg)


def _large(value: int) -> str:
    """An integer that is how a double is written, as it comes back from JSON; any other is refused."""
    with suppress(OverflowError):
        if (written := _number(float(value))) == str(value):
            return written
    msg = "an integer beyond 2**53 - 1 does not survive JSON"
    raise ValueError(msg)


def _number(value: float) -> str:
    if not math.isfinite(value):
        msg = "NaN and infinities have no place in JSON"
        raise ValueError(msg)
    if value == 0:
        return "0"
    sign, digits, exponent = Decimal(repr(float(value))).normalize().as_tuple()
    assert isinstance(exponent, int)  # noqa: S101  finite, so never 'n' or 'F'
    text = "".join(map(str, digits))
    point = len(text) + exponent  # where the decimal point stands, counted from the first digit
    if _FIXED_ABOVE < point <= 0:
        written = "0." + "0" * -point + text
    elif 0 < point <= _FIXED_BELOW:
        whole = text.ljust(point, "0")
        written = whole[:point] + ("." + whole[point:] if len(whole) > point else "")
    else:
        mantissa = text[0] + ("." + text[1:] if len(text) > 1 else "")
        written = f"{mantissa}e{point - 1:+d}"
    return ("-" if sign else "") + written

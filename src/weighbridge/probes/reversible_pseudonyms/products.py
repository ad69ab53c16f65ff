r"""Patterns as what can be counted and written out: each a sum of products of sets of characters.

The patterns are those that telephone metadata are written in: letters, digits, `\d`, sets, groups, alternatives, and
how often each is repeated. All strings of a pattern can be numbered, so that some can be drawn at random.
"""

from __future__ import annotations

import itertools
import re

import numpy as np

from weighbridge.probekit.ports import Ints

MOST = 4000  # products that a pattern may have; the rest of one that has more is left out
Product = tuple[bytes, ...]

_DIGIT = r"\d"
_TOKEN = re.compile(r"\\d|\[[^\]]*\]|\(\?:|\(|\)|\||\?|\{\d+(?:,\d+)?\}|[0-9A-Za-z./ \-]")


def products(pattern: str) -> tuple[Product, ...]:
    r"""What a pattern matches, as products of sets of characters.

    Raises
    ------
    ValueError
        For a pattern with anything else in it.

    >>> products("7(?:0|[12]\\d)")
    ((b'7', b'0'), (b'7', b'12', b'0123456789'))
    """
    tokens = _TOKEN.findall(pattern)
    if "".join(tokens) != pattern:
        msg = "a pattern of another kind"
        raise ValueError(msg)
    found, rest = _alternatives(tokens)
    if rest:
        msg = "a pattern with a bracket too many"
        raise ValueError(msg)
    return tuple(dict.fromkeys(found))


def _alternatives(tokens: list[str]) -> tuple[list[Product], list[str]]:
    found: list[Product] = []
    while True:
        made, tokens = _sequence(tokens)
        found = [*found, *made][:MOST]
        if not tokens or tokens[0] != "|":
            return found, tokens
        tokens = tokens[1:]


def _sequence(tokens: list[str]) -> tuple[list[Product], list[str]]:
    made: list[Product] = [()]
    while tokens and tokens[0] not in ("|", ")"):
        part, tokens = _part(tokens)
        made = [a + b for a, b in itertools.islice(itertools.product(made, part), MOST)]
    return made, tokens


def _part(tokens: list[str]) -> tuple[list[Product], list[str]]:
    first, tokens = tokens[0], tokens[1:]
    if first.startswith("("):
        inner, tokens = _alternatives(tokens)
        tokens = tokens[1:]
    else:
        inner = [(_characters(first),)]
    return _repeated(inner, tokens)


def _repeated(inner: list[Product], tokens: list[str]) -> tuple[list[Product], list[str]]:
    if not tokens or (tokens[0] != "?" and not tokens[0].startswith("{")):
        return inner, tokens
    counts = [0, 1] if tokens[0] == "?" else [int(n) for n in tokens[0].strip("{}").split(",")]
    made: list[Product] = []
    for n in range(counts[0], counts[-1] + 1):
        power = itertools.islice(itertools.product(inner, repeat=n), MOST)
        made += [tuple(itertools.chain.from_iterable(p)) for p in power]
    return made[:MOST], tokens[1:]


def _characters(token: str) -> bytes:
    if token == _DIGIT:
        return b"0123456789"
    if not token.startswith("["):
        return token.encode()
    body = token[1:-1].replace(r"\d", "0-9")
    spans = re.findall(r"(.)-(.)|(.)", body)
    every = [range(ord(a), ord(b) + 1) if a else range(ord(c), ord(c) + 1) for a, b, c in spans]
    return bytes(sorted({code for span in every for code in span}))


def size(product: Product) -> int:
    """How many strings it has.

    >>> size((b"7", b"12", b"0123456789"))
    20
    """
    n = 1
    for part in product:
        n *= len(part)
    return n


def write(product: Product, numbers: Ints) -> list[bytes]:
    """The strings of these numbers, from 0 on.

    >>> write((b"7", b"12", b"0123456789"), np.array([0, 11]))
    [b'710', b'721']
    """
    out = np.empty((len(numbers), len(product)), dtype=np.uint8)
    rest = numbers.astype(np.int64)
    for place in range(len(product) - 1, -1, -1):
        letters = np.frombuffer(product[place], dtype=np.uint8)
        rest, at = np.divmod(rest, len(letters))
        out[:, place] = letters[at]
    return out.view(f"S{len(product)}").ravel().tolist() if len(product) and len(numbers) else []

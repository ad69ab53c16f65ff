"""What a pseudonym can have been made from, where all there is can be counted: numbers, dates, phones, plates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from weighbridge.probekit.ports import Ints
from weighbridge.probes.reversible_pseudonyms.products import Product, products, size, write

CHUNK = 1 << 15
_WHOLE = 4  # a kind with up to so many times the tries is tried whole: one that was missed would be a pity. Ours

NUMBERS, DATES, INTERNET, PHONES, PLATES, OFFICIAL = (
    "numbers", "dates", "internet-addresses", "phones", "plates", "national-ids"
)  # fmt: skip
KINDS = (NUMBERS, DATES, INTERNET, PHONES, PLATES, OFFICIAL)

_LONGEST_NUMBER = 10**7  # numbers of up to seven digits, such as licences and customer numbers; ours
_DAYS = (dt.date(1900, 1, 1), dt.date(2029, 12, 31))
_FORMATS = (
    b"%(y)04d-%(m)02d-%(d)02d", b"%(d)02d/%(m)02d/%(y)04d", b"%(m)02d/%(d)02d/%(y)04d", b"%(y)04d%(m)02d%(d)02d",
    b"%(d)02d%(m)02d%(y)04d", b"%(d)02d.%(m)02d.%(y)04d", b"%(d)02d-%(m)02d-%(y)04d",
)  # fmt: skip
# Plates: New York's taxis (three forms, Pandurangan 2014); three letters and digits, as many states have; Great Britain
# since 2001; France since 2009; Spain since 2000; Kenya. From the public descriptions of the schemes.
_PLATES = (
    r"\d[A-Z]\d\d", r"[A-Z]{2}\d{3}", r"[A-Z]{3}\d{3}", r"[A-Z]{3}[ -]?\d{4}", r"[A-Z]{2}\d{2} ?[A-Z]{3}",
    r"[A-Z]{2}-\d{3}-[A-Z]{2}", r"\d{4} ?[BCDFGHJKLMNPRSTVWXYZ]{3}", r"K[A-Z]{2} ?\d{3}[A-Z]",
)  # fmt: skip
_DNI_LETTERS = b"TRWAGMYFPDXBNJZSQVHLCKE"


@dataclass(frozen=True, slots=True)
class Space:
    """All strings of one kind. `write` gives those of some numbers from 0 to below `size`."""

    kind: str
    says: str  # what it is called in notes
    size: int
    write: Callable[[Ints], list[bytes]]

    def drawn(self, n: int, rng: np.random.Generator) -> Iterator[list[bytes]]:
        """About `n` different strings, drawn at random; all of them where there are not many more."""
        if _WHOLE * n >= self.size:
            for start in range(0, self.size, CHUNK):
                yield self.write(np.arange(start, min(self.size, start + CHUNK)))
            return
        chosen = np.unique(rng.integers(0, self.size, n))
        for start in range(0, len(chosen), CHUNK):
            yield self.write(chosen[start : start + CHUNK])


def of_patterns(kind: str, says: str, patterns: Sequence[str], before: bytes = b"") -> Space:
    """The strings of some patterns, each behind a constant."""
    parts = [(*(bytes([c]) for c in before), *p) for pattern in patterns for p in products(pattern)]
    return _of_products(kind, says, tuple(parts))


def _of_products(kind: str, says: str, parts: tuple[Product, ...]) -> Space:
    ends = np.cumsum([size(p) for p in parts])

    def written(numbers: Ints) -> list[bytes]:
        which = np.searchsorted(ends, numbers, side="right")
        made: list[bytes] = []
        for n in np.unique(which):
            own = numbers[which == n] - (ends[n - 1] if n else 0)
            made += write(parts[int(n)], own)
        return made

    return Space(kind=kind, says=says, size=int(ends[-1]), write=written)


def spaces(phones: Sequence[tuple[str, str, str, str]], kinds: Sequence[str]) -> tuple[Space, ...]:
    """What is tried.

    Parameters
    ----------
    phones : region, calling code, prefix used at home, pattern of mobile numbers (see `engine`)
    kinds : some of `KINDS`
    """
    made: list[Space] = []
    if NUMBERS in kinds:
        made.append(Space(NUMBERS, "whole numbers below 10 million", _LONGEST_NUMBER, _decimal))
    if DATES in kinds:
        made.append(Space(DATES, "days from 1900 to 2029", _n_dates(), _written_dates))
    if INTERNET in kinds:
        made.append(Space(INTERNET, "IPv4 addresses", 1 << 32, _written_addresses))
    if PLATES in kinds:
        made += [of_patterns(PLATES, f"number plates like {_shape(p)}", (p,)) for p in _PLATES]
    if OFFICIAL in kinds:
        made.append(of_patterns(OFFICIAL, "numbers like those of US social security", (r"\d{9}", r"\d{3}-\d{2}-\d{4}")))
        made.append(Space(OFFICIAL, "Spanish identity numbers", 10**8, _written_dni))
    if PHONES in kinds:
        for region, code, home, pattern in phones:
            made.append(of_patterns(PHONES, f"mobile numbers of {region}, +{code}", (pattern,), f"+{code}".encode()))
            made.append(of_patterns(PHONES, f"mobile numbers of {region}, {code}", (pattern,), code.encode()))
            made.append(of_patterns(PHONES, f"mobile numbers of {region}, as dialled there", (pattern,), home.encode()))
    return tuple(made)


def _shape(pattern: str) -> str:
    first = products(pattern)[0]
    return "".join("9" if p.isdigit() and len(p) > 1 else "A" if len(p) > 1 else p.decode() for p in first)


def _decimal(numbers: Ints) -> list[bytes]:
    return [b"%d" % n for n in numbers.tolist()]


def _n_dates() -> int:
    return ((_DAYS[1] - _DAYS[0]).days + 1) * len(_FORMATS)


def _written_dates(numbers: Ints) -> list[bytes]:
    after, form = np.divmod(numbers, len(_FORMATS))
    days = [dt.date.fromordinal(_DAYS[0].toordinal() + n) for n in after.tolist()]
    return [
        _FORMATS[n] % {b"y": day.year, b"m": day.month, b"d": day.day}
        for n, day in zip(form.tolist(), days, strict=True)
    ]


def _written_addresses(numbers: Ints) -> list[bytes]:
    parts = [((numbers >> shift) & 255).tolist() for shift in (24, 16, 8, 0)]
    return [b"%d.%d.%d.%d" % four for four in zip(*parts, strict=True)]


def _written_dni(numbers: Ints) -> list[bytes]:
    return [b"%08d%c" % (n, _DNI_LETTERS[n % 23]) for n in numbers.tolist()]

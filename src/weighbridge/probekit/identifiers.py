"""Identifiers of persons in text: found by shape, accepted only if check digits, dates or structure are right.

A false alarm here costs little (one more window is tried) and a miss costs much, but a number that fails its own check
is no identifier. What is found never leaves this process: a hash stands for it.

The checks are those of python-stdnum, an extra that is imported where it is used. Without it nothing is looked for:
that most identifiers were looked for is no answer. Shapes alone, which are many more, need no extra.
"""

from __future__ import annotations

import functools
import hashlib
import importlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import phrase
from weighbridge.probekit.cards import CARD_RANGE

# Every pattern is free of nested repetition over the same characters, so that hostile text cannot make it slow.
_EMAIL = re.compile(r"(?<![\w.+%-])\w[\w.+%-]{0,63}@(?:[A-Za-z0-9][A-Za-z0-9-]{0,62}\.){1,8}[A-Za-z]{2,24}(?![\w-])")
# Country calling codes: ITU-T Operational Bulletin, list of assigned E.164 country codes; at most 15 digits in all.
_CALLING_CODE = re.compile(
    r"1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]"
    r"|21[12368]|2[2-6]\d|29[01789]|35\d|37[0-8]|38[0-35-79]|42[013]|50\d|59\d|67[02-9]|68[0-35-9]|69[0-2]|85[02356]|8[78]\d|96[0-8]|97[0-79]|99[2-68]"
)
_PHONE = re.compile(r"(?<![\w+])\+\d(?:[ ./-]?\(?\d|\)[ -]?\d){7,14}(?!\d)")
# As cards are written; which digits can be one: `probekit.cards`.
_CARD = re.compile(
    r"(?<![\w.+-])(?:\d{13,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?:\1\d{1,3})?|3\d{3}([ -])\d{6}\2\d{4,5})(?!\w)"
)
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?:[A-Z0-9]{11,30}|(?: [A-Z0-9]{4}){2,7}(?: [A-Z0-9]{1,4})?)(?!\w)")
_ENOUGH_DIGITS = re.compile(r"\d(?:\D{0,2}\d){5}")  # no identifier of digits has fewer

# The shape in which each number is usually written, and what of stdnum checks it; bare digits only where date or check
# digits leave few by chance.
_NATIONAL: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"\d{3}-\d{2}-\d{4}", ("us.ssn",)),
    (r"\d{3}\.\d{3}\.\d{3}-\d{2}", ("br.cpf",)),
    (r"\d{6}/\d{3,4}", ("cz.rc",)),
    (r"(?:\d{2})?\d{6}[-+]\d{4}", ("se.personnummer", "dk.cpr")),
    (r"\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]", ("fi.hetu",)),
    (r"\d{6}-\d{7}", ("kr.rrn",)),
    (r"756\.\d{4}\.\d{4}\.\d{2}", ("ch.ssn",)),
    (r"\d{1,2}\.\d{3}\.\d{3}-[\dkK]", ("cl.rut",)),
    (r"\d{8}-?[A-Z]", ("es.dni",)),
    (r"[XYZ]-?\d{7}-?[A-Z]", ("es.nie",)),
    (r"[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]", ("it.codicefiscale",)),
    (r"[A-Z]{4}\d{6}[HM][A-Z]{5}[A-Z0-9]\d", ("mx.curp",)),
    (r"[12] ?\d{2} ?\d{2} ?\d{2} ?\d{3} ?\d{3} ?\d{2}", ("fr.nir",)),
    (r"\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}", ("be.nn",)),
    (r"\d{3} \d{3} \d{4}", ("gb.nhs",)),
    (r"\d{4} \d{4} \d{4}", ("in_.aadhaar",)),
    (r"\d{7}[A-W][AHWTX]?", ("ie.pps",)),
    (r"\d{10}", ("bg.egn",)),
    (r"\d{11}", ("be.nn", "no.fodselsnummer", "pl.pesel", "tr.tckimlik", "ee.ik",
                 "lt.asmens", "de.idnr", "gr.amka")),
    (r"\d{13}", ("ro.cnp", "za.idnr")),
    (r"\d{17}[\dX]", ("cn.ric",)),
)  # fmt: skip
_ANY_NATIONAL = re.compile(r"(?<![\w.+-])(?:" + "|".join(shape for shape, _ in _NATIONAL) + r")(?![\w-])")


@dataclass(frozen=True, slots=True)
class _Checks:
    """What stdnum checks."""

    card: Callable[[str], bool]
    iban: Callable[[str], bool]
    national: tuple[tuple[re.Pattern[str], tuple[Callable[[str], bool], ...]], ...]


@functools.cache
def _checks() -> _Checks:
    try:
        from stdnum import iban, luhn
    except ImportError:
        not_measured(
            phrase("the check digits of identifiers cannot be checked: python-stdnum is not installed"),
            phrase("pip install 'weighbridge[identifiers]'"),
        )

    def of(name: str) -> Any:
        return importlib.import_module(f"stdnum.{name}").is_valid

    national = tuple((re.compile(shape), tuple(of(name) for name in names)) for shape, names in _NATIONAL)
    return _Checks(luhn.is_valid, iban.is_valid, national)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """Where an identifier stands in a text, in characters; and a hash by which to know it again, however spaced."""

    start: int
    end: int
    key: int


def find(text: str) -> tuple[Identifier, ...]:
    """The identifiers in a text, in order, none overlapping another: the longer of two wins.

    Raises
    ------
    Silent
        Where python-stdnum is not installed, whatever the text.

    >>> [(i.start, i.end) for i in find("Write to ada@example.org or call +44 20 7946 0182.")]
    [(9, 24), (33, 49)]
    """
    kept: list[tuple[int, int]] = []
    for start, end in sorted(_spans(text, _checks())):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
        elif end - start > kept[-1][1] - kept[-1][0]:
            kept[-1] = (start, end)
    return tuple(Identifier(start=start, end=end, key=_key(text[start:end])) for start, end in kept)


def has_shape_of_one(text: str) -> bool:
    """Whether something in a text has the shape of an identifier, right or not: what is not to be shown. No extra.

    >>> has_shape_of_one("card 4111-1111-1111-1112"), has_shape_of_one("class 12")
    (True, False)
    """
    return any(shape.search(text) for shape in (_EMAIL, _PHONE, _CARD, _IBAN, _ANY_NATIONAL))


def _key(written: str) -> int:
    plain = "".join(c for c in written.casefold() if c.isalnum() or c in "@.")
    plain = plain if "@" in plain else plain.replace(".", "")
    return int.from_bytes(hashlib.blake2b(plain.encode(), digest_size=8).digest())


def _spans(text: str, checks: _Checks) -> Iterator[tuple[int, int]]:
    if "@" in text:
        yield from (m.span() for m in _EMAIL.finditer(text) if _is_email(m[0]))
    if _ENOUGH_DIGITS.search(text) is None:
        return
    yield from (m.span() for m in _PHONE.finditer(text) if _is_phone(m[0]))
    yield from _card_spans(text, checks)
    yield from _iban_spans(text, checks)
    yield from (m.span() for m in _ANY_NATIONAL.finditer(text) if _is_national(m[0], checks))


def _is_email(written: str) -> bool:
    local, _, domain = written.partition("@")
    return ".." not in local and not local.endswith(".") and "-." not in domain


def _digits(written: str) -> str:
    return "".join(c for c in written if c.isdigit())


def _is_phone(written: str) -> bool:
    digits = _digits(written)
    return 8 <= len(digits) <= 15 and _CALLING_CODE.match(digits) is not None


def _is_card(written: str, checks: _Checks) -> bool:
    digits = _digits(written)
    return CARD_RANGE.fullmatch(digits) is not None and bool(checks.card(digits))


def _is_national(written: str, checks: _Checks) -> bool:
    return any(shape.fullmatch(written) and any(check(written) for check in by) for shape, by in checks.national)


def _card_spans(text: str, checks: _Checks) -> Iterator[tuple[int, int]]:
    """Card numbers, also where groups of other digits stand right before or behind them."""
    at = 0
    while match := _CARD.search(text, at):
        written = _cut_to(match[0], lambda written: _is_card(written, checks), at_least=13)
        first_group = re.split("[ -]", match[0], maxsplit=1)[0]
        at = match.start() + len(written or first_group)
        if written:
            yield match.start(), at


def _iban_spans(text: str, checks: _Checks) -> Iterator[tuple[int, int]]:
    for match in _IBAN.finditer(text):
        written = _cut_to(match[0], checks.iban, at_least=15)  # Norway's, the shortest there is
        if written:
            yield match.start(), match.start() + len(written)


def _cut_to(written: str, check: Callable[[str], bool], *, at_least: int) -> str:
    """The number at the start of what a pattern took in, with other groups behind it or not; empty if none passes."""
    while len(written) >= at_least:
        if check(written):
            return written
        written = written[: max(written.rfind(" "), written.rfind("-"), 0)]
    return ""

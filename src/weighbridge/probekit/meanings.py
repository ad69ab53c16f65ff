"""What a column about people holds, guessed from its name and checked against what one scan and a few values tell."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from weighbridge.probekit.lexicon import (
    JOINS,
    KINDS,
    OWNERS,
    SEXES,
    SHAPES,
    TEXTS,
    THINGS,
    TIMES,
    WORDS,
    Meaning,
)
from weighbridge.probekit.ports import Column, ColumnType

IDENTIFYING = frozenset(
    {
        Meaning.FULL_NAME, Meaning.EMAIL, Meaning.PHONE, Meaning.OFFICIAL, Meaning.RECORD, Meaning.ACCOUNT,
        Meaning.ADDRESS, Meaning.COORDINATE, Meaning.PERSON,
    }
)  # fmt: skip
"""Who knows one of these knows who it is."""

SENSITIVE = frozenset({Meaning.HEALTH, Meaning.MONEY, Meaning.NEED, Meaning.CONVICTION})
"""What somebody would want to learn, rather than know beforehand."""

CERTAIN = frozenset({Meaning.EMAIL, Meaning.PHONE, Meaning.OFFICIAL, Meaning.PERSON, Meaning.BIRTH, Meaning.MARITAL})
"""One such column is enough to say that the rows are about people."""

HINTS = frozenset(
    {
        Meaning.FULL_NAME, Meaning.ACCOUNT, Meaning.ADDRESS, Meaning.RECORD, Meaning.AGE, Meaning.SEX, Meaning.ORIGIN,
        Meaning.RELIGION, Meaning.FAMILY, Meaning.EDUCATION, Meaning.WORK, Meaning.DISABILITY, *SENSITIVE,
    }
)  # fmt: skip
"""Two different ones are enough: a dog too has an age."""

_CATEGORIES = frozenset(
    {
        Meaning.ORIGIN, Meaning.LANGUAGE, Meaning.RELIGION, Meaning.MARITAL, Meaning.EDUCATION, Meaning.WORK,
        Meaning.DISABILITY, Meaning.PLACE, Meaning.PERSON, Meaning.RECORD, Meaning.ACCOUNT, Meaning.ADDRESS,
        Meaning.PHONE, Meaning.OFFICIAL,
    }
)  # fmt: skip
_WRITTEN = frozenset({Meaning.FULL_NAME, Meaning.EMAIL})
_MOST_SEXES = 6  # ours: two or three, with spellings and "not said"

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_TOKEN = re.compile(r"[^\W\d_]+")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]{2,}")
_PHONE = re.compile(r"(?:\+|00|\(?0)[\d\s().\-/]{6,20}\d|\(?\d{3}\)?[\s.\-]\d{3}[\s.\-]\d{4}")
_FILLED = re.compile(r"000\d+|0\d{0,7}|00\d{0,8}")  # a number filled up with noughts, or too short for a phone
_ADDRESS = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}")
_HALF, _MOST = 0.5, 0.8  # ours: shares of sampled values that must have a shape
_ISSUED_DIGITS = 5  # ours
_LONG_TEXT, _MANY_WORDS = 60, 7  # ours: characters, words; from there on a value is a sentence and not a label


def tokens(name: str) -> tuple[str, ...]:
    """The words of a column's name, without accents, capitals and digits.

    >>> tokens("DateOfBirth_2")
    ('date', 'of', 'birth')
    """
    spaced = _CAMEL.sub("_", name)
    flat = unicodedata.normalize("NFKD", spaced).casefold().replace("ı", "i").replace("ł", "l")
    return tuple(_TOKEN.findall("".join(c for c in flat if not unicodedata.combining(c))))


def _without(words: Sequence[str], *dropped: frozenset[str]) -> str:
    return "".join(word for word in words if not any(word in those for those in dropped))


def _index() -> dict[str, Meaning]:
    """Every word of the lexicon as one run of letters, and likewise without what only joins."""
    words = [(tokens(word), meaning) for meaning, text in WORDS.items() for word in re.split(r"[,|]", text)]
    short = {_without(word, JOINS): meaning for word, meaning in words}
    short.pop("", None)
    return {**short, **{_without(word): meaning for word, meaning in words}}


_BY_WORD = _index()


def meaning_of_name(name: str) -> Meaning | None:
    """What the name alone says. The whole name must say it: `house_age` is no age.

    >>> meaning_of_name("patient_age_years"), meaning_of_name("house_age")
    (<Meaning.AGE: 'age'>, None)
    """
    words = tokens(name)
    droppable = ((), (JOINS,), (JOINS, OWNERS), (JOINS, SHAPES), (JOINS, OWNERS, SHAPES))
    keys = (_without(words, *dropped) for dropped in droppable)
    return next((_BY_WORD[key] for key in keys if key in _BY_WORD), None)


def fits(meaning: Meaning, column: Column) -> bool:
    """Whether the column's content can be that: no sex has forty values, no religion a fraction."""
    number = column.type is ColumnType.NUMBER
    if meaning is Meaning.SEX:
        return column.n_distinct <= _MOST_SEXES
    if meaning is Meaning.COORDINATE:
        return column.type in (ColumnType.NUMBER, ColumnType.TEXT)
    if meaning is Meaning.AGE:
        return column.type in (ColumnType.NUMBER, ColumnType.TEXT)
    if meaning in _WRITTEN:
        return column.type is ColumnType.TEXT
    if meaning in _CATEGORIES:
        return column.type is not ColumnType.DATE and (not number or column.is_whole)
    return True


def meaning_of_values(values: Sequence[str]) -> Meaning | None:
    """What a sample of text values shows by its shape, whatever the column is called."""
    if not values:
        return None
    if _share(_EMAIL, values) >= _HALF:
        return Meaning.EMAIL
    if _share(_ADDRESS, values) >= _MOST:
        return Meaning.ACCOUNT
    if _share(_PHONE, ["" if _FILLED.fullmatch(v.strip()) else v for v in values]) >= _MOST:
        return Meaning.PHONE
    spelt = {_without(tokens(value)) for value in values}
    return Meaning.SEX if len(spelt & SEXES) >= 2 and len(spelt) <= _MOST_SEXES else None


def is_prose(values: Sequence[str]) -> bool:
    """Whether a sample of text values is sentences rather than labels."""
    sentences = sum(len(value) >= _LONG_TEXT or len(value.split()) >= _MANY_WORDS for value in values)
    return bool(values) and sentences >= _HALF * len(values)


def is_thing(name: str) -> bool:
    """Whether a name says that things are measured."""
    return not THINGS.isdisjoint(tokens(name))


def is_kind(name: str) -> bool:
    """Whether a name says that the rows are animals or goods."""
    return not KINDS.isdisjoint(tokens(name))


def is_of_texts(name: str) -> bool:
    """Whether a name is one that collections of texts have beside the text."""
    words = tokens(name)
    return bool(words) and TEXTS.issuperset(words)


def is_time(name: str) -> bool:
    """Whether a name says when.

    >>> is_time("survey_month"), is_time("hours-per-week")
    (True, False)
    """
    words = tokens(name)
    return bool(words) and words[-1] in TIMES and "per" not in words


def is_issued(value: str) -> bool:
    """Whether a value can be an e-mail address or a number given out, rather than whether there is one."""
    return "@" in value or sum(c.isdigit() for c in value) >= _ISSUED_DIGITS


def decimals(value: str) -> int:
    """How many decimals a number is written with, the first one where a value holds several.

    >>> decimals("15.5527"), decimals("12"), decimals("POINT(36.82 -1.29)")
    (4, 0, 2)
    """
    found = re.search(r"\d+[.,](\d+)", value)
    return len(found[1]) if found else 0


def _share(shape: re.Pattern[str], values: Sequence[str]) -> float:
    return sum(shape.fullmatch(value.strip()) is not None for value in values) / len(values)

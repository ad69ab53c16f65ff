"""Whether the rows of a table are about people: yes, no, or for its owner to say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from weighbridge.core.candidate import Declared
from weighbridge.probekit.attributes import Trait, is_issued_number
from weighbridge.probekit.lexicon import Meaning
from weighbridge.probekit.meanings import CERTAIN, HINTS, is_kind, is_of_texts, is_thing, tokens
from weighbridge.probekit.ports import ColumnType

_ENOUGH_HINTS = 2
_SERIES = 8  # columns named alike but for a number: pixels, features; ours
_QUESTIONS = frozenset({"q", "question", "item", "var", "s"})  # numbered too, and asked of people
_MOST_OF = 5  # one strange column in so many is let through; ours
_HUMAN = frozenset({Meaning.FAMILY, Meaning.RELIGION, Meaning.EDUCATION, Meaning.WORK, Meaning.DISABILITY})
_SURNAMES = frozenset({"surname", "last", "family", "apellido", "apellidos", "nachname", "familienname", "cognome",
                       "achternaam", "sobrenome", "soyad", "soyadi", "nazwisko"})  # fmt: skip
_FEW_LABELS = 50  # distinct values of the one text column that measurements may have: their class


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """What was concluded (None: it cannot be told), and the columns that spoke for people."""

    are: bool | None
    by: tuple[str, ...] = ()
    declared: bool = False


def about_people(declared: Declared, traits: Sequence[Trait]) -> People:
    """Whether the rows are about people.

    *No* wants a reason as good as *yes* does: numbers measured on things. Whatever is neither stays open, for a list of
    people in a language that we do not know looks like nothing at all.
    """
    if declared.about_people is False:
        personal = tuple(t.name for t in traits if _is_personal(t))
        return People(are=None if personal else False, by=personal, declared=True)
    if declared.about_people:
        return People(are=True, declared=True)
    if declared.quasi_identifiers or declared.person or declared.sensitive:
        return People(are=True, declared=True)
    certain = [t.name for t in traits if _is_personal(t)]
    hints = {t.meaning: t.name for t in reversed(traits) if t.meaning in HINTS}
    of_things = any(is_kind(t.name) for t in traits) and not any(t.meaning in _HUMAN for t in traits)
    if certain or (len(hints) >= _ENOUGH_HINTS and not of_things):
        return People(are=True, by=tuple(t.name for t in traits if t.name in {*certain, *hints.values()}))
    if hints:
        return People(are=None, by=tuple(hints.values()))
    if any(is_issued_number(t, n_rows=t.n_present) for t in traits):
        return People(are=None)  # whoever they were given out to
    return People(are=False if _are_texts(declared, traits) or _are_measurements(traits) else None)


def _is_personal(trait: Trait) -> bool:
    is_surname = trait.meaning is Meaning.FULL_NAME and not _SURNAMES.isdisjoint(tokens(trait.name))
    return trait.meaning in CERTAIN or is_surname


def _are_texts(declared: Declared, traits: Sequence[Trait]) -> bool:
    """Whether there is prose, and hardly a column that is not prose, a measurement or a mark on a text."""
    held = [t for t in traits if t.column.n_distinct]
    prose = [t for t in held if t.is_prose or t.name == declared.text_field]
    strange = [t for t in held if t not in prose and not _goes_with_texts(t)]
    return bool(prose) and _MOST_OF * len(strange) <= len(held)


def _goes_with_texts(trait: Trait) -> bool:
    column = trait.column
    is_fraction = column.type is ColumnType.NUMBER and not column.is_whole
    marks = is_fraction or column.type is ColumnType.BOOLEAN or column.n_distinct == 1
    return marks or is_thing(trait.name) or is_of_texts(trait.name)


def _are_measurements(traits: Sequence[Trait]) -> bool:
    held = [t for t in traits if t.column.n_distinct]
    if not held or any(t.meaning is Meaning.COORDINATE for t in held):
        return False
    if 2 * sum(is_thing(t.name) for t in held) >= len(held):
        return True
    numbers = [t for t in held if t.column.type in (ColumnType.NUMBER, ColumnType.BOOLEAN)]
    others = [t for t in held if t not in numbers]
    if len(others) > 1 or any(
        t.column.type is not ColumnType.TEXT or t.column.n_distinct > _FEW_LABELS for t in others
    ):
        return False
    fractions = sum(t.column.type is ColumnType.NUMBER and not t.column.is_whole for t in numbers)
    return 2 * fractions > len(numbers) or _is_series(numbers)


def _is_series(numbers: Sequence[Trait]) -> bool:
    """Whether most columns share a name but for a number, and it is not that of questions asked."""
    stems = Counter(re.sub(r"[\d\W_]+", "", t.name).casefold() for t in numbers if re.search(r"\d", t.name))
    stem, n = stems.most_common(1)[0] if stems else ("", 0)
    return n >= _SERIES and 2 * n > len(numbers) and stem not in _QUESTIONS

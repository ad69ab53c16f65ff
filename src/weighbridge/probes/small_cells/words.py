"""Words by which a table of counts is known: what counts and what totals are called. Ours, to be added to."""

from __future__ import annotations

import re

from weighbridge.probekit.names import words
from weighbridge.probekit.persons import speak_of_people

_COUNTS = frozenset(
    """
    n count counts freq frequency frequencies num number numbers tally obs total totals value obs nb nombre nombres
    effectif effectifs frecuencia cantidad recuento numero contagem quantidade frequencia anzahl haufigkeit
    haeufigkeit zahl numeri conteggio frequenza aantal adad عدد التكرار idadi jumlah banyaknya sayi adet liczba
    liczebnosc ilosc число 人数 件数 人數 수
    """.split()  # noqa: SIM905  a list of words is read more easily so
)
_OF = frozenset(
    [
        "of",
        "the",
        "de",
        "des",
        "du",
        "d",
        "la",
        "le",
        "les",
        "del",
        "los",
        "las",
        "der",
        "die",
        "von",
        "di",
        "da",
        "dei",
        "do",
        "das",
        "dos",
        "wa",
        "ya",
        "al",
        "by",
        "in",
        "no",
        "number",
        "nb",
    ]
)
# What is no count though a word of counts stands in it.
_OTHERWISE = frozenset(
    """
    rate rates percent percentage pct share ratio mean average avg median std sd id ids code codes index rank price
    amount year years month day week date age ages size score income income per mortality taux pourcentage moyenne
    prozent anteil quote porcentaje tasa media promedio phone telephone tel account passport bedrooms rooms hours hour
    weight height sex gender ethnicity religion nationality surname firstname lastname forename birthdate dob
    household family sexe prenom nom sexo edad idade geschlecht alter haushalt sesso eta geslacht leeftijd umr jins
    jinsia umri kelamin usia cinsiyet yas plec wiek العمر الجنس
    """.split()  # noqa: SIM905
)
_YEARS = frozenset("year ano anno jahr jaar tahun yil mwaka rok annee год السنه سنه 年 年份 연도".split())  # noqa: SIM905
_ATTRIBUTES = frozenset(
    """
    age sex gender income salary birth birthdate dob name surname firstname lastname forename ethnicity race religion
    marital occupation education nationality diagnosis weight height bmi smoker email phone address sexe prenom nom
    sexo edad idade nombre apellido geschlecht alter vorname nachname sesso eta geslacht leeftijd umr jinsia kelamin
    usia cinsiyet yas plec wiek
    """.split()  # noqa: SIM905
)
_BANDED = frozenset("age ages year years month size edad idade alter leeftijd eta yas usia umri wiek".split())  # noqa: SIM905
_TOTALS = frozenset(
    """
    total totals all sum overall both combined altogether everyone everybody ensemble tous toutes somme totaux todos
    todas suma ambos ambas soma conjunto gesamt insgesamt summe alle zusammen totale tutti tutte somma entrambi totaal
    allen som toplam tumu hepsi semua jumla yote jumlah razem ogolem suma wadarta المجموع الاجمالي مجموع اجمالي الكل
    итого всего 合计 总计 总数 合計 総数 總計 총계 합계 전체 tong cong kul कुल
    """.split()  # noqa: SIM905
)
_EXCEPT = frozenset("other others else except remaining autre autres otros andere altri outros unknown not".split())  # noqa: SIM905
_MOST_WORDS = 4
_CODES = frozenset({"_t", "tot", "ttl"})
_LETTERS = re.compile(r"[^\W\d_]")


def is_count(name: str) -> bool:
    """Whether a column's name says that it counts.

    >>> is_count("Number of deaths"), is_count("n"), is_count("death rate"), is_count("number of rooms")
    (True, True, False, False)
    """
    found = [word for word in words(name) if word not in _OF] or list(words(name))
    if not found or not _OTHERWISE.isdisjoint(found):
        return False
    return all(word in _COUNTS or speak_of_people([word]) for word in found)


def is_otherwise(name: str) -> bool:
    """Whether a name says that a number is a year, an age, a code or a rate, rather than a count."""
    found = set(words(name))
    if any(c.isdigit() for c in name):  # a band or a year of its own, such as "age 0-17"
        found -= _BANDED
    return not (_OTHERWISE | _YEARS).isdisjoint(found)


def describes_somebody(name: str) -> bool:
    """Whether a name is that of what single people have: one more reason to take rows for people."""
    found = words(name)
    return not _ATTRIBUTES.isdisjoint(found)


def numbers_people(name: str) -> bool:
    """Whether a name is that of a number given to each person, so that rows are people and not groups of them."""
    found = words(name)
    return speak_of_people(found) and not {"id", "ids", "code", "key", "no", "nr", "number", "uuid"}.isdisjoint(found)


def is_total(label: str) -> bool:
    """Whether a category's or a column's label says that it stands for all the others.

    >>> is_total("Both sexes"), is_total("All other"), is_total("Insgesamt"), is_total("TOTAL GÉNÉRAL")
    (True, False, True, True)
    """
    if label.strip().casefold() in _CODES:
        return True
    if not _LETTERS.search(label):
        return False
    found = words(label)
    return 0 < len(found) <= _MOST_WORDS and not _TOTALS.isdisjoint(found) and _EXCEPT.isdisjoint(found)

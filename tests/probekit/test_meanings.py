from collections import defaultdict

import pytest

from weighbridge.probekit.lexicon import WORDS, Meaning
from weighbridge.probekit.meanings import meaning_of_name, meaning_of_values, tokens


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("Age", Meaning.AGE), ("âge", Meaning.AGE), ("Edad", Meaning.AGE), ("idade", Meaning.AGE), ("Alter", Meaning.AGE),
        ("età", Meaning.AGE), ("leeftijd", Meaning.AGE), ("al_umr", Meaning.AGE), ("العمر", Meaning.AGE), ("umri", Meaning.AGE),
        ("yaş", Meaning.AGE), ("patientAgeYears", Meaning.AGE), ("age_2", Meaning.AGE), ("q12_age", Meaning.AGE),
        ("sexe", Meaning.SEX), ("GENERO", Meaning.SEX), ("Geschlecht", Meaning.SEX), ("jinsia", Meaning.SEX), ("الجنس", Meaning.SEX),
        ("Date de naissance", Meaning.BIRTH), ("DateOfBirth", Meaning.BIRTH), ("fecha_nacimiento", Meaning.BIRTH),
        ("data-de-nascimento", Meaning.BIRTH), ("Geburtsdatum", Meaning.BIRTH), ("tarehe ya kuzaliwa", Meaning.BIRTH),
        ("Code postal", Meaning.PLACE), ("municipio", Meaning.PLACE), ("PLZ", Meaning.PLACE), ("wilaya", Meaning.PLACE),
        ("muhafaza", Meaning.PLACE), ("district_name", Meaning.PLACE),
        ("numero_telephone", Meaning.PHONE), ("simu", Meaning.PHONE), ("raqm_al_hatif", Meaning.PHONE),
        ("customer phone number", Meaning.PHONE), ("Telefonnummer", Meaning.PHONE),
        ("prénom", Meaning.FULL_NAME), ("apellido", Meaning.FULL_NAME), ("patient_name", Meaning.FULL_NAME),
        ("barua_pepe", Meaning.EMAIL), ("correo electrónico", Meaning.EMAIL), ("E-Mail", Meaning.EMAIL),
        ("house_age", None), ("HouseAge", None), ("station_name", None), ("sepal length (cm)", None), ("", None), ("7", None),
    ],
)  # fmt: skip
def test_names_in_many_languages(name: str, meaning: Meaning | None) -> None:
    assert meaning_of_name(name) is meaning


def test_no_word_has_two_meanings() -> None:
    words = [
        (tokens(word), meaning)
        for meaning, all_words in WORDS.items()
        for word in all_words.replace("|", ",").split(",")
    ]
    by_word: dict[str, set[Meaning]] = defaultdict(set)
    for word, meaning in words:
        assert word
        by_word["".join(word)].add(meaning)
    assert {word: found for word, found in by_word.items() if len(found) > 1} == {}


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("电话", Meaning.PHONE), ("手机号", Meaning.PHONE), ("Телефон", Meaning.PHONE), ("전화번호", Meaning.PHONE),
        ("姓名", Meaning.FULL_NAME), ("氏名", Meaning.FULL_NAME), ("ФИО", Meaning.FULL_NAME), ("身份证号", Meaning.OFFICIAL),
    ],
)  # fmt: skip
def test_names_in_russian_chinese_japanese_and_korean(name: str, meaning: Meaning) -> None:
    assert meaning_of_name(name) is meaning


@pytest.mark.parametrize(
    ("cells", "meaning"),
    [
        (["a@b.org", "c.d@e.fr", ""], Meaning.EMAIL),
        (["+254 700 000 001", "0700-000-002"], Meaning.PHONE),
        (["555-010-0199", "(555) 010-0198"], Meaning.PHONE),
        (["0612345678", "00254700000001"], Meaning.PHONE),
        (["00000042", "01234567", "0000123456"], None),  # numbers of companies, filled up with noughts
        (["10.0.0.1", "192.168.2.2"], Meaning.ACCOUNT),
        (["F", "M", "F"], Meaning.SEX),
        (["Mujer", "Hombre"], Meaning.SEX),
        (["2024-01-02", "2023-11-12"], None),
        (["3.14", "2.71"], None),
        (["100000", "200000"], None),
        (["F", "F"], None),
        ([], None),
    ],
)
def test_shapes_of_values(cells: list[str], meaning: Meaning | None) -> None:
    assert meaning_of_values(cells) is meaning

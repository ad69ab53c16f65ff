"""Words in a column's name that say it is about religion, origin, health, sexuality or politics: our own list.

Languages: English, French, Spanish, Portuguese, German, Italian, Dutch, Arabic (as spelt in Latin letters, then in its
own), Swahili, Indonesian, Turkish, Somali, Polish.
"""

from __future__ import annotations

from weighbridge.probekit.names import folded, words

WORDS: dict[str, str] = {
    "religion": """
        religion religious religieuse faith denomination sect confession religiao religione konfession
        religionszugehorigkeit godsdienst diyana madhhab الدين الديانة dini agama diinta wyznanie religia caste
    """,
    "origin": """
        race racial ethnicity ethnic ethnie ethnique tribe clan nationality nationalite origine raza etnia nacionalidad
        raca nacionalidade ethnie herkunft staatsangehorigkeit nationalitat migrationshintergrund etnie nazionalita
        herkomst nationaliteit jinsiya qabila الجنسية القبيلة kabila utaifa suku kebangsaan uyruk etnik qabiil
        narodowosc immigrant migrant refugee asylum
    """,
    "health": """
        health disease diseases illness diagnosis diagnoses diagnosed hiv aids cancer diabetes diabetic depression
        disability disabled pregnant pregnancy symptom symptoms medication sante maladie diagnostic handicap enceinte
        salud enfermedad diagnostico discapacidad embarazada embarazo saude doenca deficiencia gravidez gesundheit
        krankheit diagnose behinderung schwanger salute malattia diagnosi disabilita gezondheid ziekte tashkhis marad
        التشخيص المرض الصحة afya ugonjwa ulemavu ujauzito kesehatan penyakit hamil saglik hastalik engellilik caafimaad
        cudur cudurka naafo zdrowie choroba diagnoza niepelnosprawnosc
    """,
    "sexuality": """
        sexuality orientation gay lesbian bisexual transgender lgbt lgbtq queer sexualite sexualidad orientacion
        sexualidade orientacao sexualitat orientierung sessualita orientamento geaardheid orientasi yonelim orientacja
    """,
    "politics": """
        political politics party partisan vote voted voter union politique parti syndicat politica partido voto
        sindicato partei gewerkschaft wahl politisch partito sindacato partij vakbond hizb الحزب siasa partai siyasi
        parti sendika xisbi siyaasad partia polityczna zwiazek
    """,
}
_BY_WORD = {folded(word): kind for kind, text in WORDS.items() for word in text.split()}


def kind_of(name: str) -> str | None:
    """What a column's name says it is about, or nothing.

    >>> kind_of("patientReligion"), kind_of("hiv_status"), kind_of("height")
    ('religion', 'health', None)
    """
    return next((_BY_WORD[word] for word in words(name) if word in _BY_WORD), None)

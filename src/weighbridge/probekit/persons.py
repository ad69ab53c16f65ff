"""Whether names of columns speak of people.

Words are whole words of a name, in the languages below; a list of ours, to be added to. It says yes or nothing: what
speaks of nobody here may still be about people.
"""

from __future__ import annotations

from collections.abc import Iterable

from weighbridge.core.candidate import Declared
from weighbridge.probekit.names import words

# English; French; Spanish; Portuguese; German; Italian; Dutch; Arabic and its Latin spelling; Swahili; Indonesian;
# Turkish; Russian; Chinese, Japanese, Korean; Polish. As `words` gives them: without accents and capitals.
_PEOPLE = frozenset(
    """
    person persons people patient patients case cases death deaths birth births resident residents respondent
    respondents student students pupil pupils child children adult adults woman women man men male males female
    females sex gender age household households family families refugee refugees migrant migrants beneficiary
    beneficiaries survivor survivors victim victims client clients customer customers employee employees worker
    workers inhabitant inhabitants population individual individuals voter voters prisoner prisoners user users member
    members admission admissions arrest arrests ethnicity religion nationality citizen citizens surname firstname
    lastname forename birthdate dob injured killed infected hospitalised hospitalized unemployed passenger passengers
    detainee detainees donor donors personne personnes malade malades cas deces naissance naissances habitant
    habitants enfant enfants homme hommes femme femmes sexe menage menages refugie refugies eleve eleves prenom nom
    persona personas paciente pacientes caso casos muerte muertes defuncion defunciones nacimientos habitantes nino
    ninos nina ninas hombre hombres mujer mujeres sexo edad hogar hogares refugiados alumnos poblacion pessoa pessoas
    obito obitos nascimentos criancas homem homens mulher mulheres idade refugiado populacao personen patienten falle
    faelle todesfalle todesfaelle einwohner bewohner kinder manner maenner frauen geschlecht alter haushalt haushalte
    schuler schueler fluchtlinge fluechtlinge bevolkerung bevoelkerung beschaftigte arbeitslose persone pazienti
    pazienti casi decessi nascite abitanti bambini uomini donne sesso eta famiglie gevallen sterfgevallen geboorten
    inwoners kinderen mannen vrouwen geslacht leeftijd huishoudens leerlingen ashkhas afrad marda hala halat wafayat
    umr jins سكان مرضي حالات حاله وفيات عمر جنس اشخاص افراد لاجئين نساء رجال اطفال watu wagonjwa vifo watoto wanaume
    wanawake jinsia umri kaya wakimbizi orang jiwa pasien kasus kematian anak laki perempuan kelamin usia penduduk
    pengungsi kisi kisiler hasta hastalar vaka vakalar olum cocuk erkek kadin cinsiyet yas nufus hane multeci osoby
    osob pacjenci przypadki zgony dzieci kobiety mezczyzni plec wiek mieszkancy
    """.split()  # noqa: SIM905  a list of words is read more easily so
)


def speak_of_people(names: Iterable[str]) -> bool:
    """Whether any of these names has a word for people, or for what only people have.

    >>> speak_of_people(["district", "nb_patients"]), speak_of_people(["petal width", "species"])
    (True, False)
    """
    return any(
        not _PEOPLE.isdisjoint({w for word in words(name) for w in (word, word.removeprefix("ال"))}) for name in names
    )


def are_about_people(declared: Declared, names: Iterable[str]) -> bool | None:
    """As declared, also by naming a person column or what others could know; else yes by the names, else unknown."""
    if declared.about_people is not None:
        return declared.about_people
    if declared.person or declared.quasi_identifiers or declared.sensitive:
        return True
    return True if speak_of_people(names) else None

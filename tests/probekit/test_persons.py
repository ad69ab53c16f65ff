import pytest

from weighbridge.core.candidate import Declared
from weighbridge.probekit.persons import are_about_people, speak_of_people


@pytest.mark.parametrize(
    ("names", "yes"),
    [
        (["nb_deces", "region"], True),
        (["Geschlecht"], True),
        (["عدد الحالات", "حالات"], True),
        (["ageing_hours", "image"], False),  # whole words only
        (["petal", "species"], False),
        ([], False),
    ],
)
def test_names_speak_of_people(names: list[str], yes: bool) -> None:
    assert speak_of_people(names) is yes


@pytest.mark.parametrize(
    ("declared", "are"),
    [
        (Declared(about_people=False), False),
        (Declared(about_people=True), True),
        (Declared(person="who"), True),
        (Declared(), None),
    ],
)
def test_what_is_declared_goes_first(declared: Declared, are: bool | None) -> None:
    assert are_about_people(declared, ["depth"]) is are
    assert are_about_people(declared, ["sex"]) is (are is not False)

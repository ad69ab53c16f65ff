import pytest

from weighbridge.core.candidate import Declared
from weighbridge.probekit.attributes import read_traits
from weighbridge.probekit.bench import MemoryTable
from weighbridge.probekit.people import about_people


@pytest.mark.parametrize(
    ("columns", "declared", "are"),
    [
        ({"age": [30, 31], "sex": ["f", "m"]}, Declared(), True),
        ({"sepal length": [0.1, 0.2], "sepal width": [0.3, 0.4]}, Declared(), False),
        ({"sex": ["f", "m"], "island": ["a", "b"]}, Declared(), None),
        ({"sepal length": [0.1, 0.2]}, Declared(about_people=True), True),
        ({"sepal length": [0.1, 0.2]}, Declared(person="sepal length"), True),
        ({"age": [30, 31], "sex": ["f", "m"]}, Declared(about_people=False), False),
        ({"email": ["a@b.org", "c@d.org"]}, Declared(about_people=False), None),  # a denial does not outweigh this
    ],
)
def test_yes_no_or_for_its_owner_to_say(columns: dict[str, list[object]], declared: Declared, are: bool | None) -> None:
    table = MemoryTable(columns, declared=declared)
    assert about_people(declared, read_traits(table, table.columns)).are is are

import pytest

from weighbridge.core.candidate import Declared
from weighbridge.probekit.bench import MemoryTable
from weighbridge.probekit.contradictions import contradicted, undeclarable


@pytest.mark.parametrize(
    ("declared", "remedy"),
    [
        (Declared(), ""),
        (Declared(person="age"), ""),
        (Declared(person="agee"), "in weighbridge.toml, write 'age' in its place"),
        (Declared(sensitive=("zzzzzz",)), "in weighbridge.toml, take 'zzzzzz' out of sensitive"),
    ],
)
def test_a_declared_column_must_be_there(declared: Declared, remedy: str) -> None:
    table = MemoryTable({"age": [1], "sex": ["f"]}, declared=declared)
    found = undeclarable(table, [c.name for c in table.columns])
    assert str(found.remedy if found else "") == remedy


def test_a_denial_is_met_with_the_columns_that_speak_against_it() -> None:
    found = contradicted("list.csv", "phone (phone number)")
    assert "phone (phone number)" in str(found.because)
    assert "about_people = true" in str(found.remedy)

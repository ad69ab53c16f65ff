import pytest

from weighbridge.probekit.attributes import read_traits
from weighbridge.probekit.bench import MemoryTable
from weighbridge.probekit.speaker import Speaker, called


def test_only_names_are_said_and_a_header_that_is_data_is_called_by_its_place() -> None:
    names = ["age", "jane@example.org", "0700 123 456", " ", "x" * 61, "sex"]
    table = MemoryTable({name: [1, 2] for name in names})
    traits = read_traits(table, table.columns)
    speaker = Speaker(traits)
    assert speaker.list(names) == "age, column 2, column 3, column 4, column 5, sex"
    assert speaker.list(["age", "sex"], joint=" + ") == "age + sex"
    assert speaker.line("quasi_identifiers", names) == 'quasi_identifiers = ["age", "sex"]'
    assert speaker.meant(["age", "jane@example.org"], traits) == "age (age), column 2"


def test_many_columns_are_told_by_their_number() -> None:
    table = MemoryTable({f"c{n}": [1, 2] for n in range(20)})
    traits = read_traits(table, table.columns)
    assert Speaker(traits).list([t.name for t in traits]).endswith("c11 (+8)")
    assert Speaker(traits).meant([t.name for t in traits], traits).endswith("c11 (+8)")


@pytest.mark.parametrize("name", ["ada@example.org", "+44 20 7946 0182", "x" * 80, " "])
def test_a_name_that_is_data_is_not_said(name: str) -> None:
    assert called(name, 7) == "column 7"

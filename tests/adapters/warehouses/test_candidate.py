from pathlib import Path

import pytest

from weighbridge.adapters.warehouses.address import Address
from weighbridge.adapters.warehouses.candidate import candidate_of, parse_declared
from weighbridge.adapters.warehouses.table import open_warehouse_table
from weighbridge.core.candidate import Component, Declared, Subject
from weighbridge.core.errors import Faulty
from weighbridge.probekit.formats import is_table


def test_a_table_is_a_candidate_of_one_artefact_without_bytes(duck_address: Address, tmp_path: Path) -> None:
    table = open_warehouse_table(duck_address, declared=Declared(person="who"), seconds=60.0, spill=tmp_path)
    opened = candidate_of(table)
    (artefact,) = opened.candidate.artefacts
    assert (artefact.label, artefact.size_bytes, artefact.digest) == ("people", 0, table.digest)
    assert is_table(artefact.format)
    assert artefact.declared.person == "who"
    assert opened.candidate.components == (Component.DATA,)
    assert Subject.BYTES in opened.candidate.subjects  # so that what looks at bytes says that it could not
    opened.check_unchanged()
    table.close()


def test_what_is_declared() -> None:
    made = parse_declared(
        [
            "about_people=true",
            "person=client id",
            "quasi_identifiers=age, sex",
            "sensitive=income",
            "population_size=90000",
        ]
    )
    assert made == Declared(
        about_people=True,
        person="client id",
        quasi_identifiers=("age", "sex"),
        sensitive=("income",),
        population_size=90_000,
    )
    assert parse_declared([]) == Declared()


def test_all_that_cannot_be_declared_is_told_at_once() -> None:
    with pytest.raises(Faulty) as raised:
        parse_declared(["about_people=maybe", "persons=x", "sensitive", "text_field=note", "population_size=many"])
    told = str(raised.value)
    assert "true or false" in told
    assert "'person'" in told
    assert "sensitive=VALUE" in told
    assert "text_field" in told
    assert "whole number" in told

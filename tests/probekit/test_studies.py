import pytest

from weighbridge.core.candidate import Artefact, Belonging, Candidate, Declared, Role, Subject
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.evidence import NotApplicable, NotMeasured
from weighbridge.probekit.attributes import Part
from weighbridge.probekit.bench import MemoryBench, MemoryTable
from weighbridge.probekit.studies import Study, released, study

PEOPLE: dict[str, list[object]] = {"age": [30, 31], "sex": ["f", "m"]}


def artefact(label: str, role: Role, belongs: Belonging) -> Artefact:
    digest = digest_of_bytes(label.encode())
    return Artefact(role=role, label=label, digest=digest, size_bytes=1, format="csv", belongs=belongs)


def test_what_stays_at_home_is_not_weighed() -> None:
    held = {Role.DATA: ("out.csv", Belonging.DATA), Role.POPULATION: ("all.csv", Belonging.EVIDENCE_ONLY)}
    bench = MemoryBench(
        candidate=Candidate(
            name="c", version="1", subjects=(Subject.TABLE,),
            artefacts=tuple(artefact(label, role, belongs) for role, (label, belongs) in held.items()),
        ),
        tables_by_role={role: (MemoryTable(PEOPLE, label=label),) for role, (label, _) in held.items()},
    )  # fmt: skip
    assert [table.label for table in released(bench)] == ["out.csv"]


@pytest.mark.parametrize(
    ("columns", "declared", "kind"),
    [
        (PEOPLE, Declared(), Study),
        ({"sepal length": [0.1, 0.2]}, Declared(), NotApplicable),
        (PEOPLE, Declared(about_people=False), NotApplicable),
        ({"sex": ["f", "m"], "island": ["a", "b"]}, Declared(), NotMeasured),
        ({"hiv_status": ["a", "b"], "x": ["u", "v"]}, Declared(about_people=True), NotMeasured),
        ({"age": [], "sex": []}, Declared(), NotMeasured),
        (PEOPLE, Declared(person="agee"), NotMeasured),
    ],
)
def test_a_table_is_sorted_out_or_it_is_said_why_not(
    columns: dict[str, list[object]], declared: Declared, kind: type
) -> None:
    table = MemoryTable(columns, declared=declared)
    found = study(MemoryBench(), table, steps=20)
    assert isinstance(found, kind)
    if isinstance(found, Study):
        assert found.attributes.of(Part.QUASI) == ("age", "sex")
        assert any("taken to be about people" in str(note) for note in found.notes)
        assert any('quasi_identifiers = ["age", "sex"]' in str(note) for note in found.notes)

from __future__ import annotations

from dataclasses import replace

import pytest

from app.test_decide import CANDIDATE
from fakes.ledger import FakeLedger
from weighbridge.app.import_report import CLAIMED, Report, import_report, imported, with_imported
from weighbridge.core.candidate import Artefact, Belonging, Claims
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.decision import SignerRole
from weighbridge.core.errors import Unusable
from weighbridge.core.evidence import Basis, Evidence, Measured, Quantity
from weighbridge.core.ports import Kind

NUMBER = Quantity(
    metric="hit-share",
    value=0,
    low=0,
    high=0.0881,
    confidence=0.95,
    unit="1",
    n=40,
    n_of="answer",
    basis=Basis.TESTIFIED,
)
REPORT = Report(tool="garak", tool_version="0.17.1", reader=1, file=digest_of_bytes(b"report"), quantities=(NUMBER,))


def _brought(ledger: FakeLedger, report: Report = REPORT) -> Evidence:
    return import_report(CANDIDATE, report, SignerRole.SECURITY, ledger)[0]


def test_a_report_is_sealed_with_where_it_comes_from() -> None:
    ledger = FakeLedger()
    made = _brought(ledger)
    assert made.probe == "imported-garak"
    assert (made.asked.candidate, made.asked.reading) == (CANDIDATE.digest, CANDIDATE.reading)
    assert dict(made.asked.settings) == {
        "claimed-by": "security", "file": REPORT.file, "tool": "garak", "tool-version": "0.17.1"
    }  # fmt: skip
    assert isinstance(made.outcome, Measured)
    assert made.outcome.notes == (CLAIMED,)
    assert [e.kind for e in ledger.entries("c")] == [Kind.CANDIDATE, Kind.EVIDENCE]
    assert imported(CANDIDATE, ledger) == (made,)


def test_the_same_file_is_sealed_once() -> None:
    ledger = FakeLedger()
    made, is_new = import_report(CANDIDATE, REPORT, SignerRole.SECURITY, ledger)
    again, is_new_again = import_report(CANDIDATE, REPORT, SignerRole.OWNER, ledger)
    assert (again, is_new, is_new_again) == (made, True, False)
    other = _brought(ledger, replace(REPORT, file=digest_of_bytes(b"another")))
    assert imported(CANDIDATE, ledger) == (made, other)


def test_it_is_about_these_bytes_as_they_are_declared_now() -> None:
    ledger = FakeLedger()
    _brought(ledger)
    declared = replace(CANDIDATE, claims=Claims(licence="MIT"))
    changed = replace(CANDIDATE, artefacts=tuple(replace(a, digest=digest_of_bytes(b"!")) for a in CANDIDATE.artefacts))
    assert imported(declared, ledger) == imported(changed, ledger) == ()


def test_what_another_version_wrote_is_passed_over() -> None:
    ledger = FakeLedger()
    ledger.append("c", Kind.EVIDENCE, {"asked": {"probe": "imported-garak"}, "outcome": {}, "digest": "sha256:0"})
    assert imported(CANDIDATE, ledger) == ()


def test_it_is_joined_to_what_was_measured_once() -> None:
    ledger = FakeLedger()
    made = _brought(ledger)
    assert with_imported((), CANDIDATE, ledger) == with_imported((made,), CANDIDATE, ledger) == (made,)


def test_a_candidate_without_a_model_was_not_asked_anything() -> None:
    data: tuple[Artefact, ...] = tuple(replace(a, belongs=Belonging.DATA) for a in CANDIDATE.artefacts)
    ledger = FakeLedger()
    with pytest.raises(Unusable, match="garak"):
        import_report(replace(CANDIDATE, artefacts=data), REPORT, SignerRole.OWNER, ledger)
    assert not list(ledger.entries("c"))

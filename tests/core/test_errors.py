from __future__ import annotations

import pytest

from weighbridge.core import errors
from weighbridge.core.errors import ExitCode, Fault, Faulty, WeighbridgeError, nearest_hint


@pytest.mark.parametrize(
    ("kind", "code"),
    [("Unusable", 2), ("NotSettled", 3), ("LedgerBroken", 4), ("Outside", 74), ("Differs", 1)],
)
def test_each_kind_has_its_exit_code(kind: str, code: int) -> None:
    error: WeighbridgeError = getattr(errors, kind)("what", "why", "fix")
    assert error.exit_code == code == ExitCode(code)
    assert str(error) == "what\n  why: why\n  fix: fix"


def test_gathers_faults() -> None:
    faults = [
        Fault(file="a.toml", line=3, key="x", says="is missing"),
        Fault(file="a.toml", line=0, key="", says="is empty"),
    ]
    error = Faulty("cannot use a.toml", faults, "mend it")
    assert error.exit_code == ExitCode.UNUSABLE
    assert "a.toml:3: x: is missing" in str(error)
    assert "a.toml: is empty" in str(error)


def test_hints_at_the_nearest() -> None:
    assert nearest_hint("purpos", ["purpose", "plan"]) == "did you mean 'purpose'?"
    assert nearest_hint("zzz", ["purpose", "plan"]) == "known: plan, purpose"

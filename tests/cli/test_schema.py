from __future__ import annotations

import json

import jsonschema
import pytest

from conftest import Weighbridge


@pytest.mark.parametrize(
    "name", ["advance", "candidate", "decision", "decision-statement", "plans", "policy", "prices", "weighing"]
)
def test_prints_a_schema(weighbridge: Weighbridge, name: str) -> None:
    code, out, _err = weighbridge("schema", name)
    assert code == 0
    jsonschema.Draft202012Validator.check_schema(json.loads(out))


def test_knows_no_other(weighbridge: Weighbridge) -> None:
    assert weighbridge("schema", "none")[0] == 2

import json

import jsonschema

from replays import gpt2
from weighbridge.core.shape import Reading, plain, read
from weighbridge.core.tradeoffs import Comparison, State, comparison_schema


def test_the_document_fits_its_schema_and_is_read_back_as_it_was() -> None:
    document = json.loads(json.dumps(plain(gpt2())))
    jsonschema.validate(document, comparison_schema())
    reading = Reading(file="plans.json")
    again = read(Comparison, document, reading)
    assert reading.faults == []
    assert plain(again) == plain(gpt2())


def test_a_row_is_found_by_name_and_cleared_where_nothing_waits() -> None:
    assert gpt2().row("no-such-plan") is None
    row = gpt2().row("gated")
    assert row is not None
    assert (row.state, row.is_cleared) == (State.IN, True)
    beaten = gpt2().row("licensed")
    assert beaten is not None
    assert not beaten.is_cleared

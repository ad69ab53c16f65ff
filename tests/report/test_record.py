import json

import pytest

from report.weighings import EVERY, hostile, reciting
from weighbridge.core.weighing import document_plain
from weighbridge.core.wording import install
from weighbridge.report.record import render_evidence, render_json


@pytest.mark.parametrize("made", EVERY)
def test_the_record_reads_back_as_the_document(made: object) -> None:
    assert callable(made)
    assert json.loads(render_json(made())) == json.loads(json.dumps(document_plain(made())))


def test_nothing_hides_in_the_file_and_nothing_is_lost() -> None:
    text = render_json(hostile())
    assert "\u202e" not in text
    assert "\\u202e" in text
    assert "\u202e" in json.loads(text)["candidate"]["name"]


def test_keys_are_sorted_and_no_language_changes_it(brackets: object) -> None:
    assert callable(brackets)
    before = render_json(EVERY[1]())
    install(brackets())
    assert render_json(EVERY[1]()) == before
    assert before.index('"candidate"') < before.index('"evidence"') < before.index('"findings"')


def test_one_piece_of_evidence_is_written_as_in_the_document() -> None:
    made = reciting()
    row = json.loads(render_evidence(made.evidence[0]))
    assert row == json.loads(render_json(made))["evidence"][0]
    assert row["imported"] is False

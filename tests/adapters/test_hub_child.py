from __future__ import annotations

import io
import json

import pytest

from weighbridge.adapters.hub_child import _kind, _status, serve


class Answer:
    status_code = 418


class Refused(Exception):
    response = Answer()


def test_the_status_is_found_below_what_was_raised_on_top() -> None:
    try:
        try:
            raise Refused("hf_secret")
        except Refused as error:
            raise RuntimeError("while uploading hf_secret") from error
    except RuntimeError as error:
        assert (_kind(error), _status(error)) == ("Refused", 418)
    assert _status(ValueError("x")) == 0


def test_causes_that_go_round_end() -> None:
    one, other = ValueError(), KeyError()
    one.__cause__, other.__cause__ = other, one
    assert _status(one) == 0


def test_every_job_is_answered_and_no_answer_quotes_what_was_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    answers = io.StringIO()
    serve(io.StringIO('no json hf_secret\n{"do": "hf_secret"}\n'), answers)
    told = [json.loads(line) for line in answers.getvalue().splitlines()]
    assert told == [{"fault": "JSONDecodeError", "status": 0}, {"fault": "KeyError", "status": 0}]

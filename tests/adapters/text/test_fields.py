from __future__ import annotations

import decimal
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

from weighbridge.adapters.text.fields import Fields, choose, is_true, standing, truths
from weighbridge.core.candidate import Declared
from weighbridge.core.errors import Unusable
from weighbridge.core.evidence import NotMeasured, Silent


def test_the_text_is_declared_or_alone_or_called_so() -> None:
    names = ("id", "title", "body", "secret")
    told = choose("t", names, [False, True, True, False], Declared(text_field="title", private_field="secret"))
    assert told.fields == Fields(text=1, private=3, canary=None)
    assert told.note is None
    assert told.fields.places == (1, 3)
    alone = choose("t", names, [False, True, False, True], Declared(canary_field="secret"))
    assert alone.fields == Fields(text=1, private=None, canary=3)
    assert 'its column "title"' in str(alone.note)
    hidden = choose("t", ("id", "body", "code"), [False, True, True], Declared(secret_field="code"))  # noqa: S106  the name of a column
    assert hidden.fields == Fields(text=1, private=None, canary=None, secret=2)  # the secrets are not the text
    assert hidden.fields.places == (1, 2)
    beside = choose("t", ("id", "body", "lang"), [False, True, True], Declared(language_field="lang"))
    assert beside.fields == Fields(text=1, private=None, canary=None)  # what says something of a text is no text
    called = choose("t", names, [True, True, True, True], Declared())
    assert called.fields == Fields(text=2, private=None, canary=None)


def test_nobody_guesses_between_columns() -> None:
    with pytest.raises(Silent) as caught:
        choose("train.csv", ("question", 'an "answer"'), [True, True], Declared())
    assert isinstance(caught.value.outcome, NotMeasured)
    assert 'question, an "answer"' in str(caught.value.outcome.because)
    assert str(caught.value.outcome.remedy).endswith('weighbridge.toml: text_field = "question"')


def test_no_text_is_said() -> None:
    told = choose("t", ("a", "b"), [False, False], Declared())
    assert told.fields is None
    assert "left out" in str(told.note)


@pytest.mark.parametrize("key", ["text_field", "private_field", "canary_field", "secret_field"])
def test_a_declared_column_must_be_there(key: str) -> None:
    declared = replace(Declared(), **{key: "bdy"})  # type: ignore[arg-type]  # one of its four texts
    with pytest.raises(Unusable, match=rf"{key} = 'bdy' is no column of it; did you mean 'body'\?"):
        choose("t", ("id", "body"), [False, True], declared)


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        (pa.array([True, False, None]), [True, False, False]),
        (pa.array([1, 0, None, -3]), [True, False, False, True]),
        (pa.array([0.5, 0.0, float("nan")]), [True, False, False]),
        (pa.array([decimal.Decimal("1.5"), decimal.Decimal(0)]), [True, False]),
        (pa.array([" Yes", "true", "1", "x", "No", "FALSE", "0", "", " ", None]), [True] * 4 + [False] * 6),
        (pa.array(["yes", "no", None]).dictionary_encode(), [True, False, False]),
        (pa.nulls(2), [False, False]),
        (pa.array([[1], None]), [True, False]),
    ],
)
def test_truths(values: Any, wanted: list[bool]) -> None:
    assert truths(values).tolist() == wanted
    assert truths(values).dtype == bool


def test_truth_of_json() -> None:
    yes: tuple[object, ...] = (True, 1, -0.5, "yes", "x", [0], {"a": None})
    no: tuple[object, ...] = (False, 0, 0.0, float("nan"), "", " no ", "FALSE", None, [], {})
    assert all(is_true(value) for value in yes)
    assert not any(is_true(value) for value in no)


def test_a_secret_stands_in_its_text() -> None:
    text = pa.array(["the code is 0417", "the code is 0417", "no code", "", "\u043a\u043e\u0434 \u044f-7", "x"])
    secret = pa.array([" 0417\n", "417 ", "0417", "", "\u044f-7", "x" * 9])
    kept, lost = standing(text, secret)
    assert kept.to_pylist() == ["0417", "417", "", "", "\u044f-7", ""]
    assert lost.tolist() == [False, False, True, False, False, True]

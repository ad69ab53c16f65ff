from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighbridge.core.bodies import asked_digest, evidence_body, evidence_from, sealed_digest
from weighbridge.core.canon import MAX_EXACT, Plain, canonical, digest_of
from weighbridge.core.evidence import (
    Asked,
    Basis,
    Evidence,
    Failed,
    Measured,
    NotApplicable,
    NotMeasured,
    Outcome,
    Quantity,
)
from weighbridge.core.wording import Phrase

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
WHOLE = st.integers(-MAX_EXACT, MAX_EXACT)
FINITE = st.floats(allow_nan=False, allow_infinity=False)
DIGESTS = WORDS.map(digest_of)


def pairs(values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[tuple[str, Any], ...]]:
    return st.dictionaries(WORDS, values, max_size=3).map(lambda table: tuple(sorted(table.items())))


PHRASES = st.builds(
    Phrase, template=WORDS.map(lambda t: t.replace("{", "").replace("}", "")), fields=pairs(WORDS | WHOLE | FINITE)
)
QUANTITIES = st.builds(
    lambda three, **rest: Quantity(low=three[0], value=three[1], high=three[2], **rest),
    three=st.lists(FINITE, min_size=3, max_size=3).map(sorted),
    metric=WORDS,
    confidence=st.floats(0, 1, exclude_min=True),
    unit=WORDS,
    n=st.integers(0, MAX_EXACT),
    n_of=WORDS,
    by=pairs(WORDS),
    basis=st.sampled_from(Basis),
)
OUTCOMES = st.one_of(
    st.builds(
        Measured, quantities=st.lists(QUANTITIES, max_size=3).map(tuple), notes=st.lists(PHRASES, max_size=2).map(tuple)
    ),
    st.builds(NotApplicable, because=PHRASES),
    st.builds(NotMeasured, because=PHRASES, remedy=PHRASES),
    st.builds(Failed, error=PHRASES),
)
ASKED = st.builds(
    Asked,
    candidate=DIGESTS,
    reading=DIGESTS,
    probe=WORDS,
    version=WHOLE,
    settings=pairs(st.booleans() | WHOLE | FINITE | WORDS),
    seed=WHOLE,
    budget_seconds=FINITE,
    after=pairs(DIGESTS),
)
EVIDENCE = st.builds(Evidence, asked=ASKED, outcome=OUTCOMES)


def stored(body: Plain) -> Any:
    """What is left of a body once it has been written and read as JSON."""
    return json.loads(canonical(body), parse_int=lambda n: int(n) if abs(int(n)) <= MAX_EXACT else float(n))


@given(EVIDENCE)
def test_evidence_comes_back_as_it_was(evidence: Evidence) -> None:
    body = stored(evidence_body(evidence))
    again = evidence_from(body)
    assert again == evidence
    assert again.digest == evidence.digest == sealed_digest(body)
    assert again.asked.digest == evidence.asked.digest == asked_digest(body)


@given(EVIDENCE, st.data())
@settings(max_examples=50)
def test_a_body_changed_anywhere_is_refused(evidence: Evidence, data: st.DataObject) -> None:
    body = stored(evidence_body(evidence))
    places = [("asked", key) for key in body["asked"]] + [("outcome", key) for key in body["outcome"]]
    part, key = data.draw(st.sampled_from(places))
    body[part][key] = {"other": "than it was"}
    with pytest.raises(ValueError):
        evidence_from(body)


def quantity(**changes: Any) -> Quantity:
    made = Quantity(metric="m", value=0.5, low=0.1, high=0.9, confidence=0.95, unit="1", n=4, n_of="suffix")
    return replace(made, **changes)


def evidence_of(outcome: Outcome) -> Evidence:
    asked = Asked(
        candidate=digest_of("c"), reading=digest_of("r"), probe="p", version=1, settings=(), seed=0, budget_seconds=1.0
    )
    return Evidence(asked=asked, outcome=outcome)


def test_pairs_come_back_in_the_order_of_their_keys_and_the_digest_does_not_mind() -> None:
    evidence = evidence_of(Measured(quantities=(quantity(by=(("stratum", "private"), ("repeats", "4"))),)))
    again = evidence_from(stored(evidence_body(evidence)))
    assert again.outcome == Measured(quantities=(quantity(by=(("repeats", "4"), ("stratum", "private"))),))
    assert again.digest == evidence.digest


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"asked": {}, "outcome": {}, "digest": ""},
        {"asked": {}, "outcome": {"outcome": "MARKER"}, "digest": ""},
        {"asked": {"probe": "MARKER"}, "outcome": {"outcome": "failed", "error": "x"}, "digest": ""},
    ],
)
def test_another_shape_is_refused_and_not_quoted(body: Plain) -> None:
    with pytest.raises(ValueError) as refused:
        evidence_from(body)
    assert "MARKER" not in str(refused.value)


def test_a_phrase_whose_fields_are_no_table_is_refused() -> None:
    body = stored(evidence_body(evidence_of(Failed(error=Phrase(template="x")))))
    body["outcome"]["error"] = {"template": "MARKER", "fields": ["MARKER"]}
    with pytest.raises(ValueError) as refused:
        evidence_from(body)
    assert "MARKER" not in str(refused.value)


def test_a_digest_that_does_not_fit_is_refused() -> None:
    body = stored(evidence_body(evidence_of(Failed(error=Phrase(template="x")))))
    with pytest.raises(ValueError, match="digest"):
        evidence_from({**body, "digest": digest_of("another")})

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.adapters.ledger.chain import Row, before_first, evidence_in, read_back, row_of, sealed
from weighbridge.core.bodies import evidence_body
from weighbridge.core.canon import MAX_EXACT, Digest, Plain, digest_of
from weighbridge.core.errors import LedgerBroken
from weighbridge.core.evidence import Asked, Evidence, Failed
from weighbridge.core.ports import Entry, Kind
from weighbridge.core.wording import phrase

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-MAX_EXACT, MAX_EXACT)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT
)
BODIES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3))
MARKER = "marker-7f3a"
EVIDENCE = Evidence(
    asked=Asked(
        candidate=digest_of("c"), reading=digest_of("r"), probe="p", version=1, settings=(), seed=0, budget_seconds=1.0
    ),
    outcome=Failed(error=phrase("broke")),
)


def entry_with(body: Plain, kind: Kind = Kind.ANSWER, chain: str = "toy") -> Entry:
    return sealed(
        Entry(
            chain=chain,
            number=1,
            kind=kind,
            body=body,
            at="2026-11-22T12:00:00.000+00:00",
            environment={"weighbridge": "0.1.0"},
            previous=before_first(chain),
            digest=Digest(""),
        )
    )


@given(BODIES, TEXT)
def test_an_entry_comes_back_as_it_was(body: Plain, chain: str) -> None:
    entry = entry_with(body, chain=chain)
    assert read_back(row_of(entry), number=1, previous=before_first(chain)) == entry


EVIDENCE_ROW = row_of(entry_with(evidence_body(EVIDENCE), Kind.EVIDENCE))


@given(st.sampled_from([f.name for f in fields(Row)]), st.data())
def test_a_change_of_any_character_of_any_column_is_seen(column: str, data: st.DataObject) -> None:
    value = getattr(EVIDENCE_ROW, column)
    if isinstance(value, int):
        changed: Any = data.draw(st.integers().filter(lambda n: n != value))
    else:
        at = data.draw(st.integers(0, len(value) - 1))
        other = data.draw(st.characters().filter(lambda c: c != value[at]))
        changed = value[:at] + other + value[at + 1 :]
    with pytest.raises(LedgerBroken):
        read_back(replace(EVIDENCE_ROW, **{column: changed}), number=1, previous=before_first("toy"))


@pytest.mark.parametrize(
    "body",
    [f'["{MARKER}"', f'["{MARKER}" ]', '{"a":1,"a":1}', "[NaN]", "[1.0]", "[" * 100_000, "9" * 10_000, "\udcff"],
)
def test_a_body_that_is_not_canonical_is_refused_and_not_quoted(body: str) -> None:
    with pytest.raises(LedgerBroken) as broken:
        read_back(replace(row_of(entry_with([])), body=body), number=1, previous=before_first("toy"))
    assert "entry 1 of toy" in broken.value.what
    assert MARKER not in str(broken.value)


def test_a_missing_entry_is_named() -> None:
    with pytest.raises(LedgerBroken, match="entry 4 of toy"):
        read_back(replace(row_of(entry_with([])), number=5), number=4, previous=before_first("toy"))


def test_an_entry_of_another_chain_does_not_fit_though_its_own_seal_does() -> None:
    with pytest.raises(LedgerBroken, match="entry 1"):
        read_back(row_of(entry_with([])), number=1, previous=digest_of("something else"))


def test_a_key_on_what_is_no_evidence_is_seen() -> None:
    with pytest.raises(LedgerBroken):
        read_back(replace(row_of(entry_with([])), asked=digest_of("x")), number=1, previous=before_first("toy"))


def test_evidence_whose_inner_digest_is_another_is_seen_though_it_was_sealed_so() -> None:
    body = {**dict(evidence_body(EVIDENCE)), "digest": digest_of("x")}  # type: ignore[arg-type]  # it is a table
    entry = entry_with(body, Kind.EVIDENCE)
    row = replace(EVIDENCE_ROW, body=row_of(replace(entry, kind=Kind.ANSWER)).body, digest=entry.digest)
    with pytest.raises(LedgerBroken, match="entry 1 of toy"):
        read_back(row, number=1, previous=before_first("toy"))


def test_evidence_that_cannot_be_read_back_is_never_sealed() -> None:
    with pytest.raises(ValueError, match="asked"):
        row_of(entry_with({"asked": {}, "outcome": {"outcome": "failed", "error": "x"}, "digest": ""}, Kind.EVIDENCE))


def test_evidence_is_read_from_its_entry() -> None:
    assert evidence_in(entry_with(evidence_body(EVIDENCE), Kind.EVIDENCE)) == EVIDENCE


def test_evidence_of_another_shape_is_told_with_its_entry() -> None:
    with pytest.raises(LedgerBroken, match="entry 1 of toy"):
        evidence_in(entry_with({"asked": {}}, Kind.ANSWER))

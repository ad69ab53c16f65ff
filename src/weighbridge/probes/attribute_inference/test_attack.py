from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighbridge.probekit.ports import Floats, Ints
from weighbridge.probes.attribute_inference import attack
from weighbridge.probes.attribute_inference.attack import Counts, Rows, counts, guesses, replies
from weighbridge.probes.attribute_inference.values import candidates


def _one_by_one(probabilities: Floats, truth: Ints) -> Counts:
    """The published definition, record by record and candidate by candidate."""
    correct = total = 0
    for shown, own in zip(probabilities, truth, strict=True):
        if own < 0:
            continue
        answer = shown[own].argmax()
        fitting = [(float(row.max()), n) for n, row in enumerate(shown) if row.argmax() == answer]
        best = max(sure for sure, _ in fitting)
        leaders = [n for sure, n in fitting if sure == best]
        total += len(leaders) == 1
        correct += leaders == [own]
    return Counts(correct, total)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 12), st.integers(1, 5), st.integers(2, 4), st.integers(1, 10), st.integers(0, 10**6))
def test_counts_are_those_of_the_published_definition(
    n: int, values: int, classes: int, coarse: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    votes = rng.integers(0, coarse + 1, (n, values, classes)) + (rng.random((n, values, classes)) < 0.1)
    probabilities = (votes + 1) / (votes + 1).sum(axis=2, keepdims=True)
    truth = rng.integers(-1, values, n)
    assert counts(probabilities, truth) == _one_by_one(probabilities, truth)


def test_a_published_guess_needs_a_leader_and_the_answer_of_the_row_as_it_is() -> None:
    rows = np.array(
        [
            [[0.9, 0.1], [0.8, 0.2]],  # led by the first: right
            [[0.9, 0.1], [0.9, 0.1]],  # a tie: no guess
            [[0.4, 0.6], [0.9, 0.1]],  # the second is surer, but answers otherwise than the row as it is
            [[0.7, 0.3], [0.8, 0.2]],  # led by the second: wrong
        ]
    )
    assert counts(rows, np.zeros(4, np.int64)) == Counts(2, 3)
    assert counts(rows, np.full(4, -1)) == Counts(0, 0)
    assert counts(rows[:0], np.zeros(0, np.int64)) == Counts(0, 0)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 6), st.integers(0, 10**6))
def test_a_guess_is_one_of_the_likeliest_and_ties_are_drawn_evenly(values: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    right = rng.integers(0, 3, (30, values)) / 2
    found = guesses(right, rng.random(30))
    assert (right[np.arange(30), found] == right.max(axis=1)).all()
    even = guesses(np.ones((1000, values)), (np.arange(1000) + 0.5) / 1000)
    assert np.bincount(even, minlength=values) == pytest.approx(1000 / values, abs=1)


def _rows(n: int) -> Rows:
    rng = np.random.default_rng(n)
    table = pa.table({"a": rng.random(n), "b": pa.array(rng.choice(["x", "y", "z"], n)), "c": rng.random(n)})
    return Rows(inputs=table, targets=rng.integers(0, 2, n), is_member=rng.random(n) < 0.5, n_classes=2)


def _ask(table: pa.Table) -> Floats:
    score = np.asarray(table.column("a")) * [len(b) + ord(b[0]) % 5 for b in table.column("b").to_pylist()] / 10
    return np.stack([score, 1 - score], axis=1)


@pytest.mark.parametrize("at_once", [1, 7, 1 << 16])
def test_rows_are_asked_about_in_one_go_or_in_bounded_parts(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rows, asked = _rows(20), []

    def ask(table: pa.Table) -> Floats:
        asked.append(table.num_rows)
        assert table.column_names == ["a", "b", "c"]
        return _ask(table)

    monkeypatch.setattr(attack, "_ROWS_AT_ONCE", at_once)
    found = candidates("b", "b", rows.inputs.column("b"), most_values=10, ranges=2)
    got = replies(ask, rows, found)
    assert max(asked) <= max(3, at_once)
    assert at_once < 1 << 16 or asked == [60], "all rows under all candidates are one question"
    values = [rows.inputs.column("b")[int(row)].as_py() for row in found.rows]
    for n, value in enumerate(values):
        alone = _ask(rows.inputs.set_column(1, "b", pa.array([value] * 20)))
        assert np.array_equal(got.right[:, n], alone[np.arange(20), rows.targets])
    assert got.members.total + got.others.total <= 20


def test_what_is_put_in_is_of_the_type_that_stands_there() -> None:
    table = pa.table({"a": pa.array(["x", "y", "x"]).dictionary_encode(), "b": pa.array([1, 2, 1], pa.int8())})
    for name in table.column_names:
        found = candidates(name, name, table.column(name), most_values=5, ranges=2)
        put = attack.put_in(table.slice(1), table, found)
        assert put.schema == table.schema
        assert put.column(name).to_pylist() == [table.column(name)[0].as_py()] * 2 + [table.column(name)[1].as_py()] * 2

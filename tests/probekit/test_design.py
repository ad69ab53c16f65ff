from __future__ import annotations

import numpy as np
import pyarrow as pa

from weighbridge.probekit.coding import coded_columns, coded_texts
from weighbridge.probekit.design import Design, columns_of


def design(table: pa.Table, train: list[int]) -> Design:
    return Design.on(columns_of(coded_columns(table), table.num_rows), np.array(train))


def test_only_the_training_rows_are_learnt_from() -> None:
    x = np.arange(400.0)
    table = pa.table({"x": x, "s": np.where(x < 200, "a", "b")})
    train = list(range(200))
    one = design(table, train)
    other = design(table.set_column(0, "x", pa.array(np.where(x < 200, x, 1e9))), train)
    np.testing.assert_array_equal(one.edges[0], other.edges[0])
    assert one.edges[0].max() < 200
    assert one.centre == other.centre
    assert (one.slots[0] == [1, 2, 0]).all()  # "b" was never seen there, and counts as rare


def test_what_was_not_seen_in_training_is_borne() -> None:
    table = pa.table({"x": [1.0, 2.0, None, np.inf], "s": ["a", None, "b", "a"]})
    of = design(table, [0, 1])
    assert of.linear(np.arange(4)).shape[0] == 4
    assert of.dense(np.arange(4)).shape == (4, 2)
    assert np.isfinite(of.linear(np.arange(4)).toarray()).all()


def test_each_row_has_one_bin_of_each_number_and_one_place_of_each_category() -> None:
    rng = np.random.default_rng(0)
    table = pa.table({"x": rng.normal(size=200), "s": rng.choice(list("abcde"), 200)})
    marks = design(table, list(range(150))).marks(np.arange(200))
    assert (marks.sum(axis=1) == 2).all()


def test_words_of_one_training_text_are_left_out_and_rows_have_one_length() -> None:
    texts = [f"common unique{i}" for i in range(20)]
    of = Design.on(columns_of((coded_texts(texts),), 20), np.arange(15))
    words = of.marks(np.arange(20))[:, -int(of.place[-1] + 1) :]
    np.testing.assert_allclose(np.sqrt(words.multiply(words).sum(axis=1)), 1)
    assert of.place[-1] + 1 < 12


def test_nothing_at_all() -> None:
    of = Design.on(columns_of((), 3), np.arange(2))
    assert of.linear(np.arange(3)).shape == (3, 0)
    assert of.dense(np.arange(3)).shape == (3, 0)

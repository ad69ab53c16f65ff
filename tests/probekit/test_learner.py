from __future__ import annotations

import builtins
import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighbridge.core.evidence import NotMeasured, Silent
from weighbridge.probekit.learner import cross_predicted, cross_predicted_texts, folds_of
from weighbridge.probekit.ports import Floats, Ints

pytest.importorskip("sklearn", reason="scikit-learn is an extra")


def area(scores: Floats, targets: Ints) -> float:
    ours, others = scores[targets == 1], scores[targets == 0]
    above = (ours[:, None] > others).mean() + (ours[:, None] == others).mean() / 2
    return float(above)


def area_within_folds(scores: Floats, targets: Ints, fold: Ints) -> float:
    return float(np.mean([area(scores[fold == k], targets[fold == k]) for k in np.unique(fold)]))


def guess(inputs: pa.Table, targets: Ints, *, n_classes: int = 2, groups: Ints | None = None, seed: int = 0) -> Floats:
    return cross_predicted(inputs, targets, n_classes=n_classes, groups=groups, folds=5, seed=seed)


# folds


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 30)), min_size=12, max_size=150),
    st.integers(2, 7),
    st.integers(0, 5),
)
def test_groups_stay_whole_and_every_fold_has_rows(rows: list[tuple[int, int]], folds: int, seed: int) -> None:
    targets, groups = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    fold = folds_of(targets, groups=groups, folds=folds, seed=seed)
    assert all(len(np.unique(fold[groups == g])) == 1 for g in np.unique(groups))
    assert fold.min() >= 0
    assert len(fold) == len(rows)
    assert (fold < folds).all()


@given(st.lists(st.integers(0, 2), min_size=30, max_size=120), st.integers(2, 6), st.integers(0, 5))
def test_classes_are_spread_evenly(classes: list[int], folds: int, seed: int) -> None:
    targets = np.array(classes, dtype=np.int64)
    fold = folds_of(targets, groups=None, folds=folds, seed=seed)
    for one in np.unique(targets):
        counts = np.bincount(fold[targets == one], minlength=int(fold.max()) + 1)
        assert counts.max() - counts.min() <= 1


def test_folds_are_as_even_with_persons_of_several_rows() -> None:
    rng = np.random.default_rng(0)
    groups, targets = rng.integers(0, 80, 400), rng.integers(0, 2, 400)
    fold = folds_of(targets, groups=groups, folds=5, seed=1)
    for one in (0, 1):
        counts = np.bincount(fold[targets == one])
        assert counts.max() - counts.min() <= 12


# what it learns


def test_it_finds_what_numbers_categories_dates_and_missing_values_tell() -> None:
    rng = np.random.default_rng(0)
    n = 400
    targets = rng.integers(0, 2, n)
    noise = rng.random(n) < 0.1
    said = targets ^ noise
    days = [
        dt.date(2020, 1, 1) + dt.timedelta(days=int(500 * s + d))
        for s, d in zip(said, rng.integers(0, 300, n), strict=True)
    ]
    tables = {
        "number": pa.table({"x": said + 0.1 * rng.normal(size=n)}),
        "category": pa.table({"x": np.where(said, "a", "b")}),
        "boolean": pa.table({"x": said.astype(bool)}),
        "date": pa.table({"x": pa.array(days)}),
        "missing": pa.table({"x": pa.array([None if s else 1.0 for s in said])}),
        "day as text": pa.table({"x": [d.isoformat() for d in days]}),
        "text": pa.table(
            {"x": [f"note {rng.integers(10**9)} says {'yes please' if s else 'no thanks'}" for s in said]}
        ),
        "list": pa.table({"x": pa.array([[1, 2] if s else [] for s in said])}),
        "dictionary": pa.table({"x": pa.array(np.where(said, "a", "b")).dictionary_encode()}),
    }
    for name, table in tables.items():
        probability = guess(table.append_column("y", pa.array(rng.normal(size=n))), targets)
        assert area(probability[:, 1], targets) > 0.8, name
        assert probability.sum(axis=1) == pytest.approx(1)


def test_trees_see_what_two_columns_say_together() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.integers(0, 2, (2, 1500))
    probability = guess(pa.table({"a": a, "b": b}), a ^ b)
    assert area(probability[:, 1], a ^ b) > 0.95


def test_a_curve_is_no_line() -> None:
    x = np.random.default_rng(0).normal(size=400)
    targets = (np.abs(x) > 0.7).astype(np.int64)
    assert area(guess(pa.table({"x": x}), targets)[:, 1], targets) > 0.9


def test_it_finds_what_texts_tell() -> None:
    rng = np.random.default_rng(0)
    n = 200
    targets = np.repeat([0, 1], n // 2)
    words = np.array(["river", "bread", "stone", "cloud", "paper", "glass", "horse", "night"])

    def texts(**by: tuple[str, str]) -> list[str]:
        return [by["of"][target].format(" ".join(rng.choice(words, 6))) for target in targets]

    for of in (
        ("{}", "{} then home"),
        ("in 1999 {}", "in 2021 {}"),
        ("{}", "{}. {}".format("{}", "x y z " * 5)),
        ("{}", "{}\n"),
        ("{}", "{}!"),
    ):
        probability = cross_predicted_texts(texts(of=of), targets, n_classes=2, groups=None, folds=4, seed=0)
        assert area(probability[:, 1], targets) > 0.95, of


def test_many_classes() -> None:
    rng = np.random.default_rng(0)
    targets = rng.integers(0, 4, 300)
    probability = guess(pa.table({"x": targets + 0.1 * rng.normal(size=300)}), targets, n_classes=5)
    assert (probability.argmax(axis=1) == targets).mean() > 0.9
    assert probability[:, 4].max() == 0


# chance


def chance(seed: int) -> tuple[float, float]:
    rng = np.random.default_rng([seed, 5])
    targets = np.repeat([0, 1], 60)
    table = pa.table({"x": rng.normal(size=120), "s": rng.choice(list("abc"), 120)})
    probability = guess(table, targets, seed=seed)[:, 1]
    return area_within_folds(probability, targets, folds_of(targets, groups=None, folds=5, seed=seed)), area(
        probability, targets
    )


def test_within_folds_a_guess_is_right_half_the_time() -> None:
    found = np.array([chance(seed)[0] for seed in range(40)])
    assert abs(found.mean() - 0.5) < 3 * found.std() / np.sqrt(len(found))


@pytest.mark.slow
def test_within_folds_a_guess_is_right_half_the_time_over_many_seeds() -> None:
    found = np.array([chance(seed) for seed in range(600)])
    error = found[:, 0].std() / np.sqrt(len(found))
    assert abs(found[:, 0].mean() - 0.5) < 3 * error
    assert error < 0.004  # so that a bias of two hundredths would be seen
    assert abs(found[:, 1].mean() - 0.5) < 0.02  # pooled over folds, at least near


@pytest.mark.slow
def test_trees_guess_at_chance_too() -> None:
    found = []
    for seed in range(30):
        rng = np.random.default_rng([seed, 6])
        targets = np.repeat([0, 1], 700)
        probability = guess(pa.table({f"x{j}": rng.normal(size=1400) for j in range(4)}), targets, seed=seed)[:, 1]
        found.append(area_within_folds(probability, targets, folds_of(targets, groups=None, folds=5, seed=seed)))
    assert abs(np.mean(found) - 0.5) < 3 * np.std(found) / np.sqrt(len(found))


def test_unequal_shares_give_nothing_away() -> None:
    rng = np.random.default_rng(0)
    targets = (rng.random(203) < 0.1).astype(np.int64)
    probability = guess(pa.table({"x": np.ones(203)}), targets)
    assert np.ptp(probability[:, 1]) < 1e-4  # a fold with more of a class is not told by those left for training


def test_a_person_is_not_recognised_across_folds() -> None:
    rng = np.random.default_rng(0)
    person = np.repeat(np.arange(40), 5)
    targets = np.repeat(rng.permutation(np.repeat([0, 1], 20)), 5)
    table = pa.table({"name": [f"p{p}" for p in person]})
    assert area(guess(table, targets)[:, 1], targets) > 0.95
    fold = folds_of(targets, groups=person, folds=5, seed=0)
    assert 0.3 < area_within_folds(guess(table, targets, groups=person)[:, 1], targets, fold) < 0.7


# bad input, and promises


def test_what_cannot_be_learnt_from_gives_no_more_than_the_shares() -> None:
    targets = np.array([0, 1] * 20 + [1] * 10)
    empty: dict[str, Any] = {"a": pa.nulls(50), "b": pa.array([None] * 50, pa.float64()), "c": np.ones(50)}
    probability = guess(pa.table(empty), targets)
    assert probability[:, 1] == pytest.approx(0.6, abs=1e-4)
    assert guess(pa.table({"a": pa.nulls(50)}), targets)[:, 1] == pytest.approx(0.6, abs=1e-4)


def test_infinite_and_huge_numbers_and_odd_texts_are_borne() -> None:
    rng = np.random.default_rng(0)
    targets = rng.integers(0, 2, 60)
    table = pa.table({
        "x": np.where(rng.random(60) < 0.3, np.inf, -1e308), "y": [2**62] * 60, "z": ["\0\ud7ff" * 30] * 60,
        "u": pa.array([b"\xff\x00"] * 60), "d": pa.array([dt.timedelta(seconds=1)] * 60), "x2": pa.array([None, "a"] * 30),
    })  # fmt: skip
    assert np.isfinite(guess(table, targets)).all()


def test_a_class_with_one_row_has_no_chance_where_it_was_not_seen() -> None:
    targets = np.array([0, 1] * 20 + [2])
    probability = guess(pa.table({"x": np.arange(41.0)}), targets, n_classes=3)
    assert probability[40, 2] == 0
    assert probability.sum(axis=1) == pytest.approx(1)


@pytest.mark.parametrize(
    ("targets", "groups", "folds"),
    [
        ([0] * 9 + [1], None, 5),
        ([0] * 10, None, 5),
        ([0, 1] * 5, [3] * 10, 5),
        ([0, 1] * 4, None, 5),
        ([0, 3] * 5, None, 5),
        ([0, 1] * 5, None, 1),
    ],
)
def test_refused(targets: list[int], groups: list[int] | None, folds: int) -> None:
    with pytest.raises(ValueError):
        cross_predicted(
            pa.table({"x": np.arange(10.0)}), np.array(targets), n_classes=2, folds=folds, seed=0,
            groups=None if groups is None else np.array(groups),
        )  # fmt: skip


def test_the_same_seed_gives_the_same_bytes() -> None:
    rng = np.random.default_rng(0)
    targets = rng.integers(0, 2, 1300)
    table = pa.table({"x": rng.normal(size=1300), "s": rng.choice(list("abc"), 1300)})
    first = guess(table, targets, seed=3).tobytes()
    assert guess(table, targets, seed=3).tobytes() == first
    assert guess(table, targets, seed=4).tobytes() != first


def test_without_scikit_learn_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith("sklearn"):
            raise ModuleNotFoundError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(Silent) as left:
        guess(pa.table({"x": np.arange(20.0)}), np.array([0, 1] * 10))
    assert isinstance(left.value.outcome, NotMeasured)
    assert "pip install 'weighbridge[tabular]'" in str(left.value.outcome.remedy)


def test_a_column_without_a_number_in_the_rows_learnt_from_tells_nothing_and_breaks_nothing() -> None:
    rng = np.random.default_rng(0)
    targets = np.arange(1500, dtype=np.int64) % 2
    words = [["one", "red", "low"], ["two", "blue", "high"]]  # no year in any of them, which is a column of its own
    texts = [" ".join(rng.choice(words[kind], 4)) for kind in targets]
    scores = cross_predicted_texts(texts, targets, n_classes=2, groups=None, folds=5, seed=0)[:, 1]
    assert area(scores, targets) > 0.9

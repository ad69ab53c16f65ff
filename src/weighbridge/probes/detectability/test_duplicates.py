from __future__ import annotations

import numpy as np

from weighbridge.probes.detectability.duplicates import distinct
from weighbridge.probes.detectability.sample import sample_of


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def text(seed: int, n: int = 80) -> str:
    return " ".join(map(str, np.random.default_rng(seed).integers(10_000, 99_999, n)))


def test_one_of_equal_and_of_nearly_equal_texts_stays() -> None:
    one, two = text(1), text(2)
    nearly = one[:240] + "and something else" + one[258:]
    human = (one, two, f"  {one.upper()}\n\n", nearly)
    made = distinct(sample_of(human, (text(3), one, text(3))), rng())
    assert made.keep.tolist() == [0, 1, 4]
    assert (made.n_exact, made.n_near, made.n_across) == (3, 1, 1)


def test_texts_of_one_subject_are_not_the_same() -> None:
    human = tuple(f"A report on the weather of day {i}: {text(i, 20)}" for i in range(100))
    assert len(distinct(sample_of(human[:50], human[50:]), rng()).keep) == 100


def test_people_s_texts_stay_before_the_model_s() -> None:
    sample = sample_of((text(1),), (text(1),))
    turned = sample.at(np.array([1, 0]))
    assert distinct(turned, rng()).keep.tolist() == [1]


def test_odd_texts() -> None:
    odd = ("", "", "a", "a", "\x00", "👩‍👩‍👧‍👦", "שלום", "x" * 1_000_000, "\ud800")
    made = distinct(sample_of(odd, ()), rng())
    assert len(made.keep) + made.n_exact + made.n_near == len(odd)
    assert made.n_exact >= 2


def test_all_alike() -> None:
    made = distinct(sample_of(("the same",) * 50, ("the same",) * 50), rng())
    assert (made.keep.tolist(), made.n_exact, made.n_across) == ([0], 99, 50)

import datetime as dt
import itertools
from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from weighbridge.maths.thinning import count_above, count_below
from weighbridge.probekit.bench import MemoryTable
from weighbridge.probekit.combinations import Combinations, level_for, read_classes, singles_to, stepped
from weighbridge.probekit.folds import Fold, fold_batches

_CELL = st.one_of(st.none(), st.sampled_from(["p", "q", "rr"]))
_ROWS = st.lists(st.tuples(_CELL, st.one_of(st.none(), st.integers(-3, 3)), _CELL), min_size=1, max_size=40)


@effort(deadline=None)
@given(
    _ROWS, st.lists(st.integers(0, 40), max_size=4), st.integers(0, 3), st.integers(1, 6), st.sampled_from(["", "c"])
)
def test_the_state_does_not_see_where_rows_are_cut(
    rows: list[tuple[str | None, int | None, str | None]], cuts: list[int], level: int, cap: int, inner: str
) -> None:
    columns = [pa.array([r[n] for r in rows], kind) for n, kind in enumerate((pa.string(), pa.int64(), pa.string()))]
    whole = pa.RecordBatch.from_arrays(columns, names=["a", "b", "c"])
    edges = [0, *sorted(min(c, len(rows)) for c in cuts), len(rows)]
    parts = [whole.slice(a, b - a) for a, b in itertools.pairwise(edges)]
    sets = ((0,), (0, 1), (1,))
    fold = Combinations(columns=("a", "b", "c"), sets=sets, inner=inner, level=level, cap=cap, seed=5)
    assert isinstance(fold, Fold)
    expected = fold_batches(fold, [whole])
    assert fold_batches(fold, parts) == expected
    assert fold_batches(fold, parts[::-1]) == expected
    for chosen, found in zip(sets, read_classes(fold, expected), strict=True):
        classes = Counter(tuple(r[p] for p in chosen) for r in rows)
        values = {key: len({r[2] for r in rows if tuple(r[p] for p in chosen) == key}) for key in classes}
        pairs = sorted((size, values[key] if inner else 1) for key, size in classes.items())
        there = sorted(zip(found.sizes.tolist(), found.values.tolist(), strict=True))
        assert there == pairs if found.chance == 1 else not Counter(there) - Counter(pairs)
        assert (found.values.sum() if inner else len(found.sizes)) <= cap


def test_sampled_classes_have_their_full_size_and_tell_how_many_there_are() -> None:
    """Over seeds, on a grid whose keys are as dependent as simple tabulation makes them."""
    rng = np.random.default_rng(0)
    n = 6000
    a, b = rng.integers(0, 90, n), rng.integers(0, 90, n)
    sizes = Counter(Counter(zip(a.tolist(), b.tolist(), strict=True)).values())
    batch = pa.RecordBatch.from_arrays([pa.array(a), pa.array([f"v{x}" for x in b])], names=["a", "b"])
    covered, told = 0, []
    for seed in range(300):
        fold = Combinations(columns=("a", "b"), sets=((0, 1),), seed=seed, level=4)
        (found,) = read_classes(fold, fold.map(batch))
        assert found.chance == 1 / 16
        alone = np.array([(found.sizes == 1).sum()])
        low = count_above(alone, found.chance, confidence=0.975)[0]
        high = count_below(alone, found.chance, confidence=0.975)[0]
        covered += int(low <= sizes[1] <= high)
        told.append(float(alone[0]) * 16)
    assert covered >= 273  # of 300 at 95 %: fewer with a chance of 0.0007
    assert np.mean(told) == pytest.approx(sizes[1], rel=0.03)


def test_levels_beyond_the_leading_bits_and_for_any_number_of_rows() -> None:
    n = 1 << 20
    batch = pa.RecordBatch.from_arrays([pa.array(np.arange(n))], names=["a"])
    fold = Combinations(columns=("a",), sets=((0,),), level=18)
    (found,) = read_classes(fold, fold.map(batch))
    assert found.chance == 2.0**-18
    assert len(found.keys) < 30
    assert [level_for(rows, keep=1024) for rows in (0, 1, 1024, 1025, 1 << 30)] == [0, 0, 0, 1, 20]


def test_all_sets_share_their_beginnings_and_none_is_forgotten() -> None:
    sets = singles_to("abcdef", at_most=3)
    assert len(set(sets)) == len(sets) == 6 + 15 + 20
    assert sets[:4] == ((0,), (0, 1), (0, 1, 2), (0, 1, 3))
    assert singles_to("ab", at_most=4) == ((0,), (0, 1), (1,))


def test_steps_and_odd_cells() -> None:
    assert stepped(pa.array([-1, 0, 19, None]), 10.0).to_pylist() == [-1.0, 0.0, 1.0, None]
    assert stepped(pa.array(["12.5", None]), 10.0).to_pylist() == [1.0, None]
    assert stepped(pa.array(["about ten"]), 10.0).to_pylist() == ["about ten"]
    odd: dict[str, list[object]] = {
        "when": [dt.date(1066, 10, 14), dt.date(1890, 1, 1), None],
        "none": [None] * 3,
        "mixed": ["1", "x", "1.0"],
    }
    table = MemoryTable(odd)
    fold = Combinations(columns=tuple(odd), sets=singles_to(tuple(odd), at_most=3))
    alone = [int((c.sizes == 1).sum()) for c in read_classes(fold, table.fold(fold))]
    assert alone == [3, 3, 3, 3, 0, 3, 3]


def test_another_seed_keeps_other_classes() -> None:
    batch = pa.RecordBatch.from_arrays([pa.array(np.arange(4096))], names=["a"])
    kept = [
        read_classes(fold, fold.map(batch))[0].keys.tolist()
        for fold in (Combinations(columns=("a",), sets=((0,),), level=4, seed=seed) for seed in (1, 2, 1))
    ]
    assert kept[0] == kept[2] != kept[1]

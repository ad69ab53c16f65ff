from __future__ import annotations

import stat
from pathlib import Path

import numpy as np
import pytest

from weighbridge.adapters.served.score_cache import ScoreCache
from weighbridge.core.errors import Outside
from weighbridge.probekit.ports import Floats

TRIAL = np.asarray([-1.0, -2.0])


def test_what_is_kept_is_found_again_by_another_run(tmp_path: Path) -> None:
    one = ScoreCache(tmp_path / "served")
    generation = one.generation(["http://a", "m"], TRIAL, tolerance=0.02)
    windows = np.arange(12).reshape(3, 4)
    keys = [one.key(generation, window) for window in windows]
    numbers = {key: np.asarray([[-1.0, -np.inf], [0.0, np.nan]]) * (n + 1) for n, key in enumerate(keys[:2])}
    one.keep(numbers)
    again = ScoreCache(tmp_path / "served")
    assert again.generation(["http://a", "m"], TRIAL + 0.01, tolerance=0.02) == generation
    found = again.found(keys, 2)
    assert list(found) == keys[:2] or set(found) == set(keys[:2])
    for key, values in numbers.items():
        np.testing.assert_array_equal(found[key], values)


@pytest.mark.parametrize(
    ("about", "trial"),
    [
        (["http://a", "m"], TRIAL + np.asarray([0.0, 0.05])),
        (["http://a", "m"], TRIAL[:1]),
        (["http://a", "n"], TRIAL),
        (["http://am"], TRIAL),
    ],
)
def test_another_model_finds_nothing(tmp_path: Path, about: list[str], trial: Floats) -> None:
    cache = ScoreCache(tmp_path)
    first = cache.generation(["http://a", "m"], TRIAL, tolerance=0.02)
    other = cache.generation(about, trial, tolerance=0.02)
    assert first != other
    assert cache.key(first, np.arange(3)) != cache.key(other, np.arange(3))


def test_only_the_owner_reads_it(tmp_path: Path) -> None:
    folder = tmp_path / "served"
    cache = ScoreCache(folder)
    cache.keep({b"k": np.zeros((1, 2))})
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()] == [0o600]


def test_no_token_is_written(tmp_path: Path) -> None:
    cache = ScoreCache(tmp_path)
    window = np.full(40, 0x41424344)
    cache.keep({cache.key(b"g", window): np.zeros((4, 39))})
    assert b"DCBA" not in next(tmp_path.iterdir()).read_bytes()


def test_many_keys_are_found_at_once(tmp_path: Path) -> None:
    cache = ScoreCache(tmp_path)
    keys = [cache.key(b"g", np.asarray([n])) for n in range(1300)]
    cache.keep({key: np.full((1, 1), float(n)) for n, key in enumerate(keys)})
    found = cache.found(keys, 1)
    assert [float(found[key][0, 0]) for key in keys] == list(range(1300))
    assert cache.found([], 1) == {}


def test_a_broken_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "scores.sqlite").write_bytes(b"this is no database" * 100)
    with pytest.raises(Outside, match="delete that file"):
        ScoreCache(tmp_path)


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(b"")
    (tmp_path / "scores.sqlite").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Outside):
        ScoreCache(tmp_path)

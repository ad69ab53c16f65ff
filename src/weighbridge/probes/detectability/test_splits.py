from __future__ import annotations

import numpy as np
import pytest

from weighbridge.probes.detectability.sample import Sample, joined, sample_of
from weighbridge.probes.detectability.splits import rotations, split


def pairs(n: int, stratum: str = "") -> Sample:
    return sample_of(tuple(map(str, range(n))), tuple(map(str, range(n))), paired=True, stratum=stratum)


def test_groups_stay_whole_and_every_row_is_somewhere() -> None:
    sample = pairs(100)
    made = split(sample, np.random.default_rng(0))
    parts = [made.train, made.calibrate, made.test]
    assert sorted(np.concatenate(parts).tolist()) == list(range(200))
    assert [len(part) for part in parts] == [120, 40, 40]
    groups = [set(sample.groups[part].tolist()) for part in parts]
    assert not groups[0] & groups[1] | groups[0] & groups[2] | groups[1] & groups[2]


def test_in_rotations_every_row_is_tested_once() -> None:
    sample = joined(pairs(50, "a"), pairs(25, "b"))
    made = rotations(sample, np.random.default_rng(0))
    assert sorted(np.concatenate([part.test for part in made]).tolist()) == list(range(150))
    for part in made:
        kinds = {(sample.is_machine[i], sample.strata[i]) for i in part.test}
        assert len(kinds) == 4


def test_too_few() -> None:
    for sample in (pairs(2), sample_of(("a",) * 9, ()), sample_of(("a", "b"), ("c",) * 20)):
        with pytest.raises(ValueError, match="few"):
            rotations(sample, np.random.default_rng(0))


def test_a_sample_has_fields_of_one_length() -> None:
    sample = pairs(3)
    assert len(sample.human) == len(sample.machine) == 3
    with pytest.raises(ValueError, match="one length"):
        sample.saying(("a",))

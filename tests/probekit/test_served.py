from __future__ import annotations

import numpy as np

from weighbridge.probekit.ports import Bools, Ints
from weighbridge.probekit.served import Served, pass_seconds, taken
from weighbridge.probes.verbatim_extraction.calibration import ToyModel


class _Asked(ToyModel):
    seconds_per_token = 0.5

    def takes(self, windows: Ints) -> Bools:
        return np.asarray(windows[:, 0] > 0, dtype=bool)


def test_a_model_in_memory_takes_all_and_costs_by_its_size() -> None:
    model = ToyModel(n_parameters=10**9)
    assert not isinstance(model, Served)
    assert taken(model, np.zeros((2, 3), np.int64)).tolist() == [True, True]
    assert pass_seconds(model, 10) == 1.0


def test_a_served_model_says_what_it_takes_and_costs_by_its_tokens() -> None:
    model = _Asked(n_parameters=10**12)
    assert taken(model, np.asarray([[0, 1], [1, 0]])).tolist() == [False, True]
    assert pass_seconds(model, 10) == 5.0

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from weighbridge.report.scales import scale_over

WIDE = st.floats(-1e9, 1e9).filter(lambda x: x == 0 or abs(x) > 1e-9)


@given(st.lists(WIDE, min_size=1), st.sampled_from(["1", "count", "nats"]))
def test_a_scale_holds_zero_and_every_value(values: list[float], unit: str) -> None:
    scale = scale_over(values, unit)
    slack = scale.step * 1e-6
    assert scale.bottom <= 0 <= scale.top
    assert scale.bottom <= min(values) + slack
    assert scale.top >= max(values) - slack
    assert 2 <= len(scale.ticks) <= 8
    assert all(0 <= scale.at(value) <= 1 for value in values)
    assert all(math.isfinite(tick) for tick in scale.ticks)


@given(st.lists(st.floats(0, 1), min_size=1))
@example([5e-324])
def test_shares_end_at_100_percent(values: list[float]) -> None:
    assert scale_over(values, "1").top <= 1 + 1e-12


@pytest.mark.parametrize(
    ("values", "unit", "ticks"),
    [
        ([0.0, 0.97], "1", ["0 %", "25 %", "50 %", "75 %", "100 %"]),
        ([0.0072], "1", ["0 %", "0.2 %", "0.4 %", "0.6 %", "0.8 %"]),
        ([0.0], "count", ["0", "1"]),
        ([3.0], "count", ["0", "1", "2", "3"]),
        ([2.5], "nats", ["0 nats", "1 nats", "2 nats", "3 nats"]),
    ],
)
def test_marks_are_round(values: list[float], unit: str, ticks: list[str]) -> None:
    scale = scale_over(values, unit)
    assert [scale.told(tick).replace("\N{NO-BREAK SPACE}", " ") for tick in scale.ticks] == ticks

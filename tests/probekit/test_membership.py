from __future__ import annotations

import numpy as np
import pytest

from weighbridge.maths.roc import others_needed
from weighbridge.probekit.membership import POINTS, PRIORS, Told, of_form, unsupported

TOLD = Told(confidence=0.975, n_of="record", n_all=50_000)


def _told(n: int, lead: float = 2.0) -> dict[tuple[str, str | None], tuple[float, float, float]]:
    rng = np.random.default_rng(n)
    members, others = rng.normal(size=500) + lead, rng.normal(size=n)
    got = tuple(of_form(members, others, TOLD, "bytes"))
    assert {q.at("form") for q in got} == {"bytes"}
    assert {q.n_of for q in got} == {"record"}
    assert {q.confidence for q in got} == {0.975}
    return {(q.metric, q.at("prior")): (q.low, q.value, q.high) for q in got}


def test_with_others_enough_every_number_is_there() -> None:
    got = _told(10_000)
    wanted = {("predictive-value", prior) for prior in PRIORS} | {(metric, None) for metric, _fpr in POINTS}
    assert set(got) == wanted | {("auc", None), ("records-exposed", None), ("epsilon-lower", None)}
    assert got["epsilon-lower", None][0] > 1
    assert got["predictive-value", "0.01"][1] < got["predictive-value", "0.5"][1]


@pytest.mark.parametrize(("n", "fpr"), [(10_000, 0.001), (1000, 0.01)])
def test_exposed_are_those_beyond_chance_at_the_rarest_point_there_is(n: int, fpr: float) -> None:
    got = _told(n)
    share = got[next(metric for metric, at in POINTS if at == fpr), None]
    low, value, high = got["records-exposed", None]
    assert (low, value, high) == pytest.approx([50_000 * (x - fpr) for x in share], abs=1)


def test_where_nobody_stands_out_nobody_is_exposed() -> None:
    low, value, high = _told(10_000, lead=-20.0)["records-exposed", None]
    assert (low, value) == (0, 0)
    assert 0 < high < 0.02 * 50_000  # 500 were tried, so that some may stand out


def test_points_with_too_few_others_are_left_out_and_named() -> None:
    few = others_needed(0.01, 0.975) - 1
    assert unsupported(few, 0.975) == tuple((metric, others_needed(fpr, 0.975)) for metric, fpr in POINTS)
    assert not {metric for metric, _prior in _told(few)} & {"tpr-at-fpr-1pct", "records-exposed", "predictive-value"}
    assert [metric for metric, _needed in unsupported(few + 1, 0.975)] == ["tpr-at-fpr-0.1pct"]
    assert unsupported(10**6, 0.975) == ()


def test_an_area_at_a_confidence_of_its_own() -> None:
    scores = np.arange(40.0)
    wide, narrow = (TOLD.area("auc", scores, scores - 3, confidence=c) for c in (None, 0.5))
    assert (wide.confidence, narrow.confidence, wide.n) == (0.975, 0.5, 40)
    assert wide.low < narrow.low < narrow.high < wide.high

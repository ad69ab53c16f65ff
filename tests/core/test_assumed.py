from typing import Any

import pytest

from weighbridge.core.assumed import Delays, Episode, Share
from weighbridge.core.replication import Span


def episode(**changed: Any) -> Episode:
    given: dict[str, Any] = {
        "withheld": "w", "announced": "2019-02-14", "equivalent": "e", "opened": "2019-08-22", "days": 189.0,
        "first": True, "source": "s",
    }  # fmt: skip
    return Episode(**(given | changed))


@pytest.mark.parametrize("days", [0.0, -3.0, 1e6, float("nan")])
def test_a_delay_lies_between_none_and_a_century(days: Any) -> None:
    with pytest.raises(ValueError, match="century"):
        episode(days=days)


def test_one_delay_tells_no_spread() -> None:
    given = {"name": "d", "as_of": "2026-01-01", "expires": "2027-01-01", "survivorship": "those never made again"}
    with pytest.raises(ValueError, match="two first"):
        Delays(**given, episode=(episode(), episode(first=False)))
    assert len(Delays(**given, episode=(episode(), episode(), episode(first=False))).firsts) == 2


def test_a_share_is_one() -> None:
    with pytest.raises(ValueError, match="share"):
        Share(share=Span(low=0.1, high=1.1), source="s")

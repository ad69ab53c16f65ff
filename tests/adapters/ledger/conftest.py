from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from weighbridge.adapters.ledger.sqlite import SqliteLedger, open_ledger
from weighbridge.core.canon import digest_of
from weighbridge.core.evidence import Asked, Evidence, Measured, Quantity
from weighbridge.core.wording import phrase


class Ticking:
    """A clock that gains a second whenever it is looked at."""

    def __init__(self) -> None:
        self._at = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

    def now(self) -> datetime:
        self._at += timedelta(seconds=1)
        return self._at


def evidence_with(seed: int, value: float = 0.25) -> Evidence:
    asked = Asked(
        candidate=digest_of("candidate"),
        reading=digest_of("reading"),
        probe="toy",
        version=1,
        settings=(("share", 0.5), ("windows", 50)),
        seed=seed,
        budget_seconds=60.0,
    )
    quantity = Quantity(
        metric="m",
        value=value,
        low=0.0,
        high=0.5,
        confidence=0.95,
        unit="1",
        n=40,
        n_of="suffix",
        by=(("repeats", "4"),),
    )
    return Evidence(asked=asked, outcome=Measured(quantities=(quantity,), notes=(phrase("{n} were set aside", n=3),)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home" / "ledger"


@pytest.fixture
def clock() -> Ticking:
    return Ticking()


@pytest.fixture
def opened(folder: Path) -> Callable[[], SqliteLedger]:
    """Open the same ledger, as often as wanted."""
    return lambda: open_ledger(folder, Ticking(), {"weighbridge": "0.1.0"})


@pytest.fixture
def ledger(opened: Callable[[], SqliteLedger]) -> Iterator[SqliteLedger]:
    with opened() as made:
        yield made


@pytest.fixture
def evidence() -> Callable[..., Evidence]:
    return evidence_with

from __future__ import annotations

from weighbridge.core.findings import Effect


def test_only_stops_and_cautions_take_rungs_away() -> None:
    assert [effect for effect in Effect if effect.forbids] == [Effect.STOP, Effect.CAUTION]

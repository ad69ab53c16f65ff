from __future__ import annotations

import pytest

from weighbridge.core.errors import ExitCode
from weighbridge.core.passage import Check, Destination, Passage, Result
from weighbridge.core.rungs import Rung, gives_as_much
from weighbridge.core.wording import phrase


def _passage(*results: Result) -> Passage:
    checks = tuple(Check(name="c", result=result, says=phrase("-")) for result in results)
    return Passage(candidate="c", decision=None, destination=Destination.PUBLIC, components=(), checks=checks)


@pytest.mark.parametrize(
    ("results", "code"),
    [
        ((), ExitCode.NOT_SETTLED),
        ((Result.PASSES,), ExitCode.DONE),
        ((Result.PASSES, Result.UNSETTLED), ExitCode.NOT_SETTLED),
        ((Result.REFUSED, Result.UNSETTLED), ExitCode.REFUSED),
        ((Result.BROKEN, Result.REFUSED, Result.PASSES), ExitCode.LEDGER_BROKEN),
    ],
)
def test_the_worst_check_counts_and_silence_is_no_pass(results: tuple[Result, ...], code: ExitCode) -> None:
    assert _passage(*results).result.exit_code is code


def test_withheld_goes_nowhere_and_open_everywhere() -> None:
    for destination in Destination:
        assert not gives_as_much(Rung.WITHHELD, destination.needs)
        assert gives_as_much(Rung.OPEN, destination.needs)
    assert not gives_as_much(Rung.SERVED, Destination.PARTNERS.needs)
    assert not gives_as_much(Rung.PARTNERS, Destination.HOSTED.needs)
    assert not gives_as_much(Rung.GATED, Destination.PUBLIC.needs)

from __future__ import annotations

import re

import pytest

from weighbridge.probekit.scanner.triggers import EXPRESSIONS, Trigger, best_engine, by_hyperscan, by_re, by_re2

TEXT = (
    b"a@b ://x 555-123-4567 4111 1111 1111 1111 1.2.3.4 ::1 fe80::1:2 DE89 3704 AB12 CD34 EF56 RSSMRA85T10A 12345678Z 5\xc2\xb0"
    b" lat Lat 1.1234, 2.1234 0,1234 5,1234 Baker Street Park Avenue Road Hauptstra\xc3\x9fe 5 rue Xa Calle Mayor Mr Ada y name is X a.com\0"
)


@pytest.mark.parametrize("trigger", list(Trigger), ids=lambda t: t.name)
def test_every_trigger_is_found_by_all_three_alike(trigger: Trigger) -> None:
    told = [[end for end, at in make(links=True)(TEXT * 2) if at == trigger] for make in (by_hyperscan, by_re2, by_re)]
    assert told[0] == told[1] == told[2]
    assert told[0], "the text has one of each"


@pytest.mark.parametrize("trigger", list(Trigger), ids=lambda t: t.name)
def test_a_start_has_one_end(trigger: Trigger) -> None:
    """Else hyperscan, which reports every end, and the others, which report the first, would not agree."""
    whole = re.compile(EXPRESSIONS[trigger])
    found = [end for end, at in by_hyperscan(links=True)(TEXT) if at == trigger]
    starts = [m.start() for at in range(len(TEXT)) if (m := whole.match(TEXT, at))]
    assert len(set(found)) <= len(starts)


def test_nothing_is_found_in_nothing_and_links_only_where_asked_for() -> None:
    assert best_engine()(b"") == []
    assert Trigger.DOMAIN not in {at for _, at in best_engine()(b"see a.com")}

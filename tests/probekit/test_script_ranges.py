from __future__ import annotations

import itertools

import pytest

from weighbridge.probekit.scripts import _parsed

regex = pytest.importorskip("regex", reason="Unicode's scripts are looked up with it")


def test_ranges_are_apart_and_in_their_scripts() -> None:
    found = sorted(_parsed(), key=lambda each: each[1])
    assert len({script for script, _a, _b in found}) > 160
    assert all(a[2] < b[1] for a, b in itertools.pairwise(found))
    for script, start, stop in found:
        is_of_it = regex.compile(rf"\p{{sc={script}}}")
        assert is_of_it.match(chr(start))
        assert is_of_it.match(chr(stop))

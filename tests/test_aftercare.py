from __future__ import annotations

import pytest

from weighbridge.aftercare import Of
from weighbridge.core.errors import Unusable


def test_somebody_says_which_candidate_is_meant() -> None:
    assert Of(name="c").chain == "c"
    with pytest.raises(Unusable, match="not said which"):
        _ = Of().chain

"""The scripts that each language is mainly written in, from the shelf."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources

SHELF = resources.files("weighbridge") / "shelves" / "languages"


def scripts_of(tag: str) -> tuple[str, ...]:
    """ISO 15924 codes, the likeliest first; none where it is not recorded.

    References
    ----------
    CLDR 47, languageData, primary scripts.
    """
    return _shelf().get(tag, ())


@cache
def _shelf() -> dict[str, tuple[str, ...]]:
    rows = csv.DictReader((SHELF / "scripts.csv").read_text(encoding="utf-8").splitlines())
    return {row["tag"]: tuple(row["scripts"].split()) for row in rows}

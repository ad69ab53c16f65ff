"""What the shelf knows of languages: their scripts, and which are mistaken for which."""

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


def mistaken_for(name: str) -> tuple[str, ...]:
    """Languages of which at least one sentence in a hundred was given this language's name, by tag.

    References
    ----------
    Measured on FLORES-200 dev, 997 sentences of each of 204 varieties, with the identifiers of `identification`.
    """
    return _mistaken().get(name, ())


@cache
def _mistaken() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in csv.DictReader((SHELF / "mistaken.csv").read_text(encoding="utf-8").splitlines()):
        found[row["named"]] = (*found.get(row["named"], ()), row["is"])
    return found

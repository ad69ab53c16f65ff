"""Characters as readers count them, by the rules of Unicode (the package `regex`)."""

from __future__ import annotations

from typing import Any

from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import phrase


def clusters(text: str) -> list[str]:
    """The text cut into what a reader takes for one character each: with its accents, joiners and selectors."""
    if text.isascii() and "\r" not in text:
        return list(text)
    found: list[str] = _regex().findall(r"\X", text)
    return found


def _regex() -> Any:
    try:
        import regex
    except ModuleNotFoundError:
        not_measured(
            phrase("the pool of detectors needs {library}, which is not installed", library="regex"),
            phrase("pip install 'weighbridge[detection]'"),
        )
    return regex

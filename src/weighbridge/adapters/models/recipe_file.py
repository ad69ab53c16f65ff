"""The artefact of role recipe."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeFile:
    """The artefact of role recipe: how the classifier was made."""

    path: Path
    label: str
    format: str
    is_trusted: bool  # the user allows, by name, that it is run

from __future__ import annotations

from pathlib import Path

from weighbridge.adapters.models.recipe_file import RecipeFile


def test_trust_is_always_said() -> None:
    file = RecipeFile(path=Path("fit.py"), label="fit.py", format="python", is_trusted=False)
    assert not file.is_trusted

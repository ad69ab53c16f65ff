"""What holds for every test, wherever it lies."""

from __future__ import annotations

from hypothesis import settings

# Machines are shared: a property is not false because its example took long today.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

"""What numba compiles, where it is installed. Nothing is cached on disk, and one thread runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def compiled(loop: Callable[..., Any]) -> Callable[..., Any] | None:
    """The loop as machine code; None where numba is not installed, or cannot work here."""
    try:
        import numba
    except ImportError:
        return None
    made: Callable[..., Any] = numba.njit(loop, cache=False, nogil=True)
    return made

"""A question that people answer, as its folder describes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question; read from `question.toml`."""

    slug: str
    order: Annotated[int, "where it stands in the interview"]
    asks: Annotated[str, "the question, in plain words"]
    why: Annotated[str, "why it is asked"]
    mission: Annotated[tuple[int, ...], "rows of the mission map"]
    answers: Annotated[str, "the key in weighbridge.toml that holds the answer"]
    choices: Annotated[tuple[str, ...], "the answers there are; empty: a list of free words"] = ()
    minutes: Annotated[int, "how long it takes to answer"] = 1

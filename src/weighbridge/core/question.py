"""A question that people answer, as its folder describes it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from weighbridge.core.candidate import Impact


class Form(StrEnum):
    """What an answer looks like. Only choices and dates stand in the chain; all else is words, and can be erased."""

    CHOICE = "choice"
    TEXT = "text"
    LIST = "list"  # a word or more on each line
    TABLE = "table"  # a row on each line, its cells parted by |
    PERSON = "person"  # the same, and each row is somebody: a pseudonym will do
    DATE = "date"

    @property
    def is_rows(self) -> bool:
        """Whether it has columns."""
        return self in (Form.TABLE, Form.PERSON)


DAY, OPTIONAL = "day", "optional"
ANSWERED, NONE = "answered", "none"
"""What the chain holds of words: that there are some, or that somebody said there is nothing to be named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Two answers that cannot both be right. Where both were given, both are shown and neither counts."""

    choices: Annotated[tuple[str, ...], "answers to this question"]
    other: Annotated[str, "slug of the other question"]
    others: Annotated[tuple[str, ...], "its answers"]
    says: Annotated[str, "why they do not go together"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question; read from `question.toml`."""

    slug: str
    order: Annotated[int, "where it stands in the interview"]
    asks: Annotated[str, "the question, in plain words"]
    why: Annotated[str, "why it is asked"]
    mission: Annotated[tuple[int, ...], "rows of the mission map"]
    answers: Annotated[str, "the key in weighbridge.toml that holds the answer; left out: the ledger does"] = ""
    form: Form = Form.CHOICE
    choices: Annotated[tuple[str, ...], "the answers there are, of a choice"] = ()
    meanings: Annotated[tuple[str, ...], "what each choice means, in the same order"] = ()
    columns: Annotated[tuple[str, ...], "names of the columns, of a table or of persons"] = ()
    cells: Annotated[
        tuple[str, ...],
        'what each column holds: "" for words, "day", words parted by / of which one is meant, or "optional" for words '
        "that may stay away",
    ] = ()
    explain: Annotated[tuple[str, ...], "choices that need a sentence beside them"] = ()
    who: Annotated[tuple[str, ...], "roles that may answer; left out: anybody"] = ()
    shows: Annotated[tuple[str, ...], "probes whose evidence is shown beside it"] = ()
    at: Annotated[Impact, "it is asked where at least this much hangs on it"] = Impact.STANDARD
    when: Annotated[
        tuple[tuple[str, tuple[str, ...]], ...], "fact = values, one of which must be the case, or not be known"
    ] = ()
    contradiction: tuple[Contradiction, ...] = ()
    last: Annotated[bool, "it is asked after all others, and left out only with a reason"] = False
    minutes: Annotated[int, "how long it takes to answer"] = 1

    def __post_init__(self) -> None:
        for wrong, msg in (
            (self.form is Form.CHOICE and not self.choices, "a choice needs `choices`"),
            (self.form is not Form.CHOICE and bool(self.choices), "only a choice has `choices`"),
            (len(self.meanings) not in (0, len(self.choices)), "`meanings` has one for each of `choices`"),
            (self.form.is_rows != bool(self.columns), "a table and persons have `columns`, and nothing else has"),
            (not set(self.explain) <= set(self.choices), "`explain` names what is no choice"),
            (len(self.cells) not in (0, len(self.columns)), "`cells` has one for each of `columns`"),
            (bool(self.cells) and self.cells[0] != "", "the first column holds words: it says whom or what"),
        ):
            if wrong:
                raise ValueError(msg)

    @property
    def is_triage(self) -> bool:
        """Whether it is one of the six that set the impact, whose answers stand in the candidate file."""
        return self.answers.startswith("triage.")

    @property
    def n_optional(self) -> int:
        """How many columns at the end may be left away."""
        n = 0
        while n < len(self.cells) and self.cells[-1 - n] == OPTIONAL:
            n += 1
        return n

    @property
    def values(self) -> tuple[str, ...]:
        """All that a rule may find as its answer; empty: any day."""
        if self.form is Form.CHOICE:
            return self.choices
        return () if self.form is Form.DATE else (ANSWERED, NONE)

"""What stands in a case for files that are gone or were never ours: grown from a few lines, the same on every machine.

A table is drawn row by row; a classifier is fitted, or a small language model trained, on such a table; and what cannot
be grown is *gone*: an empty file of the right kind lies in its place, and no probe may read it as if it were the
original. Tables are the same bytes everywhere; what is learnt from them may differ in the last digits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from weighbridge.core.candidate import Scalar, Subject

MOST_ROWS = 100_000  # ours: a case is small, and is replayed in seconds
MOST_EPOCHS = 50  # ours, likewise
SLOT = re.compile(r"\{([a-z_]+)\}")  # in a text, the name of a word list or of another column


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of some rows: exactly one way to draw it."""

    name: str
    of: Annotated[tuple[Scalar, ...], "one of these, each as likely as its weight says"] = ()
    weights: Annotated[tuple[float, ...], "one for each of them; left out: all alike"] = ()
    between: Annotated[
        tuple[float, ...], "from the first to the second number, all alike; whole where digits is 0"
    ] = ()
    near: Annotated[float | None, "a number near this one (normal)"] = None
    spread: Annotated[float, "its standard deviation"] = 1.0
    digits: Annotated[int, "decimals that are kept"] = 0
    text: Annotated[str, "a text; {name} is a word of [table.words] or another column of the row"] = ""
    numbers: Annotated[str, "a running number after this text: row-1, row-2, ..."] = ""

    def __post_init__(self) -> None:
        ways = [bool(self.of), bool(self.between), self.near is not None, bool(self.text), bool(self.numbers)]
        for wrong, msg in (
            (sum(ways) != 1, "is drawn in one way: of, between, near, text or numbers"),
            (len(self.between) not in (0, 2), "`between` holds two numbers"),
            (bool(self.weights) and len(self.weights) != len(self.of), "`weights` has one for each of `of`"),
            (any(w < 0 for w in self.weights), "`weights` are not negative"),
            (not 0 <= self.digits <= 9, "`digits` lies between 0 and 9"),
            (self.spread < 0, "`spread` is not negative"),
        ):
            if wrong:
                raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """`[[table.rows]]`: some rows of a table that are drawn alike."""

    n: int
    column: tuple[Column, ...]

    def __post_init__(self) -> None:
        if not 0 < self.n <= MOST_ROWS:
            msg = f"`n` lies between 1 and {MOST_ROWS}"
            raise ValueError(msg)


class Collection(StrEnum):
    """Public tables that scikit-learn brings."""

    IRIS = "iris"
    DIGITS = "digits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`[[table]]`: a table, as CSV or JSON Lines by its path; drawn, or taken from scikit-learn's data."""

    path: Annotated[str, "where it lies in the candidate"]
    rows: tuple[Rows, ...] = ()
    words: Annotated[tuple[tuple[str, tuple[str, ...]], ...], "words by name, for texts"] = ()
    collection: Annotated[Collection | None, "in place of rows: iris or digits, with the answer as `target`"] = None
    part: Annotated[int, "which half of the collection, 1 or 2; 0: all of it"] = 0

    def __post_init__(self) -> None:
        for wrong, msg in (
            (bool(self.rows) == bool(self.collection), "holds either [[table.rows]] or a `collection`"),
            (not self.path.endswith((".csv", ".jsonl")), "`path` ends in .csv or .jsonl"),
            (self.part not in (0, 1, 2), "`part` is 0, 1 or 2"),
            (bool(self._unknown()), f"a text names {{{self._unknown()}}}, which is no word list and no earlier column"),
        ):
            if wrong:
                raise ValueError(msg)

    def _unknown(self) -> str:
        """The first name in a text that stands for nothing; empty where there is none."""
        for rows in self.rows:
            known = {name for name, _words in self.words}
            for column in rows.column:
                named: set[str] = set(SLOT.findall(column.text))
                if lost := sorted(named - known):
                    return lost[0]
                known.add(column.name)
        return ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of all columns that are drawn, in the order in which they are first named."""
        return tuple(dict.fromkeys(column.name for rows in self.rows for column in rows.column))


class ClassifierKind(StrEnum):
    """Kinds of classifier that a case can grow."""

    LOGISTIC = "logistic"  # of numbers and categories
    FOREST = "forest"
    NEIGHBOURS = "neighbours"  # keeps every row it was fitted on
    WORDS = "words"  # of one column of text, by pieces of words


@dataclass(frozen=True, slots=True, kw_only=True)
class Classifier:
    """`[[classifier]]`: a scikit-learn classifier, fitted on a table of the case and saved with skops."""

    path: str
    kind: ClassifierKind
    table: Annotated[str, "path of the table that it is fitted on"]
    target: Annotated[str, "column that it is to predict"]
    features: Annotated[tuple[str, ...], "columns that it takes; left out: all others"] = ()

    def __post_init__(self) -> None:
        if not self.path.endswith(".skops"):
            msg = "`path` ends in .skops"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageModel:
    """`[[language_model]]`: a small causal language model, trained on the text of a table of the case."""

    path: Annotated[str, "the folder that it lies in"]
    table: Annotated[str, "path of the table that it is trained on"]
    text: Annotated[str, "column that holds the text"]
    epochs: Annotated[int, "how often it reads all of it"] = 2

    def __post_init__(self) -> None:
        if not 0 < self.epochs <= MOST_EPOCHS:
            msg = f"`epochs` lies between 1 and {MOST_EPOCHS}"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """`[[gone]]`: what is gone, or was never ours. No probe that would read it runs, since it would read nothing."""

    path: Annotated[str, "the file that lies in its place; of a model the folder"]
    subject: Annotated[Subject, "what it was: causal-lm, classifier, untold-model, table, text, unread-data or bytes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """`[[text]]`: a text file, word for word, such as a release text."""

    path: str
    says: str


Material = Table | Classifier | LanguageModel | Gone | Text

"""What somebody typed or wrote, held against the question it is meant for. Faults are told, never what was written."""

from __future__ import annotations

from datetime import date

from weighbridge.core.errors import nearest_hint
from weighbridge.core.question import ANSWERED, DAY, NONE, OPTIONAL, Form, Question
from weighbridge.core.wording import _

MOST_CHARACTERS = 20_000  # ours: some pages; a longer answer is a document, and belongs into a file beside it
# How people write that there is nothing to be named; English, French, German, Spanish, Portuguese, Swahili.
_NOTHING = frozenset(
    {
        *(
            "none",
            "nothing",
            "nobody",
            "no one",
            "n/a",
            "na",
            "rien",
            "personne",
            "aucun",
            "aucune",
            "nichts",
            "niemand",
        ),
        *(
            "keine",
            "keiner",
            "nada",
            "nadie",
            "ninguno",
            "ninguna",
            "ninguem",
            "ninguém",
            "nenhum",
            "nenhuma",
            "hakuna",
        ),
        *("not yet", "no", "nein", "non"),
    }
)


def choice_of(question: Question, choice: str, says: str) -> tuple[str, ...]:
    """The values that the chain will hold of an answer.

    Parameters
    ----------
    choice : of a choice, one of its answers; of a date, the day; else empty
    says : the words beside it

    Raises
    ------
    ValueError
        Where it is no answer to this question; the message says why and quotes nothing.
    """
    if len(says) > MOST_CHARACTERS:
        raise ValueError(
            _("has {n} characters, and {most} are the most; name a document that holds it").format(
                n=len(says), most=MOST_CHARACTERS
            )
        )
    if question.form is Form.CHOICE:
        return _chosen(question, choice, says)
    if question.form is Form.DATE:
        return (_day(choice or says),)
    words = says if has_words(says) else choice
    if _is_nothing(words):
        return (NONE,)
    if not has_words(words):
        raise ValueError(_("holds no word; leave it out to skip the question"))
    if question.form.is_rows:
        return _rows(question, words)
    return (ANSWERED,)


def has_words(text: str) -> bool:
    """Whether there is a letter or a digit in it; marks and characters that nobody sees are no answer."""
    return any(character.isalnum() for character in text)


def _is_nothing(text: str) -> bool:
    bare = "".join(c if c.isalnum() or c == "/" else " " for c in text.casefold())
    return " ".join(bare.split()) in _NOTHING or text.strip() == "-"


def _chosen(question: Question, choice: str, says: str) -> tuple[str, ...]:
    if choice not in question.choices:
        raise ValueError(_("is no answer to it; {hint}").format(hint=nearest_hint(choice[:40], question.choices)))
    if choice in question.explain and not says.strip():
        raise ValueError(_("needs a sentence beside it where the answer is {choice}").format(choice=choice))
    return (choice,)


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        raise ValueError(_("should be a day, such as 2019-02-14")) from None


def _rows(question: Question, words: str) -> tuple[str, ...]:
    """Rows with a word in their first cell; where each of them names nobody, that is what is said."""
    firsts = []
    for n, cells in enumerate(rows_of(words), 1):
        missing = len(question.columns) - len(cells)
        if not 0 <= missing <= question.n_optional or not has_words(cells[0]):
            says = _("row {n} should have {columns}, parted by |, and not begin with an empty cell")
            raise ValueError(says.format(n=n, columns=" | ".join(question.columns)))
        firsts.append(cells[0])
        if not _is_nothing(cells[0]):
            _check_cells(question, cells, n)
    return (NONE,) if all(map(_is_nothing, firsts)) else (ANSWERED,)


def rows_of(words: str) -> tuple[tuple[str, ...], ...]:
    """The rows that words hold, each as its cells; lines without a word are none."""
    return tuple(tuple(cell.strip() for cell in line.split("|")) for line in words.splitlines() if has_words(line))


def _check_cells(question: Question, cells: tuple[str, ...], n: int) -> None:
    for cell, kind, column in zip(cells, question.cells, question.columns, strict=False):
        if kind == DAY:
            try:
                _day(cell)
            except ValueError as wrong:
                says = _("row {n}, {column}: {wrong}").format(n=n, column=column, wrong=wrong)
                raise ValueError(says) from None
        elif kind not in ("", OPTIONAL) and cell.casefold() not in kind.split("/"):
            says = _("row {n}, {column}: one of {choices}")
            raise ValueError(says.format(n=n, column=column, choices=", ".join(kind.split("/"))))

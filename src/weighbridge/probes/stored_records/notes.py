"""What is said beside the numbers: what was looked into and what was not. Kinds, counts and file names only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Never

from weighbridge.core.evidence import Silent, not_measured
from weighbridge.core.wording import Phrase, phrase

_NAMED = 5  # files; the rest are counted


def nothing_looked_into(silent: Silent | None) -> Never:
    """Neither model nor files nor training data."""
    if silent is not None:
        raise silent
    not_measured(
        phrase("neither the model nor its training data can be looked into"),
        phrase('add to weighbridge.toml: [[artefact]] role = "train-data" path = "FILE"'),
    )


def no_training_data() -> Phrase:
    """Nothing to compare with."""
    return phrase(
        "no training data was given that can be read, so nothing was compared with it: rows among the weights and"
        ' passages in the files are not yet looked for; add to weighbridge.toml: [[artefact]] role = "train-data"'
    )


def keeps_instances(kind: str, keepers: Sequence[str], n: int) -> Phrase:
    """An instance-based model, or one of which a part is instance-based."""
    parts = ", ".join(name for name in keepers if name != kind)
    if not parts or kind in keepers:
        return phrase("{kind} keeps {n} training records whole: whoever has the file has them", kind=kind, n=n)
    return phrase(
        "{parts}, a part of {kind}, keeps {n} training records whole: whoever has the file has them; fit the model"
        " again without {parts}",
        parts=parts, kind=kind, n=n,
    )  # fmt: skip


def instances_unread(kind: str, keepers: Sequence[str]) -> Phrase:
    """An instance-based model whose records could not be reached."""
    parts = ", ".join(name for name in keepers if name != kind)
    if parts and kind not in keepers:
        return phrase(
            "{parts}, a part of {kind}, is of a kind that keeps training records whole; how many could not be read, at"
            " least one",
            parts=parts, kind=kind,
        )  # fmt: skip
    return phrase(
        "{kind} is of a kind that keeps training records whole; how many could not be read, at least one", kind=kind
    )


def confirmed(n: int, forms: Iterable[StrEnum]) -> Phrase:
    """How many of them stand in the training data given."""
    if not n:
        return phrase(
            "none of them was found in the training data given: they were prepared otherwise, or are of other data;"
            " they count all the same"
        )
    return phrase(
        "records of the training data given that were found among them: {n} ({forms})", n=n, forms=_forms(forms)
    )


def _forms(forms: Iterable[StrEnum]) -> str:
    return "; ".join(sorted(form.value for form in forms))


def no_common_width() -> Phrase:
    """Several training tables with different numbers."""
    return phrase(
        "the tables of training data do not have the same columns of numbers, so no row was looked for among the"
        " weights; name the columns in weighbridge.toml: features = [...]"
    )


def rows_found(sure: int, doubtful: int, forms: Iterable[StrEnum], width: int) -> Iterator[Phrase]:
    """Rows among the numbers of the model."""
    if width == 1:
        yield phrase("the training rows have one number each, which cannot be told from any other number")
    if sure:
        yield phrase("different training rows that stand among the weights: {n} ({forms})", n=sure, forms=_forms(forms))
    if doubtful:
        yield phrase(
            "training rows of few and short numbers that stand among the weights as well: {n}; that may be chance, so"
            " they only raise the upper end",
            n=doubtful,
        )


def rows_open(n: int) -> Iterator[Phrase]:
    """Rows of the model that may be training rows in a form that was not tried."""
    if n:
        yield phrase(
            "not all steps of the model could be followed: rows among the weights, {n} of them, may be training rows"
            " that were prepared in a way that is not known here, so they raise the upper end; a pipeline saved as"
            " skops can be followed",
            n=n,
        )


def leaves_untold(kind: str) -> Phrase:
    """Trees that do not say how many records a leaf has."""
    return phrase(
        "{kind} has trees that do not say how many training records a leaf stands for, so their leaves have no number;"
        " weigh the model as skops, where they do",
        kind=kind,
    )


def leaves_of(kind: str, n: int, smallest: int) -> Phrase:
    """Whose leaves they are."""
    return phrase(
        "the {n} leaves are those of {kind}; the smallest stands for {smallest}", n=n, kind=kind, smallest=smallest
    )


def no_tokenizer() -> Phrase:
    """A language model without a tokenizer that could be read."""
    return phrase("no file of a tokenizer that can be read is among what is released, so its tokens have no number")


def tokenizer_unread(labels: Sequence[str]) -> Iterator[Phrase]:
    """Files of a tokenizer that could not be parsed."""
    for label in labels[:_NAMED]:
        yield phrase(
            "{label} could not be read as part of a tokenizer: too large, broken, or of a format that is not known; its"
            " entries raise the upper end",
            label=label,
        )


def entries_found(where: StrEnum, identifying: int, rare: int) -> Iterator[Phrase]:
    """Entries that tell of single records."""
    if identifying:
        yield phrase(
            "entries of the {where} in which stands what identifies a person, by its check digits or its form: {n}",
            where=where.value, n=identifying,
        )  # fmt: skip
    if rare:
        yield phrase(
            "entries of the {where} that are long values and that only a few training records hold: {n}",
            where=where.value, n=rare,
        )  # fmt: skip


def passages_found(where: StrEnum, n: int) -> Iterator[Phrase]:
    """Records with a passage in the files."""
    if n:
        yield phrase("training records with a long passage in the files ({where}): {n}", n=n, where=where.value)


def passages_common(n_characters: int, rare_below: int) -> Iterator[Phrase]:
    """Passages that are nobody's own."""
    if n_characters:
        yield phrase(
            "characters of the files, {n} of them, stand in at least {k} training records each: a form or a"
            " licence, nobody's own words; they were set apart",
            n=n_characters, k=rare_below,
        )  # fmt: skip


def files_unread(labels: Sequence[str], n_characters: int) -> Iterator[Phrase]:
    """Files that were not searched for passages."""
    for label in labels[:_NAMED]:
        yield phrase(
            "{label} was not searched for passages to its end: packed, broken, or more than the time allowed; that"
            " raises the upper end",
            label=label,
        )
    if len(labels) > _NAMED:
        yield phrase("{n} more files were not searched to their end", n=len(labels) - _NAMED)
    if n_characters:
        yield phrase(
            "{n} characters of text in the files were not compared: more than the time allowed; that raises the upper"
            " end",
            n=n_characters,
        )


def numbers_unread(labels: Sequence[str]) -> Iterator[Phrase]:
    """Weights whose numbers could not be read."""
    for label in labels[:_NAMED]:
        yield phrase(
            "the numbers in {label} could not be compared with training rows; that raises the upper end", label=label
        )
    if len(labels) > _NAMED:
        yield phrase("the numbers in {n} more files could not be compared", n=len(labels) - _NAMED)

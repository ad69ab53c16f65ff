"""What is said beside the numbers. Names of classes and fields are no data; they are said bounded, without markup."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Never

from weighbridge.core.evidence import Silent, not_measured
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.identifiers import has_shape_of_one

_NAMED = 8  # names in a row; the rest are counted
_LONGEST = 40  # characters of a name
_ALLOWED = frozenset(" _-./'&+()")
_PRIVATE = "(not shown)"


def shown(name: str) -> str:
    r"""A name as it can be shown: letters, digits and a few marks; no markup, no control characters.

    >>> shown("<b>health\x1b[31m</b>"), shown("ada@example.org")
    ('b health 31m /b', '(not shown)')
    """
    if has_shape_of_one(name):
        return _PRIVATE
    kept = "".join(c if c in _ALLOWED or unicodedata.category(c)[0] in "LMN" else " " for c in name[: 4 * _LONGEST])
    plain = " ".join(kept.split())
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"


def listed(names: Sequence[str]) -> str:
    """Names in a row, cut off where they are many."""
    more = len(names) - _NAMED
    return ", ".join(shown(name) for name in names[:_NAMED]) + (f" (+{more})" if more > 0 else "")


def nothing_named(silent: Silent | None, *, is_lm: bool) -> Never:
    """No name of any output was found."""
    if silent is not None:
        raise silent
    if is_lm:
        not_measured(
            phrase("nothing says which fields the model writes, and no training text was read to its end"),
            phrase(
                'name the training text, or sample outputs: [[artefact]] role = "outputs" path = "FILE.jsonl", or add a'
                " JSON schema of its output beside it"
            ),
        )
    not_measured(
        phrase("nothing names what comes out: no class, no field"),
        phrase('name the classes: "id2label" in config.json, or a file labels.json with a list of them'),
    )


def surely(category: str, names: Sequence[str]) -> Phrase:
    """Names that tell."""
    return phrase("{category}: {names}", category=category, names=listed(names))


def perhaps(category: str, names: Sequence[str]) -> Phrase:
    """Names that may tell."""
    return phrase(
        "{category}, perhaps: {names}; these names have another common meaning, or were seen only in the training text"
        " or once, so they only raise the upper end",
        category=category, names=listed(names),
    )  # fmt: skip


def hidden(names: Sequence[str]) -> Phrase:
    """Names that say nothing."""
    return phrase(
        "{n} names say nothing of what they stand for ({names}), so any of them may, and more time does not help: name"
        ' the classes ("id2label" in config.json, or classes as strings), or say which column is predicted, in'
        ' weighbridge.toml at the training data: target = "COLUMN"',
        n=len(names), names=listed(names),
    )  # fmt: skip


def foreign(names: Sequence[str]) -> Phrase:
    """Names in a script that is not known."""
    return phrase(
        "{n} names are in a script that is not known here ({names}), so any of them may tell something, and more time"
        ' does not help: name them in English too ("id2label" in config.json, or classes as strings)',
        n=len(names), names=listed(names),
    )  # fmt: skip


def unread(labels: Sequence[str]) -> Iterator[Phrase]:
    """Files that could not be read."""
    for label in labels[:_NAMED]:
        yield phrase("{label} could not be read to its end, so it may name more: broken or too long", label=label)
    if len(labels) > _NAMED:
        yield phrase("{n} more files could not be read to their end", n=len(labels) - _NAMED)


def not_generated() -> Phrase:
    """The model could not be asked."""
    return phrase("so the model was not asked to write, and only its files and its training text were read")


def too_slow(n_parameters: int) -> Phrase:
    """The model is too large to write in the time allowed."""
    return phrase(
        "a model of {n} parameters writes too slowly for the time allowed, so only its files and its training text were"
        " read; allow more: weighbridge weigh DIR --budget SECONDS",
        n=n_parameters,
    )


def free_text(n_documents: int, n_texts: int) -> Phrase:
    """A language model that writes no fields."""
    return phrase(
        "no field and no tag stands in the {n} documents of the training text, nor in the {m} texts the model wrote: it"
        " gives running text, which this does not judge",
        n=n_documents, m=n_texts,
    )  # fmt: skip

"""Which columns of a file of rows hold its text and the secrets in it, and which rows are private or canaries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from weighbridge.core.candidate import Declared
from weighbridge.core.errors import Unusable, nearest_hint
from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import Phrase, _, phrase
from weighbridge.probekit.ports import Bools

# What a column of text is called in data sets that are published; the first that is there is taken. Ours.
_USUAL = ("text", "content", "body", "document", "article", "sentence", "completion", "output", "raw_content")
# Columns that say something of a text and are none themselves.
LABELS = (
    "language_field", "source_field", "date_field", "domain_field", "group_field", "decoding_field", "arm_field",
    "score_field", "machine_field",
)  # fmt: skip
_NO = ("", "0", "0.0", "false", "f", "no", "n", "none", "null", "nan")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """Places of the columns to read; None where there is none."""

    text: int
    private: int | None
    canary: int | None
    secret: int | None = None

    @property
    def places(self) -> tuple[int, ...]:
        """The columns to read, each once, the text first."""
        wanted = (self.text, self.private, self.canary, self.secret)
        return tuple(dict.fromkeys(place for place in wanted if place is not None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The fields, or None where no column holds text, and what is to be said of it."""

    fields: Fields | None
    note: Phrase | None


def choose(label: str, names: Sequence[str], is_text: Sequence[bool], declared: Declared) -> Choice:
    """The fields of a file with these columns.

    The text is the declared column, else the only one that holds text, else the one with a usual name. Where no column
    holds text there are no documents in the file, and that is said; where several might, nobody guesses.

    Raises
    ------
    Unusable
        For a declared column that is not there.
    Silent
        Where the owner has to say which column it is.
    """
    private = _place(label, names, declared.private_field, "private_field")
    canary = _place(label, names, declared.canary_field, "canary_field")
    secret = _place(label, names, declared.secret_field, "secret_field")
    text = _place(label, names, declared.text_field, "text_field")
    note: Phrase | None = None
    if text is None:
        flags = {private, canary, secret}
        labels = {getattr(declared, name) for name in LABELS}
        among = [n for n, may in enumerate(is_text) if may and n not in flags and names[n] not in labels]
        if not among:
            return Choice(
                fields=None, note=phrase("{label} has no column of text and is left out of what is read", label=label)
            )
        text = _only(label, names, among)
        note = phrase('{label}: the text is taken to be its column "{column}"', label=label, column=names[text])
    return Choice(fields=Fields(text=text, private=private, canary=canary, secret=secret), note=note)


def standing(text: pa.Array, secret: pa.Array) -> tuple[pa.Array, Bools]:
    """The secrets that stand in their text, each without spaces around it, and which ones do not.

    Parameters
    ----------
    text, secret : strings of one length; an empty secret is none

    Returns
    -------
    Strings, empty where there is no secret or it does not stand in the text; and which were left out for that.
    """
    trimmed = pc.utf8_trim_whitespace(secret).to_pylist()
    kept = [s if s in t else "" for t, s in zip(text.to_pylist(), trimmed, strict=True)]
    lost = np.array([bool(s) and not k for s, k in zip(trimmed, kept, strict=True)], dtype=np.bool_)
    return pa.array(kept, pa.string()), lost


def truths(values: Any) -> Bools:
    """Which values say yes, shape (n,): true, a number but zero, any text but "false", "no", "0" and their like.

    What is missing says no. In doubt a row counts as private, since the other mistake would hide it.
    """
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if pa.types.is_null(values.type):
        return np.zeros(len(values), dtype=np.bool_)
    if pa.types.is_boolean(values.type):
        said = values
    elif pa.types.is_integer(values.type) or pa.types.is_floating(values.type) or pa.types.is_decimal(values.type):
        number = values.cast(pa.float64())
        said = pc.and_(pc.not_equal(number, 0.0), pc.invert(pc.is_nan(number)))
    elif pa.types.is_string(values.type):
        said = pc.invert(pc.is_in(pc.utf8_lower(pc.utf8_trim_whitespace(values)), pa.array(_NO)))
    else:
        said = pc.is_valid(values)
    known = pc.and_(said.fill_null(False), pc.is_valid(values))
    return np.asarray(known.to_numpy(zero_copy_only=False), dtype=np.bool_)


def is_true(value: object) -> bool:
    """The same for a JSON value; a list or an object says yes unless it is empty."""
    if isinstance(value, str):
        return value.strip().lower() not in _NO
    return bool(value) and value == value  # noqa: PLR0124  NaN is not itself


def _place(label: str, names: Sequence[str], name: str, key: str) -> int | None:
    if not name:
        return None
    if name not in names:
        raise Unusable(
            _("cannot read the documents of {label}").format(label=label),
            _("{key} = {name!r} is no column of it; {hint}").format(key=key, name=name, hint=nearest_hint(name, names)),
            _("mend the name in weighbridge.toml, at the [[artefact]] of {label}").format(label=label),
        )
    return names.index(name)


def _only(label: str, names: Sequence[str], among: Sequence[int]) -> int:
    if len(among) == 1:
        return among[0]
    by_name = {names[place].lower(): place for place in reversed(among)}
    for usual in _USUAL:
        if usual in by_name:
            return by_name[usual]
    return not_measured(
        phrase(
            "{label} has {n} columns of text and it is not said which holds the documents: {columns}",
            label=label,
            n=len(among),
            columns=", ".join(names[place] for place in among),
        ),
        phrase(
            'add to its [[artefact]] in weighbridge.toml: text_field = "{column}"',
            column=names[among[0]].replace('"', '\\"'),
        ),
    )

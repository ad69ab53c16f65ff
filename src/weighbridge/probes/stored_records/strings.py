"""Strings of the training data: in vocabularies, in tokenizers, in the weights and beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from weighbridge.core.candidate import Role
from weighbridge.core.evidence import Quantity
from weighbridge.core.wording import _
from weighbridge.probes.stored_records import notes
from weighbridge.probes.stored_records.entries import (
    Entries,
    Told,
    compare_cells,
    compare_texts,
    is_long_cell,
    is_long_in_text,
    tokenizer_entries,
    told_by_themselves,
)
from weighbridge.probes.stored_records.files import Reader, Unread, Where
from weighbridge.probes.stored_records.inquiry import Inquiry, Pointing, count
from weighbridge.probes.stored_records.passages import Found, search

# Nominal costs, from which it follows how much is read: the same on every machine. Files were measured to be searched
# for text at 40 MB a second and more, and training text to be streamed past an index at more than 10.
_SECONDS_PER_BYTE = 2e-8
_SECONDS_PER_TRAINING_BYTE = 1e-7


def vocabulary(inquiry: Inquiry) -> Iterator[Quantity]:
    """Words and categories that the classifier holds."""
    if not inquiry.is_classifier:
        yield count("stored-strings", Where.VOCABULARY, 0, 0, "entry")
    if inquiry.structure is None:
        return
    entries = Entries(texts=tuple(dict.fromkeys(inquiry.structure.vocabulary)))
    told = told_by_themselves(entries, inquiry.tick)
    if inquiry.training.is_there:
        cells = inquiry.training.strings(with_numbers=True)
        compare_cells(entries, told, cells, rare_below=inquiry.settings.rare_below)
    yield _entries(inquiry, entries, told, Where.VOCABULARY, lambda text: is_long_cell(text) or is_long_in_text(text))


def tokenizer(inquiry: Inquiry) -> Iterator[Quantity]:
    """Tokens."""
    unread = Unread()  # its bytes are searched for passages all the same
    entries = tokenizer_entries(inquiry.files, unread, at_most=inquiry.settings.tokenizer_mib << 20)
    if entries is None and inquiry.is_classifier:
        yield count("stored-strings", Where.TOKENIZER, 0, 0, "entry")
    elif entries is None:
        inquiry.said.append(notes.no_tokenizer())
    else:
        inquiry.said += notes.tokenizer_unread(unread.labels)
        told = told_by_themselves(entries, inquiry.tick)
        yield _entries(inquiry, entries, told, Where.TOKENIZER, is_long_in_text)


def _entries(inquiry: Inquiry, entries: Entries, told: Told, where: Where, is_long: Callable[[str], bool]) -> Quantity:
    """Compare with the training text, and count."""
    n_open = entries.n_unread
    training = inquiry.training
    if training.is_there:
        compare_texts(entries, told, training.strings(), rare_below=inquiry.settings.rare_below)
    if not training.is_there or training.unread_bytes:  # any entry that is long enough may be rare
        n_open += sum(
            n not in told.identifying and n not in told.rare and is_long(text) for n, text in enumerate(entries.texts)
        )
    pointing = Pointing(inquiry.bench, _("a rare value of this record stands in the {where}").format(where=where.value))
    for number in sorted(told.rare):
        for label, record in told.records.get(number, []):
            pointing(label, record)
    inquiry.said += notes.entries_found(where, len(told.identifying), len(told.rare - told.identifying))
    return count(
        "stored-strings", where, len(told.identifying | told.rare), len(entries.texts), "entry", more=n_open
    )  # fmt: skip


def passages(inquiry: Inquiry) -> Iterator[Quantity]:
    """Records with a long passage in the files, in weights and beside them."""
    training, characters = inquiry.training, inquiry.settings.passage_characters
    if not training.is_there:
        return
    size = max(1, sum(a.size_bytes for a in inquiry.bench.candidate.of_role(Role.TRAIN_DATA)))
    unread = Unread()
    found = search(
        _stretches(inquiry, unread), training.strings, characters=characters,
        common_from=inquiry.settings.rare_below,
        shelves=max(1, inquiry.bench.budget.affords(_SECONDS_PER_TRAINING_BYTE * size)),
    )  # fmt: skip
    inquiry.said += notes.passages_common(found.n_common, inquiry.settings.rare_below)
    inquiry.said += notes.files_unread(unread.labels, sum(found.left_out.values()))
    for where in (Where.WEIGHTS, Where.METADATA):
        yield _passages(inquiry, found, unread, where)


def _stretches(inquiry: Inquiry, unread: Unread) -> Iterator[tuple[Where, str]]:
    reader = Reader(
        shortest=inquiry.settings.passage_characters, unpack_bytes=inquiry.settings.unpack_mib << 20, unread=unread,
        tick=inquiry.tick,
    )  # fmt: skip
    left = inquiry.bench.budget.affords(_SECONDS_PER_BYTE)
    for file in inquiry.files:
        left -= file.size
        if left < 0:
            unread.add(file, file.size)
            continue
        for text in reader.texts(file):
            yield file.where, text


def _passages(inquiry: Inquiry, found: Found, unread: Unread, where: Where) -> Quantity:
    rare = found.rare.get(where, set())
    says = _("a passage of this record stands in the released files ({where})").format(where=where.value)
    pointing = Pointing(inquiry.bench, says)
    for label, record in sorted(rare):
        pointing(label, record)
    inquiry.said += notes.passages_found(where, len(rare))
    left_out = (unread.at.get(where, 0) + found.left_out.get(where, 0)) // inquiry.settings.passage_characters
    hidden = unread.at.get(where, 0) > 0 or found.left_out.get(where, 0) > 0
    undecided = len(found.undecided.get(where, set()) - rare)
    more = min(found.n_records - len(rare), undecided + max(int(hidden), left_out)) + inquiry.training.unread_bytes
    return count("stored-strings", where, len(rare), found.n_records, "training record", more=more)

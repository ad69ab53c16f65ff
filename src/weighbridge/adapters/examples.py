"""Examples for a classifier, drawn from the owner's files: distinct rows, and none that stands in two roles."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol, runtime_checkable

import numpy as np
import pyarrow as pa

from weighbridge.adapters.example_columns import Layout, completed, inputs_unasked, lay_out, shown
from weighbridge.adapters.example_rows import (
    CellType,
    Words64,
    are_numbers,
    as_ints,
    as_text,
    as_type,
    cell_codes,
    is_nested,
    mixes_texts_with_numbers,
    one_type,
    row_digests,
    unique_numbers,
)
from weighbridge.core.candidate import Role
from weighbridge.core.evidence import Silent, not_measured
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.ports import Classifier, Examples, Ints, Table

# Rows that stand in these roles as well are left out of a role. Out of both sides: leaving common rows with the members
# alone would make the two differ by that (four columns of Adult, split by lot, were then told apart with AUC 0.73).
_BEFORE: dict[Role, tuple[Role, ...]] = {
    Role.TRAIN_DATA: (Role.HELD_OUT,),
    Role.HELD_OUT: (Role.TRAIN_DATA,),
    Role.POPULATION: (Role.TRAIN_DATA, Role.HELD_OUT),
}
_KEY_BYTES = 32
_FIRST_ROWS = 64
_CLASS = CellType(arrow=pa.int64())
_TEXT = CellType(arrow=pa.string())


def draw_examples(
    classifier: Classifier, tables: Mapping[Role, tuple[Table, ...]], role: Role, *, n: int, seed: int
) -> Examples:
    """Up to `n` rows of a role as the classifier takes them.

    Each row of inputs and answer has a digest, keyed by the seed (see `example_rows`): of the different ones, those
    with the smallest are taken, so that the draw is the same however the files are cut into batches, and is uniform
    over different rows. The files are read twice, in batches; sixteen bytes are kept of every row. A row that is there
    several times is taken where it stands first.

    Raises
    ------
    Silent
        Where there is no row to take, or the owner has to say which columns are meant.
    """
    if not tables.get(role):
        not_measured(
            phrase("there is no table of role {role}", role=role.value),
            phrase('add to weighbridge.toml: [[artefact]] role = "{role}" path = "FILE"', role=role.value),
        )
    _introduce(classifier, tables[role][0])
    drawing = _Drawing.on(classifier, tables, role, seed)
    elsewhere = [drawing.surveyed(other)[0] for other in _BEFORE.get(role, ())]
    digests, targets = drawing.surveyed(role)
    is_known = targets >= 0
    is_shared = is_known & np.isin(digests, np.concatenate([np.zeros(0, np.uint64), *elsewhere]))
    left = np.flatnonzero(is_known & ~is_shared)
    distinct, first = np.unique(digests[left], return_index=True)
    chosen = np.sort(left[first[:n]])
    counts = (len(digests), len(left) - len(distinct), int(is_shared.sum()), int((~is_known).sum()))
    if not len(chosen):
        _leave_empty(role, drawing.layouts[role][0], classifier, counts)
    return drawing.taken(role, chosen, targets, counts)


@runtime_checkable
class _Stranger(Protocol):
    """A classifier that does not know its classes before it was asked about some rows."""

    def meet(self, rows: pa.Table) -> None: ...


def _introduce(classifier: Classifier, table: Table) -> None:
    """Show some rows to a classifier that has to see them first; its columns are then those declared, or all others."""
    if not isinstance(classifier, _Stranger):
        return
    names = inputs_unasked(classifier, table)
    first = next(iter(table.batches(names)), None) if names else None
    if first is not None and first.num_rows:
        classifier.meet(pa.Table.from_batches([first.slice(0, _FIRST_ROWS)]))


@runtime_checkable
class _Numbered(Protocol):
    """A classifier that says by which numbers its classes go too, as text, one for each."""

    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawing:
    """One draw under way."""

    classifier: Classifier
    layouts: Mapping[Role, tuple[Layout, ...]]
    spellings: Mapping[Role, tuple[tuple[str, ...], ...]]  # what each of the tables calls the classes
    types: tuple[CellType, ...]  # of the inputs, in one for all roles
    key: bytes

    @classmethod
    def on(cls, classifier: Classifier, tables: Mapping[Role, tuple[Table, ...]], drawn: Role, seed: int) -> _Drawing:
        """Lay out the tables: those of the role, those that stand before it, and others where they can be."""
        every = [table for role in sorted(tables) for table in tables[role]]
        order = sorted(every, key=lambda table: table not in tables.get(Role.TRAIN_DATA, ()))  # training data say first
        said = {id(t): completed(t.declared, [o.declared for o in order if o is not t]) for t in every}
        holds = partial(_holds_answers, classifier)
        layouts: dict[Role, tuple[Layout, ...]] = {}
        for role in sorted(tables):
            try:
                layouts[role] = tuple(lay_out(classifier, t, said[id(t)], holds) for t in tables[role])
            except Silent:
                if role is drawn or (drawn is not Role.TRAIN_DATA and role in _BEFORE.get(drawn, ())):
                    raise
        key = hashlib.blake2b(f"examples\0{seed}".encode(), digest_size=_KEY_BYTES).digest()
        spellings = {
            role: tuple(_spelling(classifier, layout.table, layout.target) for layout in of_role)
            for role, of_role in layouts.items()
        }
        return cls(
            classifier=classifier, layouts=layouts, spellings=spellings, types=_input_types(layouts), key=key
        )  # fmt: skip

    def surveyed(self, role: Role) -> tuple[Words64, Ints]:
        """Digest and class of every row of a role, table after table; class -1 where the answer is none of them."""
        digests, targets = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)]
        for layout, classes in zip(self.layouts.get(role, ()), self.spellings.get(role, ()), strict=True):
            for batch in layout.table.batches([*layout.inputs, layout.target]):
                target = class_indices(batch.column(len(layout.inputs)), classes)
                targets.append(target)
                columns = [*batch.columns[: len(layout.inputs)], pa.array(target)]
                digests.append(row_digests(columns, [*self.types, _CLASS], self.key))
        return np.concatenate(digests), np.concatenate(targets)

    def taken(self, role: Role, chosen: Ints, targets: Ints, counts: tuple[int, int, int, int]) -> Examples:
        """These rows, with all that stands beside them."""
        beside = _beside_types(self.layouts, role)
        parts = [part for layout, rows in self._by_table(role, chosen) for part in self._taken_of(layout, rows, beside)]
        layouts = self.layouts[role]
        names = self.classifier.inputs or layouts[0].inputs
        return Examples(
            inputs=pa.concat_tables([part.inputs.rename_columns(list(names)) for part in parts]).combine_chunks(),
            targets=targets[chosen],
            beside=pa.concat_tables([part.beside for part in parts]).combine_chunks(),
            labels=tuple(part.label for part in parts for _ in range(len(part.records))),
            records=np.concatenate([part.records for part in parts]),
            persons=np.concatenate([part.persons for part in parts]),
            declared=layouts[0].table.declared,
            n_records=counts[0], n_repeated=counts[1], n_shared=counts[2], n_unlabelled=counts[3],
            notes=self._notes(role),
        )  # fmt: skip

    def _notes(self, role: Role) -> tuple[Phrase, ...]:
        classes = self.classifier.classes
        return tuple(
            phrase(
                "the answers in {label}, column {name}, are told by their numbers, and were read in the model's order: "
                "{classes}",
                label=layout.table.label, name=shown(layout.target), classes=shown(*classes),
            )
            for layout, spelling in zip(self.layouts[role], self.spellings[role], strict=True)
            if spelling != classes
        )  # fmt: skip

    def _by_table(self, role: Role, chosen: Ints) -> list[tuple[Layout, Ints]]:
        made, start = [], 0
        for layout in self.layouts[role]:
            stop = start + layout.table.n_rows
            made.append((layout, chosen[(chosen >= start) & (chosen < stop)] - start))
            start = stop
        return made

    def _taken_of(self, layout: Layout, rows: Ints, beside: Mapping[str, CellType]) -> list[_Taken]:
        """The rows of one table, batch by batch."""
        names = tuple(dict.fromkeys([*layout.inputs, *layout.beside]))
        made, start = [], 0
        for batch in layout.table.batches(names) if len(rows) else ():
            here = rows[(rows >= start) & (rows < start + batch.num_rows)]
            if len(here):
                made.append(self._taken_here(layout, batch.take(pa.array(here - start)), here + 1, beside))
            start += batch.num_rows
        return made

    def _taken_here(
        self, layout: Layout, batch: pa.RecordBatch, records: Ints, beside: Mapping[str, CellType]
    ) -> _Taken:
        inputs = [as_type(batch.column(name), of) for name, of in zip(layout.inputs, self.types, strict=True)]
        others = [
            as_type(batch.column(name), of) if name in layout.beside else pa.nulls(len(records), of.arrow)
            for name, of in beside.items()
        ]
        persons = unique_numbers(layout.table.label, records, self.key)
        if layout.person:
            named = as_text(batch.column(layout.person))
            is_named = np.array([bool(name and name.strip()) for name in named.to_pylist()], dtype=bool)
            persons = np.where(is_named, as_ints(cell_codes(named, _TEXT, self.key)), persons)
        return _Taken(
            label=layout.table.label,
            inputs=pa.table(inputs, names=list(layout.inputs)),
            beside=pa.table(others, names=list(beside)),
            records=records,
            persons=persons,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    """Some rows of one table; all have one length."""

    label: str
    inputs: pa.Table
    beside: pa.Table
    records: Ints
    persons: Ints


def class_indices(values: pa.Array, classes: Sequence[str]) -> Ints:
    """The class of each answer, -1 where it is none of them, or missing.

    Answers are compared as text, without the space around it; a whole number may be written with or without ".0", and
    true as True, true or 1. Where two classes would be one by that, only the exact text is taken.
    """
    text = as_text(values)
    coded = text.dictionary_encode()
    exact = {name: place for place, name in reversed(list(enumerate(classes)))}
    loose: dict[str, set[int]] = {}
    for place, name in enumerate(classes):
        loose.setdefault(_plain_answer(name), set()).add(place)
    also = {"True": ("true", "1"), "False": ("false", "0")} if pa.types.is_boolean(values.type) else {}

    def index(value: str) -> int:
        for spelt in (value, *also.get(value, ())):
            if spelt in exact:
                return exact[spelt]
            if len(found := loose.get(_plain_answer(spelt), set())) == 1:
                return next(iter(found))
        return -1

    by_value = np.array([*(index(value) for value in coded.dictionary.to_pylist()), -1], dtype=np.int64)
    places = coded.indices.fill_null(len(by_value) - 1).to_numpy(zero_copy_only=False)
    return by_value[np.asarray(places, dtype=np.int64)]


def _plain_answer(text: str) -> str:
    """The answer without space around it, and a whole number without its point."""
    text = text.strip()
    try:
        number = float(text)
    except ValueError:
        return text
    return str(int(number)) if number.is_integer() and "_" not in text else text


def _spelling(classifier: Classifier, table: Table, column: str) -> tuple[str, ...]:
    """What a column calls the classes: their names, or their numbers where all answers are these and none a name."""
    classes = classifier.classes
    if not isinstance(classifier, _Numbered) or len(classifier.aliases) != len(classes):
        return classes
    for batch in table.batches([column]):
        values = batch.column(0)
        if pa.types.is_boolean(values.type) or (class_indices(values, classes) >= 0).any():
            return classes
    return classifier.aliases if _holds_classes(classifier.aliases, table, column) else classes


def _holds_answers(classifier: Classifier, table: Table, column: str) -> bool:
    """Whether every answer in a column that is not missing is a class, by name or by number, and there are some."""
    return _holds_classes(_spelling(classifier, table, column), table, column)


def _holds_classes(classes: Sequence[str], table: Table, column: str) -> bool:
    """Whether every answer in a column that is not missing is one of the classes, and there are some."""
    n_known = 0
    for batch in table.batches([column]):
        values = batch.column(0)
        present = np.array([bool(text and text.strip()) for text in as_text(values).to_pylist()], dtype=bool)
        n_known += int(present.sum())
        if (class_indices(values, classes)[present] < 0).any():
            return False
    return n_known > 0


def _input_types(layouts: Mapping[Role, tuple[Layout, ...]]) -> tuple[CellType, ...]:
    """The type of each input, one for all files; what reads as a number in every file is a number."""
    every = [layout for of_role in layouts.values() for layout in of_role]
    made = []
    for place in range(len(every[0].inputs)):
        sources = [(layout.table, layout.inputs[place]) for layout in every]
        found = [kind for table, name in sources for kind in _types_of(table, name)]
        if nested := [name for table, name in sources if any(is_nested(kind) for kind in _types_of(table, name))]:
            not_measured(
                phrase("the column {name} holds lists, records or bytes, which no classifier takes as one value",
                       name=shown(nested[0])),
                phrase("spread it over columns of numbers or text, or name others: features, at its [[artefact]] in "
                       "weighbridge.toml"),
            )  # fmt: skip
        numbers = mixes_texts_with_numbers(found) and all(_all_numbers(table, name) for table, name in sources)
        made.append(one_type(found, texts_are_numbers=numbers))
    return tuple(made)


def _beside_types(layouts: Mapping[Role, tuple[Layout, ...]], role: Role) -> dict[str, CellType]:
    """The columns beside, in the files' order; those of one name in other roles have the same type."""
    wanted = dict.fromkeys(name for layout in layouts[role] for name in layout.beside)
    made = {}
    for name in wanted:
        found = [
            kind
            for of_role in layouts.values()
            for layout in of_role
            if name in layout.beside
            for kind in _types_of(layout.table, name)
        ]
        made[name] = one_type([pa.string() if is_nested(kind) else kind for kind in found])
    return made


def _types_of(table: Table, name: str) -> list[pa.DataType]:
    """The type of a column, as its first batch has it; none where there is no row."""
    return [batch.schema.field(0).type for batch in [next(iter(table.batches([name])), None)] if batch is not None]


def _all_numbers(table: Table, name: str) -> bool:
    return all(
        are_numbers(batch.column(0))
        for batch in table.batches([name])
        if not pa.types.is_boolean(batch.schema.field(0).type)
    )


def _leave_empty(role: Role, layout: Layout, classifier: Classifier, counts: tuple[int, int, int, int]) -> None:
    n_records, _, n_shared, n_unlabelled = counts
    if n_unlabelled == n_records and n_records:
        not_measured(
            phrase(
                "none of the {n} answers of role {role} in the column {name} is one of the model's {m} classes",
                n=n_records,
                role=role.value,
                name=shown(layout.target),
                m=len(classifier.classes),
            ),
            phrase(
                "name the column that the model is to predict, target, at the [[artefact]] of {label} in "
                "weighbridge.toml, and spell its answers as the model does: {classes}",
                label=layout.table.label,
                classes=shown(*classifier.classes),
            ),
        )
    not_measured(
        phrase(
            "of {n} rows of role {role} none is left: {shared} stand in another role as well, and {unlabelled} have no "
            "answer that the model knows",
            n=n_records,
            role=role.value,
            shared=n_shared,
            unlabelled=n_unlabelled,
        ),
        phrase('give other rows: [[artefact]] role = "{role}" in weighbridge.toml', role=role.value),
    )

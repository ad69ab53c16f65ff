"""The records that are tried: training data and others, by person, and the groups that they are cut into."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from weighbridge.core.candidate import Role
from weighbridge.core.wording import Phrase
from weighbridge.probekit.ports import Bench, Bools, Examples, Ints
from weighbridge.probes.membership_advantage import notes
from weighbridge.probes.membership_advantage.attacks import Pool
from weighbridge.probes.membership_advantage.quantities import LEAST, Slices

_MOST_VALUES = 20  # of a sensitive column that is cut by


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sample:
    """What was drawn of both kinds."""

    train: Examples
    held_out: Examples
    kept: Bools  # held-out records that are in: not those of persons with records in the training data
    pool: Pool  # all of `train`, then those

    @classmethod
    def drawn(cls, bench: Bench, rows: int) -> Sample:
        """Up to so many records of each kind."""
        train, held_out = (bench.examples(role, rows) for role in (Role.TRAIN_DATA, Role.HELD_OUT))
        for role, drawn in ((Role.TRAIN_DATA, train), (Role.HELD_OUT, held_out)):
            if drawn.n < LEAST:  # before anything is put together
                notes.too_few(role.value, drawn.n, "record")
        persons = _persons(train, held_out)
        kept = ~np.isin(persons[train.n :], persons[: train.n])
        every = np.concatenate([np.ones(train.n, dtype=bool), kept])
        pool = Pool(
            inputs=_together(train.inputs, held_out.inputs.filter(pa.array(kept))),
            targets=np.concatenate([train.targets, held_out.targets])[every],
            is_member=np.arange(int(every.sum())) < train.n,
            persons=np.unique(persons[every], return_inverse=True)[1].ravel().astype(np.int64),
        )
        made = cls(train=train, held_out=held_out, kept=kept, pool=pool)
        made.check()
        return made

    def check(self) -> None:
        """Leave where so few are left that nothing can be said, or none can stand out."""
        members = self.pool.member_persons
        for role, n in ((Role.TRAIN_DATA, int(members.sum())), (Role.HELD_OUT, int((~members).sum()))):
            if n < LEAST:
                notes.too_few(role.value, n, self.n_of)
        if len(np.unique(self.pool.targets)) < 2:
            notes.one_answer(self.pool.n)

    @property
    def n_of(self) -> str:
        """What is counted."""
        return "person" if self.pool.is_by_person else "record"

    @property
    def n_all(self) -> float:
        """How many there are in the training data: those drawn, and in proportion those that were not."""
        train = self.train
        usable = max(train.n, train.n_records - train.n_repeated - train.n_unlabelled)
        return float(self.pool.member_persons.sum()) * usable / train.n

    @property
    def n_in_both(self) -> int:
        """Held-out records left out, since their person is in the training data too."""
        return len(self.kept) - int(self.kept.sum())

    def ways(self) -> Iterator[Slices | Phrase]:
        """The ways in which all persons are cut into groups; for a column that gives none, why."""
        yield Slices(column="", codes=self._of_person(self.pool.targets))
        for name in dict.fromkeys((*self.train.declared.sensitive, *self.held_out.declared.sensitive)):
            ours, theirs = column(self.train, name), column(self.held_out, name)
            values = (
                None if ours is None or theirs is None else pa.concat_arrays([ours, theirs.filter(pa.array(self.kept))])
            )
            if values is None or not 2 <= len(values.unique()) <= _MOST_VALUES:
                yield notes.column_left_out(name)
            else:
                codes = values.dictionary_encode(null_encoding="encode").indices
                yield Slices(column=name, codes=self._of_person(np.asarray(codes, dtype=np.int64)))

    def _of_person(self, codes: Ints) -> Ints:
        """A person's group is that of their first record."""
        first = np.unique(self.pool.persons, return_index=True)[1]
        return np.asarray(codes[first], dtype=np.int64)


def _together(ours: pa.Table, theirs: pa.Table) -> pa.Table:
    """One below the other, column by column: two may have one name."""
    try:
        columns = [
            pa.concat_tables([pa.table({"c": one}), pa.table({"c": other})], promote_options="permissive")["c"]
            for one, other in zip(ours.columns, theirs.columns, strict=True)
        ]
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        notes.unlike()
    return pa.Table.from_arrays([c.combine_chunks() for c in columns], names=ours.column_names)


def _persons(train: Examples, held_out: Examples) -> Ints:
    """One number per person over both. Numbers go across roles where persons are named; else each row is its own."""
    both = (train, held_out)
    if any(examples.declared.person or len(np.unique(examples.persons)) < examples.n for examples in both):
        return np.concatenate([train.persons, held_out.persons])
    return np.arange(train.n + held_out.n)


def column(examples: Examples, name: str) -> pa.Array | None:
    """A column as text, from beside the inputs or among them; None where there is none of that name."""
    for table in (examples.beside, examples.inputs):
        if name and name in table.column_names:
            found = table[name]
            chunks = found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found
            plain = chunks.dictionary_decode() if pa.types.is_dictionary(chunks.type) else chunks
            return pc.cast(plain, pa.string())
    return None

"""Members beside non-members, as a table and as texts: what is compared, and how many stand on both sides."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from weighbridge.core.candidate import Role
from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.coding import coded_columns, coded_texts
from weighbridge.probekit.learner import cross_predicted, cross_predicted_texts
from weighbridge.probekit.ports import Bench, Bools, Examples, Floats, Ints
from weighbridge.probes.shift_gate.documents import Shared, sample, shared, survey
from weighbridge.probes.shift_gate.features import Feature, features_of_table, features_of_texts

# Nominal seconds: measured on one core with a table of 100 columns and with texts of 4000 characters, and doubled.
SECONDS_PER_ROW, SECONDS_PER_TEXT, _SECONDS_PER_BYTE = 2e-3, 1e-2, 2e-7
TABLE, TEXT = "table", "text"
_ROLES = (Role.TRAIN_DATA, Role.HELD_OUT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the settings ask for."""

    most: int  # records of each side
    least: int
    folds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Records of both sides, members first."""

    of: str
    n_of: str
    is_member: Bools
    groups: Ints | None  # equal numbers are one person; None where every record is one
    predict: Callable[[int], Floats]  # chance of being a member, out of fold, with this seed
    features: Callable[[], tuple[Feature, ...]]
    shared: Shared
    may_share_more: int  # held-out records that may be shared beyond those counted
    notes: tuple[Phrase, ...]

    @property
    def n_individuals(self) -> int:
        """How many different persons, or records where nobody is named."""
        return len(self.is_member) if self.groups is None else len(np.unique(self.groups))


def table_sides(bench: Bench, asked: Asked) -> Sides:
    """Rows as the classifier takes them, with their answers."""
    most = _affordable(bench, asked, SECONDS_PER_ROW, reading=0.0)
    bench.progress(0, 2 * most, "rows")
    members, others = (bench.examples(role, most) for role in _ROLES)
    is_member = np.repeat([True, False], [members.n, others.n])
    _check_enough(TABLE, members.n, others.n, asked.least)
    rows = _beside(members, others)
    persons = bool(members.declared.person or others.declared.person)
    groups = np.concatenate([members.persons, others.persons]) if persons else None
    told = [_left_out(role, examples) for role, examples in zip(_ROLES, (members, others), strict=True)]

    def predict(seed: int) -> Floats:
        return cross_predicted(
            rows, is_member.astype(np.int64), n_classes=2, groups=groups, folds=asked.folds, seed=seed
        )[:, 1]

    return Sides(
        of=TABLE, n_of="person" if persons else "record", is_member=is_member, groups=groups, predict=predict,
        features=lambda: features_of_table(coded_columns(rows), rows.num_rows),
        shared=Shared(exact=others.n_shared, alike=others.n_shared, n=others.n_records), may_share_more=0,
        notes=tuple(note for note in told if note),
    )  # fmt: skip


def text_sides(bench: Bench, asked: Asked) -> Sides:
    """Documents, each different one once, without planted canaries and without those that stand on both sides."""
    n_bytes = sum(a.size_bytes for a in bench.candidate.of_role(*_ROLES))
    most = _affordable(bench, asked, SECONDS_PER_TEXT, reading=n_bytes * _SECONDS_PER_BYTE)

    def tick() -> None:
        bench.progress(0, 2 * most, "documents")

    both = [bench.texts(role) for role in _ROLES]
    key = bench.generator("documents").bytes(32)
    members, others = (survey(texts, key, tick) for texts in both)
    drawn = [
        sample(texts, known, other.distinct, most, tick)
        for texts, known, other in zip(both, (members, others), (others, members), strict=True)
    ]
    _check_enough(TEXT, len(drawn[0]), len(drawn[1]), asked.least)
    texts = drawn[0] + drawn[1]
    is_member = np.repeat([True, False], [len(drawn[0]), len(drawn[1])])
    left_out = [
        phrase("{n} planted canaries were left out of the comparison", n=n)
        for n in [members.n_canaries + others.n_canaries]
        if n
    ]

    def predict(seed: int) -> Floats:
        return cross_predicted_texts(
            texts, is_member.astype(np.int64), n_classes=2, groups=None, folds=asked.folds, seed=seed
        )[:, 1]

    found = shared(members, others)
    unread = 0 if both[0].is_complete else found.n - found.exact
    if not both[1].is_complete:  # all that is known of files left out: a record takes a byte
        unread += sum(a.size_bytes for a in bench.candidate.of_role(Role.HELD_OUT))
    return Sides(
        of=TEXT, n_of="document", is_member=is_member, groups=None, predict=predict,
        features=lambda: features_of_texts(coded_texts(texts)), shared=found,
        may_share_more=unread,
        notes=(*(note for side in both for note in side.notes), *left_out),
    )  # fmt: skip


def _affordable(bench: Bench, asked: Asked, seconds_each: float, *, reading: float) -> int:
    """How many records of each side, fixed before the first is drawn."""
    each = 2 * seconds_each
    spare = bench.budget.affords(each) - math.ceil(reading / each)
    if spare < asked.least:
        not_measured(
            phrase(
                "in the {seconds:.0f} s allowed, {n} records of each side cannot be compared",
                seconds=bench.budget.seconds,
                n=asked.least,
            ),
            phrase(
                "allow more: weighbridge weigh --budget {seconds}",
                seconds=math.ceil(2 * (reading + each * asked.least)),
            ),
        )
    return min(asked.most, spare)


def _check_enough(of: str, n_members: int, n_others: int, least: int) -> None:
    if min(n_members, n_others) >= least:
        return
    role = Role.TRAIN_DATA if n_members < n_others else Role.HELD_OUT
    not_measured(
        phrase(
            "{of}: {n} different records of {role} are left to compare with the other side; {least} are the least",
            of=of,
            n=min(n_members, n_others),
            role=role.value,
            least=least,
        ),
        phrase(
            'add at least {n} more records that do not stand on both sides: [[artefact]] role = "{role}" in '
            "weighbridge.toml",
            n=least - min(n_members, n_others),
            role=role.value,
        ),
    )


def _beside(members: Examples, others: Examples) -> pa.Table:
    """Inputs and answers of both, one below the other; a column that has two types goes by its text."""
    sides = []
    for examples in (members, others):
        answers = pa.array(examples.targets).cast(pa.string())  # classes have no order
        sides.append(examples.inputs.append_column(members.declared.target or "answer", answers))
    names = members.inputs.column_names
    columns = [_joined(sides[0].column(place), sides[1].column(place)) for place in range(len(names) + 1)]
    return pa.Table.from_arrays(columns, names=sides[0].column_names)


def _joined(one: pa.ChunkedArray, other: pa.ChunkedArray) -> pa.Array:
    plain = [_plain(column.combine_chunks()) for column in (one, other)]
    try:
        return pa.concat_tables(
            [pa.table({"c": column}) for column in plain], promote_options="permissive"
        ).column(0).combine_chunks()  # fmt: skip
    except (pa.ArrowTypeError, pa.ArrowInvalid):
        return pa.concat_arrays([_text_of(column) for column in plain])


def _plain(column: pa.Array) -> pa.Array:
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def _text_of(column: pa.Array) -> pa.Array:
    try:
        return column.cast(pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return pa.array([None if value is None else str(value) for value in column.to_pylist()], pa.string())


def _left_out(role: Role, examples: Examples) -> Phrase | None:
    if not examples.n_repeated and not examples.n_unlabelled:
        return None
    return phrase(
        "{role}: of {n} rows {repeated} were left out since an equal one is in, and {unlabelled} since the model knows "
        "no such answer",
        role=role.value,
        n=examples.n_records,
        repeated=examples.n_repeated,
        unlabelled=examples.n_unlabelled,
    )

"""Members and others side by side, one row for each person, and the sensitive columns among what the model takes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Never

import numpy as np
import pyarrow as pa

from weighbridge.core.evidence import not_applicable, not_measured
from weighbridge.core.wording import phrase
from weighbridge.probekit.ports import Bench, Examples, Ints
from weighbridge.probes.attribute_inference.attack import Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The declared sensitive columns, by what they are to the model."""

    taken: tuple[tuple[str, str], ...]  # inputs: as declared, and as the model calls them
    beside: tuple[str, ...]  # in the file, and no input
    answers: tuple[str, ...]  # what the model predicts
    unknown: tuple[str, ...]  # in no file


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drawn:
    """The rows that are attacked."""

    rows: Rows
    labels: tuple[str, ...]  # shape (n,)
    records: Ints  # shape (n,)
    n_of_same: tuple[int, int]  # members and others left out because another row of the same person is in
    n_on_both_sides: int  # held-out rows left out because their person is in the training data
    is_all: bool  # nothing was left to be drawn
    n_of: str


def sort_out(train: Examples, held_out: Examples) -> Columns:
    """The sensitive columns; leaves where none is declared, or none is an input."""
    sides = [(side, name) for side in (train, held_out) for name in dict.fromkeys(side.declared.sensitive)]
    label = train.labels[0] if train.labels else ""
    if not sides:
        not_measured(
            phrase("nobody said which columns would hurt if known"),
            phrase('say it in weighbridge.toml, at the artefact {label}: sensitive = ["COLUMN"]', label=label),
        )
    taken: dict[str, str] = {}
    aside: dict[str, list[str]] = {"beside": [], "answers": [], "unknown": []}
    for side, name in sides:
        column = input_of(side, name)
        if column:
            taken.setdefault(column, name)
            continue
        if name == side.declared.target:
            kind = "answers"
        else:
            kind = "beside" if name in side.beside.column_names else "unknown"
        aside[kind] += [name] if name not in aside[kind] else []
    found = Columns(
        taken=tuple((name, column) for column, name in taken.items()), beside=tuple(aside["beside"]),
        answers=tuple(aside["answers"]), unknown=tuple(aside["unknown"]),
    )  # fmt: skip
    if not found.taken:
        _none_taken(found, label)
    return found


def input_of(side: Examples, name: str) -> str:
    """The input that a column of the file is; empty where it is none."""
    inputs, features = side.inputs.column_names, side.declared.features
    if len(features) == len(inputs):  # the file may call them otherwise than the model does
        return str(inputs[features.index(name)]) if name in features else ""
    return name if name in inputs else ""


def _none_taken(found: Columns, label: str) -> Never:
    if not found.beside and not found.answers:
        not_measured(
            phrase("{label} has no column named {names}", label=label, names=", ".join(found.unknown)),
            phrase("mend it in weighbridge.toml, at the artefact {label}: sensitive = [...]", label=label),
        )
    not_applicable(
        phrase(
            "the model takes none of the sensitive columns ({names})", names=", ".join((*found.beside, *found.answers))
        )
    )


def draw(bench: Bench, train: Examples, held_out: Examples, n: int) -> Drawn:
    """Up to `n` members and `n` others; of several rows of a person one by lot, as they would not be independent."""
    held_out, n_on_both_sides = _others(train, held_out)
    kept = [_kept(bench, side, n, name) for side, name in ((train, "members"), (held_out, "others"))]
    for side, chosen in zip((train, held_out), kept, strict=True):
        if not len(chosen):
            not_measured(
                phrase("no row of {role} is left", role="train-data" if side is train else "held-out"),
                phrase("name rows that the model was trained on as train-data, and others as held-out"),
            )
    sides = list(zip((train, held_out), kept, strict=True))
    rows = Rows(
        inputs=_joined([side.inputs.take(pa.array(chosen)) for side, chosen in sides]),
        targets=np.concatenate([side.targets[chosen] for side, chosen in sides]),
        is_member=np.repeat([True, False], [len(chosen) for chosen in kept]),
        n_classes=len(bench.classifier().classes),
    )
    n_of_same = [side.n - len(np.unique(side.persons)) for side, _ in sides]
    return Drawn(
        rows=rows,
        labels=tuple(side.labels[row] for side, chosen in sides for row in chosen.tolist()),
        records=np.concatenate([side.records[chosen] for side, chosen in sides]),
        n_of_same=(n_of_same[0], n_of_same[1]),
        n_on_both_sides=n_on_both_sides,
        is_all=not n_on_both_sides and all(len(chosen) + _aside(side) == side.n_records for side, chosen in sides),
        n_of="person" if train.declared.person else "record",
    )


def _others(train: Examples, held_out: Examples) -> tuple[Examples, int]:
    """The held-out rows of people who are not in the training data; what it gave away of them is no chance."""
    if not (train.declared.person or held_out.declared.person):
        return held_out, 0
    is_other = ~np.isin(held_out.persons, train.persons)
    chosen = np.flatnonzero(is_other)
    rows = pa.array(chosen)
    kept = replace(
        held_out, inputs=held_out.inputs.take(rows), beside=held_out.beside.take(rows),
        targets=held_out.targets[chosen], labels=tuple(held_out.labels[row] for row in chosen.tolist()),
        records=held_out.records[chosen], persons=held_out.persons[chosen],
    )  # fmt: skip
    return kept, int((~is_other).sum())


def _kept(bench: Bench, side: Examples, n: int, name: str) -> Ints:
    """Which rows stay: the first of each person in a random order, as many as may be, in the file's order."""
    order = bench.generator(name).permutation(side.n)
    _, first = np.unique(side.persons[order], return_index=True)
    return np.sort(order[np.sort(first)[:n]]).astype(np.int64)


def _aside(side: Examples) -> int:
    """Rows that were left out because they say nothing new."""
    return side.n_repeated + side.n_shared + side.n_unlabelled


def _joined(tables: list[pa.Table]) -> pa.Table:
    try:
        return pa.concat_tables(tables, promote_options="permissive")
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        differing = [
            name
            for name, one, other in zip(tables[0].column_names, *(table.schema.types for table in tables), strict=True)
            if one != other
        ]
        not_measured(
            phrase(
                "train-data and held-out hold different kinds of values in: {names}", names=", ".join(differing[:5])
            ),
            phrase("write both files in one way: the same column a number in both, or a text in both"),
        )

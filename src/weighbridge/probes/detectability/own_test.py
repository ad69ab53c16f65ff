"""Scores of a test of the owner's own, for whatever a machine can make: text, pictures, sound."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from weighbridge.core.candidate import Declared, Role
from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import phrase
from weighbridge.probekit.labelled import Strings
from weighbridge.probekit.languages import Languages
from weighbridge.probekit.ports import Bench, Bools, Floats, Ints, Table
from weighbridge.probes.detectability.material import known_arm, stratum_of
from weighbridge.probes.detectability.tongues import spelt_alike

ROLES = (Role.OUTPUTS, Role.SAMPLES, Role.DETECTOR)
FOLDS = 5
_MADE = frozenset({"machine", "ai", "model", "generated", "synthetic", "true", "yes", "1", "1.0"})
_HUMAN = frozenset({"human", "person", "people", "real", "false", "no", "0", "0.0"})
_LABELS = ("source", "language", "domain", "group", "decoding", "arm")
_LONGEST_LABEL = 200


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rows:
    """Rows of score files, all arrays of one length."""

    scores: Floats
    is_machine: Bools
    groups: Ints
    labels: dict[str, Strings]
    n_left_out: int  # made by nobody knows whom, or of an unknown arm
    n_unscored: int = 0  # without a number as score: not flagged, whoever made them

    def at(self, rows: Ints | Bools) -> Rows:
        """Some of them."""
        return Rows(
            scores=self.scores[rows], is_machine=self.is_machine[rows], groups=self.groups[rows],
            labels={name: column[rows] for name, column in self.labels.items()}, n_left_out=self.n_left_out,
            n_unscored=self.n_unscored,
        )  # fmt: skip


def tables(bench: Bench) -> tuple[Table, ...]:
    """The files of scores that are declared."""
    return tuple(table for role in ROLES for table in bench.tables(role) if table.declared.score_field)


def read(found: tuple[Table, ...]) -> Rows:
    """All rows of these files.

    Raises
    ------
    Silent
        Where a file does not say who made a row.
    """
    parts = [_of(table) for table in found]
    names = np.concatenate([part.labels["source"] for part in parts])
    return Rows(
        scores=np.concatenate([part.scores for part in parts]),
        is_machine=np.concatenate([part.is_machine for part in parts]),
        groups=_groups(names),
        labels={name: np.concatenate([part.labels[name] for part in parts]) for name in _LABELS},
        n_left_out=sum(part.n_left_out for part in parts),
        n_unscored=sum(part.n_unscored for part in parts),
    )


def compared(
    rows: Rows, least: int, languages: Languages | None, rng: np.random.Generator
) -> tuple[Rows, list[tuple[str, int, int]]]:
    """Rows of languages and domains that both sides have, as many people's for each of the model's in each; and others.

    Else one side's language or subject would be told, not who made it. Rows of a changed arm stay where raw ones do.
    """
    rows = _agreed(replace(rows, labels={**rows.labels, "language": spelt_alike(rows.labels["language"], languages)}))
    strata, is_raw = strata_of(rows), rows.labels["arm"] == "raw"
    names = sorted(set(strata[~rows.is_machine | is_raw].tolist()))
    if len(names) < 2:
        return rows, []
    sides = {name: [np.flatnonzero((strata == name) & side) for side in (~rows.is_machine, rows.is_machine & is_raw)]
             for name in names}  # fmt: skip
    enough = [name for name in names if min(map(len, sides[name])) >= least]
    kept = [
        rng.permutation(side)[: min(map(len, sides[name]))] if len(enough) > 1 else side
        for name in enough for side in sides[name]
    ]  # fmt: skip
    changed = np.flatnonzero(rows.is_machine & ~is_raw & np.isin(strata.astype(str), np.asarray(enough, dtype=str)))
    chosen = np.sort(np.concatenate([*kept, changed]))
    return rows.at(chosen), [(n, len(sides[n][0]), len(sides[n][1])) for n in names if n not in enough]


def strata_of(rows: Rows) -> Strings:
    """What has a threshold of its own: a language and a domain."""
    pairs = zip(rows.labels["language"].tolist(), rows.labels["domain"].tolist(), strict=True)
    return np.asarray([stratum_of(*pair) for pair in pairs], dtype=object)


def _agreed(rows: Rows) -> Rows:
    """Where one side says nothing of its language or domain: what the other says, if it is one thing, else nothing."""
    labels = dict(rows.labels)
    for name in ("language", "domain"):
        said = [set(labels[name][side].tolist()) - {""} for side in (rows.is_machine, ~rows.is_machine)]
        if bool(said[0]) != bool(said[1]):
            both = said[0] | said[1]
            labels[name] = np.full(len(rows.scores), next(iter(both)) if len(both) == 1 else "", dtype=object)
    return replace(rows, labels=labels)


def folds(rows: Rows, rng: np.random.Generator) -> Ints:
    """Parts of the rows, such that no source lies in two: a threshold is set on the others of a row's part."""
    groups = np.unique(rows.groups)
    part = np.empty(len(groups), dtype=np.int64)
    part[rng.permutation(len(groups))] = np.arange(len(groups)) % FOLDS
    return np.asarray(part[np.searchsorted(groups, rows.groups)], dtype=np.int64)


def _of(table: Table) -> Rows:
    declared = table.declared
    if not declared.machine_field:
        not_measured(
            phrase("{label} holds scores, and not which rows a machine made", label=table.label),
            phrase('add to its [[artefact]] in weighbridge.toml: machine_field = "COLUMN"'),
        )
    columns = dict(_columns(declared))
    wanted = tuple(dict.fromkeys(columns.values()))
    whole = pa.Table.from_batches(list(table.batches(wanted)))
    scores = _numbers(whole.column(declared.score_field))
    made = _made(whole.column(declared.machine_field))
    known, unscored = made >= 0, np.isnan(scores)
    scores = np.where(unscored, -np.inf, scores)  # who abstains flags nothing
    arm = np.asarray([known_arm(str(a)) for a in _label(whole, columns, "arm", declared.arm)], dtype=object)
    labels = {
        "arm": arm,
        "language": _label(whole, columns, "language", declared.language),
        **{name: _label(whole, columns, name, "") for name in ("source", "domain", "group", "decoding")},
    }
    labels["source"] = _sources(labels["source"], table, set(columns.values()))
    kept = known & (arm != "")
    return Rows(
        scores=scores[kept], is_machine=made[kept] == 1, groups=np.arange(int(kept.sum())),
        labels={name: column[kept] for name, column in labels.items()}, n_left_out=int((~kept).sum()),
        n_unscored=int((kept & unscored).sum()),
    )  # fmt: skip


def _sources(named: Strings, table: Table, declared: set[str]) -> Strings:
    """Sources as named; where none is, equal rows of a file that has more columns than these, such as an id, are one.

    In a file of scores alone equal rows may be of different things.
    """
    every = tuple(column.name for column in table.columns)
    if (named != "").any() or set(every) <= declared:
        return named
    whole = pa.Table.from_batches(list(table.batches(every)))
    cells = zip(*(whole.column(name).to_pylist() for name in every), strict=True)
    return np.asarray([f"\0{table.label}\0{row!r}" for row in cells], dtype=object)


def _columns(declared: Declared) -> Iterator[tuple[str, str]]:
    yield "score", declared.score_field
    yield "machine", declared.machine_field
    for name in _LABELS:
        column = getattr(declared, f"{name}_field")
        if column:
            yield name, column


def _numbers(values: pa.ChunkedArray) -> Floats:
    """Numbers; whatever is none is NaN."""
    if pa.types.is_dictionary(values.type):
        values = pc.cast(values, pa.string())
    if pa.types.is_string(values.type) or pa.types.is_boolean(values.type):
        return np.asarray([_number(value) for value in values.to_pylist()], dtype=np.float64)
    return np.asarray(pc.fill_null(pc.cast(values, pa.float64()), np.nan).to_numpy(), dtype=np.float64)


def _number(value: object) -> float:
    try:
        return float(str(value))
    except ValueError:
        return float("nan")


def _made(values: pa.ChunkedArray) -> Ints:
    """1 where a machine made it, 0 where a person did, -1 where nobody knows."""
    words = pc.utf8_lower(pc.utf8_trim_whitespace(pc.cast(values, pa.string()))).to_pylist()
    return np.asarray([1 if word in _MADE else 0 if word in _HUMAN else -1 for word in words], dtype=np.int64)


def _label(whole: pa.Table, columns: dict[str, str], name: str, otherwise: str) -> Strings:
    if name not in columns:
        return np.full(whole.num_rows, otherwise, dtype=object)
    text = pc.utf8_trim_whitespace(pc.fill_null(pc.cast(whole.column(columns[name]), pa.string()), ""))
    found = np.asarray(pc.utf8_slice_codeunits(text, 0, _LONGEST_LABEL).to_pylist(), dtype=object)
    return np.where(found == "", otherwise, found).astype(object)


def _groups(names: Strings) -> Ints:
    """Equal numbers for one source; a row that names none stands alone."""
    own = [name or f"\0{place}" for place, name in enumerate(names.tolist())]
    return np.unique(np.asarray(own, dtype=str), return_inverse=True)[1].astype(np.int64).ravel()

"""Tables of a case, drawn from its lines or taken from scikit-learn's data; the same bytes on every machine."""

from __future__ import annotations

import csv
import io
import json
import random
from pathlib import Path

from weighbridge.core.candidate import Scalar
from weighbridge.core.errors import Unusable
from weighbridge.core.material import SLOT, Collection, Column, Rows, Table
from weighbridge.core.wording import _

Row = dict[str, Scalar]


def write_table(table: Table, folder: Path, seed: int) -> None:
    """Draw a table and write it where it lies in the candidate."""
    made = _collected(table, table.collection) if table.collection else _drawn(table, seed)
    columns = table.columns or tuple(made[0])
    text = _as_csv(columns, made) if table.path.endswith(".csv") else _as_lines(columns, made)
    path = folder / table.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _drawn(table: Table, seed: int) -> list[Row]:
    chance = random.Random(f"{seed}/{table.path}")  # noqa: S311  nothing hangs on it that anybody could gain by
    words = dict(table.words)
    made: list[Row] = []
    for rows in table.rows:
        made += [_row(rows, words, chance, len(made) + n + 1) for n in range(rows.n)]
    chance.shuffle(made)
    return made


def _row(rows: Rows, words: dict[str, tuple[str, ...]], chance: random.Random, number: int) -> Row:
    row: Row = {}
    for column in rows.column:
        row[column.name] = _cell(column, row, words, chance, number)
    return row


def _cell(column: Column, row: Row, words: dict[str, tuple[str, ...]], chance: random.Random, number: int) -> Scalar:
    if column.of:
        return chance.choices(column.of, column.weights or None)[0]
    if column.text:
        return SLOT.sub(
            lambda found: str(row[found[1]]) if found[1] in row else chance.choice(words[found[1]]), column.text
        )
    if column.numbers:
        return f"{column.numbers}{number}"
    if column.near is not None:
        drawn = chance.gauss(column.near, column.spread)
    else:
        low, high = column.between
        drawn = chance.randint(int(low), int(high)) if column.digits == 0 else chance.uniform(low, high)
    return round(drawn, column.digits) if column.digits else round(drawn)


def _collected(table: Table, collection: Collection) -> list[Row]:
    """The rows of a collection; each half holds every other row, so that both hold all kinds."""
    try:
        from sklearn import datasets
    except ImportError:
        raise needs_tabular(table.path) from None
    found = {Collection.IRIS: datasets.load_iris, Collection.DIGITS: datasets.load_digits}[collection]()
    names = [str(name).replace(" (cm)", "").replace(" ", "_") for name in found.feature_names]
    made: list[Row] = [
        {**dict(zip(names, map(float, row), strict=True)), "target": str(found.target_names[answer])}
        for row, answer in zip(found.data, found.target, strict=True)
    ]
    return made[table.part - 1 :: 2] if table.part else made


def read_column(path: Path, name: str, *, made: str) -> list[str]:
    """One column of a table that was written, as text.

    Raises
    ------
    Unusable
        Where a row of it has no such column.
    """
    text = path.read_text(encoding="utf-8")
    rows: list[Row] = (
        list(csv.DictReader(text.splitlines()))
        if path.suffix == ".csv"
        else [json.loads(line) for line in text.splitlines()]
    )
    if any(name not in row for row in rows):
        raise Unusable(
            _("cannot make {path} for the case").format(path=made),
            _("{table} has no column {name}").format(table=path.name, name=name),
            _("mend the column that is named, or draw it in [[table.rows]]"),
        )
    return [str(row[name]) for row in rows]


def needs_tabular(path: str) -> Unusable:
    """The fault where scikit-learn is missing."""
    return Unusable(
        _("cannot make {path} for the case").format(path=path), _("it takes scikit-learn and skops"),
        "pip install 'weighbridge[tabular]'",
    )  # fmt: skip


def _as_csv(columns: tuple[str, ...], rows: list[Row]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([row.get(name, "") for name in columns] for row in rows)
    return out.getvalue()


def _as_lines(columns: tuple[str, ...], rows: list[Row]) -> str:
    told = ({name: row[name] for name in columns if name in row} for row in rows)
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in told)

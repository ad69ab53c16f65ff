"""A table that is counted where it lies: it answers what aggregates can answer, and gives no row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Never, TypeVar

import numpy as np
import pyarrow as pa

from weighbridge.adapters.tables.layout import MAX_COLUMNS
from weighbridge.adapters.tables.naming import personal
from weighbridge.adapters.warehouses import faults, pushdown
from weighbridge.adapters.warehouses.address import Address
from weighbridge.adapters.warehouses.connection import Connection
from weighbridge.core.candidate import Declared
from weighbridge.core.canon import Digest, digest_of
from weighbridge.core.errors import Unusable, nearest_hint
from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import _, phrase
from weighbridge.probekit.folds import Fold
from weighbridge.probekit.ports import BudgetSpent, ClassSizes, Column, Floats

# No file's digest begins so: what is written here of a table can never be taken for that of bytes. See decision 0039.
OF_A_TABLE = "table:"
R = TypeVar("R")
_AT_ONCE = 32  # columns that one statement profiles: each is sorted by the server; ours


def open_warehouse_table(address: Address, *, declared: Declared, seconds: float, spill: Path) -> WarehouseTable:
    """The table at an address, its digest taken.

    Raises
    ------
    Unusable
        Where there is no such table, it is empty, or a declared column is not there.
    Outside
        Where nobody answers, somebody refuses, or counting the rows takes longer than a statement may.
    """
    connection = Connection(address, seconds=seconds, spill=spill)
    try:
        return WarehouseTable(connection, declared=declared)
    except BaseException:
        connection.close()
        raise


class WarehouseTable:
    """A table of which no row leaves: every statement has aggregates alone in what it gives back."""

    rows_stay = True

    def __init__(self, connection: Connection, *, declared: Declared) -> None:
        self._connection = connection
        self.address = connection.address
        self.label = connection.address.label
        self.declared = declared
        self._table = connection.table()
        self._individuals: dict[str, int] = {}
        self._names: tuple[str, ...] = tuple(self._table.columns)
        self._check_names()
        self.n_rows = self._timely(self._count)
        if not self.n_rows:
            raise faults.no_rows(self.address, len(self._names))
        self.digest = self._timely(self._digest)
        self._seen = connection.n_asked

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def check_unchanged(self) -> None:
        """Raise Unusable if it is not the table that was opened; asked only after something was counted."""
        if self._connection.n_asked == self._seen:
            return
        now = self._timely(self._digest)
        self._seen = self._connection.n_asked
        if now != self.digest:
            raise Unusable(
                _("{label} was changed while it was weighed").format(label=self.label),
                _("what was measured so far belongs to other rows than those that lie there now"),
                _("weigh a table that nobody writes to, such as a copy or a materialised view"),
            )

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns, in the table's order; counts are exact, over all rows, and missing is not a value among them."""
        return self._profiled

    def sample(self, column: str, n: int, seed: int) -> pa.Array:  # noqa: ARG002  the port's
        """Leaves through `Silent`: values are rows."""
        return self._keep_rows()

    def batches(self, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:  # noqa: ARG002  the port's
        """Leaves through `Silent`: rows stay where they lie."""
        return self._keep_rows()

    def fold(self, fold: Fold, tick: Callable[[int, int], None] | None = None) -> bytes:  # noqa: ARG002  the port's
        """Leaves through `Silent`: a fold reads rows."""
        return self._keep_rows()

    def n_individuals(self, person: str) -> int:
        """How many different values the person column has; a missing one counts each time as a person of its own."""
        if person not in self._individuals:
            found = self._one(pushdown.individuals(self._table, self._known(person)))
            self._individuals[person] = int(found["n"])
        return self._individuals[person]

    def class_sizes(
        self, columns: Sequence[str], *, person: str = "", steps: Mapping[str, float] | None = None
    ) -> ClassSizes:
        """Exact sizes of the classes that these columns make; see the port."""
        named = [self._known(name) for name in columns]
        if person and self.n_individuals(person) != self.n_rows:
            asked = pushdown.sizes_of_persons(self._table, named, self._known(person), steps or {})
        else:
            asked = pushdown.sizes_of_rows(self._table, named, steps or {})
        found = self._connection.ask(asked)
        sizes, individuals = ([int(row[key]) for row in found] for key in ("size", "individuals"))
        return ClassSizes(sizes=np.array(sizes, np.int64), individuals=np.array(individuals, np.int64))

    def quantiles(self, column: str, shares: Sequence[float], seed: int) -> Floats:  # noqa: ARG002  the port's
        """Quantiles of the finite values of a number column, over all of them; empty where it has none."""
        found = self._one(pushdown.quantiles(self._table, self._known(column), shares))
        values = [found[f"q{n}"] for n in range(len(shares))]
        return np.array([] if None in values else values, np.float64)

    def is_counter(self, column: str) -> bool:
        """Whether the values of a number column are 0, 1, 2, ... or 1, 2, 3, ... without a gap."""
        return bool(self._one(pushdown.counts_up(self._table, self._known(column)))["is_so"])

    @cached_property
    def _profiled(self) -> tuple[Column, ...]:
        made: list[Column] = []
        for at in range(0, len(self._names), _AT_ONCE):
            some = self._names[at : at + _AT_ONCE]
            told = self._one(pushdown.profiles(self._table, some))
            made += [self._column(name, place, told) for place, name in enumerate(some)]
        return tuple(made)

    def _column(self, name: str, place: int, told: Mapping[str, Any]) -> Column:
        column = self._table[name]
        whole = told.get(f"w{place}", pushdown.is_whole(column.type()))
        return Column(
            name=name, type=pushdown.kind_of(column), is_whole=bool(whole), n_distinct=int(told[f"d{place}"]),
            n_missing=self.n_rows - int(told[f"k{place}"]),
        )  # fmt: skip

    def _timely(self, act: Callable[[], R]) -> R:
        try:
            return act()
        except BudgetSpent:
            raise faults.too_slow(self.address, self._connection.seconds) from None

    def _count(self) -> int:
        return int(self._one(pushdown.n_rows(self._table))["n"])

    def _digest(self) -> Digest:
        """Over names, types, the number of rows, and a checksum that the engine makes over all of them."""
        types = [[name, str(self._table[name].type())] for name in self._names]
        summed = str(self._one(pushdown.checksum(self._table, self.address.engine))["sum"])
        return Digest(OF_A_TABLE + digest_of([self.address.engine, types, self._count(), summed]))

    def _one(self, asked: Any) -> dict[str, Any]:
        (row,) = self._connection.ask(asked)
        return row

    def _keep_rows(self) -> Never:
        keep_rows(self.label)

    def _known(self, name: str) -> str:
        if name not in self._names:
            raise Unusable(
                _("cannot use the columns declared for {label}").format(label=self.label),
                _("{name!r} is no column of it; {hint}").format(name=name, hint=nearest_hint(name, self._names)),
                _("mend the name in --declare"),
            )
        return name

    def _check_names(self) -> None:
        place, n = personal(self._names), len(self._names)
        if not 0 < n <= MAX_COLUMNS or place:
            raise Unusable(
                _("cannot weigh {address}").format(address=self.address.told),
                _("the name of column {n} has the shape of an address or of a long number").format(n=place)
                if place
                else _("it has {n} columns; 1 to {limit} are read").format(n=n, limit=MAX_COLUMNS),
                _("name a view that has the columns you mean"),
            )
        for name in filter(None, (self.declared.person, *self.declared.quasi_identifiers, *self.declared.sensitive)):
            self._known(name)


def keep_rows(label: str) -> Never:
    """Leave a probe that needs rows."""
    not_measured(
        phrase("the rows of {label} stay in the database, and this needs rows", label=label),
        phrase("export them, or a sample of them, and weigh that: weighbridge weigh EXPORT.parquet"),
    )

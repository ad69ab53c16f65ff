"""Two versions of one table, and the people by whom they differ."""

from __future__ import annotations

from dataclasses import dataclass

from weighbridge.probekit.ports import ColumnType, Table
from weighbridge.probes.linkage.pairs import MOST_COLUMNS
from weighbridge.probes.linkage.people import Meeting, People, meet, read_people
from weighbridge.probes.linkage.search import Side, Tick

_SAME_COLUMNS = 0.8  # share of names that both have; ours
_SAME_ROWS = 0.5  # share of the smaller table's rows that the other has too; ours
_OWN = 0.9  # different values per row of a column that tells rows apart; ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """People by whom the newer differs from the older; reckoned where only one in 2^level was kept."""

    added: int
    removed: int
    changed: int
    of: int
    is_exact: bool


def change(newer: Side, older: Side, key: bytes, tick: Tick, *, cap: int) -> Change | None:
    """How two tables differ; None where they are no versions of one."""
    names = _common(newer.table, older.table)
    if not names:
        return None
    whole = _compared(newer, older, names, names, key, tick, cap=cap)
    rows_both = whole.met.once / whole.met.kept
    if rows_both < _SAME_ROWS * min(newer.n, older.n):
        return None
    by = _telling(newer, older, names)
    found = _compared(newer, older, by, names, key, tick, cap=cap) if by else whole
    kept = found.met.kept
    return Change(
        added=round(found.left_only / kept), removed=round(found.right_only / kept),
        changed=round((found.met.once - found.same) / kept), of=max(newer.n, older.n), is_exact=kept == 1,
    )  # fmt: skip


def _common(newer: Table, older: Table) -> tuple[str, ...]:
    ours, theirs = [c.name for c in newer.columns], {c.name for c in older.columns}
    both = tuple(name for name in ours if name in theirs)
    enough = len(both) >= 2 and len(both) >= _SAME_COLUMNS * min(len(ours), len(theirs))
    return both if enough and len(both) <= MOST_COLUMNS else ()


def _telling(newer: Side, older: Side, names: tuple[str, ...]) -> tuple[str, ...]:
    """A column that tells rows apart in both, such as a number: by it who is said to have changed is known again."""
    ours, theirs = ({c.name: c for c in s.table.columns} for s in (newer, older))
    own = {n: min(ours[n].n_distinct / max(1, newer.n), theirs[n].n_distinct / max(1, older.n)) for n in names}
    good = [n for n in names if own[n] >= _OWN and (ours[n].is_whole or ours[n].type is ColumnType.TEXT)]
    return (max(good, key=lambda n: own[n]),) if good else ()


def _compared(  # noqa: PLR0913  two tables, what they are compared by, and how much is kept
    newer: Side, older: Side, by: tuple[str, ...], content: tuple[str, ...], key: bytes, tick: Tick, *, cap: int
) -> Meeting:
    drawn = []
    for one in (newer, older):
        fold = People(keys=by, combinations=(tuple(range(len(by))),), key=key, cap=cap, content=content, missing=True)
        drawn.append(read_people(one.table.fold(fold, tick))[0])
    return meet(drawn[0], drawn[1], n_left=newer.n, n_right=older.n)

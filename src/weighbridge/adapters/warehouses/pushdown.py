"""What is asked of a table where it lies, as Ibis expressions: every result is counts, sums or quantiles.

Values are told apart as they are in a table from a file: NaN is missing, and what has no order of its own (JSON, lists,
bytes) is told apart by its text.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

from weighbridge.probekit.ports import ColumnType

_HUGE = "decimal(38, 0)"  # a sum of 64-bit numbers over any table fits
_MISSING = "\x01missing"
_IN_A_CHAIN = 32  # columns whose hashes are nested into each other; ours


def kind_of(column: Any) -> ColumnType:
    """What a column holds."""
    kind = column.type()
    if kind.is_boolean():
        return ColumnType.BOOLEAN
    if kind.is_numeric():
        return ColumnType.NUMBER
    if kind.is_date() or kind.is_timestamp():
        return ColumnType.DATE
    return (
        ColumnType.TEXT
        if kind.is_string() or kind.is_uuid() or kind.is_inet() or kind.is_macaddr()
        else ColumnType.OTHER
    )


def told_apart(column: Any) -> Any:
    """The expression by which a column's values are told apart."""
    kind = column.type()
    if kind.is_floating():
        return column.isnan().ifelse(_nothing(kind), column)
    if kind.is_decimal():  # PostgreSQL's own can be NaN
        return (column.cast("string") == "NaN").ifelse(_nothing(kind), column)
    is_plain = kind.is_numeric() or kind.is_boolean() or kind.is_date() or kind.is_timestamp() or kind.is_string()
    return column if is_plain else column.cast("string")


def n_rows(table: Any) -> Any:
    """How many rows there are."""
    return table.aggregate(n=table.count())


def profiles(table: Any, names: Sequence[str]) -> Any:
    """For the n-th column: d<n> distinct values, k<n> known ones, and w<n> whether all numbers are whole."""
    wanted: dict[str, Any] = {}
    for place, name in enumerate(names):
        values = told_apart(table[name])
        wanted[f"d{place}"], wanted[f"k{place}"] = values.nunique(), values.count()
        if (whole := _whole(values)) is not None:
            wanted[f"w{place}"] = whole
    return table.aggregate(**wanted)


def individuals(table: Any, person: str) -> Any:
    """How many persons there are; a missing one counts each time."""
    who = told_apart(table[person])
    return table.aggregate(n=who.nunique() + table.count() - who.count())


def sizes_of_rows(table: Any, columns: Sequence[str], steps: Mapping[str, float]) -> Any:
    """How many rows lie in classes of each size: `size`, `individuals`."""
    classes = _classes(table, columns, steps, {})
    return classes.group_by("size").aggregate(individuals=classes["size"].sum()).order_by("size")


def sizes_of_persons(table: Any, columns: Sequence[str], person: str, steps: Mapping[str, float]) -> Any:
    """How many persons have a class of each size as their smallest; classes count different persons."""
    import ibis

    keys = {f"k{n}": _stepped(table[name], steps.get(name)) for n, name in enumerate(columns)}
    pairs = table.select(**keys, who=told_apart(table[person]))
    pairs = pairs.group_by([*keys, "who"]).aggregate(n=pairs.count())
    pairs = pairs.mutate(weight=pairs["who"].isnull().ifelse(pairs["n"], 1))  # without a person, each row is one
    over = ibis.window(group_by=[*keys]) if keys else ibis.window()
    pairs = pairs.mutate(size=pairs["weight"].sum().over(over))
    named = pairs.filter(pairs["who"].notnull())
    smallest = named.group_by("who").aggregate(size=named["size"].min())
    told = smallest.group_by("size").aggregate(individuals=smallest.count())
    strays = pairs.filter(pairs["who"].isnull())
    astray = strays.group_by("size").aggregate(individuals=strays["n"].sum())
    both = told.cast({"size": "int64", "individuals": "int64"}).union(
        astray.cast({"size": "int64", "individuals": "int64"}), distinct=False
    )
    return both.group_by("size").aggregate(individuals=both["individuals"].sum()).order_by("size")


def quantiles(table: Any, column: str, shares: Sequence[float]) -> Any:
    """The n-th share's quantile of a number column as q<n>; infinities are left out."""
    number = told_apart(table[column]).cast("float64")
    finite = table.select(x=number).filter(lambda t: t["x"].notnull() & ~t["x"].isinf())
    return finite.aggregate(**{f"q{n}": finite["x"].quantile(share) for n, share in enumerate(shares)})


def counts_up(table: Any, column: str) -> Any:
    """Whether the numbers are 0, 1, 2, ... or 1, 2, 3, ... without a gap."""
    number = told_apart(table[column]).cast("float64")
    low, high = number.min(), number.max()
    is_so = low.isin([0.0, 1.0]) & (high - low + 1.0 == number.nunique())
    return table.aggregate(is_so=is_so.fill_null(False))


def checksum(table: Any, engine: str) -> Any:
    """A sum over the hashes of all rows, as text: the same whatever their order."""
    chain, columns = _chain(engine), table.columns
    blocks = [columns[at : at + _IN_A_CHAIN] for at in range(0, len(columns), _IN_A_CHAIN)]
    hashes = [reduce(lambda before, name: chain(_text(table[name]), before), block, _zero(engine)) for block in blocks]
    while len(hashes) > 1:  # two by two: one chain over a wide table would be nested too deeply to be written
        pairs = itertools.zip_longest(hashes[::2], hashes[1::2])
        hashes = [first if second is None else chain(_text(second), first) for first, second in pairs]
    return table.select(h=hashes[0]).aggregate(sum=lambda t: t["h"].cast(_HUGE).sum().cast("string"))


def _classes(table: Any, columns: Sequence[str], steps: Mapping[str, float], besides: dict[str, Any]) -> Any:
    keys = {f"k{n}": _stepped(table[name], steps.get(name)) for n, name in enumerate(columns)}
    if not keys:
        return table.aggregate(size=table.count())
    rows = table.select(**keys, **besides)
    return rows.group_by([*keys]).aggregate(size=rows.count())


def _stepped(column: Any, step: float | None) -> Any:
    values = told_apart(column)
    if not step or kind_of(column) is not ColumnType.NUMBER:
        return values
    return _floor(values.cast("float64") / float(step))


def _whole(values: Any) -> Any:
    """Whether all numbers are whole: an expression; None where the type alone says it."""
    kind = values.type()
    if kind.is_floating():
        number = values.cast("float64")
        return ((number == _floor(number)) & ~number.isinf()).all()
    if kind.is_decimal() and kind.scale != 0:
        return (values % 1 == 0).all()
    return None


def is_whole(kind: Any) -> bool:
    """Whether the type alone says that all numbers are whole."""
    return bool(kind.is_integer() or (kind.is_decimal() and kind.scale == 0))


def _floor(number: Any) -> Any:
    """The engine's own floor, which stays a float: as a whole number, what is large or infinite would be an error."""
    import ibis

    def floor(x: Any) -> Any: ...

    return ibis.udf.scalar.builtin(floor, signature=(("float64",), "float64"))(number)


def _nothing(kind: Any) -> Any:
    import ibis

    return ibis.null(kind)


def _text(column: Any) -> Any:
    # Ibis takes an enumeration for text, and casts no text to text: what is joined with nothing is text for certain.
    return column.cast("string").concat("").fill_null(_MISSING)


def _zero(engine: str) -> Any:
    import ibis

    return ibis.literal(0, "int64" if engine == "postgres" else "uint64")


def _chain(engine: str) -> Any:
    """The engine's own 64-bit hash of a text, chained to the hash of what stood before it in the row."""
    import ibis

    def hashtextextended(text: Any, seed: Any) -> Any: ...

    def chained(text: Any, before: Any) -> Any: ...

    builtin = ibis.udf.scalar.builtin
    if engine == "postgres":
        return builtin(hashtextextended, signature=(("string", "int64"), "int64"))
    return builtin(chained, name="hash", signature=(("string", "uint64"), "uint64"))

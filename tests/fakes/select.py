"""Reads a SELECT that a server logged: whether anything of a row can come back by it."""

from __future__ import annotations

from typing import Any

_TELLS_NO_VALUE = ("Count", "Sum", "LogicalAnd", "WithinGroup", "PercentileCont", "Avg")
_TELLS_ITS_OWN = ("Min", "Max")  # give back a value of what they look at


def only_aggregates(statement: str, dialect: str = "postgres") -> bool:
    """Whether every column that comes back is a count, a sum or a quantile, however deeply it was selected."""
    import sqlglot

    parsed: Any = sqlglot.parse_one(statement, dialect=dialect)
    named = {cte.alias: cte.this for cte in parsed.find_all(sqlglot.exp.CTE)}
    return all(_is_safe(shown, parsed, named) for shown in parsed.selects)


def _is_safe(shown: Any, within: Any, named: dict[str, Any]) -> bool:
    from sqlglot import exp

    bare = shown.unalias()
    if isinstance(bare, exp.Window):  # an aggregate beside each row: what it is split by does not come back
        return _is_safe(bare.this, within, named)
    if isinstance(bare, exp.Literal | exp.Null | exp.Boolean):
        return True
    if type(bare).__name__ in _TELLS_NO_VALUE:
        return True
    if isinstance(bare, exp.Predicate | exp.Connector):  # a yes or no about aggregates
        return all(column.find_ancestor(exp.AggFunc) is not None for column in bare.find_all(exp.Column))
    if isinstance(bare, exp.Star):
        source = _source(within, named)
        return source is not None and _all_safe(source, named)
    if isinstance(bare, exp.Column):
        source = _source(within, named)
        return source is not None and _column_is_safe(bare.name, source, named)
    if type(bare).__name__ in _TELLS_ITS_OWN or not isinstance(bare, exp.AggFunc):
        parts = [part for part in bare.iter_expressions() if not isinstance(part, exp.DataType)]
        return bool(parts) and all(_is_safe(part, within, named) for part in parts)
    return False


def _source(select: Any, named: dict[str, Any]) -> Any:
    """The one subquery that a select reads; None where it reads a table."""
    from sqlglot import exp

    read = select.args.get("from_") or select.args.get("from")
    this = read.this if read else None
    if isinstance(this, exp.Subquery):
        return this.this
    return named.get(this.name) if isinstance(this, exp.Table) else None


def _all_safe(source: Any, named: dict[str, Any]) -> bool:
    from sqlglot import exp

    if isinstance(source, exp.Union):
        return _all_safe(source.left, named) and _all_safe(source.right, named)
    return all(_is_safe(shown, source, named) for shown in source.selects)


def _column_is_safe(name: str, source: Any, named: dict[str, Any]) -> bool:
    from sqlglot import exp

    if isinstance(source, exp.Union):
        return _column_is_safe(name, source.left, named) and _column_is_safe(name, source.right, named)
    if isinstance(source, exp.Subquery):
        return _column_is_safe(name, source.this, named)
    found = [shown for shown in source.selects if shown.alias_or_name == name]
    if not found and any(isinstance(shown, exp.Star) for shown in source.selects):
        below = _source(source, named)
        return below is not None and _column_is_safe(name, below, named)
    return bool(found) and all(_is_safe(shown, source, named) for shown in found)

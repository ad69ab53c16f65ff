from __future__ import annotations

import pytest

from weighbridge.core.candidate import Role
from weighbridge.probekit.bench import FixedBudget, MemoryBench, MemoryTable, MemoryTexts
from weighbridge.probekit.ports import Bench, Budget, BudgetSpent, Table, Texts


def test_the_bench_in_memory_is_a_bench() -> None:
    table: Table = MemoryTable({"a": [1]})
    texts: Texts = MemoryTexts(["a"])
    budget: Budget = FixedBudget(1.0)
    bench: Bench = MemoryBench(tables_by_role={Role.DATA: (table,)}, texts_by_role={Role.DATA: texts}, budget=budget)
    assert bench.tables(Role.DATA) == (table,)
    assert bench.texts(Role.DATA) is texts


def test_a_spent_budget_is_no_ordinary_error() -> None:
    assert not issubclass(BudgetSpent, OSError | ValueError)
    with pytest.raises(BudgetSpent):
        raise BudgetSpent

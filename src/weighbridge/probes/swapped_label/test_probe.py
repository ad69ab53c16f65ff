from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from weighbridge.core.candidate import Declared, Role
from weighbridge.core.evidence import Measured, NotMeasured, Quantity, Silent
from weighbridge.probekit.bench import MemoryBench
from weighbridge.probes.swapped_label.calibration import bench
from weighbridge.probes.swapped_label.probe import PROBE, Settings


def _measured(on: MemoryBench, settings: Settings | None = None) -> dict[str, Quantity]:
    outcome = PROBE.measure(on, settings or Settings())
    assert isinstance(outcome, Measured), outcome
    return {q.metric: q for q in outcome.quantities}


def _with(on: MemoryBench, **changes: object) -> MemoryBench:
    rows = replace(on.examples_by_role[Role.HELD_OUT], **changes)  # type: ignore[arg-type]
    return MemoryBench(
        candidate=on.candidate, seed=on.seed, the_classifier=on.the_classifier, examples_by_role={Role.HELD_OUT: rows}
    )


def test_another_use_is_found_and_a_mere_coincidence_is_not() -> None:
    serves = _measured(bench(1, (0.9, 0.1)))["other-use-auc"]
    assert serves.low > 0.7
    assert _measured(bench(1, (0.1, 0.9)))["other-use-auc"].low > 0.7  # the labels turned around serve as well
    nothing = _measured(bench(1, (0.5, 0.5)))["other-use-auc"]
    assert nothing.low < 0.5 < nothing.high < 0.65


def test_the_stated_use_stands_beside_it() -> None:
    found = _measured(bench(2, (0.5, 0.5)))
    assert found["own-use-auc"].low > 0.75 > found["other-use-auc"].high


def _because(on: MemoryBench, settings: Settings | None = None) -> str:
    with pytest.raises(Silent) as silent:
        PROBE.measure(on, settings or Settings())
    assert isinstance(silent.value.outcome, NotMeasured)
    return str(silent.value.outcome.because)


def test_without_such_rows_nothing_is_said() -> None:
    on = bench(3, (0.5, 0.5))
    assert "no column says" in _because(_with(on, declared=Declared(target="own")))
    assert "no column says" in _because(MemoryBench(the_classifier=on.the_classifier))
    assert "stands beside" in _because(_with(on, declared=Declared(other_label="elsewhere")))


def test_what_is_no_label_is_not_read_as_one() -> None:
    on = bench(4, (0.5, 0.5))
    one = pa.table({"other": ["yes"] * 400})
    many = pa.table({"other": [str(n) for n in range(400)]})
    assert "has 1 values" in _because(_with(on, beside=one))
    assert "has 400 values" in _because(_with(on, beside=many))
    rare = pa.table({"other": ["yes"] * 9 + ["no"] * 391})
    assert "fewer than 25" in _because(_with(on, beside=rare))


def test_missing_labels_are_left_out_and_told() -> None:
    on = bench(5, (0.9, 0.1))
    column = on.examples_by_role[Role.HELD_OUT].beside.column("other").to_pylist()
    holes = pa.table({"other": [None if n % 4 == 0 else value for n, value in enumerate(column)]})
    outcome = PROBE.measure(_with(on, beside=holes), Settings())
    assert isinstance(outcome, Measured)
    assert outcome.quantities[0].n == 300
    assert any("100 records without" in str(note) for note in outcome.notes)


def test_what_is_too_rare_to_compare_hides_no_use() -> None:
    on = bench(8, (0.5, 0.5))
    column = on.examples_by_role[Role.HELD_OUT].beside.column("other").to_pylist()
    rare = pa.table({"other": ["dissident" if n < 20 else value for n, value in enumerate(column)]})
    outcome = PROBE.measure(_with(on, beside=rare), Settings())
    assert isinstance(outcome, Measured)
    assert outcome.quantities[0].high == 1
    assert any("1 values" in str(note) and "20 records" in str(note) for note in outcome.notes)


def test_rows_of_one_person_stay_together() -> None:
    on = bench(6, (0.9, 0.1))
    doubled = _measured(_with(on, persons=np.arange(400) // 2))["other-use-auc"]
    assert doubled.low > 0.75


def test_no_value_of_the_label_is_quoted() -> None:
    outcome = PROBE.measure(bench(7, (0.9, 0.1), values=("Zyxquorble", "Qwaxle")), Settings())
    assert isinstance(outcome, Measured)
    assert "Zyxquorble" not in str(outcome)

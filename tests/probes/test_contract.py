"""One contract over every probe that is installed: what a probe must be before anyone reads its numbers."""

from __future__ import annotations

import dataclasses
import functools
import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from weighbridge.catalogue import find_probes
from weighbridge.core.canon import canonical
from weighbridge.core.card import Card
from weighbridge.core.evidence import Measured, Quantity, outcome_plain
from weighbridge.probekit.bench import MemoryBench
from weighbridge.probekit.ports import BudgetSpent, Calibration, LoadedProbe, Probe, Truth, Weight

PROBES = find_probes()
IDS = [loaded.card.slug for loaded in PROBES]
EACH = pytest.mark.parametrize("loaded", PROBES, ids=IDS)
QUICK_SEEDS = range(5)
MANY_SEEDS = range(200)
# Of 200 intervals that cover at 95 %, fewer than 180 cover with probability 0.0002 (exact binomial), so that even corrected
# over fifty truths a probe that fails here covers too seldom. Of 5, fewer than 3 cover with probability 0.0012.
LEAST_COVERED = {5: 3, 200: 180}


def _folder(card: Card) -> str:
    return f"weighbridge.probes.{card.slug.replace('-', '_')}"


def _calibration(card: Card) -> Calibration:
    made: Calibration = importlib.import_module(f"{_folder(card)}.calibration").CALIBRATION
    return made


def _measure(loaded: LoadedProbe, weight: Weight) -> Measured:
    probe: Probe[object] = loaded.load()
    outcome = probe.measure(weight.bench, probe.settings(**dict(weight.settings)))
    assert isinstance(outcome, Measured), outcome
    return outcome


@functools.cache
def _toy(slug: str, kind: str, seed: int) -> tuple[Measured, tuple[Truth, ...]]:
    loaded = PROBES[IDS.index(slug)]
    weight = getattr(_calibration(loaded.card), kind)(seed)
    return _measure(loaded, weight), weight.truths


def _of(truth: Truth, measured: Measured) -> Quantity:
    matching = [q for q in measured.quantities if q.metric == truth.metric and dict(q.by) == dict(truth.by)]
    assert len(matching) == 1, f"{truth} is reported {len(matching)} times"
    return matching[0]


@EACH
def test_the_slug_names_the_folder(loaded: LoadedProbe) -> None:
    folder = Path(str(importlib.import_module(_folder(loaded.card)).__file__)).parent
    assert {"probe.toml", "probe.py", "calibration.py", "test_probe.py"} <= {path.name for path in folder.iterdir()}


@EACH
def test_the_card_fits_the_code(loaded: LoadedProbe) -> None:
    probe = loaded.load()
    fields = {f.name: f.default for f in dataclasses.fields(probe.settings)}
    assert fields == {s.name: s.default for s in loaded.card.setting}
    assert dataclasses.is_dataclass(probe.settings)
    axes = {axis.name for axis in loaded.card.axis}
    assert {name for metric in loaded.card.metric for name in metric.by} <= axes
    assert all(loaded.card.metric_named(picture.metric) for picture in loaded.card.picture)
    assert all(picture.axis in axes for picture in loaded.card.picture if picture.axis)
    assert not loaded.card.attack or loaded.card.control, "an attack needs a positive control among its metrics"
    assert set(loaded.card.after) <= set(IDS)
    assert loaded.card.sources


@EACH
@pytest.mark.parametrize("kind", ["null", "planted"])
def test_reports_what_the_card_declares(loaded: LoadedProbe, kind: str) -> None:
    measured, _truths = _toy(loaded.card.slug, kind, 0)
    for quantity in measured.quantities:
        metric = loaded.card.metric_named(quantity.metric)
        assert metric is not None, f"{quantity.metric} is not on the card"
        assert quantity.unit == metric.unit
        for axis, value in quantity.by:
            assert axis in metric.by
            known = next(a for a in loaded.card.axis if a.name == axis).values
            assert not known or value in known
        if quantity.unit == "1" and quantity.metric.endswith("share"):
            assert 0 <= quantity.low <= quantity.high <= 1
    keys = [(q.metric, q.by) for q in measured.quantities]
    assert len(keys) == len(set(keys)), "a quantity is reported twice"


@EACH
@pytest.mark.parametrize("kind", ["null", "planted"])
def test_same_seed_same_bytes(loaded: LoadedProbe, kind: str) -> None:
    again = _measure(loaded, getattr(_calibration(loaded.card), kind)(0))
    first, _truths = _toy(loaded.card.slug, kind, 0)
    assert canonical(outcome_plain(again)) == canonical(outcome_plain(first))


def _check_coverage(loaded: LoadedProbe, kind: str, seeds: range) -> None:
    covered: dict[tuple[str, tuple[tuple[str, str], ...]], int] = {}
    for seed in seeds:
        measured, truths = _toy(loaded.card.slug, kind, seed)
        assert truths, "a calibration states at least one truth"
        for truth in truths:
            quantity = _of(truth, measured)
            inside = quantity.low - 1e-12 <= truth.value <= quantity.high + 1e-12
            assert inside or quantity.confidence < 1, f"{truth} was counted wrongly at seed {seed}"
            covered[truth.metric, truth.by] = covered.get((truth.metric, truth.by), 0) + inside
    assert min(covered.values()) >= LEAST_COVERED[len(seeds)], covered


@EACH
@pytest.mark.parametrize("kind", ["null", "planted"])
def test_intervals_cover_the_truth(loaded: LoadedProbe, kind: str) -> None:
    _check_coverage(loaded, kind, QUICK_SEEDS)


@pytest.mark.slow
@pytest.mark.timeout(600)  # a minute of one core, on machines that others share
@EACH
@pytest.mark.parametrize("kind", ["null", "planted"])
def test_intervals_cover_the_truth_over_many_seeds(loaded: LoadedProbe, kind: str) -> None:
    _check_coverage(loaded, kind, MANY_SEEDS)


@EACH
def test_the_planted_leak_is_told_from_none(loaded: LoadedProbe) -> None:
    _null, null_truths = _toy(loaded.card.slug, "null", 0)
    none = {(truth.metric, dict(truth.by).__str__()): truth.value for truth in null_truths}
    for seed in QUICK_SEEDS:
        measured, truths = _toy(loaded.card.slug, "planted", seed)
        told = [
            truth for truth in truths if none.get((truth.metric, dict(truth.by).__str__()), truth.value) != truth.value
        ]
        assert told, "no truth of the planted toy differs from the null's"
        for truth in told:
            quantity, without = _of(truth, measured), none[truth.metric, dict(truth.by).__str__()]
            assert not quantity.low <= without <= quantity.high, f"{truth} is not told from {without}"


class _Impatient(MemoryBench):
    def progress(self, done: int, of: int, unit: str) -> None:
        raise BudgetSpent


@EACH
def test_stops_when_its_time_is_over(loaded: LoadedProbe) -> None:
    weight = _calibration(loaded.card).planted(0)
    assert isinstance(weight.bench, MemoryBench)
    bench = _Impatient(**{f.name: getattr(weight.bench, f.name) for f in dataclasses.fields(weight.bench)})
    probe: Probe[object] = loaded.load()
    with pytest.raises(BudgetSpent):
        probe.measure(bench, probe.settings(**dict(weight.settings)))


@EACH
def test_opens_nothing(loaded: LoadedProbe) -> None:
    script = Path(__file__).with_name("watched_run.py")
    done = subprocess.run([sys.executable, str(script), loaded.card.slug], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []

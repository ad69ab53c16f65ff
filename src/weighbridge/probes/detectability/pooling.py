"""What the pool is worth beside its detectors, and what evades it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from weighbridge.core.evidence import Quantity
from weighbridge.maths import resampling
from weighbridge.maths.proportions import Interval, corrected
from weighbridge.maths.resampling import Rated
from weighbridge.maths.roc import auc
from weighbridge.probekit.ports import Bools, Floats, Ints
from weighbridge.probes.detectability.measuring import Told
from weighbridge.probes.detectability.ranked import CONFIDENCE, Teller

LEVEL = 0.05  # false alarms of each detector, and of the pool
_LEAST_P = 1e-12


def of_pool(told: Told, teller: Teller) -> Iterator[Quantity]:
    """Members, combinations, and what evades them."""
    yield from _members(told, teller)
    yield from _combinations(told, teller)
    if len(told.names) < 2:
        return
    rated = Rated(scores=told.stack, is_positive=told.is_machine, groups=told.groups)
    gain, _best = resampling.gain(rated, told.members, CONFIDENCE, teller.rng, teller.draws)
    yield teller.quantity("pool-gain", gain, len(told.stack))
    machine, human = told.machine, told.human
    evading = resampling.evading(machine.p_values, LEVEL, machine.groups, CONFIDENCE)
    yield teller.quantity("evade-all-share", evading, len(machine.groups))
    by_any: Bools = np.asarray((human.p_values <= LEVEL).any(axis=1))
    yield teller.share("flagged-by-any-fpr", by_any, human.groups)
    if teller.gates.allows(LEVEL, min(len(machine.groups), len(human.groups))):
        yield from _by_size(told, teller)
    yield from _transfer(told, teller)


def _members(told: Told, teller: Teller) -> Iterator[Quantity]:
    each = corrected(CONFIDENCE, len(told.names))
    for name, scores, p in zip(told.names, told.members.T, told.machine.p_values.T, strict=True):
        rated = Rated(scores=scores, is_positive=told.is_machine, groups=told.groups)
        found = resampling.auc(rated, each, teller.rng, teller.draws)
        yield teller.quantity("auroc-of-member", found, len(scores), (("member", name),), each)
        flagged: Bools = np.asarray(p <= LEVEL)
        yield teller.share("tpr-of-member", flagged, told.machine.groups, (("member", name),), each)


def _combinations(told: Told, teller: Teller) -> Iterator[Quantity]:
    each = corrected(CONFIDENCE, 2)
    machine, human = told.machine, told.human
    for name in ("stack", "min-p"):
        by = (("combination", name),)
        ours, theirs = (side.stack_p if name == "stack" else side.min_p_p for side in (machine, human))
        yield teller.share("tpr-of-combination", ours <= LEVEL, machine.groups, by, each)
        yield teller.share("fpr-of-combination", theirs <= LEVEL, human.groups, by, each)


def _by_size(told: Told, teller: Teller) -> Iterator[Quantity]:
    """What evades a pool of the first so many detectors, the one that ranks best first."""
    order = np.argsort([-_area(told, place) for place in range(len(told.names))], kind="stable")
    each = corrected(CONFIDENCE, len(order))
    for size in range(1, len(order) + 1):
        rated = Rated(scores=surest(told, order[:size]), is_positive=told.is_machine, groups=told.groups)
        found = resampling.tpr_at(rated, LEVEL, each, teller.rng, teller.draws)
        evades = Interval(1 - found.value, 1 - found.high, 1 - found.low)
        n = int(told.is_machine.sum())
        yield teller.quantity("evasion-by-members", evades, n, (("members", str(size)),), each)


def surest(told: Told, places: Ints) -> Floats:
    """The least p-value of these detectors, turned so that it is high for a machine; ties go by the scores."""
    least = np.maximum(told.p_values[:, places].min(axis=1), _LEAST_P)
    return np.asarray(-np.log(least) + 1e-6 * np.tanh(told.members[:, places].max(axis=1) / 10), dtype=np.float64)


def _transfer(told: Told, teller: Teller) -> Iterator[Quantity]:
    """Of what evades one detector, what evades another."""
    machine = told.machine
    evades = machine.p_values > LEVEL
    pairs = [(a, b) for a in range(len(told.names)) for b in range(len(told.names)) if a != b]
    each = corrected(CONFIDENCE, len(pairs))
    for a, b in pairs:
        if evades[:, a].any():
            by = (("member", told.names[a]), ("other", told.names[b]))
            yield teller.share("transfer-share", evades[evades[:, a], b], machine.groups[evades[:, a]], by, each)


def _area(told: Told, place: int) -> float:
    return auc(told.members[told.is_machine, place], told.members[~told.is_machine, place])

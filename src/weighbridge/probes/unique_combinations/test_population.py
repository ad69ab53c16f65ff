"""The population: counted, modelled, or said to be unknown; and what lookalikes give away of each other."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from weighbridge.core.candidate import Artefact, Belonging, Candidate, Declared, Role, Subject
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.evidence import Basis, Measured, Quantity
from weighbridge.probekit.bench import MemoryBench, MemoryTable
from weighbridge.probekit.folds import Fold
from weighbridge.probes.unique_combinations import diversity, population
from weighbridge.probes.unique_combinations.probe import PROBE, Settings

Columns = Mapping[str, Any]
SEEDS = pytest.mark.parametrize(("seeds", "least"), [(4, 3), pytest.param(100, 88, marks=pytest.mark.slow)])


def artefact(label: str, role: Role, belongs: Belonging) -> Artefact:
    digest = digest_of_bytes(label.encode())
    return Artefact(role=role, label=label, digest=digest, size_bytes=1, format="csv", belongs=belongs)


def weighed(table: MemoryTable, *registers: MemoryTable, seed: int = 0) -> Measured:
    artefacts = [artefact(table.label, Role.DATA, Belonging.DATA)]
    tables: dict[Role, tuple[MemoryTable, ...]] = {Role.DATA: (table,)}
    if registers:
        artefacts.append(artefact(registers[0].label, Role.POPULATION, Belonging.EVIDENCE_ONLY))
        tables[Role.POPULATION] = registers
    candidate = Candidate(name="c", version="1", artefacts=tuple(artefacts), subjects=(Subject.TABLE,))
    outcome = PROBE.measure(MemoryBench(candidate=candidate, tables_by_role=tables, seed=seed), Settings())
    assert isinstance(outcome, Measured), outcome
    return outcome


def found(outcome: Measured, metric: str) -> Quantity | None:
    return next((q for q in outcome.quantities if q.metric == metric), None)


def numbers(outcome: Measured, metric: str) -> tuple[float, float, float, float]:
    quantity = found(outcome, metric)
    assert quantity is not None
    return quantity.value, quantity.low, quantity.high, quantity.confidence


def said(outcome: Measured) -> str:
    return "\n".join(map(str, outcome.notes))


def people(columns: Columns, *, size: int = 0, person: str = "", sensitive: tuple[str, ...] = ()) -> MemoryTable:
    quasi = tuple(name for name in columns if name not in (person, *sensitive))
    said_of_it = Declared(
        about_people=True, quasi_identifiers=quasi, population_size=size, person=person, sensitive=sensitive
    )
    return MemoryTable(columns, declared=said_of_it, label="people.csv")


SAMPLE: Columns = {"a": [1, 1, 2, 3], "b": ["x", "x", "x", "y"]}


def test_nobody_said_how_many_there_are() -> None:
    outcome = weighed(people(SAMPLE))
    assert numbers(outcome, "global-risk") == (
        0.75,
        0.0,
        0.75,
        0.95,
    )  # three classes of four people: no worse than that
    assert found(outcome, "population-unique-share") is None
    assert "population_size = NUMBER" in said(outcome)


def test_the_table_is_everybody() -> None:
    outcome = weighed(people(SAMPLE, size=4))
    assert numbers(outcome, "global-risk") == (0.75, 0.75, 0.75, 1.0)
    assert numbers(outcome, "population-unique-share") == (0.5, 0.5, 0.5, 1.0)


EVERYBODY: Columns = {"b": ["x"] * 5, "a": [1, 1, 1, 1, 2], "more": [0] * 5}


def register(columns: Columns, *, size: int = 0, person: str = "") -> MemoryTable:
    return MemoryTable(columns, declared=Declared(population_size=size, person=person), label="everybody.csv")


def test_everybody_is_counted() -> None:
    """Class (1, x) has 4 people there, (2, x) one, (3, y) none: that one counts as if nobody else were like them."""
    outcome = weighed(people(SAMPLE), register(EVERYBODY, size=5))
    assert numbers(outcome, "global-risk") == pytest.approx(((2 / 4 + 1 + 1) / 4,) * 3 + (1.0,))
    assert numbers(outcome, "population-unique-share") == (0.5, 0.5, 0.5, 1.0)
    assert "25 % of the rows here are not in it" in said(outcome)
    quantity = found(outcome, "global-risk")
    assert quantity is not None
    assert quantity.basis is Basis.MEASURED


def test_a_register_that_may_lack_people_bounds_the_risk_and_condemns_nothing() -> None:
    outcome = weighed(people(SAMPLE), register(EVERYBODY))
    assert numbers(outcome, "global-risk") == pytest.approx((0.625, 0.0, 0.625, 0.95))
    assert "population_size = 5" in said(outcome)
    twice = weighed(people(SAMPLE), register(EVERYBODY), register(EVERYBODY))
    assert numbers(twice, "global-risk")[2] == pytest.approx(0.625)  # the same people may be in both


def test_a_register_that_cannot_be_used_is_said() -> None:
    lacking = weighed(people(SAMPLE), register({"a": [1, 2]}))
    assert found(lacking, "population-unique-share") is None
    assert "1 of 2 are missing" in said(lacking)
    assert numbers(lacking, "global-risk")[2] == 0.75
    several = weighed(people(SAMPLE, size=100), register({**EVERYBODY, "who": [1, 1, 2, 3, 4]}, person="who"))
    assert "several rows of one person" in said(several)
    assert "Pitman" in said(several)  # and so the declared number is used


@SEEDS
def test_large_populations_are_counted_over_a_sample_of_classes(
    monkeypatch: pytest.MonkeyPatch, seeds: int, least: int
) -> None:
    monkeypatch.setattr(population, "_KEPT", 256)
    rng = np.random.default_rng(0)
    whole = {"a": rng.integers(0, 60, 20_000), "b": rng.integers(0, 60, 20_000), "c": rng.integers(0, 4, 20_000)}
    part = rng.permutation(20_000)[:4000]
    everybody = register({name: v.tolist() for name, v in whole.items()}, size=20_000)
    table = people({name: v[part].tolist() for name, v in whole.items()})
    keys = [tuple(int(v[i]) for v in whole.values()) for i in range(20_000)]
    sizes = Counter(keys)
    truth = {
        "global-risk": float(np.mean([1 / sizes[keys[i]] for i in part])),
        "population-unique-share": float(np.mean([sizes[keys[i]] == 1 for i in part])),
    }
    covered = dict.fromkeys(truth, 0)
    for seed in range(seeds):
        outcome = weighed(table, everybody, seed=seed)
        for metric, value in truth.items():
            _, low, high, confidence = numbers(outcome, metric)
            assert confidence == 0.95
            covered[metric] += low <= value <= high
    assert min(covered.values()) >= least


def test_a_model_may_clear_and_never_condemns() -> None:
    rng = np.random.default_rng(1)
    whole = [(int(60 * x**2), int(40 * y**2)) for x, y in rng.random((20_000, 2))]
    part = [whole[i] for i in rng.permutation(20_000)[:2000]]
    sizes = Counter(whole)
    outcome = weighed(people({"a": [a for a, _ in part], "b": [b for _, b in part]}, size=20_000))
    truth = {
        "global-risk": float(np.mean([1 / sizes[key] for key in part])),
        "population-unique-share": float(np.mean([sizes[key] == 1 for key in part])),
    }
    for metric, value in truth.items():
        quantity = found(outcome, metric)
        assert quantity is not None
        assert (quantity.basis, quantity.low, quantity.confidence) == (Basis.MODELLED, 0.0, 0.95)
        assert value <= quantity.high
    assert "Pitman (Hoshino 2001)" in said(outcome)
    assert "Zayatz (1991)" in said(outcome)


def test_a_population_smaller_than_the_table_is_not_used() -> None:
    outcome = weighed(people(SAMPLE, size=3))
    assert numbers(outcome, "global-risk") == (0.75, 0.0, 0.75, 0.95)
    assert "population_size = 3 is less than the 4 people" in said(outcome)


def test_people_with_several_rows_are_not_modelled() -> None:
    columns: Columns = {**SAMPLE, "who": [1, 1, 2, 3]}
    outcome = weighed(people(columns, size=100, person="who"))
    assert numbers(outcome, "global-risk")[1:] == (0.0, 1.0, 0.95)
    assert found(outcome, "population-unique-share") is None
    assert "people have several rows" in said(outcome)
    assert numbers(weighed(people({**SAMPLE, "who": [1, 2, 3, 4]}, size=100, person="who")), "global-risk")[3] == 0.95


def test_more_that_others_could_know_leaves_it_open() -> None:
    columns: Columns = {"age": [1, 1, 2, 2], "sex": ["f", "m", "f", "m"]}
    table = MemoryTable(columns, declared=Declared(about_people=True, quasi_identifiers=("age",), population_size=4))
    assert numbers(weighed(table), "global-risk") == (0.5, 0.5, 1.0, 0.95)


ALIKE: Columns = {"a": [1, 1, 1, 2, 2, 3, 3], "ill": ["yes", "no", "no", "no", "no", None, None]}


def test_what_all_who_look_alike_share_is_told_of_each() -> None:
    outcome = weighed(people(ALIKE, sensitive=("ill",)))
    assert numbers(outcome, "fewest-sensitive-values") == (1.0, 1.0, 1.0, 1.0)
    assert numbers(outcome, "sensitive-told-share") == pytest.approx((4 / 7, 4 / 7, 4 / 7, 1.0))
    mixed = weighed(people({"a": [1, 1, 2, 2, 2], "ill": [1, 2, 1, 1, 3]}, sensitive=("ill",)))
    assert numbers(mixed, "fewest-sensitive-values")[0] == 2.0
    assert numbers(mixed, "sensitive-told-share")[0] == 0.0


def test_the_worst_sensitive_column_counts_and_none_is_none() -> None:
    columns: Columns = {**ALIKE, "vote": ["p", "q", "r", "p", "q", "p", "q"]}
    outcome = weighed(people(columns, sensitive=("vote", "ill")))
    assert numbers(outcome, "fewest-sensitive-values")[0] == 1.0
    none = found(weighed(people(SAMPLE)), "fewest-sensitive-values")
    assert none is not None
    assert (none.value, none.n, none.confidence) == (0.0, 0, 1.0)


def test_an_income_to_the_cent_does_not_count_as_diverse() -> None:
    incomes = [1000.0 + 0.01 * i for i in range(40)] + [9000.0 + 100 * i for i in range(60)]
    columns: Columns = {"a": [1] * 40 + [2] * 60, "income": incomes}
    assert numbers(weighed(people(columns, sensitive=("income",))), "fewest-sensitive-values")[0] == 1.0


@SEEDS
def test_a_sample_of_classes_never_says_that_all_are_mixed(
    monkeypatch: pytest.MonkeyPatch, seeds: int, least: int
) -> None:
    monkeypatch.setattr(diversity, "_PAIRS", 256)
    rng = np.random.default_rng(2)
    a, b = rng.integers(0, 50, 12_000), rng.integers(0, 40, 12_000)
    ill = np.where(a < 10, 0, rng.integers(0, 3, 12_000))
    table = people({"a": a.tolist(), "b": b.tolist(), "ill": ill.tolist()}, sensitive=("ill",))
    classes: dict[tuple[int, int], set[int]] = {}
    for key, value in zip(zip(a.tolist(), b.tolist(), strict=True), ill.tolist(), strict=True):
        classes.setdefault(key, set()).add(value)
    truth = float(np.mean([len(classes[key]) == 1 for key in zip(a.tolist(), b.tolist(), strict=True)]))
    covered = 0
    for seed in range(seeds):
        outcome = weighed(table, seed=seed)
        _, low, high, confidence = numbers(outcome, "sensitive-told-share")
        covered += low <= truth <= high
        assert confidence == 0.95
        assert numbers(outcome, "fewest-sensitive-values")[1] == 1.0
    assert covered >= least


def test_many_rows_of_few_classes_are_counted_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was anonymised has few classes: it can be cleared for certain, however many rows it has."""
    monkeypatch.setattr(diversity, "_PAIRS", 64)
    columns: Columns = {"a": [i % 20 for i in range(9000)], "ill": [i % 3 for i in range(9000)]}
    assert numbers(weighed(people(columns, sensitive=("ill",))), "fewest-sensitive-values") == (3.0, 3.0, 3.0, 1.0)


class Apart(MemoryTable):
    """A table whose rows stay where they lie, as in a database."""

    rows_stay = True

    def fold(self, fold: Fold, tick: Callable[[int, int], None] | None = None) -> bytes:
        raise AssertionError


def apart(table: MemoryTable) -> Apart:
    """The same rows, out of reach."""
    return Apart(table._table.to_pydict(), declared=table.declared, label=table.label)


def test_where_rows_stay_what_needs_a_scan_is_not_measured_and_never_taken_for_clean() -> None:
    outcome = weighed(apart(people(ALIKE, sensitive=("ill",), size=100)), register(ALIKE))
    assert found(outcome, "fewest-sensitive-values") is None
    assert found(outcome, "sensitive-told-share") is None
    assert "whether lookalikes share what is sensitive was not counted" in said(outcome)
    assert "nobody was looked up in everybody.csv" in said(outcome)
    value, low, high, confidence = numbers(outcome, "global-risk")
    assert (low, confidence) == (0.0, 0.95)
    assert 0 < value <= high <= 3 / 7 + 1e-12
    none = found(weighed(apart(people(SAMPLE))), "fewest-sensitive-values")
    assert none is not None
    assert none.n == 0

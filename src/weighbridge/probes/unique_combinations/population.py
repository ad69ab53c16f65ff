"""Who is unique in the population and not in the table alone: counted in a table of the population, else by a model.

Three ways, and it is said which was taken. A table of the population in the candidate: its classes are counted (k-map),
and bound the risk from above where nothing says that everybody is in it. How many people there are is declared: two
named models are fitted to the classes of the table, and the interval reaches up to the more careful of the two and down
to nothing, so that a model may clear and never condemns. Neither: nobody in the population is taken to be there but
those in the table, which no population can be worse than.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from weighbridge.core.candidate import Role
from weighbridge.core.evidence import Basis
from weighbridge.core.wording import Phrase, phrase
from weighbridge.maths.population import fit_pitman, zayatz, zayatz_stays_alone
from weighbridge.maths.proportions import clopper_pearson
from weighbridge.maths.thinning import total_above, total_below
from weighbridge.probekit.attributes import Attributes, Part
from weighbridge.probekit.combinations import Classes, Combinations, read_classes
from weighbridge.probekit.ports import Bench, ClassSizes, Ints, Table

CONFIDENCE = 0.95

_KEPT = 1 << 20  # classes of each table remembered at the most; ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share of the people in the table, with its bounds; `confidence` is 1 where it was counted."""

    value: float
    low: float
    high: float
    confidence: float
    basis: Basis = Basis.MEASURED


@dataclass(frozen=True, slots=True, kw_only=True)
class Beyond:
    """What can be said of the population."""

    risk: Share  # mean of one over the size of the class in the population
    unique: Share | None  # share of people in the table who are unique in the population
    n: int
    notes: tuple[Phrase, ...]


def beyond_table(bench: Bench, table: Table, attributes: Attributes, whole: ClassSizes) -> Beyond:
    """The population's share of the risk, over all columns that others could know."""
    found = _beyond(bench, table, attributes, whole)
    if not attributes.repeating and not attributes.of(Part.OVERLOOKED):
        return found
    # One person may have several rows, or others know more than was declared: then any of it may be worse.
    unique = found.unique and replace(found.unique, high=1.0, confidence=min(CONFIDENCE, found.unique.confidence))
    risk = replace(found.risk, high=1.0, confidence=min(CONFIDENCE, found.risk.confidence))
    return replace(found, risk=risk, unique=unique)


def _beyond(bench: Bench, table: Table, attributes: Attributes, whole: ClassSizes) -> Beyond:
    label, n = table.label, int(whole.individuals.sum())
    risk, unique = float((whole.individuals / whole.sizes).sum() / n), _alone(whole) / n
    worst = Share(value=risk, low=0.0, high=risk, confidence=CONFIDENCE)
    given, size = bench.tables(Role.POPULATION), table.declared.population_size
    if size == n:
        return Beyond(risk=_counted(risk), unique=_counted(unique), n=n, notes=())
    if not attributes.one_row_each:
        says = (
            "{label}: people have several rows, so how many are unique in the population is not measured; a table with"
        )
        says += " one row for each person would tell it"
        return Beyond(risk=worst, unique=None, n=n, notes=(phrase(says, label=label),))
    if not given and not size:
        return _unsaid(label, worst, n)
    usable, notes = _usable(table, attributes.of(Part.QUASI), given)
    if usable:
        found = _in_tables(bench, table, attributes, usable)
    elif not size:
        found = _unsaid(label, worst, n)
    elif size < n:
        says = "{label}: population_size = {size} is less than the {n} people in the table, and was not used"
        found = Beyond(risk=worst, unique=None, n=n, notes=(phrase(says, label=label, size=size, n=n),))
    else:
        found = _modelled(label, whole, size, unique)
    return replace(found, notes=(*notes, *found.notes))


def _alone(whole: ClassSizes) -> int:
    return int(whole.individuals[whole.sizes == 1].sum())


def _counted(value: float) -> Share:
    return Share(value=value, low=value, high=value, confidence=1.0)


def _unsaid(label: str, worst: Share, n: int) -> Beyond:
    says = (
        "{label}: how many are unique in the population is not measured: nothing says how many people there are; say "
    )
    says += "it in weighbridge.toml, at this artefact: population_size = NUMBER, or add a table of all of them: "
    says += '[[artefact]] role = "population" path = "FILE"'
    return Beyond(risk=worst, unique=None, n=n, notes=(phrase(says, label=label),))


def _modelled(label: str, whole: ClassSizes, size: int, unique: float) -> Beyond:
    sizes: Ints = whole.sizes
    classes = whole.individuals // sizes
    n, alone = int(whole.individuals.sum()), _alone(whole)
    model, weight = fit_pitman(sizes, classes), whole.individuals / whole.individuals.sum()
    risk, risk_high = float(weight @ model.risk(sizes, size)), float(weight @ zayatz(sizes, classes, size))
    stays, stays_high = model.stays_alone(size), zayatz_stays_alone(sizes, classes, size)
    high = clopper_pearson(round(stays_high * alone), alone, confidence=2 * CONFIDENCE - 1).high if alone else 0.0
    high = max(high, stays)
    says = (
        "{label}: of {n} people in the table out of {size}: the model of Pitman (Hoshino 2001) takes {a} of those who "
    )
    says += "are unique here to be unique among all, that of Zayatz (1991), which errs to the high side, {b}"
    note = phrase(says, label=label, n=n, size=size, a=_percent(stays), b=_percent(stays_high))
    return Beyond(
        risk=Share(value=risk, low=0.0, high=max(risk, risk_high), confidence=CONFIDENCE, basis=Basis.MODELLED),
        unique=Share(
            value=unique * stays, low=0.0, high=unique * high, confidence=CONFIDENCE, basis=Basis.MODELLED
        ),
        n=n, notes=(note,),
    )  # fmt: skip


def _usable(table: Table, quasi: Sequence[str], given: Sequence[Table]) -> tuple[list[Table], list[Phrase]]:
    """The tables that classes can be counted in, and why others are not used."""
    usable, notes = list[Table](), list[Phrase]()
    for each in given:
        if table.rows_stay or each.rows_stay:
            says = "{label}: nobody was looked up in {other}: rows stay where they lie, and only counts come out"
            notes.append(phrase(says, label=table.label, other=each.label))
            continue
        lacking = [c for c in quasi if c not in {column.name for column in each.columns}]
        person = each.declared.person
        if lacking:
            says = "{label}: {other} has not all columns that others could know, so nobody was looked up in it: {n} of"
            says += " {m} are missing; give it the same columns by the same names"
            notes.append(phrase(says, label=table.label, other=each.label, n=len(lacking), m=len(quasi)))
        elif person and each.n_individuals(person) != each.n_rows:
            says = "{label}: {other} has several rows of one person, so nobody was looked up in it"
            notes.append(phrase(says, label=table.label, other=each.label))
        else:
            usable.append(each)
    return usable, notes


def _in_tables(bench: Bench, table: Table, attributes: Attributes, given: Sequence[Table]) -> Beyond:
    """Classes counted in the tables of the population; one person may be in several of them, so the largest counts.

    Unless one of them is declared to be everybody, there may be more people than it has: its counts bound the risk.
    """
    here = _classes(bench, table, attributes)
    there = [_classes(bench, each, attributes) for each in given]
    chance = min(c.chance for c in (here, *there))
    kept = _is_kept(here, chance)
    keys, sizes = here.keys[kept], here.sizes[kept]
    outside: Ints = np.max([_look_up(each, keys) for each in there], axis=0)
    missing, whole, n = int(sizes[outside < sizes].sum()), np.maximum(outside, sizes), table.n_rows
    says = (
        "{label}: looked up in {other}, taken to have one row for each person; {share} of the rows here are not in it"
    )
    says += " as often as here, and count as if only those here were like them"
    share, named = _percent(missing / max(1, int(sizes.sum()))), ", ".join(t.label for t in given)
    notes = [phrase(says, label=table.label, other=named, share=share)]
    risk, unique = (_total(w, chance, n) for w in (sizes / whole, (whole == 1) * 1.0))
    if len(given) > 1 or given[0].declared.population_size != given[0].n_rows:
        says = "{label}: nothing says that everybody is in {other}, so that the risk may be lower; if so: {line}"
        line = f"population_size = {given[0].n_rows}"
        notes.append(phrase(says, label=table.label, other=named, line=line))
        risk, unique = (replace(s, low=0.0, confidence=CONFIDENCE) for s in (risk, unique))
    return Beyond(risk=risk, unique=unique, n=n, notes=tuple(notes))


def _classes(bench: Bench, table: Table, attributes: Attributes) -> Classes:
    quasi = attributes.of(Part.QUASI)
    fold = Combinations(
        columns=quasi, sets=(tuple(range(len(quasi))),), seed=bench.seed, cap=_KEPT,
        steps=tuple(s for s in attributes.steps if s[0] in quasi),
    )  # fmt: skip
    (found,) = read_classes(fold, table.fold(fold, lambda done, of: bench.progress(done, of, "row")))
    return found


def _is_kept(classes: Classes, chance: float) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return classes.keys.astype(np.float64) < chance * 2.0**64


def _look_up(classes: Classes, keys: np.ndarray[tuple[int], np.dtype[np.uint64]]) -> Ints:
    """How many rows each of these classes has; 0 where there is none."""
    if not len(classes.keys):
        return np.zeros(len(keys), np.int64)
    at = np.minimum(np.searchsorted(classes.keys, keys), len(classes.keys) - 1)
    return np.where(classes.keys[at] == keys, classes.sizes[at], 0)


def _total(weights: np.ndarray[tuple[int], np.dtype[np.float64]], chance: float, n: int) -> Share:
    """The sum of one weight, at most 1, for each class that was kept, as a share of n rows."""
    total, squares = np.array([weights.sum()]), np.array([(weights**2).sum()])
    value = min(1.0, float(total[0]) / chance / n)
    if chance == 1:
        return _counted(value)
    each = 1 - (1 - CONFIDENCE) / 2
    low = float(total_above(total, squares, chance, confidence=each)[0]) / n
    high = float(total_below(total, squares, 1.0, chance, confidence=each)[0]) / n
    return Share(value=value, low=min(value, low), high=max(value, min(1.0, high)), confidence=CONFIDENCE)


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"

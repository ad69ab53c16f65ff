"""What is said beside the numbers, and why there are none. Counts and names of columns only."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Never

from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit import membership
from weighbridge.probekit.ports import Classifier, Examples
from weighbridge.probes.membership_advantage.attacks import Plan, Pool, Scored
from weighbridge.probes.membership_advantage.quantities import CONFIDENCE, LEAST, LEAST_IN_SLICE, PER_FORM


def too_little_time(seconds: float, needed: float) -> Never:
    """Not enough for the least sample."""
    not_measured(
        phrase(
            "in the {seconds:.0f} s allowed, fewer than {n} records of each kind can be tried", seconds=seconds, n=LEAST
        ),
        phrase("allow more: weighbridge weigh DIR --budget {seconds}", seconds=math.ceil(needed)),
    )


def one_class(n: int) -> Never:
    """Nothing to be right or wrong about."""
    not_measured(
        phrase("the classifier has {n} class: whatever it is asked, it gives one answer", n=n),
        phrase("weigh a classifier that tells at least two classes apart"),
    )


def one_answer(n: int) -> Never:
    """All records of one class."""
    not_measured(
        phrase("all {n} records should get the same answer, so that none stands out", n=n),
        phrase("name training data and held-out data with at least two classes"),
    )


def too_few(kind: str, n: int, n_of: str) -> Never:
    """Not enough members, or others, for any number."""
    not_measured(
        phrase(
            "there are {n} usable {n_of}s of role {kind}; at least {least} are needed",
            n=n,
            n_of=n_of,
            kind=kind,
            least=LEAST,
        ),
        phrase('name more of them in weighbridge.toml: [[artefact]] role = "{kind}" path = "FILE"', kind=kind),
    )


def unlike() -> Never:
    """Columns that do not go together."""
    not_measured(
        phrase("a column holds values of one kind in the training data, and of another in the held-out data"),
        phrase("write both files with the same column types, such as Parquet with one schema"),
    )


def of_attack(scored: Scored, plan: Plan, model: Classifier, pool: Pool) -> Iterator[Phrase]:
    """Which attack the numbers are of, what was made for it, and what that does not show."""
    tried = ", ".join(attack.value for attack in scored.by_attack)
    yield phrase(
        "the numbers are those of the attack {headline}, chosen by the kind of model before anything was looked at; "
        "tried: {tried}",
        headline=scored.headline.value,
        tried=tried,
    )
    if model.recipe is None:
        yield phrase(
            "limited evidence: the classifier cannot be made again here, as it came without a recipe, so that the "
            "attacks that find most were not tried; to have them tried, save it as skops, or name its recipe"
        )
    else:
        yield phrase(
            "{n} models were made for it, each from {each} of {rows} records; {says}",
            n=plan.models,
            each=pool.n // pool.parts(plan.block),
            rows=pool.n,
            says=str(model.recipe.says),
        )
    yield phrase("no leak found is not no leak: these numbers bound the success of the attacks tried, and of no other")
    yield from model.notes


def of_sample(train: Examples, held_out: Examples, pool: Pool, n_in_both: int) -> Iterator[Phrase]:
    """What was drawn, and what was left out."""
    yield phrase(
        "tried: {train} of {all_train} records that the model was trained on, and {held} of {all_held} others",
        train=int(pool.is_member.sum()), all_train=train.n_records, held=int((~pool.is_member).sum()),
        all_held=held_out.n_records,
    )  # fmt: skip
    yield from dict.fromkeys((*train.notes, *held_out.notes))
    if train.n_repeated or held_out.n_repeated or held_out.n_shared:
        yield phrase(
            "duplicates: {train} rows of the training data and {held} others left out since an equal one is in; "
            "{shared} others left out since they stand in the training data too",
            train=train.n_repeated,
            held=held_out.n_repeated,
            shared=held_out.n_shared,
        )
    if unlabelled := train.n_unlabelled + held_out.n_unlabelled:
        yield phrase("{n} rows left out: their answer is missing, or none of the classifier's classes", n=unlabelled)
    if pool.is_by_person:
        yield phrase(
            "somebody has several records: scores were averaged over each person, and persons were counted ({n})",
            n=pool.n_persons,
        )
    if n_in_both:
        yield phrase("{n} held-out records left out: of persons who stand in the training data too", n=n_in_both)


def of_size(train: Examples, pool: Pool, plan: Plan) -> Iterator[Phrase]:
    """Models made from fewer records than the model itself."""
    each = pool.n // pool.parts(plan.block)
    if each < 0.9 * (train.n_records - train.n_repeated - train.n_shared):
        yield phrase(
            "the model was trained on up to {all_train} records, those to compare with on {each}: they are somewhat "
            "worse, which may overstate how much it knows of its own",
            all_train=train.n_records,
            each=each,
        )


def unsupported(n_others: int, n_of: str) -> Iterator[Phrase]:
    """Points for which there are too few others."""
    for metric, needed in membership.unsupported(n_others, PER_FORM):
        yield phrase(
            "{metric} is left out: it needs {needed} {n_of}s that the model has not seen, and {n} are at hand",
            metric=metric,
            needed=needed,
            n_of=n_of,
            n=n_others,
        )


def worst_slice(column: str) -> Phrase:
    """Where the advantage is largest."""
    if column:
        return phrase("the slice where members stand out most is one of the groups of {column}", column=column)
    return phrase("the slice where members stand out most is one of the classes")


def no_slices() -> Phrase:
    """No slice is large enough."""
    return phrase(
        "worst-slice-advantage is left out: no class and no group has {n} members and {n} others", n=LEAST_IN_SLICE
    )


def column_left_out(column: str) -> Phrase:
    """A sensitive column that cannot be cut by."""
    return phrase("not cut by {column}: it is missing on one side, or has too many values", column=column)


def no_control_recipe() -> Phrase:
    """No control without a recipe."""
    return phrase(
        "no positive control: without a recipe no copy can be made that knows its records by heart; save the "
        "classifier as skops, or name its recipe"
    )


def no_control_size(n: int) -> Phrase:
    """Too few records for it."""
    return phrase("no positive control: {n} records are too few for one; name more of them", n=n)


def no_control(because: Phrase) -> Phrase:
    """No control, for the reason that the recipe gave."""
    return phrase(
        "no positive control: no copy could be made that knows its records by heart ({because})", because=str(because)
    )


def control(found: bool, n: int) -> Phrase:  # noqa: FBT001  one caller
    """How the control went."""
    if found:
        return phrase(
            "positive control: the attack finds members of a copy that was made to know {n} records by heart", n=n
        )
    return phrase(
        "positive control: the attack does not find members of a copy that was made to know {n} records by heart "
        "({percent:g} % sure): that it finds little elsewhere says little; with more records it may find them",
        n=n,
        percent=round(100 * CONFIDENCE, 1),
    )

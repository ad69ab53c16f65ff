"""What is said beside the numbers: what was tried, left out, or has no control. Names of columns and counts only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from weighbridge.core.wording import Phrase, phrase
from weighbridge.maths.proportions import corrected, difference
from weighbridge.probes.attribute_inference.control import Control
from weighbridge.probes.attribute_inference.drawn import Columns, Drawn
from weighbridge.probes.attribute_inference.shares import CONFIDENCE, Trial
from weighbridge.probes.attribute_inference.values import Candidates


def on_columns(columns: Columns) -> Iterator[Phrase]:
    """The sensitive columns that were not completed."""
    if columns.beside:
        yield phrase(
            "the model does not take {names}: whether it tells them all the same is for implicit-attributes",
            names=", ".join(columns.beside),
        )
    if columns.answers:
        yield phrase("{names} is what the model predicts, and not completed here", names=", ".join(columns.answers))
    if columns.unknown:
        yield phrase("no column is named {names}; mend sensitive = [...]", names=", ".join(columns.unknown))


def on_drawn(drawn: Drawn) -> Iterator[Phrase]:
    """How many rows there were."""
    n = int(drawn.rows.is_member.sum())
    yield phrase("{n} rows of the training data and {others} held-out ones", n=n, others=len(drawn.rows.is_member) - n)
    if any(drawn.n_of_same):
        yield phrase(
            "one row of each person, by lot: {members} more of the training data and {others} held-out ones left out",
            members=drawn.n_of_same[0],
            others=drawn.n_of_same[1],
        )
    if drawn.n_on_both_sides:
        yield phrase("{n} held-out rows are of people in the training data, and were left out", n=drawn.n_on_both_sides)


def on_candidates(found: Candidates) -> Iterator[Phrase]:
    """What was put into a column."""
    fields: dict[str, str | int] = {"column": found.name, "n": found.n}
    if found.n_missing:
        yield phrase("{column}: {n} rows have no value, and were left out", column=found.name, n=found.n_missing)
    if found.n < 2:
        yield phrase("{column}: {n} different values among the rows drawn, so there is nothing to guess", **fields)
    elif found.in_ranges:
        yield phrase(
            "{column}: {n} ranges with about equally many rows were tried, each by its middle value; a guess is right "
            "where the value lies in the range",
            **fields,
        )
    elif found.n_values > found.n:
        yield phrase(
            "{column}: of {all} values the {n} commonest were tried, and rows with others left out ({left}); to try "
            "more: --set attribute-inference.most_values={all}",
            all=found.n_values,
            left=int((~found.tried).sum()) - found.n_missing,
            **fields,
        )
    else:
        yield phrase("{column}: all {n} values were tried", **fields)


def on_trial(trial: Trial) -> Iterator[Phrase]:
    """The counts as others publish them, and why there is no imputation."""
    found = trial.found
    if found.n_values == found.n:
        yield phrase(
            "{column}: counted as SACRO-ML counts, {correct} of {total} guesses on members are right, and "
            "{correct_others} of {total_others} on others",
            column=found.name, correct=trial.members.correct, total=trial.members.total,
            correct_others=trial.others.correct, total_others=trial.others.total,
        )  # fmt: skip
    if trial.not_imputed is not None:
        yield phrase(
            "{column}: not compared with what the other columns tell: {because}",
            column=found.name,
            because=str(trial.not_imputed),
        )


def no_recipe() -> Phrase:
    """No control, since nothing can be made again."""
    return phrase(
        "no positive control: how the classifier was made is not known, so no copy can be made that knows its rows by "
        "heart; name the recipe in weighbridge.toml"
    )


def no_control(because: Phrase) -> Phrase:
    """No control, for the reason that the recipe gave."""
    return phrase("no positive control: the classifier cannot be made again ({because})", because=str(because))


def on_controls(controls: Sequence[Control]) -> Iterator[Phrase]:
    """What the control found, and where it found nothing."""
    confidence = corrected(CONFIDENCE, len(controls))
    for each in controls:
        yield phrase(
            "{column}: of a copy that knows its rows by heart the attack completes {hits} of {n} rows, and {hits_out} "
            "of {n_out} that it never saw",
            column=each.name, hits=each.hits_in, n=each.n_in, hits_out=each.hits_out, n_out=each.n_out,
        )  # fmt: skip
        if not each.n_in or not each.n_out or _low(each, confidence) <= 0:
            yield phrase(
                "{column}: the attack finds nothing even there, so a gap of nothing says little about this column",
                column=each.name,
            )
    if not controls:
        yield phrase("no positive control: too few rows")


def _low(each: Control, confidence: float) -> float:
    return difference(each.hits_in, each.n_in, each.hits_out, each.n_out, confidence=confidence).low

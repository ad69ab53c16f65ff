"""What is said beside the numbers: what was set aside, what was not reached, how ranks were found. Counts only."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Never

from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probes.canary_exposure.places import LEAST_SPACE, Survey
from weighbridge.probes.canary_exposure.shares import GUESSES, SPARSE, Trial


def no_secrets(survey: Survey) -> Never:
    """Nothing to rank."""
    if survey.n_small:
        not_measured(
            phrase(
                "each of {n} declared secrets could be fewer than {least} strings, digit for digit and letter for "
                "letter: whoever guesses finds it",
                n=survey.n_small,
                least=LEAST_SPACE,
            ),
            phrase(
                "declare secrets such as numbers and codes, or plant canaries: weighbridge canaries plant canary-kit"
            ),
        )
    not_measured(
        phrase("in {n} training documents no secret is declared", n=survey.n_documents),
        phrase(
            "before the next training run plant canaries, in a folder outside this one: "
            "weighbridge canaries plant canary-kit; or name the column that holds a secret of each row: "
            'secret_field = "COLUMN", at the train-data in weighbridge.toml'
        ),
    )


def no_time(seconds: float, needed: float) -> Never:
    """Not one secret fits into the budget."""
    not_measured(
        phrase("in the {seconds:.0f} s allowed, not one secret of each kind can be ranked", seconds=seconds),
        phrase("allow more: weighbridge weigh --budget {seconds}", seconds=math.ceil(needed)),
    )


def none_fits(n: int) -> Never:
    """No secret can be put to the model."""
    not_measured(
        phrase(
            "not one of {n} secrets can be put to the model: too long for it, or it cannot be sent their text as it is",
            n=n,
        ),
        phrase("declare the shortest part that is secret, such as the number without the words around it"),
    )


def survey_notes(train: Survey, n_refused: int, n_shared: int) -> Iterator[Phrase]:
    """What was declared, and what could not be used of it."""
    if n_refused:
        yield phrase(
            "{n} of {all} training documents are declared canaries: so many cannot all be planted, and their secrets "
            "count as declared ones; name the rest of the training text as train-data too",
            n=n_refused, all=train.n_documents,
        )  # fmt: skip
    if train.n_canaries_untold:
        yield phrase(
            "{n} canaries were left out, since no secret is declared in them (secret_field)", n=train.n_canaries_untold
        )
    if train.n_small:
        yield phrase(
            "{n} secrets were left out: digit for digit and letter for letter they could be fewer than {least} strings",
            n=train.n_small, least=LEAST_SPACE,
        )  # fmt: skip
    if n_shared:
        yield phrase("{n} secrets of the held-out text stand in the training text too, and were left out", n=n_shared)


def trial_notes(role: str, trial: Trial) -> Iterator[Phrase]:
    """How the ranks of one kind were found."""
    if trial.most_unread:
        yield phrase("not all of {role} was read: secrets in the files left out were not ranked", role=role)
    n = len(trial.ranked)
    if not n:
        return
    here = {"role": role, "stratum": trial.stratum.value}
    yield phrase("{role}, {stratum}: {n} of {all} distinct secrets ranked", n=n, all=trial.n_secrets, **here)
    if n_complete := sum(r.is_complete for r in trial.ranked):
        yield phrase("{role}, {stratum}: {n} of them against all that they could be", n=n_complete, **here)
    if n_first := sum(r.is_sure and not r.is_complete for r in trial.ranked):
        yield phrase(
            "{role}, {stratum}: {n} of them are likelier than all others together, and come first for certain",
            n=n_first, **here,
        )  # fmt: skip
    if sampled := [r for r in trial.ranked if not r.is_sure]:
        yield phrase(
            "{role}, {stratum}: {n} of them against {least} others, drawn at random from {size:.3g} or fewer; to "
            "narrow the bounds on their ranks, allow more time: weighbridge weigh --budget SECONDS",
            n=len(sampled), least=min(r.tried for r in sampled),
            size=float(min(max(r.size for r in sampled), 10**300)), **here,
        )  # fmt: skip
    if n_top := sum(r.is_extrapolated for r in trial.ranked):
        yield phrase(
            "{role}, {stratum}: {n} of these stand above every other that was drawn: their value is extrapolated "
            "(skew-normal, Carlini et al. 2019), their bounds are not",
            n=n_top, **here,
        )  # fmt: skip
    if n_small := sum(r.size < SPARSE * GUESSES[-1] for r in trial.ranked):
        yield phrase(
            "{role}, {stratum}: {n} could be fewer than {size} strings; for them no more guesses count than a "
            "hundredth of these, since chance would find them",
            n=n_small, size=SPARSE * GUESSES[-1], **here,
        )  # fmt: skip


def without_null() -> Phrase:
    """Nothing to compare with."""
    return phrase(
        "no secret of the same kind that the model has not seen (role held-out): how easily they are guessed anyway is "
        "not known; a kit of weighbridge canaries plant has some"
    )


def unfit(n: int) -> Phrase:
    """Some could not be tried."""
    return phrase("{n} secrets were left out: too long for the model, or it cannot be sent their text as it is", n=n)


def canaries_found(hits: int, n: int, least: int) -> Phrase:
    """The control was planted."""
    return phrase(
        "positive control: {hits} of {n} canaries planted {least} times or more come first, or nearly",
        hits=hits, n=n, least=least,
    )  # fmt: skip


def overfit_found(hits: int, n: int) -> Phrase:
    """The control was made."""
    return phrase(
        "positive control: {hits} of {n} secrets that a copy was made to know by heart come first, or nearly",
        hits=hits, n=n,
    )  # fmt: skip


def no_control_too_large(n_parameters: int, most: int) -> Phrase:
    """No control: it would take too long."""
    return phrase(
        "no positive control: no canary came out on top, and with {n} parameters the model is too large to be "
        "overfitted here (at most {most}); plant canaries more often, or add: "
        "--set canary-exposure.control_max_parameters={n}",
        n=n_parameters, most=most,
    )  # fmt: skip


def no_control_too_small() -> Phrase:
    """No control: no secret could come out on top beyond chance."""
    return phrase("no positive control was made: no secret has a space large enough to come out on top beyond chance")


def no_control(because: Phrase) -> Phrase:
    """No control, for the reason that the model gave."""
    return phrase("no positive control: the model cannot be overfitted here ({because})", because=str(because))


def told(trials: Sequence[tuple[str, Trial]]) -> Iterator[Phrase]:
    """The same over all kinds."""
    for role, trial in trials:
        yield from trial_notes(role, trial)

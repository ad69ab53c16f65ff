"""What is said beside the numbers, and why there are none. Counts only."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Never

from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.membership import unsupported
from weighbridge.probes.membership_advantage_lm.attacks import Attack, Form, Plan
from weighbridge.probes.membership_advantage_lm.quantities import LEAST, PER_FORM, Scored
from weighbridge.probes.membership_advantage_lm.sample import Cut, Sample


def too_little_time(seconds: float, needed: float) -> Never:
    """Not enough for the least sample."""
    not_measured(
        phrase(
            "in the {seconds:.0f} s allowed, fewer than {n} documents of each kind can be tried",
            seconds=seconds, n=LEAST,
        ),
        phrase("allow more: weighbridge weigh --budget {seconds}", seconds=math.ceil(needed)),
    )  # fmt: skip


def too_small(context_tokens: int, least: int) -> Never:
    """The model takes less than the shortest document."""
    not_measured(
        phrase("a document has {least} tokens or more, the model takes {n}", least=least, n=context_tokens),
        phrase("add: --set membership-advantage-lm.least_tokens={n}", n=max(2, context_tokens)),
    )


def too_few(kind: str, sample: Sample, cut: Cut) -> Never:
    """Not enough members, or others, for any number."""
    because = phrase(
        "{n} of {all} documents of role {kind} can be tried, and at least {least} are needed; {short} are shorter than "
        "{tokens} tokens, {repeated} begin like another, {shared} stand in both roles, {canaries} are planted canaries",
        n=len(sample.documents), all=sample.n_records, kind=kind, least=LEAST, short=sample.n_short, tokens=cut.least,
        repeated=sample.n_repeated, shared=sample.n_shared, canaries=sample.n_canaries,
    )  # fmt: skip
    if len(sample.documents) + sample.n_short >= LEAST:
        not_measured(because, phrase("add: --set membership-advantage-lm.least_tokens={n}", n=max(2, cut.least // 2)))
    not_measured(
        because, phrase('name more of them in weighbridge.toml: [[artefact]] role = "{kind}" path = "FILE"', kind=kind)
    )


def of_attack(plan: Plan) -> Iterator[Phrase]:
    """Which attacks the numbers are of."""
    for form, headline in sorted(plan.headlines.items()):
        yield phrase(
            "{form}: the numbers are those of the attack {headline}, named before anything was scored",
            form=form.value, headline=headline.value,
        )  # fmt: skip
    if Form.BYTES not in plan.headlines:
        yield phrase(
            "no number for whoever has the weights: the model does not tell the probabilities of its whole vocabulary "
            "here, and there is no base to compare with"
        )
    if Attack.MIN_K not in plan.attacks:
        yield phrase("min-k-plus-plus was not tried: the model does not tell the probabilities of its whole vocabulary")
    yield phrase("no leak found is not no leak: these numbers bound the success of the attacks tried, and of no other")


def of_base(unused: Phrase | None, headline: Attack | None) -> Iterator[Phrase]:
    """Why there is no base to compare with, or what is inherited from it."""
    if unused is not None:
        yield phrase("not compared with the base: {because}", because=str(unused))
    if headline is not None:
        yield phrase(
            "inherited-auc is what the public base alone tells, by the attack {attack}: documents that it was trained "
            "on as well, or a difference between the two kinds",
            attack=headline.value,
        )


def of_sample(train: Sample, other: Sample, cut: Cut) -> Iterator[Phrase]:
    """What was drawn, and what was left out."""
    yield phrase(
        "tried: {train} of {all_train} documents that the model was trained on, and {held} of {all_held} others; of "
        "each the first {most} tokens at most",
        train=len(train.documents), all_train=train.n_records, held=len(other.documents), all_held=other.n_records,
        most=cut.most,
    )  # fmt: skip
    if train.n_repeated or other.n_repeated or other.n_shared:
        yield phrase(
            "duplicates, that begin alike but for case and space: {train} documents of the training text and {held} "
            "others left out since one is in; {shared} others left out since they stand in the training text too",
            train=train.n_repeated, held=other.n_repeated, shared=other.n_shared,
        )  # fmt: skip
    if train.n_shared:
        yield phrase("{n} training documents left out: they stand in the held-out text too", n=train.n_shared)
    if short := train.n_short + other.n_short:
        yield phrase("{n} documents left out: shorter than {least} tokens", n=short, least=cut.least)
    if untaken := train.n_untaken + other.n_untaken:
        yield phrase(
            "{n} documents left out: the server would cut the text of their beginning into other tokens", n=untaken
        )
    if canaries := train.n_canaries + other.n_canaries:
        yield phrase("{n} planted canaries left out: they stand for nobody (see canary-exposure)", n=canaries)
    if train.n_private:
        yield phrase("{n} training documents are declared private; they are members like all others", n=train.n_private)


def of_points(scored: Scored) -> Iterator[Phrase]:
    """Points for which there are too few others."""
    n = int((~scored.is_member).sum())
    for metric, needed in unsupported(n, PER_FORM):
        yield phrase(
            "{metric} is left out: it needs {needed} documents that the model has not seen, and {n} are at hand",
            metric=metric, needed=needed, n=n,
        )  # fmt: skip


def control(n: int, *, is_found: bool) -> Phrase:
    """How the control went."""
    if is_found:
        return phrase(
            "positive control: the attack tells {n} documents that a copy was made to know by heart from others", n=n
        )
    return phrase(
        "positive control: the attack does not tell {n} documents that a copy was trained on from others; more "
        "steps may help: --set membership-advantage-lm.control_steps=400",
        n=n,
    )


def no_control_too_large(n_parameters: int, most: int) -> Phrase:
    """No control: it would take too long."""
    return phrase(
        "no positive control: with {n} parameters the model is too large to be overfitted here (at most {most}); "
        "add: --set membership-advantage-lm.control_max_parameters={n}",
        n=n_parameters, most=most,
    )  # fmt: skip


def no_control_size(n: int) -> Phrase:
    """No control: too few others."""
    return phrase("no positive control: {n} documents that the model has not seen are too few to set a threshold", n=n)


def no_control(because: Phrase) -> Phrase:
    """No control, for the reason that the model gave."""
    return phrase("no positive control: the model cannot be overfitted here ({because})", because=str(because))

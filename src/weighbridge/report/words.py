"""What the nouns of Weighbridge are called when people read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from weighbridge.core.candidate import Belonging, Component, Impact, Role
from weighbridge.core.card import Cost, Lifecycle
from weighbridge.core.evidence import Failed, Measured, NotApplicable, NotMeasured, Outcome
from weighbridge.core.findings import Counterweight, Effect, Verdict
from weighbridge.core.rungs import Rung
from weighbridge.core.wording import _


def rung_name(rung: Rung) -> str:
    """The rung's name, as commands and policies write it."""
    return {
        Rung.WITHHELD: _("withheld"),
        Rung.PARTNERS: _("partners"),
        Rung.SERVED: _("served"),
        Rung.GATED: _("gated"),
        Rung.LICENSED: _("licensed"),
        Rung.OPEN: _("open"),
    }[rung]


def rung_means(rung: Rung) -> str:
    """What happens on this rung, as a clause."""
    return {
        Rung.WITHHELD: _("nobody outside gets it"),
        Rung.PARTNERS: _("partners you name get a copy"),
        Rung.SERVED: _("anyone may use it through your service, nobody gets a copy"),
        Rung.GATED: _("people you have checked may download it"),
        Rung.LICENSED: _("anyone may download it, under terms of use"),
        Rung.OPEN: _("anyone may download it"),
    }[rung]


def rung_in_words(rung: Rung) -> str:
    """Name and meaning together."""
    return f"{rung_name(rung)} ({rung_means(rung)})"


def rungs_in_words(rungs: Iterable[Rung]) -> str:
    """The names of several rungs as a list."""
    return listed(rung_name(rung) for rung in rungs)


def listed(names: Iterable[str], *, either: bool = False) -> str:
    """Names as a list: all of them, or either one."""
    every = tuple(names)
    if len(every) < 2:
        return "".join(every)
    last = _("{before} or {last}") if either else _("{before} and {last}")
    return last.format(before=", ".join(every[:-1]), last=every[-1])


def component_name(component: Component) -> str:
    """What is released, as the subject of a sentence."""
    return {
        Component.WEIGHTS: _("the model"),
        Component.DATA: _("the data"),
        Component.TRAIN_DATA: _("the training data"),
        Component.CODE: _("the code"),
        Component.PAPER: _("the paper"),
        Component.DETECTOR: _("the detector"),
        Component.SAMPLES: _("the samples"),
    }[component]


def belonging_name(belonging: Belonging) -> str:
    """Which component an artefact leaves with."""
    if belonging is Belonging.EVIDENCE_ONLY:
        return _("stays here, looked at only")
    return component_name(Component(belonging.value))


def role_name(role: Role) -> str:
    """What an artefact is."""
    return {
        Role.WEIGHTS: _("model weights"),
        Role.TOKENIZER: _("tokenizer"),
        Role.DATA: _("data"),
        Role.TRAIN_DATA: _("training data"),
        Role.HELD_OUT: _("held-out data"),
        Role.CODE: _("code"),
        Role.PAPER: _("paper"),
        Role.CARD: _("model or data card"),
        Role.LICENCE: _("licence"),
        Role.DETECTOR: _("detector"),
        Role.SAMPLES: _("samples"),
        Role.HUMAN_TEXT: _("text by people"),
        Role.OUTPUTS: _("text by the model"),
        Role.REFERENCE_WEIGHTS: _("weights to compare with"),
        Role.POPULATION: _("figures on the population"),
        Role.PARALLEL_TEXT: _("text in several languages"),
        Role.RELEASE_TEXT: _("announcement"),
        Role.RECIPE: _("training recipe"),
    }[role]


def effect_in_words(effect: Effect, countered_by: Sequence[Counterweight] = (Counterweight.BENEFIT,)) -> str:
    """What a rule does when it is broken, and, of a caution, what may be set against it."""
    caution = _("a caution: a benefit that somebody testifies to may outweigh it")
    if Counterweight.DEFENCE in countered_by:
        caution = _("a caution: a measured defence, or a benefit that somebody testifies to, may outweigh it")
    return {
        Effect.STOP: _("a stop: it cannot be traded against anything"),
        Effect.CAUTION: caution,
        Effect.REFUSE_RATIONALE: _("the reason given does not count"),
        Effect.HOLD: _("an interview should wait"),
        Effect.NARROW_CLAIM: _("a claim goes further than what was tested"),
        Effect.ADVISE: _("advice: it limits nothing"),
    }[effect]


def verdict_in_words(verdict: Verdict, effect: Effect) -> str:
    """How a rule came out."""
    return {
        Verdict.HOLDS: _("within the limit"),
        Verdict.BREACHED: _("a limit") if effect.forbids else _("to be looked at"),
        Verdict.OPEN: _("not yet answered"),
        Verdict.EXEMPT: _("does not apply here"),
    }[verdict]


def outcome_in_words(outcome: Outcome) -> str:
    """How a probe ended."""
    match outcome:
        case Measured():
            return _("measured")
        case NotApplicable():
            return _("does not apply here")
        case NotMeasured():
            return _("not measured")
        case Failed():
            return _("broke off")


def impact_in_words(impact: Impact) -> str:
    """How much hangs on the release."""
    return {
        Impact.LIGHT: _("light: no people in it, and nobody it could hurt"),
        Impact.STANDARD: _("standard: not every opening question was answered with no"),
        Impact.HIGH: _("high: people could be hurt, or private people are in it"),
    }[impact]


def cost_in_words(cost: Cost) -> str:
    """How long a probe takes."""
    return {
        Cost.SECONDS: _("takes seconds on a laptop"),
        Cost.MINUTES: _("takes minutes on a laptop"),
        Cost.HOURS: _("takes hours on a laptop"),
    }[cost]


def lifecycle_in_words(lifecycle: Lifecycle) -> str:
    """How far a probe may be leaned on; nothing where it is stable."""
    return {
        Lifecycle.STABLE: "",
        Lifecycle.EXPERIMENTAL: _("still being tried out"),
        Lifecycle.DEPRECATED: _("kept for old weighings only"),
    }[lifecycle]

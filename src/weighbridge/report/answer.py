"""The answer first: what stands against a release, what is cleared, and what would clear the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from weighbridge.core.findings import Finding, Standing, Verdict
from weighbridge.core.rungs import Rung, highest, in_order
from weighbridge.core.weighing import Weighing
from weighbridge.core.wording import _, plural
from weighbridge.report.neutral import capital, instruction, sentence
from weighbridge.report.numbers import minutes_in_words
from weighbridge.report.words import component_name, listed, rung_in_words, rung_name, rungs_in_words

_MOST_REASONS = 2  # told in the answer; all of them stand among the limits


class State(StrEnum):
    """How one rung stands for one component."""

    RULED_OUT = "ruled-out"
    NOT_YET = "not-yet"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """One step, and all the open findings it would settle; without a step where none is known."""

    says: str
    minutes: int | None
    settles: tuple[Finding, ...]


def answer_lines(weighing: Weighing) -> tuple[str, ...]:
    """The whole answer: the headline, then each component's sentences, the first of them led by its name."""
    lines = [headline(weighing)]
    for standing in weighing.recommendation.components:
        first, *rest = standing_lines(standing, weighing)
        name = capital(component_name(standing.component))
        lines += [_("{component}: {sentence}").format(component=name, sentence=first), *rest]
    return tuple(lines)


def headline(weighing: Weighing) -> str:
    """The answer to "should it be open-sourced?" in a sentence or two."""
    standings = weighing.recommendation.components
    ruled_out = [s for s in standings if Rung.OPEN not in s.ceiling]
    waiting = [s for s in standings if Rung.OPEN in s.ceiling and Rung.OPEN not in s.cleared]
    if not standings:
        return _("Nothing in it would leave the house, so there is nothing to clear.")
    if ruled_out:
        which = listed(component_name(s.component) for s in ruled_out)
        return _("Not as it is. Opening {components} is ruled out.").format(components=which)
    if waiting:
        n = len(open_findings(weighing, *waiting))
        return plural(
            "Nothing found forbids it, but {n} question is not yet answered.",
            "Nothing found forbids it, but {n} questions are not yet answered.",
            n,
        ).format(n=n)
    if n := sum(f.verdict is Verdict.OPEN for f in weighing.findings):
        return plural(
            "Nothing found forbids it. {n} question is put, and nothing waits for it. The decision is yours.",
            "Nothing found forbids it. {n} questions are put, and nothing waits for them. The decision is yours.",
            n,
        ).format(n=n)
    return _("Nothing found forbids it, and nothing is left to answer. The decision is yours.")


def standing_lines(standing: Standing, weighing: Weighing) -> tuple[str, ...]:
    """How one component stands: what is ruled out and why, what nothing forbids, what is cleared, what clears more."""
    lines = [
        _ruled_out(standing, weighing),
        _not_forbidden(standing),
        _cleared(standing),
        _to_do(standing, weighing),
        _proposed(standing),
    ]
    return tuple(line for line in lines if line)


def state_of(rung: Rung, standing: Standing) -> State:
    """Whether the rung is ruled out, not yet cleared, or cleared."""
    if rung not in standing.ceiling:
        return State.RULED_OUT
    return State.CLEARED if rung in standing.cleared else State.NOT_YET


def state_in_words(state: State) -> str:
    """What the ladder calls a state."""
    return {State.RULED_OUT: _("ruled out"), State.NOT_YET: _("not yet cleared"), State.CLEARED: _("cleared")}[state]


def open_findings(weighing: Weighing, *standings: Standing) -> tuple[Finding, ...]:
    """The open findings that keep these components from being cleared as far as nothing forbids."""
    return tuple(f for f in weighing.findings if any(_holds_back(f, s) for s in standings))


def remedies(findings: Iterable[Finding]) -> tuple[Remedy, ...]:
    """Findings by the step that settles them, the shortest first; those without a known step come last, as one."""
    by_step: dict[str, list[Finding]] = {}
    for finding in findings:
        by_step.setdefault(instruction(finding.remedy) if finding.remedy else "", []).append(finding)
    made = [Remedy(says=says, minutes=_longest(settles), settles=tuple(settles)) for says, settles in by_step.items()]
    unknown = float("inf")
    return tuple(sorted(made, key=lambda r: (not r.says, unknown if r.minutes is None else r.minutes, r.says)))


def _holds_back(finding: Finding, standing: Standing) -> bool:
    return (
        finding.verdict is Verdict.OPEN
        and finding.rule in standing.open
        and finding.component in (None, standing.component)
        and bool(set(finding.forbids) & set(standing.ceiling))
    )


def _ruled_out(standing: Standing, weighing: Weighing) -> str:
    gone = [rung for rung in Rung if rung not in standing.ceiling]
    if not gone:
        return ""
    breached = [
        f
        for f in weighing.findings
        if f.verdict is Verdict.BREACHED and f.rule in standing.limits and f.component in (None, standing.component)
    ]
    breached.sort(key=lambda f: -len(f.forbids))
    reasons = list(dict.fromkeys(sentence(f.says) for f in breached))
    if not reasons:
        return plural("{rungs} is ruled out.", "{rungs} are ruled out.", len(gone)).format(rungs=_subject(gone))
    told = plural("{rungs} is ruled out, because: {reasons}", "{rungs} are ruled out, because: {reasons}", len(gone))
    if (more := len(reasons) - _MOST_REASONS) > 0:
        reasons[_MOST_REASONS:] = [plural("And {n} limit more.", "And {n} limits more.", more).format(n=more)]
    return told.format(rungs=_subject(gone), reasons=" ".join(reasons))


def _subject(rungs: Iterable[Rung]) -> str:
    return capital(rungs_in_words(rungs))


def _not_forbidden(standing: Standing) -> str:
    if not standing.ceiling:
        return _("This policy leaves nothing that may be done with it.")
    if standing.ceiling == (Rung.WITHHELD,):
        return _("Only keeping it back is left.")
    return _("Nothing found forbids {rungs}.").format(rungs=_reach(standing.ceiling))


def _cleared(standing: Standing) -> str:
    if not standing.ceiling or set(standing.ceiling) == {Rung.WITHHELD}:
        return ""
    if set(standing.ceiling) <= set(standing.cleared):
        return _("That is cleared as well.")
    if set(standing.cleared) <= {Rung.WITHHELD}:
        return _("Cleared so far: nothing but keeping it back.")
    return _("Cleared so far: {rungs}.").format(rungs=_reach(standing.cleared))


def _to_do(standing: Standing, weighing: Weighing) -> str:
    waiting = open_findings(weighing, standing)
    if not waiting:
        return ""
    steps = [remedy for remedy in remedies(waiting) if remedy.says]
    if not steps:
        return _("What would clear the rest is not known yet.")
    stuck = sum(len(remedy.settles) for remedy in remedies(waiting) if not remedy.says)
    if not stuck:
        return _steps_in_words(steps)
    left = plural("For {n} question no step is known yet.", "For {n} questions no step is known yet.", stuck)
    return f"{_steps_in_words(steps, clears_all=False)} {left.format(n=stuck)}"


def _steps_in_words(steps: Sequence[Remedy], *, clears_all: bool = True) -> str:
    known = [step.minutes for step in steps if step.minutes is not None]
    time = minutes_in_words(sum(known)) if known else ""
    if known and len(known) < len(steps):
        time = _("{time} and more").format(time=time)
    told = plural(
        "This step{time} would clear part of the rest, if it turns up nothing.",
        "These {n} steps{time} would clear part of the rest, if they turn up nothing.",
        len(steps),
    )
    if clears_all:
        told = plural(
            "This step{time} would clear the rest, if it turns up nothing.",
            "These {n} steps{time} would clear the rest, if they turn up nothing.",
            len(steps),
        )
    return told.format(n=len(steps), time=f" ({time})" if time else "")


def _proposed(standing: Standing) -> str:
    rung = standing.proposed
    if rung is None:
        return ""
    told = {
        State.RULED_OUT: _("Its owner proposes {rung}: that is ruled out."),
        State.NOT_YET: _("Its owner proposes {rung}: that fits so far, and is not yet cleared."),
        State.CLEARED: _("Its owner proposes {rung}: that fits."),
    }[state_of(rung, standing)]
    return told.format(rung=rung_name(rung))


def _reach(rungs: Sequence[Rung]) -> str:
    """The most that these rungs give, with its meaning."""
    most = highest(rungs)
    if len(most) == 1:
        return rung_in_words(most[0])
    return listed((rung_in_words(rung) for rung in in_order(most)), either=True)


def _longest(findings: Iterable[Finding]) -> int | None:
    return max((f.minutes for f in findings if f.minutes is not None), default=None)

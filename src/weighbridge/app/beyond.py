"""Beyond: which breached cautions a plan goes beyond, and whether whoever decides says so by name.

A caution is traded, never passed over: a reason names it, and a measured defence or a testified benefit stands against
it; or somebody with the authority waives it. A rationale that a rule refuses is named as well, whatever is decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from weighbridge.core.bodies import standing_from
from weighbridge.core.candidate import Component
from weighbridge.core.decision import Decision, Waiver
from weighbridge.core.errors import nearest_hint
from weighbridge.core.findings import Effect, Standing, Verdict
from weighbridge.core.ports import Ledger
from weighbridge.core.rungs import Rung, in_order
from weighbridge.core.stages import Rungs
from weighbridge.core.weighing import Weighing
from weighbridge.core.wording import Phrase, _, phrase

if TYPE_CHECKING:
    from weighbridge.app.decide import Reason

Told = tuple[str, str]  # the key in the file, and what is wrong with it


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """What is decided for one component, at once and by its stages, and what is said for it."""

    component: Component
    rungs: tuple[Rung, ...]
    reasons: tuple[Reason, ...]
    waivers: tuple[Waiver, ...]

    @property
    def named(self) -> set[str]:
        """The rules that a reason for this component names."""
        return {rule for reason in self.reasons if reason.component is self.component for rule in reason.despite}

    @property
    def waived(self) -> set[str]:
        """The rules that a waiver lifts for this component."""
        return {waiver.rule for waiver in self.waivers if waiver.component is self.component}


def cautions_against(weighing: Weighing, component: Component, rungs: Iterable[Rung]) -> tuple[str, ...]:
    """The breached cautions that forbid one of these rungs of a component."""
    given = set(rungs)
    return tuple(
        dict.fromkeys(
            f.rule
            for f in weighing.findings
            if (f.effect, f.verdict) == (Effect.CAUTION, Verdict.BREACHED)
            and f.component in (None, component)
            and given & set(f.forbids)
        )
    )


def refused_rationales(weighing: Weighing) -> tuple[str, ...]:
    """The breached rules that refuse a rationale."""
    wanted = (Effect.REFUSE_RATIONALE, Verdict.BREACHED)
    return tuple(dict.fromkeys(f.rule for f in weighing.findings if (f.effect, f.verdict) == wanted))


def unnamed(
    weighing: Weighing, going: Iterable[Going], against: Mapping[str, tuple[Phrase, ...]] | None
) -> Iterator[Told]:
    """What is gone beyond and not named, or with nothing to set against it.

    Parameters
    ----------
    against : what was measured or testified against each caution, by rule; None where nobody looked for any
    """
    parts = tuple(going)
    for one in parts:
        found = [rule for rule in cautions_against(weighing, one.component, one.rungs) if rule not in one.waived]
        missing = [rule for rule in found if rule not in one.named]
        key = f"plan.{one.component.value}"
        if missing:
            says = _(
                "goes beyond what the breached caution {rule} allows ({n} in all), and no reason for {component} names "
                'it: despite = ["{rule}"]; or waive the rule by name'
            )
            yield key, says.format(rule=missing[0], n=len(missing), component=one.component.value)
        bare = [rule for rule in found if against is not None and not against.get(rule)]
        if bare and not missing:
            says = _(
                "goes beyond what the breached caution {rule} allows ({n} in all), and nothing that was measured or "
                "testified stands against it: testify to a benefit of {component} in weighbridge.toml and weigh again, "
                "or waive the rule by name"
            )
            yield key, says.format(rule=bare[0], n=len(bare), component=one.component.value)
    yield from _of_rationales(weighing, parts)


def _of_rationales(weighing: Weighing, parts: tuple[Going, ...]) -> Iterator[Told]:
    """A refused rationale that no reason names; a name that is of no breached rule."""
    reasons = parts[0].reasons if parts else ()
    named = {rule for reason in reasons for rule in reason.despite}
    for rule in refused_rationales(weighing):
        if rule not in named:
            says = _('do not name {rule}, which is breached: give one without it, and say so: despite = ["{rule}"]')
            yield "reason", says.format(rule=rule)
    known = [*refused_rationales(weighing)]
    known += [rule for one in parts for rule in cautions_against(weighing, one.component, Rung)]
    for rule in sorted(named - set(known)):
        hint = nearest_hint(rule, known) if known else _("there is none")
        yield "reason.despite", _("{rule} is no breached caution; {hint}").format(rule=rule, hint=hint)


def beyond(decision: Decision, ledger: Ledger, plan: Rungs | None = None) -> tuple[Phrase, ...]:
    """Where a decision goes beyond what its recommendation cleared, with the rules that stand against it.

    Parameters
    ----------
    plan : the rungs to look at; left out, those of the plan and of all its stages
    """
    given = plan if plan is not None else (*decision.plan, *(row for stage in decision.stages for row in stage.plan))
    told = []
    for standing in _standings(decision, ledger):
        rungs = in_order(rung for name, rung in given if name == standing.component.value)
        for slugs, allowed, says in (
            (standing.limits, standing.ceiling, "{component} {rung} goes beyond breached rules: {rules}"),
            (standing.open, standing.cleared, "{component} {rung} goes beyond rules that are not answered: {rules}"),
        ):
            over = [rung.value for rung in rungs if rung not in allowed]
            if over and slugs:
                told.append(
                    phrase(says, component=standing.component.value, rung=", ".join(over), rules=", ".join(slugs))
                )
    return tuple(told)


def _standings(decision: Decision, ledger: Ledger) -> tuple[Standing, ...]:
    """What was recommended when it was decided."""
    for entry in ledger.entries(decision.name):
        if entry.digest == decision.recommendation and isinstance(entry.body, dict):
            rows = entry.body.get("components")
            return tuple(standing_from(row) for row in rows) if isinstance(rows, list) else ()
    return ()

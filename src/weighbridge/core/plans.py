"""Plans: a rung for each component, perhaps by stages; and what a person declares that plans are compared by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from weighbridge.core.errors import nearest_hint
from weighbridge.core.stages import Key, Rungs, Stage, stage_faults, widened
from weighbridge.core.worth import Actor, Alternative, Benefit, Substitute


class Slice(StrEnum):
    """Which part of the whole goes first where a plan is staged by more than time."""

    SIZE = "size"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Who gets what, and when. `rungs` hold from the first day; each stage widens them once its criteria are met."""

    name: Annotated[str, "a slug"]
    rungs: Annotated[Rungs, "a rung for every released component"]
    says: Annotated[str, "in one sentence"] = ""
    stages: Annotated[tuple[Stage, ...], "what opens later, by which criteria"] = ()
    slice: Annotated[Slice | None, "a part that goes out first on its own: a smaller size, some languages"] = None

    def at(self, opened: int) -> Rungs:
        """The rungs in force once so many stages are open; none are on the first day."""
        return widened(self.rungs, self.stages[:opened])


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What people declare of worth: who may misuse it, what else there is, whom it serves, which plans they see."""

    actors: tuple[Actor, ...] = ()  # empty: those of the shelf, all assumed
    substitutes: tuple[Substitute, ...] = ()
    benefits: tuple[Benefit, ...] = ()
    plans: tuple[Plan, ...] = ()  # beside the standard ones
    alternatives: tuple[Alternative, ...] = ()  # work close to this one that may do more good


UNDECLARED = Worth()
MOST = 40  # of each: every actor is drawn for every plan, and what a file names must not take all memory


def worth_faults(worth: Worth, components: Sequence[str]) -> Iterator[tuple[Key, str]]:
    """All that is wrong with it beyond each entry alone, with its place in the candidate file.

    Parameters
    ----------
    components : every component there can be; whether one is released is seen where plans are compared
    """
    groups: tuple[tuple[str, Sequence[Actor | Substitute | Benefit | Plan]], ...] = (
        ("actor", worth.actors),
        ("substitute", worth.substitutes),
        ("benefit", worth.benefits),
        ("plan", worth.plans),
    )
    for key, entries in groups:
        if len(entries) > MOST:
            yield (key,), f"stands there {len(entries)} times; {MOST} at most"
        names = [entry.name for entry in entries]
        yield from (
            ((key, n, "name"), "is the name of an earlier one") for n, name in enumerate(names) if name in names[:n]
        )
    if len(worth.alternatives) > MOST:
        yield ("alternative",), f"stands there {len(worth.alternatives)} times; {MOST} at most"
    for n, benefit in enumerate(worth.benefits):
        if benefit.component and benefit.component not in components:
            yield ("benefit", n, "component"), f"is no component; {nearest_hint(benefit.component, components)}"
    for n, plan in enumerate(worth.plans):
        yield from ((("plan", n, *key), says) for key, says in _plan_faults(plan, components))


def _plan_faults(plan: Plan, components: Sequence[str]) -> Iterator[tuple[Key, str]]:
    if not plan.name.strip():
        yield ("name",), "is empty"
    for name, _rung in plan.rungs:
        if name not in components:
            yield ("rungs", name), f"is no component; {nearest_hint(name, components)}"
    yield from stage_faults(plan.rungs, plan.stages)

"""Where the comparison of plans meets its shelves on the disk.

What draws is imported where it is asked for: it brings scipy with it, for which no other command should wait.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from weighbridge.adapters.assumed_shelf import load_assumed, load_delays
from weighbridge.adapters.formats.price_shelf import read_prices
from weighbridge.app.decide import Figures
from weighbridge.catalogue import all_cards
from weighbridge.core.errors import Unusable
from weighbridge.core.plans import Plan
from weighbridge.core.stages import day_of
from weighbridge.core.tradeoffs import Comparison
from weighbridge.core.weighing import Weighing
from weighbridge.core.wording import Phrase, _

if TYPE_CHECKING:
    from weighbridge.app.plan import Shelves


DECIDES = "decided-here"  # under this name the plan of a decision file stands where it is no other


@dataclass(frozen=True, slots=True, kw_only=True)
class Planning:
    """How plans are compared; what is left out is as a decision is held against."""

    as_of: str = ""  # the day that prices and substitutes are of; empty: that of the shelf of prices, and today
    seen: str = ""  # the day on which a substitute is to be had; empty: as said above
    seed: int = 0
    plan: str = ""  # the one that the statement speaks of
    decides: Plan | None = None  # likewise, as it is decided
    in_full: bool = True  # with flip points and what an hour would tell, which take most of the time
    prices: Path | None = None  # a shelf of one's own
    actors: Path | None = None  # likewise


def plans_for(weighing: Weighing, planning: Planning | None = None, *, today: str = "") -> Comparison:
    """All plans for what was weighed, side by side.

    Parameters
    ----------
    today : the day that stages are counted from; left out: the day that prices are of

    Raises
    ------
    Unusable
        For a day that is none, a plan that there is not, a shelf that cannot be read.
    """
    from weighbridge.app.plan import Terms, compare_plans

    asked = planning or Planning()
    if asked.as_of and day_of(asked.as_of) is None:
        raise Unusable(
            _("cannot compare plans as of {day}").format(day=asked.as_of), _("it is no day"),
            _("name it as in: --as-of 2026-11-28"),
        )  # fmt: skip
    terms = Terms(
        as_of=asked.as_of, seen=asked.seen, today=today, seed=asked.seed, plan=asked.plan,
        decides=asked.decides, in_full=asked.in_full,
    )  # fmt: skip
    return compare_plans(weighing, _shelves(asked), terms)


def figures_for(weighing: Weighing, day: str = "") -> Figures:
    """What a risk statement is bound to, and whether one is wanted; nothing is drawn for it.

    Parameters
    ----------
    day : the one that the stages of the statement are counted from
    """
    from weighbridge.app.plan import Terms, figures_of, given_of, needs_statement

    figures = figures_of(weighing, given_of(weighing, _shelves(Planning()), Terms(today=day)))
    return Figures(digest=figures, is_required=needs_statement(weighing.candidate))


def against_cautions(weighing: Weighing, plan: Plan) -> dict[str, tuple[Phrase, ...]]:
    """What was measured or testified against each breached caution that this plan goes beyond, by rule."""
    from weighbridge.app.plan import Terms, given_of
    from weighbridge.app.trade import counterweights
    from weighbridge.policy.plans import admitted

    given = given_of(weighing, _shelves(Planning()), Terms())
    return counterweights(plan, admitted(plan, weighing.findings).cautions, given)


def _shelves(asked: Planning) -> Shelves:
    from weighbridge.app.plan import Shelves

    return Shelves(
        assumed=load_assumed(asked.actors), delays=load_delays(), prices=read_prices(asked.prices), cards=all_cards()
    )

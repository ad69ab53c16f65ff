"""How long it takes to compare all plans for all kinds of actor, and in how much memory.

    python benchmarks/plans.py [--draws 1000000] [--repeat 3]

A draw is one actor of one kind in one world; there are as many for each of the four kinds. Counted is all that follows
from the draws: the worlds themselves, what each plan comes to in each, which is beaten, which most weightings prefer.
Flip points and what an hour would tell draw nothing anew and are measured apart, at the size that reports use.
The last line is `draws N plans P actors A seconds S megabytes M same-bytes yes|no`.
"""

from __future__ import annotations

import argparse
import re
import resource
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from replays import FEBRUARY, compared, given, shelves, weighing
from weighbridge.app.figure import market_of
from weighbridge.app.imagine import imagine
from weighbridge.app.plan import Terms, given_of, plans_of
from weighbridge.app.trade import admit_plans, choose, weigh_plans, weightings
from weighbridge.app.value import counts_of
from weighbridge.core.candidate import Component
from weighbridge.policy.plans import recipe_parts

ACTORS_PER_WORLD = 500


def peak_bytes() -> int:
    """The most memory that this process held; what its parent held before it counts for nothing, as in `ru_maxrss`."""
    status = Path("/proc/self/status")
    found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="utf-8")) if status.exists() else None
    return int(found[1]) * 1024 if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def once(draws: int) -> tuple[bytes, int, int]:
    """Everything from nothing; the bytes of what came out, how many plans, how many kinds of actor."""
    terms = Terms(as_of=FEBRUARY, worlds=max(2, draws // ACTORS_PER_WORLD), actors_per_world=ACTORS_PER_WORLD)
    made = weighing()
    asked = given_of(made, shelves(), terms)
    plans = plans_of(made, asked.day)
    parts = [
        recipe_parts({Component(name): rung for name, rung in plan.at(n)})
        for plan in plans
        for n in range(len(plan.stages) + 1)
    ]
    worlds = imagine(asked, parts)
    fair, _out = weigh_plans(admit_plans(plans, made.findings, worlds), worlds, market_of(worlds))
    choose(fair, weightings(counts_of(worlds), asked.stream("weightings")))
    told = np.concatenate([np.concatenate([f.valued.counts.ravel(), f.valued.deterred.ravel()]) for f in fair])
    return told.tobytes(), len(plans), len(asked.actors)


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=1_000_000, help="actors of each kind, over all worlds")
    parser.add_argument("--repeat", type=int, default=3)
    asked = parser.parse_args()
    once(10_000)  # imports and first looks at the shelves are not what is measured
    given()
    seconds, outcomes, plans, actors = [], [], 0, 0
    for _ in range(max(2, asked.repeat)):
        started = time.process_time()
        told, plans, actors = once(asked.draws)
        seconds.append(time.process_time() - started)
        outcomes.append(told)
        print(f"{seconds[-1]:.2f} CPU-seconds")
    started = time.process_time()
    compared(weighing(), Terms(as_of=FEBRUARY))
    print(f"a report's comparison, with flip points and all: {time.process_time() - started:.2f} CPU-seconds")
    megabytes = peak_bytes() / 2**20
    same = "yes" if len(set(outcomes)) == 1 else "no"
    print(
        f"draws {asked.draws} plans {plans} actors {actors} seconds {min(seconds):.2f} megabytes {megabytes:.0f} "
        f"same-bytes {same}"
    )


if __name__ == "__main__":
    main()

"""What it costs somebody else to come by the like: worked out from declared facts and a dated shelf of prices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from weighbridge.core.candidate import Subject
from weighbridge.core.evidence import Basis, Measured, Outcome, Quantity, not_measured
from weighbridge.core.wording import Phrase, phrase
from weighbridge.maths.replication import Drawn, Floats
from weighbridge.probekit.ports import Bench, Probe
from weighbridge.probekit.replication import Draws, Scenario, Terms, draws
from weighbridge.probekit.ways import Route

CONFIDENCE = 0.95
_AT = (0.025, 0.5, 0.975)
_MODELS = {Subject.CAUSAL_LM, Subject.CLASSIFIER, Subject.UNTOLD_MODEL}
_DATA = {Subject.TABLE, Subject.TEXT, Subject.UNREAD_DATA}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """As on the card."""

    as_of: str = ""
    chip: str = ""
    draws: int = 100_000


def measure(bench: Bench, settings: Settings) -> Outcome:
    """Draw worlds, and read the middle and the bounds of each cost off them."""
    facts = bench.candidate.replication
    if facts is None:
        not_measured(
            phrase("the candidate file does not tell how it was made"),
            phrase("add [replication] to weighbridge.toml; all its keys: weighbridge schema candidate"),
        )
    subjects = set(bench.candidate.subjects)
    terms = Terms(
        as_of=settings.as_of,
        chip=settings.chip,
        holds_model=bool(subjects & _MODELS),
        holds_data=bool(subjects & _DATA),
    )
    bench.progress(0, settings.draws, "draws")
    made = draws(facts, bench.prices(), terms, n=settings.draws, stream=bench.generator)
    bench.progress(settings.draws, settings.draws, "draws")
    return Measured(quantities=tuple(_quantities(made)), notes=tuple(_notes(made)))


def _quantities(made: Draws) -> Iterator[Quantity]:
    for route, scenario in product(Route, Scenario):
        usd = made.usd.get((route, scenario))
        if usd is not None and route not in made.setup.ruled_out:
            yield _quantity("cost-usd", "USD", usd, (("route", route.value), ("scenario", scenario.value)))
    for route in Route:
        if route in made.by_route:
            yield from _parts(route, made.by_route[route])


def _parts(route: Route, drawn: Drawn) -> Iterator[Quantity]:
    """What a cost is made of, for one route."""
    by = (("route", route.value),)
    if route is not Route.OBTAIN:
        yield _quantity("run-usd", "USD", drawn.run_usd, by)
        yield _quantity("compute-usd", "USD", drawn.compute_usd, by)
        yield _quantity("chip-hours", "chip-hours", drawn.chip_hours, by)
    if drawn.data_usd is not None:
        yield _quantity("data-usd", "USD", drawn.data_usd, by)
    yield _quantity("staff-months", "person-months", drawn.staff_months, by)
    yield _quantity("months", "months", drawn.months, by)


def _quantity(metric: str, unit: str, drawn: Floats, by: tuple[tuple[str, str], ...]) -> Quantity:
    low, middle, high = (float(x) for x in np.quantile(drawn, _AT))
    return Quantity(
        metric=metric, value=middle, low=low, high=high, confidence=CONFIDENCE, unit=unit, n=len(drawn), n_of="draw",
        by=by, basis=Basis.MODELLED,
    )  # fmt: skip


def _notes(made: Draws) -> Iterator[Phrase]:
    yield from made.setup.notes
    for route, missing in made.setup.untold:
        yield phrase("{route}: not told in full, since {missing}", route=route.value, missing=str(missing))
    if any(scenario is Scenario.SUBSIDISED for _, scenario in made.usd):
        yield phrase("subsidised: somebody else pays for the compute; the people's work is counted all the same")


PROBE = Probe(settings=Settings, measure=measure)

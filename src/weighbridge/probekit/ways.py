"""The ways to come by the like of a candidate, made of declared facts; and why another way cannot be told."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from weighbridge.core.evidence import not_measured
from weighbridge.core.prices import Chip, FactorName, Prices, year_of
from weighbridge.core.replication import DataFacts, Distillation, Obtaining, RecipePart, Replication, Training
from weighbridge.core.wording import Phrase, phrase
from weighbridge.maths.replication import SECONDS_PER_HOUR, Spread, Way, between, constant
from weighbridge.probekit.pricing import final_flop, span_or, spread_of, used

LEAST_USED = 0.005  # chip-hours that used less of their chips than this contradict the FLOP; ours


class Route(StrEnum):
    """A way to come by the like of a candidate."""

    TRAIN = "train"
    FINE_TUNE = "fine-tune"
    DISTIL = "distil"
    OBTAIN = "obtain"  # the data alone


@dataclass(kw_only=True)
class Building:
    """Ways under construction, with what is noticed on the way."""

    facts: Replication
    prices: Prices
    year: float
    ways: list[tuple[Route, Way]] = field(default_factory=list)
    untold: list[tuple[Route, Phrase]] = field(default_factory=list)
    ruled_out: list[Route] = field(default_factory=list)
    notes: list[Phrase] = field(default_factory=list)

    def known_chip(self, name: str) -> Chip:
        """The chip of that name, or the nearest one, which is told."""
        match = self.prices.chip_named(name)
        if match is None:
            known = ", ".join(chip.name for chip in self.prices.chip if chip.clustered)
            not_measured(
                phrase("the chip that was named is not on the shelf, nor one like it"),
                phrase("name one of: {known}; or give a shelf that has it: --prices FILE", known=known),
            )
        if not match.exact:
            told = phrase("a chip that is not on the shelf is taken as the nearest one, {chip}", chip=match.chip.name)
            self.notes += [] if told in self.notes else [told]
        return match.chip

    def add(self, route: Route, chip: Chip) -> None:
        """One route: a way, or why there is none."""
        facts = self.facts
        match route:
            case Route.TRAIN:
                staff = span_or(facts.staff.months, self.prices, _staff_for(facts))
                self._trained(route, chip, facts, facts.data_facts, staff)
            case Route.FINE_TUNE if facts.fine_tuning is not None:
                staff = spread_of(self.prices, FactorName.STAFF_FINE_TUNING)
                data = facts.fine_tuning.data or facts.data_facts
                self._trained(route, chip, facts.fine_tuning, data, staff)
            case Route.DISTIL if facts.distillation is not None:
                self._distilled(chip, facts.distillation)
            case Route.OBTAIN:
                staff = span_or(facts.staff.months, self.prices, FactorName.STAFF_DATA)
                self._with_data(route, None, None, facts.data_facts, staff)
            case _:
                pass

    def _trained(self, route: Route, chip: Chip, told: Training, data: DataFacts | None, staff: Spread) -> None:
        compute = self._compute(route, chip, told)
        if compute is not None:
            self._with_data(route, compute[0], compute[1], data, staff)

    def _distilled(self, chip: Chip, told: Distillation) -> None:
        compute = self._compute(Route.DISTIL, chip, told)
        if compute is None:
            return
        if told.tokens is None:
            self.untold.append(
                (Route.DISTIL, phrase("it is not told how many tokens the student is trained on (tokens)"))
            )
            return
        millions = told.tokens / 1e6
        paid = told.usd_per_million_tokens
        way = Way(
            flop=compute[0], chip_hours=compute[1], staff_months=spread_of(self.prices, FactorName.STAFF_DISTILLATION),
            data_usd=between(paid.low * millions, paid.high * millions), data_months=constant(0.0),
        )  # fmt: skip
        self.ways.append((Route.DISTIL, way))

    def _with_data(
        self, route: Route, flop: Spread | None, hours: Spread | None, data: DataFacts | None, staff: Spread
    ) -> None:
        if data is not None and data.obtaining is Obtaining.UNOBTAINABLE:
            self.ruled_out.append(route)
            self.notes.append(
                phrase("{route}: ruled out, since its data cannot be obtained by anybody", route=route.value)
            )
            return
        if data is None or (data.usd is None and data.obtaining is Obtaining.OBTAINABLE):
            missing = phrase("it is not told what its data costs somebody else (replication.data: obtaining, usd)")
            self.untold.append((route, missing))
            if route is Route.OBTAIN:
                return
        usd = None if data is None else between(data.usd.low, data.usd.high) if data.usd else None
        if usd is None and data is not None and data.obtaining is Obtaining.PUBLIC:
            usd = constant(0.0)
        months = between(data.months.low, data.months.high) if data is not None and data.months else constant(0.0)
        way = Way(flop=flop, chip_hours=hours, staff_months=staff, data_usd=usd, data_months=months)
        self.ways.append((route, way))

    def _compute(self, route: Route, chip: Chip, told: Training) -> tuple[Spread | None, Spread | None] | None:
        """FLOP, or hours on the chip that is priced; None where neither is told."""
        flop = final_flop(told, self.prices)
        if told.chip_hours is None:
            if flop is None:
                self.untold.append((route, _missing(told)))
            return None if flop is None else (flop, None)
        if not told.chip:
            self.notes.append(
                phrase("{route}: chip_hours are not read, for it is not told of which chip", route=route.value)
            )
            if flop is None:
                self.untold.append((route, phrase("it is not told on which chip its chip_hours were spent (chip)")))
            return None if flop is None else (flop, None)
        return self._from_hours(told, flop, told.chip_hours, chip)

    def _from_hours(
        self, told: Training, flop: Spread | None, hours: float, chip: Chip
    ) -> tuple[Spread | None, Spread | None]:
        spent_on = self.known_chip(told.chip)
        could = hours * SECONDS_PER_HOUR * spent_on.flop_per_second
        known = told.flop or told.flop_by_rule
        if known is not None and not LEAST_USED <= known / could <= 1:
            not_measured(
                phrase(
                    "the facts contradict each other: {flop:.2g} operations in {hours:g} hours of {chip} are "
                    "{share:.3g} times what it can do",
                    flop=known, hours=hours, chip=spent_on.name, share=known / could,
                ),
                phrase("mend chip_hours, chip, flop, parameters or tokens in [replication] of weighbridge.toml"),
            )  # fmt: skip
        if spent_on.name == chip.name:
            return None, spread_of(self.prices, FactorName.TOLD).scaled(hours)
        if flop is not None:
            return flop, None
        then = year_of(told.trained) if told.trained else self.year
        return used(self.prices, then).scaled(could), None


def _missing(told: Training) -> Phrase:
    """Which fact would tell the compute."""
    if told.parameters is None and told.tokens is None:
        return phrase("it is not told how it was trained (parameters and tokens, or flop, or chip_hours and chip)")
    name = "tokens" if told.tokens is None else "parameters"
    return phrase(
        "it is not told how many {name} it was trained with ({name}, or flop, or chip_hours and chip)", name=name
    )


def _staff_for(facts: Replication) -> FactorName:
    """How long people take follows from how much of the recipe they can have."""
    if RecipePart.CODE in facts.public:
        return FactorName.STAFF_CODE
    return FactorName.STAFF_PAPER if RecipePart.PAPER in facts.public else FactorName.STAFF_NOTHING

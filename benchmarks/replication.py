"""How well the cost of compute is foretold: published chip-hours against the interval that the same facts give.

Each row of the table that has parameters, training data and chip-hours is weighed as if its hours were not known: from
parameters, data and FLOP, its chip and its date. It counts as covered where the published hours lie inside the 90 %
interval.

No prior is fitted on the row that it is tested on. Utilisation is the only thing that is learnt from published runs,
and for every row it is learnt anew from the runs of the shelf without that run, and without any other run that the same
people published within a month; the output names how many runs were taken out. Rows after the last run of the shelf are
in nobody's prior.

Left out, by name and with the reason: rows whose FLOP was itself worked out from the hours (circular) and that no other
fact tells; rows whose facts contradict each other, by the rules that the tool itself refuses them by, or whose hours
are not those of their chips times their time; rows whose chip nobody knows.

This validates compute alone. What deters whom stays assumed.

    python benchmarks/replication.py --models models.csv [--from YEAR] [--to YEAR]

The last line is `rows N left-out N covered P median-ratio R`. Exits with 2 where the table cannot be used.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from weighbridge.adapters.formats.price_shelf import read_prices
from weighbridge.core.evidence import Silent
from weighbridge.core.prices import Chip, Prices, PublishedRun, year_of
from weighbridge.core.replication import CONTRADICTION, DataFacts, Obtaining, Replication, doubts
from weighbridge.maths.proportions import clopper_pearson
from weighbridge.maths.replication import SECONDS_PER_HOUR
from weighbridge.probekit.bench import generator
from weighbridge.probekit.pricing import final_flop, used
from weighbridge.probekit.replication import Terms, draws
from weighbridge.probekit.ways import LEAST_USED, Route

DRAWS = 100_000
INSIDE = (0.05, 0.5, 0.95)
# Words, or a bare factor below one, that tell a FLOP count worked out from hours with a share somebody supposed.
_FROM_HOURS = re.compile(r"assum|utili[sz]|hardware estimate|\*\s*0?\.\d+\b|\d\s*%\s*\*|\*\s*[\d.]+\s*%", re.IGNORECASE)
_SUPPOSED = (0.2, 0.25, 0.3, 0.33, 0.35, 0.4, 0.45, 0.5, 0.6)  # shares of peak that are customarily supposed
_SUFFIXES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "b": 1e9, "bn": 1e9, "billion": 1e9} | {
    "t": 1e12,
    "trillion": 1e12,
}
_NUMBER = re.compile(r"([0-9][0-9,_]*\.?[0-9]*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)\s*([a-z]*)", re.IGNORECASE)
_COLUMNS = {
    "name": ("model", "system", "name"),
    "who": ("organization", "organisation"),
    "date": ("publication date", "date", "year"),
    "domain": ("domain",),
    "parameters": ("parameters",),
    "data": ("training dataset size (datapoints)", "training dataset size", "tokens"),
    "epochs": ("epochs",),
    "flop": ("training compute (flop)", "training compute"),
    "notes": ("training compute notes",),
    "time": ("training time (hours)", "training time"),
    "chip": ("training hardware", "hardware", "chip"),
    "quantity": ("hardware quantity",),
    "hours": ("training chip-hours", "chip-hours", "chip hours"),
    "link": ("link", "source"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One published run, as the table has it."""

    name: str
    who: str
    date: str
    domain: str
    parameters: float | None
    data: float | None
    epochs: float | None
    flop: float | None
    notes: str
    hours: float | None
    chips_times_time: float | None
    chip: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """A row that can be foretold: its facts without its hours, and the chip it ran on."""

    row: Row
    facts: Replication
    chip: Chip
    remark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A row that cannot, and why."""

    row: Row
    because: str


def main() -> int:
    """Read, foretell, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, required=True, help="table of published runs")
    parser.add_argument("--from", dest="first", type=int, default=0, help="first year of publication")
    parser.add_argument("--to", dest="last", type=int, default=9999, help="last year of publication")
    parser.add_argument("--prices", type=Path, default=None, help="shelf of prices; left out: the shipped one")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--print-runs", action="store_true", help="print the tested rows as runs of a shelf, and stop")
    options = parser.parse_args()
    prices = read_prices(options.prices)
    try:
        rows = [row for row in read_rows(options.models) if options.first <= year_of(row.date) < options.last + 1]
    except (OSError, UnicodeDecodeError, csv.Error, KeyError) as error:
        print(f"cannot use {options.models}: {error}", file=sys.stderr)
        return 2
    whole = [row for row in rows if row.parameters and row.data and row.hours]
    judged = [judge(row, prices) for row in whole]
    tested = [made for made in judged if isinstance(made, Tested)]
    left_out = [made for made in judged if isinstance(made, LeftOut)]
    if options.print_runs:
        print_runs(tested)
        return 0
    for gone in left_out:
        print(f"left out  {gone.row.date:10}  {gone.row.name[:40]:40}  {gone.because}")
    print_gpt2(prices, options.seed)
    print_result([foretell(made, prices, options.seed) for made in tested], len(left_out))
    return 0


# the table


def read_rows(path: Path) -> Iterator[Row]:
    """Every row with a date; a cell that is missing or no number is not known."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for cells in csv.DictReader(stream):
            low = {str(key).strip().lower(): str(value or "").strip() for key, value in cells.items() if key}
            has_hours = any(name in low for name in _COLUMNS["hours"])
            made = _row({field: _cell(low, names) for field, names in _COLUMNS.items()}, has_hours=has_hours)
            if made is not None:
                yield made


def _cell(cells: dict[str, str], names: Sequence[str]) -> str:
    return next((cells[name] for name in names if cells.get(name)), "")


def _row(cells: dict[str, str], *, has_hours: bool) -> Row | None:
    """One row, or None where it has no date; hours are worked out only for a table that has no column of them."""
    day = re.match(r"\d{4}(-\d{2}){0,2}", cells["date"])
    if day is None:
        return None
    try:
        year_of(day[0])
    except ValueError:
        return None
    time, quantity, hours = (number(cells[key]) for key in ("time", "quantity", "hours"))
    product = time * quantity if time and quantity else None
    return Row(
        name=cells["name"], who=cells["who"], date=day[0], domain=cells["domain"], notes=cells["notes"],
        parameters=number(cells["parameters"]), data=number(cells["data"]), epochs=number(cells["epochs"]),
        flop=number(cells["flop"]), hours=hours if has_hours else product, chips_times_time=product,
        chip=cells["chip"], link=cells["link"],
    )  # fmt: skip


def number(text: str) -> float | None:
    """A number as people write it: 1.5e9, 1,500,000,000, 1.5B, 1.5 billion; None for what is none, or not above 0."""
    found = _NUMBER.match(text.strip().lstrip("$~≈").strip())
    if found is None:
        return None
    value = float(found[1].replace(",", "").replace("_", "")) * _SUFFIXES.get(found[2].lower(), 1.0)
    return value if 0 < value < 1e40 else None


# what can be foretold


def judge(row: Row, prices: Prices) -> Tested | LeftOut:
    """The facts of a row without its hours, or why there are none that do not come from the hours."""
    names = [name.strip() for name in re.split(r"[,;]| and ", row.chip) if name.strip()]
    match = prices.chip_named(names[0]) if len(names) == 1 else None
    if match is None:
        return LeftOut(row=row, because="several chips" if len(names) > 1 else "chip not named, or not known")
    chip, hours = match.chip, row.hours or 0.0
    product = row.chips_times_time or hours
    if not 1 / CONTRADICTION <= hours / product <= CONTRADICTION:
        return LeftOut(row=row, because=f"contradictory: {hours:g} chip-hours, and chips times time is {product:g}")
    could = hours * SECONDS_PER_HOUR * chip.flop_per_second
    facts, because = _facts(row, could)
    if facts is None:
        return LeftOut(row=row, because=because)
    known = facts.flop or facts.flop_by_rule or 0.0
    if not LEAST_USED <= known / could <= 1:
        told = f"contradictory: {known:.2g} FLOP in these hours is {known / could:.3g} times what the chips can do"
        return LeftOut(row=row, because=told)
    return Tested(row=row, facts=facts, chip=chip, remark="" if match.exact else f"taken as {chip.name}")


def _facts(row: Row, could: float) -> tuple[Replication | None, str]:
    """Parameters and tokens where the data is counted in tokens; FLOP where it was not worked out from the hours."""
    is_text = "language" in row.domain.lower()
    circular = row.flop is not None and _is_from_hours(row, could)
    flop = None if circular else row.flop
    by_rule = Replication(parameters=row.parameters, tokens=row.data, epochs=row.epochs or 1.0)
    wrong = [f"{'.'.join(map(str, doubt.path))} {doubt.says}" for doubt in doubts(by_rule)]
    if wrong:
        return (Replication(flop=flop), "") if flop else (None, f"cannot be: {'; '.join(wrong)}")
    rule = by_rule.flop_by_rule or 0.0
    agrees = row.flop is None or 1 / CONTRADICTION <= row.flop / rule <= CONTRADICTION
    if flop is not None:  # told by other means than the hours: it stands, also where 6ND does not hold
        return (replace(by_rule, flop=flop) if is_text and agrees else Replication(flop=flop)), ""
    if not is_text:
        return None, "circular: FLOP worked out from the hours, and the data is not counted in tokens"
    if not agrees:
        return None, f"circular, and contradictory: 6ND is {rule / (row.flop or rule):.2g} times the FLOP told"
    return by_rule, ""


def _is_from_hours(row: Row, could: float) -> bool:
    """Whether the FLOP was worked out from the hours: the notes tell, or it is a customary share of the peak."""
    share = (row.flop or 0.0) / could if could else 0.0
    return bool(_FROM_HOURS.search(row.notes)) or any(abs(share / supposed - 1) < 0.01 for supposed in _SUPPOSED)


# foretelling


@dataclass(frozen=True, slots=True, kw_only=True)
class Foretold:
    """The interval for one row's hours, from runs other than its own."""

    tested: Tested
    low: float
    median: float
    high: float
    n_taken_out: int

    @property
    def hours(self) -> float:
        """As published."""
        return self.tested.row.hours or 0.0

    @property
    def is_inside(self) -> bool:
        """Whether the published hours lie in the interval."""
        return self.low <= self.hours <= self.high

    @property
    def ratio(self) -> float:
        """How many times too many or too few the median is."""
        return max(self.median / self.hours, self.hours / self.median)


def foretell(made: Tested, prices: Prices, seed: int) -> Foretold:
    """Hours of the final run, as the tool works them out, with a shelf that never saw this run."""
    kept = tuple(run for run in prices.run if not _is_kin(run, made.row))
    blind = replace(prices, run=kept)
    stream = partial(generator, seed, "benchmark", made.row.name)
    flop = final_flop(made.facts, blind)
    if flop is None:
        msg = f"{made.row.name} has no FLOP"
        raise RuntimeError(msg)
    share = used(blind, year_of(made.row.date)).draw(stream("utilisation"), DRAWS)
    hours = flop.draw(stream("flop"), DRAWS) / (share * SECONDS_PER_HOUR * made.chip.flop_per_second)
    low, median, high = (float(x) for x in np.quantile(hours, INSIDE))
    return Foretold(tested=made, low=low, median=median, high=high, n_taken_out=len(prices.run) - len(kept))


def _is_kin(run: PublishedRun, row: Row) -> bool:
    """The very run, by name or by its hours, or one that the same people published within a month."""
    same_people = bool({part.strip() for part in run.who.split(",")} & {part.strip() for part in row.who.split(",")})
    same_hours = abs(run.chip_hours / (row.hours or 1.0) - 1) < 0.02
    return run.model == row.name or same_hours or (same_people and abs(year_of(run.date) - year_of(row.date)) < 1 / 11)


def print_gpt2(prices: Prices, seed: int) -> None:
    """GPT-2, 1.5 billion parameters, remade in 2019 for about 50,000 USD: what one run was foretold to cost."""
    inside, low, median, high = gpt2(prices, seed)
    verdict = "inside" if inside else "outside"
    print(
        f"GPT-2 1.5B, August 2019, one run: 50,000 USD published, foretold {low:,.0f} to {high:,.0f}, "
        f"median {median:,.0f}: {verdict}"
    )


def gpt2(prices: Prices, seed: int) -> tuple[bool, float, float, float]:
    """Whether 50,000 USD lies inside the 90 % interval for one run; low, median, high.

    References
    ----------
    Gokaslan and Cohen 2019, OpenGPT-2: We Replicated GPT-2 Because You Can Too (50,000 USD); 1.9e21 FLOP:
    Epoch AI, Notable AI Models.
    """
    facts = Replication(parameters=1.5e9, flop=1.9e21, data=DataFacts(obtaining=Obtaining.PUBLIC))
    # no run of the shelf is a replication of GPT-2: nothing to take out
    made = draws(facts, prices, Terms(as_of="2019-08-22"), n=DRAWS, stream=partial(generator, seed, "gpt2"))
    low, median, high = (float(x) for x in np.quantile(made.by_route[Route.TRAIN].run_usd, INSIDE))
    return low <= 50_000 <= high, low, median, high


def print_result(all_of_them: Sequence[Foretold], n_left_out: int) -> None:
    """One line for each row, a summary with the interval of the share, and the last line."""
    for one in sorted(all_of_them, key=lambda f: f.tested.row.date):
        row = one.tested.row
        print(
            f"{'inside ' if one.is_inside else 'OUTSIDE'}  {row.date:10}  {row.name[:40]:40}  {one.hours:12,.0f} h  "
            f"foretold {one.low:12,.0f} to {one.high:12,.0f}, median {one.median:12,.0f}, x{one.ratio:.2f}; "
            f"{one.n_taken_out} runs taken out {one.tested.remark}"
        )
    n, hits = len(all_of_them), sum(one.is_inside for one in all_of_them)
    if not n:
        print(f"rows 0 left-out {n_left_out} covered nan median-ratio nan")
        return
    share = clopper_pearson(hits, n)
    ratio = float(np.median([one.ratio for one in all_of_them]))
    print(f"{hits} of {n} inside the 90 % interval; the share itself, at 95 %: {share.low:.2f} to {share.high:.2f}")
    print(f"rows {n} left-out {n_left_out} covered {hits / n:.3f} median-ratio {ratio:.2f}")


def print_runs(tested: Sequence[Tested]) -> None:
    """The tested rows in the shape that a shelf holds them in."""
    for made in sorted(tested, key=lambda made: (made.row.date, made.row.name)):
        row, flop = made.row, made.facts.flop or made.facts.flop_by_rule
        rule = "" if made.facts.flop else " by_rule = true,"
        cells = {"model": row.name, "who": row.who, "date": row.date, "chip": made.chip.name}
        told = ", ".join(f"{key} = {_quoted(value)}" for key, value in cells.items())
        source = f"{row.link or 'no link'} (by way of Epoch AI, Notable AI Models, CC BY 4.0)"
        print(f"  {{ {told}, flop = {flop:.4g}, chip_hours = {row.hours:.6g},{rule} source = {_quoted(source)} }},")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Silent as silent:
        print(silent.outcome.because, file=sys.stderr)
        sys.exit(2)

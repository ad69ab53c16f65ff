"""The numbers of all tables as one: the worst of each, open as far as anything was not counted or not said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from weighbridge.core.evidence import Basis, Quantity
from weighbridge.maths.classes import Crowd
from weighbridge.probes.unique_combinations.curve import DECLARED, IDENTIFIER, Curve, Point
from weighbridge.probes.unique_combinations.diversity import CONFIDENCE, Diversity
from weighbridge.probes.unique_combinations.population import Beyond, Share

_OPEN = 0.95  # confidence of a number that is open because of what nobody said; below 1, as nothing was drawn; ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """All that was found of one table."""

    curve: Curve
    beyond: Beyond | None  # None where no column is one that others could know
    diversity: tuple[Diversity, ...]
    is_untold: bool = False  # something is sensitive, and how it is mixed could not be told


def quantities_of(weighed: Sequence[Weighed], *, is_complete: bool) -> tuple[tuple[Quantity, ...], dict[str, str]]:
    """The worst of all tables for each number, and whose it is over the whole declared set.

    Where a table could not be counted (`is_complete` is false) the worst may be worse than the worst that was seen: the
    interval then reaches to the end of the scale, so that what was seen can breach a rule and cannot satisfy it.
    """
    curves = [w.curve for w in weighed]
    made: list[Quantity] = []
    whose: dict[str, str] = {}
    for at in sorted({point.at for curve in curves for point in curve.points}):  # 1, 2, 3, declared, identifier
        for metric in ("unique-share", "small-class-share", "smallest-class"):
            curve, quantity = _worst_point(metric, at, curves, is_complete=is_complete)
            made.append(quantity)
            if at == DECLARED:
                whose[metric] = curve.table
    beyond = [w.beyond for w in weighed if w.beyond]
    made += _of_population("global-risk", [(b.risk, b.n) for b in beyond], is_complete=is_complete)
    unique = [(b.unique, b.n) for b in beyond if b.unique]
    is_complete_here = is_complete and len(unique) == len(beyond)
    made += _of_population("population-unique-share", unique, is_complete=is_complete_here)
    if beyond:
        is_told = is_complete and not any(w.is_untold for w in weighed)
        made += _of_diversity([d for w in weighed for d in w.diversity], is_complete=is_told)
    return tuple(made), whose


def _worst_point(metric: str, at: str, curves: Sequence[Curve], *, is_complete: bool) -> tuple[Curve, Quantity]:
    found = [(curve, point) for curve in curves for point in curve.points if point.at == at]
    curve, point = max(found, key=lambda pair: _badness(metric, pair[1].crowd))
    number = _number(metric, point.crowd)
    is_open = any(c.is_open or (c.beyond and at != IDENTIFIER) for c in curves)
    if metric == "smallest-class":
        least = min(_number(metric, p.crowd, least=p.least_smallest) for _, p in found)
        low, high = (1.0 if is_open or not is_complete else least), number
    else:
        low, high = number, max(number, *(_reach(metric, at, c, p) for c, p in found))
        if not is_complete:
            high = 1.0
    is_sampled = low != high and any(not p.is_certain for _, p in found)
    return curve, Quantity(
        metric=metric, value=number, low=low, high=high, by=(("columns", at),),
        confidence=_OPEN if (is_open and is_complete) or is_sampled or _rests_on_sample(metric, found) else 1.0,
        unit="count" if metric == "smallest-class" else "1", n=point.crowd.n, n_of=curve.n_of,
    )  # fmt: skip


def _rests_on_sample(metric: str, found: Sequence[tuple[Curve, Point]]) -> bool:
    """Whether that nothing is worse is known from a sample only: it is certain where it is as bad as all together."""
    for curve, point in found:
        whole = curve.point(DECLARED)
        if not point.is_certain and whole and _number(metric, point.crowd) != _number(metric, whole.crowd):
            return True
    return False


def _reach(metric: str, at: str, curve: Curve, point: Point) -> float:
    """How high a share may be for what was not counted, nor said: whose rows are, which columns others could know."""
    if curve.is_open:
        return 1.0
    most = point.most_unique if metric == "unique-share" else point.most_small
    reach = most / point.crowd.n
    return max(reach, _number(metric, curve.beyond)) if curve.beyond and at != IDENTIFIER else reach


def _number(metric: str, crowd: Crowd, *, least: int | None = None) -> float:
    match metric:
        case "unique-share":
            return crowd.unique_share
        case "small-class-share":
            return crowd.small_share
        case _:
            return float(crowd.smallest if least is None else least)


def _badness(metric: str, crowd: Crowd) -> float:
    return -_number(metric, crowd) if metric == "smallest-class" else _number(metric, crowd)


def _of_population(metric: str, found: Sequence[tuple[Share, int]], *, is_complete: bool) -> list[Quantity]:
    if not found:
        return []
    share, n = max(found, key=lambda pair: pair[0].value)
    high = max(s.high for s, _ in found) if is_complete else 1.0
    confidence = min(s.confidence for s, _ in found)
    basis = Basis.MODELLED if any(s.basis is Basis.MODELLED for s, _ in found) else Basis.MEASURED
    low = max(s.low for s, _ in found)
    return [
        Quantity(
            metric=metric, value=share.value, low=min(low, share.value), high=high, confidence=confidence, unit="1",
            n=n, n_of="row", basis=basis,
        )
    ]  # fmt: skip


def _of_diversity(found: Sequence[Diversity], *, is_complete: bool) -> list[Quantity]:
    """The worst sensitive column; where nothing is sensitive, nothing of the kind is there to be told."""
    if not found:
        return [_none("fewest-sensitive-values", "count"), _none("sensitive-told-share", "1")] if is_complete else []
    fewest, worst = min(found, key=lambda d: d.fewest), max(found, key=lambda d: d.told)
    is_exact = all(d.is_exact for d in found) and is_complete
    least = min(d.fewest_least for d in found) if is_complete else 1
    return [
        Quantity(
            metric="fewest-sensitive-values", value=fewest.fewest, low=min(least, fewest.fewest), high=fewest.fewest,
            confidence=1.0 if is_exact or fewest.fewest == 1 else CONFIDENCE, unit="count", n=fewest.n, n_of="row",
        ),
        Quantity(
            metric="sensitive-told-share", value=worst.told, low=max(d.told_low for d in found),
            high=max(d.told_high for d in found) if is_complete else 1.0,
            confidence=1.0 if is_exact else CONFIDENCE, unit="1", n=worst.n, n_of="row",
        ),
    ]  # fmt: skip


def _none(metric: str, unit: str) -> Quantity:
    return Quantity(metric=metric, value=0.0, low=0.0, high=0.0, confidence=1.0, unit=unit, n=0, n_of="row")

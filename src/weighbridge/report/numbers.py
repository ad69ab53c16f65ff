"""Quantities in words, for readers who have never met an interval.

Bounds are always rounded outwards, so that the words never claim more than the numbers.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

from weighbridge.core.evidence import Basis, Quantity
from weighbridge.core.wording import _, plural
from weighbridge.report.neutral import clean

_LARGEST_BASE = 10**9


def quantity_in_words(q: Quantity) -> str:
    """The whole quantity as one clause: what was found, how sure that is, and where it comes from if not measured."""
    if says_none(q):
        return _("there is nothing of this kind")
    if tried_none(q):
        return _("none tried")
    parts = [found_in_words(q), sureness_in_words(q)]
    if q.basis is not Basis.MEASURED:
        parts.append(basis_in_words(q.basis))
    return "; ".join(parts)


def says_none(q: Quantity) -> bool:
    """Whether it says that there is nothing of its kind to be counted: zero of none, counted over all there is."""
    return q.n == 0 and q.confidence == 1 and q.low == q.high == 0


def tried_none(q: Quantity) -> bool:
    """Whether it is a share of nothing, so that it may be anything."""
    return q.basis is Basis.MEASURED and q.unit == "1" and q.n == 0 and (q.low, q.high) == (0, 1)


def found_in_words(q: Quantity) -> str:
    """What was found, without its bounds."""
    if says_none(q):
        return _("nothing of this kind")
    if tried_none(q):
        return _("none tried")
    if q.unit == "1" and q.value == 0 and q.low == 0 and q.n:
        return _("none of {counted}").format(counted=counted_in_words(q.n, q.n_of))
    if q.unit == "1" and q.value == 1 and q.n:
        return _("all of {counted}").format(counted=counted_in_words(q.n, q.n_of))
    return _worded(q, rounded(q.value * _base(q)))


def sureness_in_words(q: Quantity) -> str:
    """Between what the truth lies, and how sure that is."""
    if q.confidence == 1 and q.low == q.high:
        return _("counted over all there is")
    low, high = q.low * _base(q), q.high * _base(q)
    sure = confidence_in_words(q.confidence)
    if q.low == q.high == 0:  # as a place among others whose intervals are all apart: there is no range to tell
        return sure
    if q.low == q.value == 0 and q.unit in ("1", "count"):
        return _("the true figure may be up to {high}, {sure}").format(high=_worded(q, upwards(high)), sure=sure)
    between = _("between {low} and {high}").format(low=downwards(low), high=_worded(q, upwards(high)))
    return f"{between}, {sure}"


def confidence_in_words(confidence: float) -> str:
    """How sure, cut off after one decimal."""
    if confidence == 1:
        return _("certain")
    cut = (Decimal(repr(confidence)) * 100).quantize(Decimal("0.1"), ROUND_FLOOR)
    return _("{percent}\N{NO-BREAK SPACE}% sure").format(percent=_trimmed(cut))


def counted_in_words(n: int, n_of: str) -> str:
    """So many of a kind, in the number that fits."""
    if not n_of:
        return rounded(n, digits=15)
    form = plural(f"{{n}} {n_of}", f"{{n}} {_many(n_of)}", n)
    return clean(form.replace("{n}", rounded(n, digits=15)))


def basis_in_words(basis: Basis) -> str:
    """Where a number comes from."""
    return {
        Basis.MEASURED: _("measured"),
        Basis.MODELLED: _("worked out from a model, not measured"),
        Basis.TESTIFIED: _("as people told it, not measured"),
        Basis.ASSUMED: _("assumed, not measured"),
    }[basis]


def minutes_in_words(minutes: int) -> str:
    """A rough duration."""
    if minutes < 90:
        return plural("about {n} minute", "about {n} minutes", minutes).format(n=minutes)
    hours = (minutes + 30) // 60
    return plural("about {n} hour", "about {n} hours", hours).format(n=hours)


def size_in_words(size_bytes: int) -> str:
    """A file's size in decimal units."""
    for power, unit in ((9, "GB"), (6, "MB"), (3, "kB")):
        if size_bytes >= 10**power:
            return f"{rounded(size_bytes / 10**power)}\N{NO-BREAK SPACE}{unit}"
    return f"{size_bytes}\N{NO-BREAK SPACE}B"


def percent(share: float, *, digits: int = 2) -> str:
    """A share in percent; nothing short of all is called 100 %."""
    return _("{n}\N{NO-BREAK SPACE}%").format(n=rounded(share * 100, digits=digits, whole=100))


def percent_up(share: float) -> str:
    """A share in percent, rounded up."""
    return _("{n}\N{NO-BREAK SPACE}%").format(n=upwards(share * 100))


def percent_down(share: float) -> str:
    """A share in percent, rounded down."""
    return _("{n}\N{NO-BREAK SPACE}%").format(n=downwards(share * 100))


def rounded(x: float, *, digits: int = 2, whole: float = 100.0) -> str:
    """To so many significant digits, whole numbers kept whole; what falls short of `whole` stays short of it."""
    near = _cut(x, digits, ROUND_HALF_EVEN)
    if near == Decimal(whole) and x < whole:
        near = _cut(x, max(digits, 3), ROUND_DOWN)
    return _trimmed(near)


def upwards(x: float) -> str:
    """Rounded towards plus infinity, two significant digits."""
    return _trimmed(_cut(x, 2, ROUND_CEILING))


def downwards(x: float) -> str:
    """Rounded towards minus infinity, two significant digits."""
    return _trimmed(_cut(x, 2, ROUND_FLOOR))


def _cut(x: float, digits: int, rounding: str) -> Decimal:
    exact = Decimal(f"{x:.12g}")  # what multiplying by 100 adds in the sixteenth digit is no reason to round up
    if exact == 0:
        return Decimal(0)
    return exact.quantize(Decimal(1).scaleb(min(0, exact.adjusted() - digits + 1)), rounding)


def _trimmed(x: Decimal) -> str:
    text = f"{x:,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", "−")


def _base(q: Quantity) -> int:
    """Out of how many a share is told: the fewest, from a hundred on, of which the upper bound is at least one."""
    if q.unit != "1":
        return 1
    reach, base = max(abs(q.low), abs(q.high)), 100
    while 0 < reach * base < 1 and base < _LARGEST_BASE:
        base *= 10
    return base


def _worded(q: Quantity, number: str) -> str:
    if q.unit == "1":
        return _("{n} in {base}").format(n=number, base=f"{_base(q):,}")
    return number if q.unit == "count" else f"{number} {_(q.unit)}"


def _many(noun: str) -> str:
    """The English plural of what was counted: 'class of rows' gives 'classes of rows'."""
    head, of, rest = noun.partition(" of ")
    first, space, last = head.rpartition(" ")
    if last.endswith(("s", "x", "z", "ch", "sh")):
        last += "es"
    elif last.endswith("y") and last[-2:-1] not in tuple("aeiou"):
        last = last[:-1] + "ies"
    else:
        last += "s"
    return f"{first}{space}{last}{of}{rest}"

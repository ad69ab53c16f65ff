"""English's place among the languages tested, beside what the essay claims of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from weighbridge.core.evidence import Quantity
from weighbridge.core.wording import Phrase, phrase
from weighbridge.maths.proportions import Interval
from weighbridge.maths.ratios import place_among

ENGLISH = "en"
ODD = 0.9  # from here on, or below what is left to 1, a language is the odd one out: the outermost tenth; ours
CONFIDENCE = 0.95  # of all intervals of one figure together

# Figure, metric, its part (where it has one), and where the essay's claim puts English: high or low.
MEASURES: tuple[tuple[str, tuple[str, ...], str, bool], ...] = (
    ("word order", ("order-rise", "order-drop"), "sentence", True),
    ("order of neighbours", ("order-rise", "order-drop"), "threes", True),
    ("spelling", ("spelling-rise", "spelling-drop"), "", True),
    ("tokens per word", ("tokens-per-word",), "", False),
    ("characters per word", ("characters-per-word",), "", False),
    ("premium", ("premium",), "", False),
)
_CLAIMS = {
    "word order": "English is the odd one out for its strict word order",
    "spelling": "English is the odd one out for its standard spelling",
    "tokens per word": "English is the odd one out for having the word as its unit",
}


def places(
    quantities: Sequence[Quantity],
    *,
    least: int,
    left_out: frozenset[str] = frozenset(),
    reads: Mapping[str, frozenset[str]] | None = None,
    named: Callable[[Sequence[str]], str] = ", ".join,
) -> tuple[tuple[Quantity, ...], tuple[Phrase, ...]]:
    """English's place by each figure, and what that makes of the essay's claim.

    Parameters
    ----------
    least : with fewer other languages there is no place
    left_out : languages whose misspellings nobody models, which are not compared by spelling
    reads : by metric, the languages that the model was shown to know: one that it cannot read has nothing to lose, so
        that its figure is about the model. Metrics that are not there are compared among all
    named : languages in words
    """
    found: list[Quantity] = []
    notes: list[Phrase] = []
    for measure, metrics, part, is_high in MEASURES:
        metric, by_language = _by_language(quantities, metrics, part)
        if measure == "spelling":
            by_language = {tag: q for tag, q in by_language.items() if tag not in left_out}
        read, n_tried = (reads or {}).get(metric), len(by_language)
        if read is not None:
            by_language = {tag: q for tag, q in by_language.items() if tag in read}
        unread = n_tried - len(by_language)
        if unread and (ENGLISH not in by_language or len(by_language) <= least):
            if measure in _CLAIMS:
                notes.append(_about_the_model(measure, named(sorted(by_language)), n_tried, least))
            continue
        english = by_language.pop(ENGLISH, None)
        if english is None or len(by_language) < least:
            if measure in _CLAIMS and (by_language or english):
                notes.append(_no_place(measure, len(by_language), least, has_english=english is not None))
            continue
        place = place_among(_interval(english), [_interval(q) for q in by_language.values()])
        found.append(_quantity(measure, place, len(by_language)))
        if measure in _CLAIMS:
            notes.append(_beside(measure, place, len(by_language), is_high=is_high))
    return tuple(found), tuple(notes)


def _by_language(quantities: Sequence[Quantity], metrics: Sequence[str], part: str) -> tuple[str, dict[str, Quantity]]:
    """The first of these metrics that is there, and its figure of each language."""
    for metric in metrics:
        made = {
            q.at("language") or "": q
            for q in quantities
            if q.metric == metric and (q.at("shuffle") or "") == part and q.at("language")
        }
        if made:
            return metric, made
    return "", {}


def _interval(q: Quantity) -> Interval:
    return Interval(q.value, q.low, q.high)


def _quantity(measure: str, place: Interval, n: int) -> Quantity:
    return Quantity(
        metric="english-place", value=place.value, low=place.low, high=place.high, confidence=CONFIDENCE, unit="1", n=n,
        n_of="language", by=(("measure", measure),),
    )  # fmt: skip


def _beside(measure: str, place: Interval, n: int, *, is_high: bool) -> Phrase:
    """The essay's claim, as the essay's, and what was measured here."""
    low, high = (place.low, place.high) if is_high else (1 - place.high, 1 - place.low)
    where: dict[str, str | int | float] = {"low": place.low, "high": place.high, "n": n}
    told = {"claim": _CLAIMS[measure], "measure": measure, **where}
    if low >= ODD:
        return phrase(
            "the essay says: {claim}. By {measure}, {low:.0%} to {high:.0%} of {n} other languages tested lie below "
            "English: the measurement agrees", **told,
        )  # fmt: skip
    if high < ODD:
        return phrase(
            "the essay says: {claim}. By {measure}, {low:.0%} to {high:.0%} of {n} other languages tested lie below "
            "English: the measurement does not support that", **told,
        )  # fmt: skip
    return phrase(
        "the essay says: {claim}. By {measure}, {low:.0%} to {high:.0%} of {n} other languages tested lie below "
        "English: the measurement does not settle that", **told,
    )  # fmt: skip


def _about_the_model(measure: str, read: str, n: int, least: int) -> Phrase:
    """Why there is no place: what it cannot read, it cannot lose."""
    if not read:
        return phrase(
            "by {measure}: of {n} languages tested the model was shown to read none (language-quality), so that the "
            "figures are about the model and not about English", measure=measure, n=n,
        )  # fmt: skip
    return phrase(
        "by {measure}: of {n} languages tested this model was shown to read only {languages} (language-quality), so "
        "that the figures are about the model and not about English; English has a place among {least} others or more "
        "that it reads", measure=measure, n=n, languages=read, least=least,
    )  # fmt: skip


def _no_place(measure: str, n: int, least: int, *, has_english: bool) -> Phrase:
    if not has_english:
        return phrase("English was not tested, so that its place by {measure} is not known", measure=measure)
    return phrase(
        "by {measure} {n} other languages were tested; English has a place among {least} or more",
        measure=measure, n=n, least=least,
    )  # fmt: skip

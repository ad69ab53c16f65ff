"""Recall: the precedents nearest to a case, and the nearest of those that turned out the other way.

Nearness is a house convention, not a measurement: the mean of how well the words fit (0 to 1, against the best that
fits) and, three times as much, of the share of traits that agree, among those known and two more, each where it was
asked for. It orders, and proves nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from weighbridge.core.candidate import Said
from weighbridge.core.precedent import QUESTIONS, Precedent, Traits, Turned

# Of precedents that are equally near, those that hurt somebody come first, then the latest.
_WARNS_FIRST = (Turned.HARM, Turned.MIXED, Turned.NO_KNOWN_HARM)


_TRAITS = 3.0  # how much more traits say than words: a station of the weather is near no station of the radio; ours
_UNKNOWN = 2  # as if two more traits were known and did not agree: one that agrees by itself says little


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A precedent, how near it is, and in what."""

    precedent: Precedent
    nearness: float  # 0 to 1
    alike: tuple[str, ...]  # traits that agree
    unlike: tuple[str, ...]  # traits that do not


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """The nearest, nearest first, and the nearest that turned out the other way; None where there is none."""

    nearest: tuple[Match, ...]
    opposite: Match | None


def recall(
    precedents: tuple[Precedent, ...], relevance: Mapping[str, float], traits: Traits | None, *, most: int
) -> Recalled:
    """The precedents that fit, best first.

    Parameters
    ----------
    relevance : by slug, above 0, how well the words fit; empty: no words were asked for
    traits : of the candidate that precedents are sought for; None: of none
    most : how many to give
    """
    best = max(relevance.values(), default=0.0)
    matches = [_match(p, relevance.get(p.slug, 0.0) / best if best else None, traits) for p in precedents]
    if traits is None:  # asked by words alone: what has none of them does not fit
        matches = [match for match in matches if match.nearness > 0]
    matches.sort(key=lambda match: match.precedent.slug)
    matches.sort(key=lambda match: match.precedent.on, reverse=True)
    matches.sort(key=lambda match: (-match.nearness, _WARNS_FIRST.index(match.precedent.turned)))
    if not matches:
        return Recalled(nearest=(), opposite=None)
    turned = matches[0].precedent.turned
    return Recalled(
        nearest=tuple(matches[:most]),
        opposite=next((match for match in matches if _is_opposite(turned, match.precedent.turned)), None),
    )


def _match(precedent: Precedent, words: float | None, traits: Traits | None) -> Match:
    alike, unlike = _compared(precedent.traits, traits) if traits else ((), ())
    share = len(alike) / (len(alike) + len(unlike) + _UNKNOWN) if traits else None
    parts = [(part, weight) for part, weight in ((words, 1.0), (share, _TRAITS)) if part is not None]
    whole = sum(weight for _part, weight in parts)
    nearness = sum(part * weight for part, weight in parts) / whole if parts else 0.0
    return Match(precedent=precedent, nearness=nearness, alike=alike, unlike=unlike)


def _compared(theirs: Traits, ours: Traits) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The traits known of both, parted by whether they agree."""
    agrees: dict[str, bool] = {}
    if theirs.about and ours.about:
        agrees["what it is"] = bool(set(theirs.about) & set(ours.about))
    for name in QUESTIONS:
        one, other = getattr(theirs, name), getattr(ours, name)
        if Said.UNKNOWN not in (one, other):
            agrees[name.replace("_", "-")] = one is other
    return tuple(name for name, does in agrees.items() if does), tuple(n for n, does in agrees.items() if not does)


def _is_opposite(one: Turned, other: Turned) -> bool:
    """Harm against no known harm; a mixed one has its opposite in either."""
    return one is not other and (one is Turned.MIXED or other is not Turned.MIXED)

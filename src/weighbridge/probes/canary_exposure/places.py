"""Where secrets stand: one pass over the documents, a bounded draw of distinct secrets and the text around each."""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from weighbridge.probekit.ports import LanguageModel, Texts
from weighbridge.probes.canary_exposure.space import Space, space_of

_KEPT_BEFORE, _KEPT_AFTER = 4000, 2000  # characters of a document that are kept; tokens are counted afterwards
LEAST_SPACE = 100  # of fewer strings, one guess in a hundred or more finds the secret without any model
_WORD = 24  # characters in which the start of a word is looked for, so as not to cut one; a long word or two


class Stratum(StrEnum):
    """Whose secret it is: a planted one stands for nobody."""

    DECLARED = "declared"
    CANARY = "canary"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A secret and the text around it: `parts` with the secret between any two is the text."""

    stratum: Stratum
    secret: str
    parts: tuple[str, ...]
    label: str
    record: int
    repeats: int = 0  # records in which this secret is declared; 0: it was held back
    key: int = 0  # a salted hash of the secret

    @property
    def space(self) -> Space:
        """All that the secret could be."""
        return space_of(self.secret)

    def with_secret(self, candidate: str) -> str:
        """The text, with something else of the same shape in the place of the secret."""
        return candidate.join(self.parts)


@dataclass(slots=True, kw_only=True)
class Survey:
    """What one pass over the documents of a role gave."""

    places: dict[Stratum, tuple[Place, ...]] = field(default_factory=dict)  # drawn
    keys: dict[Stratum, frozenset[int]] = field(default_factory=dict)  # of all distinct secrets, the drawn among them
    most_bits: float = 0.0  # log2 of the largest space of any secret
    n_documents: int = 0
    n_small: int = 0  # distinct secrets that could be too few strings to be told from a guess
    n_canaries: int = 0  # records declared canaries
    n_canaries_untold: int = 0  # of these, records of which no secret is known


def survey(texts: Texts, most: int, salt: int, tick: Callable[[], None]) -> Survey:
    """Draw at most `most` distinct secrets of each stratum.

    A secret that stands in several texts is tried in one of them, which is drawn with it.
    """
    found = Survey()
    best: dict[Stratum, dict[int, tuple[int, Place]]] = {s: {} for s in Stratum}  # by secret: order, place
    bars = dict.fromkeys(Stratum, 2**64)
    repeats: dict[Stratum, Counter[int]] = {s: Counter() for s in Stratum}
    small: set[int] = set()
    for batch in texts.batches():
        tick()
        found.n_documents += len(batch.canary)
        rows = zip(batch.text.to_pylist(), batch.secret.to_pylist(), batch.canary.tolist(), strict=True)
        for n, (text, secret, is_canary) in enumerate(rows):
            found.n_canaries += is_canary
            found.n_canaries_untold += is_canary and not secret
            if not secret:
                continue
            stratum, key = Stratum.CANARY if is_canary else Stratum.DECLARED, _hash(secret, salt)
            if space_of(secret).size < LEAST_SPACE:
                small.add(key)
                continue
            repeats[stratum][key] += 1
            found.most_bits = max(found.most_bits, math.log2(space_of(secret).size))
            if key > bars[stratum]:
                continue
            place = _place(stratum, text, secret, batch.label, batch.first_record + n)
            order = _hash("\0".join(place.parts), salt)
            kept = best[stratum]
            if key not in kept or order < kept[key][0]:
                kept[key] = (order, place)
            if len(kept) > 2 * most:
                best[stratum] = {k: kept[k] for k in sorted(kept)[:most]}
                bars[stratum] = max(best[stratum])
    found.n_small = len(small)
    for stratum, kept in best.items():
        drawn = [(key, kept[key][1]) for key in sorted(kept)[:most]]
        found.places[stratum] = tuple(replace(place, repeats=repeats[stratum][key], key=key) for key, place in drawn)
        found.keys[stratum] = frozenset(repeats[stratum])
    return found


def without_crowd(found: Survey, most: int) -> tuple[Survey, int]:
    """Canaries that outnumber all other documents cannot all be planted: their secrets count as declared ones.

    Each is counted once here, however often it stands. Returns the survey and how many records that concerns.
    """
    if len(found.keys.get(Stratum.CANARY, ())) <= found.n_documents - found.n_canaries:
        return found, 0
    merged = {p.key: p for s in (Stratum.CANARY, Stratum.DECLARED) for p in found.places.get(s, ())}
    places = tuple(replace(merged[key], stratum=Stratum.DECLARED) for key in sorted(merged)[:most])
    keys = frozenset().union(*found.keys.values())
    declared = {Stratum.DECLARED: places, Stratum.CANARY: ()}
    every = {Stratum.DECLARED: keys, Stratum.CANARY: frozenset[int]()}
    return replace(found, places=declared, keys=every, n_canaries_untold=0), found.n_canaries


def held_back(found: Survey, trained_on: Survey) -> tuple[Survey, int]:
    """Without the secrets that stand in the training text too, and how many those are."""
    known = frozenset().union(*trained_on.keys.values())
    places = {s: tuple(replace(p, repeats=0) for p in these if p.key not in known) for s, these in found.places.items()}
    keys = {s: these - known for s, these in found.keys.items()}
    n_shared = len(frozenset().union(*found.keys.values()) & known)
    return replace(found, places=places, keys=keys), n_shared


def _hash(text: str, salt: int) -> int:
    salted = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8, key=salt.to_bytes(8, "little"))
    return int.from_bytes(salted.digest())


def _place(stratum: Stratum, text: str, secret: str, label: str, record: int) -> Place:
    """The place with as much text around it as may be needed."""
    at = list(_occurrences(text, secret))
    low, high = max(0, at[0] - _KEPT_BEFORE), at[0] + len(secret) + _KEPT_AFTER
    parts = _parts(text, secret, at, low, high)
    return Place(stratum=stratum, secret=secret, parts=parts, label=label, record=record)


def _occurrences(text: str, secret: str) -> Iterator[int]:
    """Where the secret stands by itself; where it does so nowhere, wherever it stands.

    A short code also stands inside longer numbers, which are no copies of it: a candidate put in there as well would
    look unlikely for a reason that has nothing to do with memory.
    """
    every = [m.start() for m in re.finditer(re.escape(secret), text)]
    alone = [
        n
        for n in every
        if not _goes_on(text[n - 1 : n], secret[0]) and not _goes_on(_after(text, n, secret), secret[-1])
    ]
    last = -1
    for at in alone or every:
        if at > last:
            yield at
            last = at + len(secret) - 1


def _after(text: str, at: int, secret: str) -> str:
    return text[at + len(secret) : at + len(secret) + 1]


def _goes_on(one: str, other: str) -> bool:
    """Whether two neighbours are of one word or number."""
    return (one.isdigit() and other.isdigit()) or (one.isalpha() and other.isalpha())


def _parts(text: str, secret: str, at: Sequence[int], low: int, high: int) -> tuple[str, ...]:
    """The text from `low` to `high` around the occurrences that lie wholly in it; one that is cut ends it."""
    inside = [n for n in at if n + len(secret) <= high]
    cut = [n for n in at if n < high < n + len(secret)]
    ends = [*inside[1:], min([*cut, high, len(text)])]
    starts = [n + len(secret) for n in inside]
    return (text[low : inside[0]], *(text[a:b] for a, b in zip(starts, ends, strict=True)))


def within(place: Place, model: LanguageModel, before: int, after: int) -> Place:
    """The place with at most so many tokens before the secret and, counted with the secret itself, behind it."""
    first, secret = place.parts[0], place.secret
    start = _fewest(len(first), lambda n: len(model.encode([first[n:]])[0]) <= before)
    if start:
        blank = re.search(r"\s", first[start : start + _WORD])
        start += blank.start() if blank else 0
    rest = secret.join(place.parts[1:])
    end = len(rest) - _fewest(len(rest), lambda n: len(model.encode([rest[: len(rest) - n]])[0]) <= after)
    text = place.with_secret(secret)
    at = [len(first)]
    for part in place.parts[1:-1]:
        at.append(at[-1] + len(secret) + len(part))
    high = len(first) + len(secret) + end
    return replace(place, parts=_parts(text, secret, at, start, high))


def _fewest(most: int, is_enough: Callable[[int], bool]) -> int:
    """The smallest number up to `most` from which on it is enough, found by halving."""
    low, high = 0, most
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle + 1, high)
    return low

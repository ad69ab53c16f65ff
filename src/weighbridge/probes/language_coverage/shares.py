"""Shares of languages and scripts, and how they stand to what is claimed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from weighbridge.core.evidence import Basis, Quantity
from weighbridge.maths.proportions import Interval, clopper_pearson, corrected, largest
from weighbridge.maths.ratios import ratio_of_sums
from weighbridge.probekit.languages import UNKNOWN, Coverage, Identified, Language, Languages
from weighbridge.probes.language_coverage.texts import Heard

CONFIDENCE = 0.95
RARE = (
    0.005  # a share below which wrong names of other languages may be all there is; ours, at twice their measured rate
)
_FIFTH = 0.2  # of the letters: a second language that is more than a quotation; ours
_LEAST_FOR_LETTERS = 20  # documents in a language, for an interval of its share of letters; ours
UNKNOWN_NAME, OTHER = "unknown", "other"

By = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """What is claimed, as far as it can be told."""

    tags: tuple[str, ...]  # canonical
    tellable: frozenset[str]  # those of them that the identifier knows
    scripts: dict[str, frozenset[str]]  # of each claimed language, as they are told from letters
    named: frozenset[str]  # languages not claimed whose name text in a claimed one is sometimes given

    @classmethod
    def of(cls, tags: Sequence[str], languages: Languages) -> Claimed:
        """The claim, looked up."""
        known = {tag: found for tag in tags if (found := languages.find(tag))}
        return cls(
            tags=tuple(tags),
            tellable=frozenset(set(tags) & set(languages.identifiable)),
            scripts={tag: _as_told(one) for tag, one in known.items()},
            named=frozenset(name for name in languages.identifiable if set(languages.mistaken(name)) & set(tags)),
        )

    def may_be(self, tag: str, script: str) -> bool:
        """Whether text of unknown language in this script may be in that language."""
        return not self.scripts.get(tag) or not script or script in self.scripts[tag]


def _as_told(language: Language) -> frozenset[str]:
    return frozenset({"Hans": "Hani", "Hant": "Hani"}.get(script, script) for script in language.scripts)


def present(heard: Heard) -> tuple[str, ...]:
    """Languages whose share is above what wrong names alone may make."""
    counted = Counter(one.language for one in heard.identified)
    n = len(heard.identified)
    return tuple(
        sorted(
            tag
            for tag, hits in counted.items()
            if tag != UNKNOWN and _share(hits, n, exact=heard.is_all, confidence=CONFIDENCE).low > RARE
        )
    )


def shares(heard: Heard, claimed: Claimed) -> list[Quantity]:
    """Shares of documents and of letters by language, of documents by script, and what is unknown or mixed."""
    n, of = len(heard.identified), ("of", heard.of)
    main = Counter(one.language for one in heard.identified)
    named = sorted({*present(heard), *claimed.tellable})
    rare = sum(hits for tag, hits in main.items() if tag not in (UNKNOWN, *named))
    counted = {tag: main.get(tag, 0) for tag in named} | {UNKNOWN_NAME: main.get(UNKNOWN, 0), OTHER: rare}
    scripts = Counter(one.script for one in heard.identified if one.script)
    confidence = CONFIDENCE if not heard.is_all else 1.0
    found = [
        _quantity("language-share", hits, heard, corrected(confidence, len(counted)), (of, ("language", tag)))
        for tag, hits in counted.items()
    ]
    found += [
        _quantity("script-share", hits, heard, corrected(confidence, len(scripts)), (of, ("script", script)))
        for script, hits in sorted(scripts.items())
    ]
    found.append(_quantity("unknown-share", main.get(UNKNOWN, 0), heard, confidence, (of,)))
    found.append(_quantity("mixed-share", sum(map(_is_mixed, heard.identified)), heard, confidence, (of,)))
    return [*found, *_letters(heard, sorted({*named, *_in_parts(heard)}), n)]


def _quantity(metric: str, hits: int, heard: Heard, confidence: float, by: By) -> Quantity:
    n = len(heard.identified)
    return _made(metric, _share(hits, n, exact=heard.is_all, confidence=confidence), n, confidence, by)


def _share(hits: int, n: int, *, exact: bool, confidence: float) -> Interval:
    return Interval(hits / n, hits / n, hits / n) if exact else clopper_pearson(hits, n, confidence=confidence)


def _made(metric: str, share: Interval, n: int, confidence: float, by: By = ()) -> Quantity:
    return Quantity(
        metric=metric, value=share.value, low=share.low, high=share.high, confidence=confidence, unit="1", n=n,
        n_of="document", by=by,
    )  # fmt: skip


def _is_mixed(one: Identified) -> bool:
    counted: Counter[str] = Counter()
    for part in one.parts:
        counted[part.language] += part.n_letters
    return sum(n >= _FIFTH * one.n_letters for tag, n in counted.items() if tag != UNKNOWN) > 1


def _letters(heard: Heard, named: Sequence[str], n: int) -> list[Quantity]:
    """Shares of letters, of the languages that enough documents hold."""
    below = np.array([one.n_letters for one in heard.identified], dtype=float)
    found: list[tuple[str, Interval]] = []
    held = {tag: np.array([_of(one, tag) for one in heard.identified], dtype=float) for tag in named}
    told = [tag for tag in named if heard.is_all or (held[tag] > 0).sum() >= _LEAST_FOR_LETTERS]
    confidence = 1.0 if heard.is_all else corrected(CONFIDENCE, len(told))
    for tag in told:
        value = float(held[tag].sum() / below.sum())
        whole = (
            Interval(value, value, value) if heard.is_all else ratio_of_sums(held[tag], below, confidence=confidence)
        )
        found.append((tag, Interval(whole.value, max(0.0, whole.low), min(1.0, whole.high))))
    return [_made("letter-share", share, n, confidence, (("of", heard.of), ("language", tag))) for tag, share in found]


def _in_parts(heard: Heard) -> list[str]:
    """Languages that hold more of the letters than wrong names alone may make, though most of no document."""
    letters: Counter[str] = Counter()
    for one in heard.identified:
        for part in one.parts:
            letters[part.language] += part.n_letters
    return [tag for tag, n in letters.items() if tag != UNKNOWN and n > RARE * letters.total()]


def _of(one: Identified, tag: str) -> int:
    return sum(part.n_letters for part in one.parts if part.language == tag)


def against_the_claim(heard: Sequence[Heard], claimed: Claimed) -> list[Quantity]:
    """For each claimed language how much there is, and how much is in languages that are not claimed.

    The share of documents in data or outputs, whichever is more. Documents whose language is unknown may be in any
    language of their script: they raise the upper end. A claimed language that nobody can tell, or that is known to be
    mistaken for another, may have been given the name of one that is not claimed: such documents take the lower end of
    what is unclaimed down.
    """
    if not heard or not claimed.tags:
        return []
    n = sum(len(one.identified) for one in heard)
    each = 1.0 if all(one.is_all for one in heard) else corrected(CONFIDENCE, len(claimed.tellable) * len(heard))
    found = [
        _made("claimed-share", largest(_of_claimed(one, tag, claimed, each) for one in heard), n, each,
              (("language", tag),))
        for tag in sorted(claimed.tellable)
    ]  # fmt: skip
    alone = 1.0 if each == 1 else corrected(CONFIDENCE, len(heard))
    return [*found, _made("unclaimed-share", largest(_unclaimed(one, claimed, alone) for one in heard), n, alone)]


def _of_claimed(heard: Heard, tag: str, claimed: Claimed, confidence: float) -> Interval:
    hits = sum(one.language == tag for one in heard.identified)
    maybe = sum(one.language == UNKNOWN and claimed.may_be(tag, one.script) for one in heard.identified)
    return _between(hits, hits, hits + maybe, heard, confidence)


def _unclaimed(heard: Heard, claimed: Claimed, confidence: float) -> Interval:
    untold = [tag for tag in claimed.tags if tag not in claimed.tellable]
    others = [one for one in heard.identified if one.language not in (UNKNOWN, *claimed.tags)]
    sure = sum(
        one.language not in claimed.named and not any(claimed.may_be(tag, one.script) for tag in untold)
        for one in others
    )
    return _between(sure, len(others), len(others), heard, confidence)


def _between(low: int, value: int, high: int, heard: Heard, confidence: float) -> Interval:
    n = len(heard.identified)
    at_least = _share(low, n, exact=heard.is_all, confidence=confidence)
    at_most = _share(high, n, exact=heard.is_all, confidence=confidence)
    return Interval(value / n, at_least.low, at_most.high)


def of_the_world(languages: Languages, among: dict[str, tuple[str, ...]]) -> list[Quantity]:
    """Speakers of each language, and of all that are claimed or present; estimates of others, so no rule sees them."""
    tags = sorted({tag for some in among.values() for tag in some})
    found = [
        _estimate("speakers", speakers.n, "speakers", 1, (("language", tag), ("source", speakers.source)))
        for tag in tags
        if (language := languages.find(tag))
        for speakers in language.speakers
    ]
    for name, some in among.items():
        found += [
            _estimate("world-speakers", one.share, "1", len(some) - len(one.without), _by(name, one))
            for one in languages.coverage(some)
            if len(one.without) < len(some)
        ]
    return found


def _by(name: str, one: Coverage) -> By:
    return (("among", name), ("source", one.source))


def _estimate(metric: str, value: float, unit: str, n: int, by: By) -> Quantity:
    return Quantity(
        metric=metric, value=value, low=value, high=value, confidence=1.0, unit=unit, n=n, n_of="language", by=by,
        basis=Basis.ASSUMED,
    )  # fmt: skip

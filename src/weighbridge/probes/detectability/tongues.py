"""Languages as declared: put into one spelling, and whether the texts are told to be in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from weighbridge.core.evidence import Silent
from weighbridge.probekit.labelled import Strings
from weighbridge.probekit.languages import UNKNOWN, Languages
from weighbridge.probekit.ports import Bench, Ints
from weighbridge.probes.detectability.sample import Sample

_HEARD = 200  # texts of a side, in a language and domain, by which its language is told; ours, for time
_ALIKE = 0.9  # of them that must be told to be in one language, on either side, where nobody named it; ours
_LONG = 2000  # characters of a text by which it is told; ours


def registry(bench: Bench) -> Languages | None:
    """The languages that are on record; None where no registry is at hand."""
    try:
        return bench.languages()
    except Silent:
        return None


def spelt_alike(column: Strings, languages: Languages | None) -> Strings:
    """Tags as the registry spells them, so that `en-US` and `eng` are one; others stay as they are."""
    if languages is None:
        return column
    found = {tag: languages.find(tag) for tag in set(column.tolist()) if tag}
    return np.asarray([one.tag if (one := found.get(tag)) else tag for tag in column.tolist()], dtype=object)


def told_otherwise(sample: Sample, languages: Languages | None) -> tuple[str, ...]:
    """Strata of which most texts of a side are told to be in another language than is declared.

    A language that no program can tell is taken as declared: its texts are told by the name of a near relative.
    """
    strata = np.asarray(sample.strata, dtype=object)
    if languages is None:
        return ()
    found = []
    for name in sorted(set(sample.strata)):
        here = np.flatnonzero(strata == name)
        sides = (here[sample.is_machine[here]], here[~sample.is_machine[here]])
        if any(_is_otherwise(sample.at(_some(rows)), languages) for rows in sides if len(rows)):
            found.append(name)
    return tuple(found)


def heard(sides: Sequence[tuple[int, Callable[[Ints], list[str]]]], languages: Languages | None) -> str:
    """The one language that the texts of all sides are told to be in; empty where there is not one, or nobody can tell.

    Parameters
    ----------
    sides : of each, how many texts it has and how some of them are fetched
    """
    if languages is None or not all(n for n, _fetch in sides):
        return ""
    named = set()
    for n, fetch in sides:
        texts = [text[:_LONG] for text in fetch(_some(np.arange(n)))]
        try:
            tags = [one.language for one in languages.identify(texts)]
        except Silent:
            return ""
        most = max(sorted(set(tags)), key=tags.count)
        if most == UNKNOWN or tags.count(most) < _ALIKE * len(tags):
            return ""
        named.add(most)
    return named.pop() if len(named) == 1 else ""


def _some(rows: Ints) -> Ints:
    return rows[:: max(1, len(rows) // _HEARD)]


def _is_otherwise(sample: Sample, languages: Languages) -> bool:
    declared = sample.languages[0]
    known = languages.find(declared) if declared else None
    try:
        if known is None or known.tag not in languages.identifiable:
            return False
        heard = languages.identify([text[:_LONG] for text in sample.texts])
    except Silent:  # the packages for it are missing: what was declared is taken as it is
        return False
    return 2 * sum(one.language not in (UNKNOWN, known.tag) for one in heard) > len(heard)

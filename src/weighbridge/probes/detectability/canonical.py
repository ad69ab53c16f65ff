"""The same format for all texts, so that nobody is told by how a file was made: spaces, quotes, ends, length."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import numpy as np

from weighbridge.probekit.ports import Ints
from weighbridge.probes.detectability.meta import PREAMBLE
from weighbridge.probes.detectability.sample import READ, Sample
from weighbridge.probes.detectability.scripts import UNSPACED, main_script

_PLAIN = str.maketrans({
    **dict.fromkeys("“”„‟«»″＂〝〞", '"'), **dict.fromkeys("‘’‚‛′´", "'"), **dict.fromkeys("‐‑‒–—―−", "-"),
    "…": "...", "\u00a0": " ", "\u202f": " ", "\ufeff": "", "\u200b": "", "\u00ad": "", "\ufffd": "",
})  # fmt: skip
_LINE_MARKS = re.compile(
    r"(?m)^[ \t]*(?:#{1,6}[ \t]+|[-*+•][ \t]+|\d{1,3}[.)][ \t]+|>[ \t]+|={3,}[ \t]*$|-{3,}[ \t]*$|```\w*[ \t]*$)"
)
_EMPHASIS = re.compile(r"(\*\*|__|`)(?=\S)(.{1,200}?)(?<=\S)\1", re.DOTALL)
_DOUBLED = re.compile(r"''|``")
_ENTITIES = {
    "&amp;": "&",
    "&lt;": "<",
    "&gt;": ">",
    "&quot;": '"',
    "&#39;": "'",
    "&nbsp;": " ",
    "<br>": " ",
    "<br/>": " ",
}
_ENTITY = re.compile("|".join(map(re.escape, _ENTITIES)))
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_GLUED = re.compile(r"(?<=[^\W\d_])(?<=\w\w)([.!?]+[\"')\]]?)(?=[^\W\d_])")
_BEFORE_POINT = re.compile(r"\s+([,.;:!?)\]])")
_SPACES = re.compile(r"\s+")
_AT_EDGES = ("Z", "C", "P", "Sm", "Sk")  # categories of what is no word, no vowel sign and no picture
_MOST_LOST, _LEAST_KEPT = 24, 4  # words lost at the end: at most a long sentence, and at most a quarter; ours
_LOTS, _MIXER = 99_991, 61_673  # both prime, so that quantiles that are neighbours have lots that are none
_MOST_ROUNDS = 8  # ours: what one round makes of a text can give the next something to do, if it is odd enough


def canonical(text: str) -> str:
    """The text in one format: one line, single spaces, plain quotes and dashes, no preamble, no marks at its ends.

    Of a long text only the beginning that is read remains. A second time changes nothing. A text of marks or of a
    preamble alone stays as it is, but for its spaces.
    """
    text = text[:READ]
    for _ in range(_MOST_ROUNDS):
        again = _once(text)
        if again == text:
            break
        text = again
    return text


def _once(text: str) -> str:
    plain = unicodedata.normalize("NFC", text).translate(_PLAIN)
    plain = _ENTITY.sub(lambda found: _ENTITIES[found[0]], _CONTROLS.sub("", plain))
    plain = _EMPHASIS.sub(r"\2", _LINE_MARKS.sub("", PREAMBLE.sub("", plain, count=1)))
    plain = _SPACES.sub(" ", _DOUBLED.sub('"', plain)).replace("`", "'")
    plain = _GLUED.sub(_apart, _BEFORE_POINT.sub(r"\1", plain))
    return _stripped(plain) or next(filter(None, (_SPACES.sub(" ", kept).strip() for kept in (plain, text))), "")


def _stripped(text: str) -> str:
    """Without marks and spaces at its ends."""
    first, last = 0, len(text)
    while last > first and _is_mark(text[last - 1]):
        last -= 1
    while first < last and _is_mark(text[first]):
        first += 1
    return text[first:last]


def _is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith(_AT_EDGES)


def _apart(found: re.Match[str]) -> str:
    """A space after the end of a sentence: where a capital follows, or a letter of a script that has none."""
    follows = found.string[found.end()]
    before = found.string[found.start() - 1]
    return f"{found[1]} " if follows.isupper() and before.islower() else found[1]


def length_matched(sample: Sample) -> Sample:
    """Both kinds cut, within each stratum, to one distribution of lengths.

    The text at each quantile of length is cut to the shorter of the two kinds there, so that none is longer than it
    was. Lengths are words, or characters where words are not parted by spaces. Then all lose some of their end, by lot
    and alike at each quantile: else of the kind that was cut less, texts would end where their author or a limit made
    them end, and those of the other in the middle of a sentence.
    """
    texts = list(sample.texts)
    cuts = [_Cut(text) for text in texts]
    strata = np.array(sample.strata, dtype=object)
    for stratum in sorted(set(sample.strata)):
        sides = [np.flatnonzero((strata == stratum) & (sample.is_machine == kind)) for kind in (False, True)]
        if not all(len(side) for side in sides):
            continue
        for rows, lengths in zip(sides, _targets([[cuts[i].n for i in side] for side in sides]), strict=True):
            for row, length in zip(rows.tolist(), lengths.tolist(), strict=True):
                texts[row] = cuts[row].to(length)
    return sample.saying(tuple(texts))


def _targets(lengths: Sequence[Sequence[int]]) -> list[Ints]:
    """For each text of both kinds, the shorter of the two lengths at its own quantile, less what is lost by lot."""
    made = []
    for own, other in (lengths, lengths[::-1]):
        rank = (np.argsort(np.argsort(own, kind="stable"), kind="stable") + 0.5) / len(own)
        at_rank = np.quantile(np.asarray(other), rank, method="inverted_cdf")
        length = np.minimum(np.asarray(own), at_rank).astype(np.int64)
        lot = (np.floor(rank * _LOTS).astype(np.int64) * _MIXER) % _LOTS
        most = np.maximum(1, np.minimum(_MOST_LOST, length // _LEAST_KEPT))
        made.append(np.maximum(1, length - 1 - lot % most))
    return made


class _Cut:
    """A text that knows where its words end."""

    def __init__(self, text: str) -> None:
        self._text = text
        spaced = main_script(text[:500]) not in UNSPACED
        self._ends = [found.end() for found in re.finditer(r"\S+", text)] if spaced else []
        self.n = len(self._ends) if spaced else len(text)

    def to(self, length: int) -> str:
        """Its first words or characters, without marks at the end."""
        if length >= self.n:
            return self._text
        cut = self._text[: self._ends[length - 1] if self._ends else length]
        return _stripped(cut) or cut

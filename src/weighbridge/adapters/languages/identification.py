"""Which language a text is in: two identifiers that were made apart must agree, else nobody knows.

A text is cut into sentences, and each sentence by script; short ones are joined to the next, so that a text in two
languages is told as two. CLD2 must call its answer reliable, langid's model must give the same language more than half
of its probability, and the language must be one that is written in that script; so romanised Hindi is unknown, not
Indonesian. A language that langid's model does not have is taken from CLD2 alone where that was measured to be right.

Measured on FLORES-200's dev set, 12,240 sentences in 204 varieties (thresholds chosen there), and told anew on its
devtest set by `benchmarks/language_identification.py`: see docs/decisions/0026.

References
----------
CLD2 (Sites 2013, Compact Language Detector 2). Lui and Baldwin 2012, langid.py, ACL; as retrained in py3langid. That
two must agree: as each was made from other text, a text in a language that neither has rarely gets the same wrong name.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from weighbridge.adapters.languages.scripts import scripts_of
from weighbridge.adapters.languages.tags import language_of
from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import phrase
from weighbridge.probekit.languages import UNKNOWN, Identified, Part
from weighbridge.probekit.scripts import runs

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_LEAST_LETTERS = 16  # ours: of a stretch in a script with vowels written out; CLD2 hardly ever calls less reliable
_LEAST_DENSE = 5  # ours: of Han, kana and Hangul, where a letter is a syllable or a word
_DENSE = frozenset({"Hani", "Jpan", "Kore", "Hang", "Hira", "Kana"})
_SENTENCE_LETTERS = 40  # ours: shorter sentences are joined to the next, as one alone is hard to tell
_LEAST_PROBABILITY = 0.5  # of langid's model; on FLORES dev it brings wrong names from 0.34 % of sentences to 0.24 %
_ALONE = frozenset({"ak", "ay", "bo", "ceb", "fj", "mi", "sd", "sm", "ss", "su", "ti", "ts", "war", "wo", "yi"})
"""Languages that CLD2 has and langid's model has not, and that CLD2 alone tells: on FLORES dev, of the sentences that
it names so 95 % or more are, and of those that are it names 80 % or more."""
_MOST_KEPT = 200_000  # answers kept; a digest and a few parts each

# An address is in no language, and a sign that cannot be seen is no letter.
_ADDRESSES = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\S+")
_SENTENCES = re.compile(r"(?<=[.!?…。！？؟۔।॥።။។])\s+|(?<=[。！？])|[\r\n\u2028\u2029]+")

_Judge = Callable[[str], str]  # a stretch in one script to a canonical tag, or UNKNOWN


class Ear:
    """Tells languages apart, and keeps what it told."""

    def __init__(self, judge: _Judge, languages: tuple[str, ...]) -> None:
        self.languages = languages  # canonical tags of those that it can tell
        self._judge = judge
        self._kept: dict[bytes, Identified] = {}

    def identify(self, texts: Sequence[str]) -> list[Identified]:
        """What each text is in, stretch by stretch."""
        return [self._identify(text) for text in texts]

    def _identify(self, text: str) -> Identified:
        key = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        if key not in self._kept:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[key] = Identified(parts=tuple(self._parts(text)))
        return self._kept[key]

    def _parts(self, text: str) -> Iterator[Part]:
        """Parts by language and script, in the order in which they first come."""
        counted: dict[tuple[str, str], int] = {}
        for sentence in _joined(_SENTENCES.split(_bare(text))):
            for script, (stretch, letters) in _by_script(sentence).items():
                key = (self._language(stretch, script, letters), script)
                counted[key] = counted.get(key, 0) + letters
        for (language, script), letters in counted.items():
            yield Part(language=language, script=script, n_letters=letters)

    def _language(self, stretch: str, script: str, letters: int) -> str:
        if letters < (_LEAST_DENSE if script in _DENSE else _LEAST_LETTERS):
            return UNKNOWN
        told = self._judge(stretch)
        return told if told and script in _scripts(told) else UNKNOWN


def _bare(text: str) -> str:
    """Compatible forms made alike (full width, ligatures), without addresses, controls and marks of direction."""
    whole = unicodedata.normalize("NFKC", _ADDRESSES.sub(" ", text))
    return "".join(c for c in whole if c in "\n\r\t\u2028\u2029" or unicodedata.category(c)[0] != "C")


def _joined(sentences: Sequence[str]) -> Iterator[str]:
    """Sentences, each of enough letters where there are enough in all."""
    held, letters = "", 0
    for sentence in sentences:
        if not sentence or sentence.isspace():
            continue
        held, letters = f"{held} {sentence}" if held else sentence, letters + sum(map(str.isalpha, sentence))
        if letters >= _SENTENCE_LETTERS:
            yield held
            held, letters = "", 0
    if held:
        yield held


def _by_script(sentence: str) -> dict[str, tuple[str, int]]:
    """What of a sentence stands in each script, and its letters."""
    found: dict[str, tuple[str, int]] = {}
    for run in runs(sentence):
        if run.n_letters:
            text, letters = found.get(run.script, ("", 0))
            found[run.script] = (f"{text} {sentence[run.start : run.stop]}".strip(), letters + run.n_letters)
    return found


@cache
def _scripts(tag: str) -> frozenset[str]:
    """Scripts of a language, as they are told from letters: Han is Han, simplified or not."""
    written = scripts_of(tag)
    return frozenset({"Hans": "Hani", "Hant": "Hani"}.get(script, script) for script in written)


@cache
def open_ear() -> Ear:
    """The identifiers, opened once.

    Raises
    ------
    Silent
        Where their packages are not installed.
    """
    try:
        import pycld2
        from py3langid.langid import MODEL_FILE, LanguageIdentifier
    except ModuleNotFoundError:
        not_measured(
            phrase("telling languages apart needs packages that are not installed"),
            phrase("pip install 'weighbridge[languages]'"),
        )
    second = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    known = {language_of(label) for label in second.labels}
    first = {language_of(code) for _name, code in pycld2.LANGUAGES}
    told = {
        tag for tag in first & (known | _ALONE) if scripts_of(tag)
    }  # of others it is not known how they are written

    def judge(stretch: str) -> str:
        language = _by_cld2(stretch)
        if language in _ALONE:
            return language
        return language if language and language == _by_langid(second, stretch) else UNKNOWN

    return Ear(judge, tuple(sorted(told)))


def _by_cld2(stretch: str) -> str:
    import pycld2

    try:
        is_reliable, _n, details = pycld2.detect(stretch.encode("utf-8", "replace"), isPlainText=True)
    except pycld2.error:  # it takes only what may be interchanged
        return UNKNOWN
    return language_of_code(details[0][1]) if is_reliable else UNKNOWN


def _by_langid(second: LanguageIdentifier, stretch: str) -> str:
    label, probability = second.classify(stretch)
    return language_of_code(label) if probability > _LEAST_PROBABILITY else UNKNOWN


@cache
def language_of_code(code: str) -> str:
    """An identifier's code as a canonical tag."""
    return language_of(code)

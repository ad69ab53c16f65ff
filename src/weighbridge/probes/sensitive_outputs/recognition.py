"""What the names of outputs tell. Names fall into words first, so that `latency` is no `lat`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from weighbridge.probekit.names import folded, words
from weighbridge.probes.sensitive_outputs.company import HARMLESS, TELLING
from weighbridge.probes.sensitive_outputs.inflections import BEGINNINGS, CODES, TERMS, UNRELATED
from weighbridge.probes.sensitive_outputs.lexicon import (
    BESIDES,
    FIELDS,
    FORMS,
    HIDDEN,
    NUMBERED,
    OTHERWISE,
    TOPICS,
    UNTELLING,
    VALUES,
    Category,
)

_MOST_WORDS = 24  # of a name that are looked at: a longer one is a sentence. Ours
_MOST_CHARACTERS = 300
_ARTICLE = "\u0627\u0644"
_BESIDE = 2  # names of another set that settle an ambiguous word; ours
_ENTITY = re.compile(r"^[BIESLUO][-_](?=\S)")
_OUTSIDE = "O"  # beside B-... and I-...: what is no entity
_CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")


class Sureness(StrEnum):
    """How much a word tells."""

    ANYWHERE = ""
    ALONE = "="
    AMBIGUOUS = "?"
    WEAK = "~"
    BESIDE = "+"  # beside other words in one name: it leaves the matter open, and backs no other name


@dataclass(frozen=True, slots=True)
class _Term:
    category: Category
    sureness: Sureness


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a group of names tells: by category the names that surely name it, and those that may."""

    sure: dict[Category, tuple[str, ...]]
    doubtful: dict[Category, tuple[str, ...]]
    hidden: tuple[str, ...]  # names that say nothing
    unread: tuple[str, ...]  # names in a script that the lexicon has hardly a word in
    n: int  # different names


Words = tuple[str, ...]


def _plain(word: str) -> str:
    """The word without an English plural or an Arabic article, in the lexicon as in a name."""
    if len(word) > 5 and word.startswith(_ARTICLE):
        return word.removeprefix(_ARTICLE)
    if len(word) > 4 and word.isascii() and word.endswith("s") and not word.endswith("ss"):
        return word[:-2] if word.endswith("sses") else word[:-1]
    return word


def _words(name: str) -> Words:
    return tuple(_plain(word) for word in words(name[:_MOST_CHARACTERS])[:_MOST_WORDS])


@lru_cache(maxsize=1 << 16)
def _parted(word: str) -> Words:
    """The word, without a form that is joined to it: `hivpos`, `isgay`."""
    if (word,) in _TERMS:
        return (word,)
    for form in _BEHIND:
        if word.endswith(form) and _is_joined(word.removesuffix(form)):
            return word.removesuffix(form), form
    for form in _BEFORE:
        if word.startswith(form) and _is_joined(word.removeprefix(form)):
            return form, word.removeprefix(form)
    return (word,)


def _is_joined(word: str) -> bool:
    terms = _TERMS.get((word,), ()) if len(word) >= _FEWEST_LETTERS else ()
    return any(term.sureness is not Sureness.WEAK for term in terms)


@lru_cache(maxsize=1 << 16)
def _inflected(word: str) -> tuple[_Term, ...]:
    """What a word tells by its beginning; nothing of a kind of which the word itself stands in the lexicon."""
    if word in _UNRELATED:
        return ()
    ends = range(_FEWEST_LETTERS, min(len(word), _LONGEST_STEM) + 1)
    terms = [term for end in ends for term in _STEMS.get(word[:end], ())]
    terms += [term for stem, term in _INSIDE if stem in word]
    known = {term.category for term in _TERMS.get((word,), ())}
    return tuple(dict.fromkeys(term for term in terms if term.category not in known))


def _terms() -> Iterator[tuple[Words, _Term]]:
    for table in (FIELDS, VALUES, TERMS):
        for category, text in table.items():
            for entry in re.split(r"[,|]", text):
                marked = entry.strip()
                if marked:
                    mark = marked[0] if marked[0] in "=?~" else ""
                    yield _words(marked.removeprefix(mark)), _Term(category, Sureness(mark))


def _index() -> dict[Words, tuple[_Term, ...]]:
    """Terms by their words; those of several words also as they are written in one."""
    found: dict[Words, tuple[_Term, ...]] = {}
    for key, term in _terms():
        for written in {key, ("".join(key),)} if len(key) > 1 else {key}:
            found[written] = (*found.get(written, ()), term)
    return found


_TERMS = _index()
_LONGEST = max(map(len, _TERMS))
_CJK_TERMS = tuple((key[0], terms) for key, terms in _TERMS.items() if len(key) == 1 and _CJK.search(key[0]))
_OTHERWISE = {category: tuple(_words(entry) for entry in text.split(",")) for category, text in OTHERWISE.items()}
_FORMS = frozenset(_plain(folded(word)) for word in FORMS)
_TOPICS = frozenset(_plain(folded(word)) for word in TOPICS)
_BESIDES = tuple((frozenset(_plain(folded(word)) for word in group), kinds) for group, kinds in BESIDES)
_TELLING = {kind: frozenset(_plain(folded(word)) for word in text.split()) for kind, text in TELLING.items()}
_HARMLESS = {kind: frozenset(_plain(folded(word)) for word in text.split()) for kind, text in HARMLESS.items()}
_UNTELLING = frozenset(folded(word) for word in HIDDEN | NUMBERED | FORMS | UNTELLING)
_CODES = tuple(
    (_Term(kind, Sureness.ANYWHERE), re.compile(rf"(?<![a-z])(?:{'|'.join(text.split())})(?![0-9])"))
    for kind, text in CODES.items()
)
_FEWEST_LETTERS = 3  # of a word to which a form is joined (`hivpos`), and of a beginning; ours
_BEHIND = (  # some without the "s" that a plural would have, as words are looked up
    "id", "code", "type", "name", "value", "label", "class", "flag", "status", "statu", "level", "group", "info",
    "score", "prob", "pos", "po", "neg", "cat", "grp", "num",
)  # fmt: skip
_BEFORE = ("is", "has", "was", "non", "user", "person")
_SCRIPTS = frozenset({"LATIN", "CYRILLIC", "ARABIC", "CJK", "DEVANAGARI", "ETHIOPIC", "COMBINING"})


def _beginnings() -> tuple[dict[str, tuple[_Term, ...]], tuple[tuple[str, _Term], ...]]:
    """The beginnings of words, and the parts that tell inside a word too."""
    first: dict[str, tuple[_Term, ...]] = {}
    inside: list[tuple[str, _Term]] = []
    for category, text in BEGINNINGS.items():
        for entry in text.split(","):
            marked = entry.strip()
            stem = folded(marked.lstrip("?*"))
            term = _Term(category, Sureness.AMBIGUOUS if marked[0] == "?" else Sureness.ANYWHERE)
            first[stem] = (*first.get(stem, ()), term)
            if marked[0] == "*":
                inside.append((stem, term))
    return first, tuple(inside)


_STEMS, _INSIDE = _beginnings()
_LONGEST_STEM = max(map(len, _STEMS))
_UNRELATED = frozenset(_plain(folded(word)) for word in UNRELATED.split())
_HIDDEN = frozenset(folded(word) for word in HIDDEN)
_NUMBERED = frozenset(folded(word) for word in NUMBERED)
_NUMBER_BEHIND = re.compile(r"[^\W\d_][\W_]*\d+\W*$")
# Heads of categories that are also topics of news.
_TOPICAL = frozenset(
    _plain(folded(word))
    for word in ("health", "politics", "religion", "crime", "immigration", "medical", "sante", "politique", "salud",
                 "politica", "gesundheit", "politik", "salute", "политика", "здоровье", "religious", "political")
)  # fmt: skip


def recognise(names: Sequence[str]) -> Told:
    """What one group of names tells, such as the classes of a classifier or the fields of a schema."""
    different = tuple(dict.fromkeys(names))
    cut = {name: _name_words(name) for name in different}
    found = [(name, term.category, sureness) for name in different for term, sureness in _told(name, cut[name])]
    alike = set(cut.values())
    telling = {name for name, _, _ in found}
    is_news = sum(len(key) == 1 and key[0] in _TOPICS for key in alike) >= _BESIDE
    elsewhere = {
        kind
        for group, kinds in _BESIDES
        if sum(len(key) == 1 and key[0] in group for key in alike) >= _BESIDE
        for kind in kinds
    }
    backing: dict[Category, list[str]] = {}  # two names of a category suffice to back any third
    strong: dict[Category, list[str]] = {}
    for name, category, sureness in found:
        if sureness is Sureness.BESIDE:
            continue
        for held in (backing, strong) if sureness is not Sureness.WEAK else (backing,):
            names_held = held.setdefault(category, [])
            if name not in names_held and len(names_held) < 2:
                names_held.append(name)
    sure: dict[Category, dict[str, None]] = {}
    doubtful: dict[Category, dict[str, None]] = {}
    for name, category, sureness in found:
        backers = strong.get(category, []) if sureness is Sureness.WEAK else backing.get(category, [])
        is_backed = sureness is not Sureness.BESIDE and any(other != name for other in backers)
        tells = sureness in (Sureness.ANYWHERE, Sureness.ALONE) or is_backed
        is_topic = is_news and len(cut[name]) == 1 and cut[name][0] in _TOPICAL
        if tells and not is_topic:
            sure.setdefault(category, {})[name] = None
        elif tells or sureness is Sureness.BESIDE or category not in elsewhere:
            doubtful.setdefault(category, {})[name] = None
    return Told(
        sure={category: tuple(held) for category, held in sure.items()},
        doubtful={c: tuple(n for n in held if n not in sure.get(c, {})) for c, held in doubtful.items()},
        hidden=_hidden(different),
        unread=tuple(name for name in different if name not in telling and _is_foreign(name)),
        n=len(different),
    )


def _name_words(name: str) -> Words:
    return tuple(part for word in _words(_ENTITY.sub("", name.strip())) for part in _parted(word))[:_MOST_WORDS]


def _told(name: str, key: Words) -> Iterator[tuple[_Term, Sureness]]:
    """All that one name tells, by its words and by the codes in it."""
    yield from _found(key)
    small = name[:_MOST_CHARACTERS].lower()
    if any(c.isdigit() for c in small):
        yield from ((term, term.sureness) for term, code in _CODES if code.search(small))


def _found(key: Words) -> Iterator[tuple[_Term, Sureness]]:
    """The terms in the words of a name."""
    core = tuple(word for word in key if word not in _FORMS) or key
    for start in range(len(key)):
        for end in range(start + 1, min(len(key), start + _LONGEST) + 1):
            part = key[start:end]
            terms = _TERMS.get(part, ())
            for term in (*terms, *_inflected(part[0])) if len(part) == 1 else terms:
                if _is_otherwise(key, term.category, start, end):
                    continue
                company = key[:start] + key[end:]
                sureness = term.sureness if part in (key, core) else _in_company(term, company)
                if sureness is not None:
                    yield term, sureness
    for word in key:
        if _CJK.search(word):
            yield from _in_a_run(word)


def _in_company(term: _Term, company: Words) -> Sureness | None:
    """How much a term tells beside other words; None where it is freed by them."""
    if term.sureness is Sureness.ANYWHERE or not _TELLING[term.category].isdisjoint(company):
        return Sureness.ANYWHERE
    if term.sureness is Sureness.WEAK or not _HARMLESS[term.category].isdisjoint(company):
        return None
    return Sureness.BESIDE


def _in_a_run(word: str) -> Iterator[tuple[_Term, Sureness]]:
    """Chinese words stand in one run: a term tells where it stands in it, one of two characters at least."""
    for written, terms in _CJK_TERMS:
        if len(written) > 1 and written in word and written != word:
            for term in terms:
                if not any("".join(key) in word for key in _OTHERWISE.get(term.category, ())):
                    yield term, term.sureness


def _is_otherwise(key: Words, category: Category, start: int, end: int) -> bool:
    """Whether the part stands in a phrase that means something else."""
    for phrase in _OTHERWISE.get(category, ()):
        n = len(phrase)
        for at in range(max(0, end - n), min(start, len(key) - n) + 1):
            if key[at : at + n] == phrase:
                return True
    return False


def is_hidden(name: str) -> bool:
    """Whether a name says nothing: a number, `LABEL_3`, `yes`."""
    cut = name[:_MOST_CHARACTERS]
    found = words(cut)
    if len(found) != 1:
        return not found
    return found[0] in _HIDDEN or (found[0] in _NUMBERED and _NUMBER_BEHIND.search(cut) is not None)


def names_no_output(name: str) -> bool:
    """Whether the name of a target leaves open what is foretold: `y`, `class_label`, `outcome`."""
    return all(word in _UNTELLING for word in words(name[:_MOST_CHARACTERS]))


def _is_foreign(name: str) -> bool:
    """Whether two letters of it are of a script that the lexicon has hardly a word in."""
    if name.isascii():
        return False
    letters = (c for c in unicodedata.normalize("NFKC", name[:_MOST_CHARACTERS]) if c.isalpha())
    return sum(unicodedata.name(c, "?").split()[0] not in _SCRIPTS for c in letters) >= _BESIDE


def _is_letter(name: str) -> bool:
    return len(name.strip()) == 1 and name.isascii()


def _hidden(names: Sequence[str]) -> tuple[str, ...]:
    """The names that say nothing; single letters too, where few other names stand beside them."""
    is_tagged = any(_ENTITY.match(name) for name in names)
    letters = [name for name in names if _is_letter(name) and not (is_tagged and name == _OUTSIDE)]
    hidden = {name for name in names if is_hidden(name)}
    bare = hidden.union(letters)
    return tuple(name for name in names if name in (bare if 2 * len(bare) >= len(names) else hidden))

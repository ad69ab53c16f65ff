"""What the names of outputs tell. Names fall into words first, so that `latency` is no `lat`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from weighbridge.probekit.names import folded, words
from weighbridge.probes.sensitive_outputs.lexicon import (
    BESIDES,
    FIELDS,
    FORMS,
    HIDDEN,
    NUMBERED,
    OTHERWISE,
    TOPICS,
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


def _terms() -> Iterator[tuple[Words, _Term]]:
    for table in (FIELDS, VALUES):
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
_BESIDES = tuple(frozenset(_plain(folded(word)) for word in group) for group in BESIDES)
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
    cut = {name: _words(_ENTITY.sub("", name.strip())) for name in different}
    found = [(name, term.category, sureness) for name in different for term, sureness in _found(cut[name])]
    alike = set(cut.values())
    is_news = sum(len(key) == 1 and key[0] in _TOPICS for key in alike) >= _BESIDE
    is_elsewhere = [sum(len(key) == 1 and key[0] in group for key in alike) >= _BESIDE for group in _BESIDES]
    backing: dict[Category, list[str]] = {}  # two names of a category suffice to back any third
    strong: dict[Category, list[str]] = {}
    for name, category, sureness in found:
        for held in (backing, strong) if sureness is not Sureness.WEAK else (backing,):
            names_held = held.setdefault(category, [])
            if name not in names_held and len(names_held) < 2:
                names_held.append(name)
    sure: dict[Category, dict[str, None]] = {}
    doubtful: dict[Category, dict[str, None]] = {}
    for name, category, sureness in found:
        backers = strong.get(category, []) if sureness is Sureness.WEAK else backing[category]
        is_backed = any(other != name for other in backers)
        tells = sureness in (Sureness.ANYWHERE, Sureness.ALONE) or is_backed
        is_topic = is_news and len(cut[name]) == 1 and cut[name][0] in _TOPICAL
        if tells and not is_topic:
            sure.setdefault(category, {})[name] = None
        elif tells or not any(is_elsewhere):
            doubtful.setdefault(category, {})[name] = None
    return Told(
        sure={category: tuple(held) for category, held in sure.items()},
        doubtful={c: tuple(n for n in held if n not in sure.get(c, {})) for c, held in doubtful.items()},
        hidden=_hidden(different),
        n=len(different),
    )


def _found(key: Words) -> Iterator[tuple[_Term, Sureness]]:
    """The terms in a name."""
    core = tuple(word for word in key if word not in _FORMS) or key
    for start in range(len(key)):
        for end in range(start + 1, min(len(key), start + _LONGEST) + 1):
            part = key[start:end]
            for term in _TERMS.get(part, ()):
                is_alone = part in (key, core)
                if (term.sureness is Sureness.ANYWHERE or is_alone) and not _is_otherwise(
                    key, term.category, start, end
                ):
                    yield term, term.sureness
    for word in key:
        if _CJK.search(word):
            yield from _in_a_run(word)


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


def _is_letter(name: str) -> bool:
    return len(name.strip()) == 1 and name.isascii()


def _hidden(names: Sequence[str]) -> tuple[str, ...]:
    """The names that say nothing; single letters too, where few other names stand beside them."""
    is_tagged = any(_ENTITY.match(name) for name in names)
    letters = [name for name in names if _is_letter(name) and not (is_tagged and name == _OUTSIDE)]
    hidden = {name for name in names if is_hidden(name)}
    bare = hidden.union(letters)
    return tuple(name for name in names if name in (bare if 2 * len(bare) >= len(names) else hidden))

"""How well the words of a question fit each precedent: BM25 in SQLite's full-text index, in memory, nothing fetched."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing

from weighbridge.core.precedent import Precedent

_WORD = re.compile(r"\w+")
_MOST_WORDS = 200  # of a question; more would only slow it down


def relevance(precedents: Iterable[Precedent], words: str) -> dict[str, float]:
    """By slug, above 0, how well the words fit; what has none of them is left out.

    References
    ----------
    Robertson and Zaragoza 2009, The Probabilistic Relevance Framework: BM25 and Beyond; English words are compared by
    their stems (Porter 1980), words of other languages as they are, without accents.
    """
    wanted = list(dict.fromkeys(word.casefold() for word in _WORD.findall(words)))[:_MOST_WORDS]
    if not wanted:
        return {}
    query = " OR ".join(f'"{word}"' for word in wanted)
    with closing(sqlite3.connect(":memory:")) as index:
        index.execute("CREATE VIRTUAL TABLE shelf USING fts5(slug UNINDEXED, said, tokenize = 'porter unicode61')")
        index.executemany("INSERT INTO shelf VALUES (?, ?)", ((p.slug, p.text) for p in precedents))
        # A word that most texts have counts next to nothing, and can come out as 0 or just above: such a fit is kept.
        found = index.execute("SELECT slug, bm25(shelf) FROM shelf WHERE shelf MATCH ?", (query,))
        return {slug: max(-score, 1e-9) for slug, score in found}

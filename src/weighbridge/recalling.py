"""Where precedents meet a candidate: the shelf, what users took in beside it, the words and the traits."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from weighbridge.adapters.door import open_candidate
from weighbridge.adapters.precedents.collections import COLLECTIONS
from weighbridge.adapters.precedents.kept import keep, kept
from weighbridge.adapters.precedents.relevance import relevance
from weighbridge.app.recall import Recalled, recall
from weighbridge.catalogue import find_precedents
from weighbridge.core.candidate import Candidate
from weighbridge.core.errors import Unusable, nearest_hint
from weighbridge.core.precedent import Precedent, traits_of
from weighbridge.core.wording import _
from weighbridge.wiring import check_home, home_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What precedents are sought for."""

    words: str = ""
    near: Path | None = None
    home: Path | None = None
    most: int = 5


def all_precedents(home: Path | None = None) -> tuple[Precedent, ...]:
    """Ours, and those that the user took in."""
    return (*find_precedents(), *kept(home_folder(home)))


def recall_path(sought: Sought) -> Recalled:
    """The precedents nearest to what is asked for, and the nearest that turned out the other way."""
    candidate = open_candidate(sought.near).candidate if sought.near else None
    if sought.near:
        check_home(home_folder(sought.home), sought.near)
    return recall_for(candidate, sought)


def recall_for(candidate: Candidate | None, sought: Sought) -> Recalled:
    """The same for a candidate that is open already; `near` is not looked at."""
    shelf = all_precedents(sought.home)
    words = " ".join([sought.words, *_words(candidate)]) if candidate else sought.words
    traits = traits_of(candidate) if candidate else None
    return recall(shelf, relevance(shelf, words), traits, most=sought.most)


def precedent_named(slug: str, home: Path | None = None) -> Precedent:
    """The precedent of that slug.

    Raises
    ------
    Unusable
        Where there is none.
    """
    by_slug = {precedent.slug: precedent for precedent in all_precedents(home)}
    if slug not in by_slug:
        raise Unusable(
            _("there is no precedent {slug}").format(slug=slug), nearest_hint(slug, by_slug), "weighbridge precedents"
        )
    return by_slug[slug]


def take_in(collection: str, path: Path, home: Path | None = None) -> tuple[int, Path]:
    """Read a collection from the user's copy and keep it; how many entries, and where."""
    made = COLLECTIONS[collection](path)
    return len(made), keep(home_folder(home), collection, made)


def _words(candidate: Candidate) -> list[str]:
    claims = candidate.claims
    return [candidate.name, claims.purpose, claims.audience, *claims.data_sources]

"""What should be told beside the shares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.languages import Languages
from weighbridge.probes.language_coverage.shares import Claimed

_MOST_NAMED = 12


def notes_on_claims(claimed: Claimed, languages: Languages) -> Iterator[Phrase]:
    """What of the claim cannot be told by a program."""
    untold = [tag for tag in claimed.tags if tag not in claimed.tellable]
    if untold:
        named = _named(untold, languages)
        yield phrase("no program here can tell text in {languages}: somebody who reads it has to look", languages=named)
    if not claimed.tags:
        yield phrase("no language is claimed: name those that it works in, languages = [...] in weighbridge.toml")


def notes_on_names(tags: Sequence[str], languages: Languages) -> Iterator[Phrase]:
    """Whose text may stand under the names of these languages."""
    for tag in tags:
        if others := [other for other in languages.mistaken(tag) if other not in tags]:
            yield phrase(
                "what is told as {language} may be in {others}: text in them is sometimes given its name",
                language=_named([tag], languages), others=_named(others, languages),
            )  # fmt: skip


def notes_on_speakers(among: dict[str, tuple[str, ...]], languages: Languages) -> Iterator[Phrase]:
    """Where the figures come from, and what they leave out."""
    if not any(among.values()):
        return
    yield from languages.notes
    tags = sorted({tag for some in among.values() for tag in some})
    for one in languages.coverage(tags):
        if one.without:
            named = _named(one.without, languages)
            yield phrase("{source} has no figure of speakers for {languages}", source=one.source, languages=named)


def _named(tags: Sequence[str], languages: Languages) -> str:
    names = [f"{found.name} ({tag})" if (found := languages.find(tag)) else tag for tag in tags[:_MOST_NAMED]]
    more = len(tags) - len(names)
    return ", ".join(names) + (f" + {more}" if more else "")

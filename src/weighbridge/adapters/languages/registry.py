"""The registry: CLDR's figures from the package, LinguaMeta's and WALS' from the user's folder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from weighbridge.adapters.languages.files import read_folder
from weighbridge.adapters.languages.linguameta import Lingua, read_linguameta
from weighbridge.adapters.languages.scripts import mistaken_for, scripts_of
from weighbridge.adapters.languages.tags import language_of, nearest
from weighbridge.adapters.languages.wals import Typology, read_wals
from weighbridge.core.errors import Unusable
from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import Phrase, _, phrase
from weighbridge.probekit.languages import CLDR, LINGUAMETA, Coverage, Identified, Language, Speakers

CLDR_SAYS = phrase(
    "speakers by CLDR, as the package language_data holds it: who speaks two languages is counted in both, so shares "
    "are of speaker-instances, not of people"
)
LINGUAMETA_SAYS = phrase("speakers by LinguaMeta as well, from the folder that was named; the two sources disagree")
ONE_SOURCE = phrase(
    "speakers by one source alone; for the second name a folder that holds linguameta.tsv: --language-data DIR"
)


@dataclass(kw_only=True)
class Registry:
    """All that is recorded of languages, from every source at hand."""

    cldr: dict[str, int]
    names: dict[str, str]
    lingua: Lingua | None = None
    typology: Typology = field(default_factory=Typology)
    digest: str = ""  # of the user's files; empty where there are none

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources of speakers."""
        return (CLDR, LINGUAMETA) if self.lingua else (CLDR,)

    @property
    def notes(self) -> tuple[Phrase, ...]:
        """Where the figures are from."""
        return (CLDR_SAYS, LINGUAMETA_SAYS if self.lingua else ONE_SOURCE)

    @property
    def known(self) -> tuple[str, ...]:
        """All languages on record."""
        lingua = {tag for tag in self.lingua.names if "-" not in tag} if self.lingua else set()
        return tuple(sorted(self.cldr.keys() | lingua))

    @property
    def identifiable(self) -> tuple[str, ...]:
        """The languages that `identify` can tell."""
        from weighbridge.adapters.languages.identification import open_ear

        return open_ear().languages

    def mistaken(self, tag: str) -> tuple[str, ...]:
        """Languages whose text is sometimes given this one's name."""
        return mistaken_for(tag)

    def find(self, tag: str) -> Language | None:
        """What is recorded of the language of this tag."""
        language = language_of(tag)
        return self._made(language) if language else None

    def nearest(self, tag: str) -> str:
        """What may have been meant."""
        return nearest(tag, sorted(self.names.items()))

    def coverage(self, tags: Iterable[str]) -> tuple[Coverage, ...]:
        """Speaker-instances of these languages, by source."""
        of = frozenset(filter(None, map(language_of, tags)))
        made = [
            Coverage(
                source=CLDR, instances=sum(self.cldr.get(tag, 0) for tag in of), total=sum(self.cldr.values()),
                without=tuple(sorted(of - self.cldr.keys())),
            )
        ]  # fmt: skip
        if self.lingua:
            figures = self.lingua.speakers.keys()
            made.append(
                Coverage(
                    source=LINGUAMETA, instances=self.lingua.instances(of), total=self.lingua.total,
                    without=tuple(sorted(of - figures)),
                )
            )  # fmt: skip
        return tuple(made)

    def identify(self, texts: Sequence[str]) -> list[Identified]:
        """What each text is in."""
        from weighbridge.adapters.languages.identification import open_ear

        return open_ear().identify(texts)

    def _made(self, tag: str) -> Language:
        lingua = self.lingua or Lingua()
        counted = ((CLDR, self.cldr.get(tag)), (LINGUAMETA, lingua.speakers.get(tag)))
        return Language(
            tag=tag,
            name=self.names.get(tag) or lingua.names.get(tag) or tag,
            scripts=scripts_of(tag) or lingua.scripts.get(tag, ()),
            speakers=tuple(Speakers(source=source, n=n) for source, n in counted if n),
            word_order=self.typology.word_order.get(tag, ""),
            affixation=self.typology.affixation.get(tag, ""),
            family=self.typology.family.get(tag, ""),
        )


def open_registry(path: Path | None = None) -> Registry:
    """The registry, with the tables of the user's folder where one is named.

    Raises
    ------
    Silent
        Where the package with CLDR's figures is not installed.
    Unusable
        For a folder whose files cannot be read, or that holds none of the tables that are known.
    """
    folder = read_folder(path)
    lingua, typology = read_linguameta(folder), read_wals(folder)
    if path is not None and lingua is None and typology is None and not folder.has_flores:
        raise Unusable(
            _("cannot read the data on languages in {path}").format(path=path),
            _("it holds neither LinguaMeta's table nor WALS', known by their columns, nor FLORES-200's archive"),
            _("put linguameta.tsv there, or values.csv, languages.csv and codes.csv of WALS"),
        )
    cldr, names = _cldr()
    return Registry(
        cldr=cldr, names=names, lingua=lingua, typology=typology or Typology(), digest=folder.digest
    )  # fmt: skip


def folder_digest(path: Path | None) -> str:
    """The digest of the user's tables, for the record of what was measured with them."""
    return read_folder(path).digest


@cache
def _cldr() -> tuple[dict[str, int], dict[str, str]]:
    """Speakers and English names by canonical tag."""
    try:
        from langcodes import Language as Parsed
        from language_data.population_data import LANGUAGE_SPEAKING_POPULATION as SPEAKING
    except ModuleNotFoundError:
        not_measured(
            phrase("what is known of languages comes with packages that are not installed"),
            phrase("pip install 'weighbridge[languages]'"),
        )
    speakers: dict[str, int] = {}
    for code, n in SPEAKING.items():
        if "-" not in code and (tag := language_of(code)):
            speakers[tag] = max(speakers.get(tag, 0), n)
    return speakers, {tag: Parsed.get(tag).display_name() for tag in speakers}

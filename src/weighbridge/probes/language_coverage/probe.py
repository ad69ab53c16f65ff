"""Which languages and scripts the texts are in, against those that are claimed."""

from __future__ import annotations

from dataclasses import dataclass

from weighbridge.core.candidate import Subject
from weighbridge.core.evidence import Measured, NotMeasured, Outcome, Silent, not_applicable, not_measured
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.by_language import claimed as claimed_by
from weighbridge.probekit.ports import Bench, Probe
from weighbridge.probes.language_coverage.notes import notes_on_claims, notes_on_names, notes_on_speakers
from weighbridge.probes.language_coverage.shares import (
    Claimed,
    against_the_claim,
    of_the_world,
    present,
    shares,
)
from weighbridge.probes.language_coverage.texts import ROLES, Asked, Heard, hear

_LEAST = 20  # documents with letters; ours: an interval over fewer says nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """As on the card."""

    documents: int = 10_000
    characters: int = 4000


def measure(bench: Bench, settings: Settings) -> Outcome:
    """Draw documents of the data and of the outputs, tell what each is in, and hold that against the claim."""
    languages = bench.languages()
    claimed = Claimed.of(claimed_by(bench.candidate, languages), languages)
    asked = Asked(documents=settings.documents, characters=settings.characters)
    found = {of: hear(bench, languages, of, asked) for of in ROLES}
    heard = [one for one in found.values() if isinstance(one, Heard) and _is_enough(one)]
    if not heard and not claimed.tags:
        _leave(bench, [one for one in found.values() if one is not None])
    among = {"claimed": claimed.tags, "present": tuple(sorted({tag for one in heard for tag in present(one)}))}
    quantities = [q for one in heard for q in shares(one, claimed)]
    quantities += against_the_claim(heard, claimed) + of_the_world(languages, among)
    notes = [note for one in found.values() if one is not None for note in _notes(one)]
    notes += notes_on_claims(claimed, languages)
    notes += [*notes_on_names(among["present"], languages), *notes_on_speakers(among, languages)]
    return Measured(quantities=tuple(quantities), notes=tuple(dict.fromkeys(notes)))


def _is_enough(heard: Heard) -> bool:
    """Whether shares of it can be told: of few documents only where they are all there are."""
    return len(heard.identified) >= (1 if heard.is_all else _LEAST)


def _notes(one: Heard | NotMeasured) -> tuple[Phrase, ...]:
    if isinstance(one, NotMeasured):
        return (phrase("{because}", because=str(one.because)),)
    if _is_enough(one):
        return one.notes
    says = phrase("{of}: {n} documents with letters are too few to tell shares", of=one.of, n=len(one.identified))
    return (*one.notes, says)


def _leave(bench: Bench, found: list[Heard | NotMeasured]) -> None:
    """Leave where there is nothing to tell: no text, and nothing claimed."""
    failed = next((one for one in found if isinstance(one, NotMeasured)), None)
    if failed and Subject.TEXT in bench.candidate.subjects:
        raise Silent(failed)
    if Subject.CAUSAL_LM in bench.candidate.subjects or any(isinstance(one, Heard) and one.identified for one in found):
        not_measured(
            phrase("no text of it is at hand, or too little, and no language is claimed"),
            phrase('name its languages in weighbridge.toml, languages = ["en"], and texts it wrote: role = "outputs"'),
        )
    not_applicable(phrase("there is no text in it, and no language is claimed"))


PROBE = Probe(Settings, measure)

"""The claims of a release text, sentence by sentence, and whether anything that was measured stands behind them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from weighbridge.core.candidate import Role
from weighbridge.core.evidence import Measured, Outcome, Quantity, not_measured
from weighbridge.core.wording import phrase
from weighbridge.probekit.ports import Bench, Probe
from weighbridge.probes.release_claims.lexicon import KINDS, kinds_of, sentences

# What can stand behind a kind of claim. Behind the others nothing that is measured here can: that something is the best
# there is, or harmless, or as good as people, no probe shows.
_BEHIND: dict[str, tuple[str, ...]] = {
    "privacy": (
        "verbatim-extraction", "canary-exposure", "membership-advantage", "membership-advantage-lm",
        "attribute-inference", "unique-combinations", "stored-records",
    ),
    "languages": ("language-quality",),
    "detection": ("detectability",),
}  # fmt: skip
_NUMBERS_BEHIND = {
    "privacy": phrase("behind what is claimed of privacy there are numbers: read them beside the claim"),
    "languages": phrase("behind what is claimed of languages there are numbers, for the languages tested alone"),
    "detection": phrase("behind what is claimed of detection there are numbers: read them beside the claim"),
}
_MOST_SENTENCES = 20_000  # a release text is some pages; a book was named by mistake


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """There is nothing to set."""


def measure(bench: Bench, settings: Settings) -> Outcome:
    """Count the sentences that claim something, and those that claim what nothing stands behind."""
    del settings
    backed = {kind for kind, probes in _BEHIND.items() if any(_has_numbers(bench, probe) for probe in probes)}
    made, unbacked, n_unbacked, n = Counter[str](), Counter[str](), 0, 0
    for label, record, sentence in _sentences(bench):
        n += 1
        if n > _MOST_SENTENCES:
            not_measured(
                phrase("the release text has more than {n} sentences", n=_MOST_SENTENCES),
                phrase('name the text that announces the release alone: [[artefact]] role = "release-text"'),
            )
        kinds = kinds_of(sentence)
        bare = [kind for kind in kinds if kind not in backed]
        made.update(kinds)
        unbacked.update(bare)
        n_unbacked += bool(bare)
        for kind in bare:
            bench.point_out(label, record, f"claims without evidence: {kind}")
    if not n:
        not_measured(
            phrase("the release text holds no sentence"),
            phrase('name a text with words in it: [[artefact]] role = "release-text"'),
        )
    by_kind = [
        _count(metric, counts[kind], n, kind)
        for metric, counts in (("unbacked-claims", unbacked), ("claims", made))
        for kind in KINDS
    ]
    notes = [phrase("claims are found by their words, in English, French, German, Spanish and Portuguese")]
    notes += [_NUMBERS_BEHIND[kind] for kind in KINDS if made[kind] and kind in backed]
    return Measured(quantities=(_count("all-unbacked-claims", n_unbacked, n), *by_kind), notes=tuple(notes))


def _has_numbers(bench: Bench, probe: str) -> bool:
    return isinstance(bench.evidence(probe).outcome, Measured)


def _sentences(bench: Bench) -> Iterator[tuple[str, int, str]]:
    """Every sentence of the release text, with the file and the record it stands in."""
    for batch in bench.texts(Role.RELEASE_TEXT).batches():
        for n, text in enumerate(batch.text.to_pylist()):
            bench.progress(batch.first_record + n, batch.first_record + n, "documents")
            yield from ((batch.label, batch.first_record + n, sentence) for sentence in sentences(text))


def _count(metric: str, count: int, n: int, kind: str = "") -> Quantity:
    return Quantity(
        metric=metric, value=count, low=count, high=count, confidence=1.0, unit="count", n=n, n_of="sentence",
        by=(("kind", kind),) if kind else (),
    )  # fmt: skip


PROBE = Probe(settings=Settings, measure=measure)

"""What text in each language costs in tokens, against English."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from weighbridge.core.candidate import Subject
from weighbridge.core.evidence import Measured, Outcome, Quantity, not_applicable, not_measured
from weighbridge.core.wording import Phrase, phrase
from weighbridge.maths.proportions import Interval, corrected, largest
from weighbridge.probekit.ports import Bench, Probe
from weighbridge.probekit.tokens import ParallelText, Tokenizer
from weighbridge.probes.tokenizer_premium.counts import ENGLISH, Counts, against, count, english

CONFIDENCE = 0.95
_SECONDS_EACH = 0.0005  # nominal, for one sentence in one language
_NAME_PARALLEL = (
    'name the same sentences in English and other languages: [[artefact]] role = "parallel-text" path = "FILE", a '
    "table with a column for each language (en, sw, ...)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """As on the card."""

    sentences: int = 1000
    least: int = 10


def measure(bench: Bench, settings: Settings) -> Outcome:
    """Count the tokens of the same sentences in every language there is."""
    tokenizer = _tokenizer(bench)
    parallel = bench.parallel_text()
    counted = _counted(bench, tokenizer, parallel, settings)
    kept = [one for one in counted if one.n >= settings.least and one.tokens[one.there].sum() > 0]
    if not kept:
        most = max((one.n for one in counted), default=0)
        not_measured(
            phrase("the parallel text has {n} sentences, and {least} are needed", n=most, least=settings.least),
            phrase(_NAME_PARALLEL),
        )
    base = english(kept)
    quantities = _premiums(kept, base, settings.least) if base else []
    quantities += [q for one in kept for q in _dense(one, len(kept))]
    notes = [parallel.says, *parallel.notes, *_told(counted, kept, base)]
    return Measured(quantities=tuple(quantities), notes=tuple(notes))


def _tokenizer(bench: Bench) -> Tokenizer:
    found = bench.tokenizers()
    if len(found) > 1:
        not_measured(
            phrase("it holds {n} different tokenizers, and only one can be tried at a time", n=len(found)),
            phrase("weigh the folder of each by itself"),
        )
    if not found and Subject.CAUSAL_LM in bench.candidate.subjects:
        not_measured(
            phrase("no tokenizer lies beside the model"),
            phrase("put its tokenizer.json into the folder that is weighed"),
        )
    if not found:
        not_applicable(phrase("there is no tokenizer in it"))
    return found[0]


def _counted(bench: Bench, tokenizer: Tokenizer, parallel: ParallelText, settings: Settings) -> list[Counts]:
    """The counts of the sentences that are drawn: the same rows in every language."""
    n = max((len(version.sentences) for version in parallel.versions), default=0)
    each = _SECONDS_EACH * max(1, len(parallel.versions))
    most = min(settings.sentences, bench.budget.affords(each))
    rows = np.sort(bench.generator("sentences").permutation(n)[:most])
    found: list[Counts] = []
    bench.progress(0, len(parallel.versions), "languages")
    for one in count(tokenizer, parallel.versions, rows):
        found.append(one)
        bench.progress(len(found), len(parallel.versions), "languages")
    return found


def _dense(one: Counts, m: int) -> list[Quantity]:
    """Tokens for each character, and for each word where there are words."""
    confidence, by = corrected(CONFIDENCE, m), (("language", one.language), ("script", one.script))
    per_character = against(one.tokens, one.characters, one.there, confidence)
    found = [_quantity("tokens-per-character", per_character, one.n, confidence, by, "tokens")]
    if one.is_spaced:
        per_word = against(one.tokens, one.words, one.there, confidence)
        found.append(_quantity("tokens-per-word", per_word, one.n, confidence, by, "tokens"))
    return found


def _premiums(kept: Sequence[Counts], base: Counts, least: int) -> list[Quantity]:
    """What each language costs against English, over the sentences that both have."""
    paired = [one for one in kept if int((one.there & base.there).sum()) >= least]
    each = corrected(CONFIDENCE, len(paired))
    by_language: dict[str, list[tuple[Interval, Interval, int]]] = {}
    of_script: list[Quantity] = []
    for one in paired:
        both = one.there & base.there
        tokens, n = against(one.tokens, base.tokens, both, each), int(both.sum())
        in_bytes = against(one.n_bytes, base.n_bytes, both, each)
        by = (("language", one.language), ("script", one.script))
        of_script.append(_quantity("script-premium", tokens, n, each, by, "times"))
        by_language.setdefault(one.language, []).append((tokens, in_bytes, n))
    dearest: list[tuple[Interval, Quantity]] = []
    of_bytes: list[Quantity] = []
    for language, several in by_language.items():
        n, tag = min(n for _t, _b, n in several), (("language", language),)
        worst = largest(tokens for tokens, _b, _n in several)
        dearest.append((worst, _quantity("premium", worst, n, each, tag, "times")))
        in_bytes = largest(b for _t, b, _n in several)
        of_bytes.append(_quantity("byte-premium", in_bytes, n, each, tag, "times"))
    dearest.sort(key=lambda pair: (-pair[0].value, pair[1].by))
    whole = _overall([worst for worst, _q in dearest], each)
    return [*whole, *(q for _worst, q in dearest), *of_bytes, *of_script]


def _overall(premiums: Sequence[Interval], confidence: float) -> list[Quantity]:
    """The largest and the median; their intervals hold where those of all languages do."""
    middle = Interval(*(statistics.median(getattr(p, end) for p in premiums) for end in ("value", "low", "high")))
    whole = (("largest-premium", largest(premiums)), ("median-premium", middle))
    return [
        Quantity(
            metric=metric, value=of.value, low=of.low, high=of.high, confidence=_joint(confidence, len(premiums)),
            unit="times", n=len(premiums), n_of="language",
        )
        for metric, of in whole
    ]  # fmt: skip


def _joint(each: float, m: int) -> float:
    """The confidence with which m intervals of this one each hold at once (Bonferroni)."""
    return max(1 - m * (1 - each), CONFIDENCE)


def _quantity(
    metric: str, of: Interval, n: int, confidence: float, by: tuple[tuple[str, str], ...], unit: str
) -> Quantity:
    return Quantity(
        metric=metric, value=of.value, low=of.low, high=of.high, confidence=confidence, unit=unit, n=n,
        n_of="sentence", by=by,
    )  # fmt: skip


def _told(counted: Sequence[Counts], kept: Sequence[Counts], base: Counts | None) -> list[Phrase]:
    """What could not be told, and why."""
    notes: list[Phrase] = []
    if base is None:
        notes.append(phrase("the parallel text has no English ({tag}), so nothing can be held against it", tag=ENGLISH))
    unspaced = ", ".join(sorted({f"{one.language} ({one.script})" for one in kept if not one.is_spaced}))
    if unspaced:
        notes.append(
            phrase(
                "tokens for each word are not applicable where a script sets no spaces between words: {languages}",
                languages=unspaced,
            )
        )
    few = ", ".join(sorted({one.language for one in counted} - {one.language for one in kept}))
    if few:
        notes.append(phrase("too few sentences in {languages}", languages=few))
    return notes


PROBE = Probe(Settings, measure)
